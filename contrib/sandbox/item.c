/* SPDX-License-Identifier: MIT */
/* item.c - finding an object, and its present values: the change where there is one, else the fact.
 */
#include "item.h"

#include <string.h>

#include "clock.h"
#include "created.h"
#include "currency.h"
#include "text.h"

static void (*const makers[N_KINDS])(Item *item) = {campaign_make, adgroup_make, ad_make};

static void enter(Item *item, Kind kind, guint64 index, guint64 position)
{
    item->kind = kind;
    item->index[kind] = index;
    item->position[kind] = position;
    item->id[kind] = world_id(item->world, item->account->index, kind, position);
    item->change[kind] = changes_find(item->world->changes, item->id[kind]);
    makers[kind](item);
}

Item item_at(const World *world, const Account *account, Kind kind, guint64 position)
{
    Item item = {.world = world, .account = account, .now = clock_now()};
    guint64 index[N_KINDS];

    index[kind] = world_index(world, account->index, kind, position);
    for (Kind k = kind; k > CAMPAIGN; k--)
        index[k - 1] = index[k] < world->count[k]
                           ? world_parent(world, k, index[k])
                           : created_parent(world, account->index, k, index[k]);
    for (Kind k = CAMPAIGN; k < kind; k++)
        enter(&item, k, index[k], world_position(world, account->index, k, index[k]));
    enter(&item, kind, index[kind], position);
    return item;
}

Item item_child(const Item *parent, guint64 index)
{
    Item item = *parent;
    Kind kind = parent->kind + 1;

    enter(&item, kind, index, world_position(item.world, item.account->index, kind, index));
    return item;
}

gboolean item_find(const World *world, const Account *account, Kind kind, const char *id, Item *ret)
{
    guint64 number, position;

    if (!g_ascii_string_to_unsigned(id, 10, 1, G_MAXINT64, &number, NULL) ||
        !world_find(world, account->index, kind, number, &position))
        return FALSE;

    *ret = item_at(world, account, kind, position);
    return TRUE;
}

void item_reload(Item *item)
{
    for (Kind k = CAMPAIGN; k <= item->kind; k++)
        item->change[k] = changes_find(item->world->changes, item->id[k]);
}

gint64 item_amount(const Item *item, Kind kind, const char *member, gint64 otherwise)
{
    const char *json = change_get(item->change[kind], member);
    gint64 micros;

    return json != NULL && currency_parse(json, &micros) ? micros : otherwise;
}

gint64 item_time(const Item *item, Kind kind, const char *member, gint64 otherwise)
{
    const char *json = change_get(item->change[kind], member);
    g_autofree char *text = json != NULL ? text_from_json(json) : NULL;
    gint64 time;

    return text != NULL && clock_utc_parse(text, &time) ? time : otherwise;
}

/* A scheduled budget is in force once its midnight has passed; nobody moves it then. */
static gboolean schedule_passed(const Item *item)
{
    const char *at = change_get(item->change[ADGROUP], "_scheduled_at");

    return at != NULL && g_ascii_strtoll(at, NULL, 10) <= item->now;
}

gint64 item_budget(const Item *item, Kind kind)
{
    gint64 made = kind == CAMPAIGN ? item->campaign.budget : item->adgroup.budget;

    if (kind == ADGROUP && schedule_passed(item))
        return item_amount(item, ADGROUP, "_scheduled_budget", made);
    return item_amount(item, kind, "_budget", made);
}

gint64 item_scheduled_budget(const Item *item)
{
    return schedule_passed(item) ? 0 : item_amount(item, ADGROUP, "_scheduled_budget", 0);
}

char *item_name(const Item *item, Kind kind)
{
    static const char *const members[N_KINDS] = {"campaign_name", "adgroup_name", "ad_name"};
    static char *(*const first_names[N_KINDS])(const Item *item) = {
        campaign_first_name, adgroup_first_name, ad_first_name};
    const char *json = change_get(item->change[kind], members[kind]);

    return json != NULL ? text_from_json(json) : first_names[kind](item);
}

gboolean item_enabled(const Item *item, Kind kind)
{
    const gboolean disabled[N_KINDS] = {item->campaign.disabled, item->adgroup.disabled,
                                        item->ad.disabled};
    const char *json = change_get(item->change[kind], "operation_status");

    return json != NULL ? strcmp(json, "\"ENABLE\"") == 0 : !disabled[kind];
}

gboolean item_deleted(const Item *item, Kind kind)
{
    return change_get(item->change[kind], "_deleted") != NULL;
}

gboolean item_gone(const Item *item)
{
    for (Kind k = CAMPAIGN; k <= item->kind; k++) {
        if (item_deleted(item, k))
            return TRUE;
    }
    return FALSE;
}
