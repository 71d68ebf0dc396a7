/* SPDX-License-Identifier: MIT */
/*
 * pace.c - one process's part in the shared state: its owner's row, what it has in flight, and what
 * it does while the file can not be had: it goes on alone, carefully.
 */
#include "api/pace-private.h"

#include <string.h>
#include <unistd.h>

#include "api/process.h"

/* Alone we have a part of the rate: others may go on as well. */
enum { ALONE_PART = 4 };

static const gint64 second_us = G_USEC_PER_SEC;
static const gint64 patience_us = 3 * (gint64)G_USEC_PER_SEC; /* with who has the lock */
/* Longer than any call takes: who did not say in that time how one ended was stopped, or frozen. */
static const gint64 stopped_us = 330 * (gint64)G_USEC_PER_SEC;
static const gint64 yield_us = 2000;                          /* to who is first */
static const gint64 longest_us = 60 * (gint64)G_USEC_PER_SEC; /* clocks may be set meanwhile */

static void news_clear(void *data)
{
    News *news = data;

    g_free((char *)news->call.pause.advertiser);
}

/* ---- processes ---- */

static gboolean is_mine(const Pace *pace, const Owner *owner)
{
    return owner->pid == getpid() && owner->started == pace->started && owner->id == pace->id;
}

static void reap(Pace *pace)
{
    if (pace->now.mono_us - pace->reaped_us < second_us)
        return;
    pace->reaped_us = pace->now.mono_us;
    for (guint i = 0; i < OWNERS_MAX; i++) {
        Owner *owner = &pace->state->owners[i];

        if (owner->pid == 0 || owner == pace->owner)
            continue;
        if (process_started(owner->pid) != owner->started)
            limit_leave(pace->state, owner, pace->now);
        else if (pace->now.mono_us - owner->seen_us > stopped_us)
            limit_rest(pace->state, owner, pace->now);
    }
}

static Owner *search_owner(Pace *pace)
{
    Owner *owners = pace->state->owners, *unused = NULL;

    for (guint i = 0; i < OWNERS_MAX; i++) {
        if (is_mine(pace, &owners[i]))
            return &owners[i];
        if (owners[i].pid == 0 && unused == NULL)
            unused = &owners[i];
    }
    return unused;
}

/* Our row in the state, with what we have in flight, whatever others took us for meanwhile; FALSE:
   it has none for us. */
static gboolean find_owner(Pace *pace)
{
    Owner *owners = pace->state->owners;

    if (pace->owner < owners || pace->owner >= owners + OWNERS_MAX || !is_mine(pace, pace->owner))
        pace->owner = search_owner(pace);
    if (pace->owner == NULL)
        return FALSE;
    if (!is_mine(pace, pace->owner))
        *pace->owner = (Owner){.pid = getpid(), .started = pace->started, .id = pace->id};
    pace->owner->seen_us = pace->now.mono_us;
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++)
        pace->owner->in_flight[i] = pace->in_flight[i];
    return TRUE;
}

/* ---- alone ---- */

/* The days as we know them. */
static void set_base(Pace *pace)
{
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++)
        pace->base[i] = pace->local->limits[i].day;
}

/* What the others sent in the last second is not known here: it counts as full. */
static void go_alone(Pace *pace, const char *why)
{
    if (!pace->alone) {
        g_message("the rate is not shared for now, and a quarter of it used: %s", why);
        memset(pace->local->owners, 0, sizeof pace->local->owners);
        window_add(&pace->local->limits[BUCKET_APP].second, &window_second, pace->now.mono_us,
                   pace->config.app.qps);
        set_base(pace);
    }
    pace->alone = TRUE;
    pace->retry_us = pace->now.mono_us + second_us;
    pace->state = pace->local;
}

/* The file has begun anew: what we know of the days, and all our own calls, go into it. */
static void bring_along(Pace *pace, LimitState *shared)
{
    if (!pace->alone)
        set_base(pace);
    limit_recall(shared, pace->base, pace->now);
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++) {
        pace->local->limits[i].second = pace->own[i].second;
        pace->local->limits[i].minute = pace->own[i].minute;
    }
}

