/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * change.h - what differs from the world as made: for each changed object the members that were
 * set, as JSON text. Names that begin with '_' are the sandbox's own notes and never shown.
 */
#include <glib.h>

typedef struct Changes Changes;
typedef struct Change Change;

Changes *changes_new(void);
void changes_free(Changes *changes);
gboolean changes_load(Changes *changes, const char *path, GError **error); /* absent file: empty */
gboolean changes_save(const Changes *changes, GError **error); /* to the loaded path, atomically */

guint changes_generation(const Changes *changes);               /* moves with every changes_set() */
const Change *changes_find(const Changes *changes, guint64 id); /* borrowed; NULL when unchanged */
void changes_set(Changes *changes, guint64 id, const char *member, const char *json);
const char *change_get(const Change *change, const char *member); /* NULL-safe */

typedef void (*ChangeFunc)(guint64 id, const Change *change, void *user_data);
void changes_foreach(const Changes *changes, ChangeFunc func, void *user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Changes, changes_free)
