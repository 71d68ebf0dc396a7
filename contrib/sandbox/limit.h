/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * limit.h - the rate that an application may call at: a sliding window of a minute and a bucket for
 * the second. Going over the minute closes the door for five.
 */
#include <glib.h>

typedef struct Limit Limit;

Limit *limit_new(guint qpm); /* 0: no limit */
void limit_free(Limit *limit);
gboolean limit_admit(Limit *limit, gint64 now_us); /* monotonic */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Limit, limit_free)
