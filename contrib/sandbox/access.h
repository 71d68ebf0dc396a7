/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * access.h - who may do what: the roles dealt out to the accounts, those that are out of reach, and
 * the scopes of the token. What the service would know of the people, the options say.
 */
#include "args.h"

typedef struct {
    gint64 centers, members, unlisted, expires;
    char *roles, *forbid, *scopes;
} AccessOptions;

void access_options_add(GOptionContext *context, AccessOptions *options);
void access_options_clear(AccessOptions *options);

/* Sets centers, members and scopes of the world and what its accounts know of them. */
gboolean access_grant(const AccessOptions *options, World *world, GError **error);

gboolean access_check_scope(const Call *call, GError **error);
gboolean access_check_account(const Call *call, const Account *account, GError **error);
/* FALSE: 40001 in the words that the service has for a missing scope and for a wrong method. */
gboolean access_refuse(const char *path, const char *method, GError **error);
