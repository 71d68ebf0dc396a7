/* SPDX-License-Identifier: MIT */
#pragma once

/* cut.h - how to find out which of several spoil a call for the others. Pure. */
#include <glib.h>

/* The error is about what was asked for, not about who asks, or how often. */
gboolean cut_is_about_some(const GError *error);

/* ... or about permission, which may be missing for one object alone. For updates: whether an
   account may be read is the same for all of it. */
gboolean cut_may_be_about_some(const GError *error);

/* The parts to try next, as numbers: those of part 0 together, and so on. Those whom the text names
   have each a part of their own, the rest one; else it is two halves. Returns how many parts. */
guint cut_parts(const char *const *ids, guint n, const char *text, guint *ret_parts);
