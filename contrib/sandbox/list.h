/* SPDX-License-Identifier: MIT */
#pragma once

/* list.h - campaign/get, adgroup/get, ad/get. */
#include "args.h"

gboolean list_get(const Call *call, Answer *answer, GError **error);
