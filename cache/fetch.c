/* SPDX-License-Identifier: MIT */
/* fetch.c - the slices of a span, one after the other, and the end of them all. */
#include <string.h>

#include "api/error.h"
#include "cache/day.h"
#include "cache/fetch-private.h"
#include "cache/room.h"
#include "cache/sums.h"

/* Above those of other processes and earlier lives, whatever the clock does within this one. */
static gint64 next_generation(Cache *cache)
{
    Reports *reports = cache->reports;

    reports->generation = MAX(reports->generation + 1, clock_wall(cache->config.clock));
    return reports->generation;
}

static PartSpec *make_spec(const Report *report, const Span *span)
{
    PartSpec *spec = g_new0(PartSpec, 1);

    spec->shape = report_shape_copy(report->shape);
    spec->words = g_strdup(report->words);
    spec->account_id = g_strdup(report->account_id);
    spec->start = g_strdup(span->start);
    spec->end = g_strdup(span->end);
    spec->total = part_name(report->shape, span->start, span->end);
    spec->settle_days = report->cache->config.settle_days;
    spec->generation = next_generation(report->cache);
    spec->events = report->cache->events;
    return spec;
}

/* ---- slices ---- */

Slice *slice_new(const char *start, const char *end)
{
    Slice *slice = g_new0(Slice, 1);

    slice->start = g_strdup(start);
    slice->end = g_strdup(end);
    slice->total = -1;
    return slice;
}

void slice_free(void *data)
{
    Slice *slice = data;

    if (!slice)
        return;
    g_free(slice->start);
    g_free(slice->end);
    g_strfreev(slice->ids);
    g_clear_pointer(&slice->totals, g_array_unref);
    g_free(slice);
}

SliceSpec *fetch_new_spec(Fetch *fetch, const Slice *slice)
{
    SliceSpec *spec = slice_spec_new(fetch->spec, ++fetch->n_slices, slice->start, slice->end);

    spec->kind = slice->kind;
    spec->ids = g_strdupv(slice->ids);
    spec->objects = slice->objects;
    return spec;
}

void fetch_free(void *data)
{
    Fetch *fetch = data;

    if (!fetch)
        return;
    task_free(fetch->task);
    slice_free(fetch->slice);
    g_queue_clear_full(&fetch->todo, slice_free);
    part_spec_free(fetch->spec);
    g_clear_pointer(&fetch->totals, g_array_unref);
    g_clear_error(&fetch->error);
    g_free(fetch);
}

/* ---- the end ---- */

typedef struct {
    Cache *cache;
    PartSpec *spec;
    gboolean full; /* the disk is */
} Discard;

static gboolean run_discard(sqlite3 *db, void *job, GError **error)
{
    const Discard *discard = job;

    return parts_discard(db, discard->spec, error) && (!discard->full || room_give_back(db, error));
}

static void discarded(void *job, const GError *error)
{
    Discard *discard = job;

    if (error)
        g_ptr_array_add(discard->cache->reports->left, g_steal_pointer(&discard->spec));
}

static void discard_free(void *job)
{
    Discard *discard = job;

    part_spec_free(discard->spec);
    g_free(discard);
}

static const JobType discard_job = {run_discard, discarded, discard_free};

static void push_discard(Cache *cache, PartSpec *spec, gboolean full) /* takes spec */
{
    Discard *discard = g_new0(Discard, 1);

    *discard = (Discard){cache, spec, full};
    writer_push(cache->writer, &discard_job, discard, FALSE);
}

/* What could not be removed may be so by now. */
static void discard_left(Cache *cache)
{
    GPtrArray *left = cache->reports->left;

    for (; left->len > 0;)
        push_discard(cache, g_ptr_array_steal_index_fast(left, 0), TRUE);
}

static void end(Fetch *fetch)
{
    Report *report = fetch->report;
    g_autoptr(GError) error = g_steal_pointer(&fetch->error);

    if (error)
        push_discard(fetch->cache, g_steal_pointer(&fetch->spec),
                     g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC));
    report_fetched(report, fetch, error);
}

static void begin_round(Fetch *fetch)
{
    fetch->round++;
    fetch->proof = (PartProof){0};
    fetch->uncounted = FALSE;
    g_clear_pointer(&fetch->totals, g_array_unref);
    fetch->most_ids = FILTER_IDS_MAX;
    g_queue_push_tail(&fetch->todo, slice_new(fetch->spec->start, fetch->spec->end));
    fetch_go_on(fetch);
}

static gboolean run_restart(sqlite3 *db, void *job, GError **error)
{
    return parts_discard(db, ((Fetch *)job)->spec, error);
}

static void restarted(void *job, const GError *error)
{
    if (error)
        fetch_fail(job, error);
    else
        begin_round(job);
}

static const JobType restart_job = {run_restart, restarted, NULL};

static gboolean run_finish(sqlite3 *db, void *job, GError **error)
{
    Fetch *fetch = job;

    return parts_finish(db, fetch->spec, &fetch->proof, &fetch->more, error);
}

static void push_finish(Fetch *fetch);

