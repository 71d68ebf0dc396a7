/* SPDX-License-Identifier: MIT */
/* draft-judge.c - whether a draft can be created, and as what. */
#include <string.h>

#include "api/json.h"
#include "fs/draft-table.h"

/* The service takes a start that is no longer ago than this. */
#define START_AGO_US (12 * G_TIME_SPAN_HOUR)

static const char *raw_of(const DraftView *view, const DraftRow *row)
{
    const char *raw = object_raw(view->values, row->name);

    return raw != NULL && strcmp(raw, "null") != 0 ? raw : NULL;
}

/* ---- what is sent ---- */

static char *time_text(gint64 wall_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);

    return g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
}

static void add(GString *json, const char *member, const char *raw)
{
    g_string_append_printf(json, "%s\"%s\":%s", json->len > 1 ? "," : "", member, raw);
}

static void add_text(GString *json, const char *member, const char *text)
{
    g_autoptr(GString) raw = g_string_new(NULL);

    json_add_string(raw, text);
    add(json, member, raw->str);
}

/* What is paid for decides whether the bid is for a conversion. */
static const char *member_of(const DraftView *view, const DraftRow *row)
{
    if (row->type == DRAFT_BID && g_strcmp0(draft_text_of(view, "billing_event"), "OCPM") == 0)
        return "conversion_bid_price";
    return row->member;
}

static void add_row(GString *json, const DraftView *view, const DraftRow *row)
{
    const char *raw = raw_of(view, row);
    g_autofree char *now = NULL;

    if (row->type == DRAFT_TIME && g_strcmp0(raw, "\"now\"") == 0) {
        now = time_text(view->now_us);
        add_text(json, row->member, now);
    } else if (raw != NULL) {
        add(json, member_of(view, row), raw);
    } else if (row->type == DRAFT_NAME) {
        add_text(json, row->member, view->name);
    } else if (row->type == DRAFT_STATUS) {
        add_text(json, row->member, "DISABLE");
    }
}

char *draft_members(const DraftView *view)
{
    GString *json = g_string_new("{");
    const DraftRow *row;

    for (guint i = 0; (row = draft_row(view->kind, i)) != NULL; i++)
        add_row(json, view, row);
    g_string_append_c(json, '}');
    return g_string_free(json, FALSE);
}

/* ---- what is wrong ---- */

static char *missing(const DraftView *view, const DraftRow *row)
{
    if (row->needed == NULL || raw_of(view, row) != NULL || !row->needed(view))
        return NULL;
    return g_strdup_printf("%s: missing; write: %s", row->name, row->hint);
}

/* What was in range when it was written may not be any more, with what was written since. */
static char *wrong_value(const DraftView *view, const DraftRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *raw = NULL;

    if (raw_of(view, row) == NULL && row->type != DRAFT_NAME)
        return NULL;
    draft_render(row, view, text);
    raw = draft_parse(row, view, text->str, &error);
    return raw == NULL ? g_strdup(error->message) : NULL;
}

static char *wrong_budget(const DraftView *view, const DraftRow *row)
{
    gboolean unlimited = g_strcmp0(draft_text_of(view, "budget_mode"), "BUDGET_MODE_INFINITE") == 0;

    if (strcmp(row->name, "budget") != 0 || raw_of(view, row) == NULL || !unlimited)
        return NULL;
    return g_strdup("budget: there is none with budget_mode BUDGET_MODE_INFINITE; take it away "
                    "(echo > budget), or write another budget_mode");
}

static char *wrong_schedule(const DraftView *view, const DraftRow *row)
{
    const char *text = draft_text_of(view, row->name);
    const char *start = draft_text_of(view, "schedule_start");
    g_autofree char *earliest = time_text(view->now_us - START_AGO_US);

    if (row->type != DRAFT_TIME || text == NULL || strcmp(text, "now") == 0)
        return NULL;
    if (strcmp(row->name, "schedule_start") == 0 && strcmp(text, earliest) < 0)
        return g_strdup_printf("schedule_start: %s is more than 12 hours ago; write: %s", text,
                               row->hint);
    if (strcmp(row->name, "schedule_end") == 0 && start != NULL && strcmp(start, "now") != 0 &&
        strcmp(text, start) <= 0)
        return g_strdup_printf(
            "schedule_end: %s is not after schedule_start, %s; write a later one", text, start);
    return NULL;
}

char **draft_problems(const DraftView *view)
{
    static char *(*const checks[])(const DraftView *, const DraftRow *) = {
        missing, wrong_value, wrong_budget, wrong_schedule};
    GPtrArray *lines = g_ptr_array_new();
    const DraftRow *row;

    for (guint i = 0; (row = draft_row(view->kind, i)) != NULL; i++) {
        for (guint j = 0; j < G_N_ELEMENTS(checks); j++) {
            char *line = checks[j](view, row);

            if (line == NULL)
                continue;
            g_ptr_array_add(lines, line);
            break;
        }
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}
