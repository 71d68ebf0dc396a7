/* SPDX-License-Identifier: MIT */
/*
 * query-range.c - from the words for a range to days.
 *
 * A range is only ever whole days of the account's calendar, so everything after "which day is it
 * there now" is GDate arithmetic, and no day has a length that summer time could change.
 */
#include <string.h>

#include "api/nearest.h"
#include "fs/query-private.h"

/* There are no ads to report on before: a typing error would cost calls. */
enum { FIRST_YEAR = 2010 };

enum { ZONES = 1000 /* that are kept */ };

#define LONGEST_AGO 365 /* the most that last-Nd says */

static const char lifetime[] = "lifetime";

const char *const query_named_ranges[] = {"today",      "yesterday",  "last-7d", "last-30d",
                                          "this-month", "last-month", lifetime,  NULL};

/* ---- calendar ---- */

/* Exactly n digits at text. */
static gboolean read_digits(const char *text, guint n, guint *ret)
{
    *ret = 0;
    for (guint i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return FALSE;
        *ret = *ret * 10 + (guint)g_ascii_digit_value(text[i]);
    }
    return TRUE;
}

/* "2026-11" at text, as its first day. */
static gboolean read_month(const char *text, GDate *ret)
{
    guint year, month;

    if (!read_digits(text, 4, &year) || text[4] != '-' || !read_digits(text + 5, 2, &month) ||
        year < FIRST_YEAR || !g_date_valid_dmy(1, month, (GDateYear)year))
        return FALSE;
    g_date_set_dmy(ret, 1, month, (GDateYear)year);
    return TRUE;
}

/* "2026-11-05" at text; what follows is the caller's. */
static gboolean read_day(const char *text, GDate *ret)
{
    guint day;

    if (!read_month(text, ret) || text[7] != '-' || !read_digits(text + 8, 2, &day) ||
        !g_date_valid_dmy((GDateDay)day, g_date_get_month(ret), g_date_get_year(ret)))
        return FALSE;
    g_date_set_day(ret, (GDateDay)day);
    return TRUE;
}

static void month_end(const GDate *day, GDate *ret)
{
    *ret = *day;
    g_date_set_day(ret, g_date_get_days_in_month(g_date_get_month(day), g_date_get_year(day)));
}

static void write_day(const GDate *day, char ret[11])
{
    g_snprintf(ret, 11, "%04u-%02u-%02u", g_date_get_year(day), (guint)g_date_get_month(day),
               g_date_get_day(day));
}

/* An identifier as the API names it. The sign of Etc/GMT-13 is that of POSIX: it is UTC+13. */
static GTimeZone *read_zone(const char *identifier)
{
    GTimeZone *ret = NULL;

    if (*identifier != '\0')
        ret = g_time_zone_new_identifier(identifier);
    return ret != NULL ? ret : g_time_zone_new_utc();
}

/* Borrowed. GLib works out a century of a zone each time that nobody has it; here it is kept, as
   names of reports are looked at by the thousand. Of the loop's thread alone. */
static GTimeZone *find_zone(const char *identifier)
{
    static GHashTable *zones; /* identifier -> GTimeZone */
    const char *key = identifier != NULL ? identifier : "";
    GTimeZone *zone;

    if (zones == NULL)
        zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify)g_time_zone_unref);
    zone = g_hash_table_lookup(zones, key);
    if (zone != NULL)
        return zone;
    if (g_hash_table_size(zones) >= ZONES) /* they are what the service says: it may say anything */
        g_hash_table_remove_all(zones);
    zone = read_zone(key);
    g_hash_table_insert(zones, g_strdup(key), zone);
    return zone;
}

