/* SPDX-License-Identifier: MIT */
#pragma once

/* choose.h - the objects that a report is about, before anything is known of what they did. */
#include "report-query.h"

typedef struct {
    guint account; /* its number in query->accounts */
    guint64 position;
    gint64 created;
} Choice;

/* By account, then by listing. *throttled: there are more, and these are the newest 20,000. */
GArray *choose_objects(const Call *call, const ReportQuery *query, gboolean *throttled);
/* Whether the ad group or ad that was come upon belongs to it. */
gboolean choose_passes(const ReportQuery *query, const Item *item, Kind kind);
