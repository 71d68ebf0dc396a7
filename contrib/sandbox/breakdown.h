/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * breakdown.h - the dimensions that divide what was shown to people: by country, age and so on. The
 * values of each, and their shares of an ad's delivery, which depend on whom its ad group was made
 * for. Whatever the dimension, the shares make the whole, so rows add up.
 *
 * Age and gender are one table of pairs, summed up where only one is asked for.
 */
#include <glib.h>

#include "hours.h"

typedef enum { US, DE, JP, CH, N_PLACES } Place;

typedef struct {
    Part end;     /* of this share; it begins where the one before ends */
    gint16 value; /* which of the breakdown */
} Share;

enum { MAX_SHARES = 32, N_TARGETINGS = 16 }; /* the latter by age and gender */

typedef struct {
    const char *dimensions[2]; /* the second is NULL, or gender beside age */
    GPtrArray *values;         /* what the rows say, two for each value of a pair */
    guint n_values;
    guint n_shares[N_PLACES][N_TARGETINGS];
    Share shares[N_PLACES][N_TARGETINGS][MAX_SHARES];
    gint64 late_s; /* how far behind the audience report is */
    gboolean tags; /* has the shorter list of metrics */
} Breakdown;

gboolean breakdown_is_dimension(const char *name);
/* By country, or of an audience report; the same again for the same names. second may be NULL;
   NULL: there is no such pair. */
const Breakdown *breakdown_find(const char *first, const char *second);
/* What rows of that value say under the dimension. */
const char *breakdown_text(const Breakdown *breakdown, gint value, const char *dimension);

/* The places an ad is shown in, by the targeting of its ad group: one, or two with the end of the
   first. */
guint breakdown_places(guint targeting, Place places[2], Part *end);
