/* SPDX-License-Identifier: MIT */
#pragma once

/* restated.h - days that had ended when they were read, and say something else now. */
#include "cache/parts.h"

/* In the writer's thread, before the parts of this fetch take the place of those before: an event
   for each whose figures differ. */
gboolean restated_tell(sqlite3 *db, const PartSpec *spec, GError **error);