/* What was sent alone, or is not in the file any more, counts for all again. */
static void come_back(Pace *pace, LimitState *shared)
{
    guint64 serial = pace_file_serial(pace->file);
    gboolean anew = pace->serial != 0 && pace->serial != serial;

    pace->serial = serial;
    if (!pace->alone && !anew)
        return;
    if (anew)
        bring_along(pace, shared);
    if (pace->alone)
        g_message("the rate is shared again");
    pace->alone = FALSE;
    limit_join(shared, pace->local, pace->base, pace->now);
    memset(pace->local, 0, sizeof *pace->local);
}

/* What we must know should we be alone next. */
static void remember(Pace *pace)
{
    pace->local->pauses = pace->state->pauses;
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++)
        pace->local->limits[i].day = pace->state->limits[i].day;
}

/* FALSE: another process has the file, but not for long yet. */
static gboolean choose_state(Pace *pace)
{
    g_autoptr(GError) error = NULL;
    LimitState *shared = NULL;
    gint64 now_us = pace->now.mono_us;

    if (pace->file == NULL || now_us < pace->retry_us)
        return TRUE;
    switch (pace_file_lock(pace->file, &pace->config.app, pace->now, &shared, &error)) {
    case PACE_FILE_LOCKED:
        come_back(pace, shared);
        pace->state = shared;
        pace->locked = TRUE;
        pace->busy_us = 0;
        break;
    case PACE_FILE_BUSY:
        if (pace->busy_us == 0)
            pace->busy_us = now_us;
        if (!pace->alone && now_us - pace->busy_us < patience_us)
            return FALSE;
        go_alone(pace, "a process that does not go on has locked its file");
        break;
    case PACE_FILE_BROKEN:
        go_alone(pace, error->message);
        break;
    }
    return TRUE;
}

/* ---- enter and leave ---- */

Rates pace_rates(const Pace *pace, Bucket bucket)
{
    const Rates *app = &pace->config.app;
    Rates rates = *app;

    if (bucket != BUCKET_APP && (app->qps | app->qpm | app->qpd) != 0)
        rates = *rates_own(bucket, pace->config.tier);
    if (pace->alone && rates.qps > 0)
        rates.qps = MAX(rates.qps / ALONE_PART, 1);
    if (pace->alone && rates.qpm > 0)
        rates.qpm = MAX(rates.qpm / ALONE_PART, 1);
    return rates;
}

static void add_own(Pace *pace, Bucket bucket)
{
    window_add(&pace->own[bucket].second, &window_second, pace->now.mono_us, 1);
    window_add(&pace->own[bucket].minute, &window_minute, pace->now.mono_us, 1);
}

static void tell(Pace *pace, const News *news)
{
    Bucket bucket = news->scope == PAUSE_APP ? BUCKET_APP : news->call.bucket;
    Rates rates = pace_rates(pace, bucket);

    switch (news->kind) {
    case NEWS_ANSWERED:
        limit_answered(pace->state, pace->owner, news->call.bucket, pace->now);
        pace->in_flight[BUCKET_APP]--;
        add_own(pace, BUCKET_APP);
        if (news->call.bucket != BUCKET_APP) {
            pace->in_flight[news->call.bucket]--;
            add_own(pace, news->call.bucket);
        }
        break;
    case NEWS_REFUSED:
        limit_refused(pace->state, &rates, news->scope, &news->call, news->sent_us, pace->now);
        break;
    case NEWS_WELL:
        pauses_went_well(&pace->state->pauses, &news->call.pause, news->sent_us);
        break;
    }
}

