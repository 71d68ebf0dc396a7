/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * poll.h - what was used lately is listed again by itself, in the background, so that differences
 * become events and are shown although nobody asked. It costs the pages of the listings and nothing
 * else: what nobody has looked at for an hour (or ten polls, if that is longer) is left alone,
 * unless somebody follows the events.
 */
#include "cache/cache.h"

typedef struct Poll Poll;

Poll *poll_new(Cache *cache);
void poll_free(Poll *poll); /* NULL is fine */

/* Somebody reads the events: what this mount has used at all is of interest, and what was known a
   day ago when it began. */
void poll_note_reader(Poll *poll);

/* When a collection was used last that is polled still, monotonic. */
gint64 poll_used_since(const Poll *poll);
