/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * shown.h - which value of a file a session (setsid) was shown last, and when: whoever writes has
 * decided by what was read in the same terminal, or by the same job.
 *
 * Only so many are remembered, and for so long; of the others it is not known what was shown.
 */
#include <glib.h>
#include <sys/types.h>

typedef struct Shown Shown;

enum { SHOWN_MOST = 20000 };

/* keep_us: for how long; G_MAXINT64: as long as there is room. Times are monotonic. */
Shown *shown_new(gint64 keep_us);
void shown_free(Shown *shown); /* NULL is fine */

/* value: plain text of the member that a write would change; copied. */
void shown_note(Shown *shown, pid_t session, guint64 ino, const char *value, gint64 now_us);

/* Not before since_us (G_MININT64: ever); borrowed; NULL: none. */
const char *shown_last(const Shown *shown, pid_t session, guint64 ino, gint64 since_us);
