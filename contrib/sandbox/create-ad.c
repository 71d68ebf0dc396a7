/* SPDX-License-Identifier: MIT */
/*
 * create-ad.c - ad/create: 1 to 20 ads of one ad group, all or none. There is no request_id:
 * whoever sends twice has two. A new ad is reviewed before it is shown.
 */
#include <string.h>

#include "check.h"
#include "clock.h"
#include "created.h"
#include "patch.h"
#include "render.h"
#include "update.h"

enum { REQUIRED = 1 };
enum { CREATIVES_MAX = 20, REVIEW_SECONDS = 600, CAROUSEL_MAX = 35 };

/* clang-format off */
static const Member members[] = {
    {"ad_name",           MEMBER_TEXT, NULL, REQUIRED}, /* "": it is called by its id */
    {"ad_format",         MEMBER_WORD, "SINGLE_IMAGE SINGLE_VIDEO CAROUSEL_ADS CATALOG_CAROUSEL LIVE_CONTENT", REQUIRED},
    {"identity_type",     MEMBER_WORD, "CUSTOMIZED_USER AUTH_CODE TT_USER BC_AUTH_TT", REQUIRED},
    {"identity_id",       MEMBER_TEXT, NULL, REQUIRED},
    {"identity_authorized_bc_id", MEMBER_TEXT, NULL, 0},
    {"video_id",          MEMBER_TEXT, NULL, 0},
    {"image_ids",         MEMBER_IDS,  NULL, 0},
    {"music_id",          MEMBER_TEXT, NULL, 0},
    {"tiktok_item_id",    MEMBER_TEXT, NULL, 0},
    {"ad_text",           MEMBER_TEXT, NULL, 0},
    {"display_name",      MEMBER_TEXT, NULL, 0},
    {"call_to_action",    MEMBER_TEXT, NULL, 0},
    {"call_to_action_id", MEMBER_TEXT, NULL, 0},
    {"landing_page_url",  MEMBER_TEXT, NULL, 0},
    {"deeplink",          MEMBER_TEXT, NULL, 0},
    {"deeplink_type",     MEMBER_TEXT, NULL, 0},
    {"tracking_pixel_id", MEMBER_NUMBER, NULL, 0},
    {"tracking_app_id",   MEMBER_TEXT, NULL, 0},
    {"impression_tracking_url", MEMBER_TEXT, NULL, 0},
    {"click_tracking_url", MEMBER_TEXT, NULL, 0},
    {"operation_status",  MEMBER_WORD, "ENABLE DISABLE", 0},
};

/* What an ad has when it was not sent. */
static const char *const defaults[][2] = {
    {"video_id", "null"}, {"image_ids", "[]"}, {"ad_text", "null"}, {"call_to_action", "null"},
    {"landing_page_url", "null"},
};
/* clang-format on */

static const char *text_of(const cJSON *creative, const char *name)
{
    return cJSON_GetStringValue(body_member(creative, name));
}

static gboolean missing(int number, const char *name, GError **error)
{
    return refuse(error, CODE_PARAMETER, "creatives.%d.%s: Missing data for required field.",
                  number, name);
}

