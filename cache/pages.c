/* SPDX-License-Identifier: MIT */
/*
 * pages.c - rounds of pages, four bodies at a time.
 *
 * A PageCall is one body on its way: first the client's, then the writer's job. It holds one of the
 * four slots (gate.h) until it is stored, so that neither the network nor a slow disk can fill the
 * memory.
 */
#include "cache/pages.h"

#include "api/error.h"
#include "cache/internal.h"
#include "cache/pages-private.h"

enum { ROUNDS = 3 };

static void page_call_free(void *data)
{
    PageCall *call = data;

    g_clear_pointer(&call->page.body, g_bytes_unref);
    g_free(call->query);
    g_free(call);
}

static void pages_free(void *data)
{
    Pages *pages = data;

    g_clear_pointer(&pages->plan.given, g_bytes_unref);
    if (pages->plan.spec_free)
        pages->plan.spec_free(pages->plan.spec);
    g_free(pages->plan.what);
    g_clear_error(&pages->error);
    for (guint i = 0; i < pages->calls->len; i++)
        page_call_free(pages->calls->pdata[i]);
    g_ptr_array_unref(pages->calls);
    g_free(pages);
}

PageGate *page_gate_new(void)
{
    PageGate *gate = g_new0(PageGate, 1);

    gate->all = g_hash_table_new_full(NULL, NULL, pages_free, NULL);
    return gate;
}

void page_gate_free(PageGate *gate)
{
    if (!gate)
        return;
    g_clear_handle_id(&gate->timer, g_source_remove);
    for (gsize i = 0; i < G_N_ELEMENTS(gate->gate.waiting); i++)
        g_queue_clear(&gate->gate.waiting[i]);
    g_hash_table_unref(gate->all);
    g_free(gate);
}

/* ---- the end ---- */

static void end(Pages *pages, const GError *error)
{
    PageGate *gate = pages->cache->gate;

    g_hash_table_steal(gate->all, pages);
    gate_leave(&gate->gate, &pages->user);
    pages->plan.ended(pages->plan.user_data, error);
    pages_free(pages);
}

static gboolean run_finish(sqlite3 *db, void *job, GError **error)
{
    Pages *pages = job;
    const PagePlan *plan = &pages->plan;

    pages->more = FALSE;
    if (plan->arrange && !plan->arrange(db, plan->spec, &pages->more, error))
        return FALSE;
    return pages->more || plan->finish(db, plan->spec, pages->began_us, error);
}

static void push_finish(Pages *pages);

static void finished(void *job, const GError *error)
{
    Pages *pages = job;

    row_cache_empty(pages->cache->rows);
    if (!error && pages->more)
        push_finish(pages);
    else
        end(pages, error);
}

static const JobType finish_job = {run_finish, finished, NULL};

static void push_finish(Pages *pages)
{
    writer_push(pages->cache->writer, &finish_job, pages, FALSE);
}

static void end_incomplete(Pages *pages)
{
    g_autofree char *of = pages->tally.total < 0
                              ? g_strdup("an unknown number")
                              : g_strdup_printf("%" G_GINT64_FORMAT, pages->tally.total);
    g_autoptr(GError) error = api_error_new(API_ERROR_INCOMPLETE, 0, NULL,
                                            "The %s can not be proved complete: %" G_GINT64_FORMAT
                                            " of %s came, read %d times",
                                            pages->plan.what, pages->tally.distinct, of, ROUNDS);

    end(pages, error);
}

/* ---- rounds ---- */

static void wait_for_slot(Pages *pages)
{
    gate_wait(&pages->cache->gate->gate, &pages->user);
}

static void begin_round(Pages *pages)
{
    pages->round++;
    pages->next = 1;
    tally_begin(&pages->tally, &pages->plan);
    pages->storing = pages->stopped = FALSE;
    pages->began_us = cache_now(pages->cache);
}

/* What comes next, after anything has happened. pages may be gone afterwards. */
static void go_on(Pages *pages)
{
    if (!pages->error && !pages->tally.bad && pages->next <= pages->tally.n_pages) {
        wait_for_slot(pages);
        return;
    }
    if (pages->user.busy > 0)
        return;
    if (pages->error) {
        end(pages, pages->error);
    } else if (pages->stopped && !pages->tally.bad) {
        end(pages, NULL);
    } else if (tally_is_whole(&pages->tally, &pages->plan)) {
        push_finish(pages);
    } else if (pages->round < ROUNDS) {
        begin_round(pages);
        wait_for_slot(pages);
    } else {
        end_incomplete(pages);
    }
}

/* ---- one page ---- */

static void serve_gate(Cache *cache);

static void release(Pages *pages)
{
    Cache *cache = pages->cache;

    gate_give(&cache->gate->gate, &pages->user);
    go_on(pages);
    serve_gate(cache);
}

/* The first error counts. Pages that were not sent are not needed any more. */
static void fail(Pages *pages, const GError *error)
{
    const CacheConfig *config = &pages->cache->config;

    if (pages->error)
        return;
    pages->error = g_error_copy(error);
    for (guint i = pages->calls->len; i-- > 0;) {
        PageCall *call = pages->calls->pdata[i];
        if (!config->withdraw(config->client, call->id))
            continue;
        g_ptr_array_remove_index_fast(pages->calls, i);
        page_call_free(call);
        gate_give(&pages->cache->gate->gate, &pages->user);
    }
}

static gboolean run_store(sqlite3 *db, void *job, GError **error)
{
    PageCall *call = job;
    const PagePlan *plan = &call->pages->plan;

    return plan->store(db, plan->spec, &call->page, &call->stored, &call->stored_anew, error);
}

