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
#include "fs/command.h"
#include "fs/config.h"
#include "fs/locate.h"
#include "fs/options-table.h"

#define USAGE "usage: adsfs PROFILE MOUNTPOINT [-o option,...] [-f] [-d], or adsfs --help"

/* What is being collected; name -> text in the tables. */
typedef struct {
    GHashTable *line, *profile;
    char *config; /* path of the key file, NULL in the sandbox */
    GStrv operands;
} Words;

static void words_clear(Words *words)
{
    g_clear_pointer(&words->line, g_hash_table_unref);
    g_clear_pointer(&words->profile, g_hash_table_unref);
    g_clear_pointer(&words->config, g_free);
    g_clear_pointer(&words->operands, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void wipe(char **text)
{
    if (*text != NULL)
        explicit_bzero(*text, strlen(*text));
    g_clear_pointer(text, g_free);
}

/* ---- names that nobody knows ---- */

/* "; did you mean ttl?", or "". extra: further names, or NULL. */
static char *did_you_mean(const char *name, const char *const *extra)
{
    const char *best = NULL;
    guint distance = MIN(3, (guint)strlen(name) / 2 + 1); /* at most this, less one */

    if (strlen(name) > 64)
        return g_strdup("");
    for (gsize i = 0; i < n_option_rows; i++) {
        guint found = option_distance(name, option_rows[i].name);

        best = found < distance ? option_rows[i].name : best;
        distance = MIN(found, distance);
    }
    for (; extra != NULL && *extra != NULL; extra++) {
        guint found = option_distance(name, *extra);

        best = found < distance ? *extra : best;
        distance = MIN(found, distance);
    }
    return best != NULL ? g_strdup_printf("; did you mean %s?", best)
                        : g_strdup("; adsfs --help lists them");
}

/* ---- the command line ---- */

/* Splits at commas as libfuse does: `\,` is a comma, `\\` a backslash, `\040` a blank. */
static GPtrArray *split_options(const char *text)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) word = g_string_new(NULL);

    for (const char *c = text;; c++) {
        if (*c == ',' || *c == '\0') {
            if (word->len > 0)
                g_ptr_array_add(ret, g_strdup(word->str));
            g_string_truncate(word, 0);
        } else if (*c == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' &&
                   c[3] >= '0' && c[3] <= '7') {
            g_string_append_c(word, (char)((c[1] - '0') * 64 + (c[2] - '0') * 8 + c[3] - '0'));
            c += 3;
        } else {
            c += *c == '\\' && c[1] != '\0';
            g_string_append_c(word, *c);
        }
        if (*c == '\0')
            return g_steal_pointer(&ret);
    }
}

static gboolean take_option(const char *option, GHashTable *line, GError **error)
{
    const char *equals = strchr(option, '=');
    g_autofree char *name = equals != NULL ? g_strndup(option, equals - option) : g_strdup(option);
    const OptionRow *row = option_find(name);

    if (option_is_ignored(option))
        return TRUE;
    /* mount(8) says rw whenever nobody said ro, so it must not overrule the profile. */
    if (g_str_equal(option, "rw")) {
        g_hash_table_remove(line, "ro");
        return TRUE;
    }
    if (row == NULL) {
        g_autofree char *hint = did_you_mean(name, NULL);

        return option_refuse(error, "-o %s: is no option%s", name, hint);
    }
    if (equals == NULL && row->kind != OPTION_FLAG)
        return option_refuse(error, "-o %s: needs a value; write %s=VALUE", name, name);
    g_hash_table_replace(line, g_steal_pointer(&name),
                         g_strdup(equals != NULL ? equals + 1 : "true"));
    return TRUE;
}

static gboolean take_options(char **texts, GHashTable *line, GError **error)
{
    for (; *texts != NULL; texts++) {
        g_autoptr(GPtrArray) options = split_options(*texts);

        for (guint i = 0; i < options->len; i++)
            if (!take_option(options->pdata[i], line, error))
                return FALSE;
    }
    return TRUE;
}

/* "-f", "-fd", "-o x", "-ox", "--help". next: the word after, NULL at the end; moved when used. */
static gboolean take_dashed(const char *word, char ***next, Options *options, GPtrArray *texts)
{
    const struct {
        char letter;
        const char *name;
        gboolean *field;
    } flags[] = {
        {'f', "--foreground", &options->foreground},
        {'d', "--debug", &options->debug},
        {'h', "--help", &options->help},
        {'V', "--version", &options->version},
    };
    gboolean is_long = word[1] == '-';

    for (const char *c = is_long ? word : word + 1; *c != '\0'; c++) {
        gboolean known = FALSE;

        for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
            if (!(is_long ? g_str_equal(word, flags[i].name) : *c == flags[i].letter))
                continue;
            *flags[i].field = known = TRUE;
        }
        if (is_long)
            return known;
        if (*c == 'o' && (c[1] != '\0' || **next != NULL)) {
            g_ptr_array_add(texts, c[1] != '\0' ? (char *)c + 1 : *(*next)++);
            return TRUE;
        }
        if (!known)
            return FALSE;
    }
    return TRUE;
}

