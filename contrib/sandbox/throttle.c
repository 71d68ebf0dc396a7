/* SPDX-License-Identifier: MIT */
/* throttle.c - the tables of the tiers, and the limits by path and by advertiser and path. */
#include "throttle.h"

#include <string.h>

#include "args.h"
#include "clock.h"

enum { N_TIERS = 4 };

/* clang-format off */
static const struct {
    const char *name;
    Rates app;
} tiers[N_TIERS] = {
    {"basic",    {10,  600,  864000}},
    {"advanced", {20, 1200, 1728000}},
    {"premium",  {30, 1800, 2592000}},
    {"ultimate", {50, 3000, 4320000}},
};

static const struct {
    const char *path;
    Rates of[N_TIERS];
} endpoints[] = {
    {"/ad/create/",          {{5, 150, 86400}, {10, 200, 86400}, {10, 300, 86400}, {15, 300, 86400}}},
    {"/report/task/create/", {{2, 60, 4500},   {2, 60, 4500},    {2, 60, 4500},    {2, 60, 4500}}},
};
/* clang-format on */

struct Throttle {
    Limit *app;
    Limit *own[G_N_ELEMENTS(endpoints)]; /* NULL: no limit */
    guint advertiser_qps;
    GHashTable *advertisers; /* "id path" -> Limit */
};

gboolean throttle_tier(const char *name, ThrottleConfig *ret)
{
    for (guint tier = 0; tier < N_TIERS; tier++) {
        if (strcmp(tiers[tier].name, name) != 0)
            continue;
        ret->tier = tier;
        ret->app = tiers[tier].app;
        return TRUE;
    }
    return FALSE;
}

Throttle *throttle_new(const ThrottleConfig *config)
{
    Throttle *throttle = g_new0(Throttle, 1);
    gboolean limited = config->app.qps > 0 || config->app.qpm > 0 || config->app.qpd > 0;

    throttle->app = limit_new(&config->app);
    for (gsize i = 0; limited && i < G_N_ELEMENTS(endpoints); i++)
        throttle->own[i] = limit_new(&endpoints[i].of[config->tier]);
    throttle->advertiser_qps = config->advertiser_qps;
    throttle->advertisers =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)limit_free);
    return throttle;
}

void throttle_free(Throttle *throttle)
{
    limit_free(throttle->app);
    for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++)
        g_clear_pointer(&throttle->own[i], limit_free);
    g_hash_table_unref(throttle->advertisers);
    g_free(throttle);
}

static gboolean check(Limit *limit, int code, GError **error)
{
    switch (limit_admit(limit, g_get_monotonic_time(), clock_now())) {
    case LIMIT_OPEN:
        return TRUE;
    case LIMIT_SECOND:
        return refuse(error, code, "App reaches the QPS limit %u", limit_rates(limit)->qps);
    case LIMIT_DAY:
        return refuse(error, code,
                      "Too many requests by this developer. Please retry in some time.");
    case LIMIT_MINUTE:
    default:
        return refuse(error, code, "Too many requests. Please retry in some time.");
    }
}

gboolean throttle_call(Throttle *throttle, const char *path, GError **error)
{
    if (!check(throttle->app, CODE_TOO_OFTEN, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        if (throttle->own[i] != NULL && strcmp(endpoints[i].path, path) == 0)
            return check(throttle->own[i], CODE_ENDPOINT_TOO_OFTEN, error);
    }
    return TRUE;
}

gboolean throttle_advertiser(Throttle *throttle, const char *path, const char *advertiser,
                             GError **error)
{
    const Rates rates = {.qps = throttle->advertiser_qps};
    g_autofree char *key = g_strdup_printf("%s %s", advertiser, path);
    Limit *limit = g_hash_table_lookup(throttle->advertisers, key);

    if (rates.qps == 0)
        return TRUE;
    if (limit == NULL) {
        limit = limit_new(&rates);
        g_hash_table_insert(throttle->advertisers, g_steal_pointer(&key), limit);
    }
    if (limit_admit(limit, g_get_monotonic_time(), clock_now()) == LIMIT_OPEN)
        return TRUE;
    return refuse(error, CODE_ADVERTISER_TOO_OFTEN,
                  "Advertiser (%s)'s QPS (%u) reaches QPS limit %u for current path, request is "
                  "temporarily restricted.",
                  advertiser, rates.qps + 1, rates.qps);
}
