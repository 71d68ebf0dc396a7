/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * model-watch.h - what must come of wanting a listing, by what was delivered and when; and what may
 * be shown then.
 *
 * A fetch ends well exactly when its last round was whole.
 */
#include "tests/unit/check-store.h"
#include "tests/unit/model-answers.h"

/* ---- the ends of flights ---- */

static inline gboolean is_flying(const Model *model, const Watch *watch)
{
    const Flight *flight = watch_flight(model, watch);

    return flight && flight->flying;
}

static inline gboolean owner_is_shown(Model *model, const Watch *watch)
{
    return !watch->owner || cache_row(model->cache, watch->row) != NULL;
}

static inline void note_details(const Round *round)
{
    for (guint i = 0; round && i < round->pages->len; i++) {
        const PageSeen *seen = round->pages->pdata[i];
        for (guint k = 0; seen->good && k < seen->rows->len; k++) {
            Thing *account = g_array_index(seen->rows, Shown, k).thing;
            account->info_asked = MAX(account->info_asked, seen->asked);
        }
    }
}

/* Nothing of this account is under way, so nothing has been written since. */
static inline gboolean is_alone(const Model *model, const Watch *watch)
{
    for (guint i = 0; i < model->watches->len; i++) {
        const Watch *other = model->watches->pdata[i];
        gboolean busy = other->flying || is_flying(model, other);
        if (other->owner == watch->owner && other != watch &&
            (busy || other->ended_at == model->op_began))
            return FALSE;
    }
    return TRUE;
}

static inline void ended_well(Model *model, Watch *watch)
{
    ListingState state;

    if (watch->kind == LISTING_INFO)
        note_details(watch->round);
    else
        note_round(model, watch->round);
    if (watch->kind != LISTING_INFO && !round_is_whole(watch->kind, watch->round))
        model_fail(model, "listing %d ends well, and was not whole", watch->kind);
    if (watch->kind != LISTING_INFO)
        round_set(&watch->base, watch->round);
    if (watch->round && watch->round->asked < watch->expired_at)
        model_fail(model, "listing %d ends well, and was asked for before it expired", watch->kind);
    if (watch->kind != LISTING_INFO && watch->round && watch->round->asked < watch->refreshed_at)
        model_fail(model, "listing %d ends well, and was wanted anew since", watch->kind);
    cache_listing_state(model->cache, watch->kind, watch->row, &state);
    watch->fetched_us = state.fetched_us;
    watch->since_us = watch->settled_us = model->mono;
    watch->expired = watch->doubtful = watch->refreshed = FALSE;
    if (watch->kind >= LISTING_CAMPAIGNS && watch->kind <= LISTING_ADS && is_alone(model, watch)) {
        store_check_settled(model->db, watch->row);
        store_check_count(model->db, listing_type(watch->kind)->members, watch->row, watch->kind);
    }
}

static inline void ended_badly(Model *model, Watch *watch, const GError *error)
{
    gboolean whole = watch->kind != LISTING_INFO && round_is_whole(watch->kind, watch->round);
    ListingState state;

    if (whole &&
        (owner_is_shown(model, watch) || !g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND)))
        model_fail(model, "listing %d was whole, and ends with: %s", watch->kind, error->message);
    watch->error = g_error_copy(error);
    watch->failed_us = model->mono;
    /* It was complete, but for what came meanwhile, or before it was wanted anew. */
    if (watch->kind == LISTING_INFO || watch->refreshed) {
        cache_listing_state(model->cache, watch->kind, watch->row, &state);
        watch->fetched_us = state.fetched_us;
    }
    model->n_failures++;
}

/* It ended somehow, and a commit that ended in doubt at once has made it old. */
static inline void ended_and_expired(Model *model, Watch *watch)
{
    ListingState state;

    if (watch->kind != LISTING_INFO && round_is_whole(watch->kind, watch->round))
        round_set(&watch->base, watch->round);
    cache_listing_state(model->cache, watch->kind, watch->row, &state);
    watch->fetched_us = state.fetched_us;
    watch->expired = watch->doubtful = TRUE;
    watch->since_us = watch->settled_us = G_MININT64;
}

