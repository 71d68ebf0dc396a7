/* SPDX-License-Identifier: MIT */
/*
 * test-model.c - anything may happen to a cache, in any order, and what must hold does.
 *
 * MODEL_SEED and MODEL_STEPS choose what happens and how much of it; without them it is the same
 * each time. What failed can be run again, step by step the same, and MODEL_TRACE=1 shows each.
 * See model.h for how, and model-watch.h for what must hold.
 */
#include "tests/unit/model-life.h"

typedef struct {
    guint weight;
    void (*run)(Model *model);
} Step;

/* clang-format off */
static const Step steps[] = {
    {2600, step_want},
    { 500, step_want_one},
    { 300, step_forget},
    { 300, step_look},
    { 500, step_serve},
    {2200, step_deliver},
    {1000, step_write},
    {1500, step_run},
    { 300, step_wait},
    { 100, step_leap},
    {  40, step_set_clock},
    {  60, step_health},
    { 300, step_create},
    { 150, step_delete},
    { 300, step_change},
    { 100, step_move},
    {  30, step_account},
    {  60, step_center},
    {  80, step_expire},
    {  20, step_refresh},
    {  40, step_poll},
    { 200, step_commit},
    {  60, step_withdraw},
    { 100, step_leave},
    { 100, step_ring},
    {  20, step_remount},
    {  15, step_rest},
};
/* clang-format on */

static guint total_weight(void)
{
    guint n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        n += steps[i].weight;
    return n;
}

static void run_one(Model *model)
{
    guint at = model_any(model, total_weight());
    const Step *step = steps;

    for (; at >= step->weight; step++)
        at -= step->weight;
    model_tick(model);
    model->op_began = model->world.moment;
    step->run(model);
}

static void check_calls(Model *model)
{
    guint n = 0;

    for (guint i = 0; i < model->calls->len; i++) {
        const ModelCall *call = model->calls->pdata[i];
        n += call->watch != NULL;
        if (call->watch && !call->watch->flying)
            model_fail(model, "listing %d is asked for, and is not being fetched",
                       call->watch->kind);
    }
    if (n > 4)
        model_fail(model, "%u pages are under way", n);
}

static gboolean is_awaited(const Model *model, const ModelWaiter *waiter)
{
    const GPtrArray *flying = model->cache->flying;
    guint n = 0;

    for (guint i = 0; i < flying->len; i++) {
        const Flight *flight = flying->pdata[i];
        n += flight->waiters && g_ptr_array_find(flight->waiters, waiter, NULL);
    }
    return n == 1;
}

static void check_step(Model *model)
{
    model_set_timers(model, TRUE, TRUE, -1);
    model_sample(model);
    check_calls(model);
    for (guint i = 0; i < N_WAITERS; i++)
        if (model->waiters[i].waiting && !is_awaited(model, &model->waiters[i]))
            model_fail(model, "waiter %u waits for nothing", i);
    if (cache_failed(model->cache))
        model_fail(model, "%s", cache_failed(model->cache)->message);
    if (model->step % 50 == 0)
        store_check(model->db, model->base_s << 20);
}

/* ---- the beginning and the end ---- */

static void fill_world(Model *model)
{
    World *world = &model->world;

    for (guint i = 0; i < N_ACCOUNTS; i++) {
        g_autofree char *id = g_strdup_printf("%d%017u", KIND_ADVERTISER, i);
        world_make(world, KIND_ADVERTISER, NULL, NULL, id);
    }
    for (guint i = 0; i < N_CENTERS; i++) {
        g_autofree char *id = g_strdup_printf("%d%017u", KIND_CENTER, i);
        Thing *center = world_make(world, KIND_CENTER, NULL, NULL, id);
        world_make(world, KIND_FUNDS, center, NULL, id);
        world_make(world, KIND_MEMBER, center, NULL, NULL);
    }
    for (guint i = 0; i < 60; i++)
        step_create(model);
}

static guint read_number(const char *name, guint otherwise)
{
    const char *text = g_getenv(name);

    return text ? (guint)g_ascii_strtoull(text, NULL, 10) : otherwise;
}

static void set_config(Model *model)
{
    model->clock = (Clock){model_mono, model_wall, model};
    model->config = (CacheConfig){
        .cache_dir = model->dir,
        .state_dir = model->dir,
        .ttl_us = MODEL_TTL_S * MODEL_SECOND,
        .retry_us = MODEL_SECOND,
        .report_ttl_us = 900 * MODEL_SECOND,
        .settle_days = 28,
        .clock = &model->clock,
        .call = model_call,
        .withdraw = model_withdraw,
        .client = model,
        .wake = model_wake,
        .file_name = fake_file_name,
        .user_data = model,
    };
}

static Model *model_new(guint seed)
{
    Model *model = g_new0(Model, 1);

    model->seed = seed;
    model->rand = g_rand_new_with_seed(seed);
    model->dir = g_dir_make_tmp("adsfs-model-XXXXXX", NULL);
    model->mono = 1000000 * MODEL_SECOND;
    model->wall = G_GINT64_CONSTANT(1795000000) * MODEL_SECOND;
    model->base_s = model->wall / MODEL_SECOND;
    model->page_rows = 3;
    model->calls = g_ptr_array_new();
    model->watches = g_ptr_array_new_with_free_func(watch_free);
    model->commits = g_ptr_array_new_with_free_func(record_free);
    model->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; i < N_WAITERS; i++)
        model->waiters[i].number = i;
    world_init(&model->world);
    set_config(model);
    fill_world(model);
    return model;
}

static void model_free(Model *model)
{
    remove_file(model);
    g_rmdir(model->dir);
    g_free(model->dir);
    g_ptr_array_unref(model->calls);
    g_ptr_array_unref(model->watches);
    g_ptr_array_unref(model->commits);
    g_hash_table_unref(model->rows);
    g_rand_free(model->rand);
    world_clear(&model->world);
    for (guint i = 0; i < N_HISTORY; i++)
        g_free(model->history[i]);
    g_free(model);
}

static void test_model(void)
{
    Model *model = the_model = model_new(read_number("MODEL_SEED", 1));

    model->n_steps = read_number("MODEL_STEPS", 100000);
    g_test_message("MODEL_SEED=%u MODEL_STEPS=%u", model->seed, model->n_steps);
    model_open(model);
    for (model->step = 0; model->step < model->n_steps; model->step++) {
        run_one(model);
        check_step(model);
    }
    step_rest(model);
    model_close(model);
    g_test_message(
        "%" G_GUINT64_FORMAT " hits checked, %" G_GUINT64_FORMAT " fetches (%" G_GUINT64_FORMAT
        " failed), %" G_GUINT64_FORMAT " commits done, %" G_GUINT64_FORMAT " calls",
        model->n_hits, model->n_ends, model->n_failures, model->n_commits, model->n_calls);
    the_model = NULL;
    model_free(model);
}

int main(int argc, char **argv)
{
    signal(SIGABRT, model_on_signal);
    signal(SIGTRAP, model_on_signal);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/what-must-hold-does-whatever-happens", test_model);
    return g_test_run();
}
