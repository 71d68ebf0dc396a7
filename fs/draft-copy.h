/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * draft-copy.h - who is copying a directory into a draft. cp and tar make the directory and then
 * its files, each as a new one (O_EXCL), which fails where there is one: so to whoever has made the
 * draft a file of it is not there before he makes it. And what writes the info.json of another
 * object copies that object. Both are forgotten after a minute without such a thing. Knows nothing
 * of FUSE.
 */
#include <glib.h>
#include <sys/types.h>

#include "api/clock.h"

typedef struct Copies Copies;

Copies *copies_new(const Clock *clock);
void copies_free(Copies *copies); /* NULL is fine */

/* process: as process_of() has it. */
void copy_begin(Copies *copies, gint64 draft, pid_t process);
/* TRUE: this process has made the draft, and not this file. */
gboolean copy_hides(Copies *copies, gint64 draft, guint slot, pid_t process);
void copy_made(Copies *copies, gint64 draft, guint slot);
/* ... or has removed this file, and not made it again. */
void copy_removed(Copies *copies, gint64 draft, guint slot, pid_t process);

void copy_took(Copies *copies, gint64 draft, pid_t process); /* its info.json was written */
gboolean copy_takes(Copies *copies, gint64 draft, pid_t process);

/* Which process a thread is of; the thread itself where that can not be seen. */
pid_t process_of(pid_t thread);
