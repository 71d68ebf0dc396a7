/* SPDX-License-Identifier: MIT */
/* attr-view.c - what a change of an object is checked by. */
#include "fs/attr-view.h"

#include "fs/version.h"

enum { DAY_S = 86400 };

static Object *campaign_of(Mount *mount, const Place *place)
{
    Scope scope = {.kind = KIND_CAMPAIGN, .advertiser = place->advertiser};
    gint64 number = 0;
    const Row *row = NULL;

    if (place->kind == KIND_ADGROUP && place->parent != NULL)
        number = cache_find_id(mount->cache, &scope, place->parent);
    if (number != 0)
        row = cache_row(mount->cache, number);
    return row != NULL && row->object != NULL ? object_ref(row->object) : NULL;
}

/* The rules of the last one are kept: they are read from a file, and a table has thousands of rows
   of one account. Borrowed. */
static GTimeZone *rules_of(const char *zone)
{
    static GTimeZone *kept;
    GTimeZone *rules = zone != NULL ? g_time_zone_new_identifier(zone) : NULL;

    if (rules == NULL)
        return NULL;
    g_clear_pointer(&kept, g_time_zone_unref);
    kept = rules;
    return kept;
}

guint seconds_until_midnight(gint64 wall_us, const char *zone)
{
    GTimeZone *rules = rules_of(zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = NULL;

    if (rules == NULL || utc == NULL)
        return 0;
    local = g_date_time_to_timezone(utc, rules);
    return (guint)(DAY_S - g_date_time_get_hour(local) * 3600 - g_date_time_get_minute(local) * 60 -
                   g_date_time_get_second(local));
}

void change_view_init(Mount *mount, const Place *place, ChangeView *ret)
{
    *ret = (ChangeView){.campaign = campaign_of(mount, place), .path = tree_path(mount, place)};
    tree_view(mount, place, &ret->view);
    ret->view.campaign = ret->campaign;
    ret->view.path = ret->path;
    ret->view.until_midnight_s =
        seconds_until_midnight(clock_wall(mount->clock), version_zone(mount, place));
    ret->view.allow_delete = mount->options->allow_delete;
}

void change_view_clear(ChangeView *view)
{
    g_clear_pointer(&view->campaign, object_unref);
    g_clear_pointer(&view->path, g_free);
}
