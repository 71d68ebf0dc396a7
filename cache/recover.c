/* SPDX-License-Identifier: MIT */
/* recover.c - asks for the objects of what dead daemons meant. */
#include "cache/recover.h"

#include <string.h>

#include "api/encode.h"
#include "api/json.h"
#include "cache/internal.h"
#include "cache/recover-note.h"
#include "cache/update.h"

/* What is due is looked at by the clock of the cache, hence the ticks. */
enum { DEAD_S = 5, IDLE_S = 60, PAUSE_S = 5, PAUSE_MAX_S = 300, TICK_MS = 250 };

struct Recover {
    Cache *cache;
    GHashTable *dead;  /* name of a daemon -> gint64, monotonic, when it was seen to be dead */
    GHashTable *asked; /* set of Round, owned: the service is to answer */
    guint timer;
    gint64 due_us;   /* monotonic: to look again */
    guint under_way; /* jobs and calls */
    gboolean again;  /* something is left that was asked for */
    guint pause_s;
};

/* Notes of one kind in one account. */
typedef struct {
    Recover *recover; /* of the loop */
    gint64 now_us;
    char *daemon;
    GPtrArray *notes;
    guint left;
} Round;

/* ---- what came of it ---- */

static gboolean is_delete(const Intent *intent)
{
    return strcmp(intent->member, "operation_status") == 0 && strcmp(intent->after, "DELETE") == 0;
}

static gboolean holds(const Intent *intent, const char *member, const char *text,
                      const Object *object)
{
    const Update update = {
        .member = (char *)member, .value = (char *)text, .amount = intent->amount};

    if (!text)
        return !object_text(object, member);
    return update_holds(&update, object);
}

/* What was to be set at midnight is in force since. */
static gboolean has_come(const Intent *intent, const Object *object)
{
    const Update none = {.member = (char *)intent->member, .value = (char *)"0", .amount = TRUE};

    return strcmp(intent->member, "scheduled_budget") == 0 &&
           (!object_text(object, intent->member) || update_holds(&none, object)) &&
           holds(intent, "budget", intent->after, object);
}

JournalOutcome recover_decide(const Intent *intent, const Object *object, const char **ret_found)
{
    *ret_found = object ? object_text(object, intent->member) : NULL;
    if (!object)
        return is_delete(intent) ? JOURNAL_DONE : JOURNAL_DIFFERS;
    if (holds(intent, intent->member, intent->after, object) || has_come(intent, object))
        return JOURNAL_DONE;
    if (holds(intent, intent->member, intent->before, object) || is_delete(intent))
        return JOURNAL_REFUSED;
    return JOURNAL_DIFFERS;
}

/* ---- rounds ---- */

static void round_free(void *data)
{
    Round *round = data;

    g_ptr_array_unref(round->notes);
    g_free(round->daemon);
    g_free(round);
}

static Round *round_new(Recover *recover)
{
    Round *round = g_new0(Round, 1);

    round->recover = recover;
    round->now_us = clock_wall(recover->cache->config.clock);
    round->daemon = g_strdup(journal_daemon(recover->cache->journal));
    round->notes = g_ptr_array_new_with_free_func(open_note_free);
    return round;
}

static void look_in(Recover *recover, guint seconds);

/* One of them has ended. */
static void came_back(Recover *recover)
{
    if (--recover->under_way > 0)
        return;
    if (!recover->again)
        recover->pause_s = 0;
    else
        recover->pause_s = CLAMP(recover->pause_s * 2, PAUSE_S, PAUSE_MAX_S);
    look_in(recover, recover->pause_s);
}

/* ---- settling ---- */

static gboolean run_settle(sqlite3 *db, void *job, GError **error)
{
    Round *round = job;

    return open_notes_settle(db, round->notes, round->now_us, &round->left, error);
}

static void expire(Cache *cache, const Intent *intent)
{
    Scope accounts = {KIND_ADVERTISER, 0, NULL};
    gint64 account = cache_find_id(cache, &accounts, intent->advertiser_id);
    Scope objects = {intent->kind, account, NULL};
    gint64 row = account != 0 ? cache_find_id(cache, &objects, intent->id) : 0;

    if (row != 0)
        cache_expire(cache, row);
}

static void on_settled(void *job, const GError *error)
{
    const Round *round = job;
    Recover *recover = round->recover;

    recover->again |= error || round->left > 0;
    for (guint i = 0; i < round->notes->len && !error; i++)
        expire(recover->cache, &((OpenNote *)round->notes->pdata[i])->intent);
    came_back(recover);
}

static const JobType settling = {run_settle, on_settled, round_free};

/* ---- asking ---- */

static void decide(GPtrArray *notes, const char *id, const Object *object)
{
    for (guint i = 0; i < notes->len; i++) {
        OpenNote *note = notes->pdata[i];
        const char *found;

        if (note->decided || (id && strcmp(note->intent.id, id) != 0))
            continue;
        note->outcome = recover_decide(&note->intent, object, &found);
        note->found = g_strdup(found);
        note->decided = TRUE;
    }
}

