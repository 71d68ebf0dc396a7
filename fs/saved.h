/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * saved.h - queries that a person has saved: reports/NAME.query, the same in each account of the
 * profile, which makes reports/<range>/NAME.csv and the other formats.
 *
 * A query is the API's own JSON (saved_parse()). Each is a file in queries/ of the state directory:
 * it lasts, can be copied and read without us, and is whole or not there, which a small file that
 * is renamed into place gives without a table. They are few and small, so all are kept in memory;
 * files are written by a thread, one after the other. What another mount of the profile has changed
 * there is noticed within a second.
 */
#include <glib.h>

#include "api/report.h"
#include "fs/mount.h"

enum { SAVED_MOST = 64, SAVED_BYTES = 16 * 1024 };

typedef struct {
    char *name;         /* without .query */
    guint index;        /* below SAVED_MOST, its own while it is there */
    char *text;         /* as it was written; NULL: it was created, and not written yet */
    ReportShape *shape; /* of no single object; NULL: as text */
    gint64 changed_us;  /* wall: a report made before then is of the query before */
    gint64 file_us;     /* mtime of its file */
} Saved;

/* NULL and error: the directory can not be made or read. */
SavedQueries *saved_new(const char *state_dir, const Clock *clock, GError **error);
void saved_free(SavedQueries *queries); /* NULL is fine; what is being written is waited for */

/* Borrowed until the next call of any function here; queries may be NULL. */
const Saved *saved_find(SavedQueries *queries, const char *name);
const Saved *saved_at(SavedQueries *queries, guint index);
/* Wall: when one came or went last; 0: never. */
gint64 saved_listed_us(SavedQueries *queries);

/* [A-Za-z0-9_-]{1,64}, and not how the names of the grammar begin. FALSE and error: it can not be
   one. */
gboolean saved_check_name(const char *name, GError **error);

/* One that has no text yet; NULL and error: there are too many. */
const Saved *saved_create(SavedQueries *queries, const char *name, GError **error);
/* Nobody has it open any more: it goes if it has no text. */
void saved_drop(SavedQueries *queries, guint index);

/* ---- writing ---- */

typedef struct Save Save;

/* On disk and in force when ended() is called, on the loop. text: NULL: it is removed. shape is
   copied. */
Save *save_start(SavedQueries *queries, const char *name, const char *text,
                 const ReportShape *shape, void (*ended)(void *user_data), void *user_data);
gboolean save_ended(const Save *save, GError **error); /* FALSE: not yet; error: it failed */
void save_free(Save *save); /* NULL is fine; one under way goes on, and calls nobody */

/* ---- reading one ---- */

/* Without dates, account and page, which the path says. NULL and error: what is wrong, and what
   would be right. */
ReportShape *saved_parse(const char *text, GError **error);

/* It may be the first part of a query: a { that has not ended, or a text in it. */
gboolean saved_is_unfinished(const char *text);
