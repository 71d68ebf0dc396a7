/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * encode.h - what is sent: query strings and JSON bodies. Arrays and objects in a query are JSON
 * text, percent-encoded, one parameter each. Pure. All return a new string.
 */
#include <glib.h>

#include "api/object.h"

/* A page of campaign|adgroup|ad/get. ids: only these (at most FILTER_IDS_MAX), or NULL for all. */
char *encode_list(ObjectKind kind, const char *advertiser_id, const char *const *ids, guint page,
                  guint page_size);

/* A page of the ids of everything of a kind, deleted objects too. campaign_id: of what is in that
   one; NULL: of the account. */
char *encode_ids(ObjectKind kind, const char *advertiser_id, const char *campaign_id, guint page,
                 guint page_size);

/* advertiser/info for at most INFO_IDS_MAX ids. */
char *encode_info(const char *const *advertiser_ids);

/* The endpoints bc/…: bc_id and asset_type may be NULL; page 0: one without pages. */
char *encode_center(const char *bc_id, const char *asset_type, guint page, guint page_size);

/* campaign/update and ad/update: the id and one member. raw: the member's JSON text. */
char *encode_update_one(ObjectKind kind, const char *advertiser_id, const Object *current,
                        const char *member, const char *raw);

/* adgroup/update is nominally a full replacement: every updatable non-null member of current,
   with one changed. */
char *encode_adgroup_update(const char *advertiser_id, const Object *current, const char *member,
                            const char *raw);

/* Of several ad groups some may be refused, and the others not. */
char *encode_status(ObjectKind kind, const char *advertiser_id, const char *const *ids,
                    const char *operation_status);

/* adgroup/budget/update. member: "budget", lifetime budgets, effective at once; "scheduled_budget",
   daily ones, at the account's next midnight. amounts: JSON number text, one for each id. */
char *encode_adgroup_budgets(const char *advertiser_id, const char *member, const char *const *ids,
                             const char *const *amounts);
