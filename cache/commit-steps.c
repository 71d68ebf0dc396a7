/* SPDX-License-Identifier: MIT */
/*
 * commit-steps.c - one write until it is sent: what the object holds is read, where anything
 * depends on it; the guards are asked; the journal is told.
 */
#include "cache/commit-private.h"

#include "api/encode.h"
#include "api/error.h"
#include "api/money.h"
#include "cache/cut.h"
#include "cache/guard.h"
#include "cache/later.h"
#include "cache/reply.h"

enum { REREADS_MAX = 5 };

const char *commit_id(const void *commit)
{
    return ((const Commit *)commit)->update.id;
}

char *commits_query(void *user_data, GPtrArray *commits)
{
    g_autofree const char **ids = g_new0(const char *, commits->len + 1);

    for (guint i = 0; i < commits->len; i++)
        ids[i] = commit_id(commits->pdata[i]);
    return desk_query(user_data, ids, commits->len);
}

static gboolean is_alone(const Commit *commit)
{
    return commit->desk->n_active == 1;
}

/* ---- its time is over ---- */

static GError *late_error(const Commit *commit)
{
    if (commit->state == READING && !seat_is_unsent(&commit->seat))
        return api_error_new(API_ERROR_BUSY, 0, NULL,
                             "not sent: what it holds now was asked for first, and the service did "
                             "not answer in time");
    return api_error_new(API_ERROR_BUSY, 0, NULL,
                         "not sent: its time passed while it waited for its turn");
}

void commit_is_late(void *user_data)
{
    Commit *commit = user_data;

    if (commit->state >= READING_BACK)
        return;
    if (commit->state == SENDING && !seat_leave(&commit->seat))
        return; /* it is under way; if the service refuses it for its rate the client will say so */
    if (commit->again)
        commit_finish(commit, JOURNAL_UNKNOWN, g_steal_pointer(&commit->unsure), NULL);
    else if (commit->state == SENDING)
        commit_finish(commit, JOURNAL_WITHDRAWN, late_error(commit), NULL);
    else
        commit_end(commit, late_error(commit));
}

/* ---- sending ---- */

static char *encode(void *lane, GPtrArray *commits)
{
    g_autofree const Update **updates = g_new(const Update *, commits->len);

    (void)lane;
    for (guint i = 0; i < commits->len; i++)
        updates[i] = &((const Commit *)commits->pdata[i])->update;
    return update_encode(updates, commits->len);
}

void commit_send(Commit *commit)
{
    gboolean alone = is_alone(commit);

    if (!commit->intended)
        event_log_intend(commit->cache->events, commit->row, commit->update.member,
                         commit->update.value);
    commit->intended = TRUE;
    commit->lane = lane_of(commit->desk, &commit->update);
    commit_set_state(commit, SENDING);
    commit->seat.deadline_us = commit->deadline_us;
    seat_take(commit->lane->sending, &commit->seat, alone);
}

/* ---- the journal ---- */

/* What would have been sent, as the journal has it. */
static void finish_dry(Commit *commit)
{
    const Update *update = &commit->update;
    g_autofree char *body = update_encode(&update, 1);
    const Endpoint *endpoint = endpoint_find(update_call(update).endpoint);
    g_autofree char *call = g_strdup_printf("POST %s %s", endpoint->path, body);

    commit_finish_dry(commit, call);
}

/* It has ended while the journal was written: nobody waits for this note. */
static void take_note_back(Commit *commit, gint64 entry)
{
    Verdict verdict = {.outcome = JOURNAL_WITHDRAWN, .error = commit->error};

    journal_settle(commit->cache->journal, entry, &verdict, NULL, NULL);
}

static void on_intended(void *user_data, gint64 entry, const GError *error)
{
    Commit *commit = user_data;
    const Guards *guards = commit->cache->config.guards;

    if (commit->state == ENDED) {
        if (error == NULL)
            take_note_back(commit, entry);
        commit_called_back(commit);
        return;
    }
    commit->callbacks--;
    commit->entry = entry;
    if (g_error_matches(error, API_ERROR, API_ERROR_STALE) && commit->read_us != 0 &&
        ++commit->rereads < REREADS_MAX)
        commit_read_first(commit); /* what is to be sent back is not what the object holds */
    else if (error != NULL)
        commit_end(commit, g_error_copy(error));
    else if (guards != NULL && guards->dry_run)
        finish_dry(commit);
    else
        commit_send(commit);
}

