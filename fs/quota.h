/* SPDX-License-Identifier: MIT */
#pragma once

/* quota.h - .adsfs/quota: what limits the calls of the application now, as a table. */
#include "fs/mount.h"

void quota_text(Mount *mount, GString *out);
