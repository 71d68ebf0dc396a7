/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * rights.h - what this token may do with a place, as far as that is known without trying.
 *
 * By scope: what the login granted, for all accounts alike. By role: what the Business Centers say
 * of one account, or of the user. By refusal: what the service answered for it. Modes show it and
 * open() says it, for root too. What is not known takes nothing away, except that nothing is
 * written in an account before its role was asked for.
 */
#include "fs/tree.h"

/* TRUE and error (may be NULL): it can not be done, and nothing has to be asked of the service to
   know. Reading a directory is to list it and to look into it. */
gboolean rights_lack(const Mount *mount, const Place *place, gboolean writes, GError **error);

/* The same, also by what was asked for before. */
gboolean rights_refuse(Mount *mount, const Place *place, gboolean writes, GError **error);

/* TRUE and error (may be NULL): what is read there is not there, and nobody refused it: whatever
   was asked for was not to be had. */
gboolean rights_unknown(Mount *mount, const Place *place, GError **error);

/* advertiser/info may be asked. */
gboolean rights_have_info(const Mount *mount);

/* What LISTING_ROLES says of the account matters for the place. */
gboolean rights_need_roles(const Mount *mount, const Place *place, Purpose purpose);
