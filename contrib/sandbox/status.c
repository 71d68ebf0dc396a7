/* SPDX-License-Identifier: MIT */
/*
 * status.c - the cascade: deletion, then the advertiser, then the parents, then the object itself,
 * then review, then the schedule.
 */
#include "status.h"

#include <string.h>

#include "created.h"

typedef enum {
    OK,
    OWN_DELETE,
    PARENT_DELETE,
    PUNISHED,
    PARENT_DISABLE,
    OWN_DISABLE,
    NO_ADS,
    AUDIT,
    REAUDIT,
    NOT_START,
    TIME_DONE,
} State;

static const char *const prefixes[N_KINDS] = {"CAMPAIGN_STATUS_", "ADGROUP_STATUS_", "AD_STATUS_"};
static const char *const parents[N_KINDS] = {"CAMPAIGN_", "ADGROUP_", ""};

static State schedule_state(const Item *item)
{
    if (item->kind == CAMPAIGN)
        return OK;
    if (item_time(item, ADGROUP, "schedule_start_time", item->adgroup.start) > item->now)
        return NOT_START;
    if (item_time(item, ADGROUP, "schedule_end_time", item->adgroup.end) <= item->now)
        return TIME_DONE;
    return OK;
}

static gboolean has_no_ads(const Item *item)
{
    guint64 index = item->index[ADGROUP];

    return item->kind == ADGROUP &&
           world_first_child(item->world, ADGROUP, index) ==
               world_first_child(item->world, ADGROUP, index + 1) &&
           created_next_child(item, 0) == G_MAXUINT64;
}

static gboolean in_review(const Item *item)
{
    const char *until = change_get(item->change[item->kind], "_review_until");

    return until != NULL && g_ascii_strtoll(until, NULL, 10) > item->now;
}

/* *ret_by is the kind that is to blame. */
static State state_of(const Item *item, Kind *ret_by)
{
    *ret_by = item->kind;
    if (item_deleted(item, item->kind))
        return OWN_DELETE;
    for (*ret_by = CAMPAIGN; *ret_by < item->kind; (*ret_by)++) {
        if (item_deleted(item, *ret_by))
            return PARENT_DELETE;
    }
    if (strcmp(item->account->status, "STATUS_LIMIT") == 0)
        return PUNISHED;
    for (*ret_by = CAMPAIGN; *ret_by < item->kind; (*ret_by)++) {
        if (!item_enabled(item, *ret_by))
            return PARENT_DISABLE;
    }
    if (!item_enabled(item, item->kind))
        return OWN_DISABLE;
    if (has_no_ads(item))
        return NO_ADS;
    if (in_review(item))
        return change_get(item->change[item->kind], "_updated") == NULL ? AUDIT : REAUDIT;
    return schedule_state(item);
}

char *status_secondary(const Item *item)
{
    const char *const done[N_KINDS] = {"", "TIME_DONE", "DONE"};
    const char *fine = item->kind == CAMPAIGN ? "ENABLE" : "DELIVERY_OK";
    const char *const words[] = {
        [OK] = fine,
        [OWN_DELETE] = "DELETE",
        [PARENT_DELETE] = "DELETE",
        [PUNISHED] = "",
        [PARENT_DISABLE] = "DISABLE",
        [OWN_DISABLE] = "DISABLE",
        [NO_ADS] = "CREATE",
        [AUDIT] = "AUDIT",
        [REAUDIT] = "REAUDIT",
        [NOT_START] = "NOT_START",
        [TIME_DONE] = done[item->kind],
    };
    Kind by;
    State state = state_of(item, &by);

    if (state == PUNISHED)
        return g_strdup("ADVERTISER_ACCOUNT_PUNISH");
    return g_strconcat(prefixes[item->kind],
                       state == PARENT_DELETE || state == PARENT_DISABLE ? parents[by] : "",
                       words[state], NULL);
}

/* clang-format off */
/* Each word is a set of states. */
static const struct {
    const char *word;
    guint states;
} primaries[] = {
    {"STATUS_ALL",              ~0u},
    {"STATUS_DELETE",           1u << OWN_DELETE | 1u << PARENT_DELETE},
    {"STATUS_DELIVERY_CATALOG", 0},
    {"STATUS_DELIVERY_OK",      1u << OK},
    {"STATUS_DELIVERY_PARTIAL", 0},
    {"STATUS_DISABLE",          1u << OWN_DISABLE | 1u << PARENT_DISABLE},
    {"STATUS_FROZEN",           0},
    {"STATUS_NOT_DELETE",       ~(1u << OWN_DELETE | 1u << PARENT_DELETE)},
    {"STATUS_NOT_DELIVERY",     1u << PUNISHED | 1u << NO_ADS | 1u << AUDIT | 1u << REAUDIT | 1u << NOT_START},
    {"STATUS_RF_CLOSED",        0},
    {"STATUS_TIME_DONE",        1u << TIME_DONE},
};
/* clang-format on */

gboolean status_is_primary(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(primaries); i++) {
        if (strcmp(primaries[i].word, word) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean status_matches(const Item *item, const char *primary)
{
    Kind by;
    State state = state_of(item, &by);

    for (gsize i = 0; i < G_N_ELEMENTS(primaries); i++) {
        if (strcmp(primaries[i].word, primary) == 0)
            return (primaries[i].states & 1u << state) != 0;
    }
    return FALSE;
}
