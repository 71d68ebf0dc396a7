/* SPDX-License-Identifier: MIT */
/*
 * single-calls.c - ids go together: those of one turn of the loop, or of the time that the call
 * before them takes, a hundred at most.
 */
#include "api/encode.h"
#include "api/error.h"
#include "cache/accounts.h"
#include "cache/single-private.h"
#include "cache/single-store.h"

typedef struct {
    SingleGroup *group;
    GPtrArray *singles; /* borrowed; each is under way */
} Batch;

void single_batch_free(void *data)
{
    Batch *batch = data;

    g_ptr_array_unref(batch->singles);
    g_free(batch);
}

/* ---- the plan of a call ---- */

static char *query_ids(const void *data, guint page)
{
    const Listing *listing = ((const SinglesSpec *)data)->listing;

    return encode_list(listing->members, listing->advertiser_id, (const char *const *)listing->ids,
                       page, FILTER_IDS_MAX);
}

static gboolean wanted(void *user_data)
{
    const Batch *batch = user_data;

    for (guint i = 0; i < batch->singles->len; i++)
        if (flight_is_wanted(&((Single *)batch->singles->pdata[i])->flight))
            return TRUE;
    return FALSE;
}

static SinglesSpec *new_spec(const Batch *batch)
{
    const SingleGroup *group = batch->group;
    SinglesSpec *spec = g_new0(SinglesSpec, 1);
    Listing *listing = spec->listing = g_new0(Listing, 1);

    listing->kind = group->kind == LISTING_ADVERTISERS ? LISTING_INFO : group->kind;
    listing->events = group->cache->events;
    listing->members = listing_type(group->kind)->members;
    listing->advertiser = group->advertiser;
    listing->advertiser_id = g_strdup(group->owner_id);
    listing->ids = g_new0(char *, batch->singles->len + 1);
    for (guint i = 0; i < batch->singles->len; i++)
        listing->ids[i] = g_strdup(((Single *)batch->singles->pdata[i])->id);
    spec->guarded = collection_is_listing(group->cache, group->kind, group->advertiser, NULL);
    return spec;
}

static void ended(void *user_data, const GError *error);

static PagePlan new_plan(Batch *batch)
{
    const ListingType *type = listing_type(batch->group->kind);
    SinglesSpec *spec = new_spec(batch);
    const char *owner_id = spec->listing->advertiser_id;
    PagePlan plan = {
        .endpoint = type->endpoint,
        .page_size = FILTER_IDS_MAX,
        .most = batch->singles->len,
        .advertiser = owner_id,
        .what = g_strdup_printf("%s%s%s asked for by id", type->what, owner_id ? " of " : "",
                                owner_id ? owner_id : ""),
        .query = query_ids,
        .store = singles_store,
        .finish = singles_finish,
        .ended = ended,
        .wanted = wanted,
        .spec = spec,
        .spec_free = singles_spec_free,
        .user_data = batch,
    };

    if (batch->group->kind == LISTING_ADVERTISERS)
        accounts_plan_some(batch->group->cache, spec, &plan);
    return plan;
}

/* ---- what the writer knows of it ---- */

typedef struct {
    ObjectKind members;
    gint64 advertiser;
    char **ids;
    gboolean under_way;
} Note;

static gboolean run_note(sqlite3 *db, void *job, GError **error)
{
    const Note *note = job;

    return singles_note(db, note->members, note->advertiser, note->ids, note->under_way, error);
}

static void note_free(void *data)
{
    Note *note = data;

    g_strfreev(note->ids);
    g_free(note);
}

static const JobType note_job = {run_note, NULL, note_free};

static void push_note(const Batch *batch, gboolean under_way)
{
    const SingleGroup *group = batch->group;
    Note *note = g_new0(Note, 1);

    note->members = listing_type(group->kind)->members;
    note->advertiser = group->advertiser;
    note->ids = g_new0(char *, batch->singles->len + 1);
    for (guint i = 0; i < batch->singles->len; i++)
        note->ids[i] = g_strdup(((Single *)batch->singles->pdata[i])->id);
    note->under_way = under_way;
    writer_push(group->cache->writer, &note_job, note, TRUE);
}

/* ---- calls ---- */

/* Takes singles. */
static void send(SingleGroup *group, GPtrArray *singles)
{
    Batch *batch = g_new0(Batch, 1);
    PagePlan plan;

    batch->group = group;
    batch->singles = singles;
    g_ptr_array_add(group->batches, batch);
    push_note(batch, TRUE);
    plan = new_plan(batch);
    pages_start(group->cache, &plan, CALL_WAITED);
}

static void send_first(SingleGroup *group)
{
    GPtrArray *singles = g_ptr_array_new();

    while (singles->len < FILTER_IDS_MAX && !g_queue_is_empty(&group->due))
        g_ptr_array_add(singles, g_queue_pop_head(&group->due));
    group->n_calls++;
    send(group, singles);
}

static void send_all(SingleGroup *group)
{
    g_clear_handle_id(&group->turn, g_source_remove);
    while (!g_queue_is_empty(&group->due))
        send_first(group);
}

static gboolean on_turn(void *user_data)
{
    SingleGroup *group = user_data;

    group->turn = 0;
    send_all(group);
    return G_SOURCE_REMOVE;
}

/* Whoever asks in this turn of the loop goes along. */
void single_add_due(Single *single)
{
    SingleGroup *group = single->group;

    g_queue_push_tail(&group->due, single);
    if (group->due.length >= FILTER_IDS_MAX)
        send_first(group);
    else if (group->batches->len == 0 && group->turn == 0)
        group->turn = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, group, NULL);
}

/* ---- the end of one ---- */

/* One that the service does not take for an id spoils the call for the others. */
static gboolean is_about_ids(const GError *error)
{
    return api_error_code(error) != 0 && (g_error_matches(error, API_ERROR, API_ERROR_INVALID) ||
                                          g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND));
}

static void split(SingleGroup *group, const GPtrArray *singles)
{
    guint half = singles->len / 2;
    GPtrArray *parts[] = {g_ptr_array_new(), g_ptr_array_new()};

    for (guint i = 0; i < singles->len; i++)
        g_ptr_array_add(parts[i < half], singles->pdata[i]);
    send(group, parts[0]);
    send(group, parts[1]);
}

/* Whom the service refuses is known from elsewhere, or not at all. */
static gboolean is_refusal(const SingleGroup *group, const GError *error)
{
    return group->kind == LISTING_ADVERTISERS && batches_are_about(error);
}

static void ended(void *user_data, const GError *error)
{
    Batch *batch = user_data;
    SingleGroup *group = batch->group;
    g_autoptr(GPtrArray) singles = g_ptr_array_ref(batch->singles);
    gboolean refused = is_refusal(group, error);
    gboolean unreached = g_error_matches(error, API_ERROR, API_ERROR_UNREACHABLE);

    push_note(batch, FALSE);
    age_flight_ended(group->cache, error);
    g_ptr_array_remove_fast(group->batches, batch);
    group->unreached_us = unreached ? cache_now(group->cache) : G_MININT64;
    if (group->kind != LISTING_ADVERTISERS && singles->len > 1 && is_about_ids(error)) {
        split(group, singles);
        return;
    }
    for (guint i = 0; i < singles->len; i++)
        single_settle(singles->pdata[i], refused, refused ? NULL : error);
    if (group->batches->len == 0)
        send_all(group);
}
