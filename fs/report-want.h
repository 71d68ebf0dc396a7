/* SPDX-License-Identifier: MIT */
#pragma once

/* report-want.h - an open wants the rows of a report: who waits, and on whose account it is. */
#include "fs/request.h"

/* As cache_want_report(), for the open. */
CacheResult report_want(Request *request, const ReportQuery *query, GError **error);

/* The same for an open that is not made to wait, and that is served without if it may not ask. */
void report_want_later(Request *request, const ReportQuery *query);