/* Everything is looked at before anything is judged, so that --help works whatever else is there.
 */
static gboolean read_line(char **argv, Options *options, Words *words, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autoptr(GStrvBuilder) operands = g_strv_builder_new();
    const char *unknown = NULL;
    gboolean only_operands = FALSE;

    for (char **next = argv + (*argv != NULL); *next != NULL;) {
        const char *word = *next++;

        if (!only_operands && g_str_equal(word, "--"))
            only_operands = TRUE;
        else if (only_operands || word[0] != '-' || word[1] == '\0')
            g_strv_builder_add(operands, word);
        else if (!take_dashed(word, &next, options, texts))
            unknown = word;
    }
    words->operands = g_strv_builder_end(operands);
    g_ptr_array_add(texts, NULL);
    if (options->help || options->version) {
        options->foreground = options->debug = FALSE;
        options->version = !options->help;
        wipe(&options->token);
        return TRUE;
    }
    if (unknown != NULL)
        return option_refuse(error, "%s: %s; " USAGE, unknown,
                             g_str_equal(unknown, "-o") ? "needs an option" : "is no option");
    options->foreground |= options->debug;
    return take_options((char **)texts->pdata, words->line, error);
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
    guint count = g_strv_length(words->operands);

    if (count > 0 && command_is(words->operands[0]))
        return option_refuse(error, "%s: is a command, write it first; " USAGE, words->operands[0]);
    if (count > 0 && command_find(words->operands[0]) != NULL)
        return option_refuse(error,
                             "%s: is a command that this version does not have, and no profile may "
                             "be named so; " USAGE,
                             words->operands[0]);
    if (count < 2)
        return option_refuse(error, "%s missing; " USAGE,
                             count == 0 ? "profile and mount point" : "mount point");
    if (count > 2)
        return option_refuse(error, "%s: one operand too many; " USAGE, words->operands[2]);
    if (!is_profile_name(words->operands[0]))
        return option_refuse(error,
                             "%s: is no name of a profile (letters, digits and . _ -); " USAGE,
                             words->operands[0]);
    return TRUE;
}

static gboolean check_keys(const Words *words, GError **error)
{
    GHashTableIter iter;
    void *key;

    g_hash_table_iter_init(&iter, words->profile);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (option_find(key) != NULL || g_strv_contains(config_keys, key))
            continue;

        g_autofree char *hint = did_you_mean(key, config_keys);
        return option_refuse(error, "%s: is no key of a profile%s", (const char *)key, hint);
    }
    return TRUE;
}

static gboolean read_profile(Words *words, Options *options, GError **error)
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
        config_account(words->profile, directory, options, error))
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
    const char *line = g_hash_table_lookup(words->line, row->name);
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

static gboolean fill(Words *words, Options *options, GError **error)
{
    if (!check_operands(words, error))
        return FALSE;
    options->profile = g_strdup(words->operands[0]);
    options->sandbox = g_str_equal(options->profile, "sandbox");
    options->uid = getuid();
    options->gid = getgid();
    if (!(options->sandbox ? use_sandbox(words, options) : read_profile(words, options, error)))
        return FALSE;
    for (gsize i = 0; i < n_option_rows; i++)
        if (!apply_row(&option_rows[i], words, options, error))
            return FALSE;
    options->mountpoint = locate_mountpoint(words->operands[1], error);
    return options->mountpoint != NULL && locate_directories(options, error);
}

/* What the user typed may hold anything; a message is one line all the same. */
static void make_one_line(GError *error)
{
    for (char *c = error->message; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
}

gboolean options_parse(int argc, char **argv, Options *ret, GError **error)
{
    g_auto(Options) options = {.token = config_steal_token()};
    g_auto(Words) words = {.line = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    GError *failure = NULL;

    gboolean done = read_line(argv, &options, &words, &failure);
    if (done && !options.help && !options.version)
        done = fill(&words, &options, &failure);
    if (!done) {
        make_one_line(failure);
        g_propagate_error(error, failure);
        return FALSE;
    }
    *ret = options;
    options = (Options){0};
    return TRUE;
}

void options_clear(Options *options)
{
    wipe(&options->secret);
    wipe(&options->token);
    g_free(options->profile);
    g_free(options->mountpoint);
    g_free(options->app_id);
    g_strfreev(options->advertisers);
    g_free(options->business_url);
    g_free(options->sandbox_options);
    g_free(options->sandbox_log);
    g_free(options->log_file);
    g_free(options->cache_dir);
    g_free(options->state_dir);
    *options = (Options){0};
}
