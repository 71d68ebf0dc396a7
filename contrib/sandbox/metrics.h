/* SPDX-License-Identifier: MIT */
#pragma once

/* metrics.h - the columns of a report: how each follows from the counters, and how it is written.
 */
#include <glib.h>

#include "delivery.h"

typedef struct Metric Metric;

const Metric *metric_find(const char *name); /* NULL when unknown */
const char *metric_name(const Metric *metric);
gboolean metric_is_attribute(const Metric *metric);
/* An attribute of a campaign makes no sense in a report by advertiser. level: -1 is that. */
gboolean metric_fits(const Metric *metric, int level);

gint64 metric_value(const Metric *metric, const Counters *sum); /* in hundredths, for sorting */
/* How many decimals the figure is written with, 0 or 2; -1 when it is a text. */
int metric_decimals(const Metric *metric, const Account *account);
/* The JSON text. item: the row's object, NULL in totals and in a report by advertiser. */
void metric_put(GString *out, const Metric *metric, const Counters *sum, const Account *account,
                const Item *item);
