/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * locate.h - where the mount and its own files are: the mount point and the directories for cache
 * and state, checked against each other.
 */
#include "fs/options.h"

/* Absolute, symbolic links resolved; new string. NULL and error: not there, no directory, or
   something of ours is mounted there, alive or dead. */
char *locate_mountpoint(const char *path, GError **error);

/* Sets cache_dir, state_dir and pace_file, made and 0700; in the sandbox both are one new
   directory. Nothing may lie below the mount point: the daemon would wait for itself. log_file and
   sandbox_log are checked for that too. */
gboolean locate_directories(Options *options, GError **error);

/* It does not lie below the mount point. */
gboolean locate_is_outside(const Options *options, const char *path);

/* One daemon to a cache: a further mount of the profile gets a directory beside it, as cache_dir.
   The descriptor that holds the lock; -1 and error. */
int locate_lock(Options *options, GError **error);

/* The name of the file of events of this cache: each mount of a profile tells what it saw itself.
   New string. */
char *locate_events(const Options *options);

/* The directory of a profile's state, or of another name's there; new string, not made. */
char *locate_state(const char *name);

/* $ADSFS_CONFIG, else adsfs/config.ini where the XDG rules put it; new string. */
char *locate_config(void);
