/* SPDX-License-Identifier: MIT */
#pragma once

/* events.h - a line of .adsfs/events. */
#include "cache/cache.h"

/* One JSON object in a line, without newline; new. Pure: it is called in the writer's thread. */
char *event_line(const Event *event);
