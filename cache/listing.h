/* SPDX-License-Identifier: MIT */
#pragma once

/* listing.h - the kinds of listings as rows of a table, and how the pages of each are read. */
#include "api/endpoint.h"
#include "cache/pages.h"
#include "cache/upsert.h"

typedef struct {
    ObjectKind members;
    EndpointId endpoint;
    guint page_size;
    const char *what; /* for errors */
} ListingType;

const ListingType *listing_type(ListingKind kind);

/* Takes listing. All but who is told of the end. */
PagePlan listing_plan(Cache *cache, Listing *listing);
