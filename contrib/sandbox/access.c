/* SPDX-License-Identifier: MIT */
/* access.c - see access.h. */
#include "access.h"

#include <string.h>

#include "center.h"

/* The scope that opens a path. Ids of up to three digits are a tree: 15 is below 1, and 153 below
   both; whoever has one has all below it. */
typedef struct {
    const char *prefix;
    const char *read;
    const char *write;
} Scope;

/* clang-format off */
static const Scope path_scopes[] = {
    {"/ad/",                  "220", "221"},
    {"/adgroup/",             "210", "211"},
    {"/advertiser/balance/",  "152", "152"},
    {"/advertiser/info/",     "100", "100"},
    {"/bc/asset/",            "153", "153"},
    {"/bc/balance/",          "150", "150"},
    {"/bc/get/",              "150", "150"},
    {"/bc/member/",           "156", "156"},
    {"/campaign/",            "200", "201"},
    {"/oauth2/advertiser/",   "100", "100"},
    {"/report/",              "44",  "44"},
};
/* clang-format on */

static const char all_scopes[] = "1,2,20,21,22,4,44";

void access_options_add(GOptionContext *context, AccessOptions *o)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        {"centers", 0, 0, G_OPTION_ARG_INT64, &o->centers, "Business Centers, which share the accounts (1)", "N"},
        {"members", 0, 0, G_OPTION_ARG_INT64, &o->members, "Members of each center (3)", "N"},
        {"roles", 0, 0, G_OPTION_ARG_STRING, &o->roles, "ADMIN, OPERATOR, ANALYST: of the accounts in turn (ADMIN)", "R[,R…]"},
        {"forbid", 0, 0, G_OPTION_ARG_STRING, &o->forbid, "Accounts that are listed, but refuse every call", "ID[,ID…]"},
        {"unlisted", 0, 0, G_OPTION_ARG_INT64, &o->unlisted, "The last N accounts are named by their centers only (0)", "N"},
        {"scopes", 0, 0, G_OPTION_ARG_STRING, &o->scopes, "Ids of what the token may (1,2,20,21,22,4,44)", "ID[,ID…]"},
        {"expires", 0, 0, G_OPTION_ARG_INT64, &o->expires, "Tokens end and can be refreshed (0: they stay)", "SECONDS"},
        G_OPTION_ENTRY_NULL,
    };
    /* clang-format on */

    *o = (AccessOptions){.centers = 1, .members = 3};
    g_option_context_add_main_entries(context, entries, NULL);
}

void access_options_clear(AccessOptions *options)
{
    g_free(options->roles);
    g_free(options->forbid);
    g_free(options->scopes);
}

static gboolean refuse_option(GError **error, const char *name, const char *value, const char *what)
{
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s %s: %s", name, value, what);
    return FALSE;
}

static gboolean check_count(const char *name, gint64 value, gint64 max, GError **error)
{
    if (value >= 0 && value <= max)
        return TRUE;

    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, value);
    g_autofree char *what = g_strdup_printf("must be between 0 and %" G_GINT64_FORMAT, max);
    return refuse_option(error, name, number, what);
}

static int role_find(const char *name)
{
    for (int role = 0; role < N_ROLES; role++) {
        if (strcmp(role_names[role], name) == 0)
            return role;
    }
    return -1;
}

static gboolean give_roles(const char *text, const GPtrArray *accounts, GError **error)
{
    g_auto(GStrv) names = g_strsplit(text != NULL ? text : "ADMIN", ",", -1);
    guint n = g_strv_length(names);

    for (guint i = 0; i < n; i++) {
        if (role_find(names[i]) < 0)
            return refuse_option(error, "roles", text, "the roles are ADMIN, OPERATOR and ANALYST");
    }
    for (guint i = 0; i < accounts->len && n > 0; i++) {
        Account *account = g_ptr_array_index(accounts, i);

        account->role = (Role)role_find(names[i % n]);
    }
    return TRUE;
}

static gboolean forbid(const char *text, const GPtrArray *accounts, GError **error)
{
    g_auto(GStrv) ids = g_strsplit(text != NULL ? text : "", ",", -1);

    for (char **id = ids; *id != NULL; id++) {
        Account *account = accounts_find(accounts, *id);

        if (account == NULL)
            return refuse_option(error, "forbid", *id, "there is no such account");
        account->forbidden = TRUE;
    }
    return TRUE;
}

static gboolean read_scopes(const char *text, char ***ret, GError **error)
{
    g_auto(GStrv) ids = g_strsplit(text != NULL ? text : all_scopes, ",", -1);

    for (char **id = ids; *id != NULL; id++) {
        if (!text_is_id(*id))
            return refuse_option(error, "scopes", text, "scopes are numbers");
    }
    *ret = g_steal_pointer(&ids);
    return TRUE;
}

gboolean access_grant(const AccessOptions *o, World *world, GError **error)
{
    GPtrArray *accounts = world->accounts;

    if (!check_count("centers", o->centers, MAX_CENTERS, error) ||
        !check_count("members", o->members, MAX_MEMBERS, error) ||
        !check_count("unlisted", o->unlisted, accounts->len, error) ||
        !check_count("expires", o->expires, G_MAXINT32, error) ||
        !give_roles(o->roles, accounts, error) || !forbid(o->forbid, accounts, error) ||
        !read_scopes(o->scopes, &world->scopes, error))
        return FALSE;

    for (guint i = accounts->len - (guint)o->unlisted; i < accounts->len; i++)
        ((Account *)g_ptr_array_index(accounts, i))->unlisted = TRUE;
    world->centers = centers_new(world->seed, (guint)o->centers, accounts);
    world->members = (guint)o->members;
    return TRUE;
}

gboolean access_refuse(const char *path, const char *method, GError **error)
{
    return refuse(
        error, CODE_PERMISSION,
        "Permission error: The access token lacks the required scope for endpoint "
        "'%s(method=%s)'. Please first check if the request method is correct then ask the "
        "user to generate a new access token and reauthorize your API App with the necessary "
        "API scopes.",
        path, method);
}

static gboolean is_granted(const World *world, const char *scope)
{
    for (gsize length = 1; length <= strlen(scope); length++) {
        g_autofree char *ancestor = g_strndup(scope, length);

        if (g_strv_contains((const char *const *)world->scopes, ancestor))
            return TRUE;
    }
    return FALSE;
}

gboolean access_check_scope(const Call *call, GError **error)
{
    const Endpoint *endpoint = call->endpoint;
    gboolean is_get = strcmp(endpoint->method, "GET") == 0;

    for (gsize i = 0; i < G_N_ELEMENTS(path_scopes); i++) {
        const Scope *scope = &path_scopes[i];

        if (g_str_has_prefix(endpoint->path, scope->prefix) &&
            !is_granted(call->world, is_get ? scope->read : scope->write))
            return access_refuse(endpoint->path, endpoint->method, error);
    }
    return TRUE;
}

/* A report asked for by POST changes nothing. */
static gboolean is_write(const Endpoint *endpoint)
{
    return strcmp(endpoint->method, "POST") == 0 && !g_str_has_prefix(endpoint->path, "/report/");
}

gboolean access_check_account(const Call *call, const Account *account, GError **error)
{
    if (account->forbidden)
        return refuse(error, CODE_PERMISSION, "No permission to operate advertiser: %s",
                      account->id);
    if (is_write(call->endpoint) && account->role == ROLE_ANALYST)
        return refuse(error, CODE_PERMISSION,
                      "No permission to perform the operation: your role in advertiser %s is "
                      "Analyst.",
                      account->id);
    return TRUE;
}
