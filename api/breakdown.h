/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * breakdown.h - the words by which a report can be split beside objects and time, and the
 * dimensions of the API they stand for. Pure.
 */
#include <glib.h>

#include "api/report.h"

typedef struct {
    const char *word;              /* "age-gender" */
    const char *const *dimensions; /* "age", "gender"; ends with NULL */
    ReportType type;               /* that has them */
} Breakdown;

/* Both borrowed and for ever; NULL: no such word. The list ends with NULL. */
const Breakdown *breakdown_find(const char *word);
const char *const *breakdown_words(void);

/* The word for what the report is split by; NULL: nothing, or there is no word for it. */
const char *breakdown_word(const ReportShape *shape);

/* The types of report with this dimension, 1 << REPORT_BASIC and so on; 0: no such dimension. */
guint dimension_types(const char *dimension);
