/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * space.h - a cache on a full disk. Putting the old file aside would free nothing, and deleting it
 * would lose what is known; so for as long as the mount lasts the cache is a directory of its own
 * elsewhere, and goes with it. What is on the full disk stays for the next mount.
 */
#include "fs/options.h"

/* Of a directory: there is no room to begin with. Anything else that may be wrong with it is said
   by whoever uses it. */
gboolean space_is_full(const char *directory);

/* After locate_directories(). Sets cache_dir, cache_temporary and cache_notice where need be. */
void space_find(Options *options);
