/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * report-rules.h - what the service would refuse (API 4.1, 4.4), said before it is asked, with the
 * nearest that it would not refuse. Pure.
 */
#include <glib.h>

#include "api/report.h"

enum { METRICS_MAX = 100 }; /* of one report */

/* FALSE and API_ERROR_INVALID for the first rule that is broken: what, why, and what instead. */
gboolean report_check(const ReportShape *shape, GError **error);

/* The same but for its metrics: there are more than we know. */
gboolean report_check_structure(const ReportShape *shape, GError **error);

/* Whether a task may be used for a report that report_check() allows; error, which may be NULL,
   says why not. */
gboolean report_check_task(const ReportShape *shape, GError **error);