static void stored(void *job, const GError *error)
{
    PageCall *call = job;
    Pages *pages = call->pages;

    row_cache_empty(pages->cache->rows);
    if (error && g_error_matches(error, API_ERROR, API_ERROR_INCOMPLETE))
        pages->tally.bad = TRUE;
    else if (error)
        fail(pages, error);
    else if (call->stored != call->n_rows)
        pages->tally.bad = TRUE;
    pages->tally.distinct += call->stored_anew;
    pages->cache->stats.stored_rows += (guint64)call->stored;
    release(pages);
}

static const JobType store_job = {run_store, stored, page_call_free};

/* What page 1 proves or not does not matter when it is not for its rows that it was read. */
static void stop(Pages *pages, const Answer *answer)
{
    pages->stopped = pages->plan.stops(pages->plan.user_data, answer, pages->tally.n_pages);
    if (!pages->stopped)
        return;
    pages->tally.n_pages = 1;
    pages->tally.bad = FALSE;
}

/* FALSE: the list has failed. */
static gboolean settle(Pages *pages, guint number, const Answer *answer, const GError *error)
{
    const PagePlan *plan = &pages->plan;

    if (answer)
        tally_answer(&pages->tally, plan, number, answer);
    if (answer && plan->stops && (answer->truncated || (number == 1 && !pages->tally.bad)))
        stop(pages, answer);
    if (!plan->settle || (answer && pages->tally.bad))
        return !error;
    return plan->settle(plan->spec, number, answer, error, &pages->tally.n_pages);
}

static void store(PageCall *call, GBytes *body, gint64 n_rows)
{
    Pages *pages = call->pages;

    call->n_rows = n_rows;
    call->page.body = g_bytes_ref(body);
    call->page.first = !pages->storing;
    call->page.only = pages->stopped;
    pages->storing = TRUE;
    writer_push(pages->cache->writer, &store_job, call, FALSE);
}

static void answered(void *user_data, const Answer *answer, const GError *error)
{
    PageCall *call = user_data;
    Pages *pages = call->pages;

    g_ptr_array_remove_fast(pages->calls, call);
    if (!settle(pages, call->page.number, answer, error))
        fail(pages, error);
    if (error || pages->error || pages->tally.bad) {
        page_call_free(call);
        release(pages);
        return;
    }
    store(call, answer->body, pages->plan.single ? 1 : answer->n_rows);
}

static gboolean is_wanted(void *user_data)
{
    const PagePlan *plan = &((const PageCall *)user_data)->pages->plan;

    return plan->wanted(plan->user_data);
}

void pages_ask(Pages *pages, PageCall *call)
{
    const CacheConfig *config = &pages->cache->config;
    Call what = {.endpoint = pages->plan.endpoint,
                 .query = call->query,
                 .priority = pages->priority,
                 .advertiser = pages->plan.advertiser,
                 .wanted = is_wanted};

    if (pages->plan.calls)
        ++*pages->plan.calls;
    g_ptr_array_add(pages->calls, call);
    call->id = config->call(config->client, &what, answered, call);
}

static void ask_next(Pages *pages)
{
    PageCall *call = g_new0(PageCall, 1);

    call->pages = pages;
    call->page.number = pages->next++;
    call->page.asked_us = cache_now(pages->cache);
    if (call->page.number == 1) /* it may have waited for a slot */
        pages->began_us = call->page.asked_us;
    gate_take(&pages->cache->gate->gate, &pages->user);
    if (pages->plan.given) {
        store(call, pages->plan.given, pages->plan.n_given);
        return;
    }
    call->query = pages->plan.query(pages->plan.spec, call->page.number);
    pages_ask(pages, call);
}

/* ---- the gate ---- */

static void lend_slots(Cache *cache)
{
    const CacheConfig *config = &cache->config;
    Gate *gate = &cache->gate->gate;
    GHashTableIter iter;
    Pages *pages;

    gate->lent = gate->lent_reports = 0;
    if (!config->held || !gate_has_waiting(gate))
        return;
    g_hash_table_iter_init(&iter, cache->gate->all);
    while (g_hash_table_iter_next(&iter, (void **)&pages, NULL))
        for (guint i = 0; i < pages->calls->len; i++) {
            const PageCall *call = pages->calls->pdata[i];
            gboolean held = config->held(config->client, call->id);
            gate->lent += held;
            gate->lent_reports += held && pages->user.report;
        }
}

static gboolean on_look(void *user_data)
{
    Cache *cache = user_data;

    cache->gate->timer = 0;
    serve_gate(cache);
    return G_SOURCE_REMOVE;
}

static void serve_gate(Cache *cache)
{
    PageGate *gate = cache->gate;
    Pages *pages;

    lend_slots(cache);
    while ((pages = (Pages *)gate_next(&cache->gate->gate))) {
        if (pages->error || pages->tally.bad || pages->next > pages->tally.n_pages)
            continue; /* goes on when its last slot is free */
        ask_next(pages);
        if (pages->next <= pages->tally.n_pages)
            wait_for_slot(pages);
    }
    /* Nobody tells that a call came back to wait. */
    if (cache->config.held && gate_has_waiting(&gate->gate) && gate->timer == 0)
        gate->timer = g_timeout_add_seconds(1, on_look, cache);
}

void pages_start(Cache *cache, const PagePlan *plan, CallPriority priority)
{
    Pages *pages = g_new0(Pages, 1);

    pages->cache = cache;
    pages->plan = *plan;
    pages->priority = priority;
    pages->user.report = plan->endpoint == ENDPOINT_REPORT;
    pages->user.background = priority == CALL_BACKGROUND;
    pages->calls = g_ptr_array_new();
    g_hash_table_add(cache->gate->all, pages);
    begin_round(pages);
    go_on(pages);
    serve_gate(cache);
}
