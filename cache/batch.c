/* SPDX-License-Identifier: MIT */
/* batch.c - a list of what is to be asked, first things first, and what was learnt from answers. */
#include "cache/batch.h"

#include <string.h>

#include "api/encode.h"
#include "api/error.h"
#include "api/json.h"
#include "cache/listing.h"

enum {
    NAMED_MAX = 8,     /* a text that names more is not about some of them */
    RETRIES_MAX = 10,  /* of those that were refused before, each time */
    ALONE_MIN = 2,     /* refused alone, with the same words, ... */
    ALONE_MAX = 3,     /* ... and one far from these: it is not about them */
    REFUSALS_MAX = 64, /* without an answer */
};

typedef struct {
    GPtrArray *ids; /* borrowed */
    gboolean again; /* an answer left them out before */
    gboolean due;   /* refused in an earlier fetch */
} Batch;

typedef struct {
    const char *id;
    GError *error;
} Refusal;

struct Batches {
    char **ids;
    gsize n_ids, n_due, next_due;
    gboolean allowed; /* so that a refusal is about accounts */
    BatchRefusedFunc refused;
    void *user_data;

    GQueue todo;       /* of Batch, the next first */
    GHashTable *asked; /* page -> Batch */
    guint n_asked;     /* ever, in this round */
    guint refusals, alone;
    GError *first; /* of the refusals */
    gboolean varied, granted;
    GArray *pending; /* of Refusal: not told yet, as it may not be about them */
};

static Batch *batch_new(gsize size)
{
    Batch *batch = g_new0(Batch, 1);

    batch->ids = g_ptr_array_sized_new((guint)size);
    return batch;
}

