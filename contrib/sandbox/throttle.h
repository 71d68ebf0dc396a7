/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * throttle.h - who may call how often: the app, the endpoints that have limits of their own, and
 * each advertiser at each path. A refusal is made here, with its code and text.
 */
#include <gio/gio.h>

#include "limit.h"

typedef struct {
    Rates app; /* all 0: neither the app nor any endpoint is limited */
    guint tier;
    guint advertiser_qps; /* 0: no limit */
} ThrottleConfig;

typedef struct Throttle Throttle;

/* basic, advanced, premium or ultimate; sets tier and the app's rates. */
gboolean throttle_tier(const char *name, ThrottleConfig *ret);

Throttle *throttle_new(const ThrottleConfig *config);
void throttle_free(Throttle *throttle);
gboolean throttle_call(Throttle *throttle, const char *path, GError **error); /* 40100, 40016 */
gboolean throttle_advertiser(Throttle *throttle, const char *path, const char *advertiser,
                             GError **error); /* 40133 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Throttle, throttle_free)
