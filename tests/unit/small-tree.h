/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * small-tree.h - a mount without a kernel: two accounts with the same few objects, all listings
 * there, and a walk over every name that a reader can come by.
 */
#include "fs/control.h"
#include "fs/names.h"
#include "fs/query.h"
#include "fs/request.h"
#include "fs/tree.h"
#include "fs/waits.h"
#include "tests/unit/fake-service.h"

#define YEN_ACCOUNT   "7012345678901234568"
#define CENTER_ID     "6998877665544332211"
#define CENTER        "business-centers/" CENTER_ID
#define NO_FINANCE_ID "6998877665544332212"
#define NO_FINANCE    "business-centers/" NO_FINANCE_ID
#define MEMBER(id)                                                                                 \
    "{\"bc_id\":\"" CENTER_ID "\",\"user_id\":\"" id                                               \
    "\",\"user_name\":\"Ada, \\\"M\\\"\",\"user_role\":\"ADMIN\"}"
#define MEMBERS MEMBER("6912345678901234567") ",\n" MEMBER("6912345678901234568")

typedef struct {
    Fake *fake;
    Options options;
    Mount mount;
} Small;

/* One name, by the path that leads there without following a link. */
typedef struct {
    char *path, *name;
    guint64 dir, ino;
    Place place;
} Item;

static inline void small_add_objects(Fake *fake)
{
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" ACCOUNT "\",\"name\":\"Alpenrad\",\"currency\":\"USD\"}");
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" YEN_ACCOUNT "\",\"name\":\"Fuji\",\"currency\":\"JPY\","
             "\"timezone\":\"Etc/GMT-13\"}");
    fake_add(fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"1001\",\"campaign_name\":\"Spring\",\"budget\":7500,"
             "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\","
             "\"modify_time\":\"2027-01-02 03:04:05\"}");
    fake_add(fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"1002\",\"campaign_name\":\"Spring\",\"budget\":0,"
             "\"budget_mode\":\"BUDGET_MODE_INFINITE\",\"operation_status\":\"DISABLE\","
             "\"modify_time\":\"2026-01-02 03:04:05\"}");
    fake_add(fake, KIND_CAMPAIGN,
             "{\"campaign_id\":\"1003\",\"campaign_name\":\".50 %% / off\",\"budget\":9000,"
             "\"budget_mode\":\"BUDGET_MODE_DAY\",\"operation_status\":\"ENABLE\","
             "\"campaign_automation_type\":\"UPGRADED_SMART_PLUS\",\"modify_time\":null,"
             "\"create_time\":\"2025-12-31 23:59:59\"}");
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"2001\",\"campaign_id\":\"1001\",\"adgroup_name\":\"25-44\","
             "\"budget\":5000,\"budget_mode\":\"BUDGET_MODE_DAY\",\"bid_type\":\"BID_TYPE_CUSTOM\","
             "\"billing_event\":\"CPC\",\"bid_price\":35,\"operation_status\":\"ENABLE\"}");
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"2002\",\"campaign_id\":\"1002\",\"adgroup_name\":\"25-44\","
             "\"budget\":0,\"budget_mode\":\"BUDGET_MODE_INFINITE\","
             "\"bid_type\":\"BID_TYPE_NO_BID\",\"operation_status\":\"ENABLE\"}");
    fake_add(fake, KIND_ADGROUP, /* its campaign is not listed */
             "{\"adgroup_id\":\"2003\",\"campaign_id\":\"1999\",\"adgroup_name\":\"old\","
             "\"campaign_name\":\"Smart\",\"operation_status\":\"ENABLE\"}");
    fake_add(fake, KIND_AD,
             "{\"ad_id\":\"3001\",\"adgroup_id\":\"2001\",\"campaign_id\":\"1001\","
             "\"ad_name\":\"Herbst\",\"operation_status\":\"ENABLE\"}");
    fake_add(fake, KIND_AD, /* neither its ad group nor its campaign is listed */
             "{\"ad_id\":\"3002\",\"adgroup_id\":\"2999\",\"campaign_id\":\"1998\","
             "\"ad_name\":\"\",\"operation_status\":\"ENABLE\"}");
}

static inline void small_add_asset(Fake *fake, const char *center, const char *id, const char *name,
                                   const char *role)
{
    fake_add(fake, KIND_ASSET,
             "{\"bc_id\":\"%s\",\"asset_id\":\"%s\",\"asset_name\":\"%s\","
             "\"relation_status\":\"BOUND\",\"advertiser_role\":\"%s\"}",
             center, id, name, role);
}

