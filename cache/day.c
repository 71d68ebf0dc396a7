/* SPDX-License-Identifier: MIT */
/* day.c - days as text and as numbers. */
#include "cache/day.h"

#include <string.h>

static gboolean two_digits(const char *text, guint *ret)
{
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]))
        return FALSE;
    *ret = (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
    return TRUE;
}

guint day_number(const char *text)
{
    guint century, rest, month, day;
    GDate date;

    if (strnlen(text, DAY_LENGTH) < DAY_LENGTH || !two_digits(text, &century) ||
        !two_digits(text + 2, &rest) || text[4] != '-' || !two_digits(text + 5, &month) ||
        text[7] != '-' || !two_digits(text + 8, &day))
        return 0;
    rest += century * 100;
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)rest))
        return 0;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)rest);
    return g_date_get_julian(&date);
}

void day_text(guint number, char ret[DAY_LENGTH + 1])
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, number);
    g_snprintf(ret, DAY_LENGTH + 1, "%04u-%02u-%02u", g_date_get_year(&date),
               (guint)g_date_get_month(&date), g_date_get_day(&date));
}
