/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * event-file.h - lines in a file that lasts and does not grow without end: NAME, and NAME.1, what
 * NAME was before it was full. Appended in one thread, read in another.
 *
 * A reader that follows the file sees it become short; it has read all of the one before if it
 * looks every few seconds, since a full file stays for some more.
 */
#include <glib.h>

#include "api/clock.h"

typedef struct EventFile EventFile;

/* clock: must outlive it. NULL and error: it can not be written. */
EventFile *event_file_new(const char *directory, const char *name, gint64 most_bytes,
                          const Clock *clock, GError **error);
void event_file_free(EventFile *file); /* NULL is fine */

gboolean event_file_append(EventFile *file, const char *lines, gsize length, GError **error);

gint64 event_file_size(EventFile *file, gboolean old);    /* 0: there is none */
gint64 event_file_time_us(EventFile *file, gboolean old); /* wall, of its last line; 0: none */
/* How much was read; 0 at the end; -1 and errno. */
gssize event_file_read(EventFile *file, gboolean old, char *to, gsize size, gint64 offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventFile, event_file_free)
