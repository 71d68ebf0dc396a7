/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * tables.h - what is known of the tables of a mount without making them: how long each was when it
 * was made last, and when, and when something of an account last changed. Only the newest few are
 * remembered.
 */
#include "fs/mount.h"

enum { TABLES_MOST = 4096 };

Tables *tables_new(const Options *options);
void tables_free(Tables *tables); /* NULL is fine */

const char *tables_directory(const Tables *tables); /* for texts */

void tables_made(Tables *tables, guint64 ino, gint64 size, gint64 wall_us);
gint64 tables_size(const Tables *tables, guint64 ino);    /* 0: not known */
gint64 tables_made_us(const Tables *tables, guint64 ino); /* wall; 0: it was not */

/* Something of the account has changed. */
void tables_touch(Tables *tables, gint64 advertiser, gint64 wall_us);
gint64 tables_touched_us(const Tables *tables, gint64 advertiser); /* wall; 0: nothing yet */
