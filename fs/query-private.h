/* SPDX-License-Identifier: MIT */
#pragma once

/* query-private.h - between the files of the grammar: a name in parts, and reading one. */
#include "fs/query.h"

/* Of "campaign-day-age@spend,clicks.csv", without what is between; NULL: the part is not there. */
typedef struct {
    char *level, *grain, *breakdown, *metrics, *format;
} NameParts;

void name_parts_read(const char *name, NameParts *ret);
char *name_parts_join(const NameParts *parts); /* new */
void name_parts_clear(NameParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NameParts, name_parts_clear)

/* The words for a part, for own; the lists end with NULL. */
const char *const *query_levels(ObjectKind own);
const char *const *query_grains(ObjectKind own);
const char *const *query_breakdowns(ObjectKind own);
const char *const *query_formats(void);

/* As query_parse_name(), but an error names nothing else. */
gboolean query_read_name(const char *name, ObjectKind own, GHashTable *sets, ReportName *ret,
                         GError **error);

/* New; NULL: nothing comes near. */
char *query_nearest_name(const char *name, ObjectKind own, GHashTable *sets);
char *query_nearest_range(const char *range, const GDate *today);

/* error (may be NULL) of API_ERROR_NAME, "what name: why; the nearest is nearest"; always FALSE.
   Takes nearest, which may be NULL. */
gboolean query_refuse(GError **error, const char *what, const char *name, const char *why,
                      char *nearest);