static void intend(Commit *commit)
{
    const Update *update = &commit->update;
    Intent intent = {.author = commit->author,
                     .kind = update->kind,
                     .advertiser_id = update->advertiser_id,
                     .id = update->id,
                     .member = update->member,
                     .amount = update->amount,
                     .before = object_text(update->current, update->member),
                     .after = update->value,
                     .table = commit->table,
                     .undoes = commit->undoes,
                     .read_us = commit->read_us};

    commit_set_state(commit, INTENDING);
    commit->callbacks++;
    journal_intend(commit->cache->journal, &intent, on_intended, commit);
}

/* ---- reading first ---- */

static const char *currency_of(Commit *commit)
{
    const Row *row = cache_row(commit->cache, commit->row);

    row = row != NULL ? cache_row(commit->cache, row->advertiser) : NULL;
    return row != NULL ? object_text(row->object, "currency") : NULL;
}

static gboolean is_allowed(Commit *commit, GError **error)
{
    g_autofree char *currency = g_strdup(currency_of(commit));

    return guard_allows(commit->cache->config.guards, &commit->update, currency, commit->force,
                        error);
}

static gboolean is_expected(const Commit *commit, GError **error)
{
    const Update *update = &commit->update;
    const char *have = object_text(update->current, update->member);

    if (commit->expected == NULL || update_is(update, update->current, commit->expected))
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_STALE, 0, NULL,
                                           "%s: it was %s when it was shown, and is %s now; read "
                                           "it again, and write it if it is still meant",
                                           guard_file(update->member), commit->expected,
                                           have != NULL ? have : "nothing"));
    return FALSE;
}

static void take_current(Commit *commit, Object *found, gint64 asked_us)
{
    gint64 ago_us = cache_now(commit->cache) - asked_us;

    object_unref(commit->update.current);
    commit->update.current = object_ref(found);
    commit->asked_us = asked_us;
    if (update_sends_back(&commit->update))
        commit->read_us = clock_wall(commit->cache->config.clock) - ago_us;
}

static void take_read(Commit *commit, const Reply *reply, const Answer *answer, gint64 asked_us)
{
    Object *found = reply_object(reply, commit->update.id);
    GError *refused = NULL;

    if (found != NULL || answer->has_list)
        later_read(commit->desk, commit->row, commit->update.member, found);
    if (found == NULL) {
        commit_end(commit, update_gone(&commit->update, answer));
        return;
    }
    take_current(commit, found, asked_us);
    if (!is_expected(commit, &refused))
        commit_finish(commit, JOURNAL_REFUSED, refused, found);
    else if (update_holds(&commit->update, found))
        commit_finish(commit, JOURNAL_DONE, NULL, found); /* somebody set it already */
    else if (!is_allowed(commit, &refused))
        commit_finish(commit, JOURNAL_REFUSED, refused, found);
    else
        intend(commit);
}

static void on_read(void *user_data, Batch *batch, const Answer *answer, const GError *error)
{
    const Desk *desk = user_data;
    g_autoptr(Reply) reply = answer != NULL ? reply_new(desk->kind, answer) : NULL;
    Commit *commit;

    if (error != NULL && cut_is_about_some(error) && batch_split(batch, error->message, commit_id))
        return;
    while ((commit = batch_next(batch)) != NULL) {
        if (error != NULL)
            commit_end(commit, g_error_copy(error));
        else
            take_read(commit, reply, answer, batch_asked_us(batch));
    }
}

void commit_read_first(Commit *commit)
{
    commit_set_state(commit, READING);
    commit->seat.deadline_us = commit->deadline_us;
    seat_take(commit->desk->reading, &commit->seat, is_alone(commit));
}

