/* SPDX-License-Identifier: MIT */
#pragma once

/* fake-centers.h - Business Centers of the fake service, and what their accounts may do. */
#include "tests/unit/fake-service.h"

#define EXPIRE (301 * SECOND)

static inline void add_center(Fake *fake, const char *id)
{
    fake_add(fake, KIND_CENTER,
             "{\"bc_info\":{\"bc_id\":\"%s\",\"name\":\"Center %s\"},\"user_role\":\"ADMIN\"}", id,
             id);
}

/* "bc_id" is the fake's own. */
static inline void add_asset(Fake *fake, const char *center, const char *id, const char *role,
                             const char *relation)
{
    fake_add(fake, KIND_ASSET,
             "{\"bc_id\":\"%s\",\"asset_type\":\"ADVERTISER\",\"asset_id\":\"%s\","
             "\"asset_name\":\"Name of %s\",\"relation_status\":\"%s\",\"advertiser_role\":\"%s\"}",
             center, id, id, relation, role);
}

static inline void add_account(Fake *fake, const char *id)
{
    fake_add(fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%s\",\"advertiser_name\":\"A\"}", id);
}

static inline void forget(Fake *fake, ObjectKind kind, const char *text)
{
    for (guint i = fake->objects[kind]->len; i-- > 0;)
        if (strstr(fake->objects[kind]->pdata[i], text))
            g_ptr_array_remove_index(fake->objects[kind], i);
}

static inline gint64 center(Fake *fake, const char *id)
{
    return fake_find(fake, KIND_CENTER, 0, id);
}

static inline gint64 account(Fake *fake, const char *id)
{
    return fake_find(fake, KIND_ADVERTISER, 0, id);
}

static inline Role role_of(Fake *fake, const char *id)
{
    return cache_role(fake->cache, account(fake, id));
}

static inline guint n_calls(Fake *fake)
{
    guint n = fake->calls->len;

    g_ptr_array_set_size(fake->calls, 0);
    return n;
}

static inline gboolean count_one(void *user_data, gint64 row, const char *name)
{
    ++*(guint *)user_data;
    return TRUE;
}

static inline guint count(Fake *fake, ObjectKind kind, gint64 of)
{
    guint n = 0;

    cache_each(fake->cache, &(Scope){kind, of, NULL}, FALSE, 0, count_one, &n);
    return n;
}

/* Two centers that both have account 71; 74 is in neither, 73 in no list of accounts. */
static inline Fake *new_centers(void)
{
    Fake *fake = fake_new();

    add_account(fake, "71");
    add_account(fake, "72");
    add_account(fake, "74");
    add_center(fake, "61");
    add_center(fake, "62");
    add_asset(fake, "61", "71", "ANALYST", "BOUND");
    add_asset(fake, "61", "72", "OPERATOR", "BOUND");
    add_asset(fake, "62", "71", "ADMIN", "BOUND");
    add_asset(fake, "62", "72", "ANALYST", "BOUND");
    add_asset(fake, "62", "73", "ANALYST", "BOUND");
    fake_have(fake, LISTING_ADVERTISERS, 0);
    n_calls(fake);
    return fake;
}

/* The account at the root, by what a center lists. */
static inline gint64 account_in(Fake *fake, const char *of, const char *id)
{
    gint64 asset = fake_find(fake, KIND_ASSET, center(fake, of), id);

    g_assert_cmpint(asset, >, 0);
    return cache_account_of_asset(fake->cache, asset);
}
