/* SPDX-License-Identifier: MIT */
#pragma once

/* account.h - the advertisers: a table of kinds repeated, with ids of 19 digits in rising order. */
#include <glib.h>

#include "currency.h"

/* What the token's user may do with an account; rising. */
typedef enum { ROLE_ANALYST, ROLE_OPERATOR, ROLE_ADMIN, N_ROLES } Role;

typedef struct {
    guint index;
    char id[24];
    char *name;
    const char *company;
    const char *country;
    const char *timezone;
    const char *display_timezone;
    const char *language;
    const char *status;
    const Currency *currency;
    GTimeZone *zone;
    gint64 created; /* unix seconds */
    gint64 balance; /* micros */
    /* Set by access.c and center.c before the first call. */
    Role role;          /* the highest of all centers that hold it */
    gboolean forbidden; /* every call that names it is refused */
    gboolean unlisted;  /* oauth2/advertiser/get does not name it */
    char *owner_bc_id;  /* NULL: it is in no Business Center */
} Account;

/* Owned by the array. */
GPtrArray *accounts_new(guint64 seed, guint n, gint64 epoch);
Account *accounts_find(const GPtrArray *accounts, const char *id); /* NULL when not there */

/* Appends the whole object of advertiser/info, only the members named in fields unless NULL. */
void account_put(GString *out, const Account *account, GHashTable *fields);
gboolean account_has_field(const char *name);
