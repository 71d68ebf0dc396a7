/* SPDX-License-Identifier: MIT */
/*
 * fetch-slices.c - how a slice is read, once page 1 has said how much it is, and what takes its
 * place when that is not to be had.
 */
#include <string.h>

#include "api/error.h"
#include "api/report-rules.h"
#include "cache/fetch-private.h"
#include "cache/object-ids.h"

enum {
    ASYNC_PAGES = 20,
    CREATES_KEPT = 5, /* one in so many creates of a day is for people */
    REFUSED_S = 15 * 60
};

/* A task that was created earlier is of use for an hour: what it says of open days is so old. */
#define FOUND_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

enum { CREATES_A_DAY = 4500 /* at every tier, API 4.7 */ };

static void push(Fetch *fetch, Slice *slice)
{
    g_queue_push_head(&fetch->todo, slice);
}

static Slice *like(const Slice *slice, const char *start, const char *end)
{
    Slice *copy = slice_new(start, end);

    copy->kind = slice->kind;
    copy->ids = g_strdupv(slice->ids);
    copy->objects = slice->objects;
    copy->by_pages = slice->by_pages;
    copy->failures = slice->failures;
    return copy;
}

/* ---- pages or a task ---- */

/* The creates of a day are scarce: what nobody waits for leaves the last of them. */
static gboolean has_creates(const Fetch *fetch)
{
    const CacheConfig *config = &fetch->cache->config;
    ClientWindow windows[32];
    guint n = config->windows ? config->windows(config->client, windows, G_N_ELEMENTS(windows)) : 0;

    if (cache_now(fetch->cache) < fetch->cache->reports->creates_us)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        const ClientWindow *window = &windows[i];
        guint kept = fetch->report->priority == CALL_BACKGROUND ? window->limit / CREATES_KEPT : 0;

        if (g_strcmp0(window->name, "report/task/create") == 0 &&
            g_strcmp0(window->window, "day") == 0 && window->limit > 0 &&
            window->used + kept >= window->limit)
            return FALSE;
    }
    return TRUE;
}

/* The last round is by pages: where tasks say otherwise time after time, these are right. */
static gboolean wants_task(const Fetch *fetch, const Slice *slice, gint64 n_rows, guint n_pages)
{
    const CacheConfig *config = &fetch->cache->config;
    guint most = config->async_pages ? config->async_pages : ASYNC_PAGES;

    if (slice->by_pages || slice->objects != REPORT_ALL || config->report_mode == REPORT_SYNC ||
        n_rows == 0 || !report_check_task(fetch->spec->shape, NULL))
        return FALSE;
    if (config->report_mode == REPORT_AUTO && (n_pages <= most || fetch->round == FETCH_ROUNDS))
        return FALSE;
    return has_creates(fetch);
}

gboolean fetch_page(void *user_data, const Answer *answer, guint n_pages)
{
    Fetch *fetch = user_data;
    Slice *slice = fetch->slice;

    slice->total = answer->total_number;
    slice->way = SLICE_PAGES;
    if (answer->truncated && fetch->spec->shape->level != KIND_ADVERTISER)
        slice->way = SLICE_SPLIT;
    else if (!answer->truncated && wants_task(fetch, slice, answer->total_number, n_pages))
        slice->way = SLICE_TASK;
    return slice->way != SLICE_PAGES;
}

/* ---- days ---- */

static char *day_after(const char *day, gint64 n)
{
    g_autofree char *iso = g_strconcat(day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);
    g_autoptr(GDateTime) other = time ? g_date_time_add_days(time, (gint)n) : NULL;

    return other ? g_date_time_format(other, "%Y-%m-%d") : g_strdup(day);
}

static gint64 count_days(const Slice *slice)
{
    g_autofree char *start = g_strconcat(slice->start, "T00:00:00Z", NULL);
    g_autofree char *end = g_strconcat(slice->end, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) first = g_date_time_new_from_iso8601(start, NULL);
    g_autoptr(GDateTime) last = g_date_time_new_from_iso8601(end, NULL);

    return first && last ? g_date_time_difference(last, first) / G_TIME_SPAN_DAY + 1 : 1;
}

/* The first day that is not over for sure, wherever the account is. */
static char *open_day(const Fetch *fetch)
{
    gint64 wall_us = clock_wall(fetch->cache->config.clock) - (gint64)12 * 3600 * G_USEC_PER_SEC;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);

    return g_date_time_format(time, "%Y-%m-%d");
}

/* The first so many days of a slice, then the rest of it. */
static void cut(Fetch *fetch, const Slice *slice, gint64 n_days, gboolean rest_by_pages)
{
    g_autofree char *last = day_after(slice->start, n_days - 1);
    g_autofree char *next = day_after(slice->start, n_days);
    Slice *rest = like(slice, next, slice->end);

    rest->by_pages = rest_by_pages;
    push(fetch, rest);
    push(fetch, like(slice, slice->start, last));
}