static void batch_free(void *data)
{
    Batch *batch = data;

    g_ptr_array_unref(batch->ids);
    g_free(batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

/* One of those that `batch` holds, now without ids. */
static Batch *batch_part(const Batch *batch)
{
    Batch *part = batch_new(batch->ids->len);

    part->again = batch->again;
    part->due = batch->due;
    return part;
}

static void refusal_clear(void *data)
{
    g_clear_error(&((Refusal *)data)->error);
}

Batches *batches_new(char **ids, gsize n_due, gboolean allowed, BatchRefusedFunc refused,
                     void *user_data)
{
    Batches *batches = g_new0(Batches, 1);

    batches->ids = ids;
    batches->n_due = n_due;
    batches->n_ids = g_strv_length(ids) - n_due;
    batches->allowed = allowed;
    batches->refused = refused;
    batches->user_data = user_data;
    g_queue_init(&batches->todo);
    batches->asked = g_hash_table_new_full(NULL, NULL, NULL, batch_free);
    batches->pending = g_array_new(FALSE, FALSE, sizeof(Refusal));
    g_array_set_clear_func(batches->pending, refusal_clear);
    return batches;
}

void batches_free(Batches *batches)
{
    if (!batches)
        return;
    g_queue_clear_full(&batches->todo, batch_free);
    g_hash_table_unref(batches->asked);
    g_array_unref(batches->pending);
    g_clear_error(&batches->first);
    g_free(batches);
}

/* ---- what is to be asked ---- */

/* ids[first] and so on, `size` in each. */
static void add_batches(Batches *batches, gsize first, gsize n, gsize size, gboolean due)
{
    for (gsize at = first; at < first + n; at += size) {
        Batch *batch = batch_new(size);
        batch->due = due;
        for (gsize i = at; i < MIN(at + size, first + n); i++)
            g_ptr_array_add(batch->ids, batches->ids[i]);
        g_queue_push_tail(&batches->todo, batch);
    }
}

/* Nothing speaks against that it is not about the accounts at all. */
static gboolean is_in_doubt(const Batches *batches)
{
    return batches->refusals > 0 && !batches->granted && !batches->varied;
}

static guint count(const Batches *batches)
{
    guint left = batches->todo.length;

    if (is_in_doubt(batches))
        left = g_hash_table_size(batches->asked) > 0 ? 0 : MIN(left, 1);
    return batches->n_asked + left;
}

guint batches_begin(Batches *batches)
{
    gsize n_retries = MIN(batches->n_due, RETRIES_MAX);

    g_queue_clear_full(&batches->todo, batch_free);
    g_hash_table_remove_all(batches->asked);
    g_array_set_size(batches->pending, 0);
    g_clear_error(&batches->first);
    batches->n_asked = batches->refusals = batches->alone = 0;
    batches->varied = FALSE;
    batches->granted = batches->allowed;
    batches->next_due = batches->n_ids + n_retries;
    add_batches(batches, 0, batches->n_ids, INFO_IDS_MAX, FALSE);
    add_batches(batches, batches->n_ids, n_retries, 1, TRUE);
    return count(batches);
}

char *batches_query(Batches *batches, guint page)
{
    Batch *batch = g_queue_pop_head(&batches->todo);
    const char *ids[INFO_IDS_MAX + 1] = {NULL};

    memcpy(ids, batch->ids->pdata, batch->ids->len * sizeof ids[0]);
    g_hash_table_insert(batches->asked, GUINT_TO_POINTER(page), batch);
    batches->n_asked++;
    return encode_info(ids);
}

/* ---- who is refused ---- */

static void tell(Batches *batches)
{
    for (guint i = 0; i < batches->pending->len; i++) {
        const Refusal *refusal = &g_array_index(batches->pending, Refusal, i);
        batches->refused(batches->user_data, refusal->id, refusal->error);
    }
    g_array_set_size(batches->pending, 0);
}

static void remember(Batches *batches, const char *id, const GError *error)
{
    Refusal refusal = {id, g_error_copy(error)};

    g_array_append_val(batches->pending, refusal);
    if (!is_in_doubt(batches))
        tell(batches);
}

static gboolean is_named(const char *text, const char *id)
{
    gsize length = strlen(id);

    for (const char *at = strstr(text, id); at; at = strstr(at + 1, id))
        if ((at == text || !g_ascii_isdigit(at[-1])) && !g_ascii_isdigit(at[length]))
            return TRUE;
    return FALSE;
}

/* TRUE: the text names some, who will be asked alone, and then the rest. */
static gboolean split_by_text(Batches *batches, const Batch *batch, const char *text)
{
    g_autoptr(Batch) rest = batch_part(batch);
    g_autoptr(Batch) named = batch_part(batch);

    for (guint i = 0; i < batch->ids->len; i++) {
        char *id = batch->ids->pdata[i];
        g_ptr_array_add(is_named(text, id) ? named->ids : rest->ids, id);
    }
    if (named->ids->len == 0 || named->ids->len > NAMED_MAX || rest->ids->len == 0)
        return FALSE;
    g_queue_push_head(&batches->todo, g_steal_pointer(&rest));
    for (guint i = 0; i < named->ids->len; i++) {
        Batch *one = batch_part(batch);
        g_ptr_array_add(one->ids, named->ids->pdata[i]);
        g_queue_push_head(&batches->todo, one);
    }
    return TRUE;
}

static void split(Batches *batches, const Batch *batch, const char *text)
{
    guint half = (batch->ids->len + 1) / 2;
    Batch *parts[2];

    if (split_by_text(batches, batch, text))
        return;
    for (guint i = 0; i < 2; i++)
        parts[i] = batch_part(batch);
    for (guint i = 0; i < batch->ids->len; i++)
        g_ptr_array_add(parts[i >= half]->ids, batch->ids->pdata[i]);
    g_queue_push_head(&batches->todo, parts[1]);
    g_queue_push_head(&batches->todo, parts[0]);
}

gboolean batches_are_about(const GError *error)
{
    return api_error_code(error) != 0 && !listing_is_absence(error) &&
           (listing_is_other_party(error) || g_error_matches(error, API_ERROR, API_ERROR_DENIED) ||
            g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND) ||
            g_error_matches(error, API_ERROR, API_ERROR_INVALID));
}

/* What was refused before says nothing of the rest. */
static void learn(Batches *batches, const Batch *batch, const GError *error)
{
    if (batch->due)
        return;
    batches->refusals++;
    batches->alone += batch->ids->len == 1;
    if (!batches->first)
        batches->first = g_error_copy(error);
    else if (api_error_code(batches->first) != api_error_code(error) ||
             strcmp(batches->first->message, error->message) != 0)
        batches->varied = TRUE;
    if (batches->varied)
        tell(batches);
}

static gboolean is_hopeless(const Batches *batches)
{
    if (batches->granted)
        return FALSE;
    return batches->refusals >= REFUSALS_MAX ||
           (is_in_doubt(batches) && batches->alone >= CLAMP(batches->n_ids, ALONE_MIN, ALONE_MAX));
}

/* Neighbours may be of a sort: who is far from two that were refused tells more than a third. */
static void ask_elsewhere(Batches *batches)
{
    GList *link = batches->todo.tail;

    while (link && ((const Batch *)link->data)->due)
        link = link->prev;
    if (!link)
        return;
    g_queue_unlink(&batches->todo, link);
    g_queue_push_head_link(&batches->todo, link);
}

static gboolean refuse(Batches *batches, const Batch *batch, const GError *error)
{
    if (!batches_are_about(error))
        return FALSE;
    learn(batches, batch, error);
    if (is_hopeless(batches))
        return FALSE;
    if (batch->ids->len > 1)
        split(batches, batch, error->message);
    else
        remember(batches, batch->ids->pdata[0], error);
    if (!batch->due && batch->ids->len == 1 && batches->alone == ALONE_MIN && is_in_doubt(batches))
        ask_elsewhere(batches);
    return TRUE;
}

/* ---- who is left out ---- */

static JsonSpan find_member(JsonSpan object, const char *name)
{
    JsonSpan key, value;
    JsonIter iter;

    if (!object.at || !json_iter_init(&iter, object.at, object.length) || iter.close != '}')
        return (JsonSpan){NULL, 0};
    while (json_iter_next(&iter, &key, &value))
        if (key.length == strlen(name) + 2 && memcmp(key.at + 1, name, key.length - 2) == 0)
            return value;
    return (JsonSpan){NULL, 0};
}

/* The set of accounts in an answer. */
static GHashTable *read_ids(const Answer *answer)
{
    GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gsize length;
    const char *text = g_bytes_get_data(answer->body, &length);
    JsonSpan list = find_member(find_member((JsonSpan){text, length}, "data"), "list");
    JsonSpan key, row;
    JsonIter iter;

    if (!list.at || !json_iter_init(&iter, list.at, list.length))
        return ids;
    while (json_iter_next(&iter, &key, &row)) {
        JsonSpan id = find_member(row, "advertiser_id");
        if (id.at)
            g_hash_table_add(ids, json_span_text(id));
    }
    return ids;
}

/* NULL: nobody. */
static Batch *find_left_out(const Batch *batch, const Answer *answer)
{
    g_autoptr(GHashTable) came = NULL;
    g_autoptr(Batch) missing = NULL;

    if (answer->n_rows >= batch->ids->len)
        return NULL;
    came = read_ids(answer);
    missing = batch_part(batch);
    missing->again = TRUE;
    for (guint i = 0; i < batch->ids->len; i++)
        if (!g_hash_table_contains(came, batch->ids->pdata[i]))
            g_ptr_array_add(missing->ids, batch->ids->pdata[i]);
    return missing->ids->len > 0 ? g_steal_pointer(&missing) : NULL;
}

static void remember_silence(Batches *batches, const Batch *missing, const Answer *answer)
{
    for (guint i = 0; i < missing->ids->len; i++) {
        const char *id = missing->ids->pdata[i];
        g_autoptr(GError) error =
            api_error_new(API_ERROR_INCOMPLETE, 0, answer->request_id,
                          "The service says nothing about account %s, asked twice", id);
        remember(batches, id, error);
    }
}

/* Somebody who was refused before is not any more: so may be others. */
static void retry_all(Batches *batches)
{
    gsize end = batches->n_ids + batches->n_due;

    add_batches(batches, batches->next_due, end - batches->next_due, INFO_IDS_MAX, TRUE);
    batches->next_due = end;
}

static void grant(Batches *batches, const Batch *batch, const Answer *answer)
{
    g_autoptr(Batch) missing = find_left_out(batch, answer);

    if (!missing || missing->ids->len < batch->ids->len) {
        batches->granted = TRUE;
        tell(batches);
        if (batch->due)
            retry_all(batches);
    }
    if (missing && batch->again)
        remember_silence(batches, missing, answer);
    else if (missing)
        g_queue_push_head(&batches->todo, g_steal_pointer(&missing));
}

gboolean batches_settle(Batches *batches, guint page, const Answer *answer, const GError *error,
                        guint *ret_pages)
{
    g_autoptr(Batch) batch = g_hash_table_lookup(batches->asked, GUINT_TO_POINTER(page));
    gboolean dealt_with = TRUE;

    g_hash_table_steal(batches->asked, GUINT_TO_POINTER(page));
    if (error)
        dealt_with = refuse(batches, batch, error);
    else
        grant(batches, batch, answer);
    if (dealt_with && g_hash_table_size(batches->asked) == 0 && g_queue_is_empty(&batches->todo))
        tell(batches);
    *ret_pages = count(batches);
    return dealt_with;
}
