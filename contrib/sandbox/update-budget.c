/* SPDX-License-Identifier: MIT */
/*
 * update-budget.c - adgroup/budget/update: lifetime budgets at once ("budget"), daily and dynamic
 * ones at the account's next midnight ("scheduled_budget"), and none in the five minutes before it.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "update.h"

static gboolean run_one(const Call *call, const cJSON *entry, const char *name, Patch *patch,
                        GError **error)
{
    const Member member = {name, MEMBER_MONEY, NULL, 0};
    const cJSON *node = body_member(entry, name);
    gboolean at_once = strcmp(name, "budget") == 0;
    gint64 micros;
    Item item;

    if (!check_target_in(call, entry, ADGROUP, &item, error))
        return FALSE;
    if (node == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
    if (!check_member(&member, node, call->account, error))
        return FALSE;

    gboolean lifetime = strcmp(item.adgroup.budget_mode, "BUDGET_MODE_TOTAL") == 0;
    if (at_once != lifetime)
        return refuse(error, CODE_PARAMETER, "%s: Not allowed with %s.", name,
                      item.adgroup.budget_mode);

    g_autofree char *json = member_json(&member, node);
    currency_parse(json, &micros);
    if (!(at_once ? check_budget : check_next_budget)(&item, micros, error) ||
        !check_bid_below(&item, micros, error))
        return FALSE;
    if (at_once) {
        patch_set(patch, &item, "_budget", json);
        return TRUE;
    }

    g_autofree char *midnight =
        g_strdup_printf("%" G_GINT64_FORMAT, clock_next_midnight(call->account->zone, item.now));
    /* One that is in force already becomes plain before the next is scheduled. */
    g_autoptr(GString) current = g_string_new(NULL);
    currency_put(current, item_budget(&item, ADGROUP));
    patch_set(patch, &item, "_budget", current->str);
    patch_set(patch, &item, "_scheduled_budget", json);
    patch_set(patch, &item, "_scheduled_at", midnight);
    return TRUE;
}

gboolean update_budget(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    const cJSON *now = body_member(call->body, "budget");
    const cJSON *later = body_member(call->body, "scheduled_budget");
    const cJSON *list = now != NULL ? now : later, *entry;

    if ((now == NULL) == (later == NULL))
        return refuse(error, CODE_PARAMETER, "Either budget or scheduled_budget is required.");
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) < 1 || cJSON_GetArraySize(list) > 20)
        return refuse(error, CODE_PARAMETER, "%s: Must be a list of 1 to 20.", list->string);
    if (clock_second_of_day(call->account->zone, clock_now()) >= DAY - 300)
        return refuse(error, CODE_PARAMETER,
                      "Budgets can not be changed between 23:55 and 00:00 of the account.");

    cJSON_ArrayForEach (entry, list) {
        if (!run_one(call, entry, list->string, patch, error))
            return FALSE;
    }
    return patch_apply(patch, answer, error);
}
