/* SPDX-License-Identifier: MIT */
/* when.c - times, read. */
#include "fs/when.h"

#include <string.h>

#include "api/error.h"

/* '0' stands for a digit. */
static gboolean is_like(const char *text, const char *pattern)
{
    if (strlen(text) != strlen(pattern))
        return FALSE;
    for (; *pattern != '\0'; pattern++, text++)
        if (*pattern == '0' ? !g_ascii_isdigit(*text) : *text != *pattern)
            return FALSE;
    return TRUE;
}

/* The forms that lack something, and what is put around them. */
static const struct {
    const char *pattern;
    gboolean day;     /* it has one */
    const char *rest; /* that is missing at its end */
} forms[] = {
    {"00:00", FALSE, ":00"},           {"00:00:00", FALSE, ""},
    {"0000-00-00", TRUE, " 00:00:00"}, {"0000-00-00 00:00", TRUE, ":00"},
    {"0000-00-00 00:00:00", TRUE, ""},
};

static GDateTime *read_time(const char *text, gint64 now_us)
{
    g_autoptr(GTimeZone) local = g_time_zone_new_local();
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(now_us / G_USEC_PER_SEC);
    g_autofree char *today = now != NULL ? g_date_time_format(now, "%Y-%m-%d ") : g_strdup("");

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree char *whole = g_strconcat(forms[i].day ? "" : today, text, forms[i].rest, NULL);

        if (is_like(text, forms[i].pattern))
            return g_date_time_new_from_iso8601(whole, local);
    }
    return strchr(text, 'T') != NULL ? g_date_time_new_from_iso8601(text, local) : NULL;
}

gboolean when_parse(const char *text, gint64 now_us, gint64 *ret_us, GError **error)
{
    g_autoptr(GDateTime) time = read_time(text, now_us);
    g_autofree char *quoted = g_strescape(text, NULL);

    if (time == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "%s: no time; write 10:00, 2026-11-05 10:00 or "
                                               "2026-11-05T10:00:00Z",
                                               quoted));
        return FALSE;
    }
    *ret_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    if (*ret_us <= now_us)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                           "%s: has not come yet; name a day before it", quoted));
    return FALSE;
}