/* Tasks are behind with the day that is not over (API 4.7): it is read by pages. FALSE: it is not
   in the slice, or whoever mounts wants tasks. */
static gboolean cut_open_day(Fetch *fetch)
{
    const Slice *slice = fetch->slice;
    g_autofree char *open = open_day(fetch);
    gint64 n_days;

    if (fetch->cache->config.report_mode == REPORT_ASYNC || !report_time(fetch->spec->shape) ||
        strcmp(slice->end, open) < 0)
        return FALSE;
    for (n_days = 0; n_days < count_days(slice); n_days++) {
        g_autofree char *day = day_after(slice->start, n_days);
        if (strcmp(day, open) >= 0)
            break;
    }
    if (n_days > 0) {
        cut(fetch, slice, n_days, TRUE);
    } else {
        Slice *whole = like(slice, slice->start, slice->end);
        whole->by_pages = TRUE;
        push(fetch, whole);
    }
    fetch_go_on(fetch);
    return TRUE;
}

/* ---- tasks ---- */

/* What a task can not list. Rows that it has all the same come twice, and are kept once. */
static void add_deleted(Fetch *fetch)
{
    Slice *deleted = like(fetch->slice, fetch->slice->start, fetch->slice->end);

    deleted->objects = REPORT_DELETED;
    push(fetch, deleted);
}

static gboolean is_open_on(const Fetch *fetch, const char *end)
{
    g_autofree char *open = open_day(fetch);

    return fetch->spec->shape->lifetime || strcmp(end, open) >= 0;
}

gboolean fetch_is_open(const Fetch *fetch)
{
    return is_open_on(fetch, fetch->spec->end);
}

static void task_stored(Fetch *fetch, const TaskResult *result)
{
    const Slice *slice = fetch->slice;
    PartProof *proof = &fetch->proof;

    proof->merged = TRUE;
    fetch->report->n_tasks++;
    fetch_count(fetch, slice);
    if (is_open_on(fetch, slice->end))
        proof->most = -1;
    if (result->of_us > 0)
        proof->of_us = proof->of_us > 0 ? MIN(proof->of_us, result->of_us) : result->of_us;
    if (result->rows < slice->total && fetch->spec->shape->level != KIND_ADVERTISER)
        add_deleted(fetch);
    fetch_go_on(fetch);
}

/* In two, and once more; then by pages, as long as no task may be created. */
static void task_failed(Fetch *fetch, const GError *error)
{
    Slice *slice = fetch->slice, *again;
    gint64 n_days = count_days(slice);
    gboolean refused = g_error_matches(error, API_ERROR, API_ERROR_BUSY);

    if (refused && api_error_code(error) != 0) /* not our own queue */
        fetch->cache->reports->creates_us = cache_now(fetch->cache) + REFUSED_S * G_USEC_PER_SEC;
    if (++slice->failures == 1 && !refused && report_time(fetch->spec->shape) && n_days > 1) {
        cut(fetch, slice, n_days / 2, FALSE);
    } else {
        again = like(slice, slice->start, slice->end);
        again->by_pages = refused || slice->failures > 1;
        push(fetch, again);
    }
    fetch_go_on(fetch);
}

static void task_ended(void *user_data, const TaskResult *result)
{
    Fetch *fetch = user_data;

    fetch->task = NULL;
    if (result->end == TASK_STORED)
        task_stored(fetch, result);
    else if (result->end == TASK_FAILED)
        task_failed(fetch, result->error);
    else
        fetch_fail(fetch, result->error);
}

/* Days that could not change any more when it was created are as good after weeks. */
static gint64 not_before_us(const Fetch *fetch, const Slice *slice)
{
    const Report *report = fetch->report;
    gint64 settle = report->cache->config.settle_days;
    g_autofree char *frozen = day_after(slice->end, settle + 1);
    g_autofree char *iso = g_strconcat(frozen, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);
    gint64 young_us =
        MAX(clock_wall(report->cache->config.clock) - FOUND_US, report_refresh(report).at_us);

    if (!time || report->shape->lifetime)
        return young_us;
    return MIN(young_us, g_date_time_to_unix(time) * G_USEC_PER_SEC);
}

/* One task may go on for whoever comes next; not one after the other. */
static void nobody_wants(Fetch *fetch)
{
    g_autoptr(GError) error =
        api_error_new(API_ERROR_CANCELLED, 0, NULL, "Nobody waits for the report any more");

    fetch_fail(fetch, error);
}

void fetch_by_task(Fetch *fetch)
{
    TaskPlan plan = {.slice = NULL,
                     .priority = fetch->report->priority,
                     .calls = &fetch->report->calls,
                     .wanted = fetch_is_wanted,
                     .ended = task_ended,
                     .user_data = fetch};

    if (cut_open_day(fetch))
        return;
    if (fetch->slice->ids && fetch->report->priority != CALL_BACKGROUND &&
        !fetch_is_wanted(fetch)) {
        nobody_wants(fetch);
        return;
    }
    plan.slice = fetch_new_spec(fetch, fetch->slice);
    plan.not_before_us = not_before_us(fetch, fetch->slice);
    fetch->task = task_start(fetch->cache, &plan);
}

