/* SPDX-License-Identifier: MIT */
#pragma once

/* update.h - the writes. Each checks everything first and then changes all or nothing. */
#include "args.h"

gboolean create_campaign(const Call *call, Answer *answer, GError **error);
gboolean create_adgroup(const Call *call, Answer *answer, GError **error);
gboolean create_ad(const Call *call, Answer *answer, GError **error); /* 1 to 20 of an ad group */
gboolean update_campaign(const Call *call, Answer *answer, GError **error);
gboolean update_adgroup(const Call *call, Answer *answer, GError **error);
gboolean update_ad(const Call *call, Answer *answer, GError **error);
gboolean update_status(const Call *call, Answer *answer, GError **error); /* of all three kinds */
gboolean update_budget(const Call *call, Answer *answer,
                       GError **error); /* adgroup/budget/update */
