/* SPDX-License-Identifier: MIT */
#pragma once

/* attr-subject.h - objects as small JSON texts, to show and to change their files. */
#include "fs/attr.h"

#define CAMPAIGN(mode, budget)                                                                     \
    "{\"campaign_id\":\"1\",\"budget_mode\":\"" mode "\",\"budget\":" budget                       \
    ",\"campaign_automation_type\":\"MANUAL\",\"operation_status\":\"ENABLE\"}"

#define ADGROUP(mode, budget, more)                                                                \
    "{\"adgroup_id\":\"2\",\"budget_mode\":\"" mode "\",\"budget\":" budget                        \
    ",\"operation_status\":\"ENABLE\"," more "}"

#define BIDS(type, event)                                                                          \
    "\"bid_type\":\"" type "\",\"billing_event\":\"" event                                         \
    "\",\"bid_price\":0.35,\"conversion_bid_price\":12.5,\"scheduled_budget\":0"

#define DAY      "BUDGET_MODE_DAY"
#define TOTAL    "BUDGET_MODE_TOTAL"
#define INFINITE "BUDGET_MODE_INFINITE"
#define CPC_BIDS BIDS("BID_TYPE_CUSTOM", "CPC")

static const char campaign[] = CAMPAIGN(DAY, "500");
static const char adgroup[] = ADGROUP(DAY, "50", CPC_BIDS);

typedef struct {
    ObjectKind kind;
    const char *currency, *file, *json;
} Subject;

static inline Object *subject_object(const Subject *subject)
{
    g_autoptr(GError) error = NULL;
    Object *object = object_new(subject->json, -1, &error);

    g_assert_no_error(error);
    return object;
}

static inline AttrView subject_view(const Subject *subject, const Object *object)
{
    return (AttrView){object, subject->kind, currency_find(subject->currency)};
}

static const Subject usd = {KIND_CAMPAIGN, "USD", "budget", campaign};
static const Subject usd_adgroup = {KIND_ADGROUP, "USD", "budget", adgroup};
static const Subject bid = {KIND_ADGROUP, "USD", "bid", adgroup};
