/* SPDX-License-Identifier: MIT */
/* restated.c - compares the hashes of parts with those of the parts before. */
#include "cache/restated.h"

#include "api/error.h"
#include "cache/events.h"
#include "cache/store.h"
#include "cache/sums.h"

/* ?2 ?3: first and last part, ?5: the day that totals end with. A day has ended wherever the
   account is when it has in the last zone, twelve hours behind; what was read before then was
   bound to grow. */
static const char sql[] =
    "SELECT p.part FROM report_part p WHERE p.shape ="
    " (SELECT shape FROM report_shape WHERE words = ?1) AND p.part BETWEEN ?2 AND ?3"
    " AND date(p.fetched / 1000000 - 43200, 'unixepoch') > coalesce(?5, p.part)"
    " AND p.hash <> (SELECT coalesce(sum(c.hash), 0) & " FIGURES_MASK " FROM report_chunk c"
    "  WHERE c.generation = ?4 AND c.part = p.part) ORDER BY p.part";

/* "ad-day-age", as files of reports are called. */
static char *report_name(const ReportShape *shape)
{
    static const char *const grains[N_GRAINS] = {"total", "day", "hour"};
    GString *name = g_string_new(kind_names(shape->level)->word);

    g_string_append_printf(name, "-%s", grains[shape->grain]);
    for (guint i = 0; shape->breakdown && shape->breakdown[i]; i++)
        g_string_append_printf(name, "-%s", shape->breakdown[i]);
    return g_string_free(name, FALSE);
}

gboolean restated_tell(sqlite3 *db, const PartSpec *spec, GError **error)
{
    const ReportShape *shape = spec->shape;
    const char *total = spec->total;
    g_autofree char *name = report_name(shape);
    g_autoptr(sqlite3_stmt) row = NULL;
    g_autoptr(GError) failure = NULL;

    if (!spec->events || shape->lifetime)
        return TRUE;
    row = sql_prepare(db, error, sql, "tttit", spec->words, total ? total : spec->start,
                      total ? total : spec->end, spec->generation, total ? spec->end : NULL);
    if (!row)
        return FALSE;
    while (sql_step(row, &failure)) {
        Restated restated = {.kind = shape->type == REPORT_CENTER ? KIND_CENTER : KIND_ADVERTISER,
                             .account_id = spec->account_id,
                             .object_id = shape->object_id ? shape->object_id : "",
                             .range = sql_text(row, 0),
                             .report = name};
        event_log_restated(spec->events, &restated);
    }
    if (!failure)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}
