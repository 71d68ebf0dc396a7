/* SPDX-License-Identifier: MIT */
#pragma once

/* process.h - whether a process is still the one it was: numbers are used again. */
#include <glib.h>
#include <sys/types.h>

/* When it was started, in the kernel's ticks since boot; 0: there is none, or it has ended. */
guint64 process_started(gint64 pid);

/* Its session (setsid). 0: all whose sessions are out of our sight are one. */
pid_t process_session(pid_t pid);
