/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * sweep.h - has the kernel look again at directories: attribute-only notifications, which never
 * block, for all that an account holds or for everything. Of an account with many objects that
 * takes a while, so it is done in small steps, a turn of the loop each. The directories of ads are
 * left out: they are most, and hold nothing that comes or goes.
 */
#include "fs/mount.h"

typedef struct Sweep Sweep;

/* account: its row, 0 for all there is. ended() may free it. */
Sweep *sweep_start(Mount *mount, gint64 account, void (*ended)(void *user_data), void *user_data);
void sweep_free(Sweep *sweep); /* NULL is fine; before its end: it ends here, without a word */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sweep, sweep_free)
