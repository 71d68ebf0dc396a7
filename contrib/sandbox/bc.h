/* SPDX-License-Identifier: MIT */
#pragma once

/* bc.h - the calls about Business Centers: the centers, their assets, members and balances. */
#include "args.h"
#include "center.h"

gboolean bc_get(const Call *call, Answer *answer, GError **error);
gboolean bc_assets(const Call *call, Answer *answer, GError **error);
gboolean bc_members(const Call *call, Answer *answer, GError **error);
gboolean balance_center(const Call *call, Answer *answer, GError **error);
gboolean balance_accounts(const Call *call, Answer *answer, GError **error);

/* What they share: the center that bc_id names, and the filter, of which keyword is simulated. */
gboolean bc_find(const Call *call, const Center **ret, GError **error);
gboolean bc_read_filtering(const Call *call, cJSON **ret, GError **error);
gboolean bc_has_keyword(const cJSON *filtering, const char *name, const char *id);
