/* SPDX-License-Identifier: MIT */
#pragma once

/* metric-private.h - between the table of metrics and what looks things up in it. */
#include "api/metric.h"

/* Adds each metric of a table to an array of Metric, in no order. */
void metric_add_plain(GArray *metrics);
void metric_add_families(GArray *metrics);
