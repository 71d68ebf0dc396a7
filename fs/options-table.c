/* SPDX-License-Identifier: MIT */
/*
 * options-table.c - the one table of options, and what text becomes in each kind of row.
 *
 * An option is nothing but its row: the command line, the profile and --help all walk this table.
 */
#include "fs/options-table.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "api/error.h"

#define DAY_S         86400
#define FIELD(member) G_STRUCT_OFFSET(Options, member)

static const char *const dir_cache_words[] = {"auto", "on", "off", NULL}; /* order of DirCache */
static const char *const report_mode_words[] = {"auto", "sync", "async", NULL}; /* as ReportMode */
static const char *const tier_words[] = {"basic", "advanced", "premium", "ultimate", NULL};
static const struct {
    guint qps, qpm, qpd;
} tier_rates[] = {/* order of tier_words */
                  {10, 600, 864000},
                  {20, 1200, 1728000},
                  {30, 1800, 2592000},
                  {50, 3000, 4320000}};

/* `tier` stands before `qps`, `qpm` and `qpd`, which override it. */
/* clang-format off */
const OptionRow option_rows[] = {
    {"ttl", OPTION_SECONDS, FIELD(ttl_s), "300", NULL, 0, 30 * DAY_S, NULL, FALSE,
     "objects and listings are asked for again when older"},
    {"poll", OPTION_SECONDS, FIELD(poll_s), "300", NULL, 0, 30 * DAY_S, NULL, FALSE,
     "what was used lately is listed again so often; 0: never"},
    {"stale", OPTION_SECONDS, FIELD(stale_s), "0", NULL, 0, 30 * DAY_S, NULL, FALSE,
     "what expired no longer ago is shown while it is asked for"},
    {"offline", OPTION_FLAG, FIELD(offline), "false", NULL, 0, 0, NULL, FALSE,
     "nothing is sent; all that is known is shown, of any age"},
    {"report_ttl", OPTION_SECONDS, FIELD(report_ttl_s), "900", NULL, 0, 30 * DAY_S, NULL, FALSE,
     "the same for days of a report that can still change"},
    {"report_mode", OPTION_WORD, FIELD(report_mode), "auto", NULL, 0, 0, report_mode_words, FALSE,
     "reports by pages (sync), by tasks (async), or by size"},
    {"async_pages", OPTION_COUNT, FIELD(async_pages), "20", NULL, 1, 1000000, NULL, FALSE,
     "a report of more pages of 1,000 rows is made by a task"},
    {"progress", OPTION_FLAG, FIELD(progress), "false", NULL, 0, 0, NULL, FALSE,
     "who waits for a report at a terminal is told there what for"},
    {"settle", OPTION_COUNT, FIELD(settle_days), "28", NULL, 0, 365, NULL, FALSE,
     "days after which a day of a report no longer changes"},
    {"write_wait", OPTION_SECONDS, FIELD(write_wait_s), "30", NULL, 1, 3600, NULL, FALSE,
     "a write not sent by then is withdrawn: EBUSY"},
    {"max_increase", OPTION_PERCENT, FIELD(guards.max_increase), "100", NULL, 0, 1000000, NULL,
     FALSE, "how much a budget or bid may grow at once; or none"},
    {"max_budget", OPTION_AMOUNTS, FIELD(guards.max_budget), "none", NULL, 0, 0, NULL, FALSE,
     "the most a budget may be: USD:1000 JPY:100000, and no others"},
    {"max_bid", OPTION_AMOUNTS, FIELD(guards.max_bid), "none", NULL, 0, 0, NULL, FALSE,
     "the same for bids"},
    {"min_interval", OPTION_SECONDS, FIELD(guards.min_interval_s), "0", NULL, 0, 30 * DAY_S, NULL,
     FALSE, "between two changes of one value of one object"},
    {"max_changes_per_hour", OPTION_COUNT, FIELD(guards.max_changes_per_hour), "0", NULL, 0,
     1000000, NULL, FALSE, "of all mounts of the profile; 0: not limited"},
    {"max_enables_per_hour", OPTION_COUNT, FIELD(guards.max_enables_per_hour), "0", NULL, 0,
     1000000, NULL, FALSE, "times that status is set to ENABLE; 0: not limited"},
    {"dry_run", OPTION_FLAG, FIELD(guards.dry_run), "false", NULL, 0, 0, NULL, FALSE,
     "writes are checked and noted in the journal, but not sent"},
    {"careful", OPTION_FLAG, FIELD(guards.careful), "false", NULL, 0, 0, NULL, FALSE,
     "a value that somebody else has changed since is not overwritten"},
    {"allow_delete", OPTION_FLAG, FIELD(allow_delete), "false", NULL, 0, 0, NULL, FALSE,
     "echo DELETE > status deletes, for good"},
    {"writable", OPTION_FLAG, FIELD(writable), "false", "true", 0, 0, NULL, FALSE,
     "values can be changed by writing to their files"},
    {"ro", OPTION_FLAG, FIELD(read_only), "false", NULL, 0, 0, NULL, FALSE,
     "a read-only mount, whatever writable says"},
    {"allow_other", OPTION_FLAG, FIELD(allow_other), "false", NULL, 0, 0, NULL, FALSE,
     "other users may enter, as far as the modes let them"},
    {"umask", OPTION_MODE, FIELD(umask), "077", NULL, 0, 0777, NULL, FALSE,
     "mode bits taken away from every file and directory"},
    {"uid", OPTION_UID, FIELD(uid), NULL, NULL, 0, G_MAXUINT32 - 1, NULL, FALSE,
     "the owner of all files (you)"},
    {"gid", OPTION_GID, FIELD(gid), NULL, NULL, 0, G_MAXUINT32 - 1, NULL, FALSE,
     "the group of all files (yours)"},
    {"dir_cache", OPTION_WORD, FIELD(dir_cache), "auto", NULL, 0, 0, dir_cache_words, FALSE,
     "let the kernel keep listings; auto: unless it has the bug"},
    {"xattr", OPTION_FLAG, FIELD(xattr), "false", NULL, 0, 0, NULL, FALSE,
     "F.meta as user.adsfs.* too; slow: ls -l asks for three an entry"},
    {"tier", OPTION_WORD, FIELD(tier), "basic", "", 0, 0, tier_words, FALSE,
     "the application's rate: 10/s, 20/s, 30/s, 50/s"},
    {"qps", OPTION_COUNT, FIELD(qps), NULL, NULL, 0, 10000, NULL, FALSE,
     "calls a second, in place of the tier's; 0: not limited"},
    {"qpm", OPTION_COUNT, FIELD(qpm), NULL, NULL, 0, 600000, NULL, FALSE,
     "calls a minute, in place of the tier's; 0: not limited"},
    {"qpd", OPTION_COUNT, FIELD(qpd), NULL, NULL, 0, 864000000, NULL, FALSE,
     "calls a day (UTC), in place of the tier's; 0: not limited"},
    {"log_file", OPTION_PATH, FIELD(log_file), NULL, NULL, 0, 0, NULL, FALSE,
     "where messages go (with -f: stderr, else to the state directory)"},
    {"sandbox_options", OPTION_TEXT, FIELD(sandbox_options), NULL, NULL, 0, 0, NULL, TRUE,
     "further words for adsfs-sandbox, separated by blanks"},
    {"sandbox_log", OPTION_PATH, FIELD(sandbox_log), NULL, NULL, 0, 0, NULL, TRUE,
     "a JSON line for each call that the sandbox gets"},
};

