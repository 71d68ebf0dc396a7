/* SPDX-License-Identifier: MIT */
/* apply-text.c - lines of JSON become lines for people. */
#include "fs/command/apply-text.h"

#include <cjson/cJSON.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

static const char *text_of(const cJSON *line, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, member));
}

/* A number of the journal; 0: there is none. */
static gint64 number_of(const cJSON *line, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(line, member);

    return cJSON_IsNumber(value) ? (gint64)value->valuedouble : 0;
}

/* Times have no fractions of a second. */
static gboolean is_since(const cJSON *line, gint64 since_us)
{
    const char *text = text_of(line, "time");
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

static void add_row(GString *out, const cJSON *line)
{
    const char *message = text_of(line, "message");

    add_path(out, text_of(line, "path"));
    g_string_append(out, ": ");
    add_shown(out, text_of(line, "before"));
    g_string_append(out, " -> ");
    add_shown(out, text_of(line, "after"));
    g_string_append(out, "  ");
    add_shown(out, text_of(line, "outcome"));
    if (message != NULL && *message != '\0') {
        g_string_append(out, ": ");
        add_shown(out, message);
    }
    g_string_append_c(out, '\n');
}

static void count_row(const cJSON *line, ApplyCount *count)
{
    const char *outcome = text_of(line, "outcome");

    if (g_strcmp0(outcome, "done") == 0)
        count->done++;
    else if (g_strcmp0(outcome, "dry_run") == 0)
        count->tried++;
    else
        count->failed++;
}

char *apply_rows(const char *journal, gint64 pid, gint64 since_us, ApplyCount *ret)
{
    g_auto(GStrv) lines = g_strsplit(journal, "\n", -1);
    GString *out = g_string_new(NULL);

    *ret = (ApplyCount){0};
    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(cJSON) line = cJSON_Parse(*text);

        if (number_of(line, "pid") != pid || number_of(line, "table") == 0 ||
            !is_since(line, since_us))
            continue;
        add_row(out, line);
        count_row(line, ret);
    }
    return g_string_free(out, FALSE);
}

char *apply_problems(const char *errors, const char *path, gint64 since_us)
{
    g_auto(GStrv) lines = g_strsplit(errors, "\n", -1);
    GString *out = g_string_new(NULL);

    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(cJSON) line = cJSON_Parse(*text);
        g_autoptr(GString) shown = g_string_new(NULL);

        if (g_strcmp0(text_of(line, "path"), path) != 0 || !is_since(line, since_us))
            continue;
        add_shown(shown, text_of(line, "message"));
        g_string_append_c(shown, '\n');
        g_string_prepend(out, shown->str);
    }
    return g_string_free(out, FALSE);
}

char *apply_summary(const ApplyCount *count)
{
    guint all = count->done + count->tried + count->failed;

    if (all == 0)
        return g_strdup("nothing differs: nothing was sent");
    if (count->failed > 0)
        return g_strdup_printf("%u of %u changes were made; %u failed", count->done, all,
                               count->failed);
    if (count->tried > 0)
        return g_strdup_printf("%u changes would be made; nothing was sent (dry_run)", all);
    return g_strdup_printf("%u %s made", all, all == 1 ? "change was" : "changes were");
}
