/* SPDX-License-Identifier: MIT */
/*
 * limit.c - windows, the day, and turns. What is used of a window is what all owners together have
 * in flight, and what was answered inside it.
 */
#include "api/limit.h"

/* More than any process has in flight, than any app may send, and than anybody lives. */
enum { IN_FLIGHT_MAX = 1000, USED_MAX = 1000000000, DAY_MAX = 1000000 };

static const gint64 day_us = 86400 * (gint64)G_USEC_PER_SEC;
/* The service's clock may be behind ours: a full day ends a little later. */
static const gint64 day_margin_us = 2 * (gint64)G_USEC_PER_SEC;
/* Another process that looked in time has its turn; one that did not, was stopped, say, loses it.
   The first is for calls of more weight than ours, the second for equals. */
static const gint64 grace_us[2] = {250000, 10000};

/* clang-format off */
static const struct {
    const char *name;
    Rates tiers[4]; /* basic, advanced, premium, ultimate */
} own[N_BUCKETS] = {
    [BUCKET_APP] = {"app", {{0}}},
    [BUCKET_REPORT_TASK] = {"report/task/create",
        {{2, 60, 4500}, {2, 60, 4500}, {2, 60, 4500}, {2, 60, 4500}}},
    [BUCKET_AD_CREATE] = {"ad/create",
        {{5, 150, 86400}, {10, 200, 86400}, {10, 300, 86400}, {15, 300, 86400}}},
};
/* clang-format on */

const Rates *rates_own(Bucket bucket, guint tier)
{
    return &own[bucket].tiers[MIN(tier, G_N_ELEMENTS(own[bucket].tiers) - 1)];
}

const char *bucket_name(Bucket bucket)
{
    return own[bucket].name;
}

static guint in_flight(const LimitState *state, Bucket bucket)
{
    guint n = 0;

    for (guint i = 0; i < OWNERS_MAX; i++)
        n += state->owners[i].in_flight[bucket];
    return n;
}

/* ---- the day ---- */

/* What is under way at midnight may be counted on either side. A day before the one we know: the
   clock was set back, and both days' calls may have been sent in this one. */
static void day_turn(Day *day, guint in_flight_now, gint64 wall_us)
{
    gint64 today = wall_us / day_us;

    if (today == day->day ||
        (day->full && today > day->day && wall_us < (day->day + 1) * day_us + day_margin_us))
        return;
    if (today > day->day) {
        *day = (Day){today, day->day, in_flight_now, day->used, FALSE};
        return;
    }
    if (day->day_before >= today)
        day->used += day->used_before;
    day->day = today;
    day->day_before = day->used_before = 0;
}

static gboolean day_is_full(const Day *day, guint qpd)
{
    return day->full || (qpd > 0 && day->used >= qpd);
}

/* Full by our own count is not written down: another profile of the app may allow itself more. */
static gint64 day_next_us(Day *day, guint qpd, guint in_flight_now, Moment now)
{
    gint64 next_wall_us = 0;

    day_turn(day, in_flight_now, now.wall_us);
    if (day_is_full(day, qpd))
        next_wall_us = (day->day + 1) * day_us + day_margin_us;
    else if (qpd > 0 && day->day_before == day->day - 1 && day->used_before + day->used >= qpd)
        next_wall_us = day->day * day_us + day_margin_us;
    return now.mono_us + MAX(next_wall_us - now.wall_us, 0);
}

/* ---- windows ---- */

static gint64 window_next_us(Window *window, const WindowKind *kind, guint most,
                             guint in_flight_now, gint64 now_us)
{
    guint used = most > 0 ? window_used(window, kind, now_us) + in_flight_now : 0;
    gint64 left_us;

    if (most == 0 || used < most)
        return now_us;
    left_us = window_left_us(window, kind, now_us, used - most + 1);
    /* an answer must come first; none is earlier than now */
    return left_us != G_MAXINT64 ? left_us : now_us + kind->length_us;
}

void limit_use(LimitState *state, const Rates *rates, Bucket bucket, LimitWindow window, Moment now,
               LimitUse *ret)
{
    Limit *limit = &state->limits[bucket];
    guint n = in_flight(state, bucket);
    gint64 now_us = now.mono_us;

    *ret = (LimitUse){.limit = rates->qps};
    if (window == LIMIT_SECOND) {
        ret->used = n + window_used(&limit->second, &window_second, now_us);
        ret->next_us = window_next_us(&limit->second, &window_second, rates->qps, n, now_us);
    } else if (window == LIMIT_MINUTE) {
        ret->limit = rates->qpm;
        ret->used = n + window_used(&limit->minute, &window_minute, now_us);
        ret->next_us = window_next_us(&limit->minute, &window_minute, rates->qpm, n, now_us);
    } else {
        ret->limit = rates->qpd;
        ret->next_us = day_next_us(&limit->day, rates->qpd, n, now);
        ret->used = (guint)MIN(limit->day.used, G_MAXUINT);
    }
}

