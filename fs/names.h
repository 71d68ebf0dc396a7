/* SPDX-License-Identifier: MIT */
#pragma once

/* names.h - names of objects as safe file names. Pure. */
#include <glib.h>

/*
 * UTF-8 is kept. `/`, NUL, control characters, bytes that are not UTF-8, a leading `.` and `%` are
 * percent-encoded; longer than 200 bytes is cut before the character (or %XX) that does not fit.
 * New string, may be empty. name may be NULL.
 */
char *names_safe(const char *name);
