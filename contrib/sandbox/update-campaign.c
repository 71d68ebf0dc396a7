/* SPDX-License-Identifier: MIT */
/* update-campaign.c - campaign/update: incremental, four members, the mode stays what it is. */
#include <string.h>

#include "check.h"
#include "render.h"
#include "update.h"

/* clang-format off */
static const Member members[] = {
    {"campaign_name",      MEMBER_NAME,  NULL, 0},
    {"budget",             MEMBER_MONEY, NULL, 0},
    {"special_industries", MEMBER_IDS,   NULL, 0},
    {"po_number",          MEMBER_TEXT,  NULL, 0},
};
/* clang-format on */

static const char *const fixed[] = {"budget_mode", "objective_type", "operation_status",
                                    "budget_optimize_on"};

/* May be removed, but not changed or switched on. */
static gboolean check_industries(const Item *item, const cJSON *body, GError **error)
{
    const cJSON *node = body_member(body, "special_industries");

    if (node == NULL || cJSON_GetArraySize(node) == 0 ||
        is_unchanged(item, body, "special_industries"))
        return TRUE;
    return refuse(error, CODE_PARAMETER, "special_industries: Can only be removed.");
}

static gboolean set_member(const Member *member, const cJSON *node, const Item *item, Patch *patch,
                           GError **error)
{
    g_autofree char *json = NULL;
    gint64 micros;

    if (!check_member(member, node, item->account, error))
        return FALSE;

    json = member_json(member, node);
    if (member->type != MEMBER_MONEY) {
        patch_set(patch, item, member->name, json);
        return TRUE;
    }

    /* 0 is what a campaign without a budget says of itself. */
    currency_parse(json, &micros);
    if (micros == 0 && strcmp(item->campaign.budget_mode, "BUDGET_MODE_INFINITE") == 0)
        return TRUE;
    patch_set(patch, item, "_budget", json);
    return check_budget(item, micros, error);
}

gboolean update_campaign(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    guint sent = 0;
    Item item;

    if (!check_target_in(call, call->body, CAMPAIGN, &item, error) ||
        !check_industries(&item, call->body, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++) {
        if (!is_unchanged(&item, call->body, fixed[i]))
            return refuse(error, CODE_PARAMETER, "%s: Can not be changed.", fixed[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(call->body, members[i].name);

        if (node == NULL)
            continue;
        if (!set_member(&members[i], node, &item, patch, error))
            return FALSE;
        sent++;
    }
    if (sent == 0)
        return refuse(error, CODE_NOTHING, "Nothing to update.");
    if (!patch_apply(patch, answer, error))
        return FALSE;

    g_autoptr(GString) object = g_string_new(NULL);
    item_reload(&item);
    render_item(object, &item, NULL, FALSE);
    g_string_append_len(answer->rest, object->str + 1, (gssize)object->len - 2);
    return TRUE;
}
