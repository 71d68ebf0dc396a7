/* SPDX-License-Identifier: MIT */
/* undo.c - what the journal says of earlier values. On the loop, by a handle that only reads. */
#include "cache/undo.h"

#include <string.h>

#include "api/error.h"
#include "api/money.h"
#include "cache/internal.h"
#include "cache/journal-table.h"
#include "cache/state-file.h"

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/* An entry, as far as it matters here. */
typedef struct {
    gint64 id, meant_us, uid;
    ObjectKind kind;
    char *advertiser_id, *object, *member, *before, *after, *outcome, *command;
    gboolean amount;
} Past;

static void past_clear(Past *past)
{
    char *const texts[] = {past->advertiser_id, past->object,  past->member, past->before,
                           past->after,         past->outcome, past->command};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    *past = (Past){0};
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

void undo_step_free(void *data)
{
    UndoStep *step = data;

    if (!step)
        return;
    g_free(step->advertiser_id);
    g_free(step->id);
    g_free(step->member);
    g_free(step->value);
    g_free(step->expected);
    g_clear_error(&step->error);
    g_free(step);
}

/* ---- reading ---- */

/* ret->id is 0 where there is no such entry. */
static gboolean read_past(sqlite3 *db, gint64 entry, Past *ret, GError **error)
{
    g_autoptr(sqlite3_stmt) row =
        sql_prepare(db, error,
                    "SELECT id, meant, uid, kind, advertiser, object, member, before, after,"
                    " outcome, command, amount FROM journal WHERE id = ?1",
                    "i", entry);
    GError *failure = NULL;

    *ret = (Past){0};
    if (!row)
        return FALSE;
    if (sql_step(row, &failure))
        *ret = (Past){.id = sqlite3_column_int64(row, 0),
                      .meant_us = sqlite3_column_int64(row, 1),
                      .uid = sqlite3_column_int64(row, 2),
                      .kind = (ObjectKind)sqlite3_column_int(row, 3),
                      .advertiser_id = sql_dup(row, 4),
                      .object = sql_dup(row, 5),
                      .member = sql_dup(row, 6),
                      .before = sql_dup(row, 7),
                      .after = sql_dup(row, 8),
                      .outcome = sql_dup(row, 9),
                      .command = sql_dup(row, 10),
                      .amount = sqlite3_column_int(row, 11)};
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

/* The newest entry of the same value with one of these outcomes; 0: none. */
static gboolean find_newest(sqlite3 *db, const Past *past, const char *outcomes, gint64 *ret,
                            GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT max(id) FROM journal WHERE object = ?1 AND member = ?2"
                        " AND kind = ?3 AND outcome IN (%s)",
                        outcomes);

    return sql_number(db, ret, error, sql, "tti", past->object, past->member, (gint64)past->kind);
}

/* The entry that has taken it back and was not taken back itself; 0: none. */
static gboolean find_undone(sqlite3 *db, gint64 entry, gint64 *ret, GError **error)
{
    gint64 by, again = 0;

    if (!sql_number(db, &by, error,
                    "SELECT max(id) FROM journal WHERE undoes = ?1 AND undoes <> 0"
                    " AND id > ?1 AND outcome = 'done'",
                    "i", entry) ||
        (by != 0 && !find_undone(db, by, &again, error)))
        return FALSE;
    *ret = again != 0 ? 0 : by;
    return TRUE;
}

/* ---- what can be taken back ---- */

static gboolean is_same(const Past *past, const char *a, const char *b)
{
    gint64 first, second;

    if (!past->amount || !a || !b)
        return g_strcmp0(a, b) == 0;
    return money_from_json(a, &first) && money_from_json(b, &second) && first == second;
}

static gboolean is_planned(const Past *past)
{
    return strcmp(past->member, "scheduled_budget") == 0;
}

static GError *refusal(ApiErrorKind kind, const Past *past, const char *why)
{
    return api_error_new(kind, 0, NULL, "entry %" G_GINT64_FORMAT " of the journal: %s", past->id,
                         why);
}

/* What is wrong with it by itself; NULL: nothing. */
static GError *check_alone(const Past *past)
{
    g_autofree char *why = NULL;

    if (strcmp(past->outcome, "done") != 0) {
        why =
            g_strdup_printf("it is not done but %s; there is nothing to take back", past->outcome);
        return refusal(API_ERROR_INVALID, past, why);
    }
    if (!past->before && !is_planned(past))
        return refusal(API_ERROR_INVALID, past, "there was no value before it");
    if (strcmp(past->after, "DELETE") == 0 && strcmp(past->member, "operation_status") == 0)
        return refusal(API_ERROR_INVALID, past, "what was deleted can not be brought back");
    return NULL;
}

static char *by_whom(const Past *past)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(past->meant_us / G_USEC_PER_SEC);
    g_autofree char *when = time ? g_date_time_format(time, "%F %T") : g_strdup("?");

    return g_strdup_printf(
        "entry %" G_GINT64_FORMAT " has set %s to %s since then (%s, uid %" G_GINT64_FORMAT ", %s)",
        past->id, past->member, past->after, past->command ? past->command : "?", past->uid, when);
}

/* Whether the value is still the one that it was set to, as far as the journal knows. NULL and no
   error of reading: it is. */
