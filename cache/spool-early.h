/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * spool-early.h - a report that is read out while it is fetched: its first days are written to the
 * reader's file while the last ones are on their way.
 *
 *     a span is in place --> the days from the next one on that are fresh are told, in the reading
 *                            thread, up to the first that is not --> ... --> the last one: the end
 */
#include "cache/report-age.h"

void early_free(void *early); /* after both threads have ended */

void earlies_go_on(Report *report);                        /* a span more may be there */
void earlies_give_up(Report *report, const GError *error); /* NULL: what was told is void */
void earlies_settle(Report *report, const GError *error);  /* the report is here, or has failed */

/* cache/spool.c: calls row() for each row of the day; FALSE and error. */
gboolean spool_emit(sqlite3 *db, const ReportShape *shape, const char *words, const char *part,
                    ReportRowFunc row, void *user_data, GError **error);