/* What seems to be there already is asked for. A crowd that writes a status is not: to set it once
   more costs no more than to ask, and goes along with the others. */
static gboolean must_ask(const Commit *commit)
{
    const Update *update = &commit->update;

    if (!commit->is_there)
        return FALSE;
    return !update_is_status(update) || guard_counts(commit->cache->config.guards) ||
           (is_alone(commit) && !lane_is_crowded(lane_of(commit->desk, update)));
}

static gboolean must_read(const Commit *commit)
{
    const Update *update = &commit->update;

    return must_ask(commit) || commit->expected != NULL || update_sends_back(update) ||
           guard_must_read(commit->cache->config.guards, update->amount, commit->force);
}

/* ---- it begins ---- */

/* FALSE: the object or its account is gone. */
static gboolean find_object(Commit *commit)
{
    Update *update = &commit->update;
    const Row *row = cache_row(commit->cache, commit->row);

    if (row == NULL)
        return FALSE;
    update->kind = row->kind;
    update->id = g_strdup(row->id);
    update->current = object_ref(row->object);
    row = cache_row(commit->cache, row->advertiser);
    if (row == NULL)
        return FALSE;
    update->advertiser_id = g_strdup(row->id);
    return TRUE;
}

/* Guards may not look at it, as where it is forced: what can not be read as an amount is not to be
   sent as another. */
static gboolean is_value(const Commit *commit, GError **error)
{
    gint64 micros;

    return !commit->update.amount || money_parse(commit->update.value, &micros, error);
}

void commit_begin(Commit *commit)
{
    GError *refused = NULL;
    gboolean in_doubt;

    if (!find_object(commit))
        refused = api_error_new(API_ERROR_NOT_FOUND, 0, NULL, "the object is gone");
    if (refused != NULL || !is_value(commit, &refused)) {
        commit_end_soon(commit, refused);
        return;
    }
    commit->desk = desk_of(commit->cache, commit->update.kind, commit->update.advertiser_id);
    desk_enter(commit->desk);
    in_doubt = later_forget(commit->desk, commit->row, commit->update.member);
    if (update_sends_back(&commit->update))
        window_enter(commit);
    else if (in_doubt || must_read(commit))
        commit_read_first(commit);
    else if (!is_allowed(commit, &refused))
        commit_end_soon(commit, refused);
    else
        intend(commit);
}

/* ---- stages ---- */

/* Until a call that is not full goes. What reads back waits longer than what is sent before it, so
   that many that were written together are read together. */
enum { QUIET_MS = 50, SEND_MS = 300, MOST_MS = 500 };

/* A crowd: whoever is answered comes back with another, mostly. */
static gboolean expects_writes(void *user_data, gboolean patient)
{
    const Lane *lane = user_data;

    return lane->desk->n_active > UPDATE_IDS_MAX &&
           lane->desk->n_active > stage_waiting(lane->sending);
}

/* What is being sent will have to be read back. */
static gboolean expects_more_to_read(void *user_data, gboolean patient)
{
    const Desk *desk = user_data;

    return desk->n_sending > 0 || (patient && desk->n_active > stage_sitting(desk->back));
}

const StageType commit_reading = {.priority = CALL_WRITE,
                                  .most = FILTER_IDS_MAX,
                                  .quiet_ms = QUIET_MS,
                                  .most_ms = MOST_MS,
                                  .encode = commits_query,
                                  .answered = on_read,
                                  .late = commit_is_late};

const StageType commit_sending = {.priority = CALL_WRITE,
                                  .quiet_ms = QUIET_MS,
                                  .most_ms = SEND_MS,
                                  .encode = encode,
                                  .expects = expects_writes,
                                  .answered = commits_sent,
                                  .late = commit_is_late};

const StageType commit_reading_back = {.priority = CALL_WRITE,
                                       .most = FILTER_IDS_MAX,
                                       .quiet_ms = QUIET_MS,
                                       .most_ms = MOST_MS,
                                       .encode = commits_query_back,
                                       .expects = expects_more_to_read,
                                       .answered = commits_read_back};
