/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fake-service.h - a client made of function pointers, a clock that stands still, and a cache over
 * both. The service holds JSON objects by kind and gives pages of them; answers come when the test
 * lets the loop run, the store behind it is a real one.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "api/error.h"
#include "cache/cache.h"

#define ACCOUNT "7012345678901234567"
#define SECOND  G_USEC_PER_SEC

typedef struct {
    guint64 id;
    EndpointId endpoint;
    char *query, *body, *url;
    const CallSink *sink;
    gboolean held; /* its sink takes no more for now */
    CallPriority priority;
    AnswerFunc done; /* NULL: answered or withdrawn */
    gboolean (*wanted)(void *user_data);
    void *user_data;
} FakeCall;

typedef struct Fake Fake;
struct Fake {
    char *dir;
    Cache *cache;
    CacheConfig config;
    Clock clock;
    gint64 mono, wall;
    GPtrArray *calls;            /* of FakeCall, all ever made */
    GPtrArray *objects[N_KINDS]; /* of JSON text; KIND_NONE: rows of reports */
    GPtrArray *woken;            /* data of waiters */
    gint64 total_off;            /* added to total_number from page 2 on */
    gint64 total_off_first;      /* the same on page 1 */
    gboolean no_page_info, truncated;
    gboolean no_data; /* neither rows nor page_info */
    GError *failure;  /* answers every call */
    guint most_in_flight;
    void (*on_wake)(Fake *fake, void *waiter);
    void (*on_call)(Fake *fake, FakeCall *call); /* before it is answered */
    void *data;                                  /* of whoever set these */
};

static inline gint64 fake_mono(void *user_data)
{
    return ((Fake *)user_data)->mono;
}

static inline gint64 fake_wall(void *user_data)
{
    return ((Fake *)user_data)->wall;
}

static inline guint fake_pending(const Fake *fake)
{
    guint n = 0;

    for (guint i = 0; i < fake->calls->len; i++)
        n += ((FakeCall *)fake->calls->pdata[i])->done != NULL;
    return n;
}

/* Whose turn a call takes is whom it asks about. */
static inline void fake_check_party(const Call *call)
{
    g_autofree char *asked = g_strconcat("advertiser_id=", call->advertiser, NULL);
    g_autofree char *member = g_strconcat("\"advertiser_id\":\"", call->advertiser, NULL);

    if (call->url || call->prepare)
        return;
    if (call->advertiser)
        g_assert_nonnull(call->body ? strstr(call->body, member) : strstr(call->query, asked));
    else
        g_assert_true(!call->query || !strstr(call->query, "advertiser_id="));
}

static inline guint64 fake_call(void *client, const Call *call, AnswerFunc done, void *user_data)
{
    Fake *fake = client;
    FakeCall *record = g_new0(FakeCall, 1);

    fake_check_party(call);
    record->id = fake->calls->len + 1;
    record->endpoint = call->endpoint;
    record->query = g_strdup(call->query);
    record->body = g_strdup(call->body);
    record->url = g_strdup(call->url);
    record->sink = call->sink;
    record->priority = call->priority;
    record->done = done;
    record->wanted = call->wanted;
    record->user_data = user_data;
    g_ptr_array_add(fake->calls, record);
    fake->most_in_flight = MAX(fake->most_in_flight, fake_pending(fake));
    return record->id;
}

static inline gboolean fake_withdraw(void *client, guint64 id)
{
    FakeCall *call = ((Fake *)client)->calls->pdata[id - 1];
    gboolean pending = call->done != NULL;

    call->done = NULL;
    return pending;
}

static inline void fake_resume(void *client, guint64 id)
{
    FakeCall *call = ((Fake *)client)->calls->pdata[id - 1];

    call->held = FALSE;
}

static inline void fake_wake(void *user_data, void *waiter)
{
    Fake *fake = user_data;

    g_ptr_array_add(fake->woken, waiter);
    if (fake->on_wake)
        fake->on_wake(fake, waiter);
}

static inline char *fake_file_name(const char *name)
{
    return g_strdelimit(g_strdup(name), "/", '_');
}

/* ---- answers ---- */

static inline ObjectKind fake_kind_of(EndpointId endpoint)
{
    if (endpoint == ENDPOINT_CAMPAIGN_GET)
        return KIND_CAMPAIGN;
    if (endpoint == ENDPOINT_ADGROUP_GET)
        return KIND_ADGROUP;
    if (endpoint == ENDPOINT_AD_GET)
        return KIND_AD;
    if (endpoint == ENDPOINT_CENTERS)
        return KIND_CENTER;
    if (endpoint == ENDPOINT_CENTER_ASSETS)
        return KIND_ASSET;
    if (endpoint == ENDPOINT_CENTER_MEMBERS)
        return KIND_MEMBER;
    if (endpoint == ENDPOINT_CENTER_BALANCE)
        return KIND_FUNDS;
    return endpoint == ENDPOINT_REPORT ? KIND_NONE : KIND_ADVERTISER;
}

