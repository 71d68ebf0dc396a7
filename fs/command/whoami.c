/* SPDX-License-Identifier: MIT */
/*
 * whoami.c - adsfs whoami PROFILE: what the token file knows first, then what the service says, so
 * that a token that no longer works is described all the same.
 */
#include <stdio.h>

#include "api/error.h"
#include "api/json.h"
#include "fs/command/accounts.h"
#include "fs/command/command.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/scope.h"
#include "fs/token-file.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* "3 days", "2 hours"; new string. */
static char *span_text(gint64 seconds)
{
    static const struct {
        gint64 s;
        const char *name;
    } units[] = {{DAY, "day"}, {HOUR, "hour"}, {MINUTE, "minute"}, {1, "second"}};

    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        gint64 n = MAX(seconds, 0) / units[i].s;

        if (n > 0 || units[i].s == 1)
            return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, units[i].name,
                                   n == 1 ? "" : "s");
    }
    g_assert_not_reached();
}

static char *time_text(gint64 unix_s)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(unix_s);

    return time != NULL ? g_date_time_format(time, "%F %T %z") : g_strdup("?");
}

static void print_time(const char *label, gint64 unix_s, gint64 now_s)
{
    g_autofree char *when = time_text(unix_s);
    g_autofree char *span = span_text(unix_s > now_s ? unix_s - now_s : now_s - unix_s);

    printf("%-10s%s, %s%s%s\n", label, when, unix_s > now_s ? "in " : "", span,
           unix_s > now_s ? "" : " ago");
}

static void show_token(const Options *options, const Token *token)
{
    gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;

    printf("%-10s%s\n", "token",
           options->token_given ? "ADSFS_ACCESS_TOKEN of the environment" : options->token_path);
    if (token->obtained_s != 0)
        print_time("obtained", token->obtained_s, now_s);
    else
        printf("%-10snot known\n", "obtained");
    if (token->expires_s != 0)
        print_time(token->expires_s > now_s ? "expires" : "expired", token->expires_s, now_s);
    else
        printf("%-10snot by itself; it works until it is revoked\n", "expires");
    if (token->refresh != NULL && token->refresh_expires_s != 0)
        print_time("renewable", token->refresh_expires_s, now_s);
    else if (token->refresh != NULL)
        printf("%-10syes\n", "renewable");
}

static void show_scopes(const Token *token)
{
    if (token->scopes == NULL) {
        printf("%-10snot known\n", "scopes");
        return;
    }
    printf("scopes\n");
    for (char **scope = token->scopes; *scope != NULL; scope++) {
        const char *name = scope_name(*scope);

        printf("  %s%s%s\n", *scope, name != NULL ? " " : "", name != NULL ? name : "");
    }
}

/* ---- what the service says ---- */

static char *member(GBytes *body, const char *name)
{
    const JsonField outer = {"data", 0};
    const JsonField inner = {name, 0};
    JsonSpan data = {NULL, 0}, value = {NULL, 0};
    gsize length;
    const char *text = g_bytes_get_data(body, &length);

    if (!json_pick((JsonSpan){text, length}, &outer, 1, &data) || data.at == NULL ||
        !json_pick(data, &inner, 1, &value) || value.at == NULL)
        return g_strdup("");

    g_autofree char *plain = json_span_text(value);
    return accounts_line(plain);
}

static gboolean show_user(Session *session, GError **error)
{
    g_autoptr(GBytes) body = session_get(session, ENDPOINT_USER_INFO, NULL, error);

    if (body == NULL)
        return FALSE;

    g_autofree char *name = member(body, "display_name");
    g_autofree char *email = member(body, "email");
    printf("%-10s%s%s%s\n", "user", name, *email != '\0' ? ", " : "", email);
    return TRUE;
}

static gboolean show_accounts(Session *session, const Options *options, GError **error)
{
    g_autoptr(GPtrArray) accounts = accounts_of(session, options, error);

    if (accounts == NULL)
        return FALSE;
    accounts_add_roles(session, accounts);
    printf("accounts  %u\n", accounts->len);
    accounts_print(accounts, "  ");
    return TRUE;
}

/* ---- the command ---- */

/* Of the environment, or of the file. */
static Token *find_token(const Options *options, GError **error)
{
    Token *token;

    if (!options->token_given && private_is_missing(options->token_path)) {
        option_refuse(error, "no token is kept in %s; adsfs login %s gets one", options->token_path,
                      options->profile);
        return NULL;
    }
    if (!options->token_given)
        return token_file_read(options->token_path, error);
    token = g_new0(Token, 1);
    token->access = g_strdup(options->token);
    return token;
}

static gboolean run(const Options *options, GError **error)
{
    g_autoptr(Token) token = NULL;
    g_autoptr(Session) session = NULL;

    if (options->sandbox)
        return option_refuse(error, "sandbox: is built in and has no login");
    token = find_token(options, error);
    if (token == NULL)
        return FALSE;
    printf("%-10s%s\n", "profile", options->profile);
    show_token(options, token);
    show_scopes(token);
    if (token->refresh != NULL && token->expires_s != 0 &&
        token->expires_s <= g_get_real_time() / G_USEC_PER_SEC)
        return option_refuse(error, "the access token has expired, so the service is not asked; a "
                                    "mount renews it");
    session = session_new(options, error);
    return session != NULL && session_use(session, token, error) && show_user(session, error) &&
           show_accounts(session, options, error);
}

int whoami_main(int argc, char **argv)
{
    Options options = {0};
    g_autoptr(GError) error = NULL;
    gboolean done;

    if (argc != 2 || argv[1][0] == '-')
        return command_usage(argv[0]);
    done = options_profile(argv[1], &options, &error) && run(&options, &error);
    fflush(stdout);
    if (!done && error->code == API_ERROR_TOKEN)
        fprintf(stderr, "adsfs: %s; adsfs login %s gets a new token\n", error->message, argv[1]);
    else if (!done)
        fprintf(stderr, "adsfs: %s\n", error->message);
    options_clear(&options);
    return done ? 0 : 1;
}