static gint64 bucket_next_us(LimitState *state, Bucket bucket, const Rates *rates, Moment now)
{
    Limit *limit = &state->limits[bucket];
    guint n = in_flight(state, bucket);
    gint64 next_us = day_next_us(&limit->day, rates->qpd, n, now);

    next_us =
        MAX(next_us, window_next_us(&limit->second, &window_second, rates->qps, n, now.mono_us));
    return MAX(next_us, window_next_us(&limit->minute, &window_minute, rates->qpm, n, now.mono_us));
}

gint64 limit_next_us(LimitState *state, const Rates *app, Moment now)
{
    return MAX(bucket_next_us(state, BUCKET_APP, app, now), pauses_until_us(&state->pauses));
}

gint64 limit_call_next_us(LimitState *state, const Rates *own_rates, const LimitCall *call,
                          Moment now)
{
    gint64 next_us = pauses_call_until_us(&state->pauses, &call->pause, now.mono_us);

    if (call->bucket == BUCKET_APP)
        return next_us;
    return MAX(next_us, bucket_next_us(state, call->bucket, own_rates, now));
}

guint limit_free(LimitState *state, const Rates *app, Moment now)
{
    const guint most[N_LIMIT_WINDOWS] = {app->qps, app->qpm, app->qpd};
    guint n = G_MAXUINT;

    if (limit_next_us(state, app, now) > now.mono_us)
        return 0;
    for (LimitWindow i = LIMIT_SECOND; i < N_LIMIT_WINDOWS; i++) {
        LimitUse use;

        if (most[i] == 0)
            continue;
        limit_use(state, app, BUCKET_APP, i, now, &use);
        n = MIN(n, most[i] - MIN(use.used, most[i]));
    }
    return n;
}

/* ---- turns ---- */

static gboolean is_looking(const Owner *owner, gboolean equal, gint64 now_us)
{
    return owner->pid != 0 && now_us - grace_us[equal] < owner->look_us;
}

/* Of more weight: first of all they, so that a write is the next call that is sent. Equals: as many
   as they had fewer turns than we, so that slots that come free together are shared, too. */
guint limit_ahead(const LimitState *state, const Owner *owner, guint priority, gint64 now_us)
{
    guint n = 0;

    for (guint i = 0; i < OWNERS_MAX; i++) {
        const Owner *other = &state->owners[i];
        guint64 mine = owner->turns[priority], theirs = other->turns[priority];

        if (other == owner || !is_looking(other, FALSE, now_us))
            continue;
        for (guint j = 0; j < priority; j++)
            if (other->waiting[j] > 0)
                return G_MAXUINT;
        if (theirs < mine && is_looking(other, TRUE, now_us))
            n += (guint)MIN(other->waiting[priority], mine - theirs);
    }
    return n;
}

/* Who did not wait has saved no turns up. */
static void come(const LimitState *state, Owner *owner, guint priority)
{
    if (owner->waiting[priority] == 0)
        owner->turns[priority] = MAX(owner->turns[priority], state->turns[priority]);
}

void limit_announce(LimitState *state, Owner *owner, const guint waiting[LIMIT_PRIORITIES],
                    gint64 look_us)
{
    for (guint i = 0; i < LIMIT_PRIORITIES; i++) {
        if (waiting[i] > 0)
            come(state, owner, i);
        owner->waiting[i] = waiting[i];
    }
    owner->look_us = look_us;
}

/* ---- a call's way ---- */

static void take(LimitState *state, Owner *owner, Bucket bucket, Moment now)
{
    Day *day = &state->limits[bucket].day;

    day_turn(day, in_flight(state, bucket), now.wall_us);
    day->used++;
    owner->in_flight[bucket]++;
}

void limit_take(LimitState *state, Owner *owner, Bucket bucket, guint priority, Moment now)
{
    take(state, owner, BUCKET_APP, now);
    if (bucket != BUCKET_APP)
        take(state, owner, bucket, now);
    come(state, owner, priority);
    state->turns[priority] = owner->turns[priority]++;
}

