/* SPDX-License-Identifier: MIT */
#pragma once

/* fetch-private.h - a fetch, for the files that read its slices. */
#include "api/report-call.h"
#include "cache/fetch.h"
#include "cache/task.h"

typedef enum { SLICE_PAGES, SLICE_TASK, SLICE_SPLIT } SliceWay;

enum { FETCH_ROUNDS = 3 };

/* A share of the span that is to be read, or is being read. */
typedef struct {
    char *start, *end;
    ObjectKind kind; /* of the ids */
    char **ids;      /* NULL: everything */
    ReportObjects objects;
    gboolean by_pages; /* whatever page 1 says */
    guint failures;    /* of its tasks, and of those that it was split from */
    gint64 total;      /* rows, as page 1 said; -1: it was not asked for yet */
    GArray *totals;    /* what they add up to, as it said; NULL: it did not */
    SliceWay way;      /* once page 1 is here */
} Slice;

struct Fetch {
    Cache *cache;
    Report *report;
    PartSpec *spec;
    GQueue todo;  /* of Slice */
    Slice *slice; /* being read; NULL: none */
    guint n_slices, round;
    gint64 began_us; /* wall */
    PartProof proof;
    GArray *totals;     /* of the proof */
    gboolean uncounted; /* of a slice there are none */
    SliceSpec *reading; /* that of the pages under way, which own it */
    Task *task;         /* that makes it; NULL: none */
    guint most_ids;     /* of a slice */
    gboolean more;      /* to finish */
    GError *error;      /* the first */
};

Slice *slice_new(const char *start, const char *end);
void slice_free(void *slice);

/* For the thread of the writer, a share of its own. */
SliceSpec *fetch_new_spec(Fetch *fetch, const Slice *slice);

gboolean fetch_is_wanted(void *fetch); /* somebody waits for it */

/* All rows of the slice are there, those that page 1 promised. */
void fetch_count(Fetch *fetch, const Slice *slice);

gboolean fetch_is_open(const Fetch *fetch); /* not all of its days are over for sure */

/* fetch-slices.c: page 1 says how the slice is to be read, a later one that it is cut as well;
   TRUE: otherwise than by pages. */
gboolean fetch_page(void *fetch, const Answer *answer, guint n_pages);
void fetch_by_task(Fetch *fetch);
void fetch_split(Fetch *fetch);
/* The slice has more ids than may be: TRUE, and others are to be read in its place. */
gboolean fetch_cut_ids(Fetch *fetch);

/* What is being read is over: well, so that the next slice can begin; or with an error (copied). */
void fetch_go_on(Fetch *fetch);
void fetch_fail(Fetch *fetch, const GError *error);
