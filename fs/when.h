/* SPDX-License-Identifier: MIT */
#pragma once

/* when.h - a time as people write one: "10:00" is of today, "2026-11-05 10:00" local, "2026-11-05"
   its midnight, "2026-11-05T10:00:00Z" as RFC 3339 has it. */
#include <glib.h>

/* now_us, *ret_us: wall. FALSE and error: it is none of these, or has not come yet. */
gboolean when_parse(const char *text, gint64 now_us, gint64 *ret_us, GError **error);