static inline void check_waiters(Model *model, const Watch *watch)
{
    const Flight *flight = watch_flight(model, watch);

    if (flight && flight->waiters)
        model_fail(model, "listing %d has ended, and somebody waits", watch->kind);
}

/* What the end of a fetch says of the service as a whole. If another ended at the same time, which
   was the last can not be told. */
static inline void note_reach(Model *model, const GError *error)
{
    Reach *reach = &model->reach;
    gboolean out = g_error_matches(error, API_ERROR, API_ERROR_UNREACHABLE);

    if (!out && error && api_error_code(error) == 0)
        return;
    reach->unsure = reach->ended_us == model->mono && (reach->unsure || reach->out != out);
    reach->unsure |= reach->singles;
    reach->ended_us = model->mono;
    reach->out = out;
    if (out)
        reach->last_us = model->mono;
}

/* Whoever wanted one of its members has seen that it is too large: nothing is remembered. */
static inline gboolean is_cut_short(const Watch *watch, const Flight *flight)
{
    const PageSeen *first = watch->round ? find_page(watch->round, 1) : NULL;

    return first && watch->round->pages->len == 1 && first->good && first->total_page > 2 &&
           (!flight->error || flight->failed_us == watch->flight_failed_us);
}

static inline void watch_sample(Model *model, Watch *watch)
{
    const Flight *flight = watch_flight(model, watch);
    gboolean flying = flight && flight->flying;

    if (watch->flying && !flying) {
        watch->flying = watch->hurried = FALSE;
        watch->ended_at = model->op_began;
        g_clear_error(&watch->error);
        check_waiters(model, watch);
        model_note(model, "  listing %d of row %" G_GINT64_FORMAT " ends: %s", watch->kind,
                   watch->row, flight->error ? flight->error->message : "well");
        note_reach(model, is_cut_short(watch, flight) ? NULL : flight->error);
        if (is_cut_short(watch, flight)) {
            watch->error = flight->error ? g_error_copy(flight->error) : NULL;
            watch->rounds = watch->restarts = 0;
            return;
        }
        watch->flight_failed_us = flight->failed_us;
        if (flight->error)
            ended_badly(model, watch, flight->error);
        else if (flight->settled_us == G_MININT64 && watch->kind != LISTING_INFO)
            ended_and_expired(model, watch);
        else
            ended_well(model, watch);
        watch->rounds = watch->restarts = 0;
        model->n_ends++;
    }
    watch->flying = flying;
}

static inline void model_look_at_commits(Model *model);

static inline void note_singles(Model *model)
{
    guint n = model->cache->flying->len;

    for (guint i = 0; i < model->watches->len; i++)
        n -= is_flying(model, model->watches->pdata[i]);
    model->reach.singles = n > 0;
    model->reach.unsure |= n > 0;
}

/* Flights first: one that a commit has expired goes on. */
static inline void model_sample(Model *model)
{
    for (guint i = 0; i < model->watches->len; i++)
        watch_sample(model, model->watches->pdata[i]);
    note_singles(model);
    model_look_at_commits(model);
}

/* What it knows may be wrong: what was asked for before `moment` does not count. */
static inline void watch_expire(Watch *watch, guint64 moment)
{
    watch->expired = TRUE;
    watch->expired_at = MAX(watch->expired_at, moment);
    watch->since_us = watch->settled_us = G_MININT64;
    watch->restarts++;
    g_clear_error(&watch->error);
}

/* ---- what wanting it must come to ---- */

