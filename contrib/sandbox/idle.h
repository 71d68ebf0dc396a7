/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * idle.h - connections that wait for their next request. libsoup 3.2.2, that of Debian 12, never
 * closes one whose client has left, and a server for days, or for thousands of short clients, would
 * run out of descriptors.
 */
#include <libsoup/soup.h>

/* From now on, those of this server are closed when their clients are gone. */
void idle_watch(SoupServer *server);
