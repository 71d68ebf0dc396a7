/* SPDX-License-Identifier: MIT */
#pragma once

/* refresh.h - `refresh` and `refresh PATH`: what is known is old, whoever comes next asks again. */
#include "fs/request.h"
#include "fs/sweep.h"

/* NULL: everything. FALSE and error: nothing is known there, or it is nothing that grows old. */
gboolean refresh_check(Mount *mount, const char *path, GError **error);

/* After refresh_check(). Makes it old; ended() when the kernel knows, unless it is freed before.
   NULL: it does already. */
Sweep *refresh_start(Mount *mount, const char *path, void (*ended)(void *user_data),
                     void *user_data);
