/* SPDX-License-Identifier: MIT */
/* attrs-adgroup.c - the files of an ad group's directory. */
#include "fs/attr.h"

/* clang-format off */
static const AttrRow rows[] = {
    /* name                slot field                  render              commit              refuse */
    {"bid",                64, NULL,                   attr_render_bid,    attr_commit_bid,    attr_refuse_bid, .number = TRUE, .money = TRUE},
    {"bid_type",           65, "bid_type",             attr_render_text},
    {"billing_event",      66, "billing_event",        attr_render_text},
    {"budget",             67, "budget",               attr_render_budget, attr_commit_budget, attr_refuse_budget, .number = TRUE, .money = TRUE},
    {"budget_mode",        68, "budget_mode",          attr_render_text,   .refuse = attr_refuse_mode},
    {"budget_next",        69, "scheduled_budget",     attr_render_next,   .refuse = attr_refuse_next, .money = TRUE},
    {"created",            70, "create_time",          attr_render_text},
    {"delivery",           71, "secondary_status",     attr_render_text},
    {"modified",           72, "modify_time",          attr_render_text},
    {"name",               73, "adgroup_name",         attr_render_text,   attr_commit_name,   attr_refuse_smart},
    {"optimization_goal",  74, "optimization_goal",    attr_render_text},
    {"pacing",             75, "pacing",               attr_render_text},
    {"schedule_end",       76, "schedule_end_time",    attr_render_text},
    {"schedule_start",     77, "schedule_start_time",  attr_render_text},
    {"status",             78, "operation_status",     attr_render_text,   attr_commit_status, attr_refuse_smart},
};
/* clang-format on */

const AttrTable adgroup_attrs = {rows, G_N_ELEMENTS(rows)};
