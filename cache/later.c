/* SPDX-License-Identifier: MIT */
/* later.c - asks for the objects of writes that have ended, a hundred a call. */
#include "cache/later.h"

#include <string.h>

#include "api/error.h"
#include "cache/commit-private.h"
#include "cache/cut.h"
#include "cache/recover.h"
#include "cache/reply.h"

/* Of one that differs, as a replica may lag behind; of one that could not be read. */
static const guint audit_s[] = {1, 3}, doubt_s[] = {5, 30, 300};
enum { UNREAD_S = 5, UNREAD_MAX = 3, AUDIT_MS = 5000 };

typedef struct {
    Desk *desk;
    Lane *lane;
    Seat seat;
    gboolean audit;
    gint64 row, entry;
    Update update;
    guint tries, unread;
    guint timer;
} Later;

void later_free(void *data)
{
    Later *later = data;

    seat_drop(&later->seat);
    g_clear_handle_id(&later->timer, g_source_remove);
    update_clear(&later->update);
    g_free(later);
}

static void later_end(Later *later)
{
    g_hash_table_remove(later->desk->later, later);
}

static const char *later_id(const void *later)
{
    return ((const Later *)later)->update.id;
}

static char *query(void *user_data, GPtrArray *all)
{
    g_autofree const char **ids = g_new0(const char *, all->len + 1);

    for (guint i = 0; i < all->len; i++)
        ids[i] = later_id(all->pdata[i]);
    return desk_query(user_data, ids, all->len);
}

/* ---- when ---- */

/* An audit waits for others the first time. */
static void ask(Later *later)
{
    gboolean first = later->audit && later->tries + later->unread == 0;

    seat_take(first ? later->desk->audits : later->desk->doubts, &later->seat, FALSE);
}

static gboolean on_timer(void *user_data)
{
    Later *later = user_data;

    later->timer = 0;
    ask(later);
    return G_SOURCE_REMOVE;
}

static void ask_in(Later *later, guint seconds)
{
    later->timer = g_timeout_add_seconds(seconds, on_timer, later);
}

static Later *later_new(const Commit *commit, gboolean audit)
{
    const Update *update = &commit->update;
    Later *later = g_new0(Later, 1);

    later->desk = commit->desk;
    later->lane = commit->lane;
    later->seat.owner = later;
    later->audit = audit;
    later->row = commit->row;
    later->entry = commit->entry;
    later->update = (Update){.kind = update->kind,
                             .id = g_strdup(update->id),
                             .advertiser_id = g_strdup(update->advertiser_id),
                             .member = g_strdup(update->member),
                             .value = g_strdup(update->value),
                             .amount = update->amount,
                             .current = object_ref(update->current)};
    g_hash_table_add(later->desk->later, later);
    return later;
}

void later_audit(const Commit *commit)
{
    ask(later_new(commit, TRUE));
}

void later_doubt(const Commit *commit)
{
    ask_in(later_new(commit, FALSE), doubt_s[0]);
}

static gboolean is_about(void *key, void *value, void *user_data)
{
    const Later *later = key, *written = user_data;

    (void)value;
    return later->row == written->row && later->audit == written->audit &&
           strcmp(later->update.member, written->update.member) == 0;
}

void later_forget(Desk *desk, gint64 row, const char *member, gboolean was_sent)
{
    Later written = {.row = row, .audit = !was_sent, .update = {.member = (char *)member}};

    g_hash_table_foreach_remove(desk->later, is_about, &written);
}

/* ---- what is found ---- */

static void on_stored(void *user_data, const GError *error)
{
    (void)user_data, (void)error; /* then a listing brings it */
}

static void store(const Later *later, const Object *found, gint64 asked_us)
{
    const char *json = object_json(found);
    g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));

    cache_store_object(later->desk->cache, later->row, bytes, asked_us, on_stored, NULL);
}

static void settle(const Later *later, JournalOutcome outcome, const GError *error,
                   const Object *found)
{
    const char *have = found != NULL ? object_text(found, later->update.member) : NULL;
    Verdict verdict = {
        .outcome = outcome, .error = error, .found = outcome != JOURNAL_DONE ? have : NULL};

    journal_settle(later->desk->cache->journal, later->entry, &verdict, NULL, NULL);
}

