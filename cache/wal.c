/* SPDX-License-Identifier: MIT */
/* wal.c - puts the log back into the file in time. */
#include "cache/wal.h"

#include <glib.h>

/* WAIT_MS: some bursts of the loop (store.c), see begin_anew(). */
enum { PAGES = 1000, MANY_PAGES = 2 * PAGES, POLL_MS = 2, WAIT_MS = 100 };

static int wait_a_moment(void *user_data, int n_before)
{
    (void)user_data;
    g_usleep(POLL_MS * 1000);
    return n_before < WAIT_MS / POLL_MS;
}

/* Not before the burst ends that began before the last commit. To have SQLite wait for that is to
   miss it: the next burst takes the same lock at once. */
static gboolean empty(sqlite3 *db, const char *name)
{
    int n_pages = 0, n_done = 0, n_waits = 0;

    do
        if (sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, &n_pages, &n_done) !=
            SQLITE_OK)
            return FALSE;
    while (n_done < n_pages && wait_a_moment(NULL, n_waits++));
    return n_done == n_pages;
}

/* When all of the log is in the file new readers do not need it, and those that do are soon gone.
   Who reads for longer, as a report is read out, is not waited for again before the log has grown
   by half. */
static void begin_anew(Wal *wal, sqlite3 *db, const char *name)
{
    gboolean done = FALSE;

    if (empty(db, name)) {
        sqlite3_busy_handler(db, wait_a_moment, NULL);
        done =
            sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, NULL, NULL) == SQLITE_OK;
        sqlite3_busy_timeout(db, wal->busy_ms);
    }
    wal->next = done ? PAGES : wal->n_pages + wal->n_pages / 2;
}

static int on_commit(void *user_data, sqlite3 *db, const char *name, int n_pages)
{
    Wal *wal = user_data;

    if (n_pages < wal->n_pages)
        wal->next = PAGES;
    wal->n_pages = n_pages;
    if (n_pages >= MAX(wal->next, MANY_PAGES)) {
        begin_anew(wal, db, name);
    } else if (n_pages >= wal->next) {
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        wal->next = MANY_PAGES;
    }
    return SQLITE_OK; /* what failed is tried again */
}

void wal_limit(Wal *wal, sqlite3 *db, int busy_ms)
{
    *wal = (Wal){0, PAGES, busy_ms};
    sqlite3_wal_hook(db, on_commit, wal);
}
