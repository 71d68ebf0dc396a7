/* SPDX-License-Identifier: MIT */
/* apply-text.c - lines of JSON become lines for people. */
#include "fs/command/apply-text.h"

#include <string.h>

#include "api/object.h"

/* A number of the journal; 0: there is none. */
static gint64 number_of(const Object *line, const char *member)
{
    const char *text = object_text(line, member);

    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static gboolean is_text(const Object *line, const char *member, const char *wanted)
{
    return g_strcmp0(object_text(line, member), wanted) == 0;
}

/* Times have no fractions of a second. */
static gboolean is_since(const Object *line, gint64 since_us)
{
    const char *text = object_text(line, "time");
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time != NULL && g_date_time_to_unix(time) >= since_us / G_USEC_PER_SEC;
}

/* What comes from the service or from names is shown on one line and moves no cursor. */
static void add_shown(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c))
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            g_string_append_c(out, ' ');
        else
            g_string_append_unichar(out, g_utf8_get_char(c));
}

static void add_path(GString *out, const char *path)
{
    const char *file = path != NULL ? strrchr(path, '/') : NULL;
    g_autofree char *directory = file != NULL ? g_strndup(path, (gsize)(file - path)) : NULL;
    g_autofree char *id = directory != NULL ? g_path_get_basename(directory) : g_strdup("?");

    add_shown(out, id);
    g_string_append_c(out, ' ');
    add_shown(out, file != NULL ? file + 1 : "?");
}

static void add_outcome(GString *out, const char *outcome, const char *message)
{
    add_shown(out, outcome);
    if (message != NULL && *message != '\0') {
        g_string_append(out, ": ");
        add_shown(out, message);
    }
    g_string_append_c(out, '\n');
}

static void add_row(GString *out, const Object *line)
{
    add_path(out, object_text(line, "path"));
    g_string_append(out, ": ");
    add_shown(out, object_text(line, "before"));
    g_string_append(out, " -> ");
    add_shown(out, object_text(line, "after"));
    g_string_append(out, "  ");
    add_outcome(out, object_text(line, "outcome"), object_text(line, "message"));
}

/* ---- the report ---- */

void apply_report_init(ApplyReport *report)
{
    *report = (ApplyReport){0};
    report->rows = g_string_new(NULL);
    report->failed_paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void apply_report_clear(ApplyReport *report)
{
    g_string_free(report->rows, TRUE);
    g_hash_table_unref(report->failed_paths);
}

static void note_failed(ApplyReport *report, const char *path)
{
    report->failed++;
    g_hash_table_add(report->failed_paths, g_strdup(path != NULL ? path : ""));
}

static void count_row(ApplyReport *report, const Object *line)
{
    if (is_text(line, "outcome", "done"))
        report->done++;
    else if (is_text(line, "outcome", "dry_run"))
        report->tried++;
    else
        note_failed(report, object_text(line, "path"));
}

void apply_add_journal(ApplyReport *report, const char *journal, gint64 pid, gint64 since_us)
{
    g_auto(GStrv) lines = g_strsplit(journal, "\n", -1);

    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(Object) line = object_new(*text, -1, NULL);

        if (line == NULL || number_of(line, "pid") != pid || number_of(line, "table") == 0 ||
            !is_since(line, since_us))
            continue;
        add_row(report->rows, line);
        count_row(report, line);
    }
}

/* ---- errors ---- */

char *apply_new_errors(const char *errors, const char *before, gint64 since_us)
{
    g_auto(GStrv) lines = NULL;
    GString *out = g_string_new(NULL);

    if (g_str_has_prefix(errors, before))
        return g_string_free(g_string_append(out, errors + strlen(before)), FALSE);
    lines = g_strsplit(errors, "\n", -1);
    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(Object) line = object_new(*text, -1, NULL);

        if (line != NULL && is_since(line, since_us))
            g_string_append_printf(out, "%s\n", *text);
    }
    return g_string_free(out, FALSE);
}

/* A file of an object below the directory, and no table there. */
static gboolean is_value_below(const char *path, const char *directory)
{
    gsize length = strlen(directory);

    return path != NULL && strncmp(path, directory, length) == 0 && path[length] == '/' &&
           strchr(path + length + 1, '/') != NULL && !g_str_has_suffix(path, ".csv");
}

void apply_add_errors(ApplyReport *report, const char *errors, const char *directory)
{
    g_auto(GStrv) lines = g_strsplit(errors, "\n", -1);

    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(Object) line = object_new(*text, -1, NULL);
        const char *path = line != NULL ? object_text(line, "path") : NULL;

        if (!is_value_below(path, directory) || g_hash_table_contains(report->failed_paths, path))
            continue;
        add_path(report->rows, path);
        g_string_append(report->rows, "  ");
        add_outcome(report->rows, "refused", object_text(line, "message"));
        note_failed(report, path);
    }
}

char *apply_problems(const char *errors, const char *path)
{
    g_auto(GStrv) lines = g_strsplit(errors, "\n", -1);
    GString *out = g_string_new(NULL);

    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(Object) line = object_new(*text, -1, NULL);
        g_autoptr(GString) shown = g_string_new(NULL);

        if (line == NULL || !is_text(line, "path", path))
            continue;
        add_shown(shown, object_text(line, "message"));
        g_string_append_c(shown, '\n');
        g_string_prepend(out, shown->str);
    }
    return g_string_free(out, FALSE);
}

char *apply_summary(const ApplyReport *report)
{
    guint all = report->done + report->tried + report->failed;

    if (all == 0)
        return g_strdup("nothing differs: nothing was sent");
    if (report->failed > 0)
        return g_strdup_printf("%u of %u changes were made; %u failed", report->done, all,
                               report->failed);
    if (report->tried > 0)
        return g_strdup_printf("%u %s be made; nothing was sent (dry_run)", all,
                               all == 1 ? "change would" : "changes would");
    return g_strdup_printf("%u %s made", all, all == 1 ? "change was" : "changes were");
}
