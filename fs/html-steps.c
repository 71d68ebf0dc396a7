/* SPDX-License-Identifier: MIT */
/* html-steps.c - which step of time a row belongs to. */
#include "fs/html-steps.h"

#include <stdio.h>
#include <string.h>

enum { YEAR = 4, MONTH = 7, DAY = 10, HOUR = 13, HOURS = 24 };

/* FALSE: no such day. */
static gboolean read_day(const char *text, GDate *ret)
{
    guint year, month, day;
    int end = 0;

    if (text == NULL || sscanf(text, "%4u-%2u-%2u%n", &year, &month, &day, &end) != 3 ||
        end != DAY || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return FALSE;
    g_date_set_dmy(ret, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return TRUE;
}

/* The finest that is not too many. */
static gsize choose_length(ReportGrain grain, guint n_days)
{
    if (grain == GRAIN_HOUR && n_days * HOURS <= HTML_STEPS)
        return HOUR;
    if (n_days <= HTML_STEPS)
        return DAY;
    return n_days / 31 <= HTML_STEPS ? MONTH : YEAR;
}

static void add_key(HtmlSteps *steps, const char *text)
{
    char *key = g_strndup(text, steps->length);

    if (g_hash_table_contains(steps->places, key)) {
        g_free(key);
        return;
    }
    g_ptr_array_add(steps->keys, key);
    g_hash_table_insert(steps->places, key, GUINT_TO_POINTER(steps->keys->len));
}

static void add_day(HtmlSteps *steps, const GDate *day)
{
    char text[HOUR + 1];
    guint n = steps->length == HOUR ? HOURS : 1;

    for (guint hour = 0; hour < n; hour++) {
        g_snprintf(text, sizeof text, "%04u-%02u-%02u %02u", g_date_get_year(day) % 10000,
                   (guint)g_date_get_month(day) % 100, g_date_get_day(day) % 100u, hour % 100);
        add_key(steps, text);
    }
}

void html_steps_init(HtmlSteps *steps, ReportGrain grain, const char *start, const char *end)
{
    GDate day, last;

    *steps = (HtmlSteps){.keys = g_ptr_array_new_with_free_func(g_free),
                         .places = g_hash_table_new(g_str_hash, g_str_equal)};
    if (grain == GRAIN_TOTAL || !read_day(start, &day) || !read_day(end, &last) ||
        g_date_compare(&day, &last) > 0)
        return;
    steps->length = choose_length(grain, (guint)g_date_days_between(&day, &last) + 1);
    for (; g_date_compare(&day, &last) <= 0; g_date_add_days(&day, 1))
        add_day(steps, &day);
    steps->sums = g_new0(Sums, steps->keys->len);
    for (guint i = 0; i < steps->keys->len; i++)
        steps->sums[i].over_accounts = TRUE;
}

void html_steps_clear(HtmlSteps *steps)
{
    for (guint i = 0; i < steps->keys->len; i++)
        html_sums_clear(&steps->sums[i]);
    g_hash_table_unref(steps->places);
    g_ptr_array_unref(steps->keys);
    g_free(steps->sums);
}

Sums *html_steps_find(HtmlSteps *steps, const char *time)
{
    char key[HOUR + 1];
    guint place;

    if (time == NULL || steps->length == 0 || strlen(time) < steps->length)
        return NULL;
    g_strlcpy(key, time, MIN(sizeof key, steps->length + 1));
    place = GPOINTER_TO_UINT(g_hash_table_lookup(steps->places, key));
    return place > 0 ? &steps->sums[place - 1] : NULL;
}

const char *html_steps_word(const HtmlSteps *steps)
{
    switch (steps->length) {
    case HOUR:
        return "hour";
    case DAY:
        return "day";
    case MONTH:
        return "month";
    case YEAR:
        return "year";
    default:
        return NULL;
    }
}