static inline gint64 fake_number(const char *query, const char *name)
{
    g_autofree char *key = g_strconcat(name, "=", NULL);
    const char *at = query ? strstr(query, key) : NULL;

    while (at && at != query && at[-1] != '&')
        at = strstr(at + 1, key);
    return at ? g_ascii_strtoll(at + strlen(key), NULL, 10) : 0;
}

/* A filter has the ids as JSON, escaped. */
static inline gboolean fake_is_among(const FakeCall *call, const char *object)
{
    g_autofree char *member =
        g_strdup_printf("\"%s\":\"", kind_names(fake_kind_of(call->endpoint))->id);
    const char *at = strstr(object, member);
    g_autofree char *id = NULL;

    if (!at)
        return FALSE;
    at += strlen(member);
    id = g_strdup_printf("%%22%.*s%%22", (int)strspn(at, "0123456789"), at);
    return strstr(call->query, id) != NULL;
}

/* What a center has says so in "bc_id". */
static inline gboolean fake_is_asked(const FakeCall *call, const char *object)
{
    gboolean info = call->endpoint == ENDPOINT_ADVERTISER_INFO;
    const char *member = info ? "\"advertiser_id\":\"" : "\"bc_id\":\"";
    const char *at = strstr(object, member);
    g_autofree char *id = NULL;

    if (call->query && call->endpoint != ENDPOINT_REPORT && strstr(call->query, "&filtering="))
        return fake_is_among(call, object);
    if (!info && !(call->query && g_str_has_prefix(call->query, "bc_id=")))
        return TRUE;
    at += strlen(member);
    id = g_strndup(at, strspn(at, "0123456789"));
    return strstr(call->query, id) != NULL;
}

static inline GPtrArray *fake_select(const Fake *fake, const FakeCall *call)
{
    const GPtrArray *all = fake->objects[fake_kind_of(call->endpoint)];
    GPtrArray *asked = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++)
        if (fake_is_asked(call, all->pdata[i]))
            g_ptr_array_add(asked, all->pdata[i]);
    return asked;
}

static inline void fake_answer(Fake *fake, FakeCall *call)
{
    g_autoptr(GPtrArray) all = fake_select(fake, call);
    gint64 page = MAX(fake_number(call->query, "page"), 1);
    gint64 size = fake_number(call->query, "page_size");
    g_autoptr(GString) body = g_string_new("{\"code\":0,\"data\":{\"list\":[");
    Answer answer = {.request_id = "r", .page = page, .total_page = -1, .total_number = -1};
    gint64 first = size ? (page - 1) * size : 0,
           last = size ? MIN(first + size, all->len) : all->len;
    gboolean counted = size && !fake->no_page_info && !fake->no_data;
    AnswerFunc done = call->done;

    for (gint64 i = first; i < last && !fake->no_data; i++)
        g_string_append_printf(body, "%s%s", answer.n_rows++ ? "," : "", (char *)all->pdata[i]);
    g_string_append(body, "]}}");
    if (call->endpoint == ENDPOINT_CENTER_BALANCE && all->len > 0)
        g_string_printf(body, "{\"code\":0,\"data\":%s}", (char *)all->pdata[0]);
    if (fake->no_data)
        g_string_assign(body, "{\"code\":0}");
    if (counted) {
        answer.total_number = all->len + (page > 1 ? fake->total_off : fake->total_off_first);
        answer.total_page = (all->len + size - 1) / size;
    }
    answer.truncated = fake->truncated;
    answer.has_list = !fake->no_data;
    answer.body = g_string_free_to_bytes(g_steal_pointer(&body));
    call->done = NULL;
    done(call->user_data, fake->failure ? NULL : &answer, fake->failure);
    g_bytes_unref(answer.body);
}

static inline void fake_refuse(FakeCall *call, ApiErrorKind kind, int code, const char *text)
{
    g_autoptr(GError) error = api_error_new(kind, code, "request-2", "%s (code %d)", text, code);
    AnswerFunc done = call->done;

    call->done = NULL;
    done(call->user_data, NULL, error);
}

