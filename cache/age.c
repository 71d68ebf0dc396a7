/* SPDX-License-Identifier: MIT */
/* age.c - the table of age.h, and what was learnt of the service as a whole. */
#include "cache/age.h"

#include "api/codes.h"
#include "api/error.h"
#include "cache/internal.h"
#include "cache/listing.h"

/* How often a service that could not be reached is asked again; the old is shown meanwhile. */
#define UNREACHABLE_RETRY_US (30 * G_USEC_PER_SEC)

/* ---- what a failure says ---- */

static gboolean is_unreachable(const GError *error)
{
    return g_error_matches(error, API_ERROR, API_ERROR_UNREACHABLE);
}

/* It says itself that there is a fault: another time it may be there. */
static gboolean is_fault(const GError *error)
{
    return g_error_matches(error, API_ERROR, API_ERROR_REMOTE) && api_error_code(error) != 0 &&
           code_find(api_error_code(error))->action == CODE_RETRY;
}

/* Of this account; a token that is good for none is another matter. */
static gboolean is_forbidden(const GError *error)
{
    return g_error_matches(error, API_ERROR, API_ERROR_DENIED) || listing_is_other_party(error) ||
           (g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND) && api_error_code(error) != 0 &&
            !listing_is_absence(error));
}

static gboolean is_full_disk(const GError *error)
{
    return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static gboolean is_outage(const Age *age, const GError *error)
{
    return is_unreachable(error) || (!age->doubted && (is_fault(error) || is_full_disk(error)));
}

gboolean age_survives(const Age *age, const GError *error)
{
    return is_outage(age, error) || (age->of_account && is_forbidden(error));
}

gboolean cache_keeps_history(const GError *error)
{
    static const Age account = {.of_account = TRUE};

    return age_survives(&account, error) || g_error_matches(error, API_ERROR, API_ERROR_OFFLINE);
}

/* ---- the service as a whole ---- */

void age_flight_ended(Cache *cache, const GError *error)
{
    Outage *outage = &cache->outage;

    if (is_unreachable(error)) {
        if (outage->since_us == 0)
            *outage = (Outage){clock_wall(cache->config.clock), 0, cache_now(cache)};
        outage->failed_us = cache_now(cache);
    } else if (!error || api_error_code(error) != 0) {
        *outage = (Outage){0};
    }
}

void age_flight_begins(Cache *cache)
{
    cache->outage.asked_us = cache_now(cache);
}

void age_forget_outage(Cache *cache)
{
    cache->outage.failed_us = cache->outage.asked_us = G_MININT64 / 2;
}

gboolean age_is_out(const Cache *cache)
{
    const Outage *outage = &cache->outage;
    gint64 last_us = MAX(outage->failed_us, outage->asked_us);

    return outage->since_us != 0 && cache_now(cache) < last_us + UNREACHABLE_RETRY_US;
}

/* ---- what is shown ---- */

static gboolean is_since(gint64 at_us, const Waiter *waiter)
{
    return waiter && at_us >= waiter->began;
}

/* Nobody waits for what can be shown already, but when it is time it is asked for. */
static Show show_old(const Age *age, gboolean ask)
{
    return ask && !age->flight->flying ? SHOW_OLD_ASK : SHOW_OLD;
}

static Show show_stale(const Cache *cache, const Age *age)
{
    const Flight *flight = age->flight;
    gboolean rests = flight->error && cache_now(cache) < flight->failed_us + cache->config.retry_us;

    if (age->ended_us == G_MININT64 || cache_now(cache) >= age->ended_us + cache->config.stale_us)
        return SHOW_NOTHING;
    return show_old(age, !rests);
}

static Show show_failed(const Cache *cache, const Age *age, const Waiter *waiter)
{
    const Flight *flight = age->flight;
    gint64 now_us = cache_now(cache);

    if (is_outage(age, flight->error))
        return show_old(age,
                        now_us >= flight->failed_us + UNREACHABLE_RETRY_US && !age_is_out(cache));
    if (age->of_account && is_forbidden(flight->error) &&
        (is_since(flight->failed_us, waiter) ||
         now_us < flight->failed_us + MAX(cache->config.ttl_us, cache->config.retry_us)))
        return SHOW_OLD;
    return show_stale(cache, age);
}

Show age_show(const Cache *cache, const Age *age, const Waiter *waiter)
{
    const Flight *flight = age->flight;

    if (age->fresh || (!flight->flying && is_since(flight->settled_us, waiter)))
        return SHOW_FRESH;
    if (!age->known)
        return SHOW_NOTHING;
    if (cache->config.offline)
        return SHOW_OLD;
    if (flight->error)
        return show_failed(cache, age, waiter);
    if (age_is_out(cache) && !age->doubted)
        return SHOW_OLD;
    return show_stale(cache, age);
}
