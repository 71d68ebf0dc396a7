/* SPDX-License-Identifier: MIT */
#pragma once

/* accounts.h - what is special about listing accounts: they may be given, and their details are
   asked for by id. */
#include "cache/pages.h"
#include "cache/upsert.h"

/* Of LISTING_ADVERTISERS and LISTING_INFO. */
void accounts_plan(Cache *cache, Listing *listing, PagePlan *plan);

/* The query of a batch of details; a new string. */
char *accounts_query_info(const Listing *listing, guint page);
