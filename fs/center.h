/* SPDX-License-Identifier: MIT */
#pragma once

/* center.h - what a Business Center's directory shows that is not in the center's own object. */
#include "fs/tree.h"

/* TRUE: the center's own answer says that this user does not see its money. */
gboolean center_hides_money(const Object *center);

/* What bc/balance/get said of it; NULL: nothing yet. Borrowed until the next call of the cache. */
const Object *center_funds(Mount *mount, gint64 center);

/* members.json: an array with one object a line, as the API sent them. */
void center_members(Mount *mount, gint64 center, GString *out);
