/* SPDX-License-Identifier: MIT */
/*
 * create-store.c - what was made is one of the known objects from now on: by its id, by its name
 * and in its directory, without a listing. Then the draft goes.
 */
#include <string.h>

#include "api/error.h"
#include "cache/create-private.h"
#include "cache/settle.h"
#include "cache/single-store.h"

enum { SORT_MOST = 100000 };

typedef struct {
    Create *create;
    ObjectKind kind;
    gint64 advertiser; /* row */
    char *advertiser_id, *id;
    char *text; /* the object as an answer of one */
    gint64 asked_us, row;
    EventLog *events;
} StoreJob;

static const char find_row[] =
    "SELECT coalesce((SELECT row FROM object WHERE kind = ?1 AND advertiser = ?2 AND id = ?3), 0)";
/* A listing that was asked for before does not say that it has vanished. */
static const char guard[] = "INSERT INTO committed(kind, advertiser, id, at) VALUES(?1, ?2, ?3, ?4)"
                            " ON CONFLICT(kind, advertiser, id) DO UPDATE"
                            " SET at = max(at, excluded.at)";
static const char set_changed[] =
    "UPDATE listing SET changed = now_us(), rows = rows + 1 WHERE members = ?1 AND advertiser = ?2";

static ListingKind listing_of(ObjectKind kind)
{
    if (kind == KIND_CAMPAIGN)
        return LISTING_CAMPAIGNS;
    return kind == KIND_ADGROUP ? LISTING_ADGROUPS : LISTING_ADS;
}

/* Who shows files is told now, and not when a listing ends. */
static gboolean tell(sqlite3 *db, const Listing *listing)
{
    EventScope scope = upsert_scope(db, listing);

    event_log_whole(listing->events, &scope);
    return TRUE;
}

static gboolean run(sqlite3 *db, void *data, GError **error)
{
    StoreJob *job = data;
    gint64 kind = job->kind, rows = 0, fresh = 0;
    Listing listing = {.kind = listing_of(job->kind),
                       .members = job->kind,
                       .advertiser = job->advertiser,
                       .advertiser_id = job->advertiser_id,
                       .events = job->events,
                       .ours = TRUE};
    Bodies bodies = {job->text, strlen(job->text), "$.data.list", job->asked_us};
    g_autoptr(GBytes) bytes = g_bytes_new_static(job->text, bodies.length);
    gboolean more;

    return sql_number(db, &job->row, error, find_row, "iit", kind, job->advertiser, job->id) &&
           (job->row > 0 || sql_run(db, error, set_changed, "ii", kind, job->advertiser)) &&
           upsert_rows(db, &listing, &bodies, &rows, &fresh, error) &&
           sql_run(db, error, guard, "iiti", kind, job->advertiser, job->id, job->asked_us) &&
           singles_mark(db, &listing, bytes, error) &&
           settle_sort(db, job->kind, job->advertiser, SORT_MOST, &more, error) &&
           tell(db, &listing) &&
           sql_number(db, &job->row, error, find_row, "iit", kind, job->advertiser, job->id);
}

static void on_gone(void *user_data, const GError *error)
{
    Create *create = user_data;

    if (!create_goes_on(create))
        return;
    if (error) /* the next mount finds it OPEN, and what it became */
        g_message("the draft of %s is still there: %s", create->id, error->message);
    create_end(create, g_steal_pointer(&create->refusal));
}

static void drop_draft(Create *create)
{
    create->in_call = TRUE;
    draft_store_gone(create->cache, create->draft, on_gone, create);
}

static void stored(void *data, const GError *error)
{
    StoreJob *job = data;
    Create *create = job->create;

    row_cache_empty(create->cache->rows);
    if (!create_goes_on(create))
        return;
    if (error)
        g_message("%s was created but not stored: %s; a listing will bring it", job->id,
                  error->message);
    create->row = error ? 0 : job->row;
    drop_draft(create);
}

static void job_free(void *data)
{
    StoreJob *job = data;

    g_free(job->advertiser_id);
    g_free(job->id);
    g_free(job->text);
    g_free(job);
}

static const JobType store_job = {run, stored, job_free};

void create_store(Create *create, const char *json)
{
    Cache *cache = create->cache;
    Scope scope = {.kind = KIND_ADVERTISER};
    gint64 advertiser = cache_find_id(cache, &scope, create->account);
    StoreJob *job;

    create->state = CREATE_STORING;
    g_clear_handle_id(&create->patience, g_source_remove);
    if (advertiser == 0) { /* nobody has looked into that account yet */
        drop_draft(create);
        return;
    }
    job = g_new0(StoreJob, 1);
    job->create = create;
    job->kind = create->kind;
    job->advertiser = advertiser;
    job->advertiser_id = g_strdup(create->account);
    job->id = g_strdup(create->id);
    job->text = g_strdup_printf("{\"data\":{\"list\":[%s]}}", json);
    job->asked_us = create->asked_us;
    job->events = cache->events;
    create->in_call = TRUE;
    writer_push(cache->writer, &store_job, job, TRUE);
}