gboolean pace_enter(Pace *pace)
{
    pace->now.mono_us = clock_monotonic(pace->config.clock);
    pace->now.wall_us = clock_wall(pace->config.clock);
    if (!choose_state(pace))
        return FALSE;
    reap(pace);
    if (!find_owner(pace)) {
        pace_leave(pace);
        go_alone(pace, "too many processes share it");
        find_owner(pace);
    }
    for (guint i = 0; i < pace->news->len; i++)
        tell(pace, &g_array_index(pace->news, News, i));
    g_array_set_size(pace->news, 0);
    return TRUE;
}

void pace_leave(Pace *pace)
{
    if (!pace->locked)
        return;
    remember(pace);
    pace_file_unlock(pace->file, pace->now);
    pace->locked = FALSE;
}

/* ---- between the two ---- */

gint64 pace_now_us(const Pace *pace)
{
    return pace->now.mono_us;
}

gint64 pace_call_us(Pace *pace, const LimitCall *call)
{
    Rates rates = pace_rates(pace, call->bucket);

    return limit_call_next_us(pace->state, &rates, call, pace->now);
}

gint64 pace_turn_us(Pace *pace, CallPriority priority)
{
    Rates app = pace_rates(pace, BUCKET_APP);
    gint64 now_us = pace->now.mono_us;
    gint64 next_us = limit_next_us(pace->state, &app, pace->now);

    if (next_us > now_us)
        return MIN(next_us, now_us + longest_us);
    if (limit_free(pace->state, &app, pace->now) >
        limit_ahead(pace->state, pace->owner, priority, now_us))
        return now_us;
    return now_us + yield_us;
}

void pace_take(Pace *pace, const LimitCall *call, CallPriority priority)
{
    limit_take(pace->state, pace->owner, call->bucket, priority, pace->now);
    pace->in_flight[BUCKET_APP]++;
    if (call->bucket != BUCKET_APP)
        pace->in_flight[call->bucket]++;
}

void pace_announce(Pace *pace, const guint waiting[N_CALL_PRIORITIES], gint64 look_us)
{
    limit_announce(pace->state, pace->owner, waiting, look_us);
}

/* ---- at any time ---- */

static void add_news(Pace *pace, NewsKind kind, const LimitCall *call, PauseScope scope,
                     gint64 sent_us)
{
    News news = {kind, *call, scope, sent_us};

    news.call.pause.advertiser = kind == NEWS_ANSWERED ? NULL : g_strdup(call->pause.advertiser);
    g_array_append_val(pace->news, news);
}

void pace_answered(Pace *pace, const LimitCall *call)
{
    add_news(pace, NEWS_ANSWERED, call, PAUSE_NONE, 0);
}

void pace_refused(Pace *pace, const LimitCall *call, PauseScope scope, gint64 sent_us)
{
    add_news(pace, NEWS_REFUSED, call, scope, sent_us);
}

void pace_went_well(Pace *pace, const LimitCall *call, gint64 sent_us)
{
    add_news(pace, NEWS_WELL, call, PAUSE_NONE, sent_us);
}

gboolean pace_has_news(const Pace *pace)
{
    return pace->news->len > 0;
}

/* ---- life ---- */

Pace *pace_new(const PaceConfig *config)
{
    Pace *pace = g_new0(Pace, 1);

    pace->config = *config;
    pace->config.file = pace->config.boot = NULL;
    if (config->file != NULL)
        pace->file = pace_file_new(config->file, config->boot);
    pace->state = pace->local = g_new0(LimitState, 1);
    pace->started = process_started(getpid());
    pace->id = (guint64)g_random_int() << 32 | g_random_int();
    pace->news = g_array_new(FALSE, FALSE, sizeof(News));
    g_array_set_clear_func(pace->news, news_clear);
    return pace;
}

void pace_free(Pace *pace)
{
    if (pace == NULL)
        return;
    if (pace_enter(pace)) {
        limit_leave(pace->state, pace->owner, pace->now);
        pace_leave(pace);
    }
    pace_file_free(pace->file);
    g_array_unref(pace->news);
    g_free(pace->local);
    g_free(pace);
}
