/* SPDX-License-Identifier: MIT */
#pragma once

/* kernel.h - what this kernel does wrong. */
#include <glib.h>

/* release: "6.18.0-1-amd64". 6.9 to 6.12 show old listings from their directory cache; what can not
   be read as a version counts as one of these. */
gboolean kernel_shows_old_listings(const char *release);
