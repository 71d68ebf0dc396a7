/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * daemon.h - processes around the mount: going to the background, the watcher, the sandbox.
 *
 * All of these fork, so they come before any thread.
 */
#include <glib.h>

#include "fs/options.h"

/*
 * Fork. Returns in the child, with a descriptor for daemon_ready(); the parent waits for it and
 * exits 0 when the mount answers, or prints what the child said and exits 1.
 */
int daemon_background(void);
void daemon_ready(int fd);                       /* fd < 0 (foreground): nothing */
void daemon_failed(int fd, const GError *error); /* fd < 0: prints */
/* Where messages go: the log file; in the foreground standard error. A descriptor, to be closed. */
int daemon_open_log(const Options *options);
void daemon_detach_output(const Options *options); /* messages go to the log file from now on */

/*
 * The watcher: a small process that unmounts and removes the temporary directories when this one
 * dies without a farewell. It holds the end of a pipe; libfuse's own auto_unmount does not work
 * with ENOSYS for opendir (fusermount3 would be answered by the kernel and believe the mount
 * alive).
 */
int watcher_start(const Options *options);            /* descriptor, -1: could not */
void watcher_mounted(int fd, const Options *options); /* from here on there is a mount to clear */
void watcher_farewell(int fd);

/* The simulator, as a child that ends when we do. NULL and error: not found, did not start. */
typedef struct Sandbox Sandbox;
char *sandbox_program(void); /* its path; NULL: not installed */
Sandbox *sandbox_start(const Options *options, GError **error);
const char *sandbox_url(const Sandbox *sandbox);
void sandbox_free(Sandbox *sandbox); /* ends it; NULL is fine */

void remove_tree(const char *path);            /* a directory and all below */
void remove_temporary(const Options *options); /* the directories that go with the mount */
