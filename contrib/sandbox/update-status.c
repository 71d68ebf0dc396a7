/* SPDX-License-Identifier: MIT */
/*
 * update-status.c - status/update of campaigns, ad groups and ads. One bad id refuses the whole
 * call, except for ad groups with allow_partial_success, and what a fault of 20001 leaves undone.
 */
#include <string.h>

#include "check.h"
#include "fault.h"
#include "update.h"

typedef struct {
    const Call *call;
    const char *status;
    gboolean partial;
    Patch *patch;
    GString *winners; /* JSON, without brackets */
    GString *losers;
} Run;

static void set_status(const Run *run, const Item *item)
{
    if (strcmp(run->status, "DELETE") == 0)
        patch_delete(run->patch, item);
    else
        patch_set_text(run->patch, item, "operation_status", run->status);
}

static void put_loser(const Run *run, const char *id, const char *why)
{
    g_string_append_printf(
        run->losers, "%s{\"%s_id\":\"%s\",\"error_message\":", run->losers->len > 0 ? "," : "",
        kind_names[run->call->endpoint->kind], id);
    text_put_json(run->losers, why);
    g_string_append_c(run->losers, '}');
}

static gboolean check_switch(const Run *run, const Item *item, GError **error)
{
    if (item->kind == ADGROUP && strcmp(item->campaign.objective->type, "RF_REACH") == 0 &&
        strcmp(run->status, "DELETE") != 0)
        return refuse(error, CODE_PARAMETER,
                      "Reach & Frequency ad groups can not be enabled or disabled.");
    return TRUE;
}

static gboolean run_one(Run *run, const char *id, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    Item item;

    if (check_target(run->call, run->call->endpoint->kind, id, &item, &refusal) &&
        check_switch(run, &item, &refusal)) {
        set_status(run, &item);
        g_string_append_printf(run->winners, "%s\"%s\"", run->winners->len > 0 ? "," : "", id);
        return TRUE;
    }
    if (!run->partial) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }

    put_loser(run, id, refusal->message);
    return TRUE;
}

static gboolean read_ids(const Call *call, GPtrArray **ret, GError **error)
{
    g_autofree char *name = g_strconcat(kind_names[call->endpoint->kind], "_ids", NULL);
    const cJSON *node = body_member(call->body, name);

    if (node == NULL && call->endpoint->kind == AD && body_member(call->body, "aco_ad_ids") != NULL)
        return refuse(error, CODE_PARAMETER, "aco_ad_ids: There are no ACO ad groups here.");
    if (node == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
    return ids_of(node, name, 20, ret, error);
}

static gboolean read_run(Run *run, GError **error)
{
    static const Member status = {"operation_status", MEMBER_WORD, "ENABLE DISABLE DELETE", 0};
    const cJSON *node = body_member(run->call->body, "operation_status");
    const cJSON *partial = body_member(run->call->body, "allow_partial_success");

    if (node == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): operation_status.");
    if (!check_member(&status, node, run->call->account, error))
        return FALSE;
    if (partial != NULL && !cJSON_IsBool(partial))
        return refuse(error, CODE_PARAMETER, "allow_partial_success: Invalid type.");

    run->status = node->valuestring;
    run->partial = run->call->endpoint->kind == ADGROUP && cJSON_IsTrue(partial);
    return TRUE;
}

static void put_answer(const Run *run, GString *out)
{
    static const char *const more[N_KINDS] = {",\"campaign_list\":[]", "", ",\"aco_ad_ids\":[]"};
    Kind kind = run->call->endpoint->kind;

    g_string_append_printf(out, "\"%s_ids\":[%s],\"status\":\"%s\"%s", kind_names[kind],
                           run->winners->str, run->status, more[kind]);
    if (run->losers->len > 0)
        g_string_append_printf(out, ",\"error_list\":[%s]", run->losers->str);
}

gboolean update_status(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    g_autoptr(GString) winners = g_string_new(NULL);
    g_autoptr(GString) losers = g_string_new(NULL);
    g_autoptr(GPtrArray) ids = NULL;
    Run run = {.call = call, .patch = patch, .winners = winners, .losers = losers};

    if (!read_ids(call, &ids, error) || !read_run(&run, error))
        return FALSE;
    /* Half of it, when it is to be done in part. */
    guint done = (call->faults & FAULT_20001) != 0 ? ids->len / 2 : ids->len;
    for (guint i = 0; i < ids->len; i++) {
        if (i >= done)
            put_loser(&run, g_ptr_array_index(ids, i), "System error, please try again.");
        else if (!run_one(&run, g_ptr_array_index(ids, i), error))
            return FALSE;
    }
    if (!patch_apply(patch, answer, error))
        return FALSE;

    put_answer(&run, answer->rest);
    answer->partly = call->world->partly && losers->len > 0;
    return TRUE;
}
