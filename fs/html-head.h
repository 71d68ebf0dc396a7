/* SPDX-License-Identifier: MIT */
#pragma once

/* html-head.h - what a page says of the report before any row: whose it is, and of when. */
#include "fs/html.h"
#include "fs/version.h"

/* as_of: wall, when the rows were fetched, 0: not known; frozen_until: "" or a day. */
HtmlHead html_head_of(Mount *mount, const Place *place, const Version *version, gint64 as_of_us,
                      const char *frozen_until);
