/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * report-age.h - a report that is wanted, how old it is, and what of it is to be fetched.
 */
#include "cache/internal.h"
#include "cache/parts.h"

enum { MAX_REPORTS = 256 /* queries that are kept in mind */ };

typedef struct {
    Flight flight;
    Cache *cache;
    ReportShape *shape;
    char *words; /* of the shape, and of its account */
    char *account_id;
    char *start, *end;  /* of the query */
    char *next;         /* the first day that no fetch has begun with */
    GPtrArray *fetches; /* of Fetch, under way */
    GError *failure;    /* of the first of them that failed */
    GPtrArray *earlies; /* of Early: who reads it out already */
    CallPriority priority;
    gint64 advertiser;
    gint64 refresh_before; /* cache->refreshes, when what is under way was asked for */
    gboolean shown_old;    /* to whoever asked last */
    gint64 used_us;        /* monotonic, when somebody asked last */
    gint64 noted_us;       /* monotonic, when the store was told so; 0: never */
    guint calls;           /* of the last flight */
    guint n_tasks;         /* ... that brought some of it */
} Report;

/* A person wanted it anew: which of all the times that somebody did, and when. */
typedef struct {
    gint64 number; /* as cache->refreshes; 0: nobody did */
    gint64 at_us;  /* wall */
} Refresh;

/* Who has asked for a share of a level. */
typedef struct {
    char *last; /* id of the object asked for last */
    guint n;    /* how often it was another than the one before */
} Askers;

struct Reports {
    guint64 begun;         /* fetches, ever */
    GHashTable *all;       /* "words start..end" -> Report */
    GHashTable *askers;    /* the same of a whole level -> Askers */
    GHashTable *refreshed; /* words -> Refresh */
    Refresh all_refreshed;
    GQueue downloads;      /* of Task, that wait for their turn */
    guint n_downloads;     /* under way */
    guint n_ended, n_open; /* tables of tasks that ended with the end of a line; without */
    gint64 creates_us;     /* monotonic: no task is created before, the service refused the last */
    gint64 generation;
    GPtrArray *left; /* of PartSpec: of fetches that have failed, whose rows could not be removed */
};

/* Made if there is none. Borrowed, until another is got. */
Report *report_get(Cache *cache, const ReportQuery *query, const char *account_id);
/* Its rows are read: they stay in the store. */
void report_note_used(Report *report);

typedef struct {
    char *start, *end, *next; /* next: the day after end */
} Span;

void span_clear(Span *span);

/* FALSE: nothing is missing from `from` to the end of the query, if the cache is readable. */
gboolean report_find_stale(const Report *report, const char *from, Span *ret);

/* FALSE: not all of it is there. ret_us: wall, when the oldest came of what can still change; 0:
   nothing of it can. */
gboolean report_find_age(const Report *report, gint64 *ret_us);
Age report_age(const Report *report, gboolean fresh, gint64 *ret_fetched_us);

/* The last time that a person wanted it anew; that somebody does now. */
Refresh report_refresh(const Report *report);
void report_put_refresh(Cache *cache, const char *words);
