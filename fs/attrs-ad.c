/* SPDX-License-Identifier: MIT */
/* attrs-ad.c - the files of an ad's directory. */
#include "fs/attr.h"

/* clang-format off */
static const AttrRow rows[] = {
    /* name           slot field               render            commit              refuse */
    {"created",       64, "create_time",       attr_render_text},
    {"delivery",      65, "secondary_status",  attr_render_text},
    {"format",        66, "ad_format",         attr_render_text},
    {"landing_page",  67, "landing_page_url",  attr_render_text},
    {"modified",      68, "modify_time",       attr_render_text},
    {"name",          69, "ad_name",           attr_render_text, attr_commit_name,   attr_refuse_smart},
    {"status",        70, "operation_status",  attr_render_text, attr_commit_status, attr_refuse_smart},
    {"text",          71, "ad_text",           attr_render_text},
};
/* clang-format on */

const AttrTable ad_attrs = {rows, G_N_ELEMENTS(rows)};
