/* SPDX-License-Identifier: MIT */
#pragma once

/* saved-name.h - the name of a report file: of the grammar (query.h), or of a saved query. */
#include "fs/query.h"
#include "fs/tree.h"

/* As query_parse_name(), for the reports of a kind. */
gboolean report_name_read(const Mount *mount, const char *name, ObjectKind own, ReportName *ret,
                          GError **error);
/* As query_check_range(). */
gboolean report_name_check_range(const Mount *mount, const char *range, const char *name,
                                 guint days, ReportShape *shape, GError **error);

/* Wall: when what the name stands for changed last; 0: it never does. */
gint64 report_name_changed_us(const Mount *mount, const char *name);
/* A query of that name may be saved any moment, if it was not. */
gboolean report_name_may_come(const char *name);
/* It is no report any more: its query was removed. */
gboolean report_name_is_gone(const Mount *mount, const char *name);

/* "my-query" of "my-query.query", new; NULL: it can be none, error says why. */
char *saved_name_of(const char *file, GError **error);
/* The reports directories that show saved queries. */
gboolean saved_is_dir(const Place *dir);
