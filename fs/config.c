/* SPDX-License-Identifier: MIT */
/*
 * config.c - profiles in a key file. Secrets are never in it: it names files that hold them, and
 * those are refused while anybody else could read them.
 */
#include "fs/config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/options-table.h"

#define BUSINESS_URL "https://business-api.tiktok.com/open_api/v1.3"
#define SECRET_MAX   8192
#define TOKEN_NAME   "ADSFS_ACCESS_TOKEN"

const char *const config_keys[] = {"app_id",       "secret_file", "token_file", "advertisers",
                                   "business_url", "open_url",    NULL};

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
            "%s: does not exist; write [profile %s] there, or use the built-in profile sandbox",
            path, profile);
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

/* Up to size bytes; -1 and error. Not blocked by a FIFO, not fooled by a file swapped in between.
 */
static gssize read_private(const char *key, const char *path, char *buffer, gsize size,
                           GError **error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;
    gssize length = -1;

    if (fd < 0) {
        option_refuse(error, "%s %s: %s; it must hold the secret alone on one line", key, path,
                      g_strerror(errno));
        return -1;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        option_refuse(error, "%s %s: is not a regular file", key, path);
    else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        option_refuse(error, "%s %s: others can read it; chmod 600 %s", key, path, path);
    else if ((length = read(fd, buffer, size)) < 0)
        option_refuse(error, "%s %s: can not be read: %s", key, path, g_strerror(errno));
    close(fd);
    return length;
}

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

char *config_secret(const char *key, const char *path, GError **error)
{
    char buffer[SECRET_MAX + 2];
    gssize length = read_private(key, path, buffer, SECRET_MAX + 1, error);
    g_autofree char *where = g_strdup_printf("%s %s", key, path);
    char *ret = NULL;

    if (length < 0)
        return NULL;
    buffer[length] = '\0';
    if (length > SECRET_MAX)
        option_refuse(error, "%s: is longer than %d bytes; it must hold the secret alone", where,
                      SECRET_MAX);
    else if (strlen(buffer) != (gsize)length)
        option_refuse(error, "%s: holds a NUL byte; it must hold the secret alone on one line",
                      where);
    else if (config_check_token(g_strstrip(buffer), where, error))
        ret = g_strdup(buffer);
    explicit_bzero(buffer, sizeof(buffer));
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

/* ---- the account of a profile ---- */

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    return g_str_equal(host, "localhost") ||
           (address != NULL && g_inet_address_get_is_loopback(address));
}

/* Without its final slashes; new string, or NULL and error. */
static char *read_url(const char *key, const char *text, GError **error)
{
    g_autofree char *url = g_strdup(text);

    while (g_str_has_suffix(url, "/"))
        url[strlen(url) - 1] = '\0';

    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    gboolean plain = g_str_equal(scheme, "http");
    if (host == NULL || *host == '\0' || (!plain && !g_str_equal(scheme, "https")))
        option_refuse(error, "%s=%s: must be https://HOST/PATH, such as %s", key, text,
                      BUSINESS_URL);
    else if (plain && !is_loopback(host))
        option_refuse(error, "%s=%s: must be https; http is for this machine only", key, text);
    else if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
             g_uri_get_fragment(uri) != NULL)
        option_refuse(error, "%s=%s: must end with the path, and have no user, `?` or `#`", key,
                      text);
    else
        return g_steal_pointer(&url);
    return NULL;
}

static gboolean is_id(const char *text, gboolean digits_only)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!g_ascii_isdigit(*c) &&
            (digits_only || (!g_ascii_isalnum(*c) && *c != '-' && *c != '_')))
            return FALSE;
    return *text != '\0' && strlen(text) <= 64;
}

static gboolean read_advertisers(const char *text, char ***ret, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(text, ", \t", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

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
    *ret = g_strv_builder_end(builder);
    return TRUE;
}

static gboolean read_secret(GHashTable *keys, const char *key, const char *directory, char **field,
                            GError **error)
{
    const char *name = g_hash_table_lookup(keys, key);

    if (name == NULL)
        return TRUE;
    if (*name == '\0')
        return option_refuse(error, "%s=: must name a file", key);

    g_autofree char *path = option_path(name, directory);
    *field = config_secret(key, path, error);
    return *field != NULL;
}

static gboolean check_complete(const Options *options, GError **error)
{
    if (options->token == NULL)
        return option_refuse(error, "no access token; set token_file, or " TOKEN_NAME
                                    " in the environment");
    if (options->advertisers == NULL && (options->app_id == NULL || options->secret == NULL))
        return option_refuse(error,
                             "needs app_id and secret_file to list the accounts of the token, or "
                             "advertisers with their ids");
    return TRUE;
}

gboolean config_account(GHashTable *keys, const char *directory, Options *options, GError **error)
{
    const char *app_id = g_hash_table_lookup(keys, "app_id");
    const char *advertisers = g_hash_table_lookup(keys, "advertisers");
    const char *business_url = g_hash_table_lookup(keys, "business_url");
    const char *open_url = g_hash_table_lookup(keys, "open_url");

    if (app_id != NULL && !is_id(app_id, FALSE))
        return option_refuse(error, "app_id=%s: must be the digits that the developer portal shows",
                             app_id);
    options->app_id = g_strdup(app_id);
    if (advertisers != NULL && !read_advertisers(advertisers, &options->advertisers, error))
        return FALSE;
    options->business_url =
        read_url("business_url", business_url != NULL ? business_url : BUSINESS_URL, error);
    if (options->business_url == NULL)
        return FALSE;
    if (open_url != NULL) {
        g_autofree char *checked = read_url("open_url", open_url, error);

        if (checked == NULL)
            return FALSE;
    }
    return read_secret(keys, "secret_file", directory, &options->secret, error) &&
           (options->token != NULL ||
            read_secret(keys, "token_file", directory, &options->token, error)) &&
           check_complete(options, error);
}
