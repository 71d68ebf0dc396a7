/* SPDX-License-Identifier: MIT */
#pragma once

/* rows.h - the objects that were read last, decoded. What reads them is in cache.h. */
#include <glib.h>

typedef struct RowCache RowCache;

RowCache *row_cache_new(void);
void row_cache_free(RowCache *rows);
void row_cache_empty(RowCache *rows); /* whenever the writer stored something */
/* Moves whenever it was emptied: for what else is read from the store and remembered. */
guint64 row_cache_generation(const RowCache *rows);
