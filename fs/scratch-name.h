/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * scratch-name.h - the names that programs give to what they write beside a file: swap files,
 * locks, backups, and what is renamed onto the file in the end. Pure.
 *
 * Letters that a program makes up count only where the file must not be there yet, as mkstemp(3)
 * has it: a shell's > never says so, and a name that a person mistyped is none of these.
 */
#include <glib.h>

/* The one of `files` (the list ends with NULL) that the name is for, "" for any of them. NULL: it
   is no such name. exclusive: made with O_EXCL. */
const char *scratch_name_of(const char *name, gboolean exclusive, const char *const *files);
