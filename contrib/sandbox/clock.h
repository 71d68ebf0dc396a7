/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * clock.h - times as the API writes them, and calendar days in an account's zone. A day is a
 * number: days since 1970-01-01 of the local calendar.
 */
#include <glib.h>

enum { DAY = 86400 };

gint64 clock_now(void);           /* unix seconds */
void clock_set(gint64 now);       /* it is that time, and goes on from there */
char *clock_utc(gint64 time);     /* 2026-11-20 16:40:03 */
char *clock_day_text(gint64 day); /* 2026-11-20 */
gboolean clock_day_parse(const char *text, gint64 *ret_day);
/* "2026-11-20 16:40:03", and the ISO form with T and Z that requests may use. */
gboolean clock_utc_parse(const char *text, gint64 *ret_time);

GTimeZone *clock_zone(const char *name); /* never NULL: without time zone data, Etc/GMT±n or UTC */
gint64 clock_day(GTimeZone *zone, gint64 time);
gint64 clock_second_of_day(GTimeZone *zone, gint64 time);
gint64 clock_midnight(GTimeZone *zone, gint64 day); /* when it begins */
gint64 clock_next_midnight(GTimeZone *zone, gint64 time);
