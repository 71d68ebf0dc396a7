/* SPDX-License-Identifier: MIT */
/* clock.c - the clocks of the system. */
#include "api/clock.h"

static gint64 system_monotonic(void *user_data)
{
    (void)user_data;
    return g_get_monotonic_time();
}

static gint64 system_wall(void *user_data)
{
    (void)user_data;
    return g_get_real_time();
}

const Clock clock_system = {.monotonic_us = system_monotonic, .wall_us = system_wall};