static GError *mismatch(const Later *later, const Object *found)
{
    const char *have = found != NULL ? object_text(found, later->update.member) : NULL;

    return api_error_new(API_ERROR_MISMATCH, 0, NULL, "%s: sent as %s, but later it reads %s",
                         later->update.member, later->update.value,
                         have != NULL ? have : "nothing");
}

static void found_out(Later *later, const Object *found)
{
    const CacheConfig *config = &later->desk->cache->config;
    g_autoptr(GError) error = mismatch(later, found);

    later->lane->distrusted = TRUE;
    settle(later, JOURNAL_DIFFERS, error, found);
    cache_expire(later->desk->cache, later->row);
    if (config->differs != NULL)
        config->differs(config->user_data, later->row, later->update.member, error);
}

static void audit_differs(Later *later, const Object *found)
{
    if (later->tries < G_N_ELEMENTS(audit_s)) {
        ask_in(later, audit_s[later->tries++]);
        return;
    }
    found_out(later, found);
    later_end(later);
}

/* What became of it, as the next mount would say. */
static JournalOutcome decide(const Later *later, const Object *found)
{
    const Update *update = &later->update;
    Intent intent = {.member = update->member,
                     .amount = update->amount,
                     .before = object_text(update->current, update->member),
                     .after = update->value};
    const char *text;

    return recover_decide(&intent, found, &text);
}

/* Even the last time nobody has seen it: then it did not come to be, or another value did. */
static void settle_doubt(Later *later, const Object *found)
{
    JournalOutcome outcome = decide(later, found);
    g_autoptr(GError) error = mismatch(later, found);

    settle(later, outcome, error, found);
    later_end(later);
}

static void doubt_again(Later *later, const Object *found)
{
    if (++later->tries < G_N_ELEMENTS(doubt_s))
        ask_in(later, doubt_s[later->tries]);
    else
        settle_doubt(later, found);
}

static void take(Later *later, const Object *found, gint64 asked_us)
{
    gboolean done = decide(later, found) == JOURNAL_DONE;

    if (done && found != NULL)
        store(later, found, asked_us);
    if (done && !later->audit)
        settle(later, JOURNAL_DONE, NULL, found);
    if (done)
        later_end(later);
    else if (later->audit)
        audit_differs(later, found);
    else
        doubt_again(later, found);
}

/* ---- it could not be read ---- */

static void audit_unread(Later *later, const GError *error)
{
    if (++later->unread < UNREAD_MAX) {
        ask_in(later, UNREAD_S);
        return;
    }
    g_message("%s of %s was accepted, and could not be read back: %s", later->update.member,
              later->update.id, error != NULL ? error->message : "the answer has no list");
    later->lane->distrusted = TRUE;
    cache_expire(later->desk->cache, later->row);
    later_end(later);
}

/* After the last time it stays what it is, and the next mount asks. */
static void doubt_unread(Later *later)
{
    if (++later->tries < G_N_ELEMENTS(doubt_s))
        ask_in(later, doubt_s[later->tries]);
    else
        later_end(later);
}

static void unread(Later *later, const GError *error)
{
    if (later->audit)
        audit_unread(later, error);
    else
        doubt_unread(later);
}

static void on_answer(void *user_data, Batch *batch, const Answer *answer, const GError *error)
{
    const Desk *desk = user_data;
    g_autoptr(Reply) reply = answer != NULL ? reply_new(desk->kind, answer) : NULL;
    Later *later;

    if (error != NULL && cut_is_about_some(error) && batch_split(batch, error->message, later_id))
        return;
    while ((later = batch_next(batch)) != NULL) {
        if (reply == NULL || !answer->has_list)
            unread(later, error);
        else
            take(later, reply_object(reply, later->update.id), batch_asked_us(batch));
    }
}

const StageType later_audits = {.priority = CALL_BACKGROUND,
                                .most = FILTER_IDS_MAX,
                                .quiet_ms = AUDIT_MS,
                                .most_ms = AUDIT_MS,
                                .encode = query,
                                .answered = on_answer};

const StageType later_doubts = {.priority = CALL_BACKGROUND,
                                .most = FILTER_IDS_MAX,
                                .quiet_ms = 50,
                                .most_ms = 500,
                                .encode = query,
                                .answered = on_answer};