static const char *const ignored_words[] = {
    "_netdev", "atime", "async", "auto", "defaults", "dev", "diratime", "exec", "group",
    "lazytime", "noatime", "noauto", "nodev", "nodiratime", "noexec", "nofail", "nolazytime",
    "norelatime", "nosuid", "nouser", "owner", "relatime", "strictatime", "suid", "user",
    "users", NULL,
};
/* clang-format on */

const gsize n_option_rows = G_N_ELEMENTS(option_rows);

const OptionRow *option_find(const char *name)
{
    for (gsize i = 0; i < n_option_rows; i++)
        if (g_str_equal(option_rows[i].name, name))
            return &option_rows[i];
    return NULL;
}

const char *option_default(const OptionRow *row, gboolean sandbox)
{
    const char *text = sandbox && row->sandbox != NULL ? row->sandbox : row->fallback;

    return text != NULL && *text != '\0' ? text : NULL;
}

gboolean option_is_ignored(const char *option)
{
    return g_strv_contains(ignored_words, option) || g_str_has_prefix(option, "x-") ||
           g_str_has_prefix(option, "user=") || g_str_has_prefix(option, "comment=");
}

char *option_path(const char *text, const char *base)
{
    if (g_str_has_prefix(text, "~/"))
        return g_build_filename(g_get_home_dir(), text + 2, NULL);
    return g_canonicalize_filename(text, base);
}

