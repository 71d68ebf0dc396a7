/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * journal-daemon.h - which process meant something, as a name that no other process ever has: that
 * of the boot, its pid namespace, its pid and when it began.
 */
#include <glib.h>
#include <sys/types.h>

char *daemon_name(pid_t pid); /* a new string; NULL: there is no such process */

/* age_us: of what it meant. A daemon that can not be seen from here, as one in another container,
   counts as alive for ten minutes. */
gboolean daemon_is_alive(const char *name, gint64 age_us);
