/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * loop.h - the FUSE session as a source of the GLib loop.
 *
 * The descriptor is non-blocking and drained of a bounded number of requests at a time, so that
 * timers and curl get their turn. libfuse 3.14 never tells the kernel FUSE_PARALLEL_DIROPS; the
 * first reply, INIT's, is patched on its way out.
 */
#include "fs/mount.h"

typedef struct Loop Loop;

/* Mounts, and is mount->loop, to be freed even after a failure. NULL and error: the reason, as far
   as fusermount3 or the kernel gave one. */
Loop *loop_new(Mount *mount, GError **error);
/* Runs until the mount is gone or a signal ends it. ready: once, when the mount answers. */
void loop_run(Loop *loop, void (*ready)(void *user_data), void *user_data);
void loop_free(Loop *loop); /* unmounts if need be; NULL is fine */
