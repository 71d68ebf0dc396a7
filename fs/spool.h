/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * spool.h - rows of a report become a file. A row is flat: ids and names, then time, then metrics.
 * Numbers keep the digits the API sent; `-` is null in JSON and an empty cell elsewhere. A page
 * (html.h) adds the rows up.
 *
 * spool_row() and spool_end() are called in another thread, between spool_new() and spool_finish().
 */
#include <glib.h>

#include "api/report.h"
#include "fs/html.h"
#include "fs/query.h"

typedef struct Spool Spool;

/* Never fails: what goes wrong is said by spool_finish(). */
Spool *spool_new(const char *path, ReportFormat format, const ReportShape *shape);
/* The same for FORMAT_HTML. */
Spool *spool_new_page(const char *path, const ReportShape *shape, const HtmlHead *head);
void spool_free(Spool *spool); /* NULL is fine; what was not finished is removed */

/* values: a row as the shape has it (report.h); NULL where the API sent none. */
void spool_row(Spool *spool, const char *const *values, guint n_values);
void spool_end(Spool *spool);

/* Bytes written. error: the disk is full or broken; the file is gone then. */
gint64 spool_finish(Spool *spool, GError **error);
