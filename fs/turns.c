/* SPDX-License-Identifier: MIT */
/* turns.c - a clock on either side of poll(), and a histogram. */
#include "fs/turns.h"

#include <time.h>

#define DECADE(unit)                                                                               \
    1000 * (unit), 1250 * (unit), 1600 * (unit), 2000 * (unit), 2500 * (unit), 3150 * (unit),      \
        4000 * (unit), 5000 * (unit), 6300 * (unit), 8000 * (unit)

static const gint64 edges_ns[TURN_BUCKETS] = {
    DECADE(G_GINT64_CONSTANT(1)),
    DECADE(G_GINT64_CONSTANT(10)),
    DECADE(G_GINT64_CONSTANT(100)),
    DECADE(G_GINT64_CONSTANT(1000)),
    DECADE(G_GINT64_CONSTANT(10000)),
    DECADE(G_GINT64_CONSTANT(100000)),
    DECADE(G_GINT64_CONSTANT(1000000)),
    G_GINT64_CONSTANT(10000000000),
    G_MAXINT64,
};

gint64 turns_edge_ns(guint bucket)
{
    return edges_ns[bucket];
}

/* The first bucket whose edge is not below ns. */
static guint bucket_of(gint64 ns)
{
    guint low = 0, high = TURN_BUCKETS - 1;

    while (low < high) {
        guint middle = (low + high) / 2;

        if (edges_ns[middle] < ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void turns_note(Turns *turns, gint64 ns)
{
    turns->counts[bucket_of(ns)]++;
    turns->count++;
    turns->max_ns = MAX(turns->max_ns, ns);
}

gint64 turns_quantile_ns(const Turns *turns, guint per_mille)
{
    /* Rounded up: of ten turns, 999 of a thousand are all ten. */
    guint64 wanted = (turns->count * per_mille + 999) / 1000, seen = 0;

    for (guint i = 0; i < TURN_BUCKETS; i++) {
        seen += turns->counts[i];
        if (seen >= wanted)
            return MIN(edges_ns[i], turns->max_ns);
    }
    return turns->max_ns;
}

static void add_us(cJSON *object, const char *name, gint64 ns)
{
    cJSON_AddNumberToObject(object, name, (double)ns / 1000);
}

cJSON *turns_json(const Turns *turns)
{
    cJSON *loop = cJSON_CreateObject(), *counts;

    cJSON_AddNumberToObject(loop, "turns", (double)turns->count);
    add_us(loop, "p50_us", turns_quantile_ns(turns, 500));
    add_us(loop, "p99_us", turns_quantile_ns(turns, 990));
    add_us(loop, "p99_9_us", turns_quantile_ns(turns, 999));
    add_us(loop, "max_us", turns->max_ns);
    counts = cJSON_AddObjectToObject(loop, "turns_up_to_us");
    for (guint i = 0; i < TURN_BUCKETS; i++) {
        char edge[32];

        g_snprintf(edge, sizeof edge, "%g", (double)edges_ns[i] / 1000);
        if (turns->counts[i] > 0)
            cJSON_AddNumberToObject(counts, i < TURN_BUCKETS - 1 ? edge : "more",
                                    (double)turns->counts[i]);
    }
    return loop;
}

/* ---- the clock ---- */

/* poll() is handed nothing of ours. */
static struct {
    Turns *turns;
    GPollFunc poll;
    gint64 began_ns; /* 0: no turn yet */
} watched;

static gint64 thread_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static gint poll_between_turns(GPollFD *fds, guint n_fds, gint timeout_ms)
{
    gint ready;

    if (watched.began_ns > 0)
        turns_note(watched.turns, thread_ns() - watched.began_ns);
    ready = watched.poll(fds, n_fds, timeout_ms);
    watched.began_ns = thread_ns();
    return ready;
}

void turns_watch(Turns *turns, GMainContext *context)
{
    if (watched.turns != NULL)
        g_main_context_set_poll_func(context, watched.poll);
    watched.turns = turns;
    watched.began_ns = 0;
    if (turns == NULL)
        return;
    watched.poll = g_main_context_get_poll_func(context);
    g_main_context_set_poll_func(context, poll_between_turns);
}
