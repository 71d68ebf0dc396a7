/* SPDX-License-Identifier: MIT */
#pragma once

/* csv.h - the rows of a report as CSV, some at a time. */
#include "args.h"

typedef struct Csv Csv;

/* The call need not stay, what it points at must. Its query has been checked. */
Csv *csv_new(const Call *call, gboolean titles);
void csv_free(Csv *csv);
guint csv_n_rows(const Csv *csv);
guint csv_n_written(const Csv *csv);
/* At most n more rows, before the first of them the head. */
void csv_put(Csv *csv, GString *out, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Csv, csv_free)
