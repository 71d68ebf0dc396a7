/* SPDX-License-Identifier: MIT */
/*
 * create-campaign.c - campaign/create. Only one of several with the same request_id takes effect;
 * the others are answered with what it made.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "created.h"
#include "update.h"

enum { REQUIRED = 1 };

/* clang-format off */
static const Member members[] = {
    {"campaign_name",      MEMBER_NAME,  NULL, REQUIRED},
    {"objective_type",     MEMBER_TEXT,  NULL, REQUIRED},
    {"budget_mode",        MEMBER_TEXT,  NULL, REQUIRED},
    {"budget",             MEMBER_MONEY, NULL, 0},
    {"budget_optimize_on", MEMBER_BOOL,  NULL, 0},
    {"operation_status",   MEMBER_WORD,  "ENABLE DISABLE", 0},
    {"special_industries", MEMBER_IDS,   NULL, 0},
    {"po_number",          MEMBER_TEXT,  NULL, 0},
    {"request_id",         MEMBER_TEXT,  NULL, 0},
};
/* clang-format on */

static gboolean check_members(const Call *call, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(call->body, members[i].name);

        if (node == NULL && (members[i].flags & REQUIRED) != 0)
            return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", members[i].name);
        if (node != NULL && !check_member(&members[i], node, call->account, error))
            return FALSE;
    }
    return TRUE;
}

static const char *text_of(const Call *call, const char *name)
{
    return cJSON_GetStringValue(body_member(call->body, name));
}

/* What is created is known from its changes: facts that only follow from them are set here. */
static gboolean begin(const Call *call, guint64 position, Item *item, GError **error)
{
    *item = (Item){.world = call->world, .account = call->account, .now = clock_now()};
    created_enter(item, CAMPAIGN, position);
    if (!campaign_set_type(item, text_of(call, "objective_type")))
        return refuse(error, CODE_PARAMETER, "objective_type: Not a valid choice: %s.",
                      text_of(call, "objective_type"));
    if (!campaign_set_budget_mode(item, text_of(call, "budget_mode")))
        return refuse(error, CODE_PARAMETER, "budget_mode: Not a valid choice: %s.",
                      text_of(call, "budget_mode"));
    return TRUE;
}

static gboolean check_first_budget(const Call *call, const Item *item, GError **error)
{
    const cJSON *node = body_member(call->body, "budget");
    gint64 micros = 0;

    if (node != NULL)
        currency_from_json(node, &micros);
    if (micros == 0 && strcmp(item->campaign.budget_mode, "BUDGET_MODE_INFINITE") == 0)
        return TRUE;
    if (node == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): budget.");
    return check_budget(item, micros, error);
}

static void set_members(const Call *call, Patch *patch, const Item *item)
{
    g_autofree char *created = g_strdup_printf("%" G_GINT64_FORMAT, item->now);

    patch_set(patch, item, "_created", created);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const char *name = members[i].name;
        const cJSON *node = body_member(call->body, name);
        g_autofree char *json = node != NULL ? member_json(&members[i], node) : NULL;

        if (members[i].type == MEMBER_BOOL && !cJSON_IsTrue(node))
            continue; /* CBO shows only where it is on */
        if (members[i].type == MEMBER_MONEY)
            name = "_budget";
        else if (strcmp(name, "request_id") == 0)
            name = "_request_id";
        if (json != NULL)
            patch_set(patch, item, name, json);
    }
}

static gboolean create(const Call *call, guint64 position, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    Item item;

    if (!begin(call, position, &item, error) || !check_first_budget(call, &item, error))
        return FALSE;
    set_members(call, patch, &item);
    return patch_apply(patch, answer, error);
}

gboolean create_campaign(const Call *call, Answer *answer, GError **error)
{
    guint64 position;
    gboolean again;

    if (!check_members(call, error) || !created_place(call, CAMPAIGN, &position, &again, error) ||
        (!again && !create(call, position, answer, error)))
        return FALSE;
    created_put(call, CAMPAIGN, position, answer->rest);
    return TRUE;
}