/* Two Business Centers that share an account, of which the user is Admin. The user sees the money
   of the first. */
static inline void small_add_centers(Fake *fake)
{
    fake_add(fake, KIND_CENTER,
             "{\"bc_info\":{\"bc_id\":\"" CENTER_ID "\",\"name\":\"Group / \\\"A\\\"\","
             "\"currency\":\"EUR\"},\"user_role\":\"ADMIN\"}");
    fake_add(fake, KIND_CENTER,
             "{\"bc_info\":{\"bc_id\":\"" NO_FINANCE_ID "\",\"name\":\"Other\"},"
             "\"user_role\":\"STANDARD\",\"ext_user_role\":{\"finance_role\":null}}");
    small_add_asset(fake, CENTER_ID, ACCOUNT, "Alpenrad", "ADMIN");
    small_add_asset(fake, NO_FINANCE_ID, ACCOUNT, "Alpenrad", "OPERATOR");
    small_add_asset(fake, CENTER_ID, YEN_ACCOUNT, "Fuji", "ANALYST");
    fake_add(fake, KIND_ASSET,
             "{\"bc_id\":\"" CENTER_ID "\",\"asset_id\":\"7011\",\"asset_name\":\"Asked for\","
             "\"relation_status\":\"PENDING\",\"advertiser_role\":\"ADMIN\"}");
    fake_add(fake, KIND_MEMBER, "%s", MEMBER("6912345678901234567"));
    fake_add(fake, KIND_MEMBER, "%s", MEMBER("6912345678901234568"));
    fake_add(fake, KIND_FUNDS,
             "{\"bc_id\":\"" CENTER_ID "\",\"currency\":\"EUR\",\"account_balance\":9000.5}");
}

static inline gint64 small_account(const Small *small, const char *id)
{
    return fake_find(small->fake, KIND_ADVERTISER, 0, id);
}

static inline gint64 small_row(const Small *small, ObjectKind kind, const char *id)
{
    return fake_find(small->fake, kind, small_account(small, ACCOUNT), id);
}

static inline void small_have(const Small *small, const char *account)
{
    gint64 row = small_account(small, account);

    g_assert_cmpint(row, >, 0);
    fake_have(small->fake, LISTING_CAMPAIGNS, row);
    fake_have(small->fake, LISTING_ADGROUPS, row);
    fake_have(small->fake, LISTING_ADS, row);
}