static gboolean check_members(const Call *call, const cJSON *creative, int number, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(creative, members[i].name);

        if (node == NULL && (members[i].flags & REQUIRED) != 0)
            return missing(number, members[i].name, error);
        if (node != NULL && !check_member(&members[i], node, call->account, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_text(const char *label, const char *text, glong most, GError **error)
{
    if (text == NULL)
        return TRUE;
    if (text_has_emoji(text))
        return refuse(error, CODE_PARAMETER, "%s: Emojis are not supported.", label);
    if (text_width(text) > most)
        return refuse(error, CODE_PARAMETER, "%s: Longer than maximum length %ld.", label, most);
    return TRUE;
}

/* Only what was posted before (Spark) comes with words and pictures of its own. */
static gboolean check_media(const cJSON *creative, int number, GError **error)
{
    const char *format = text_of(creative, "ad_format");
    gboolean video = strcmp(format, "SINGLE_VIDEO") == 0;
    gboolean carousel = strcmp(format, "CAROUSEL_ADS") == 0;
    gboolean picture = strcmp(format, "SINGLE_IMAGE") == 0;
    int images = cJSON_GetArraySize(body_member(creative, "image_ids"));

    if (body_member(creative, "tiktok_item_id") != NULL)
        return TRUE;
    if (video && body_member(creative, "video_id") == NULL)
        return missing(number, "video_id", error);
    if ((video || picture || carousel) && images == 0)
        return missing(number, "image_ids", error);
    if ((video || picture) && images > 1)
        return refuse(error, CODE_PARAMETER, "creatives.%d.image_ids: Must be exactly one.",
                      number);
    if (images > CAROUSEL_MAX)
        return refuse(error, CODE_PARAMETER, "creatives.%d.image_ids: Must be 1 to %d.", number,
                      CAROUSEL_MAX);
    if (carousel && body_member(creative, "music_id") == NULL)
        return missing(number, "music_id", error);
    if (text_of(creative, "ad_text") == NULL || *text_of(creative, "ad_text") == '\0')
        return missing(number, "ad_text", error);
    return TRUE;
}

static gboolean check_creative(const Call *call, const cJSON *creative, int number, GError **error)
{
    const char *url;

    if (!cJSON_IsObject(creative))
        return refuse(error, CODE_PARAMETER, "creatives.%d: Invalid type.", number);
    if (!check_members(call, creative, number, error) ||
        !check_text("ad_name", text_of(creative, "ad_name"), 512, error) ||
        !check_text("ad_text", text_of(creative, "ad_text"), 100, error) ||
        !check_media(creative, number, error))
        return FALSE;
    if (body_member(creative, "call_to_action") != NULL &&
        body_member(creative, "call_to_action_id") != NULL)
        return refuse(error, CODE_PARAMETER,
                      "creatives.%d: Either call_to_action or call_to_action_id.", number);
    if (strcmp(text_of(creative, "identity_type"), "BC_AUTH_TT") == 0 &&
        body_member(creative, "identity_authorized_bc_id") == NULL)
        return missing(number, "identity_authorized_bc_id", error);
    url = text_of(creative, "landing_page_url");
    if (url != NULL && !g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))
        return refuse(error, CODE_PARAMETER, "creatives.%d.landing_page_url: Not a valid URL.",
                      number);
    return TRUE;
}

static void set_creative(const Call *call, const cJSON *creative, const Item *item, Patch *patch)
{
    g_autofree char *created = g_strdup_printf("%" G_GINT64_FORMAT, item->now);
    g_autofree char *until = g_strdup_printf("%" G_GINT64_FORMAT, item->now + REVIEW_SECONDS);
    g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, item->id[AD]);

    patch_set(patch, item, "_created", created);
    patch_set(patch, item, "_review_until", until);
    patch_set_text(patch, item, "_parent", text_of(call->body, "adgroup_id"));
    for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++)
        patch_set(patch, item, defaults[i][0], defaults[i][1]);
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const cJSON *node = body_member(creative, members[i].name);
        g_autofree char *json = node != NULL ? member_json(&members[i], node) : NULL;

        if (json != NULL)
            patch_set(patch, item, members[i].name, json);
    }
    if (*text_of(creative, "ad_name") == '\0')
        patch_set_text(patch, item, "ad_name", id);
}

static gboolean check_body(const Call *call, const cJSON **ret, Item *adgroup, GError **error)
{
    const cJSON *creatives = body_member(call->body, "creatives");
    const cJSON *creative;
    int number = 0;

    if (!check_target_in(call, call->body, ADGROUP, adgroup, error))
        return FALSE;
    if (creatives == NULL)
        return refuse(error, CODE_PARAMETER, "creatives: Missing data for required field");
    if (!cJSON_IsArray(creatives) || cJSON_GetArraySize(creatives) < 1 ||
        cJSON_GetArraySize(creatives) > CREATIVES_MAX)
        return refuse(error, CODE_PARAMETER, "creatives: Must be a list of 1 to %d.",
                      CREATIVES_MAX);
    cJSON_ArrayForEach (creative, creatives) {
        if (!check_creative(call, creative, number++, error))
            return FALSE;
    }
    *ret = creatives;
    return TRUE;
}

static void put_answer(const Call *call, guint64 first, int n, GString *out)
{
    g_autoptr(GString) objects = g_string_new(NULL);

    g_string_append(out, "\"ad_ids\":[");
    for (int i = 0; i < n; i++) {
        guint64 position = first + (guint64)i;

        g_string_append_printf(out, "%s\"%" G_GUINT64_FORMAT "\"", i > 0 ? "," : "",
                               world_id(call->world, call->account->index, AD, position));
        if (created_is_bare(call))
            continue;
        Item item = item_at(call->world, call->account, AD, position);
        g_string_append(objects, i > 0 ? "," : "");
        render_item(objects, &item, NULL, FALSE);
    }
    g_string_append_c(out, ']');
    if (!created_is_bare(call))
        g_string_append_printf(out, ",\"creatives\":[%s],\"need_audit\":true", objects->str);
}

gboolean create_ad(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(Patch) patch = patch_new(call);
    const cJSON *creatives = NULL, *creative;
    guint64 first, position;
    gboolean again;
    Item item;

    if (!check_body(call, &creatives, &item, error) ||
        !created_place(call, AD, &first, &again, error))
        return FALSE;
    position = first;
    cJSON_ArrayForEach (creative, creatives) {
        created_enter(&item, AD, position++);
        set_creative(call, creative, &item, patch);
    }
    if (!patch_apply(patch, answer, error))
        return FALSE;
    put_answer(call, first, cJSON_GetArraySize(creatives), answer->rest);
    return TRUE;
}
