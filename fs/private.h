/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * private.h - files that are nobody else's to read: secrets and tokens.
 *
 * One is refused while others could read it, and replaced as a whole or not at all.
 */
#include <glib.h>

/* The bytes, with a NUL behind them; new, wipe it. what: names the file's part in
   messages ("secret_file"). Not blocked by a FIFO, not fooled by a file swapped in between. */
char *private_read(const char *what, const char *path, gsize max, gsize *ret_length,
                   GError **error);

/* Mode 0600; the directory is made if need be, 0700. What was there stays until the new bytes are
   on the disk. A symbolic link stays one. */
gboolean private_write(const char *what, const char *path, const char *text, GError **error);
/* The same for a file that may be anybody's to read. */
gboolean private_replace(const char *what, const char *path, const char *text, guint mode,
                         GError **error);

/* Whether so many bytes could be written there now; leaves nothing but the directory. For what can
   be had only once, before it is asked for. */
gboolean private_try(const char *what, const char *path, gsize length, GError **error);

/* What a link points at. */
gboolean private_remove(const char *what, const char *path, GError **error);

gboolean private_is_missing(const char *path);
