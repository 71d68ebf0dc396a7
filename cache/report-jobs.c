/* SPDX-License-Identifier: MIT */
/* report-jobs.c - the fetches of reports that are under way, for people to see and to end. */
#include "api/error.h"
#include "cache/fetch-private.h"

static void fill(const Fetch *fetch, ReportJob *ret)
{
    const Report *report = fetch->report;
    gint64 total = fetch->slice ? fetch->slice->total : -1;
    TaskState task = {.id = "", .state = "READING"};

    if (fetch->task)
        task_state(fetch->task, &task);
    else if (fetch->slice)
        task.rows = pages_rows(fetch->cache, fetch);
    else
        task.state = "STORING";
    *ret = (ReportJob){.id = task.id,
                       .state = task.state,
                       .task = fetch->task != NULL,
                       .advertiser = report->advertiser,
                       .shape = report->shape,
                       .start = fetch->slice ? fetch->slice->start : fetch->spec->start,
                       .end = fetch->slice ? fetch->slice->end : fetch->spec->end,
                       .began_us = task.began_us > 0 ? task.began_us : fetch->began_us,
                       .rows = task.rows,
                       .total_rows = total,
                       .bytes = task.bytes,
                       .readers = report->flight.waiters ? report->flight.waiters->len : 0};
}

void cache_each_job(Cache *cache, EachJobFunc each, void *user_data)
{
    GHashTableIter iter;
    const Report *report;

    g_hash_table_iter_init(&iter, cache->reports->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&report))
        for (guint i = 0; i < report->fetches->len; i++) {
            ReportJob job;

            fill(report->fetches->pdata[i], &job);
            each(user_data, &job);
        }
}

static Task *find_task(Cache *cache, const char *id)
{
    GHashTableIter iter;
    const Report *report;

    g_hash_table_iter_init(&iter, cache->reports->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&report))
        for (guint i = 0; i < report->fetches->len; i++) {
            const Fetch *fetch = report->fetches->pdata[i];
            TaskState state;

            if (!fetch->task)
                continue;
            task_state(fetch->task, &state);
            if (g_strcmp0(state.id, id) == 0)
                return fetch->task;
        }
    return NULL;
}

gboolean cache_cancel_job(Cache *cache, const char *id, GError **error)
{
    Task *task = *id ? find_task(cache, id) : NULL;

    if (task)
        return task_cancel(task, error);
    g_propagate_error(error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                           "There is no report task %s; .adsfs/jobs shows which "
                                           "there are",
                                           id));
    return FALSE;
}
