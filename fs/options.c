/* SPDX-License-Identifier: MIT */
/*
 * options.c - one checked struct from the command line, the profile and the environment.
 *
 * Words are collected first, by source, and only those in force are turned into values, in the
 * order of the table: so neither the order of sources nor that of `tier` and `qps` needs a rule.
 */
#include "fs/options.h"

#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/command/command.h"
#include "fs/config.h"
#include "fs/locate.h"
#include "fs/options-line.h"
#include "fs/options-table.h"
#include "fs/space.h"

/* What is being collected. */
typedef struct {
    Line line;
    GHashTable *profile; /* key -> text */
    char *config;        /* path of the key file, NULL in the sandbox */
} Words;

static void words_clear(Words *words)
{
    line_clear(&words->line);
    g_clear_pointer(&words->profile, g_hash_table_unref);
    g_clear_pointer(&words->config, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static void wipe(char **text)
{
    if (*text != NULL)
        explicit_bzero(*text, strlen(*text));
    g_clear_pointer(text, g_free);
}

/* ---- the profile ---- */

static gboolean is_profile_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if (!g_ascii_isalnum(*c) && (c == name || strchr("._-", *c) == NULL))
            return FALSE;
    return *name != '\0' && strlen(name) <= 64;
}

static gboolean check_operands(const Words *words, GError **error)
{
    guint count = g_strv_length(words->line.operands);

    if (count > 0 && command_is(words->line.operands[0]))
        return option_refuse(error, "%s: is a command, write it first; " OPTIONS_USAGE,
                             words->line.operands[0]);
    if (count > 0 && command_find(words->line.operands[0]) != NULL)
        return option_refuse(error,
                             "%s: is a command that this version does not have, and no profile may "
                             "be named so; " OPTIONS_USAGE,
                             words->line.operands[0]);
    if (count < 2)
        return option_refuse(error, "%s missing; " OPTIONS_USAGE,
                             count == 0 ? "profile and mount point" : "mount point");
    if (count > 2)
        return option_refuse(error, "%s: one operand too many; " OPTIONS_USAGE,
                             words->line.operands[2]);
    if (!is_profile_name(words->line.operands[0]))
        return option_refuse(
            error, "%s: is no name of a profile (letters, digits and . _ -); " OPTIONS_USAGE,
            words->line.operands[0]);
    return TRUE;
}

static gboolean check_keys(const Words *words, GError **error)
{
    GHashTableIter iter;
    void *key;

    g_hash_table_iter_init(&iter, words->profile);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (option_find(key) != NULL || g_strv_contains(config_keys, key) || config_is_set(key))
            continue;

        g_autofree char *hint = option_suggestion(key, config_keys);
        return option_refuse(error, "%s: is no key of a profile%s", (const char *)key, hint);
    }
    return TRUE;
}

/* for_mount: as of config_account(). */
static gboolean read_profile(Words *words, gboolean for_mount, Options *options, GError **error)
{
    g_autofree char *directory = NULL;
    g_autofree char *group = g_strdup_printf("[profile %s] ", options->profile);

    words->config = locate_config();
    words->profile = config_read(words->config, options->profile, error);
    if (words->profile == NULL)
        return FALSE;
    directory = g_path_get_dirname(words->config);
    if (check_keys(words, error) &&
        (options->token == NULL ||
         config_check_token(options->token, "ADSFS_ACCESS_TOKEN", error)) &&
        config_account(words->profile, directory, for_mount, options, error) &&
        config_sets(words->profile, options, error))
        return TRUE;
    g_prefix_error(error, "%s: %s", words->config, group);
    return FALSE;
}

static gboolean use_sandbox(Words *words, Options *options)
{
    words->profile = g_hash_table_new(g_str_hash, g_str_equal);
    wipe(&options->token);
    options->app_id = g_strdup("sandbox-app");
    options->secret = g_strdup("sandbox-secret");
    options->token = g_strdup("sandbox-token");
    return TRUE;
}

/* ---- all of it ---- */

