/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * center.h - the Business Centers: which accounts each holds and in what role. The accounts are
 * dealt out in runs; the first of each run is held by the next center too, in another role. Where
 * there are ten, assets are listed that do not count: given up, or not yet accepted.
 */
#include <glib.h>

#include "account.h"

typedef struct {
    char id[24];
    char *name;
    const char *company;
    const char *currency;
    const char *country;
    const char *timezone;
    const char *finance_role;
    GArray *assets; /* of Asset */
} Center;

typedef struct {
    const Account *account; /* NULL: one that is out of reach */
    char id[24];
    const char *name;
    Role role;
    const char *relation_type;
    const char *relation_status;
    const char *owner;
} Asset;

enum { MAX_CENTERS = 1000, MAX_MEMBERS = 100000 };

extern const char *const role_names[N_ROLES];

/* Sets the owner and, where two hold it, the role of the accounts. */
GPtrArray *centers_new(guint64 seed, guint n, const GPtrArray *accounts);
const Center *centers_find(const GPtrArray *centers, const char *id); /* NULL when not there */
