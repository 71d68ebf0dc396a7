/* SPDX-License-Identifier: MIT */
/* waits.c - the opens of reports that wait, by their requests. */
#include "fs/waits.h"

#include <string.h>

struct Waits {
    GHashTable *all; /* request -> Wait */
};

static void wait_free(void *data)
{
    Wait *wait = data;

    g_free(wait->words);
    g_free(wait->level_words);
    g_free(wait);
}

Waits *waits_new(void)
{
    Waits *waits = g_new0(Waits, 1);

    waits->all = g_hash_table_new_full(NULL, NULL, NULL, wait_free);
    return waits;
}

void waits_free(Waits *waits)
{
    if (waits == NULL)
        return;
    g_hash_table_unref(waits->all);
    g_free(waits);
}

void waits_note(Waits *waits, const void *key, const Wait *who, const ReportQuery *query)
{
    ReportShape level = query->shape;
    Wait *wait;

    if (g_hash_table_contains(waits->all, key))
        return;
    level.object_id = NULL;
    wait = g_memdup2(who, sizeof *who);
    wait->advertiser = query->advertiser;
    wait->words = report_words(&query->shape);
    wait->level_words = report_words(&level);
    g_strlcpy(wait->start, query->start, sizeof wait->start);
    g_strlcpy(wait->end, query->end, sizeof wait->end);
    g_hash_table_insert(waits->all, (void *)key, wait);
}

void waits_forget(Waits *waits, const void *key)
{
    if (waits != NULL)
        g_hash_table_remove(waits->all, key);
}

/* What is being fetched is often a few of the report's days. */
gboolean wait_is_for(const Wait *wait, const ReportJob *job)
{
    g_autofree char *words = NULL;

    if (wait->advertiser != job->advertiser || strcmp(job->end, wait->start) < 0 ||
        strcmp(job->start, wait->end) > 0)
        return FALSE;
    words = report_words(job->shape);
    return strcmp(words, wait->words) == 0 || strcmp(words, wait->level_words) == 0;
}

const Wait *waits_find(Waits *waits, const ReportJob *job)
{
    const Wait *wait, *first = NULL;
    GHashTableIter iter;

    g_hash_table_iter_init(&iter, waits->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&wait))
        if ((first == NULL || wait->since_us < first->since_us) && wait_is_for(wait, job))
            first = wait;
    return first;
}

guint waits_count(const Waits *waits)
{
    return g_hash_table_size(waits->all);
}

Wait *waits_get(Waits *waits, const void *key)
{
    return waits != NULL ? g_hash_table_lookup(waits->all, key) : NULL;
}

void waits_each(Waits *waits, void (*each)(void *user_data, Wait *wait), void *user_data)
{
    GHashTableIter iter;
    Wait *wait;

    g_hash_table_iter_init(&iter, waits->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&wait))
        each(user_data, wait);
}
