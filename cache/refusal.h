/* SPDX-License-Identifier: MIT */
#pragma once

/* refusal.h - the accounts whose details the service refuses, or says nothing of; kept in the
 * store.
 */
#include "cache/cache.h"

/* error: what it said. Until the details of the account come. */
void refusal_remember(Cache *cache, const char *advertiser_id, const GError *error);

/* It was refused no longer than an hour ago. */
gboolean refusal_rests(Cache *cache, gint64 advertiser);

/* The ids of all accounts to ask about, a new list: those that are not refused, then those that
   were, more than an hour ago, the oldest first; n_due of them. */
char **refusal_read_accounts(Cache *cache, gsize *ret_n_due);

/* The ids of those that are not refused and have no details, a new list. */
char **refusal_read_lacking(Cache *cache);