static inline void small_have_centers(const Small *small)
{
    static const char *const ids[] = {CENTER_ID, NO_FINANCE_ID};

    fake_have(small->fake, LISTING_ROLES, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        fake_have(small->fake, LISTING_MEMBERS, fake_find(small->fake, KIND_CENTER, 0, ids[i]));
    fake_have(small->fake, LISTING_FUNDS, fake_find(small->fake, KIND_CENTER, 0, CENTER_ID));
}

/* Nobody has asked for the Business Centers yet. */
static inline Small *small_new_without_roles(void)
{
    Small *small = g_new0(Small, 1);

    small->fake = fake_new_closed();
    small->fake->config.file_name = names_safe;
    fake_open(small->fake);
    small_add_objects(small->fake);
    small_add_centers(small->fake);
    fake_have(small->fake, LISTING_INFO, 0);
    small_have(small, ACCOUNT);
    small_have(small, YEN_ACCOUNT);
    small->options = (Options){.profile = (char *)"test",
                               .ttl_s = 300,
                               .writable = TRUE,
                               .umask = 077,
                               .uid = 5,
                               .gid = 6};
    small->mount = (Mount){.options = &small->options,
                           .clock = &small->fake->clock,
                           .cache = small->fake->cache,
                           .control = control_new(),
                           .requests = requests_new(&small->fake->clock),
                           .waits = waits_new(),
                           .started_us = small->fake->wall};
    return small;
}

static inline Small *small_new(void)
{
    Small *small = small_new_without_roles();

    small_have_centers(small);
    return small;
}

static inline void small_free(Small *small)
{
    requests_free(small->mount.requests);
    waits_free(small->mount.waits);
    control_free(small->mount.control);
    fake_free(small->fake);
    g_free(small);
}

/* A version of a report that was made; its inode. */
static inline guint64 small_make_report(Small *small, gint64 owner, const char *name)
{
    Waiter waiter = {&fake_waiter, small->fake->mono};
    const Node *node = NULL;

    while (cache_want_node(small->fake->cache, owner, name, FALSE, &waiter, &node, NULL) ==
           CACHE_WAIT)
        g_main_context_iteration(NULL, TRUE);
    g_assert_nonnull(node);

    gint64 number = node->node;
    cache_node_made(small->fake->cache, number, 1234, 0);
    return ino_of_node(number);
}

/* ---- the walk ---- */

static inline void item_free(void *data)
{
    Item *item = data;

    place_clear(&item->place);
    g_free(item->path);
    g_free(item->name);
    g_free(item);
}

static inline void add_item(Small *small, GPtrArray *items, const Item *dir, const char *name,
                            guint64 ino)
{
    Item *item = g_new0(Item, 1);

    item->path = dir != NULL && *dir->path != '\0' ? g_strconcat(dir->path, "/", name, NULL)
                                                   : g_strdup(name);
    item->name = g_strdup(name);
    item->dir = dir != NULL ? dir->ino : ino;
    item->ino = ino;
    if (!tree_place(&small->mount, ino, &item->place))
        g_error("%s: nothing has its inode", item->path);
    g_ptr_array_add(items, item);
}

typedef struct {
    Small *small;
    GPtrArray *items;
    const Item *of;
} WalkOf;

static inline gboolean add_reports_of(void *user_data, gint64 row, const char *id)
{
    WalkOf *walk = user_data;

    add_item(walk->small, walk->items, walk->of, id, ino_of(row, SLOT_REPORTS));
    return TRUE;
}

/* reports/of/ answers look-ups and lists nothing. */
static inline void add_all_of(Small *small, GPtrArray *items, const Item *of)
{
    WalkOf walk = {small, items, of};

    for (int kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
        Scope scope = {(ObjectKind)kind, of->place.advertiser, NULL};

        cache_each(small->fake->cache, &scope, FALSE, 0, add_reports_of, &walk);
    }
}

/* Everything there is, of Item. */
static inline GPtrArray *small_walk(Small *small)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(item_free);

    add_item(small, items, NULL, "", ino_of(0, SLOT_ROOT));
    for (guint i = 0; i < items->len; i++) {
        const Item *dir = items->pdata[i];
        g_autoptr(GArray) children = NULL;

        if (!place_is_dir(&dir->place))
            continue;
        if (dir->place.type == PLACE_OF)
            add_all_of(small, items, dir);
        children = tree_children(&small->mount, &dir->place, 0, 1000);
        for (guint j = 2; j < children->len; j++) { /* after . and .. */
            const TreeChild *child = &g_array_index(children, TreeChild, j);

            add_item(small, items, dir, child->name, child->ino);
        }
    }
    return items;
}

static inline const Item *find_item(const GPtrArray *items, const char *path)
{
    for (guint i = 0; i < items->len; i++)
        if (strcmp(((Item *)items->pdata[i])->path, path) == 0)
            return items->pdata[i];
    g_error("there is no %s", path);
}

/* ---- tests with all of it ---- */

typedef struct {
    Small *small;
    GPtrArray *items; /* with some reports made */
} Fixture;

static inline void set_up(Fixture *fixture, const void *data)
{
    Small *small = fixture->small = small_new();

    small_make_report(small, small_account(small, ACCOUNT), "last-30d/campaign-day.json");
    small_make_report(small, small_account(small, ACCOUNT), "last-30d/ad-total.csv");
    small_make_report(small, small_account(small, ACCOUNT), "2026-10/ad-day.tsv");
    small_make_report(small, small_row(small, KIND_AD, "3001"), "today/ad-day.ndjson");
    small_make_report(small, small_account(small, ACCOUNT), "last-30d/campaign-total-age.csv");
    small_make_report(small, small_account(small, ACCOUNT), "last-30d/ad-hour@spend.csv");
    small_make_report(small, fake_find(small->fake, KIND_CENTER, 0, CENTER_ID),
                      "last-30d/advertiser-day.csv");
    fixture->items = small_walk(small);
    g_assert_cmpuint(fixture->items->len, >, 300);
}

static inline void tear_down(Fixture *fixture, const void *data)
{
    g_ptr_array_unref(fixture->items);
    small_free(fixture->small);
}

static inline void add(const char *path, void (*test)(Fixture *fixture, const void *data))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}
