/* SPDX-License-Identifier: MIT */
/* intention.c - by row and member, the values sent. */
#include "cache/intention.h"

#include <string.h>

#include "api/money.h"

/* One that nothing came of is forgotten; a listing may bring it after this time only if it was a
   long one. */
#define INTENTION_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    char *value;
    gint64 at_us;
    gboolean seen; /* in the transaction that is under way */
} Intention;

struct Intentions {
    const Clock *clock;
    gboolean any_seen; /* the writer's */

    GMutex lock;
    GHashTable *all; /* "row/member" -> GPtrArray of Intention */
};

static void intention_free(void *data)
{
    Intention *intention = data;

    g_free(intention->value);
    g_free(intention);
}

static void list_free(void *data)
{
    g_ptr_array_unref(data);
}

Intentions *intentions_new(const Clock *clock)
{
    Intentions *intentions = g_new0(Intentions, 1);

    g_mutex_init(&intentions->lock);
    intentions->clock = clock;
    intentions->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
    return intentions;
}

void intentions_free(Intentions *intentions)
{
    if (!intentions)
        return;
    g_hash_table_unref(intentions->all);
    g_mutex_clear(&intentions->lock);
    g_free(intentions);
}

/* Of those it holds. */
typedef gboolean (*Goes)(const Intention *intention, const void *user_data);

static void remove_all(Intentions *intentions, Goes goes, const void *user_data)
{
    GHashTableIter iter;
    GPtrArray *list;

    g_hash_table_iter_init(&iter, intentions->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&list)) {
        for (guint i = list->len; i-- > 0;)
            if (goes(list->pdata[i], user_data))
                g_ptr_array_remove_index(list, i);
        if (list->len == 0)
            g_hash_table_iter_remove(&iter);
    }
}

static gboolean is_old(const Intention *intention, const void *user_data)
{
    return intention->at_us < *(const gint64 *)user_data;
}

static char *make_key(gint64 row, const char *member)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "/%s", row, member);
}

void intentions_add(Intentions *intentions, gint64 row, const char *member, const char *value)
{
    Intention *intention = g_new0(Intention, 1);
    gint64 now = clock_monotonic(intentions->clock), oldest = now - INTENTION_US;
    g_autofree char *key = make_key(row, member);
    GPtrArray *list;

    intention->value = g_strdup(value);
    intention->at_us = now;
    g_mutex_lock(&intentions->lock);
    remove_all(intentions, is_old, &oldest);
    list = g_hash_table_lookup(intentions->all, key);
    if (!list) {
        list = g_ptr_array_new_with_free_func(intention_free);
        g_hash_table_insert(intentions->all, g_steal_pointer(&key), list);
    }
    g_ptr_array_add(list, intention);
    g_mutex_unlock(&intentions->lock);
}

void intentions_withdraw(Intentions *intentions, gint64 row, const char *member, const char *value)
{
    g_autofree char *key = make_key(row, member);
    GPtrArray *list;

    g_mutex_lock(&intentions->lock);
    list = g_hash_table_lookup(intentions->all, key);
    for (guint i = 0; list && i < list->len; i++)
        if (strcmp(((const Intention *)list->pdata[i])->value, value) == 0) {
            g_ptr_array_remove_index(list, i);
            break;
        }
    if (list && list->len == 0)
        g_hash_table_remove(intentions->all, key);
    g_mutex_unlock(&intentions->lock);
}

static gboolean is_value(const char *value, JsonSpan span)
{
    g_autofree char *text = json_span_text(span);
    gint64 want, have;

    if (strcmp(text, value) == 0)
        return TRUE;
    return money_from_json(text, &have) && money_parse(value, &want, NULL) && have == want;
}

gboolean intentions_match(Intentions *intentions, gint64 row, const char *member, JsonSpan after)
{
    g_autofree char *key = make_key(row, member);
    gboolean ours = FALSE;
    const GPtrArray *list;

    g_mutex_lock(&intentions->lock);
    list = g_hash_table_lookup(intentions->all, key);
    for (guint i = 0; list && i < list->len && !ours; i++) {
        Intention *intention = list->pdata[i];
        ours = !intention->seen && is_value(intention->value, after);
        intention->seen |= ours;
    }
    g_mutex_unlock(&intentions->lock);
    intentions->any_seen |= ours;
    return ours;
}

static gboolean is_seen(const Intention *intention, const void *user_data)
{
    (void)user_data;
    return intention->seen;
}

/* Nothing goes; it is to be seen yet. */
static gboolean unsee(const Intention *intention, const void *user_data)
{
    (void)user_data;
    ((Intention *)intention)->seen = FALSE;
    return FALSE;
}

void intentions_settle(Intentions *intentions, gboolean committed)
{
    if (!intentions->any_seen)
        return;
    g_mutex_lock(&intentions->lock);
    remove_all(intentions, committed ? is_seen : unsee, NULL);
    g_mutex_unlock(&intentions->lock);
    intentions->any_seen = FALSE;
}
