/* SPDX-License-Identifier: MIT */
/* refusal.c - a table of accounts and what the service said of each. */
#include "cache/refusal.h"

#include "api/codes.h"
#include "api/error.h"
#include "cache/internal.h"

/* How long an account that was refused is not asked about. By wall clock, as it outlasts us. */
#define REST_US G_TIME_SPAN_HOUR

typedef struct {
    char *id;
    GError *error;
} Refusal;

static const char remember[] =
    "INSERT OR REPLACE INTO refusal(account, code, message, request_id, at)"
    " SELECT row, ?3, ?4, ?5, now_us() FROM object WHERE kind = ?1 AND advertiser = 0 AND id = ?2";

static gboolean run_remember(sqlite3 *db, void *job, GError **error)
{
    const Refusal *refusal = job;

    return sql_run(db, error, remember, "ititt", (gint64)KIND_ADVERTISER, refusal->id,
                   (gint64)api_error_code(refusal->error), refusal->error->message,
                   api_error_request_id(refusal->error));
}

static void refusal_free(void *data)
{
    Refusal *refusal = data;

    g_error_free(refusal->error);
    g_free(refusal->id);
    g_free(refusal);
}

static const JobType remember_job = {run_remember, NULL, refusal_free};

void refusal_remember(Cache *cache, const char *advertiser_id, const GError *error)
{
    Refusal *refusal = g_new0(Refusal, 1);

    refusal->id = g_strdup(advertiser_id);
    refusal->error = g_error_copy(error);
    writer_push(cache->writer, &remember_job, refusal, FALSE);
}

static gsize add_ids(Cache *cache, sqlite3_stmt *row, GStrvBuilder *ids)
{
    gsize n = 0;

    for (; store_step(cache->store, row); n++)
        g_strv_builder_add(ids, sql_text(row, 0));
    sqlite3_reset(row);
    return n;
}

/* A time in the future says nothing: the clock was set meanwhile. */
char **refusal_read_accounts(Cache *cache, gsize *ret_n_due)
{
    static const char others[] = "SELECT id FROM object WHERE kind = ?1 AND advertiser = 0"
                                 " AND row NOT IN (SELECT account FROM refusal) ORDER BY row";
    static const char due[] = "SELECT o.id FROM refusal r, object o ON o.row = r.account"
                              " WHERE r.at <= ?1 OR r.at > ?2 ORDER BY r.at, r.account";
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    gint64 now_us = clock_wall(cache->config.clock);
    sqlite3_stmt *row = store_statement(cache->store, others);

    sql_bind(row, "i", (gint64)KIND_ADVERTISER);
    add_ids(cache, row, ids);
    row = store_statement(cache->store, due);
    sql_bind(row, "ii", now_us - REST_US, now_us);
    *ret_n_due = add_ids(cache, row, ids);
    return g_strv_builder_end(ids);
}

char **refusal_read_lacking(Cache *cache)
{
    static const char lacking[] = "SELECT id FROM object WHERE kind = ?1 AND advertiser = 0"
                                  " AND NOT whole AND row NOT IN (SELECT account FROM refusal)"
                                  " ORDER BY row";
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    sqlite3_stmt *row = store_statement(cache->store, lacking);

    sql_bind(row, "i", (gint64)KIND_ADVERTISER);
    add_ids(cache, row, ids);
    return g_strv_builder_end(ids);
}

gboolean refusal_rests(Cache *cache, gint64 advertiser)
{
    static const char sql[] = "SELECT 1 FROM refusal WHERE account = ?1 AND at > ?2 AND at <= ?3";
    gint64 now_us = clock_wall(cache->config.clock);
    sqlite3_stmt *found = store_statement(cache->store, sql);
    gboolean rests;

    sql_bind(found, "iii", advertiser, now_us - REST_US, now_us);
    rests = store_step(cache->store, found);
    sqlite3_reset(found);
    return rests;
}

gboolean cache_has_details(Cache *cache, gint64 advertiser, GError **error)
{
    static const char sql[] = "SELECT whole FROM object WHERE row = ?1 AND kind = ?2";
    sqlite3_stmt *found = store_statement(cache->store, sql);
    const GError *failure;
    gboolean whole;

    sql_bind(found, "ii", advertiser, (gint64)KIND_ADVERTISER);
    whole = store_step(cache->store, found) && sqlite3_column_int(found, 0) != 0;
    sqlite3_reset(found);
    if (whole || cache_account_refused(cache, advertiser, error))
        return whole;
    failure = cache_listing_error(cache, LISTING_INFO, 0);
    if (cache->config.offline)
        g_propagate_error(error, offline_error());
    else if (failure)
        g_propagate_error(error, g_error_copy(failure));
    else
        g_propagate_error(error, api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                               "The details of the account are not there yet"));
    return FALSE;
}

gboolean cache_account_refused(Cache *cache, gint64 advertiser, GError **error)
{
    static const char sql[] = "SELECT code, message, request_id FROM refusal WHERE account = ?1";
    sqlite3_stmt *found = store_statement(cache->store, sql);
    gboolean refused;

    sql_bind(found, "i", advertiser);
    refused = store_step(cache->store, found);
    if (refused) {
        int code = sqlite3_column_int(found, 0);
        ApiErrorKind kind = code ? code_find(code)->kind : API_ERROR_INCOMPLETE;
        g_propagate_error(error,
                          api_error_new(kind, code, sql_text(found, 2), "%s", sql_text(found, 1)));
    }
    sqlite3_reset(found);
    return refused || listing_refused(cache, LISTING_INFO, 0, G_MININT64, error);
}
