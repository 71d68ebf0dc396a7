/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * timed.h - work that may never end, done elsewhere. A call on a dead or stopped mount can not be
 * taken back, not even by SIGKILL: so a process of its own makes it, and is left behind.
 */
#include <glib.h>

/* New string; NULL and error: one line. It runs in a child: nothing that it changes is seen. */
typedef char *(*TimedWork)(const char *argument, GError **error);

/* What the work returned. An error that is API_ERROR_UNKNOWN: it did not end in time. */
char *timed_run(TimedWork work, const char *argument, guint seconds, GError **error);
