/* SPDX-License-Identifier: MIT */
/*
 * test-pace-day.c - a day of three processes at once, on a clock that jumps, before a service that
 * counts by itself: each call at some moment between its sending and its answer. It must never see
 * more than the limits, and nearly as much while everybody wants more.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "api/client-private.h"

enum { QPS = 2, QPM = 60, QPD = 40000, CLIENTS = 3, CALLERS = 6, LATENCY_MS = 150 };

static const gint64 second_us = G_USEC_PER_SEC;
static const gint64 minute_us = 60 * (gint64)G_USEC_PER_SEC;
static const gint64 hour_us = 3600 * (gint64)G_USEC_PER_SEC;
static const gint64 day_us = 86400 * (gint64)G_USEC_PER_SEC;
static const gint64 begin_us = 100 * (gint64)G_USEC_PER_SEC; /* 06:00 UTC */

typedef struct World World;
typedef struct Caller Caller;

/* A transfer under way: first it arrives, then its answer is due. */
typedef struct {
    gboolean arrived;
    gint64 at_us, answer_us;
    const char *body;
    guint status;
    char *url;
    TransferFunc done;
    void *user_data;
    guint client;
} Transfer;

struct Caller {
    World *day;
    guint client, number;
    gint64 call_us; /* when it calls next; G_MAXINT64: it waits for an answer */
    gint64 deadline_us;
};

struct World {
    gint64 now_us;
    Clock clock;
    Client *clients[CLIENTS];
    gint64 look_us[CLIENTS];
    Caller callers[CLIENTS][CALLERS];
    struct {
        World *day;
        guint client;
    } senders[CLIENTS];
    GPtrArray *transfers;
    /* the service */
    GArray *seen;               /* gint64: when it counted each call */
    guint in_second, in_minute; /* index in seen of the oldest that counts */
    gint64 today;
    guint seen_today;
    guint met[6]; /* of faults */
    guint refused, late, loaded_minutes, loaded_calls;
};

/* What goes wrong, and for how long; apart from each other, in loaded hours. */
static const struct {
    gint64 from_us, for_us;
    PauseScope scope;
    const char *body;
    guint status;
} faults[] = {
    {1 * 3600 * G_GINT64_CONSTANT(1000000) + 900000000, 400000, PAUSE_APP, "{\"code\":40100}", 200},
    {2 * 3600 * G_GINT64_CONSTANT(1000000), 300000000, PAUSE_APP, "{\"code\":40100}", 200},
    {4 * 3600 * G_GINT64_CONSTANT(1000000) + 900000000, 300000000, PAUSE_ENDPOINT,
     "{\"code\":40016}", 200},
    {5 * 3600 * G_GINT64_CONSTANT(1000000), 100000000, PAUSE_ADVERTISER, "{\"code\":40133}", 200},
    {6 * 3600 * G_GINT64_CONSTANT(1000000), 90000000, PAUSE_EVERYTHING, "<html>slow down", 429},
    {8 * 3600 * G_GINT64_CONSTANT(1000000) + 900000000, 2000000, PAUSE_VALUE, "{\"code\":40132}",
     200},
};

static gint64 day_mono(void *user_data)
{
    return ((World *)user_data)->now_us;
}

static gint64 day_wall(void *user_data)
{
    return 20000 * day_us + 6 * hour_us - begin_us + ((World *)user_data)->now_us;
}

/* Three hours of four everybody calls without end; in the fourth all call at once now and then. */
static gboolean is_loaded(const World *day)
{
    return (day->now_us - begin_us) / hour_us % 4 != 3;
}

/* ---- the service ---- */

static void count_call(World *day)
{
    gint64 today = day_wall(day) / day_us;

    g_array_append_val(day->seen, day->now_us);
    while (day->now_us - g_array_index(day->seen, gint64, day->in_second) > second_us)
        day->in_second++;
    while (day->now_us - g_array_index(day->seen, gint64, day->in_minute) > minute_us)
        day->in_minute++;
    if (today != day->today)
        day->seen_today = 0;
    day->today = today;
    day->seen_today++;
    g_assert_cmpuint(day->seen->len - day->in_second, <=, QPS);
    g_assert_cmpuint(day->seen->len - day->in_minute, <=, QPM);
    g_assert_cmpuint(day->seen_today, <=, QPD);
}

