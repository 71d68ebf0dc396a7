/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fetch.h - one span of a report on its way: read in slices, merged, proved whole, put in place.
 *
 *     whole span --page 1--> few rows ------------------> the other pages
 *         ^                  many -----------------------> a task (task.h), and the deleted objects
 *         |                  cut by the service ---------> slices by campaign, by ad group
 *         `-- not whole: all of it again, three rounds at most
 */
#include "cache/report-age.h"

typedef struct Fetch Fetch;

/* It ends with report_fetched(), once, never before this returns. */
void fetch_start(Report *report, const Span *span);

/* Somebody waits from now on for what was begun in the background. */
void fetch_hurry(Fetch *fetch);

void fetch_free(void *fetch); /* after the writer has ended; nothing is called back */

/* partition.c: one of its fetches is over, and gone when this returns. */
void report_fetched(Report *report, Fetch *fetch, const GError *error);