/* Lets everything happen that can: answers, the writer, wakes. */
static inline void fake_run(Fake *fake)
{
    CacheStats stats;

    do {
        for (guint i = 0; i < fake->calls->len; i++) {
            FakeCall *call = fake->calls->pdata[i];
            if (call->done && fake->on_call)
                fake->on_call(fake, call);
            if (call->done && !call->sink)
                fake_answer(fake, call);
        }
        while (g_main_context_iteration(NULL, FALSE))
            ;
        g_usleep(200);
        cache_stats(fake->cache, &stats);
    } while (stats.fetching > 0);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

/* ---- set up ---- */

static inline void fake_call_free(void *data)
{
    FakeCall *call = data;

    g_free(call->query);
    g_free(call->body);
    g_free(call->url);
    g_free(call);
}

static inline void fake_close(Fake *fake)
{
    g_clear_pointer(&fake->cache, cache_free);
}

static inline void fake_open(Fake *fake)
{
    g_autoptr(GError) error = NULL;

    fake->cache = cache_new(&fake->config, &error);
    g_assert_no_error(error);
}

static inline void fake_reopen(Fake *fake)
{
    fake_close(fake);
    fake_open(fake);
}

static inline Fake *fake_new_closed(void)
{
    Fake *fake = g_new0(Fake, 1);

    fake->dir = g_dir_make_tmp("adsfs-XXXXXX", NULL);
    fake->mono = 1000 * SECOND;
    fake->wall = G_GINT64_CONSTANT(1795000000) * SECOND; /* 2026-11-18 */
    fake->clock = (Clock){fake_mono, fake_wall, fake};
    fake->calls = g_ptr_array_new_with_free_func(fake_call_free);
    fake->woken = g_ptr_array_new();
    for (int i = 0; i < N_KINDS; i++)
        fake->objects[i] = g_ptr_array_new_with_free_func(g_free);
    fake->config = (CacheConfig){
        .cache_dir = fake->dir,
        .state_dir = fake->dir,
        .ttl_us = 300 * SECOND,
        .retry_us = SECOND,
        .report_ttl_us = 900 * SECOND,
        .settle_days = 28,
        .clock = &fake->clock,
        .call = fake_call,
        .withdraw = fake_withdraw,
        .resume = fake_resume,
        .client = fake,
        .wake = fake_wake,
        .file_name = fake_file_name,
        .user_data = fake,
    };
    return fake;
}

static inline Fake *fake_new(void)
{
    Fake *fake = fake_new_closed();

    fake_open(fake);
    return fake;
}

static inline void fake_free(Fake *fake)
{
    const char *name;
    GDir *dir;

    fake_close(fake);
    dir = g_dir_open(fake->dir, 0, NULL);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(fake->dir, name, NULL);
        g_unlink(path);
    }
    g_dir_close(dir);
    g_rmdir(fake->dir);
    g_free(fake->dir);
    g_ptr_array_unref(fake->calls);
    g_ptr_array_unref(fake->woken);
    for (int i = 0; i < N_KINDS; i++)
        g_ptr_array_unref(fake->objects[i]);
    g_clear_error(&fake->failure);
    g_free(fake);
}

static inline void fake_later(Fake *fake, gint64 us)
{
    fake->mono += us;
    fake->wall += us;
}

static inline void fake_fail(Fake *fake, ApiErrorKind kind)
{
    g_clear_error(&fake->failure);
    fake->failure = api_error_new(kind, 50000, "request-1", "It failed");
}

static inline void fake_work(Fake *fake)
{
    g_clear_error(&fake->failure);
}

/* ---- objects ---- */

G_GNUC_PRINTF(3, 4)
static inline void fake_add(Fake *fake, ObjectKind kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_ptr_array_add(fake->objects[kind], g_strdup_vprintf(format, args));
    va_end(args);
}

static inline void fake_add_account(Fake *fake)
{
    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" ACCOUNT "\",\"advertiser_name\":\"A\"}");
}

static inline void fake_add_campaigns(Fake *fake, guint n)
{
    for (guint i = 0; i < n; i++)
        fake_add(fake, KIND_CAMPAIGN,
                 "{\"campaign_id\":\"%u\",\"campaign_name\":\"c%u\",\"budget\":500.10}", 1000 + i,
                 i);
}

/* ---- asking ---- */

static int fake_waiter; /* its address is a waiter for whoever needs no other */

/* As a request does it: asks until it is there or failed. */
static inline CacheResult fake_want(Fake *fake, ListingKind kind, gint64 of, GError **error)
{
    Waiter waiter = {&fake_waiter, fake->mono};
    CacheResult result;
    guint n = 0;

    while ((result = cache_want_listing(fake->cache, kind, of, &waiter, error)) == CACHE_WAIT) {
        g_assert_cmpuint(n++, <, 8);
        fake_run(fake);
    }
    return result;
}

static inline void fake_have(Fake *fake, ListingKind kind, gint64 of)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(fake_want(fake, kind, of, &error), ==, CACHE_HIT);
    g_assert_no_error(error);
}

static inline gint64 fake_account(Fake *fake)
{
    Scope scope = {KIND_ADVERTISER, 0, NULL};

    fake_have(fake, LISTING_ADVERTISERS, 0);
    return cache_find_id(fake->cache, &scope, ACCOUNT);
}

static inline gint64 fake_find(Fake *fake, ObjectKind kind, gint64 of, const char *id)
{
    Scope scope = {kind, of, NULL};

    return cache_find_id(fake->cache, &scope, id);
}