static GError *not_whole(const Fetch *fetch, const GError *error)
{
    return api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                         "The report on %s from %s to %s can not be proved complete: %s, read %d "
                         "times",
                         fetch->spec->account_id, fetch->spec->start, fetch->spec->end,
                         error->message, FETCH_ROUNDS);
}

static void finished(void *job, const GError *error)
{
    Fetch *fetch = job;
    gboolean again = g_error_matches(error, API_ERROR, API_ERROR_INCOMPLETE);
    g_autoptr(GError) told = again ? not_whole(fetch, error) : NULL;

    if (again && fetch->round < FETCH_ROUNDS)
        writer_push(fetch->cache->writer, &restart_job, fetch, FALSE);
    else if (error)
        fetch_fail(fetch, again ? told : error);
    else if (fetch->more)
        push_finish(fetch);
    else
        end(fetch);
}

static const JobType finish_job = {run_finish, finished, NULL};

/* Figures of the last days grow from page to page, and days that are not over do all the time. */
static gboolean is_final(const Fetch *fetch)
{
    gint64 now = clock_wall(fetch->cache->config.clock) / G_USEC_PER_SEC / 86400;
    guint last = day_number(fetch->spec->end), epoch = day_number("1970-01-01");

    return now - ((gint64)last - epoch) > fetch->spec->settle_days;
}

static void push_finish(Fetch *fetch)
{
    fetch->proof.totals = fetch->uncounted || fetch_is_open(fetch) ? NULL : fetch->totals;
    fetch->proof.grows = !is_final(fetch);
    writer_push(fetch->cache->writer, &finish_job, fetch, FALSE);
}

void fetch_fail(Fetch *fetch, const GError *error)
{
    g_clear_pointer(&fetch->slice, slice_free);
    fetch->error = g_error_copy(error);
    end(fetch);
}

void fetch_count(Fetch *fetch, const Slice *slice)
{
    PartProof *proof = &fetch->proof;

    proof->least += slice->total;
    proof->most += proof->most < 0 ? 0 : slice->total;
    fetch->uncounted |= slice->totals == NULL;
    if (!slice->totals)
        return;
    if (!fetch->totals)
        fetch->totals = sums_new(fetch->spec->shape);
    sums_add(fetch->totals, slice->totals);
}

/* ---- pages ---- */

static char *query_page(const void *data, guint page)
{
    const SliceSpec *slice = data;
    ReportCall call = slice_call(slice);

    call.totals = page == 1 && slice->objects == REPORT_ALL && report_has_totals(call.shape);

    return encode_report(&call, page, PAGE_SIZE);
}

static void pages_ended(void *user_data, const GError *error)
{
    Fetch *fetch = user_data;
    Slice *slice = fetch->slice;

    slice->totals = g_steal_pointer(&fetch->reading->totals);
    fetch->reading = NULL;
    if (error) {
        fetch_fail(fetch, error);
        return;
    }
    if (slice->way == SLICE_TASK) {
        fetch_by_task(fetch);
        return;
    }
    if (slice->way == SLICE_SPLIT) {
        fetch_split(fetch);
        return;
    }
    if (slice->objects == REPORT_ALL) /* others are counted in these */
        fetch_count(fetch, slice);
    fetch_go_on(fetch);
}

gboolean fetch_is_wanted(void *user_data)
{
    return flight_is_wanted(&((const Fetch *)user_data)->report->flight);
}

static void read_pages(Fetch *fetch)
{
    SliceSpec *spec = fetch_new_spec(fetch, fetch->slice);
    PagePlan plan = {
        .endpoint = ENDPOINT_REPORT,
        .page_size = PAGE_SIZE,
        .advertiser = fetch->report->shape->type == REPORT_CENTER ? NULL : fetch->spec->account_id,
        .what = g_strdup_printf("rows of the report on %s from %s to %s", fetch->spec->account_id,
                                spec->start, spec->end),
        .query = query_page,
        .store = parts_store,
        .finish = parts_end_slice,
        .ended = pages_ended,
        .wanted = fetch_is_wanted,
        .stops = fetch_page,
        .spec = spec,
        .spec_free = slice_spec_free,
        .calls = &fetch->report->calls,
        .user_data = fetch,
    };

    fetch->reading = spec;
    pages_start(fetch->cache, &plan, fetch->report->priority);
}

void fetch_hurry(Fetch *fetch)
{
    pages_hurry(fetch->cache, fetch);
    if (fetch->task)
        task_hurry(fetch->task);
}

void fetch_go_on(Fetch *fetch)
{
    do {
        g_clear_pointer(&fetch->slice, slice_free);
        fetch->slice = g_queue_pop_head(&fetch->todo);
    } while (fetch->slice && fetch_cut_ids(fetch));
    if (fetch->slice)
        read_pages(fetch);
    else
        push_finish(fetch);
}

void fetch_start(Report *report, const Span *span)
{
    Fetch *fetch = g_new0(Fetch, 1);

    discard_left(report->cache);
    fetch->cache = report->cache;
    fetch->report = report;
    fetch->began_us = clock_wall(report->cache->config.clock);
    fetch->spec = make_spec(report, span);
    g_queue_init(&fetch->todo);
    g_ptr_array_add(report->fetches, fetch);
    begin_round(fetch);
}
