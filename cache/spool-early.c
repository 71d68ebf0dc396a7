/* SPDX-License-Identifier: MIT */
/*
 * spool-early.c - steps of reading a report out, each as far as it is there.
 *
 * An Early belongs to its report on the loop; a step that runs holds on to it, so that one that was
 * given up meanwhile is freed when the step is back.
 */
#include "cache/spool-early.h"

#include <string.h>

#include "api/error.h"

typedef struct {
    Cache *cache;
    ReportShape *shape;
    char *words, *next, *last; /* next: the first day not told; NULL: all are */
    gint64 after_us;           /* what was fetched before is not fresh */
    ReportRowFunc row;
    void (*end)(void *user_data);
    void (*done)(void *user_data, const GError *error);
    void *user_data;
    gboolean running, again; /* a step is in the thread; ... another is to follow it */
    gboolean settled;        /* nothing more will come */
    gboolean given_up;
    GError *error; /* of what it was given up for; NULL: what was told is void */
} Early;

void early_free(void *data)
{
    Early *early = data;

    report_shape_free(early->shape);
    g_free(early->words);
    g_free(early->next);
    g_free(early->last);
    g_clear_error(&early->error);
    g_free(early);
}

/* ---- a step, in the reading thread ---- */

/* Days from ?2 to ?3, each with whether it is there. */
static const char days[] =
    "WITH RECURSIVE days(d) AS (VALUES(?2) UNION ALL SELECT date(d, '+1 day') FROM days"
    "  WHERE d < ?3)"
    " SELECT d, date(d, '+1 day') FROM days WHERE EXISTS (SELECT 1 FROM report_part"
    "  WHERE shape = (SELECT shape FROM report_shape WHERE words = ?1) AND part = d"
    "  AND (frozen OR fetched > ?4))";

static gboolean tell_day(sqlite3 *db, Early *early, const char *day, const char *after,
                         GError **error)
{
    if (!spool_emit(db, early->shape, early->words, day, early->row, early->user_data, error))
        return FALSE;
    g_free(early->next);
    early->next = strcmp(day, early->last) < 0 ? g_strdup(after) : NULL;
    return TRUE;
}

static gboolean run_step(sqlite3 *db, void *job, GError **error)
{
    Early *early = job;
    g_autoptr(GError) failure = NULL;
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, days, "ttti", early->words, early->next,
                                              early->last, early->after_us);

    if (!row)
        return FALSE;
    while (sql_step(row, &failure)) {
        g_autofree char *day = g_strdup(sql_text(row, 0));

        if (strcmp(day, early->next) != 0)
            break; /* one before it is on its way */
        if (!tell_day(db, early, day, sql_text(row, 1), error))
            return FALSE;
        if (!early->next)
            break;
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!early->next)
        early->end(early->user_data);
    return TRUE;
}

/* ---- on the loop ---- */

/* It is in no report's list any more. */
static void finish(Early *early, const GError *error)
{
    g_autoptr(GError) cancelled = NULL;

    if (error == NULL && (early->next != NULL || early->given_up)) {
        cancelled = api_error_new(API_ERROR_CANCELLED, 0, NULL, "Some of it was fetched anew");
        error = cancelled;
    }
    early->done(early->user_data, error);
    early_free(early);
}

static void start(Early *early);

static Report *report_of(const Early *early, guint *ret_index)
{
    GHashTableIter iter;
    Report *report;

    g_hash_table_iter_init(&iter, early->cache->reports->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&report))
        if (g_ptr_array_find(report->earlies, early, ret_index))
            return report;
    return NULL;
}

static void take_out(Early *early)
{
    guint index;
    Report *report = report_of(early, &index);

    if (report)
        g_ptr_array_steal_index_fast(report->earlies, index);
}

static void stepped(void *job, const GError *error)
{
    Early *early = job;
    gboolean again = early->again;

    early->running = early->again = FALSE;
    if (early->given_up) {
        g_autoptr(GError) told = g_steal_pointer(&early->error);

        finish(early, told);
    } else if (error || !early->next || (early->settled && !again)) {
        take_out(early);
        finish(early, error);
    } else if (again) {
        start(early);
    }
}

static const JobType step_job = {run_step, stepped, NULL};

static void start(Early *early)
{
    early->running = TRUE;
    writer_push(early->cache->spooler, &step_job, early, FALSE);
}

void earlies_go_on(Report *report)
{
    for (guint i = 0; i < report->earlies->len; i++) {
        Early *early = report->earlies->pdata[i];

        if (early->running)
            early->again = TRUE;
        else
            start(early);
    }
}

void earlies_give_up(Report *report, const GError *error)
{
    while (report->earlies->len > 0) {
        Early *early = g_ptr_array_steal_index_fast(report->earlies, 0);

        early->given_up = TRUE;
        early->error = error ? g_error_copy(error) : NULL;
        if (!early->running)
            finish(early, error);
    }
}

/* The last step finds all days, or what is not there was put in place and is old by now. */
void earlies_settle(Report *report, const GError *error)
{
    if (error) {
        earlies_give_up(report, error);
        return;
    }
    for (guint i = 0; i < report->earlies->len; i++)
        ((Early *)report->earlies->pdata[i])->settled = TRUE;
    earlies_go_on(report);
}

static gboolean is_worth_it(const Report *report)
{
    return report->flight.flying && report_time(report->shape) && report->fetches->len > 1;
}

gboolean cache_spool_early(Cache *cache, const ReportQuery *query, ReportRowFunc row,
                           void (*end)(void *user_data),
                           void (*done)(void *user_data, const GError *error), void *user_data)
{
    g_autofree char *words = shape_words(query);
    g_autofree char *key = g_strdup_printf("%s %s..%s", words, query->start, query->end);
    Report *report = g_hash_table_lookup(cache->reports->all, key);
    Early *early;

    if (!report || !is_worth_it(report))
        return FALSE;
    early = g_new0(Early, 1);
    early->cache = cache;
    early->shape = report_shape_copy(&query->shape);
    early->words = g_steal_pointer(&words);
    early->next = g_strdup(query->start);
    early->last = g_strdup(query->end);
    early->after_us = MAX(clock_wall(cache->config.clock) - cache->config.report_ttl_us,
                          report_refresh(report).at_us);
    early->row = row;
    early->end = end;
    early->done = done;
    early->user_data = user_data;
    g_ptr_array_add(report->earlies, early);
    return TRUE; /* what is here is told when more has come */
}
