/* SPDX-License-Identifier: MIT */
/*
 * update-ad.c - ad/update. With patch_update a few members may change; without it the creative is
 * replaced, and what is not sent is gone.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "render.h"
#include "update.h"

enum {
    PATCHABLE = 1 << 0,
    REQUIRED = 1 << 1, /* of a replacement */
    AUDITED = 1 << 2,
};

enum { REVIEW_SECONDS = 600 };

/* clang-format off */
static const Member members[] = {
    {"ad_name",           MEMBER_NAME, NULL, PATCHABLE | REQUIRED},
    {"identity_type",     MEMBER_WORD, "CUSTOMIZED_USER AUTH_CODE TT_USER BC_AUTH_TT", PATCHABLE | REQUIRED},
    {"identity_id",       MEMBER_TEXT, NULL, PATCHABLE | REQUIRED},
    {"identity_authorized_bc_id", MEMBER_TEXT, NULL, PATCHABLE},
    {"video_id",          MEMBER_TEXT, NULL, PATCHABLE | AUDITED},
    {"image_ids",         MEMBER_IDS,  NULL, PATCHABLE | AUDITED},
    {"music_id",          MEMBER_TEXT, NULL, PATCHABLE | AUDITED},
    {"tiktok_item_id",    MEMBER_TEXT, NULL, PATCHABLE | AUDITED},
    {"ad_text",           MEMBER_TEXT, NULL, PATCHABLE | REQUIRED | AUDITED},
    {"ad_format",         MEMBER_WORD, "SINGLE_IMAGE SINGLE_VIDEO CAROUSEL_ADS CATALOG_CAROUSEL LIVE_CONTENT", REQUIRED | AUDITED},
    {"call_to_action",    MEMBER_TEXT, NULL, AUDITED},
    {"call_to_action_id", MEMBER_TEXT, NULL, AUDITED},
    {"landing_page_url",  MEMBER_TEXT, NULL, AUDITED},
    {"deeplink",          MEMBER_TEXT, NULL, AUDITED},
    {"deeplink_type",     MEMBER_TEXT, NULL, 0},
    {"tracking_pixel_id", MEMBER_NUMBER, NULL, 0},
    {"tracking_app_id",   MEMBER_TEXT, NULL, 0},
    {"impression_tracking_url", MEMBER_TEXT, NULL, 0},
    {"click_tracking_url", MEMBER_TEXT, NULL, 0},
};
/* clang-format on */

static gboolean check_text(const cJSON *creative, GError **error)
{
    const char *text = cJSON_GetStringValue(body_member(creative, "ad_text"));

    if (text == NULL)
        return TRUE;
    if (text_has_emoji(text))
        return refuse(error, CODE_PARAMETER, "ad_text: Emojis are not supported.");
    if (text_width(text) < 1 || text_width(text) > 100)
        return refuse(error, CODE_PARAMETER, "ad_text: Must have 1 to 100 characters.");
    return TRUE;
}

static gboolean set_member(const Member *member, const cJSON *node, const Item *item,
                           gboolean is_patch, Patch *patch, GError **error)
{
    if (node == NULL) {
        if (!is_patch)
            patch_set(patch, item, member->name, "null");
        return TRUE;
    }
    if (!check_member(member, node, item->account, error))
        return FALSE;

    g_autofree char *json = member_json(member, node);
    patch_set(patch, item, member->name, json);
    return TRUE;
}

static gboolean check_creative(const Call *call, const cJSON *creative, int number, Item *item,
                               GError **error)
{
    gboolean is_patch = cJSON_IsTrue(body_member(call->body, "patch_update"));
    const cJSON *adgroup_id = body_member(call->body, "adgroup_id");
    g_autofree char *owner = NULL;

    if (!check_target_in(call, creative, AD, item, error) || !check_text(creative, error))
        return FALSE;
    owner = g_strdup_printf("%" G_GUINT64_FORMAT, item->id[ADGROUP]);
    if (strcmp(owner, adgroup_id->valuestring) != 0)
        return refuse(error, CODE_PARAMETER,
                      "The ad %" G_GUINT64_FORMAT " does not belong to the ad group %s.",
                      item->id[AD], adgroup_id->valuestring);

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        gboolean sent = body_member(creative, members[i].name) != NULL;

        if (!is_patch && !sent && (members[i].flags & REQUIRED) != 0)
            return refuse(error, CODE_PARAMETER,
                          "creatives.%d.%s: Missing data for required field.", number,
                          members[i].name);
        if (is_patch && sent && (members[i].flags & PATCHABLE) == 0 &&
            !is_unchanged(item, creative, members[i].name))
            return refuse(error, CODE_PARAMETER,
                          "creatives.%d.%s: Can not be changed with patch_update.", number,
                          members[i].name);
    }
    return TRUE;
}

static gboolean set_creative(const Call *call, const cJSON *creative, const Item *item,
                             Patch *patch, GError **error)
{
    gboolean is_patch = cJSON_IsTrue(body_member(call->body, "patch_update"));
    gboolean audit = !is_patch;

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(creative, members[i].name);

        if (!set_member(&members[i], node, item, is_patch, patch, error))
            return FALSE;
        audit |= (members[i].flags & AUDITED) != 0 && node != NULL &&
                 !is_unchanged(item, creative, members[i].name);
    }
    if (audit) {
        g_autofree char *until = g_strdup_printf("%" G_GINT64_FORMAT, item->now + REVIEW_SECONDS);

        patch_set(patch, item, "_review_until", until);
    }
    patch_set(patch, item, "_updated", "true");
    return TRUE;
}

static void put_answer(GArray *items, GString *out)
{
    g_autoptr(GString) objects = g_string_new(NULL);

    g_string_append(out, "\"ad_ids\":[");
    for (guint i = 0; i < items->len; i++) {
        Item *item = &g_array_index(items, Item, i);

        g_string_append_printf(out, "%s\"%" G_GUINT64_FORMAT "\"", i > 0 ? "," : "", item->id[AD]);
        item_reload(item);
        g_string_append(objects, i > 0 ? "," : "");
        render_item(objects, item, NULL, FALSE);
    }
    g_string_append_printf(out, "],\"creatives\":[%s]", objects->str);
}

static gboolean check_body(const Call *call, const cJSON **creatives, GError **error)
{
    const cJSON *is_patch = body_member(call->body, "patch_update");
    Item adgroup;

    *creatives = body_member(call->body, "creatives");
    if (*creatives == NULL)
        return refuse(error, CODE_PARAMETER, "creatives: Missing data for required field");
    if (!cJSON_IsArray(*creatives) || cJSON_GetArraySize(*creatives) < 1 ||
        cJSON_GetArraySize(*creatives) > 20)
        return refuse(error, CODE_PARAMETER, "creatives: Must be a list of 1 to 20.");
    if (is_patch != NULL && !cJSON_IsBool(is_patch))
        return refuse(error, CODE_PARAMETER, "patch_update: Invalid type.");
    return check_target_in(call, call->body, ADGROUP, &adgroup, error);
}

gboolean update_ad(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(Item));
    const cJSON *creatives, *creative;

    if (!check_body(call, &creatives, error))
        return FALSE;
    cJSON_ArrayForEach (creative, creatives) {
        Item item;

        if (!check_creative(call, creative, (int)items->len, &item, error) ||
            !set_creative(call, creative, &item, patch, error))
            return FALSE;
        g_array_append_val(items, item);
    }
    if (!patch_apply(patch, answer, error))
        return FALSE;

    put_answer(items, answer->rest);
    return TRUE;
}
