/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * events.h - differences between what was known and what came: a line each in a file that lasts,
 * and a note for whoever shows files. What is seen for the first time is no difference.
 *
 * Made in the writer's thread, within the transaction that stores what is told. Lines are on disk
 * before that is committed: a crash in between tells them twice, never not at all. The file is
 * `events`; when it is full it becomes `events.1`, in place of the one before.
 */
#include <glib.h>
#include <sqlite3.h>

#include "cache/cache.h"
#include "cache/extract.h"

typedef struct EventLog EventLog;

typedef struct {
    const char *directory, *name; /* the files: name and name.1 */
    gint64 most_bytes;            /* of one file */
    const Clock *clock;           /* must outlive it; safe in the writer's thread, as is line() */
    char *(*line)(const Event *event); /* a new string without newline; NULL: no file is kept */
} EventConfig;

/* NULL and error: the files can not be written. */
EventLog *event_log_new(const EventConfig *config, GError **error);
void event_log_free(EventLog *log); /* NULL is fine; after the writer has ended */

/* ---- in the writer's thread ---- */

/* Whose objects are told of; texts are borrowed. */
typedef struct {
    sqlite3 *db;
    ObjectKind kind;
    gint64 advertiser; /* row; 0 for accounts */
    const char *advertiser_id;
    gboolean ours; /* what comes was made by this mount */
} EventScope;

/* A row was there and has another body now. */
void event_log_changed(EventLog *log, const EventScope *scope, gint64 row, const Extract *object,
                       JsonSpan before);
/* It shows in listings when the listing is whole. */
void event_log_came(EventLog *log, const EventScope *scope, gint64 row, const Extract *object);
void event_log_whole(EventLog *log, const EventScope *scope);
/* Rows of a report, of days that are over, are not what they were. */
typedef struct {
    ObjectKind kind;                    /* account or center */
    const char *account_id, *object_id; /* object_id: "": of all of it */
    const char *range, *report;         /* "2026-11-05", "campaign-day" */
} Restated;

void event_log_restated(EventLog *log, const Restated *restated);
/* before: its body */
void event_log_gone(EventLog *log, const EventScope *scope, gint64 row, const char *id,
                    const char *parent, JsonSpan before);

/* As WriterHooks has it: lines go to the disk; then the transaction was committed, or was not.
   Lines that the disk does not take are kept for the next time, as far as there is room. */
void event_log_flush(void *log);
void event_log_settle(void *log, gboolean committed);

/* ---- on the loop ---- */

/* A value is about to be sent for a member of this row: if it is seen there, it is ours. */
void event_log_intend(EventLog *log, gint64 row, const char *member, const char *value);
/* It was refused, or has been seen: not what others may have sent for the same member. */
void event_log_withdraw(EventLog *log, gint64 row, const char *member, const char *value);

/* Hands over what was touched since the last call. */
void event_log_hand_over(EventLog *log, void (*each)(void *user_data, const Touched *touched),
                         void *user_data);

gint64 event_log_size(EventLog *log, gboolean old);
gint64 event_log_time_us(EventLog *log, gboolean old);
gssize event_log_read(EventLog *log, gboolean old, char *to, gsize size, gint64 offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventLog, event_log_free)
