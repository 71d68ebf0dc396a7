/* SPDX-License-Identifier: MIT */
/* attrs-campaign.c - the files of a campaign's directory. */
#include "fs/attr.h"

/* clang-format off */
static const AttrRow rows[] = {
    /* name          slot field               render              commit              refuse */
    {"budget",       64, "budget",            attr_render_budget, attr_commit_budget, attr_refuse_budget, .number = TRUE, .money = TRUE},
    {"budget_mode",  65, "budget_mode",       attr_render_text,   .refuse = attr_refuse_mode},
    {"created",      66, "create_time",       attr_render_text},
    {"delivery",     67, "secondary_status",  attr_render_text},
    {"modified",     68, "modify_time",       attr_render_text},
    {"name",         69, "campaign_name",     attr_render_text,   attr_commit_name,   attr_refuse_smart},
    {"objective",    70, "objective_type",    attr_render_text},
    {"status",       71, "operation_status",  attr_render_text,   attr_commit_status, attr_refuse_smart},
};
/* clang-format on */

const AttrTable campaign_attrs = {rows, G_N_ELEMENTS(rows)};
