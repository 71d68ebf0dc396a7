/* SPDX-License-Identifier: MIT */
#pragma once

/* config.h - the key file with profiles, and the files with secrets that a profile names. */
#include "fs/options.h"

/* Keys of a profile that are not options. NULL-terminated. */
extern const char *const config_keys[];

/* Key -> value of `[profile NAME]` in the file at path, blanks around values taken off. */
GHashTable *config_read(const char *path, const char *profile, GError **error);

/* Fills in app_id, secret, token (unless there is one), advertisers, business_url. The message of
   an error has no file name where the value is at fault: the caller knows the file. */
gboolean config_account(GHashTable *keys, const char *directory, Options *options, GError **error);

/* The one line of a file that nobody else can read; new string. */
char *config_secret(const char *key, const char *path, GError **error);

/* ADSFS_ACCESS_TOKEN, or NULL. Gone from the environment afterwards, also from the memory that
   /proc/PID/environ shows. */
char *config_steal_token(void);
gboolean config_check_token(const char *token, const char *where, GError **error);
