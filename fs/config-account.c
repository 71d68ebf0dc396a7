/* SPDX-License-Identifier: MIT */
/*
 * config-account.c - the keys of a profile that say whose account it is, where the service is, and
 * how its token is come by.
 */
#include <gio/gio.h>
#include <string.h>

#include "fs/config.h"
#include "fs/locate.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/token-file.h"

#define BUSINESS_URL  "https://business-api.tiktok.com/open_api/v1.3"
#define OPEN_URL      "https://open.tiktokapis.com"
#define FIELD(member) G_STRUCT_OFFSET(Options, member)

static const char *const auth_words[] = {"business", "login-kit", NULL}; /* order of Dialect */
static const char *const grant_words[] = {"authorization_code", "client_credentials", NULL};
static const char *const portals[] = {
    [DIALECT_BUSINESS] = "https://business-api.tiktok.com/portal/auth",
    [DIALECT_LOGIN_KIT] = "https://www.tiktok.com/v2/auth/authorize/",
};

/* Keys of logging in; not options of a mount. The first decides whether the last are allowed. */
/* clang-format off */
static const struct {
    OptionRow row;
    gboolean login_kit; /* means nothing to the Business portal, so it is refused there */
} login_rows[] = {
    {{"auth", OPTION_WORD, FIELD(auth), .words = auth_words}},
    {{"redirect_uri", OPTION_TEXT, FIELD(redirect_uri)}},
    {{"login_port", OPTION_COUNT, FIELD(login_port), .min = 1, .max = 65535}},
    {{"scope", OPTION_TEXT, FIELD(scope)}, TRUE},
    {{"disable_auto_auth", OPTION_FLAG, FIELD(disable_auto_auth)}, TRUE},
    {{"grant", OPTION_WORD, FIELD(client_credentials), .words = grant_words}, TRUE},
};
/* clang-format on */

static gboolean read_login(GHashTable *keys, Options *options, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(login_rows); i++) {
        const OptionRow *row = &login_rows[i].row;
        const char *text = g_hash_table_lookup(keys, row->name);

        if (text == NULL)
            continue;
        if (login_rows[i].login_kit && options->auth != DIALECT_LOGIN_KIT)
            return option_refuse(error, "%s: is for auth = login-kit only", row->name);
        if (!option_set(row, text, NULL, options, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- addresses ---- */

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    return g_str_equal(host, "localhost") ||
           (address != NULL && g_inet_address_get_is_loopback(address));
}

/* typed: as it is in the profile, for messages. */
static gboolean check_url(const char *key, const char *typed, const char *url, const char *example,
                          GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    gboolean plain = g_str_equal(scheme, "http");

    if (host == NULL || *host == '\0' || (!plain && !g_str_equal(scheme, "https")))
        return option_refuse(error, "%s=%s: must be https://HOST/PATH, such as %s", key, typed,
                             example);
    if (plain && !is_loopback(host))
        return option_refuse(error, "%s=%s: must be https; http is for this machine only", key,
                             typed);
    if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL)
        return option_refuse(error, "%s=%s: must end with the path, and have no user, `?` or `#`",
                             key, typed);
    return TRUE;
}

/* base: something is appended to it, so that it may not end with a slash. */
static gboolean read_url(GHashTable *keys, const char *key, const char *fallback, gboolean base,
                         char **field, GError **error)
{
    const char *text = g_hash_table_lookup(keys, key);
    g_autofree char *url = g_strdup(text != NULL ? text : fallback);

    while (base && g_str_has_suffix(url, "/"))
        url[strlen(url) - 1] = '\0';
    if (!check_url(key, text != NULL ? text : url, url, fallback, error))
        return FALSE;
    *field = g_steal_pointer(&url);
    return TRUE;
}

static gboolean read_urls(GHashTable *keys, Options *options, GError **error)
{
    return read_url(keys, "business_url", BUSINESS_URL, TRUE, &options->business_url, error) &&
           read_url(keys, "open_url", OPEN_URL, TRUE, &options->open_url, error) &&
           read_url(keys, "portal_url", portals[options->auth], FALSE, &options->portal_url, error);
}

/* ---- ids ---- */

static gboolean is_id(const char *text, gboolean digits_only)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!g_ascii_isdigit(*c) &&
            (digits_only || (!g_ascii_isalnum(*c) && *c != '-' && *c != '_')))
            return FALSE;
    return *text != '\0' && strlen(text) <= 64;
}

gboolean config_check_app_id(const char *text, GError **error)
{
    return is_id(text, FALSE) ||
           option_refuse(error, "app_id=%s: must be the digits that the developer portal shows",
                         text);
}

