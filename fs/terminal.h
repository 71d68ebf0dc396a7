/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * terminal.h - the terminal that a process has in the foreground, for a line there.
 *
 * Nothing here waits: the terminal is opened and written to without blocking, and what it does not
 * take at once is lost. It is written to only where the one who waits would see it, and nobody
 * else: by a process in its foreground, of the user who owns it, that sees the same files as we do,
 * and while no program has taken the whole screen.
 */
#include <glib.h>
#include <sys/types.h>

/* What proc(5) says of a process: TRUE, and the device of the pseudo terminal in whose foreground
   it runs. Pure. */
gboolean terminal_of_stat(const char *stat, dev_t *ret);

/* Of a process or of one of its threads; 0: there is none that may be written to. */
dev_t terminal_find(pid_t pid, uid_t uid);

/* text takes the place of `old` columns that were written before. How many it takes now; 0: it
   could not be written. */
guint terminal_say(dev_t terminal, const char *text, guint old);
