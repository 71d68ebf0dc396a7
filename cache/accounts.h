/* SPDX-License-Identifier: MIT */
#pragma once

/* accounts.h - what is special about listing accounts: they may be given, and their details are
   asked for by id. */
#include "cache/pages.h"
#include "cache/single-store.h"
#include "cache/upsert.h"

/* Of LISTING_ADVERTISERS and LISTING_INFO. */
void accounts_plan(Cache *cache, Listing *listing, PagePlan *plan);

/* Of the details of some. */
void accounts_plan_some(Cache *cache, SinglesSpec *spec, PagePlan *plan);
