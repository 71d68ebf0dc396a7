/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * shown.h - which value of a file a session (setsid) was shown last, for `careful`: whoever writes
 * has decided by what was read in the same terminal, or by the same job.
 *
 * Only so many are remembered; of the others it is not known what was shown.
 */
#include <glib.h>
#include <sys/types.h>

typedef struct Shown Shown;

enum { SHOWN_MOST = 20000 };

Shown *shown_new(void);
void shown_free(Shown *shown); /* NULL is fine */

/* value: plain text of the member that a write would change; copied. */
void shown_note(Shown *shown, pid_t session, guint64 ino, const char *value);

const char *shown_last(const Shown *shown, pid_t session, guint64 ino); /* borrowed; NULL: none */
