/* SPDX-License-Identifier: MIT */
/* pace-windows.c - the windows and pauses as figures, for whoever looks. */
#include "api/pace-private.h"

static gint64 wall_of(const Pace *pace, gint64 next_us)
{
    return next_us > pace->now.mono_us ? pace->now.wall_us + next_us - pace->now.mono_us : 0;
}

static guint add_bucket(Pace *pace, Bucket bucket, ClientWindow *ret, guint n, guint most)
{
    static const char *const names[N_LIMIT_WINDOWS] = {"second", "minute", "day"};
    Rates rates = pace_rates(pace, bucket);

    for (LimitWindow i = LIMIT_SECOND; i < N_LIMIT_WINDOWS && n < most; i++) {
        LimitUse use;

        limit_use(pace->state, &rates, bucket, i, pace->now, &use);
        ret[n++] = (ClientWindow){.name = bucket_name(bucket),
                                  .window = names[i],
                                  .used = use.used,
                                  .limit = use.limit,
                                  .next_us = wall_of(pace, use.next_us)};
    }
    return n;
}

static guint add_pause(Pace *pace, const Pause *pause, const char *name, ClientWindow *ret, guint n,
                       guint most)
{
    if (n == most || pause->until_us <= pace->now.mono_us)
        return n;
    ret[n] = (ClientWindow){.name = name,
                            .window = PACE_BACK_OFF,
                            .used = pause->strikes,
                            .next_us = wall_of(pace, pause->until_us)};
    return n + 1;
}

guint pace_windows(Pace *pace, ClientWindow *ret, guint most)
{
    const Rates *app = &pace->config.app;
    const Pauses *pauses = &pace->local->pauses; /* as of the last pace_leave() */
    guint n = 0;

    if (!pace_enter(pace))
        return 0;
    n = add_bucket(pace, BUCKET_APP, ret, n, most);
    for (Bucket i = BUCKET_APP + 1; i < N_BUCKETS && (app->qps | app->qpm | app->qpd) != 0; i++)
        n = add_bucket(pace, i, ret, n, most);
    pace_leave(pace);
    n = add_pause(pace, &pauses->app, PACE_ALL, ret, n, most);
    n = add_pause(pace, &pauses->everything, PACE_ALL, ret, n, most);
    for (guint i = 0; i < PAUSES_MAX; i++)
        n = add_pause(pace, &pauses->others[i], pauses->others[i].name, ret, n, most);
    return n;
}