/* First counted, then no longer in flight: one that dies between leaves too much, not too little.
 */
static void answered(LimitState *state, Owner *owner, Bucket bucket, guint n, Moment now)
{
    Limit *limit = &state->limits[bucket];

    n = MIN(n, owner->in_flight[bucket]);
    window_add(&limit->second, &window_second, now.mono_us, n);
    window_add(&limit->minute, &window_minute, now.mono_us, n);
    day_turn(&limit->day, in_flight(state, bucket), now.wall_us);
    owner->in_flight[bucket] -= n;
}

void limit_answered(LimitState *state, Owner *owner, Bucket bucket, Moment now)
{
    answered(state, owner, BUCKET_APP, 1, now);
    if (bucket != BUCKET_APP)
        answered(state, owner, bucket, 1, now);
}

/* By the day, where our own count says that it is over, or five minutes' silence did not help and
   it is nearly over: others use the app, too, and we did not see their calls. */
void limit_refused(LimitState *state, const Rates *rates, PauseScope scope, const LimitCall *call,
                   gint64 sent_us, Moment now)
{
    gboolean app = scope == PAUSE_APP;
    const Pause *pause = pauses_refused(&state->pauses, scope, &call->pause, sent_us, now.mono_us);
    Day *day = &state->limits[app ? BUCKET_APP : call->bucket].day;

    if (pause == NULL || rates->qpd == 0 ||
        !(app || (scope == PAUSE_ENDPOINT && call->bucket != BUCKET_APP)))
        return;
    if (day->used >= rates->qpd ||
        (pause->long_ones > 0 && pause->strikes > 0 && day->used * 10 >= (guint64)rates->qpd * 9))
        day->full = TRUE;
}

void limit_rest(LimitState *state, Owner *owner, Moment now)
{
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++)
        answered(state, owner, i, owner->in_flight[i], now);
}

void limit_leave(LimitState *state, Owner *owner, Moment now)
{
    limit_rest(state, owner, now);
    *owner = (Owner){0};
}

void limit_shift(LimitState *state, gint64 by_us, Moment now)
{
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++) {
        window_shift(&state->limits[i].second, &window_second, by_us);
        window_shift(&state->limits[i].minute, &window_minute, by_us);
    }
    pauses_shift(&state->pauses, by_us);
    for (guint i = 0; i < OWNERS_MAX; i++)
        limit_leave(state, &state->owners[i], now);
}

void limit_join(LimitState *state, LimitState *apart, const Day before[N_BUCKETS], Moment now)
{
    gint64 now_us = now.mono_us;

    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++) {
        Limit *from = &apart->limits[i], *to = &state->limits[i];
        guint64 known = from->day.day == before[i].day ? before[i].used : 0;

        window_add(&to->second, &window_second, now_us,
                   window_used(&from->second, &window_second, now_us));
        window_add(&to->minute, &window_minute, now_us,
                   window_used(&from->minute, &window_minute, now_us));
        day_turn(&to->day, in_flight(state, i), now.wall_us);
        to->day.used += from->day.used - MIN(known, from->day.used);
    }
    pauses_join(&state->pauses, &apart->pauses, now_us);
}

void limit_recall(LimitState *state, const Day known[N_BUCKETS], Moment now)
{
    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++) {
        Day *day = &state->limits[i].day, before = known[i];
        guint64 full;

        day_turn(day, in_flight(state, i), now.wall_us);
        day_turn(&before, 0, now.wall_us);
        full = day->full | before.full;
        if (before.used > day->used)
            *day = before;
        day->full = full;
    }
}

static gboolean is_sane(const Limit *limit, gint64 now_us)
{
    const Day *day = &limit->day;

    return window_is_sane(&limit->second, &window_second, now_us) &&
           window_is_sane(&limit->minute, &window_minute, now_us) && day->day >= 0 &&
           day->day <= DAY_MAX && day->full <= TRUE && day->used <= USED_MAX &&
           day->used_before <= USED_MAX;
}

gboolean limit_is_sane(const LimitState *state, Moment now)
{
    gboolean sane = pauses_are_sane(&state->pauses, now.mono_us);

    for (Bucket i = BUCKET_APP; i < N_BUCKETS; i++) {
        sane = sane && is_sane(&state->limits[i], now.mono_us);
        for (guint j = 0; j < OWNERS_MAX; j++)
            sane = sane && state->owners[j].in_flight[i] <= IN_FLIGHT_MAX &&
                   (state->owners[j].pid != 0 || state->owners[j].in_flight[i] == 0);
    }
    return sane;
}
