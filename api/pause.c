/* SPDX-License-Identifier: MIT */
/* pause.c - two pauses for all, and a table for those of endpoints and advertisers. */
#include "api/pause.h"

#include <string.h>

#include "api/retry.h"

enum { STRIKES_MAX = 3 };

static const gint64 second_us = G_USEC_PER_SEC;
static const gint64 long_us = 300 * (gint64)G_USEC_PER_SEC;

gint64 pauses_until_us(const Pauses *pauses)
{
    return MAX(pauses->app.until_us, pauses->everything.until_us);
}

static const char *name_of(PauseScope scope, const PauseCall *call)
{
    return scope == PAUSE_ENDPOINT ? call->endpoint : call->advertiser;
}

static gboolean is_of(const Pause *pause, const PauseCall *call)
{
    const char *name = name_of((PauseScope)pause->scope, call);

    return pause->scope != PAUSE_NONE && name != NULL &&
           strncmp(pause->name, name, PAUSE_NAME_MAX - 1) == 0;
}

gint64 pauses_call_until_us(const Pauses *pauses, const PauseCall *call, gint64 now_us)
{
    gint64 until_us = now_us;

    for (guint i = 0; i < PAUSES_MAX; i++)
        if (pauses->others[i].until_us > until_us && is_of(&pauses->others[i], call))
            until_us = pauses->others[i].until_us;
    return until_us;
}

static Pause *find(Pauses *pauses, PauseScope scope, const PauseCall *call)
{
    for (guint i = 0; i < PAUSES_MAX; i++)
        if (pauses->others[i].scope == (gint32)scope && is_of(&pauses->others[i], call))
            return &pauses->others[i];
    return NULL;
}

/* A new one takes the place of the one that ended, or ends, first. */
static Pause *find_or_add(Pauses *pauses, PauseScope scope, const PauseCall *call)
{
    Pause *pause = find(pauses, scope, call);

    if (pause != NULL)
        return pause;
    pause = &pauses->others[0];
    for (guint i = 1; i < PAUSES_MAX && pause->scope != PAUSE_NONE; i++)
        if (pauses->others[i].scope == PAUSE_NONE || pauses->others[i].until_us < pause->until_us)
            pause = &pauses->others[i];
    *pause = (Pause){.scope = (gint32)scope};
    g_strlcpy(pause->name, name_of(scope, call), PAUSE_NAME_MAX);
    return pause;
}

static void strike(Pause *pause, gint64 now_us)
{
    pause->until_us = now_us + second_us;
    if (pause->strikes < STRIKES_MAX)
        return;
    pause->until_us = now_us + long_us;
    pause->strikes = 0;
    pause->long_ones++;
}

const Pause *pauses_refused(Pauses *pauses, PauseScope scope, const PauseCall *call, gint64 sent_us,
                            gint64 now_us)
{
    Pause *pause = scope == PAUSE_APP          ? &pauses->app
                   : scope == PAUSE_EVERYTHING ? &pauses->everything
                                               : find_or_add(pauses, scope, call);

    if (pause->struck_us != 0 && sent_us < pause->struck_us)
        return NULL;
    pause->scope = (gint32)scope;
    pause->struck_us = now_us;
    pause->strikes++;
    if (scope == PAUSE_ADVERTISER)
        pause->until_us = now_us + retry_delay_us(pause->strikes);
    else if (scope == PAUSE_EVERYTHING)
        pause->until_us = now_us + retry_plain_delay_us(pause->strikes);
    else
        strike(pause, now_us);
    return pause;
}

static void forget(Pause *pause, gint64 sent_us)
{
    if (pause != NULL && sent_us >= pause->struck_us)
        *pause = (Pause){.scope = PAUSE_NONE};
}

void pauses_went_well(Pauses *pauses, const PauseCall *call, gint64 sent_us)
{
    forget(&pauses->app, sent_us);
    forget(&pauses->everything, sent_us);
    for (guint i = 0; i < PAUSES_MAX; i++)
        if (is_of(&pauses->others[i], call))
            forget(&pauses->others[i], sent_us);
}

static void shift(Pause *pause, gint64 by_us)
{
    if (pause->struck_us == 0)
        return;
    pause->struck_us += by_us;
    pause->until_us += by_us;
}

void pauses_shift(Pauses *pauses, gint64 by_us)
{
    shift(&pauses->app, by_us);
    shift(&pauses->everything, by_us);
    for (guint i = 0; i < PAUSES_MAX; i++)
        shift(&pauses->others[i], by_us);
}

static void join(Pause *pause, const Pause *other)
{
    if (other->until_us > pause->until_us)
        *pause = *other;
}

void pauses_join(Pauses *pauses, const Pauses *other, gint64 now_us)
{
    join(&pauses->app, &other->app);
    join(&pauses->everything, &other->everything);
    for (guint i = 0; i < PAUSES_MAX; i++) {
        const Pause *from = &other->others[i];

        if (from->scope != PAUSE_NONE && from->until_us > now_us)
            join(find_or_add(pauses, (PauseScope)from->scope, &(PauseCall){from->name, from->name}),
                 from);
    }
}

static gboolean is_sane(const Pause *pause, gint64 now_us)
{
    /* A second, for who looked at the clock before another did. */
    return pause->until_us <= now_us + long_us + second_us &&
           pause->struck_us <= now_us + second_us &&
           memchr(pause->name, '\0', PAUSE_NAME_MAX) != NULL;
}

gboolean pauses_are_sane(const Pauses *pauses, gint64 now_us)
{
    gboolean sane = is_sane(&pauses->app, now_us) && is_sane(&pauses->everything, now_us);

    for (guint i = 0; i < PAUSES_MAX; i++)
        sane = sane && is_sane(&pauses->others[i], now_us);
    return sane;
}
