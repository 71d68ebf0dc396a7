/* SPDX-License-Identifier: MIT */
#pragma once

/* pace-private.h - what pace.c and pace-windows.c share. */
#include "api/pace-file.h"
#include "api/pace.h"

typedef enum { NEWS_ANSWERED, NEWS_REFUSED, NEWS_WELL } NewsKind;

typedef struct {
    NewsKind kind;
    LimitCall call; /* the advertiser is a copy */
    PauseScope scope;
    gint64 sent_us;
} News;

struct Pace {
    PaceConfig config; /* file and boot are not kept */
    PaceFile *file;    /* NULL: none */
    LimitState *local; /* while alone, or without a file */
    LimitState *state; /* the one in use */
    Owner *owner;      /* in it */
    Moment now;        /* of pace_enter() */
    gboolean locked, alone;
    gint64 busy_us, retry_us; /* since when another has the lock; when it is tried again */
    gint64 reaped_us;
    Day base[N_BUCKETS];  /* when we went alone */
    Limit own[N_BUCKETS]; /* the windows of our own calls, should the file be lost */
    guint in_flight[N_BUCKETS];
    guint64 started, id, serial; /* serial: of the file */
    GArray *news;
};

/* Ours in that bucket: the tier's, or a part of it while we go on alone. */
Rates pace_rates(const Pace *pace, Bucket bucket);
