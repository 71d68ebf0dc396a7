/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * table-commit.h - the write of a table as a request has it, from what was written to its end.
 *
 *     READING --no problems--> STARTING --some thousand--> WAITING --all ended--> COLLECTING
 *        |                        ^                                                  |
 *        |                        `----------------- more of them -------------------'
 *        `--problems, or no differences--> ENDED <-----------------------------------'
 */
#include "fs/mount.h"

typedef struct TableWrite TableWrite;

void table_write_free(TableWrite *write); /* NULL is fine; what was sent goes on */

/* Whoever writes is leaving: nothing more is started. TRUE: surely nothing was sent, and nothing
   will be. */
gboolean table_write_stop(TableWrite *write);
