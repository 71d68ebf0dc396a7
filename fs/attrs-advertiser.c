/* SPDX-License-Identifier: MIT */
/* attrs-advertiser.c - the files of an advertiser's directory, from advertiser/info. */
#include "fs/attr.h"

/* clang-format off */
static const AttrRow rows[] = {
    /* name       slot  field       render */
    {"balance",   64, "balance",  attr_render_money, .money = TRUE},
    {"currency",  65, "currency", attr_render_text},
    {"name",      66, "name",     attr_render_account},
    {"role",      67, "role",     attr_render_text},
    {"status",    68, "status",   attr_render_text},
    {"timezone",  69, "timezone", attr_render_text},
};
/* clang-format on */

const AttrTable advertiser_attrs = {rows, G_N_ELEMENTS(rows)};
