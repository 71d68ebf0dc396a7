/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * journal-daemon.h - which process meant something, as a name that no other process ever has: that
 * of the boot, its pid namespace, its pid and when it began.
 */
#include <glib.h>
#include <sys/types.h>

char *daemon_name(pid_t pid); /* a new string; NULL: there is no such process */
/* Where it can not be seen from here, as one in another container: TRUE. */
gboolean daemon_is_alive(const char *name);
