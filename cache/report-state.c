/* SPDX-License-Identifier: MIT */
/* report-state.c - how old a report is, and how much of it can change yet. */
#include "cache/internal.h"
#include "cache/parts.h"

typedef struct {
    gboolean whole, fresh; /* all parts are there; ... and need not be read again */
    gint64 fetched_us, newest_us;
    char frozen[11];
} PartState;

/* ?2 ?3: the first and last part; ?6: the day that totals end with, or NULL. The days that are
   frozen are those before the first that is not. */
static const char sql[] =
    "WITH parts AS (SELECT part, fetched, frozen FROM report_part"
    "  WHERE shape = (SELECT shape FROM report_shape WHERE words = ?1) AND part BETWEEN ?2 AND ?3)"
    " SELECT count(*), coalesce(sum(frozen OR (fetched > ?4 AND fetched <= ?5)), 0),"
    " coalesce(min(iif(frozen, NULL, fetched)), max(fetched)), max(fetched),"
    " iif(?6 IS NULL, max(iif(frozen AND NOT EXISTS (SELECT 1 FROM parts o WHERE NOT o.frozen"
    "  AND o.part < parts.part), part, NULL)), iif(min(frozen), ?6, NULL)),"
    " iif(?6 IS NULL, (unixepoch(?3) - unixepoch(?2)) / 86400 + 1, 1) FROM parts";

static void find_state(Cache *cache, const ReportQuery *query, const char *shape, PartState *ret)
{
    gint64 now_us = clock_wall(cache->config.clock);
    g_autofree char *total = part_name(&query->shape, query->start, query->end);
    const char *first = total ? total : query->start, *last = total ? total : query->end;
    sqlite3_stmt *row = store_statement(cache->store, sql);

    *ret = (PartState){.frozen = ""};
    sql_bind(row, "tttiit", shape, first, last, now_us - cache->config.report_ttl_us, now_us,
             total ? query->end : NULL);
    if (store_step(cache->store, row)) {
        gint64 n_parts = sqlite3_column_int64(row, 5);
        ret->whole = sqlite3_column_int64(row, 0) == n_parts;
        ret->fresh = sqlite3_column_int64(row, 1) == n_parts;
        ret->fetched_us = ret->whole ? sqlite3_column_int64(row, 2) : 0;
        ret->newest_us = ret->whole ? sqlite3_column_int64(row, 3) : 0;
        g_strlcpy(ret->frozen, sql_text(row, 4), sizeof ret->frozen);
    }
    sqlite3_reset(row);
}

/* It is cut out of the report on its level where that is newer, see parts.c. */
void cache_report_state(Cache *cache, const ReportQuery *query, gint64 since_us, ReportState *ret)
{
    g_autofree char *shape = shape_words(query);
    g_autofree char *whole_shape = NULL;
    PartState own, level = {.frozen = ""};
    const PartState *shown;
    ReportQuery whole;

    *ret = (ReportState){.calls = 0};
    report_add_flight(cache, query, since_us, ret);
    find_state(cache, query, shape, &own);
    if (slice_of(query, &whole)) {
        whole_shape = shape_words(&whole);
        find_state(cache, &whole, whole_shape, &level);
        report_add_flight(cache, &whole, since_us, ret);
    }
    shown = own.newest_us >= level.newest_us ? &own : &level;
    ret->here = own.fresh || level.fresh;
    ret->fetched_us = shown->fetched_us;
    g_strlcpy(ret->frozen_until, shown->frozen, sizeof ret->frozen_until);
}
