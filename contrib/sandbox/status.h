/* SPDX-License-Identifier: MIT */
#pragma once

/* status.h - what the platform makes of an object (secondary_status), and the filter words. */
#include <glib.h>

#include "item.h"

char *status_secondary(const Item *item);

gboolean status_is_primary(const char *word); /* a primary_status the filters know */
gboolean status_matches(const Item *item, const char *primary);
