/* SPDX-License-Identifier: MIT */
/* accounts.c - lists of accounts, row by row. */
#include "fs/command/accounts.h"

#include <stdio.h>
#include <string.h>

#include "api/json.h"

enum { PAGE_ROWS = 50, PAGES_MAX = 1000 };

static void account_free(void *data)
{
    Account *account = data;

    g_free(account->id);
    g_free(account->name);
    g_free(account->role);
    g_free(account);
}

static Account *add(GPtrArray *accounts, const char *id)
{
    Account *account = g_new0(Account, 1);

    account->id = g_strdup(id);
    g_ptr_array_add(accounts, account);
    return account;
}

/* ---- rows ---- */

static gboolean pick(JsonSpan text, const char *name, JsonSpan *ret)
{
    const JsonField field = {name, 0};

    *ret = (JsonSpan){NULL, 0};
    return json_pick(text, &field, 1, ret) && ret->at != NULL;
}

char *accounts_line(const char *text)
{
    char *line = g_utf8_make_valid(text, -1);

    for (char *at = line; *at != '\0'; at = g_utf8_next_char(at))
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            memset(at, ' ', (gsize)(g_utf8_next_char(at) - at));
    return line;
}

/* The text of a member, on one line; new, NULL where there is none. */
static char *member(JsonSpan object, const char *name)
{
    JsonSpan span;
    g_autofree char *text = pick(object, name, &span) ? json_span_text(span) : NULL;

    return text != NULL ? accounts_line(text) : NULL;
}

static gboolean list_of(GBytes *body, JsonIter *ret, guint *ret_pages)
{
    gsize length;
    const char *text = g_bytes_get_data(body, &length);
    JsonSpan data, list, info;
    g_autofree char *pages = NULL;

    *ret_pages = 1;
    if (!pick((JsonSpan){text, length}, "data", &data) || !pick(data, "list", &list))
        return FALSE;
    if (pick(data, "page_info", &info) && (pages = member(info, "total_page")) != NULL)
        *ret_pages = (guint)MIN(g_ascii_strtoull(pages, NULL, 10), PAGES_MAX);
    return json_iter_init(ret, list.at, list.length);
}

/* ---- of the token ---- */

GPtrArray *accounts_of(Session *session, const Options *options, GError **error)
{
    g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func(account_free);
    g_autoptr(GBytes) body = NULL;
    JsonSpan name, row;
    JsonIter iter;
    guint pages;

    if (options->app_id == NULL || options->secret == NULL) {
        for (char **id = options->advertisers; id != NULL && *id != NULL; id++)
            add(accounts, *id);
        return g_steal_pointer(&accounts);
    }
    body = session_get(session, ENDPOINT_ADVERTISERS, NULL, error);
    if (body == NULL)
        return NULL;
    if (!list_of(body, &iter, &pages))
        return g_steal_pointer(&accounts);
    while (json_iter_next(&iter, &name, &row)) {
        g_autofree char *id = member(row, "advertiser_id");

        if (id != NULL)
            add(accounts, id)->name = member(row, "advertiser_name");
    }
    return g_steal_pointer(&accounts);
}

/* ---- of Business Centers ---- */

static Account *find(GPtrArray *accounts, const char *id)
{
    for (guint i = 0; i < accounts->len; i++) {
        Account *account = accounts->pdata[i];

        if (g_str_equal(account->id, id))
            return account;
    }
    return add(accounts, id);
}

/* ADMIN, OPERATOR, ANALYST: the last in the alphabet is not the least, so in words. */
static guint rank(const char *role)
{
    static const char *const ranks[] = {"ANALYST", "OPERATOR", "ADMIN"};

    for (guint i = 0; role != NULL && i < G_N_ELEMENTS(ranks); i++)
        if (g_str_equal(ranks[i], role))
            return i + 1;
    return 0;
}

static void take_asset(GPtrArray *accounts, JsonSpan row)
{
    g_autofree char *id = member(row, "asset_id");
    g_autofree char *role = member(row, "advertiser_role");
    g_autofree char *relation = member(row, "relation_status");
    Account *account;

    if (id == NULL || g_strcmp0(relation, "BOUND") != 0)
        return;
    account = find(accounts, id);
    if (account->name == NULL)
        account->name = member(row, "asset_name");
    if (rank(role) <= rank(account->role))
        return;
    g_free(account->role);
    account->role = g_steal_pointer(&role);
}

/* Every row of every page; FALSE: it can not be had. */
static gboolean each_row(Session *session, EndpointId endpoint, const char *query,
                         void (*take)(void *user_data, JsonSpan row), void *user_data)
{
    for (guint page = 1, pages = 1; page <= pages; page++) {
        g_autofree char *words = g_strdup_printf("%spage=%u&page_size=%d", query, page, PAGE_ROWS);
        g_autoptr(GBytes) body = session_get(session, endpoint, words, NULL);
        JsonSpan name, row;
        JsonIter iter;

        if (body == NULL || !list_of(body, &iter, &pages))
            return FALSE;
        while (json_iter_next(&iter, &name, &row))
            take(user_data, row);
    }
    return TRUE;
}

static void on_asset(void *user_data, JsonSpan row)
{
    take_asset(user_data, row);
}

static void on_center(void *user_data, JsonSpan row)
{
    GPtrArray *centers = user_data;
    JsonSpan info;
    char *id = pick(row, "bc_info", &info) ? member(info, "bc_id") : NULL;

    if (id != NULL)
        g_ptr_array_add(centers, id);
}

void accounts_add_roles(Session *session, GPtrArray *accounts)
{
    g_autoptr(GPtrArray) centers = g_ptr_array_new_with_free_func(g_free);

    if (!each_row(session, ENDPOINT_CENTERS, "", on_center, centers))
        return;
    for (guint i = 0; i < centers->len; i++) {
        g_autofree char *id = g_uri_escape_string(centers->pdata[i], NULL, FALSE);
        g_autofree char *query = g_strdup_printf("bc_id=%s&asset_type=ADVERTISER&", id);

        each_row(session, ENDPOINT_CENTER_ASSETS, query, on_asset, accounts);
    }
}

void accounts_print(const GPtrArray *accounts, const char *indent)
{
    for (guint i = 0; i < accounts->len; i++) {
        const Account *account = accounts->pdata[i];

        printf("%s%s", indent, account->id);
        if (account->role != NULL)
            printf("  %-8s", account->role);
        if (account->name != NULL)
            printf("  %s", account->name);
        printf("\n");
    }
}
