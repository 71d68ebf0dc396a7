/* SPDX-License-Identifier: MIT */
#pragma once

/* merge.h - the runs of a fetch become one: chunks that overlap are merged, and a row that came
   twice is kept once. In steps that other jobs of the writer can go between. */
#include <glib.h>
#include <sqlite3.h>

#include "cache/run.h"

typedef struct {
    const ReportShape *shape;
    gint64 generation;
    RunSizes sizes;
} MergeSpec;

/* One step. ret_more: there was something to do, and may be more. ret_twice: rows that came twice,
   added to what is there. */
gboolean merge_step(sqlite3 *db, const MergeSpec *spec, gboolean *ret_more, gint64 *ret_twice,
                    GError **error);
