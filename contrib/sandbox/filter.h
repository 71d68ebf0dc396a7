/* SPDX-License-Identifier: MIT */
#pragma once

/* filter.h - the "filtering" object of campaign, adgroup and ad get. */
#include "args.h"
#include "item.h"

typedef struct Filter Filter;

/* json may be NULL. Unknown members are ignored, unknown words and wrong types refused. */
Filter *filter_new(Kind kind, const cJSON *json, GError **error);
void filter_free(Filter *filter);

/* No condition but the default one: not deleted. */
gboolean filter_is_plain(const Filter *filter);
/* The ids asked for of one kind, NULL when any. Borrowed. */
const GPtrArray *filter_ids(const Filter *filter, Kind kind);
gboolean filter_matches(const Filter *filter, const Item *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Filter, filter_free)
