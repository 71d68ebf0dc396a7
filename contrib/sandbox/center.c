/* SPDX-License-Identifier: MIT */
/* center.c - see center.h. */
#include "center.h"

#include <string.h>

#include "mix.h"

const char *const role_names[N_ROLES] = {"ANALYST", "OPERATOR", "ADMIN"};

/* The same account seen from the second center: below an Admin, and above an Analyst. */
static const Role other_roles[N_ROLES] = {ROLE_OPERATOR, ROLE_ANALYST, ROLE_OPERATOR};

typedef struct {
    const char *name;
    const char *company;
    const char *currency;
    const char *country;
    const char *timezone;
    const char *finance_role;
} Kind;

static const Kind kinds[] = {
    {"Alpenrad Group", "Alpenrad GmbH", "EUR", "DE", "Europe/Berlin", "MANAGER"},
    {"Alpenrad / Asia", "Alpenrad KK", "JPY", "JP", "Asia/Tokyo", "ANALYST"},
    {"Alpenrad Americas", "Alpenrad Inc.", "USD", "US", "America/New_York", "MANAGER"},
};

static const guint64 top_id = G_GUINT64_CONSTANT(6998877665544332211);
static const guint64 id_span = G_GUINT64_CONSTANT(100000000000000);

/* Below all ids of accounts, of as many digits. */
static const guint64 stray_base = G_GUINT64_CONSTANT(7011000000000000000);

static void center_free(void *data)
{
    Center *center = data;

    g_free(center->name);
    g_array_unref(center->assets);
    g_free(center);
}

/* The first has the same id in every world. */
static Center *center_new(guint64 seed, guint index)
{
    const Kind *kind = &kinds[index % G_N_ELEMENTS(kinds)];
    guint64 noise = index > 0 ? mix_hash(seed, 0xbc, index) % id_span : 0;
    Center *center = g_new0(Center, 1);

    g_snprintf(center->id, sizeof center->id, "%" G_GUINT64_FORMAT,
               top_id - index * id_span - noise);
    center->name = index < G_N_ELEMENTS(kinds) ? g_strdup(kind->name)
                                               : g_strdup_printf("%s %u", kind->name, index);
    center->company = kind->company;
    center->currency = kind->currency;
    center->country = kind->country;
    center->timezone = kind->timezone;
    center->finance_role = kind->finance_role;
    center->assets = g_array_new(FALSE, FALSE, sizeof(Asset));
    return center;
}

static void hold(Center *center, const Center *owner, Account *account, Role role)
{
    Asset asset = {
        .account = account,
        .name = account->name,
        .role = role,
        .relation_type = center == owner ? "OWNER_BC" : "OWNER_PARTNER",
        .relation_status = "BOUND",
        .owner = owner->name,
    };

    g_strlcpy(asset.id, account->id, sizeof asset.id);
    g_array_append_val(center->assets, asset);
    account->role = MAX(account->role, role);
}

/* Somewhere in the middle, so that whoever counts them has a wrong account, not one too many. */
static void add_strays(Center *center, guint64 seed, guint index)
{
    static const char *const strays[][2] = {
        {"Alpenrad Former", "UNBOUND"},
        {"Alpenrad Invited", "PENDING"},
    };
    guint n = center->assets->len < 10 ? 0 : 1 + (guint)(mix_hash(seed, 0x57a, index) % 2);

    for (guint i = 0; i < n; i++) {
        guint64 hash = mix_hash(seed, 0x57b + i, index);
        Asset asset = {
            .name = strays[i][0],
            .role = ROLE_ADMIN,
            .relation_type = "OWNER_PARTNER",
            .relation_status = strays[i][1],
            .owner = "Alpenrad Ltd.",
        };

        g_snprintf(asset.id, sizeof asset.id, "%" G_GUINT64_FORMAT, stray_base + hash % id_span);
        g_array_insert_val(center->assets, (guint)(hash % center->assets->len), asset);
    }
}

static void deal_out(Center *const *centers, guint n, const GPtrArray *accounts)
{
    for (guint c = 0; c < n; c++) {
        guint first = (guint)((guint64)c * accounts->len / n);
        guint end = (guint)((c + (guint64)1) * accounts->len / n);

        for (guint i = first; i < end; i++) {
            Account *account = g_ptr_array_index(accounts, i);
            Role role = account->role;

            account->owner_bc_id = g_strdup(centers[c]->id);
            hold(centers[c], centers[c], account, role);
            if (i == first && n > 1)
                hold(centers[(c + 1) % n], centers[c], account, other_roles[role]);
        }
    }
}

GPtrArray *centers_new(guint64 seed, guint n, const GPtrArray *accounts)
{
    GPtrArray *centers = g_ptr_array_new_with_free_func(center_free);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(centers, center_new(seed, i));
    deal_out((Center *const *)centers->pdata, n, accounts);
    for (guint i = 0; i < n; i++)
        add_strays(g_ptr_array_index(centers, i), seed, i);
    return centers;
}

const Center *centers_find(const GPtrArray *centers, const char *id)
{
    for (guint i = 0; i < centers->len; i++) {
        const Center *center = g_ptr_array_index(centers, i);

        if (strcmp(center->id, id) == 0)
            return center;
    }
    return NULL;
}