/* Those that are not in the list are gone. FALSE: there is no list. */
static gboolean decide_all(GPtrArray *notes, const Answer *answer)
{
    const OpenNote *first = notes->pdata[0];
    gsize length;
    const char *body = g_bytes_get_data(answer->body, &length);
    g_autoptr(Object) envelope = object_new(body, (gssize)length, NULL);
    const char *raw = envelope ? object_raw(envelope, "data") : NULL;
    g_autoptr(Object) data = raw ? object_new(raw, -1, NULL) : NULL;
    const char *list = data ? object_raw(data, "list") : NULL;
    JsonSpan name, value;
    JsonIter iter;

    if (!answer->has_list || !list || !json_iter_init(&iter, list, strlen(list)))
        return FALSE;
    while (json_iter_next(&iter, &name, &value)) {
        g_autoptr(Object) object = object_new(value.at, (gssize)value.length, NULL);
        const char *id = object ? object_text(object, kind_names(first->intent.kind)->id) : NULL;

        if (id)
            decide(notes, id, object);
    }
    decide(notes, NULL, NULL);
    return TRUE;
}

static void on_answer(void *user_data, const Answer *answer, const GError *error)
{
    Round *round = user_data;
    Recover *recover = round->recover;

    g_hash_table_steal(recover->asked, round);
    if (error || !decide_all(round->notes, answer)) {
        recover->again = TRUE;
        round_free(round);
        came_back(recover);
        return;
    }
    round->now_us = clock_wall(recover->cache->config.clock);
    writer_push(journal_writer(recover->cache->journal), &settling, round, TRUE);
}

/* takes round */
static void ask(Recover *recover, Round *round)
{
    const Intent *first = &((OpenNote *)round->notes->pdata[0])->intent;
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree const char **list = NULL;
    g_autofree char *query = NULL;
    Call call = {.endpoint = endpoint_get_of(first->kind),
                 .priority = CALL_BACKGROUND,
                 .advertiser = first->advertiser_id};

    for (guint i = 0; i < round->notes->len; i++)
        g_hash_table_add(ids, (char *)((OpenNote *)round->notes->pdata[i])->intent.id);
    list = (const char **)g_hash_table_get_keys_as_array(ids, NULL);
    query = encode_list(first->kind, first->advertiser_id, list, 1, g_hash_table_size(ids));
    call.query = query;
    recover->under_way++;
    g_hash_table_add(recover->asked, round);
    recover->cache->config.call(recover->cache->config.client, &call, on_answer, round);
}

static gboolean belongs(const Round *round, const OpenNote *note)
{
    const Intent *first;

    if (round->notes->len == 0)
        return TRUE;
    first = &((OpenNote *)round->notes->pdata[0])->intent;
    return round->notes->len < FILTER_IDS_MAX && first->kind == note->intent.kind &&
           strcmp(first->advertiser_id, note->intent.advertiser_id) == 0;
}

static Round *round_for(Recover *recover, GPtrArray *rounds, const OpenNote *note)
{
    for (guint i = 0; i < rounds->len; i++)
        if (belongs(rounds->pdata[i], note))
            return rounds->pdata[i];
    g_ptr_array_add(rounds, round_new(recover));
    return rounds->pdata[rounds->len - 1];
}

/* ---- looking ---- */

static gboolean is_long_dead(Recover *recover, const char *daemon)
{
    gint64 now_us = cache_now(recover->cache);
    gint64 *since = g_hash_table_lookup(recover->dead, daemon);

    if (!since) {
        since = g_new(gint64, 1);
        *since = now_us;
        g_hash_table_insert(recover->dead, g_strdup(daemon), since);
    }
    return now_us - *since >= DEAD_S * G_USEC_PER_SEC;
}

static gboolean run_look(sqlite3 *db, void *job, GError **error)
{
    Round *round = job;

    return open_notes_find(db, round->daemon, round->now_us, round->notes, error);
}

static void on_looked(void *job, const GError *error)
{
    Round *round = job;
    Recover *recover = round->recover;
    g_autoptr(GPtrArray) rounds = g_ptr_array_new();
    guint waiting = 0;

    for (guint i = 0; i < round->notes->len && !error; i++) {
        OpenNote *note = round->notes->pdata[i];

        if (!is_long_dead(recover, note->daemon)) {
            waiting++;
            continue;
        }
        round->notes->pdata[i] = NULL;
        g_ptr_array_add(round_for(recover, rounds, note)->notes, note);
    }
    recover->again = FALSE;
    for (guint i = 0; i < rounds->len; i++)
        ask(recover, rounds->pdata[i]);
    if (rounds->len == 0)
        look_in(recover, waiting > 0 || error ? DEAD_S : IDLE_S);
}

static const JobType looking = {run_look, on_looked, round_free};

static gboolean on_tick(void *user_data)
{
    Recover *recover = user_data;

    if (cache_now(recover->cache) < recover->due_us)
        return G_SOURCE_CONTINUE;
    recover->timer = 0;
    writer_push(journal_writer(recover->cache->journal), &looking, round_new(recover), FALSE);
    return G_SOURCE_REMOVE;
}

static void look_in(Recover *recover, guint seconds)
{
    recover->due_us = cache_now(recover->cache) + seconds * G_USEC_PER_SEC;
    if (seconds < IDLE_S)
        recover->timer = g_timeout_add(TICK_MS, on_tick, recover);
    else
        recover->timer = g_timeout_add_seconds(IDLE_S, on_tick, recover);
}

Recover *recover_new(Cache *cache)
{
    Recover *recover = g_new0(Recover, 1);

    recover->cache = cache;
    recover->dead = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    recover->asked = g_hash_table_new_full(NULL, NULL, round_free, NULL);
    writer_push(journal_writer(cache->journal), &looking, round_new(recover), FALSE);
    return recover;
}

void recover_free(Recover *recover)
{
    if (!recover)
        return;
    g_clear_handle_id(&recover->timer, g_source_remove);
    g_hash_table_unref(recover->dead);
    g_hash_table_unref(recover->asked);
    g_free(recover);
}
