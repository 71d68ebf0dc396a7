/* SPDX-License-Identifier: MIT */
#pragma once

/* day.h - a day as a number, one more than that of the day before. */
#include <glib.h>

enum { DAY_LENGTH = 10 }; /* YYYY-MM-DD */

/* Of a text that begins with a day; 0: it does not, or there is no such day. */
guint day_number(const char *text);
void day_text(guint number, char ret[DAY_LENGTH + 1]);
