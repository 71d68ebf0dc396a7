/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * tell.h - what the kernel is told when something changed by itself: that attributes it keeps are
 * old. It asks for them again, sees that a directory's mtime moved, and reads that anew. Nothing
 * else may be told from the loop: other notifications wait for locks that a parked look-up holds.
 */
#include "fs/mount.h"

/* As CacheConfig has it; mount is a Mount. It is done in pieces, between other work. */
void tell_touched(void *mount, const Touched *touched);
void tell_free(Mount *mount); /* what is to be told is dropped */