static gboolean hits(const Transfer *transfer, PauseScope scope)
{
    if (scope == PAUSE_ENDPOINT)
        return strstr(transfer->url, "/ad/get/") != NULL;
    return (scope != PAUSE_ADVERTISER && scope != PAUSE_VALUE) ||
           strstr(transfer->url, "advertiser=0&") != NULL;
}

static void arrive(World *day, Transfer *transfer)
{
    transfer->arrived = TRUE;
    transfer->at_us = transfer->answer_us;
    transfer->body = "{\"code\":0,\"data\":{\"list\":[]}}";
    transfer->status = 200;
    count_call(day);
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        gint64 age_us = day->now_us - begin_us - faults[i].from_us;

        if (age_us < 0 || age_us >= faults[i].for_us || !hits(transfer, faults[i].scope))
            continue;
        transfer->body = faults[i].body;
        transfer->status = faults[i].status;
        day->refused++;
        day->met[i]++;
    }
}

static void give_answer(Transfer *transfer)
{
    g_autoptr(GBytes) body = g_bytes_new_static(transfer->body, strlen(transfer->body));
    TransferResult result = {
        .outcome = TRANSFER_WHOLE, .status = transfer->status, .body = body, .text = ""};

    transfer->done(transfer->user_data, &result);
}

static void transfer_free(gpointer data)
{
    g_free(((Transfer *)data)->url);
    g_free(data);
}

static gint64 latency_us(void)
{
    return g_test_rand_int_range(0, LATENCY_MS * 1000);
}

static void day_start(void *data, const TransferRequest *request, TransferFunc done,
                      void *user_data)
{
    World *day = *(World **)data;
    guint client = *(guint *)((char *)data + sizeof(World *));
    Transfer *transfer = g_new0(Transfer, 1);
    const char *deadline = strstr(request->url, "deadline=");

    if (deadline != NULL) /* what comes too late is never sent */
        g_assert_cmpint(day->now_us, <, g_ascii_strtoll(deadline + 9, NULL, 10));
    transfer->at_us = day->now_us + latency_us();
    transfer->answer_us = transfer->at_us + latency_us();
    transfer->url = g_strdup(request->url);
    transfer->done = done;
    transfer->user_data = user_data;
    transfer->client = client;
    g_ptr_array_add(day->transfers, transfer);
}

static void day_free(void *data)
{
    (void)data;
}

/* ---- those who call ---- */

static void on_answer(void *user_data, const Answer *answer, const GError *error)
{
    Caller *caller = user_data;
    World *day = caller->day;
    gint64 burst_us = 600 * second_us;

    if (answer == NULL) {
        g_assert_error((GError *)error, API_ERROR, API_ERROR_BUSY);
        g_assert_cmpint(caller->deadline_us, >, 0);
        day->late++;
    }
    caller->call_us = day->now_us;
    if (!is_loaded(day))
        caller->call_us = (day->now_us / burst_us + 1) * burst_us;
}

/* Some write, with a deadline; each calls for an account of its own, or for two. */
static void call(Caller *caller)
{
    World *day = caller->day;
    gboolean write = caller->number == 0;
    g_autofree char *advertiser = g_strdup_printf("%u", (caller->number + caller->client) % 4);
    g_autofree char *query = NULL;
    Call request = {.endpoint = caller->number % 2 ? ENDPOINT_AD_GET : ENDPOINT_CAMPAIGN_GET,
                    .priority = write                ? CALL_WRITE
                                : caller->number < 4 ? CALL_WAITED
                                                     : CALL_BACKGROUND,
                    .advertiser = advertiser};

    caller->deadline_us = request.deadline_us = write ? day->now_us + 30 * second_us : 0;
    query = write ? g_strdup_printf("advertiser=%s&deadline=%" G_GINT64_FORMAT, advertiser,
                                    caller->deadline_us)
                  : g_strdup_printf("advertiser=%s&", advertiser);
    request.query = query;
    caller->call_us = G_MAXINT64;
    day->look_us[caller->client] = day->now_us;
    client_call(day->clients[caller->client], &request, on_answer, caller);
}

/* ---- the day ---- */

static void add_client(World *day, guint i, const char *file)
{
    Sender sender = {.data = &day->senders[i], .start = day_start, .free = day_free};
    ClientConfig config = {.base_url = "https://api.test",
                           .qps = QPS,
                           .qpm = QPM,
                           .qpd = QPD,
                           .pace_file = file,
                           .clock = &day->clock};

    day->senders[i].day = day;
    day->senders[i].client = i;
    day->look_us[i] = begin_us;
    day->clients[i] = client_new_with_sender(&config, &sender);
    for (guint j = 0; j < CALLERS; j++)
        day->callers[i][j] = (Caller){day, i, j, begin_us + j, 0};
}

