/* SPDX-License-Identifier: MIT */
/* attrs-center.c - the files of a Business Center's directory: bc/get and bc/balance/get. */
#include "fs/attr.h"

/* bc/get has what the center is in a member of its own, beside what the user is in it. */
static void render_info(const AttrRow *row, const AttrView *view, GString *out)
{
    const char *raw = object_raw(view->object, "bc_info");
    g_autoptr(Object) info = raw != NULL ? object_new(raw, -1, NULL) : NULL;
    const char *text = info != NULL ? object_text(info, row->field) : NULL;

    if (text != NULL)
        g_string_append(out, text);
}

/* clang-format off */
static const AttrRow rows[] = {
    /* name       slot  field              render */
    {"balance",   64, "account_balance", attr_render_money, .money = TRUE},
    {"name",      65, "name",            render_info},
    {"role",      66, "user_role",       attr_render_text},
};
/* clang-format on */

const AttrTable center_attrs = {rows, G_N_ELEMENTS(rows)};
