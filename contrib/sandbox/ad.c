/* SPDX-License-Identifier: MIT */
/* ad.c - how ads are made. The first of each ad group is enabled. */
#include <string.h>

#include "clock.h"
#include "mix.h"
#include "render.h"
#include "text.h"

static guint64 rank_of(const Item *item)
{
    return item->index[AD] - world_first_child(item->world, ADGROUP, item->index[ADGROUP]);
}

void ad_make(Item *item)
{
    guint64 hash = mix_hash(item->world->seed ^ item->account->index, 0xad, item->index[AD]);
    AdFacts *facts = &item->ad;

    if (item->index[AD] >= item->world->count[AD]) { /* all it has is among its changes */
        const char *created = change_get(item->change[AD], "_created");

        *facts = (AdFacts){.hash = hash, .created = g_ascii_strtoll(created, NULL, 10)};
        facts->modified = facts->created;
        return;
    }
    facts->hash = hash;
    facts->created = item->adgroup.created + 60 + (gint64)(hash % (2 * DAY));
    facts->modified = facts->created + 60 + (gint64)((hash >> 20) % (15 * DAY));
    facts->disabled = rank_of(item) > 0 && (hash >> 40) % 6 == 0;
}

char *ad_first_name(const Item *item)
{
    static const char *const names[] = {"Herbst",  "Video hook A", "Testimonial", "가을 신상",
                                        "Größer!", "UGC",          "Static/Blue"};

    return g_strdup_printf("%s_%02" G_GUINT64_FORMAT,
                           names[(item->ad.hash >> 50) % G_N_ELEMENTS(names)], rank_of(item) + 1);
}

static void put_ad_id(GString *out, const Item *item)
{
    g_string_append_printf(out, "\"%" G_GUINT64_FORMAT "\"", item->id[AD]);
}

static void put_ad_name(GString *out, const Item *item)
{
    g_autofree char *name = item_name(item, AD);

    text_put_json(out, name);
}

static gboolean is_image(const Item *item)
{
    return (item->ad.hash >> 8) % 5 == 0;
}

static void put_ad_format(GString *out, const Item *item)
{
    text_put_json(out, is_image(item) ? "SINGLE_IMAGE" : "SINGLE_VIDEO");
}

static void put_video_id(GString *out, const Item *item)
{
    if (is_image(item))
        g_string_append(out, "null");
    else
        g_string_append_printf(out, "\"v10033g50000%020" G_GINT64_MODIFIER "x\"", item->ad.hash);
}

static void put_image_ids(GString *out, const Item *item)
{
    g_string_append_printf(out, "[\"ad-site-i18n-sg/202610025d0d%016" G_GINT64_MODIFIER "x\"]",
                           item->ad.hash);
}

static void put_ad_text(GString *out, const Item *item)
{
    static const char *const texts[] = {"Jetzt Probe fahren", "Ride further", "지금 타보세요",
                                        "Frühling auf zwei Rädern"};

    text_put_json(out, texts[(item->ad.hash >> 16) % G_N_ELEMENTS(texts)]);
}

static void put_call_to_action(GString *out, const Item *item)
{
    static const char *const words[] = {"LEARN_MORE", "SHOP_NOW", "BOOK_NOW"};

    text_put_json(out, words[(item->ad.hash >> 24) % G_N_ELEMENTS(words)]);
}

static void put_landing_page(GString *out, const Item *item)
{
    g_string_append_printf(out,
                           "\"https://alpenrad.example/%s?utm_source=tiktok&utm_content=%" //
                           G_GUINT64_FORMAT "\"",
                           item->account->language, item->id[AD]);
}

static void put_create_time(GString *out, const Item *item)
{
    put_utc(out, item->ad.created);
}

/* Smart+ ads have none. */
static void put_modify_time(GString *out, const Item *item)
{
    if (item->campaign.smart_plus)
        g_string_append(out, "null");
    else
        put_utc(out, item->ad.modified);
}

/* clang-format off */
const Field ad_fields[] = {
    {"advertiser_id",                 NULL, put_advertiser_id},
    {"campaign_id",                   NULL, put_campaign_id},
    {"campaign_name",                 NULL, put_campaign_name},
    {"campaign_automation_type",      NULL, put_automation_type},
    {"adgroup_id",                    NULL, put_adgroup_id},
    {"adgroup_name",                  NULL, put_adgroup_name},
    {"ad_id",                         NULL, put_ad_id},
    {"ad_name",                       NULL, put_ad_name},
    {"identity_type",                 "\"CUSTOMIZED_USER\"", NULL},
    {"identity_id",                   "\"7080121820963422209\"", NULL},
    {"identity_authorized_bc_id",     "null", NULL},
    {"display_name",                  "\"Alpenrad\"", NULL},
    {"avatar_icon_web_uri",           "\"ad-site-i18n-sg/2026100a1b2c3d4e5f60718293a4b5c6\"", NULL},
    {"profile_image_url",             "\"https://p21-ad-sg.ibyteimg.com/obj/ad-site-i18n-sg/2026100a1b2c3d4e5f60718293a4b5c6\"", NULL},
    {"ad_format",                     NULL, put_ad_format},
    {"video_id",                      NULL, put_video_id},
    {"image_ids",                     NULL, put_image_ids},
    {"music_id",                      "null", NULL},
    {"tiktok_item_id",                "null", NULL},
    {"ad_text",                       NULL, put_ad_text},
    {"ad_texts",                      "null", NULL},
    {"call_to_action",                NULL, put_call_to_action},
    {"call_to_action_id",             "null", NULL},
    {"card_id",                       "null", NULL},
    {"landing_page_url",              NULL, put_landing_page},
    {"landing_page_urls",             "null", NULL},
    {"deeplink",                      "\"\"", NULL},
    {"deeplink_type",                 "\"NORMAL\"", NULL},
    {"page_id",                       "null", NULL},
    {"tracking_pixel_id",             "0", NULL},
    {"tracking_app_id",               "null", NULL},
    {"impression_tracking_url",       "null", NULL},
    {"click_tracking_url",            "null", NULL},
    {"is_aco",                        "false", NULL},
    {"is_new_structure",              "true", NULL},
    {"creative_type",                 "null", NULL},
    {"creative_authorized",           "false", NULL},
    {"vast_moat_enabled",             "false", NULL},
    {"operation_status",              NULL, put_operation_status},
    {"secondary_status",              NULL, put_secondary_status},
    {"create_time",                   NULL, put_create_time},
    {"modify_time",                   NULL, put_modify_time},
};
/* clang-format on */

const gsize n_ad_fields = G_N_ELEMENTS(ad_fields);
