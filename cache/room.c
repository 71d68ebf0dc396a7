/* SPDX-License-Identifier: MIT */
/* room.c - asks the disk before much is written, and gives back what is free. */
#include "cache/room.h"

#include <sys/statvfs.h>

#include "cache/store.h"

enum { KEPT_MOST = 8 * 1024 * 1024, KEPT_SHARE = 8 };

gboolean room_check(sqlite3 *db, gsize n_bytes, GError **error)
{
    const char *path = sqlite3_db_filename(db, "main");
    struct statvfs disk;
    guint64 kept, left;

    if (!path || !*path || statvfs(path, &disk) != 0)
        return TRUE;
    kept = MIN((guint64)disk.f_blocks * disk.f_frsize / KEPT_SHARE, KEPT_MOST);
    left = (guint64)disk.f_bavail * disk.f_frsize;
    if (left >= kept + 2 * n_bytes) /* in the log, then in the file */
        return TRUE;
    sql_no_space(error);
    return FALSE;
}

gboolean room_give_back(sqlite3 *db, GError **error)
{
    if (!sql_run(db, error, "COMMIT", ""))
        return FALSE;
    sql_run(db, NULL, "PRAGMA main.incremental_vacuum", "");
    sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return sql_run(db, error, "BEGIN IMMEDIATE", "");
}
