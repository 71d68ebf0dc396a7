/* SPDX-License-Identifier: MIT */
#pragma once

/* html-page.h - pages of a few rows, and what the script in them is given. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "fs/html.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HtmlPage, html_free)

static const char *const usual[] = {"campaign_name", "spend", "impressions", "clicks",
                                    "ctr",           "cpm",   "conversion",  NULL};

static inline HtmlHead head_of(const char *start, const char *end)
{
    return (HtmlHead){.title = (char *)"Alpenrad",
                      .what = (char *)"Account 7012",
                      .range = (char *)"last-30d",
                      .start = (char *)start,
                      .end = (char *)end,
                      .currency = (char *)"EUR"};
}

static inline ReportShape shape_of(ReportGrain grain, const char *const *metrics)
{
    return (ReportShape){
        .level = KIND_CAMPAIGN, .id = "campaign_id", .grain = grain, .metrics = metrics};
}

static inline HtmlPage *page_new(ReportGrain grain, const char *const *metrics)
{
    ReportShape shape = shape_of(grain, metrics);
    HtmlHead head = head_of("2026-11-20", "2026-11-22");

    return html_new(&shape, &head);
}

/* A row of usual metrics by day. */
static inline void add(HtmlPage *page, const char *id, const char *day, const char *name,
                       const char *spend, const char *clicks, const char *conversion)
{
    const char *cells[] = {id, day, name, spend, "1000", clicks, "9.99", "8.88", conversion};

    html_row(page, cells);
}

static inline char *page_text(HtmlPage *page)
{
    static char *text;
    static gsize size;
    FILE *out = open_memstream(&text, &size);

    html_write(page, out);
    fclose(out);
    return text;
}

/* What the script is given. */
static inline cJSON *page_data(const char *text)
{
    static const char begin[] = "<script type=\"application/json\" id=\"data\">";
    const char *at = strstr(text, begin), *end;
    cJSON *data;

    g_assert_nonnull(at);
    at += strlen(begin);
    end = strstr(at, "</script>");
    data = cJSON_ParseWithLength(at, (gsize)(end - at));
    g_assert_nonnull(data);
    return data;
}

static inline const cJSON *metric_of(const cJSON *data, const char *label)
{
    const cJSON *metric;

    cJSON_ArrayForEach (metric, cJSON_GetObjectItem(data, "metrics")) {
        if (g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItem(metric, "label")), label) == 0)
            return metric;
    }
    g_error("no metric %s", label);
}

/* "48.1 - 3", where "-" is null. */
static inline char *join(const cJSON *list)
{
    GString *text = g_string_new(NULL);
    const cJSON *item;

    cJSON_ArrayForEach (item, list) {
        const char *value = cJSON_GetStringValue(item);

        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", value != NULL ? value : "-");
    }
    return g_string_free(text, FALSE);
}

static inline void assert_metric(const cJSON *data, const char *label, const char *values,
                                 const char *sum)
{
    const cJSON *metric = metric_of(data, label);
    g_autofree char *got = join(cJSON_GetObjectItem(metric, "values"));

    g_assert_cmpstr(got, ==, values);
    g_assert_cmpstr(cJSON_GetStringValue(cJSON_GetObjectItem(metric, "sum")), ==, sum);
}

static inline HtmlPage *three_days(void)
{
    HtmlPage *page = page_new(GRAIN_DAY, usual);

    add(page, "17", "2026-11-20", "Herbst", "48.10", "10", "1");
    add(page, "18", "2026-11-20", "Winter", "1000.75", "30", "3");
    add(page, "17", "2026-11-22", "Herbst", "0.20", "20", NULL);
    return page;
}