guint option_distance(const char *a, const char *b)
{
    gsize length = strlen(b);
    guint row[64];

    g_return_val_if_fail(length < G_N_ELEMENTS(row), G_MAXUINT);
    for (gsize j = 0; j <= length; j++)
        row[j] = (guint)j;
    for (guint i = 1; a[i - 1] != '\0'; i++) {
        guint diagonal = row[0];

        row[0] = i;
        for (gsize j = 1; j <= length; j++) {
            guint changed = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            row[j] = MIN(changed, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

char *option_suggestion(const char *name, const char *const *extra)
{
    const char *best = NULL;
    guint nearest = MIN(3, (guint)strlen(name) / 2 + 1); /* at most this, less one */

    if (strlen(name) > 64)
        return g_strdup("");
    for (gsize i = 0; i < n_option_rows; i++) {
        guint found = option_distance(name, option_rows[i].name);

        best = found < nearest ? option_rows[i].name : best;
        nearest = MIN(found, nearest);
    }
    for (; extra != NULL && *extra != NULL; extra++) {
        guint found = option_distance(name, *extra);

        best = found < nearest ? *extra : best;
        nearest = MIN(found, nearest);
    }
    return best != NULL ? g_strdup_printf("; did you mean %s?", best)
                        : g_strdup("; adsfs --help lists them");
}

/* Setters: FALSE when text is not of the kind; the field is written last. */

static gboolean read_number(const OptionRow *row, const char *text, guint base, guint *field)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, base, row->min, row->max, &value, NULL))
        return FALSE;
    *field = (guint)value;
    return TRUE;
}

static gboolean set_flag(const char *text, gboolean *field)
{
    static const char *const yes[] = {"true", "yes", "on", "1", NULL};
    static const char *const no[] = {"false", "no", "off", "0", NULL};

    if (!g_strv_contains(yes, text) && !g_strv_contains(no, text))
        return FALSE;
    *field = g_strv_contains(yes, text);
    return TRUE;
}

static gboolean set_percent(const OptionRow *row, const char *text, guint *field)
{
    g_autofree char *number = g_strdup(text);

    if (g_str_equal(text, "none")) {
        *field = G_MAXUINT;
        return TRUE;
    }
    if (g_str_has_suffix(number, "%"))
        number[strlen(number) - 1] = '\0';
    return read_number(row, number, 10, field);
}

static gboolean set_word(const OptionRow *row, const char *text, Options *options)
{
    for (guint i = 0; row->words[i] != NULL; i++) {
        if (!g_str_equal(row->words[i], text))
            continue;
        G_STRUCT_MEMBER(guint, options, row->field) = i;
        if (row->words == tier_words) {
            options->qps = tier_rates[i].qps;
            options->qpm = tier_rates[i].qpm;
            options->qpd = tier_rates[i].qpd;
        }
        return TRUE;
    }
    return FALSE;
}

static gboolean set_user(const OptionRow *row, const char *text, uid_t *field)
{
    const struct passwd *user = g_ascii_isdigit(*text) ? NULL : getpwnam(text);

    if (user == NULL)
        return read_number(row, text, 10, field);
    *field = user->pw_uid;
    return TRUE;
}

static gboolean set_group(const OptionRow *row, const char *text, gid_t *field)
{
    const struct group *group = g_ascii_isdigit(*text) ? NULL : getgrnam(text);

    if (group == NULL)
        return read_number(row, text, 10, field);
    *field = group->gr_gid;
    return TRUE;
}

/* takes value */
static gboolean set_string(char *value, char **field)
{
    g_free(*field);
    *field = value;
    return TRUE;
}

static gboolean set_field(const OptionRow *row, const char *text, const char *base,
                          Options *options)
{
    void *field = G_STRUCT_MEMBER_P(options, row->field);

    switch (row->kind) {
    case OPTION_FLAG:
        return set_flag(text, field);
    case OPTION_SECONDS:
    case OPTION_COUNT:
        return read_number(row, text, 10, field);
    case OPTION_PERCENT:
        return set_percent(row, text, field);
    case OPTION_TEXT:
        return *text != '\0' && set_string(g_strdup(text), field);
    case OPTION_PATH:
        return *text != '\0' && set_string(option_path(text, base), field);
    case OPTION_MODE:
        return read_number(row, text, 8, field);
    case OPTION_UID:
        return set_user(row, text, field);
    case OPTION_GID:
        return set_group(row, text, field);
    case OPTION_WORD:
        return set_word(row, text, options);
    case OPTION_AMOUNTS: /* says more than a word, see option_set() */
    case N_OPTION_KINDS:
        break;
    }
    g_assert_not_reached();
}

static char *expected(const OptionRow *row)
{
    static const char *const texts[N_OPTION_KINDS] = {
        [OPTION_FLAG] = "true or false",
        [OPTION_SECONDS] = "a number of seconds",
        [OPTION_COUNT] = "a whole number",
        [OPTION_PERCENT] = "none, or a percentage",
        [OPTION_TEXT] = "a text",
        [OPTION_PATH] = "the name of a file",
        [OPTION_MODE] = "an octal number such as 077",
        [OPTION_UID] = "a user, by name or number",
        [OPTION_GID] = "a group, by name or number",
        [OPTION_WORD] = "one of ",
    };

    if (row->kind == OPTION_WORD) {
        g_autofree char *words = g_strjoinv(", ", (char **)row->words);

        return g_strconcat(texts[row->kind], words, NULL);
    }
    if (row->kind <= OPTION_PERCENT && row->max > 0)
        return g_strdup_printf("%s from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                               texts[row->kind], row->min, row->max);
    return g_strdup(texts[row->kind]);
}

static gboolean set_amounts(const OptionRow *row, const char *text, Options *options,
                            GError **error)
{
    GuardAmount **field = G_STRUCT_MEMBER_P(options, row->field);
    GuardAmount *amounts;

    if (!option_amounts(text, &amounts, error)) {
        g_prefix_error(error, "%s: ", row->name);
        return FALSE;
    }
    g_free(*field);
    *field = amounts;
    return TRUE;
}

gboolean option_set(const OptionRow *row, const char *text, const char *base, Options *options,
                    GError **error)
{
    if (row->kind == OPTION_AMOUNTS)
        return set_amounts(row, text, options, error);
    if (set_field(row, text, base, options))
        return TRUE;

    g_autofree char *right = expected(row);
    return option_refuse(error, "%s=%s: must be %s", row->name, text, right);
}

gboolean option_refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s", text));
    return FALSE;
}