static gboolean check_since(sqlite3 *db, const Past *past, GError **ret_refusal, GError **error)
{
    g_auto(Past) newest = {0};
    g_autofree char *why = NULL;
    gint64 done, open;

    if (!find_newest(db, past, "'done'", &done, error) ||
        !find_newest(db, past, "'intent', 'unknown'", &open, error) ||
        !read_past(db, done, &newest, error))
        return FALSE;
    if (open > past->id) {
        why = g_strdup_printf("entry %" G_GINT64_FORMAT " of the same value is not settled yet",
                              open);
        *ret_refusal = refusal(API_ERROR_BUSY, past, why);
    } else if (newest.id > past->id && !is_same(past, newest.after, past->after)) {
        why = by_whom(&newest);
        *ret_refusal = refusal(API_ERROR_STALE, past, why);
    }
    return TRUE;
}

static gboolean check_undone(sqlite3 *db, const Past *past, GError **ret_refusal, GError **error)
{
    g_autofree char *why = NULL;
    gint64 by;

    if (!find_undone(db, past->id, &by, error))
        return FALSE;
    if (by == 0)
        return TRUE;
    why = g_strdup_printf("entry %" G_GINT64_FORMAT " has taken it back already", by);
    *ret_refusal = refusal(API_ERROR_INVALID, past, why);
    return TRUE;
}

/* Nothing was planned before: then what is in force goes on. */
static gboolean plans_anew(const Past *first)
{
    gint64 micros;

    return is_planned(first) &&
           (!first->before || !money_from_json(first->before, &micros) || micros == 0);
}

/* What the API may have written as 5E+2 is written as everybody writes it. */
static char *value_before(const Past *past)
{
    gint64 micros;

    if (past->amount && past->before && !money_parse(past->before, &micros, NULL) &&
        money_from_json(past->before, &micros))
        return money_format(micros, 0);
    return g_strdup(past->before);
}

/* first: whose value before is to be in force again; last: whose value is in force now. */
static UndoStep *step_of(Cache *cache, const Past *first, const Past *last)
{
    UndoStep *step = g_new0(UndoStep, 1);
    gint64 now_us = clock_wall(cache->config.clock);

    step->entry = last->id;
    step->kind = last->kind;
    step->advertiser_id = g_strdup(last->advertiser_id);
    step->id = g_strdup(last->object);
    step->member = g_strdup(last->member);
    step->amount = last->amount;
    step->value = plans_anew(first) ? NULL : value_before(first);
    step->expected = g_strdup(last->after);
    step->force = first->meant_us >= now_us - DAY_US;
    return step;
}

UndoStep *undo_plan_entry(Cache *cache, gint64 entry, GError **error)
{
    sqlite3 *db = journal_reader(cache, error);
    g_auto(Past) past = {0};
    GError *why;

    if (!db || !read_past(db, entry, &past, error))
        return NULL;
    if (past.id == 0) {
        g_propagate_error(error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                               "the journal has no entry %" G_GINT64_FORMAT
                                               "; .adsfs/journal has their numbers",
                                               entry));
        return NULL;
    }
    why = check_alone(&past);
    if (!why && !check_undone(db, &past, &why, error))
        return NULL;
    if (!why && !check_since(db, &past, &why, error))
        return NULL;
    if (!why)
        return step_of(cache, &past, &past);
    g_propagate_error(error, why);
    return NULL;
}

/* ---- since a time ---- */

/* NULL without error: nothing is to be done. */
static UndoStep *plan_between(Cache *cache, sqlite3 *db, gint64 oldest, gint64 newest,
                              GError **error)
{
    g_auto(Past) first = {0}, last = {0};
    UndoStep *step;
    GError *why;

    if (!read_past(db, oldest, &first, error) || !read_past(db, newest, &last, error))
        return NULL;
    if (is_same(&first, first.before, last.after))
        return NULL;
    why = check_alone(&first);
    if (!why)
        why = check_alone(&last);
    if (!why && !check_since(db, &last, &why, error))
        return NULL;
    step = step_of(cache, &first, &last);
    step->error = why;
    if (why)
        g_clear_pointer(&step->value, g_free);
    return step;
}

static GPtrArray *plan_all(Cache *cache, sqlite3 *db, gint64 since_us, gboolean *ret_any,
                           GError **error)
{
    static const char sql[] =
        "SELECT min(id), max(id) FROM journal WHERE meant >= ?1 AND outcome = 'done'"
        " GROUP BY kind, object, member ORDER BY 1";
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, sql, "i", since_us);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(undo_step_free);
    g_autoptr(GError) failure = NULL;

    while (row && sql_step(row, &failure)) {
        UndoStep *step = plan_between(cache, db, sqlite3_column_int64(row, 0),
                                      sqlite3_column_int64(row, 1), &failure);

        *ret_any = TRUE;
        if (step)
            g_ptr_array_add(steps, step);
        if (failure)
            break;
    }
    if (row && !failure)
        return g_steal_pointer(&steps);
    if (failure)
        g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
}

GPtrArray *undo_plan_since(Cache *cache, gint64 since_us, GError **error)
{
    sqlite3 *db = journal_reader(cache, error);
    gboolean any = FALSE;
    g_autoptr(GPtrArray) steps = db ? plan_all(cache, db, since_us, &any, error) : NULL;

    if (!steps || any)
        return g_steal_pointer(&steps);
    g_propagate_error(error, api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                           "nothing was changed since then, says the journal"));
    return NULL;
}