static gboolean apply_row(const OptionRow *row, const Words *words, Options *options,
                          GError **error)
{
    const char *line = g_hash_table_lookup(words->line.options, row->name);
    const char *profile = g_hash_table_lookup(words->profile, row->name);
    const char *text = line != NULL ? line : profile;
    g_autofree char *where =
        line != NULL ? g_strdup("-o ")
                     : g_strdup_printf("%s: [profile %s] ", words->config, options->profile);

    if (text == NULL) {
        text = option_default(row, options->sandbox);
        return text == NULL || option_set(row, text, NULL, options, error);
    }
    if (row->for_sandbox_only && !options->sandbox)
        return option_refuse(error, "%s%s: is for the profile sandbox only", where, row->name);

    g_autofree char *base = line != NULL ? NULL : g_path_get_dirname(words->config);
    if (option_set(row, text, base, options, error))
        return TRUE;
    g_prefix_error(error, "%s", where);
    return FALSE;
}

static gboolean fill(Words *words, const char *profile, gboolean for_mount, Options *options,
                     GError **error)
{
    options->profile = g_strdup(profile);
    options->sandbox = g_str_equal(profile, "sandbox");
    options->token_given = options->token != NULL;
    options->uid = getuid();
    options->gid = getgid();
    if (!(options->sandbox ? use_sandbox(words, options)
                           : read_profile(words, for_mount, options, error)))
        return FALSE;
    for (gsize i = 0; i < n_option_rows; i++)
        if (!apply_row(&option_rows[i], words, options, error))
            return FALSE;
    return TRUE;
}

static gboolean fill_for_mount(Words *words, Options *options, GError **error)
{
    if (!check_operands(words, error) ||
        !fill(words, words->line.operands[0], TRUE, options, error))
        return FALSE;
    options->mountpoint = locate_mountpoint(words->line.operands[1], error);
    if (options->mountpoint == NULL || !locate_directories(options, error))
        return FALSE;
    space_find(options);
    return TRUE;
}

static gboolean fill_for_command(Words *words, const char *profile, Options *options,
                                 GError **error)
{
    words->line.options = g_hash_table_new(g_str_hash, g_str_equal);
    if (command_find(profile) != NULL || !is_profile_name(profile))
        return option_refuse(error, "%s: is no name of a profile (letters, digits and . _ -)",
                             profile);
    return fill(words, profile, FALSE, options, error) &&
           (options->sandbox || locate_directories(options, error));
}

/* What the user typed may hold anything; a message is one line all the same. */
static void make_one_line(GError *error)
{
    for (char *c = error->message; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
}

/* options: emptied. */
static gboolean finish(gboolean done, Options *options, GError *failure, Options *ret,
                       GError **error)
{
    if (!done) {
        make_one_line(failure);
        g_propagate_error(error, failure);
        return FALSE;
    }
    *ret = *options;
    *options = (Options){0};
    return TRUE;
}

gboolean options_parse(int argc, char **argv, Options *ret, GError **error)
{
    g_auto(Options) options = {.token = config_steal_token()};
    g_auto(Words) words = {0};
    GError *failure = NULL;

    gboolean done = line_read(argv, &words.line, &failure);
    options.foreground = words.line.foreground;
    options.debug = words.line.debug;
    options.help = words.line.help;
    options.version = words.line.version;
    if (options.help || options.version)
        wipe(&options.token);
    else
        done = done && fill_for_mount(&words, &options, &failure);
    return finish(done, &options, failure, ret, error);
}

gboolean options_profile(const char *profile, Options *ret, GError **error)
{
    g_auto(Options) options = {.token = config_steal_token()};
    g_auto(Words) words = {0};
    GError *failure = NULL;

    gboolean done = fill_for_command(&words, profile, &options, &failure);
    return finish(done, &options, failure, ret, error);
}

void options_clear(Options *options)
{
    wipe(&options->secret);
    wipe(&options->token);
    g_free(options->profile);
    g_free(options->mountpoint);
    g_free(options->app_id);
    g_strfreev(options->advertisers);
    g_strfreev(options->scopes);
    g_clear_pointer(&options->metric_sets, g_hash_table_unref);
    g_free(options->business_url);
    g_free(options->open_url);
    g_free(options->token_path);
    g_free(options->secret_path);
    g_free(options->portal_url);
    g_free(options->redirect_uri);
    g_free(options->scope);
    g_free(options->sandbox_options);
    g_free(options->sandbox_log);
    g_free(options->log_file);
    g_free(options->cache_dir);
    g_free(options->cache_notice);
    g_free(options->state_dir);
    g_free(options->pace_file);
    g_free((void *)options->guards.max_budget);
    g_free((void *)options->guards.max_bid);
    *options = (Options){0};
}
