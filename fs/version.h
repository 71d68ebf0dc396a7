/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * version.h - which days a report's name means, and when a version of it has had its time.
 *
 *     made --older than report_ttl, or wanted anew--> past, unless its rows are still the newest
 *                                                     that are to be had
 */
#include "fs/query.h"
#include "fs/tree.h"

/* What a name asks for; query borrows from here and from the place. To be cleared, whatever
   version_init() and the like have said. */
typedef struct {
    ReportName name;
    char start[11], end[11];
    ReportQuery query;
} Version;

void version_clear(Version *version);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Version, version_clear)

/* The zone in which the account or the center has its days; NULL: it names none, or was not asked
   for yet. Borrowed until the next call of the cache. */
const char *version_zone(Mount *mount, const Place *place);

/* place: PLACE_REPORT, or a range's with a name added. The days are those of at_us (wall): of
   last-30d they are others every day. ret: empty, or from an earlier call. */
gboolean version_init(Mount *mount, const Place *place, gint64 at_us, Version *ret, GError **error);

/* The one to make now. While the service is out of reach, that of the day it was made last. */
gboolean version_choose(Mount *mount, const Place *place, Version *ret, GError **error);

/* The same after it failed: FALSE, and nothing else will do. */
gboolean version_fall_back(Mount *mount, const Place *place, const GError *error, Version *ret);

/* When what it would be made of was fetched, if that is old; 0: it is not. */
gint64 version_old_us(Mount *mount, const Version *version);

gboolean version_is_past(Mount *mount, const Place *place, gint64 made_us);
