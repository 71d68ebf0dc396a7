/* SPDX-License-Identifier: MIT */
/* kernel.c - versions of the kernel that need care. */
#include "fs/kernel.h"

#include <stdio.h>

gboolean kernel_shows_old_listings(const char *release)
{
    int major = 0, minor = 0;

    if (sscanf(release, "%d.%d", &major, &minor) != 2)
        return TRUE;
    return major == 6 && minor >= 9 && minor <= 12;
}
