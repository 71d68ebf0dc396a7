/* SPDX-License-Identifier: MIT */
#pragma once

/* resolve.h - a path that a person wrote becomes a place, without a call and without waiting. */
#include "fs/tree.h"

/* path: relative to the mount point, or absolute and below it; links are followed. FALSE and error:
   it is not below it, or nothing is known there. */
gboolean resolve_path(Mount *mount, const char *path, Place *ret, GError **error);
