/* SPDX-License-Identifier: MIT */
#pragma once

/* store-file.h - a cache file that is none: something else has its name, or it can not be written.
 */
#include <glib.h>

/* Such a thing is there. It is put aside like a broken file, without being opened. */
gboolean store_file_is_odd(const char *path);

/* The one that was put aside before goes, whatever it is: there is one at most. */
void store_file_remove_old(const char *bad);
