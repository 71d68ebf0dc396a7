/* SPDX-License-Identifier: MIT */
#pragma once

/* centers.h - LISTING_ROLES: no list of its own, but the centers and the accounts of every one. */
#include "cache/internal.h"

/* What was read of them, for as long as nothing is stored. */
Centers *centers_new(void);
void centers_free(Centers *centers);

CacheResult centers_want_roles(Cache *cache, const Waiter *waiter, GError **error);
void centers_roles_state(Cache *cache, ListingState *ret);
