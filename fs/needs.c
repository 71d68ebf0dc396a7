/* SPDX-License-Identifier: MIT */
/* needs.c - what has to be wanted of the cache before something can be said of a place. */
#include "fs/draft.h"
#include "fs/rights.h"
#include "fs/tree.h"

static ListingKind listing_of(ObjectKind kind)
{
    static const ListingKind kinds[N_KINDS] = {
        [KIND_NONE] = LISTING_ADVERTISERS,
        [KIND_ADVERTISER] = LISTING_ADVERTISERS,
        [KIND_CAMPAIGN] = LISTING_CAMPAIGNS,
        [KIND_ADGROUP] = LISTING_ADGROUPS,
        [KIND_AD] = LISTING_ADS,
        [KIND_CENTER] = LISTING_CENTERS,
        [KIND_ASSET] = LISTING_ASSETS,
        [KIND_MEMBER] = LISTING_MEMBERS,
        [KIND_FUNDS] = LISTING_FUNDS,
    };

    return kinds[kind];
}

gboolean tree_members_need(const Place *place, Need *ret)
{
    if (place->type != PLACE_COLLECTION && place->type != PLACE_NAMES)
        return FALSE;
    *ret = (Need){listing_of(place->entry->members), place->advertiser, NULL};
    return TRUE;
}

gboolean tree_text_need(const Place *place, Need *ret)
{
    if (!place_is_funds(place) && place->type != PLACE_MEMBERS)
        return FALSE;
    *ret = (Need){place_is_funds(place) ? LISTING_FUNDS : LISTING_MEMBERS, place->row, NULL};
    return TRUE;
}

/* Ads of a campaign are those of its ad groups. */
guint tree_table_needs(const Place *place, Need ret[2])
{
    guint n = 0;

    if (place->type != PLACE_TABLE)
        return 0;
    if (place->kind == KIND_CAMPAIGN && place->entry->members == KIND_AD)
        ret[n++] = (Need){LISTING_ADGROUPS, place->advertiser, NULL};
    ret[n++] = (Need){listing_of(place->entry->members), place->advertiser, NULL};
    return n;
}

/* Those of which one can be asked for by its id. Accounts are, by their details. */
static gboolean is_single(Mount *mount, ObjectKind kind)
{
    return tree_is_of_account(kind) && (kind != KIND_ADVERTISER || rights_have_info(mount));
}

/* The object that the place belongs to. Whose name a link in by-name/ is, all have to say. */
static Need own_need(Mount *mount, const Place *place)
{
    gboolean top = place->kind == KIND_ADVERTISER || place->kind == KIND_CENTER;
    gboolean single = is_single(mount, place->kind) && place->slot != SLOT_NAME_LINK;

    return (Need){listing_of(place->kind), top ? 0 : place->advertiser, single ? place->id : NULL};
}

static gboolean is_directory_of(const Place *place, Purpose purpose)
{
    return purpose == FOR_READING && place->slot == SLOT_SELF && place->type == PLACE_DIR;
}

/* Amounts are shown with the decimals of the account's currency, which advertiser/info tells. */
static gboolean needs_info(Mount *mount, const Place *place, Purpose purpose)
{
    if (!tree_is_of_account(place->kind) || !rights_have_info(mount))
        return FALSE;
    if (place->type == PLACE_REPORT) /* its days are the account's */
        return TRUE;
    if (place->type == PLACE_TABLE) /* opened in either way it is compared or shown */
        return purpose == FOR_READING || purpose == FOR_WRITING;
    if (place->kind == KIND_ADVERTISER)
        return place->type == PLACE_ATTR || place->type == PLACE_INFO ||
               is_directory_of(place, purpose);
    if (place->type == PLACE_ATTR)
        return place->attr->money;
    return is_directory_of(place, purpose) &&
           (place->kind == KIND_CAMPAIGN || place->kind == KIND_ADGROUP);
}

/* Of a center's accounts are shown those that are at the root, which it then does not add to. */
static gboolean shows_accounts_only(Mount *mount, Need members[2])
{
    members[1] = (Need){LISTING_ADVERTISERS, 0, NULL};
    return mount->options->advertisers_only && members[0].kind == LISTING_ASSETS;
}

guint tree_needs(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS])
{
    guint n = 0;

    if (place_is_of_draft(place))
        return purpose == FOR_NAME ? 0 : draft_needs(place, ret);
    /* Says what is known; is nothing that the service knows. */
    if (place->type == PLACE_META || place->type == PLACE_SCRATCH)
        return 0;
    if (place->kind != KIND_NONE) {
        ret[n++] = own_need(mount, place);
        if (needs_info(mount, place, purpose))
            ret[n++] = (Need){LISTING_INFO, place->advertiser, NULL};
    }
    if (purpose == FOR_READING || purpose == FOR_WRITING)
        n += tree_table_needs(place, &ret[n]);
    if (purpose == FOR_READING && tree_text_need(place, &ret[n]))
        n++;
    if (purpose == FOR_READING && tree_members_need(place, &ret[n]))
        n += shows_accounts_only(mount, &ret[n]) ? 2 : 1;
    return n;
}

/* A name that is no id is in no collection. */
guint tree_lookup_needs(Mount *mount, const Place *dir, const char *name, Need ret[MAX_NEEDS])
{
    guint n = tree_needs(mount, dir, FOR_NAME, ret);

    if (!tree_may_come(mount, dir, name))
        return 0;
    if (!tree_members_need(dir, &ret[n]))
        return n;
    if (dir->type == PLACE_COLLECTION && is_single(mount, dir->entry->members))
        ret[n].id = name;
    return n + (shows_accounts_only(mount, &ret[n]) ? 2 : 1);
}

CacheResult tree_want(Mount *mount, const Need *need, const Waiter *waiter, gint64 *ret_row,
                      GError **error)
{
    *ret_row = need->advertiser;
    if (need->id != NULL)
        return cache_want_object(mount->cache, need->kind, need->advertiser, need->id, waiter,
                                 ret_row, error);
    if (need->kind == LISTING_INFO && need->advertiser > 0)
        return cache_want_details(mount->cache, need->advertiser, waiter, error);
    return cache_want_listing(mount->cache, need->kind, need->advertiser, waiter, error);
}

void tree_need_state(Mount *mount, const Need *need, ListingState *ret)
{
    if (need->id != NULL)
        cache_object_state(mount->cache, need->kind, need->advertiser, need->id, ret);
    else if (need->kind == LISTING_INFO && need->advertiser > 0)
        cache_details_state(mount->cache, need->advertiser, ret);
    else
        cache_listing_state(mount->cache, need->kind, need->advertiser, ret);
}

guint tree_wishes(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS])
{
    guint n = 0;

    if (place_is_of_draft(place))
        return draft_wishes(mount, place, purpose, ret);
    if (rights_need_roles(mount, place, purpose))
        ret[n++] = (Need){LISTING_ROLES, 0, NULL};
    if (purpose == FOR_STAT && tree_text_need(place, &ret[n]) &&
        !rights_refuse(mount, place, FALSE, NULL))
        n++;
    return n;
}
