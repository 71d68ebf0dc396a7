/* SPDX-License-Identifier: MIT */
#pragma once

/* object-ids.h - the ids of all objects of a kind that there ever were, deleted ones too. Nothing
   of them is kept. */
#include "cache/internal.h"

typedef struct {
    ObjectKind kind;                      /* campaigns; or ad groups */
    const char *account_id, *campaign_id; /* campaign_id: only what is in that one; NULL: all */
    CallPriority priority;
    guint *calls; /* counted up by each */
    gboolean (*wanted)(void *user_data);
    /* On the loop, once, never before object_ids_list() returns. ids: texts, borrowed; or error. */
    void (*done)(void *user_data, const GPtrArray *ids, const GError *error);
    void *user_data;
} IdsPlan;

void object_ids_list(Cache *cache, const IdsPlan *plan);