static void read_today(gint64 wall_us, const char *timezone, GDate *ret)
{
    GTimeZone *zone = find_zone(timezone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    int year, month, day;

    g_date_time_get_ymd(local, &year, &month, &day);
    g_date_set_dmy(ret, (GDateDay)day, month, (GDateYear)year);
}

/* ---- ranges ---- */

/* 0 when range is not last-Nd. */
static guint read_last(const char *range)
{
    gsize length = strlen(range);
    guint64 days;

    if (length < 7 || length > 9 || !g_str_has_prefix(range, "last-") || range[5] == '0' ||
        range[length - 1] != 'd')
        return 0;
    g_autofree char *number = g_strndup(range + 5, length - 6);
    return g_ascii_string_to_unsigned(number, 10, 1, LONGEST_AGO, &days, NULL) ? (guint)days : 0;
}

/* Words that count from today. */
static gboolean read_relative(const char *range, const GDate *today, GDate *start, GDate *end)
{
    guint last = read_last(range);

    *start = *end = *today;
    if (last > 0) {
        g_date_subtract_days(start, last - 1);
    } else if (g_str_equal(range, "yesterday")) {
        g_date_subtract_days(start, 1);
        *end = *start;
    } else if (g_str_equal(range, "this-month")) {
        g_date_set_day(start, 1);
    } else if (g_str_equal(range, "last-month")) {
        g_date_set_day(start, 1);
        g_date_subtract_months(start, 1);
        month_end(start, end);
    } else {
        return g_str_equal(range, "today") || g_str_equal(range, lifetime);
    }
    return TRUE;
}

/* 2026-11, 2026-11-05, 2026-10-01..2026-10-31; start may be after end. */
static gboolean read_absolute(const char *range, GDate *start, GDate *end)
{
    switch (strlen(range)) {
    case 7:
        if (!read_month(range, start))
            return FALSE;
        month_end(start, end);
        return TRUE;
    case 10:
        return read_day(range, start) && read_day(range, end);
    case 22:
        return read_day(range, start) && g_str_has_prefix(range + 10, "..") &&
               read_day(range + 12, end);
    default:
        return FALSE;
    }
}

gboolean query_range_valid(const char *range)
{
    GDate today, start, end;

    g_date_set_dmy(&today, 1, 1, FIRST_YEAR + 10);
    if (read_relative(range, &today, &start, &end))
        return TRUE;
    return read_absolute(range, &start, &end) && g_date_compare(&start, &end) <= 0;
}

static gboolean refuse(GError **error, const char *range, const char *why, const GDate *today)
{
    char *nearest = error != NULL ? query_nearest_range(range, today) : NULL;

    return query_refuse(error, "range", range, why, nearest);
}

gboolean query_range_days(const char *range, gint64 wall_us, const char *timezone, char start[11],
                          char end[11], GError **error)
{
    GDate today, first, last;

    read_today(wall_us, timezone, &today);
    if (!read_relative(range, &today, &first, &last) && !read_absolute(range, &first, &last))
        return refuse(error, range,
                      "must be like today, last-7d, this-month, lifetime, 2026-11, 2026-11-05 or "
                      "2026-10-01..2026-10-31, with days that exist, last-365d at most",
                      &today);
    if (g_date_compare(&first, &last) > 0)
        return refuse(error, range, "ends before it begins", &today);
    if (g_date_compare(&first, &today) > 0)
        return refuse(error, range, "lies in the future of the account's time zone", &today);
    /* Days to come have no rows, and are not to be remembered as days without any. */
    if (g_date_compare(&last, &today) > 0)
        last = today;
    write_day(&first, start);
    write_day(&last, end);
    return TRUE;
}

guint query_count_days(const char *start, const char *end)
{
    GDate first, last;

    g_return_val_if_fail(read_day(start, &first) && read_day(end, &last), 0);
    return (guint)(g_date_days_between(&first, &last) + 1);
}

/* ---- what was meant ---- */

/* "2026-10-31..2026-10-01" the other way round, "2026-02-31" with a day that February has, and a
   time that is yet to come as the one that it is now. */
static char *nearest_absolute(const char *range, const GDate *today)
{
    GDate first, last;
    char text[11];

    if (strlen(range) == 10 && read_month(range, &first) && !read_day(range, &first)) {
        month_end(&first, &last);
        write_day(&last, text);
        return g_strdup(text);
    }
    if (!read_absolute(range, &first, &last))
        return NULL;
    if (g_date_compare(&first, &last) > 0)
        return g_strdup_printf("%s..%.10s", range + 12, range);
    if (g_date_compare(&first, today) <= 0)
        return NULL;
    return g_strdup(strlen(range) == 7 ? "this-month" : "today");
}

static char *nearest_last(const char *range)
{
    guint64 days = 0;

    if (!g_str_has_prefix(range, "last-") || !g_ascii_isdigit(range[5]))
        return NULL;
    days = g_ascii_strtoull(range + 5, NULL, 10);
    return g_strdup_printf("last-%ud", (guint)CLAMP(days, 1, LONGEST_AGO));
}

char *query_nearest_range(const char *range, const GDate *today)
{
    char *nearest = nearest_absolute(range, today);

    if (nearest == NULL)
        nearest = nearest_last(range);
    return nearest != NULL ? nearest : g_strdup(nearest_word(range, query_named_ranges));
}

gboolean query_range_is_meant(const char *range)
{
    const char *near = nearest_word(range, query_named_ranges);
    guint year;

    if (read_digits(range, 4, &year))
        return range[4] == '\0' || range[4] == '-' || range[4] == '.';
    return g_str_has_prefix(range, "last-") || (near != NULL && nearest_distance(range, near) <= 2);
}
