/* SPDX-License-Identifier: MIT */
#pragma once

/* identity.h - who the token belongs to and what it may see. */
#include "args.h"

gboolean identity_advertisers(const Call *call, Answer *answer, GError **error);
gboolean identity_info(const Call *call, Answer *answer, GError **error);
gboolean identity_user(const Call *call, Answer *answer, GError **error);

/* Finds the advertiser that the call names, or says why not. */
const Account *identity_account(const Call *call, GError **error);
const Account *identity_find(const Call *call, const char *id, GError **error);
