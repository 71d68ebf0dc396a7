/* SPDX-License-Identifier: MIT */
#pragma once

/* fetch-private.h - a fetch, for the files that read its slices. */
#include "api/report-call.h"
#include "cache/fetch.h"

typedef enum { SLICE_PAGES, SLICE_TASK, SLICE_SPLIT } SliceWay;

/* A share of the span that is to be read, or is being read. */
typedef struct {
    char *start, *end;
    ObjectKind kind; /* of the ids */
    char **ids;      /* NULL: everything */
    ReportObjects objects;
    gboolean by_pages; /* whatever page 1 says */
    guint failures;    /* of its tasks, and of those that it was split from */
    gint64 total;      /* rows, as page 1 said; -1: it was not asked for yet */
    SliceWay way;      /* once page 1 is here */
} Slice;

struct Fetch {
    Cache *cache;
    Report *report;
    PartSpec *spec;
    GQueue todo;  /* of Slice */
    Slice *slice; /* being read; NULL: none */
    guint n_slices, round;
    PartProof proof;
    gboolean more; /* to finish */
    GError *error; /* the first */
};

Slice *slice_new(const char *start, const char *end);
void slice_free(void *slice);

/* For the thread of the writer, a share of its own. */
SliceSpec *fetch_new_spec(Fetch *fetch, const Slice *slice);
ReportCall fetch_call(const SliceSpec *spec); /* borrows from it */

/* What is being read is over: well, so that the next slice can begin; or with an error (copied). */
void fetch_go_on(Fetch *fetch);
void fetch_fail(Fetch *fetch, const GError *error);
