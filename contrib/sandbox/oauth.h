/* SPDX-License-Identifier: MIT */
#pragma once

/* oauth.h - the token calls of the Business API, and the check of app_id and secret. */
#include "args.h"

gboolean oauth_access_token(const Call *call, Answer *answer, GError **error);
gboolean oauth_refresh_token(const Call *call, Answer *answer, GError **error);
gboolean oauth_revoke_token(const Call *call, Answer *answer, GError **error);

gboolean oauth_check_app(const Call *call, const char *app_id, const char *secret, GError **error);
