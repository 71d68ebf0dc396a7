/* SPDX-License-Identifier: MIT */
/*
 * config.c - profiles in a key file. Secrets are never in it: it names files that hold them, and
 * those are refused while anybody else could read them.
 */
#include "fs/config.h"

#include <stdlib.h>
#include <string.h>

#include "api/error.h"
#include "api/secret.h"
#include "fs/options-table.h"
#include "fs/private.h"

#define SECRET_MAX 8192
#define TOKEN_NAME "ADSFS_ACCESS_TOKEN"

/* clang-format off */
const char *const config_keys[] = {
    "app_id", "client_key", "secret_file", "client_secret_file", "token_file", "advertisers",
    "business_url", "open_url", "auth", "portal_url", "redirect_uri", "login_port", "scope",
    "disable_auto_auth", "grant", NULL,
};
/* clang-format on */

/* ---- the key file ---- */

/* "it has a, b", for whoever mistyped the name of a profile. */
static char *list_profiles(GKeyFile *file)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    g_autoptr(GString) ret = g_string_new(NULL);

    for (char **group = groups; *group != NULL; group++)
        if (g_str_has_prefix(*group, "profile "))
            g_string_append_printf(ret, "%s%s", ret->len > 0 ? ", " : "it has ", *group + 8);
    if (ret->len == 0)
        g_string_append(ret, "it has no profile");
    return g_string_free(g_steal_pointer(&ret), FALSE);
}

static GKeyFile *load(const char *path, const char *profile, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) failure = NULL;

    if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &failure))
        return g_steal_pointer(&file);
    if (g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        option_refuse(
            error,
            "%s: does not exist; write [profile %s] there, as adsfs login %s does, or use the "
            "built-in profile sandbox",
            path, profile, profile);
    else
        option_refuse(error, "%s: can not be read: %s", path, failure->message);
    return NULL;
}

GHashTable *config_read(const char *path, const char *profile, GError **error)
{
    g_autoptr(GKeyFile) file = load(path, profile, error);
    g_autofree char *group = g_strconcat("profile ", profile, NULL);

    if (file == NULL)
        return NULL;
    if (!g_key_file_has_group(file, group)) {
        g_autofree char *others = list_profiles(file);

        option_refuse(error, "%s: has no [profile %s]; %s", path, profile, others);
        return NULL;
    }

    g_autoptr(GHashTable) ret = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    for (char **key = keys; *key != NULL; key++) {
        g_autoptr(GError) failure = NULL;
        char *value = g_key_file_get_string(file, group, *key, &failure);

        if (value == NULL) {
            option_refuse(error, "%s: [%s] %s: %s", path, group, *key, failure->message);
            return NULL;
        }
        g_hash_table_replace(ret, g_strdup(*key), g_strstrip(value));
    }
    return g_steal_pointer(&ret);
}

/* ---- secrets ---- */

gboolean config_check_token(const char *token, const char *where, GError **error)
{
    if (*token == '\0')
        return option_refuse(error, "%s: is empty; it must hold the secret alone on one line",
                             where);
    if (strpbrk(token, "\r\n") != NULL)
        return option_refuse(error, "%s: has several lines; it must hold the secret alone on one",
                             where);
    for (const char *c = token; *c != '\0'; c++)
        if (!g_ascii_isgraph(*c))
            return option_refuse(error,
                                 "%s: holds a blank, control or non-ASCII character; it must hold "
                                 "the secret alone on one line",
                                 where);
    return TRUE;
}

char *config_one_line(const char *text, gsize length, const char *where, GError **error)
{
    gsize left = length;

    while (left > 0 && g_ascii_isspace(*text)) {
        text++;
        left--;
    }
    while (left > 0 && g_ascii_isspace(text[left - 1]))
        left--;
    if (left > SECRET_MAX) {
        option_refuse(error, "%s: is longer than %d bytes; it must hold the secret alone", where,
                      SECRET_MAX);
        return NULL;
    }
    if (memchr(text, '\0', left) != NULL) {
        option_refuse(error, "%s: holds a NUL byte; it must hold the secret alone on one line",
                      where);
        return NULL;
    }

    char *line = g_strndup(text, left);
    if (config_check_token(line, where, error))
        return line;
    secret_free(line);
    return NULL;
}

char *config_secret(const char *key, const char *path, GError **error)
{
    g_autofree char *where = g_strdup_printf("%s %s", key, path);
    gsize length;
    char *text = private_read(key, path, SECRET_MAX, &length, error);
    char *ret;

    if (text == NULL)
        return NULL;
    ret = config_one_line(text, length, where, error);
    secret_free(text);
    return ret;
}

char *config_steal_token(void)
{
    char *value = getenv(TOKEN_NAME); /* into the memory that the kernel shows */

    if (value == NULL)
        return NULL;

    g_autofree char *ret = g_strdup(value);
    explicit_bzero(value, strlen(value));
    unsetenv(TOKEN_NAME);
    g_strstrip(ret);
    return *ret != '\0' ? g_steal_pointer(&ret) : NULL;
}
