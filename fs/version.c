/* SPDX-License-Identifier: MIT */
/* version.c - the days of a report, and the age of its versions. */
#include "fs/version.h"

#include "fs/saved-name.h"

void version_clear(Version *version)
{
    report_name_clear(&version->name);
}

const char *version_zone(Mount *mount, const Place *place)
{
    const Row *row = cache_row(mount->cache, place->advertiser);

    return row != NULL ? object_text(row->object, "timezone") : NULL;
}

static gboolean is_of_all(ObjectKind kind)
{
    return kind == KIND_ADVERTISER || kind == KIND_CENTER;
}

gboolean version_init(Mount *mount, const Place *place, gint64 at_us, Version *ret, GError **error)
{
    const char *zone = version_zone(mount, place);

    version_clear(ret);
    if (!report_name_read(mount, place->name, place->kind, &ret->name, error) ||
        !query_range_days(place->range, at_us, zone, ret->start, ret->end, error) ||
        !report_name_check_range(mount, place->range, place->name,
                                 query_count_days(ret->start, ret->end), ret->name.shape, error))
        return FALSE;
    ret->query = (ReportQuery){.advertiser = place->advertiser,
                               .shape = *ret->name.shape,
                               .start = ret->start,
                               .end = ret->end};
    if (!is_of_all(place->kind)) {
        ret->query.shape.object_kind = place->kind;
        ret->query.shape.object_id = place->id;
    }
    return TRUE;
}

/* As it was when it was made last, and all of that is there. */
static gboolean was_made(Mount *mount, const Place *place, Version *ret, ListingState *state)
{
    if (place->shown_us == 0 || !version_init(mount, place, place->shown_us, ret, NULL))
        return FALSE;
    cache_report_age(mount->cache, &ret->query, state);
    return state->known;
}

gboolean version_choose(Mount *mount, const Place *place, Version *ret, GError **error)
{
    ListingState state;

    if (!version_init(mount, place, clock_wall(mount->clock), ret, error))
        return FALSE;
    cache_report_age(mount->cache, &ret->query, &state);
    if (state.known || (was_made(mount, place, ret, &state) && state.served_old))
        return TRUE;
    return version_init(mount, place, clock_wall(mount->clock), ret, error);
}

gboolean version_fall_back(Mount *mount, const Place *place, const GError *error, Version *ret)
{
    ListingState state;

    return cache_keeps_history(error) && was_made(mount, place, ret, &state);
}

gint64 version_old_us(Mount *mount, const Version *version)
{
    ListingState state;

    cache_report_age(mount->cache, &version->query, &state);
    return state.fresh ? 0 : state.fetched_us;
}

gboolean version_is_past(Mount *mount, const Place *place, gint64 made_us)
{
    gint64 ttl_us = (gint64)mount->options->report_ttl_s * G_USEC_PER_SEC;
    gboolean aged = clock_wall(mount->clock) - made_us > ttl_us;
    ListingState state;
    g_auto(Version) version = {0};

    if (!version_init(mount, place, clock_wall(mount->clock), &version, NULL))
        return aged;
    if (made_us < report_name_changed_us(mount, place->name))
        return TRUE;
    if (!aged && made_us > cache_report_refreshed(mount->cache, &version.query))
        return FALSE;
    cache_report_age(mount->cache, &version.query, &state);
    return !state.served_old || state.fetched_us > made_us;
}
