/* SPDX-License-Identifier: MIT */
#pragma once

/* config.h - the key file with profiles, and the files with secrets that a profile names. */
#include "fs/options.h"

/* Keys of a profile that are not options. NULL-terminated. */
extern const char *const config_keys[];

/* Key -> value of `[profile NAME]` in the file at path, blanks around values taken off. */
GHashTable *config_read(const char *path, const char *profile, GError **error);

/* There is no such section, or no file. FALSE also for a file that can not be read. */
gboolean config_lacks_profile(const char *path, const char *profile);

/* Append an empty `[profile NAME]`; put `key = value` below its header. Every other byte stays as
   it is, and so does the file's mode. */
gboolean config_add_profile(const char *path, const char *profile, GError **error);
gboolean config_add_key(const char *path, const char *profile, const char *key, const char *value,
                        GError **error);

/* What the keys say of the account and of logging in. for_mount: there must be a token, and a way
   to know the accounts; else the files may be missing, and a token that can not be used counts as
   none. The message of an error has no file name where the value is at fault: the caller knows the
   file.
 */
gboolean config_account(GHashTable *keys, const char *directory, gboolean for_mount,
                        Options *options, GError **error);

/* A key that names a set of metrics, "@mine"; and all of these. */
gboolean config_is_set(const char *key);
gboolean config_sets(GHashTable *keys, Options *options, GError **error);

gboolean config_check_app_id(const char *text, GError **error);

/* The one line of a file that nobody else can read; new string, for secret_free(). */
char *config_secret(const char *key, const char *path, GError **error);

/* The same of bytes that were read already. */
char *config_one_line(const char *text, gsize length, const char *where, GError **error);

/* ADSFS_ACCESS_TOKEN, or NULL. Gone from the environment afterwards, also from the memory that
   /proc/PID/environ shows. */
char *config_steal_token(void);
gboolean config_check_token(const char *token, const char *where, GError **error);