/* Of a key that has two names: NULL, the value, or FALSE where both are there. */
static gboolean find_either(GHashTable *keys, const char *name, const char *other, const char **ret,
                            GError **error)
{
    const char *second = g_hash_table_lookup(keys, other);

    *ret = g_hash_table_lookup(keys, name);
    if (*ret != NULL && second != NULL)
        return option_refuse(error, "%s and %s: are the same; leave one of them", name, other);
    if (*ret == NULL)
        *ret = second;
    return TRUE;
}

static gboolean read_app_id(GHashTable *keys, Options *options, GError **error)
{
    const char *text;

    if (!find_either(keys, "app_id", "client_key", &text, error) ||
        (text != NULL && !config_check_app_id(text, error)))
        return FALSE;
    options->app_id = g_strdup(text);
    return TRUE;
}

static gboolean read_advertisers(GHashTable *keys, Options *options, GError **error)
{
    const char *text = g_hash_table_lookup(keys, "advertisers");
    g_auto(GStrv) words = g_strsplit_set(text != NULL ? text : "", ", \t", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (text == NULL)
        return TRUE;
    for (char **word = words; *word != NULL; word++) {
        if (**word == '\0')
            continue;
        if (!is_id(*word, TRUE))
            return option_refuse(error, "advertisers=%s: '%s' is no advertiser id; ids are digits",
                                 text, *word);
        if (g_hash_table_add(seen, *word))
            g_strv_builder_add(builder, *word);
    }
    if (g_hash_table_size(seen) == 0)
        return option_refuse(error, "advertisers=: is empty; give ids separated by commas");
    options->advertisers = g_strv_builder_end(builder);
    options->advertisers_only = TRUE;
    return TRUE;
}

/* ---- files ---- */

/* The file that a key names, else the one of this name among the state of the profile. */
static char *find_file(const char *key, const char *named, const char *directory, const char *name,
                       const Options *options, GError **error)
{
    if (named != NULL && *named == '\0') {
        option_refuse(error, "%s=: must name a file", key);
        return NULL;
    }
    if (named != NULL)
        return option_path(named, directory);

    g_autofree char *state = locate_state(options->profile);
    return g_build_filename(state, name, NULL);
}

static gboolean read_secret(GHashTable *keys, const char *directory, gboolean for_mount,
                            Options *options, GError **error)
{
    const char *named;

    if (!find_either(keys, "secret_file", "client_secret_file", &named, error))
        return FALSE;
    options->secret_path = find_file("secret_file", named, directory, "secret", options, error);
    if (options->secret_path == NULL)
        return FALSE;
    if ((named == NULL || !for_mount) && private_is_missing(options->secret_path))
        return TRUE;
    options->secret = config_secret("secret_file", options->secret_path, error);
    return options->secret != NULL;
}

static void use_token(Options *options, Token *token)
{
    options->token = g_steal_pointer(&token->access);
    options->scopes = g_steal_pointer(&token->scopes);
    if (options->advertisers == NULL && (options->app_id == NULL || options->secret == NULL))
        options->advertisers = g_steal_pointer(&token->advertisers);
}

static gboolean read_token(GHashTable *keys, const char *directory, gboolean for_mount,
                           Options *options, GError **error)
{
    const char *named = g_hash_table_lookup(keys, "token_file");
    g_autoptr(Token) token = NULL;

    options->token_path = find_file("token_file", named, directory, "token", options, error);
    if (options->token_path == NULL)
        return FALSE;
    if (options->token != NULL)
        return TRUE;
    if ((named == NULL || !for_mount) && private_is_missing(options->token_path))
        return TRUE;
    token = token_file_read(options->token_path, for_mount ? error : NULL);
    if (token != NULL)
        use_token(options, token);
    return token != NULL || !for_mount;
}

static gboolean check_complete(const Options *options, GError **error)
{
    if (options->token == NULL)
        return option_refuse(error,
                             "no access token; run adsfs login %s, or set token_file, or "
                             "ADSFS_ACCESS_TOKEN in the environment",
                             options->profile);
    if (options->advertisers == NULL && (options->app_id == NULL || options->secret == NULL))
        return option_refuse(error,
                             "needs app_id and secret_file to list the accounts of the token, or "
                             "advertisers with their ids; or run adsfs login %s",
                             options->profile);
    return TRUE;
}

gboolean config_account(GHashTable *keys, const char *directory, gboolean for_mount,
                        Options *options, GError **error)
{
    return read_app_id(keys, options, error) && read_advertisers(keys, options, error) &&
           read_login(keys, options, error) && read_urls(keys, options, error) &&
           read_secret(keys, directory, for_mount, options, error) &&
           read_token(keys, directory, for_mount, options, error) &&
           (!for_mount || check_complete(options, error));
}