static inline char *watch_text(const Model *model, const Watch *watch)
{
    g_autoptr(GString) text = g_string_new(watch->flying ? "under way" : "");

    if (watch->error)
        g_string_append_printf(text, " failed %.6f s ago: %s",
                               (double)(model->mono - watch->failed_us) / 1e6,
                               watch->error->message);
    if (watch->since_us != G_MININT64)
        g_string_append_printf(text, " %.6f s old", (double)(model->mono - watch->since_us) / 1e6);
    g_string_append_printf(text, "%s%s", watch->expired ? " expired" : "",
                           watch->doubtful ? " doubtful" : "");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

typedef struct {
    guint results; /* 1 << CacheResult, those that may be */
    gboolean may_start, must_start;
    gboolean old, by_age;
} Prediction;

#define ONE(result) (1U << CACHE_##result)

static inline gboolean is_near(const Model *model, gint64 time)
{
    return time > 0 && ABS(time - model->mono) < MODEL_SECOND / 100;
}

static inline Prediction predict_start(const Watch *watch)
{
    return (Prediction){ONE(WAIT), TRUE, !watch->doubtful, FALSE};
}

static inline gboolean is_refused(const Model *model, const Watch *watch, const Waiter *waiter)
{
    gint64 began = waiter ? waiter->began : G_MAXINT64;

    if (watch->kind == LISTING_ASSETS || !listing_is_refusal(watch->kind, watch->error))
        return FALSE;
    return watch->failed_us >= began || model->mono < watch->failed_us + model->config.ttl_us;
}

static inline gboolean is_fresh(const Model *model, const Watch *watch)
{
    return watch->since_us != G_MININT64 && !watch->expired && !watch->refreshed &&
           model->mono < watch->since_us + model->config.ttl_us;
}

/* Details that were complete but for those of an account that came meanwhile: the store knows. */
static inline gboolean is_known(const Model *model, const Watch *watch)
{
    ListingState state;

    if (watch->base || watch->fetched_us > 0 || watch->kind != LISTING_INFO)
        return watch->base || watch->fetched_us > 0;
    cache_listing_state(model->cache, watch->kind, watch->row, &state);
    return state.known;
}

/* ---- the table of age.h ---- */

#define AGAIN_US (30 * MODEL_SECOND)

/* What one call has learnt holds for all. */
static inline gboolean is_out(const Model *model)
{
    return model->reach.out && model->mono < model->reach.last_us + AGAIN_US;
}

/* What was read may have ended, and begun again: nobody was told, but the service was in reach. */
static inline gboolean may_begin_again(const Model *model)
{
    for (guint i = 0; i < model->watches->len; i++) {
        const Watch *watch = model->watches->pdata[i];
        if (watch->flying &&
            (watch->kind == LISTING_INFO || round_is_whole(watch->kind, watch->round)))
            return TRUE;
    }
    return FALSE;
}

/* The cache takes the service for out of reach when it is to, and only then. */
static inline void check_outage(Model *model)
{
    const Outage *outage = &model->cache->outage;
    gint64 last_us = MAX(outage->failed_us, outage->asked_us);
    gboolean out = outage->since_us != 0 && model->mono < last_us + AGAIN_US;

    if (model->reach.unsure || may_begin_again(model) ||
        is_near(model, model->reach.last_us + AGAIN_US)) {
        model->reach.out = outage->since_us != 0;
        model->reach.last_us = last_us;
        return;
    }
    if (out != is_out(model))
        model_fail(model, "the service is taken for %s reach", out ? "out of" : "in");
}

/* Of itself unreachable; a fault of it only when what is known can not be wrong. */
static inline gboolean is_unreached(const Watch *watch)
{
    return g_error_matches(watch->error, API_ERROR, API_ERROR_UNREACHABLE) ||
           (!watch->expired && g_error_matches(watch->error, API_ERROR, API_ERROR_REMOTE) &&
            api_error_code(watch->error) >= 50000);
}

/* An account that is closed to us keeps what was known of it. */
static inline gboolean is_closed(const Model *model, const Watch *watch, gint64 began)
{
    gboolean of_account =
        watch->kind == LISTING_INFO || listing_type(watch->kind)->owner == KIND_ADVERTISER;

    return of_account && g_error_matches(watch->error, API_ERROR, API_ERROR_DENIED) &&
           (watch->failed_us >= began || model->mono < watch->failed_us + model->config.ttl_us);
}

/* The rows of the table between fresh and waited for. FALSE: none of them. */
static inline gboolean predict_old(const Model *model, const Watch *watch, gint64 began,
                                   Prediction *ret)
{
    gint64 ends_us = watch->since_us + model->config.ttl_us;
    gboolean asks = FALSE, by_age = FALSE;

    if (model->config.offline)
        asks = FALSE;
    else if (watch->error && is_unreached(watch))
        asks = model->mono >= watch->failed_us + AGAIN_US && !is_out(model);
    else if (watch->error && is_closed(model, watch, began))
        asks = FALSE;
    else if (!watch->error && !watch->expired && is_out(model))
        asks = FALSE;
    else if (!watch->expired && !watch->refreshed && watch->since_us != G_MININT64 &&
             model->mono < ends_us + model->config.stale_us)
        by_age = TRUE;
    else
        return FALSE;
    if (by_age)
        asks = !watch->error || model->mono >= watch->failed_us + MODEL_SECOND;
    asks = asks && !watch->flying;
    *ret = (Prediction){ONE(HIT), asks, asks, TRUE, by_age};
    return TRUE;
}

/* Those of an account that came since may be lacking, and are not asked for: the rest is shown. */
static inline gboolean may_lack(const Model *model, const Watch *watch)
{
    return watch->kind == LISTING_INFO && (watch->error || is_out(model));
}

static inline Prediction predict(Model *model, const Watch *watch, const Waiter *waiter)
{
    gint64 began = waiter ? waiter->began : G_MAXINT64;
    Prediction old;

    if (!owner_is_shown(model, watch))
        return (Prediction){ONE(ERROR), FALSE, FALSE, FALSE};
    if (is_fresh(model, watch) || (!watch->flying && watch->settled_us >= began))
        return (Prediction){ONE(HIT), FALSE, FALSE, may_lack(model, watch), TRUE};
    if (is_known(model, watch) && predict_old(model, watch, began, &old))
        return old;
    if (is_refused(model, watch, waiter))
        return (Prediction){ONE(HIT), FALSE, FALSE, TRUE};
    if (watch->flying)
        return (Prediction){ONE(WAIT), FALSE, FALSE, FALSE};
    if (watch->error &&
        (watch->failed_us >= began || model->mono < watch->failed_us + MODEL_SECOND))
        return (Prediction){ONE(ERROR), FALSE, FALSE, FALSE};
    return predict_start(watch);
}

/* Boundaries of time, and what the model does not follow: both may be. */
static inline void widen(const Model *model, const Watch *watch, Prediction *ret)
{
    gboolean near = is_near(model, watch->failed_us + MODEL_SECOND) ||
                    is_near(model, watch->failed_us + AGAIN_US) ||
                    is_near(model, watch->failed_us + model->config.ttl_us) ||
                    is_near(model, watch->since_us + model->config.ttl_us) ||
                    is_near(model, watch->since_us + model->config.ttl_us + model->config.stale_us);
    /* It may have ended, and begun again. */
    gboolean unsure =
        watch->flying && watch->refreshed && round_is_whole(watch->kind, watch->round);

    /* What came since lacks details: whoever wants them may have to wait though they are young. */
    if (watch->kind == LISTING_INFO && ret->by_age) {
        ret->results |= ONE(WAIT) | (watch->error ? ONE(ERROR) : 0);
        ret->may_start = TRUE;
    }
    /* And when those have come, but nobody was told: they are all young. */
    if (watch->kind == LISTING_INFO && watch->flying)
        ret->results |= ONE(HIT);
    if (!near && !unsure && !watch->doubtful)
        return;
    ret->results |= ONE(HIT) | ONE(WAIT) | (watch->error || watch->doubtful ? ONE(ERROR) : 0);
    ret->may_start = TRUE;
    ret->must_start = FALSE;
    ret->old |= watch->doubtful;
}
