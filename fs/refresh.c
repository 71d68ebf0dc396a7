/* SPDX-License-Identifier: MIT */
/* refresh.c - what of the cache stands behind a place. */
#include "fs/refresh.h"

#include <string.h>

#include "api/error.h"
#include "fs/ops.h"
#include "fs/resolve.h"
#include "fs/version.h"

static gboolean is_everything(const Place *place)
{
    return place->kind == KIND_NONE && place->slot == SLOT_ROOT;
}

/* ---- reports ---- */

static void refresh_report(Mount *mount, const Place *place)
{
    g_auto(Version) version = {0};

    if (version_init(mount, place, clock_wall(mount->clock), &version, NULL))
        cache_refresh_report(mount->cache, &version.query);
}

static gboolean add_report(void *user_data, const Node *node)
{
    gint64 number = node->node;

    g_array_append_val((GArray *)user_data, number);
    return TRUE;
}

/* Those that were made, in one range or in all. */
static void refresh_reports(Mount *mount, const Place *place)
{
    g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(gint64));

    cache_each_node(mount->cache, place->row, place->range != NULL ? place->range : "", 0,
                    add_report, nodes);
    for (guint i = 0; i < nodes->len; i++) {
        g_auto(Place) report = {0};

        if (tree_place(mount, ino_of_node(g_array_index(nodes, gint64, i)), &report) &&
            report.type == PLACE_REPORT)
            refresh_report(mount, &report);
    }
}

/* ---- listings ---- */

static void refresh_all_of(Mount *mount, const Place *place)
{
    static const ListingKind of_account[] = {LISTING_CAMPAIGNS, LISTING_ADGROUPS, LISTING_ADS};
    static const ListingKind of_center[] = {LISTING_ASSETS, LISTING_MEMBERS, LISTING_FUNDS};
    const ListingKind *kinds = place->kind == KIND_CENTER ? of_center : of_account;

    for (gsize i = 0; i < G_N_ELEMENTS(of_account); i++)
        cache_refresh_listing(mount->cache, kinds[i], place->row);
    refresh_reports(mount, place);
}

/* What whoever reads it asks for; the currency of an account does not change with a budget. */
static void refresh_needs(Mount *mount, const Place *place)
{
    Need needs[MAX_NEEDS];
    guint n = tree_needs(mount, place, FOR_READING, needs);

    if (tree_members_need(place, &needs[0]))
        n = 1;
    for (guint i = 0; i < n; i++)
        if (needs[i].kind != LISTING_INFO || place->kind == KIND_ADVERTISER)
            cache_refresh_listing(mount->cache, needs[i].kind, needs[i].advertiser);
}

static void refresh_place(Mount *mount, const Place *place)
{
    gboolean top = place->kind == KIND_ADVERTISER || place->kind == KIND_CENTER;

    if (is_everything(place)) {
        cache_refresh_all(mount->cache);
    } else if (place->type == PLACE_REPORT) {
        refresh_report(mount, place);
    } else if (place->type == PLACE_REPORTS || place->type == PLACE_RANGE) {
        refresh_reports(mount, place);
    } else {
        refresh_needs(mount, place);
        if (top && place->slot == SLOT_SELF)
            refresh_all_of(mount, place);
    }
}

/* ---- the command ---- */

/* What this program makes itself is new each time; reports/of/ only leads further. */
static gboolean grows_old(const Place *place)
{
    return place->kind != KIND_NONE ? place->type != PLACE_OF && place->type != PLACE_TEXT
                                    : place->type == PLACE_COLLECTION || place->type == PLACE_NAMES;
}

static gboolean find_place(Mount *mount, const char *path, Place *ret, GError **error)
{
    if (!resolve_path(mount, path != NULL ? path : "", ret, error))
        return FALSE;
    if (grows_old(ret))
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                           "%s: nothing there grows old; refresh takes an object, "
                                           "a directory of objects, an account or a report",
                                           path));
    return FALSE;
}

gboolean refresh_check(Mount *mount, const char *path, GError **error)
{
    g_auto(Place) place = {0};

    if (mount->options->offline) {
        g_propagate_error(error, api_error_new(API_ERROR_OFFLINE, 0, NULL,
                                               "nothing can be asked for anew: mounted offline; "
                                               "remount without offline"));
        return FALSE;
    }
    return find_place(mount, path, &place, error);
}

Sweep *refresh_start(Mount *mount, const char *path, void (*ended)(void *user_data),
                     void *user_data)
{
    g_auto(Place) place = {0};
    gboolean below = FALSE; /* an account */

    if (find_place(mount, path, &place, NULL))
        refresh_place(mount, &place);
    below = place.kind >= KIND_CAMPAIGN && place.kind <= KIND_AD;
    if (below && place.type != PLACE_COLLECTION && place.type != PLACE_NAMES) {
        ops_changed(mount, place.row); /* its files too, and who lists it */
        return NULL;
    }
    return sweep_start(mount, below || place.kind == KIND_ADVERTISER ? place.advertiser : 0, ended,
                       user_data);
}
