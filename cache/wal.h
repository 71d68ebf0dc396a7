/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * wal.h - keeps the log of the store small.
 *
 * What was committed goes from the log into the file every so many pages, and the log begins anew
 * when no reader is within it. While one burst of reading follows the other, somebody always is:
 * then the writer waits for a moment in which new readers do not need the log.
 */
#include <sqlite3.h>

typedef struct {
    int n_pages; /* in the log */
    int next;    /* with so many it is to be emptied */
    int busy_ms;
} Wal;

/* wal: lives as long as db, which is the writing handle. busy_ms: how long it waits for others
   otherwise. */
void wal_limit(Wal *wal, sqlite3 *db, int busy_ms);