static gint64 next_us(World *day)
{
    gint64 next = G_MAXINT64;

    for (guint i = 0; i < day->transfers->len; i++)
        next = MIN(next, ((Transfer *)day->transfers->pdata[i])->at_us);
    for (guint i = 0; i < CLIENTS; i++) {
        next = MIN(next, day->look_us[i]);
        for (guint j = 0; j < CALLERS; j++)
            next = MIN(next, day->callers[i][j].call_us);
    }
    return next;
}

static void move_transfers(World *day)
{
    for (guint i = 0; i < day->transfers->len; i++) {
        Transfer *transfer = day->transfers->pdata[i];

        if (transfer->at_us > day->now_us)
            continue;
        if (!transfer->arrived) {
            arrive(day, transfer);
        } else {
            g_ptr_array_steal_index_fast(day->transfers, i--);
            day->look_us[transfer->client] = day->now_us;
            give_answer(transfer);
            transfer_free(transfer);
        }
    }
}

static void move(World *day)
{
    move_transfers(day);
    for (guint i = 0; i < CLIENTS; i++) {
        for (guint j = 0; j < CALLERS; j++)
            if (day->callers[i][j].call_us <= day->now_us)
                call(&day->callers[i][j]);
        if (day->look_us[i] <= day->now_us)
            day->look_us[i] = client_pump(day->clients[i]);
    }
}

static gboolean is_quiet(const World *day, gint64 at_us)
{
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
        if (at_us >= faults[i].from_us - minute_us &&
            at_us < faults[i].from_us + faults[i].for_us + 6 * minute_us)
            return FALSE;
    return day->seen_today + QPM < QPD;
}

/* Called each minute: whether the last one was one in which nothing but the limit held calls up. */
static void judge_minute(World *day, guint seen_before)
{
    gint64 at_us = day->now_us - begin_us;

    if (!is_loaded(day) || at_us % hour_us < 3 * minute_us || !is_quiet(day, at_us))
        return;
    day->loaded_minutes++;
    day->loaded_calls += day->seen->len - seen_before;
}

static void run(World *day, gint64 until_us)
{
    gint64 minute = 0;
    guint seen = 0;

    while (day->now_us < until_us) {
        gint64 next = next_us(day), of = (MIN(next, until_us) - begin_us) / minute_us;

        g_assert_cmpint(next, >=, day->now_us);
        if (of > minute) {
            day->now_us = begin_us + of * minute_us;
            judge_minute(day, of == minute + 1 ? seen : day->seen->len);
            minute = of;
            seen = day->seen->len;
        }
        day->now_us = MIN(next, until_us);
        move(day);
    }
}

static void check(const World *day)
{
    guint most = day->loaded_minutes * QPM;

    g_test_message("%u calls, %u refused, %u writes late, %u of %u in %u loaded minutes",
                   day->seen->len, day->refused, day->late, day->loaded_calls, most,
                   day->loaded_minutes);
    g_assert_cmpuint(day->loaded_minutes, >, 8 * 60);
    g_assert_cmpuint(day->loaded_calls, >=, most / 100 * 98);
    g_assert_cmpuint(day->late, >, 0);
    g_assert_cmpuint(day->refused, >, 20);            /* every pause was met, */
    g_assert_cmpuint(day->refused, <, 150);           /* and kept */
    g_assert_cmpuint(day->seen->len, >, QPD + 12000); /* the day ended, and the next began */
}

static void test_day(void)
{
    g_autofree char *directory = g_dir_make_tmp("adsfs-day-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(directory, "pace", NULL);
    World day = {.now_us = begin_us};

    day.clock = (Clock){day_mono, day_wall, &day};
    day.transfers = g_ptr_array_new_with_free_func(transfer_free);
    day.seen = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < CLIENTS; i++)
        add_client(&day, i, file);
    run(&day, begin_us + day_us);
    check(&day);
    for (guint i = 0; i < CLIENTS; i++)
        client_free(day.clients[i]);
    g_ptr_array_unref(day.transfers);
    g_array_unref(day.seen);
    g_unlink(file);
    g_rmdir(directory);
}

static void say_nothing(const char *domain, GLogLevelFlags level, const char *text, void *user_data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, say_nothing, NULL);
    g_test_add_func("/pace/a-day-is-never-over-and-hardly-under", test_day);
    return g_test_run();
}
