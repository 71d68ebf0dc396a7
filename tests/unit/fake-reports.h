/* SPDX-License-Identifier: MIT */
#pragma once

/* fake-reports.h - what a test wants of the service that has rows of a report, and what it got. */
#include "tests/unit/fake-report-service.h"

/* ---- what came of it ---- */

static inline guint count(const Service *service, EndpointId endpoint)
{
    guint n = 0;

    for (guint i = 0; i < service->f.fake->calls->len; i++)
        n += ((FakeCall *)service->f.fake->calls->pdata[i])->endpoint == endpoint;
    return n;
}

#define want_calls(service, endpoint, n)                                                           \
    g_assert_cmpuint(count(service, ENDPOINT_##endpoint), ==, n)

static inline int compare_fake_rows(const void *a, const void *b)
{
    const FakeRow *left = *(FakeRow *const *)a, *right = *(FakeRow *const *)b;
    int order = g_strcmp0(left->day, right->day);

    if (order == 0)
        order = (int)strlen(left->id) - (int)strlen(right->id);
    return order != 0 ? order : strcmp(left->id, right->id);
}

/* All rows of the days, deleted ones too, each once. */
static inline void check_all(Service *service)
{
    Asked asked = {g_strdup(service->f.query.start), g_strdup(service->f.query.end), NULL, FALSE};
    g_autoptr(GString) expected = g_string_new("");

    g_ptr_array_sort(service->rows, compare_fake_rows);
    for (guint i = 0; i < service->rows->len; i++) {
        const FakeRow *row = service->rows->pdata[i];
        if (row->day && (strcmp(row->day, asked.start) < 0 || strcmp(row->day, asked.end) > 0))
            continue;
        g_string_append_printf(expected, "%s%s%s %s %u a\"b\n", row->id, row->day ? " " : "",
                               row->day ? row->day : "", row->spend, row->clicks);
    }
    check_rows(&service->f, expected->str);
    asked_clear(&asked);
}

static inline void want_all(Service *service)
{
    have(&service->f);
    check_all(service);
}

static inline void want_failure(Service *service, ApiErrorKind kind, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(want(&service->f, &error), ==, CACHE_ERROR);
    g_assert_error(error, API_ERROR, (gint)kind);
    if (!strstr(error->message, text))
        g_error("wanted \"%s\" in \"%s\"", text, error->message);
}

/* Begins it, and runs until the condition holds. */
#define begin_until(service, condition)                                                            \
    do {                                                                                           \
        Waiter fake_one = {&fake_waiter, (service)->f.fake->mono};                                 \
        g_assert_cmpint(                                                                           \
            cache_want_report((service)->f.fake->cache, &(service)->f.query, &fake_one, NULL), ==, \
            CACHE_WAIT);                                                                           \
        run_until(service, condition);                                                             \
    } while (0)

#define run_until(service, condition)                                                              \
    do {                                                                                           \
        for (guint turns = 0; !(condition); turns++) {                                             \
            g_assert_cmpuint(turns, <, 20000);                                                     \
            step((service)->f.fake);                                                               \
        }                                                                                          \
    } while (0)

/* The newest call, if it waits for its answer. */
static inline FakeCall *newest(const Service *service, EndpointId endpoint)
{
    const GPtrArray *calls = service->f.fake->calls;
    FakeCall *call = calls->len > 0 ? calls->pdata[calls->len - 1] : NULL;

    return call && call->done && call->endpoint == endpoint ? call : NULL;
}

/* One answer, and what the loop has to do. */
static inline void step(Fake *fake)
{
    for (guint i = 0; i < fake->calls->len; i++) {
        FakeCall *call = fake->calls->pdata[i];
        if (!call->done || call->held)
            continue;
        fake->on_call(fake, call);
        break;
    }
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_usleep(200);
}
