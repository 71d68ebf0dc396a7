/* SPDX-License-Identifier: MIT */
/* guard-rates.c - the guards that count: min_interval, max_changes_per_hour, max_enables_per_hour.
 */
#include <string.h>

#include "api/error.h"
#include "api/money.h"
#include "cache/guard.h"
#include "cache/store.h"

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* What may have reached the service, and so may have changed something. */
#define COUNTS " outcome IN ('intent', 'done', 'unknown', 'differs')"

/* Of one value: the change before. */
static const char last_sql[] =
    "SELECT meant, id, after, outcome FROM journal WHERE object = ? AND member = ? AND kind = ?"
    " AND" COUNTS " ORDER BY meant DESC, id DESC LIMIT 1";

/* The nth newest: as long as it is of the last hour, that hour is full. */
static const char change_sql[] =
    "SELECT meant FROM journal WHERE" COUNTS " ORDER BY meant DESC LIMIT 1 OFFSET ?";
static const char enable_sql[] =
    "SELECT meant FROM journal WHERE ((member = 'operation_status' AND after = 'ENABLE')"
    " OR member = '" JOURNAL_CREATE_ENABLED "') AND" COUNTS " ORDER BY meant DESC LIMIT 1 OFFSET ?";

/* "14:05:10 (in 290 s)": never too early. */
static char *when(gint64 at_us, gint64 now_us)
{
    gint64 at_s = (at_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
    gint64 wait_s = (at_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(at_s);
    g_autofree char *clock = time != NULL ? g_date_time_format(time, "%H:%M:%S") : NULL;

    return g_strdup_printf("%s (in %" G_GINT64_FORMAT " s)", clock != NULL ? clock : "later",
                           wait_s);
}

/* ---- min_interval ---- */

static gboolean is_same(const Intent *intent, const char *a, const char *b)
{
    gint64 first, second;

    if (!intent->amount || a == NULL || b == NULL)
        return g_strcmp0(a, b) == 0;
    return money_from_json(a, &first) && money_from_json(b, &second) && first == second;
}

/* To set what is there, or once more what perhaps did not arrive, is no change. */
static gboolean repeats(const Intent *intent, const char *last, const char *outcome)
{
    gboolean open = strcmp(outcome, "unknown") == 0 || strcmp(outcome, "intent") == 0;

    return is_same(intent, intent->before, intent->after) ||
           (open && is_same(intent, last, intent->after));
}

static gboolean refuse_soon(const Guards *guards, const Intent *intent, sqlite3_stmt *last,
                            gint64 now_us, GError **error)
{
    gint64 meant_us = sqlite3_column_int64(last, 0);
    gint64 again_us = meant_us + (gint64)guards->min_interval_s * G_USEC_PER_SEC;
    g_autofree char *again = NULL;

    if (again_us <= now_us || repeats(intent, sql_text(last, 2), sql_text(last, 3)))
        return TRUE;
    again = when(again_us, now_us);
    g_propagate_error(error, api_error_new(API_ERROR_BUSY, 0, NULL,
                                           "%s: %s not sent: changed to %s less than %u s ago "
                                           "(min_interval, journal entry %" G_GINT64_FORMAT
                                           "); write it again at %s",
                                           guard_file(intent->member), intent->after,
                                           sql_text(last, 2), guards->min_interval_s,
                                           (gint64)sqlite3_column_int64(last, 1), again));
    return FALSE;
}

static gboolean allows_soon(sqlite3 *db, const Guards *guards, const Intent *intent, gint64 now_us,
                            GError **error)
{
    g_autoptr(sqlite3_stmt) last = NULL;
    g_autoptr(GError) failed = NULL;

    if (guards->min_interval_s == 0)
        return TRUE;
    last =
        sql_prepare(db, error, last_sql, "tti", intent->id, intent->member, (gint64)intent->kind);
    if (last == NULL)
        return FALSE;
    if (sql_step(last, &failed))
        return refuse_soon(guards, intent, last, now_us, error);
    if (failed == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

/* ---- so many an hour ---- */

typedef struct {
    const char *guard, *what, *sql;
    guint most; /* 0: not limited */
} Hourly;

static gboolean allows_hourly(sqlite3 *db, const Hourly *hourly, const Intent *intent,
                              gint64 now_us, GError **error)
{
    g_autofree char *again = NULL;
    gint64 nth_us = 0; /* where there are fewer */

    if (hourly->most == 0)
        return TRUE;
    if (!sql_number(db, &nth_us, error, hourly->sql, "i", (gint64)hourly->most - 1))
        return FALSE;
    if (nth_us == 0 || nth_us + HOUR_US <= now_us)
        return TRUE;
    again = when(nth_us + HOUR_US, now_us);
    g_propagate_error(error,
                      api_error_new(API_ERROR_BUSY, 0, NULL,
                                    "%s: %s not sent: the last hour has seen %u %s, and more are "
                                    "not allowed (%s); write it again at %s",
                                    guard_file(intent->member), intent->after, hourly->most,
                                    hourly->what, hourly->guard, again));
    return FALSE;
}

static gboolean is_enable(const Intent *intent)
{
    return strcmp(intent->member, JOURNAL_CREATE_ENABLED) == 0 ||
           (strcmp(intent->member, "operation_status") == 0 &&
            strcmp(intent->after, "ENABLE") == 0);
}

gboolean guard_rates_allow(sqlite3 *db, const Guards *guards, const Intent *intent, gint64 now_us,
                           GError **error)
{
    Hourly changes = {"max_changes_per_hour", "changes", change_sql};
    Hourly enables = {"max_enables_per_hour", "times ENABLE", enable_sql};

    if (guards == NULL)
        return TRUE;
    changes.most = guards->max_changes_per_hour;
    enables.most = is_enable(intent) ? guards->max_enables_per_hour : 0;
    return allows_soon(db, guards, intent, now_us, error) &&
           allows_hourly(db, &changes, intent, now_us, error) &&
           allows_hourly(db, &enables, intent, now_us, error);
}
