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
/* Appends what was set since the last time to the loaded path, as one line, which is there whatever
   becomes of this program. */
gboolean changes_save(Changes *changes, GError **error);

guint changes_generation(const Changes *changes); /* moves with all that may be found */
const Change *changes_find(const Changes *changes, guint64 id); /* borrowed; NULL when unchanged */
void changes_set(Changes *changes, guint64 id, const char *member, const char *json);

/* For a second from now whoever looks back finds the object as it is now. */
void changes_lag(Changes *changes, guint64 id);
void changes_look_back(Changes *changes, gboolean back);

const char *change_get(const Change *change, const char *member); /* NULL-safe */

typedef void (*ChangeFunc)(guint64 id, const Change *change, void *user_data);
void changes_foreach(const Changes *changes, ChangeFunc func, void *user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Changes, changes_free)
