/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * progress.h - with -o progress: who waits for a report at a terminal reads there what for.
 *
 *     adsfs: …/ad-day.csv: task 1850…, PROCESSING for 34 s; Ctrl-C leaves it running
 *
 * From the third second on, in place, once a second; gone before the one who waits goes on. One
 * line a terminal, of whoever waits there the longest.
 */
#include "fs/waits.h"

/* Somebody waits from now on. Nothing without the option. */
void progress_begin(Mount *mount);
/* This one is about to go on, well or badly. */
void progress_erase(Mount *mount, const void *request);
void progress_stop(Mount *mount);

/* name: of the file; n_more: that are waited for at the same terminal. New. */
char *progress_line(Mount *mount, const Wait *wait, const char *name, guint n_more);
