/* SPDX-License-Identifier: MIT */
/* clock.c - conversions between unix time, text and local days, and the one clock of the sandbox.
 */
#include "clock.h"

#include <string.h>

enum { JULIAN_OF_1970 = 719163 };

static gint64 ahead; /* of the machine's clock, seconds */

gint64 clock_now(void)
{
    return g_get_real_time() / G_USEC_PER_SEC + ahead;
}

void clock_set(gint64 now)
{
    ahead = now - g_get_real_time() / G_USEC_PER_SEC;
}

char *clock_utc(gint64 time)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time);

    return g_date_time_format(date, "%Y-%m-%d %H:%M:%S");
}

char *clock_day_text(gint64 day)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(day + JULIAN_OF_1970));
    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), (int)g_date_get_month(&date),
                           g_date_get_day(&date));
}

/* The digits of text that stand where the pattern has 'd'; other characters must be equal. */
static gboolean matches(const char *text, const char *pattern)
{
    gsize i = 0;

    for (; pattern[i] != '\0'; i++) {
        if (pattern[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != pattern[i])
            return FALSE;
    }
    return text[i] == '\0';
}

gboolean clock_day_parse(const char *text, gint64 *ret_day)
{
    if (text == NULL || !matches(text, "dddd-dd-dd"))
        return FALSE;

    GDateYear year = (GDateYear)g_ascii_strtoull(text, NULL, 10);
    GDateMonth month = (GDateMonth)g_ascii_strtoull(text + 5, NULL, 10);
    GDateDay day = (GDateDay)g_ascii_strtoull(text + 8, NULL, 10);
    if (!g_date_valid_dmy(day, month, year))
        return FALSE;

    GDate date;

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, day, month, year);
    *ret_day = (gint64)g_date_get_julian(&date) - JULIAN_OF_1970;
    return TRUE;
}

gboolean clock_utc_parse(const char *text, gint64 *ret_time)
{
    gint64 day;

    if (text == NULL || strlen(text) < 19 ||
        !(matches(text, "dddd-dd-dd dd:dd:dd") || matches(text, "dddd-dd-ddTdd:dd:ddZ")))
        return FALSE;

    g_autofree char *date = g_strndup(text, 10);
    gint64 hour = g_ascii_strtoll(text + 11, NULL, 10);
    gint64 minute = g_ascii_strtoll(text + 14, NULL, 10);
    gint64 second = g_ascii_strtoll(text + 17, NULL, 10);
    if (!clock_day_parse(date, &day) || hour > 23 || minute > 59 || second > 59)
        return FALSE;

    *ret_time = day * DAY + hour * 3600 + minute * 60 + second;
    return TRUE;
}

/* The sign of these names is the other way round: Etc/GMT-13 is thirteen hours ahead of UTC. */
static GTimeZone *etc_zone(const char *name)
{
    if (!g_str_has_prefix(name, "Etc/GMT") || strlen(name) < 9)
        return NULL;

    gint hours = (gint)g_ascii_strtoll(name + 7, NULL, 10);

    return g_time_zone_new_offset(-hours * 3600);
}

GTimeZone *clock_zone(const char *name)
{
    GTimeZone *zone = etc_zone(name);

    if (zone == NULL)
        zone = g_time_zone_new_identifier(name);
    return zone != NULL ? zone : g_time_zone_new_utc();
}

static gint64 local(GTimeZone *zone, gint64 time)
{
    gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, time);

    return time + g_time_zone_get_offset(zone, interval);
}

gint64 clock_day(GTimeZone *zone, gint64 time)
{
    gint64 seconds = local(zone, time);

    return (seconds - ((seconds % DAY) + DAY) % DAY) / DAY;
}

gint64 clock_second_of_day(GTimeZone *zone, gint64 time)
{
    return ((local(zone, time) % DAY) + DAY) % DAY;
}

gint64 clock_midnight(GTimeZone *zone, gint64 day)
{
    gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_STANDARD, day * DAY);

    return day * DAY - g_time_zone_get_offset(zone, interval);
}

gint64 clock_next_midnight(GTimeZone *zone, gint64 time)
{
    return clock_midnight(zone, clock_day(zone, time) + 1);
}
