/* SPDX-License-Identifier: MIT */
#pragma once

/* report.h - report/integrated/get. */
#include "args.h"

gboolean report_get(const Call *call, Answer *answer, GError **error);
