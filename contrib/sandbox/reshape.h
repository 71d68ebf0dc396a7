/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * reshape.h - the same answer written in another way that JSON allows: members in another order,
 * members that nobody has heard of, numbers as strings. The text of numbers stays as it is.
 */
#include <glib.h>

/* drawn: bits of fault.h; json is one valid value. At the top level numbers stay numbers. */
void reshape(GString *out, const char *json, guint64 drawn, guint64 seed);
