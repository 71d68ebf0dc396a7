/* SPDX-License-Identifier: MIT */
/* clock.c - the clocks of the system. */
#include "api/clock.h"

#include <time.h>

/* One that goes on while the machine sleeps: a write that waited then is too late afterwards. */
static gint64 system_monotonic(void *user_data)
{
    struct timespec now;

    (void)user_data;
    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return g_get_monotonic_time();
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint64 system_wall(void *user_data)
{
    (void)user_data;
    return g_get_real_time();
}

const Clock clock_system = {.monotonic_us = system_monotonic, .wall_us = system_wall};