/* ---- by campaign, by ad group ---- */

/* What all of the slice is in: a campaign, an ad group; NULL: the account. */
static const char *parent_of(const Fetch *fetch, ObjectKind *ret)
{
    const ReportShape *shape = fetch->spec->shape;

    *ret = fetch->slice->ids ? fetch->slice->kind : shape->object_kind;
    return fetch->slice->ids ? fetch->slice->ids[0] : shape->object_id;
}

/* id: NULL: of all of the account. */
static void too_many(Fetch *fetch, ObjectKind kind, const char *id)
{
    g_autoptr(GError) error = api_error_new(
        API_ERROR_INCOMPLETE, 0, NULL,
        "The service gives only the newest 20,000 of what is in %s %s, and there is no finer way "
        "to ask for it",
        kind_names(id ? kind : KIND_ADVERTISER)->word, id ? id : fetch->spec->account_id);

    fetch_fail(fetch, error);
}

/* n of the ids take the place of what they are in. */
static void push_ids(Fetch *fetch, ObjectKind kind, const void *ids, guint n)
{
    Slice *part = like(fetch->slice, fetch->slice->start, fetch->slice->end);

    g_strfreev(part->ids);
    part->kind = kind;
    part->ids = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++)
        part->ids[i] = g_strdup(((char *const *)ids)[i]);
    push(fetch, part);
}

gboolean fetch_cut_ids(Fetch *fetch)
{
    const Slice *slice = fetch->slice;
    guint n = slice->ids ? g_strv_length(slice->ids) : 0;

    if (n <= fetch->most_ids)
        return FALSE;
    for (guint from = 0; from < n; from += fetch->most_ids)
        push_ids(fetch, slice->kind, slice->ids + from, MIN(fetch->most_ids, n - from));
    return TRUE;
}

/* Of all days of the report there would be more slices than tasks can be created in a day. */
static gboolean is_beyond_a_day(Fetch *fetch, guint n_slices)
{
    const Report *report = fetch->report;
    const Slice whole = {.start = report->start, .end = report->end};
    gint64 n_spans = (count_days(&whole) - 1) / report_span(report->shape) + 1;
    g_autoptr(GError) error = NULL;

    if (report->shape->grain != GRAIN_HOUR || n_spans * n_slices <= CREATES_A_DAY)
        return FALSE;
    error =
        api_error_new(API_ERROR_RANGE, 0, NULL,
                      "The report by hour would take %" G_GINT64_FORMAT
                      " tasks, and no more than %d can be created in a day; ask for fewer days, "
                      "or by day",
                      n_spans * n_slices, CREATES_A_DAY);
    fetch_fail(fetch, error);
    return TRUE;
}

static void ids_listed(void *user_data, const GPtrArray *ids, const GError *error)
{
    Fetch *fetch = user_data;
    ObjectKind kind;
    const char *parent = parent_of(fetch, &kind);

    if (error) {
        fetch_fail(fetch, error);
        return;
    }
    if (is_beyond_a_day(fetch, (ids->len + fetch->most_ids - 1) / fetch->most_ids))
        return;
    if (ids->len == 0) {
        too_many(fetch, kind, parent);
        return;
    }
    for (guint from = 0; from < ids->len; from += fetch->most_ids)
        push_ids(fetch, parent ? KIND_ADGROUP : KIND_CAMPAIGN, ids->pdata + from,
                 MIN(fetch->most_ids, ids->len - from));
    fetch_go_on(fetch);
}

void fetch_split(Fetch *fetch)
{
    ObjectKind kind;
    const char *parent = parent_of(fetch, &kind);
    IdsPlan plan = {.kind = parent ? KIND_ADGROUP : KIND_CAMPAIGN,
                    .account_id = fetch->spec->account_id,
                    .campaign_id = parent,
                    .priority = fetch->report->priority,
                    .calls = &fetch->report->calls,
                    .wanted = fetch_is_wanted,
                    .done = ids_listed,
                    .user_data = fetch};
    const ReportShape *shape = fetch->spec->shape;
    guint n = fetch->slice->ids ? g_strv_length(fetch->slice->ids) : 0;

    if (!shape->id) {
        too_many(fetch, kind, parent); /* what comes of parts of it would have to be added up */
    } else if (n > 1) {
        /* Where so many are too many, as many of others are as well. */
        fetch->most_ids = (n + 1) / 2;
        fetch_cut_ids(fetch);
        fetch_go_on(fetch);
    } else if (parent && (kind != KIND_CAMPAIGN || shape->level == KIND_CAMPAIGN)) {
        too_many(fetch, kind, parent);
    } else {
        object_ids_list(fetch->cache, &plan);
    }
}
