/* SPDX-License-Identifier: MIT */
/* attr.c - finding attribute rows, how values of each sort are shown, and what all writes have in
   common. */
#include "fs/attr.h"

#include <stdlib.h>
#include <string.h>

#include "api/error.h"

enum { QUOTE_MAX = 40 };

const AttrTable *attr_table(ObjectKind kind)
{
    static const AttrTable none = {NULL, 0};
    static const AttrTable *const tables[N_KINDS] = {
        [KIND_ADVERTISER] = &advertiser_attrs, [KIND_CAMPAIGN] = &campaign_attrs,
        [KIND_ADGROUP] = &adgroup_attrs,       [KIND_AD] = &ad_attrs,
        [KIND_CENTER] = &center_attrs,
    };

    return tables[kind] != NULL ? tables[kind] : &none;
}

static int compare_name(const void *name, const void *row)
{
    return strcmp(name, ((const AttrRow *)row)->name);
}

const AttrRow *attr_find(ObjectKind kind, const char *name)
{
    const AttrTable *table = attr_table(kind);

    if (table->n_rows == 0)
        return NULL;
    return bsearch(name, table->rows, table->n_rows, sizeof table->rows[0], compare_name);
}

const AttrRow *attr_of_slot(ObjectKind kind, guint slot)
{
    const AttrTable *table = attr_table(kind);

    for (gsize i = 0; i < table->n_rows; i++)
        if (table->rows[i].slot == slot)
            return &table->rows[i];
    return NULL;
}

/* ---- show ---- */

void attr_render_text(const AttrRow *row, const AttrView *view, GString *out)
{
    const char *text = object_text(view->object, row->field);

    if (text != NULL)
        g_string_append(out, text);
}

/* The list of accounts names them otherwise than advertiser/info does, and is there first. */
void attr_render_account(const AttrRow *row, const AttrView *view, GString *out)
{
    const char *text = object_text(view->object, row->field);

    if (text == NULL)
        text = object_text(view->object, kind_names(KIND_ADVERTISER)->name);
    if (text != NULL)
        g_string_append(out, text);
}

static void append_money(const char *raw, const AttrView *view, GString *out)
{
    g_autofree char *text = NULL;
    gint64 micros;

    if (raw == NULL || !money_from_json(raw, &micros))
        return;
    text = money_format(micros, view->currency->decimals);
    g_string_append(out, text);
}

void attr_render_money(const AttrRow *row, const AttrView *view, GString *out)
{
    append_money(object_raw(view->object, row->field), view, out);
}

gboolean attr_has_budget(const AttrView *view)
{
    return g_strcmp0(object_text(view->object, "budget_mode"), "BUDGET_MODE_INFINITE") != 0;
}

/* An unlimited budget comes as 0, which would read as "spend nothing": show no value. */
void attr_render_budget(const AttrRow *row, const AttrView *view, GString *out)
{
    if (attr_has_budget(view))
        attr_render_money(row, view, out);
}

/* 0 means that nothing is planned for the next midnight. */
void attr_render_next(const AttrRow *row, const AttrView *view, GString *out)
{
    const char *raw = object_raw(view->object, row->field);
    gint64 micros;

    if (raw != NULL && money_from_json(raw, &micros) && micros != 0)
        append_money(raw, view, out);
}

gboolean attr_has_bid(const AttrView *view)
{
    return g_strcmp0(object_text(view->object, "bid_type"), "BID_TYPE_CUSTOM") == 0;
}

/* Ad groups billed by optimized impressions bid per conversion, the others per event. */
const char *attr_bid_field(const AttrView *view)
{
    gboolean optimized = g_strcmp0(object_text(view->object, "billing_event"), "OCPM") == 0;

    return optimized ? "conversion_bid_price" : "bid_price";
}

void attr_render_bid(const AttrRow *row, const AttrView *view, GString *out)
{
    if (attr_has_bid(view))
        append_money(object_raw(view->object, attr_bid_field(view)), view, out);
}

/* ---- write ---- */

char *attr_quote(const char *text)
{
    GString *out = g_string_new("'");
    guint n = 0;

    for (const char *p = text; *p != '\0' && n < QUOTE_MAX; n++) {
        gunichar c = g_utf8_get_char_validated(p, -1);

        if (c >= (gunichar)-2 || g_unichar_iscntrl(c)) {
            g_string_append_printf(out, "\\x%02x", (guchar)*p++);
        } else {
            g_string_append_unichar(out, c);
            p = g_utf8_next_char(p);
        }
    }
    return g_string_free(g_string_append(out, strlen(text) > out->len ? "…'" : "'"), FALSE);
}

char *attr_next_step(const AttrRow *row, const AttrView *view)
{
    if (!row->money)
        return g_strdup("write one line of plain text");
    if (view->currency->decimals == 0)
        return g_strdup("write whole digits and a newline, as 50000");
    return g_strdup_printf("write digits with at most %u decimals and a newline, as 500.00",
                           view->currency->decimals);
}

gboolean attr_invalid(const AttrRow *row, const AttrView *view, const char *text,
                      const char *problem, GError **error)
{
    g_autofree char *quoted = *text != '\0' ? attr_quote(text) : NULL;
    g_autofree char *next = attr_next_step(row, view);

    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s: %s%s%s; %s", row->name,
                                           quoted != NULL ? quoted : "", quoted != NULL ? ": " : "",
                                           problem, next));
    return FALSE;
}

static gboolean is_line_end(gunichar c)
{
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* NULL: none that any value has; else a new string. */
static char *find_problem(const char *text)
{
    if (*text == '\0')
        return g_strdup("an empty value");
    if (!g_utf8_validate(text, -1, NULL))
        return g_strdup("not UTF-8");
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (is_line_end(g_utf8_get_char(p)))
            return g_strdup("more than one line");
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return g_strdup_printf("the control character U+%04X", g_utf8_get_char(p));
    return NULL;
}

gboolean attr_change(const AttrRow *row, const AttrView *view, const char *text, AttrChange *ret,
                     GError **error)
{
    g_autofree char *problem = find_problem(text);

    if (problem != NULL)
        return attr_invalid(row, view, text, problem, error);
    return row->commit(row, view, text, ret, error);
}

const char *attr_member(const AttrRow *row, const AttrView *view)
{
    return row->field != NULL ? row->field : attr_bid_field(view);
}

gboolean attr_is_same(const AttrChange *change, const Object *object)
{
    const char *raw = object_raw(object, change->member);
    gint64 old, new;

    if (!change->amount)
        return g_strcmp0(object_text(object, change->member), change->value) == 0;
    return raw != NULL && money_from_json(raw, &old) && money_parse(change->value, &new, NULL) &&
           old == new;
}

void attr_change_clear(AttrChange *change)
{
    g_clear_pointer(&change->value, g_free);
}
