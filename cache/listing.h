/* SPDX-License-Identifier: MIT */
#pragma once

/* listing.h - the kinds of listings as rows of a table, and how the pages of each are read. */
#include "api/endpoint.h"
#include "cache/pages.h"
#include "cache/upsert.h"

typedef struct {
    ObjectKind members; /* KIND_NONE: it is made of other listings */
    ObjectKind owner;   /* KIND_NONE: the root */
    EndpointId endpoint;
    guint page_size;
    const char *what; /* for errors */
} ListingType;

const ListingType *listing_type(ListingKind kind);

/* The service says that this can not be had: it is not allowed, or not there. Asked for again only
   after ttl, and meanwhile as good as a complete listing of nothing. */
gboolean listing_is_refusal(ListingKind kind, const GError *error);

/* The token is good, but not for the one that was asked about. */
gboolean listing_is_other_party(const GError *error);

/* The code says that there is no such call. */
gboolean listing_is_absence(const GError *error);

/* Takes listing. All but who is told of the end. */
PagePlan listing_plan(Cache *cache, Listing *listing);
