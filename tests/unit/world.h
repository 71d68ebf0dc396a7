/* SPDX-License-Identifier: MIT */
#pragma once

/* world.h - a client with a sender that answers when told and a clock that jumps. */
#include <string.h>

#include "api/client-private.h"

static const gint64 second_us = G_USEC_PER_SEC;
static const char ok_body[] = "{\"code\":0,\"data\":{\"list\":[1,2]}}";

typedef struct {
    char *url, *body, *token;
    guint connect_ms;
    TransferFunc done;
    void *user_data;
    gboolean answered; /* or cancelled */
} Sent;

typedef struct {
    Client *client;
    Clock clock;
    gint64 now_us;
    GPtrArray *sent; /* of Sent */
    gboolean sender_freed;
} World;

typedef struct {
    World *world;
    guint n; /* how often done() ran */
    gint64 n_rows;
    int code;
    GError *error;
    gboolean truncated, free_client, wanted;
} Outcome;

static inline gint64 world_now(void *user_data)
{
    return ((World *)user_data)->now_us;
}

static inline void sent_free(gpointer data)
{
    Sent *sent = data;

    g_free(sent->url);
    g_free(sent->body);
    g_free(sent->token);
    g_free(sent);
}

static inline void fake_start(void *data, const TransferRequest *request, TransferFunc done,
                              void *user_data)
{
    Sent *sent = g_new0(Sent, 1);

    sent->url = g_strdup(request->url);
    sent->body = g_strdup(request->body);
    sent->token = g_strdup(request->token);
    sent->connect_ms = request->connect_ms;
    sent->done = done;
    sent->user_data = user_data;
    g_ptr_array_add(((World *)data)->sent, sent);
}

static inline void fake_cancel(void *data, const void *user_data)
{
    World *world = data;

    for (guint i = 0; i < world->sent->len; i++) {
        Sent *sent = g_ptr_array_index(world->sent, i);

        if (sent->user_data == user_data && !sent->answered)
            sent->answered = TRUE;
    }
}

static inline void fake_free(void *data)
{
    ((World *)data)->sender_freed = TRUE;
}

static inline void world_init(World *world, guint qps, guint qpm)
{
    *world = (World){.now_us = 1000 * second_us};
    world->clock = (Clock){.monotonic_us = world_now, .wall_us = world_now, .user_data = world};
    world->sent = g_ptr_array_new_with_free_func(sent_free);

    Sender sender = {.data = world, .start = fake_start, .free = fake_free, .cancel = fake_cancel};
    ClientConfig config = {
        .base_url = "https://api.test/v1.3/",
        .app_id = "a&b",
        .secret = "s3cret",
        .qps = qps,
        .qpm = qpm,
        .clock = &world->clock,
    };
    world->client = client_new_with_sender(&config, &sender);
}

static inline void world_clear(World *world)
{
    g_clear_pointer(&world->client, client_free);
    g_assert_true(world->sender_freed);
    g_ptr_array_unref(world->sent);
}

static inline void settle(World *world)
{
    if (world->client != NULL)
        client_wake(world->client);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static inline void pass(World *world, gint64 us)
{
    world->now_us += us;
    settle(world);
}

static inline void on_done(void *user_data, const Answer *answer, const GError *error)
{
    Outcome *outcome = user_data;

    g_assert_true((answer != NULL) != (error != NULL));
    outcome->n++;
    if (error != NULL) {
        outcome->error = g_error_copy(error);
    } else {
        outcome->n_rows = answer->n_rows;
        outcome->code = answer->code;
        outcome->truncated = answer->truncated;
    }
    if (outcome->free_client)
        g_clear_pointer(&outcome->world->client, client_free);
}

static inline guint64 call(World *world, Outcome *outcome, EndpointId endpoint,
                           CallPriority priority, gint64 deadline_us)
{
    Call request = {
        .endpoint = endpoint,
        .query = "advertiser_id=7",
        .body = "{\"x\":1}",
        .priority = priority,
        .deadline_us = deadline_us,
    };

    outcome->world = world;
    return client_call(world->client, &request, on_done, outcome);
}

static inline guint64 read_call(World *world, Outcome *outcome)
{
    return call(world, outcome, ENDPOINT_CAMPAIGN_GET, CALL_WAITED, 0);
}

static inline guint64 write_call(World *world, Outcome *outcome)
{
    return call(world, outcome, ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE, 0);
}

static inline Sent *nth(World *world, guint index)
{
    g_assert_cmpuint(index, <, world->sent->len);
    return g_ptr_array_index(world->sent, index);
}

static inline void finish(World *world, guint index, const TransferResult *result)
{
    Sent *sent = nth(world, index);

    g_assert_false(sent->answered);
    sent->answered = TRUE;
    sent->done(sent->user_data, result);
    settle(world);
}

static inline void answer_status(World *world, guint index, const char *text, guint status)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

    finish(world, index,
           &(TransferResult){.outcome = TRANSFER_WHOLE, .status = status, .body = body});
}

static inline void answer(World *world, guint index, const char *text)
{
    answer_status(world, index, text, 200);
}

static inline void break_off(World *world, guint index, TransferOutcome how)
{
    finish(world, index, &(TransferResult){.outcome = how, .text = "broken"});
}

static inline void check_failed(Outcome *outcome, ApiErrorKind kind)
{
    g_assert_cmpuint(outcome->n, ==, 1);
    g_assert_error(outcome->error, API_ERROR, (int)kind);
    g_clear_error(&outcome->error);
}
