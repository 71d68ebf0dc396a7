/* SPDX-License-Identifier: MIT */
/* attr.c - finding attribute rows, and how values of each sort are shown and checked. */
#include "fs/attr.h"

#include <stdlib.h>
#include <string.h>

#include "api/error.h"

/* Campaign, ad group and ad names alike; a CJK character counts as two. */
enum { NAME_MAX_WIDTH = 512 };

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

static gboolean has_budget(const AttrView *view)
{
    return g_strcmp0(object_text(view->object, "budget_mode"), "BUDGET_MODE_INFINITE") != 0;
}

/* An unlimited budget comes as 0, which would read as "spend nothing": show no value. */
void attr_render_budget(const AttrRow *row, const AttrView *view, GString *out)
{
    if (has_budget(view))
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

static gboolean has_bid(const AttrView *view)
{
    return g_strcmp0(object_text(view->object, "bid_type"), "BID_TYPE_CUSTOM") == 0;
}

/* Ad groups billed by optimized impressions bid per conversion, the others per event. */
static const char *bid_field(const AttrView *view)
{
    gboolean optimized = g_strcmp0(object_text(view->object, "billing_event"), "OCPM") == 0;

    return optimized ? "conversion_bid_price" : "bid_price";
}

void attr_render_bid(const AttrRow *row, const AttrView *view, GString *out)
{
    if (has_bid(view))
        append_money(object_raw(view->object, bid_field(view)), view, out);
}

/* ---- check ---- */

/* What is drawn as an emoji by itself, or makes one of the character before it; not the signs next
   to them (★ ✓ ➤), which names are full of. Unicode's Emoji_Presentation. */
static gboolean is_emoji(gunichar c)
{
    static const struct {
        gunichar first, last;
    } ranges[] = {
        {0x20e3, 0x20e3},   {0x231a, 0x231b}, {0x23e9, 0x23ec}, {0x23f0, 0x23f0}, {0x23f3, 0x23f3},
        {0x25fd, 0x25fe},   {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f}, {0x2693, 0x2693},
        {0x26a1, 0x26a1},   {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5}, {0x26ce, 0x26ce},
        {0x26d4, 0x26d4},   {0x26ea, 0x26ea}, {0x26f2, 0x26f3}, {0x26f5, 0x26f5}, {0x26fa, 0x26fa},
        {0x26fd, 0x26fd},   {0x2705, 0x2705}, {0x270a, 0x270b}, {0x2728, 0x2728}, {0x274c, 0x274c},
        {0x274e, 0x274e},   {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797}, {0x27b0, 0x27b0},
        {0x27bf, 0x27bf},   {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2b55, 0x2b55}, {0xfe0f, 0xfe0f},
        {0x1f000, 0x1faff},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return TRUE;
    return FALSE;
}

gboolean attr_commit_name(const AttrRow *row, const AttrView *view, const char *text,
                          AttrChange *ret, GError **error)
{
    guint width = 0;

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (is_emoji(c)) {
            g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                                   "%s: '%s' holds an emoji, which names may not",
                                                   row->name, text));
            return FALSE;
        }
        width += g_unichar_iswide(c) ? 2 : 1;
    }
    if (width > NAME_MAX_WIDTH) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL,
                                               "%s: longer than %d (a CJK character counts as 2)",
                                               row->name, NAME_MAX_WIDTH));
        return FALSE;
    }
    *ret = (AttrChange){.member = row->field, .value = g_strdup(text)};
    return TRUE;
}

gboolean attr_commit_status(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error)
{
    static const char *const words[] = {"ENABLE", "DISABLE", NULL};

    if (!g_strv_contains(words, text)) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_INVALID, 0, NULL,
                                        "%s: want ENABLE or DISABLE, not '%s'", row->name, text));
        return FALSE;
    }
    *ret = (AttrChange){.member = row->field, .value = g_strdup(text)};
    return TRUE;
}

static gboolean refuse_range(const AttrRow *row, const AttrView *view, const char *what,
                             gint64 bound, GError **error)
{
    g_autofree char *text = money_format(bound, view->currency->decimals);

    g_propagate_error(error, api_error_new(API_ERROR_RANGE, 0, NULL, "%s: %s %s %s", row->name,
                                           what, text, view->currency->code));
    return FALSE;
}

/* "750", "750.00", "750!": digits the currency has, canonical in ret. */
static gboolean parse_amount(const AttrRow *row, const AttrView *view, const char *text,
                             gint64 *ret_micros, gboolean *ret_force, GError **error)
{
    g_autofree char *digits = g_strdup(text);
    gsize length = strlen(digits);
    gint64 step = MONEY_UNIT;
    gint64 micros;
    g_autoptr(GError) refused = NULL;

    *ret_force = length > 1 && digits[length - 1] == '!';
    if (*ret_force)
        digits[length - 1] = '\0';
    if (!money_parse(digits, &micros, &refused)) {
        g_propagate_prefixed_error(error, g_steal_pointer(&refused), "%s: ", row->name);
        return FALSE;
    }
    for (guint i = 0; i < view->currency->decimals; i++)
        step /= 10;
    if (micros % step != 0) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_RANGE, 0, NULL,
                                        "%s: %s has %u decimals, '%s' has more", row->name,
                                        view->currency->code, view->currency->decimals, digits));
        return FALSE;
    }
    *ret_micros = micros;
    return TRUE;
}

static AttrChange amount_change(const char *member, gint64 micros, gboolean force,
                                const AttrView *view)
{
    return (AttrChange){.member = member,
                        .value = money_format(micros, view->currency->decimals),
                        .amount = TRUE,
                        .force = force};
}

/* Products sold in a TikTok shop or showcase have lower minima. Not every object says where from.
 */
static gboolean sells_in_shop(const AttrView *view)
{
    static const char *const shops[] = {"STORE", "SHOWCASE", NULL};
    const char *source = object_text(view->object, "product_source");

    if (source == NULL)
        source = object_text(view->object, "campaign_product_source");
    if (source != NULL)
        return g_strv_contains(shops, source);
    return g_strcmp0(object_text(view->object, "objective_type"), "PRODUCT_SALES") == 0;
}

gboolean attr_commit_budget(const AttrRow *row, const AttrView *view, const char *text,
                            AttrChange *ret, GError **error)
{
    const char *mode = object_text(view->object, "budget_mode");
    gint64 least = money_minimum_budget(view->currency, view->kind, mode, sells_in_shop(view));
    gint64 limit = money_budget_limit(view->currency);
    gboolean force;
    gint64 micros;

    if (!parse_amount(row, view, text, &micros, &force, error))
        return FALSE;
    if (micros < least)
        return refuse_range(row, view, "must be at least", least, error);
    if (limit > 0 && micros >= limit)
        return refuse_range(row, view, "must be below", limit, error);
    *ret = amount_change(row->field, micros, force, view);
    return TRUE;
}

gboolean attr_commit_bid(const AttrRow *row, const AttrView *view, const char *text,
                         AttrChange *ret, GError **error)
{
    const char *budget = has_budget(view) ? object_raw(view->object, "budget") : NULL;
    gint64 micros, limit;
    gboolean force;

    if (!parse_amount(row, view, text, &micros, &force, error))
        return FALSE;
    if (micros == 0)
        return refuse_range(row, view, "must be more than", 0, error);
    if (budget != NULL && money_from_json(budget, &limit) && limit > 0 && micros >= limit)
        return refuse_range(row, view, "must be below the ad group's budget,", limit, error);
    *ret = amount_change(bid_field(view), micros, force, view);
    return TRUE;
}

static gboolean refuse(GError **error, const AttrRow *row, const char *why)
{
    if (error != NULL) /* every listed file is asked whether it can be written, and not why */
        *error = api_error_new(API_ERROR_DENIED, 0, NULL, "%s: %s", row->name, why);
    return TRUE;
}

/* The ordinary write endpoints spoil upgraded Smart+ objects. */
gboolean attr_refuse_smart(const AttrRow *row, const AttrView *view, GError **error)
{
    const char *kind = object_text(view->object, "campaign_automation_type");

    if (g_strcmp0(kind, "UPGRADED_SMART_PLUS") == 0)
        return refuse(error, row,
                      "belongs to an upgraded Smart+ campaign; change it in Ads Manager");
    if (object_text(view->object, "operation_status") == NULL)
        return refuse(error, row, "the API does not list this object, only its members");
    return FALSE;
}

gboolean attr_refuse_budget(const AttrRow *row, const AttrView *view, GError **error)
{
    if (attr_refuse_smart(row, view, error))
        return TRUE;
    if (has_budget(view))
        return FALSE;
    if (view->kind == KIND_ADGROUP)
        return refuse(error, row,
                      "no budget of its own; if the campaign optimizes its budget "
                      "(CBO), change ../../budget");
    return refuse(error, row,
                  "is unlimited (BUDGET_MODE_INFINITE) and a budget mode can not change");
}

gboolean attr_refuse_bid(const AttrRow *row, const AttrView *view, GError **error)
{
    if (attr_refuse_smart(row, view, error))
        return TRUE;
    if (!has_bid(view))
        return refuse(error, row, "this ad group bids by itself (bid_type is not BID_TYPE_CUSTOM)");
    return FALSE;
}

gboolean attr_change(const AttrRow *row, const AttrView *view, const char *text, AttrChange *ret,
                     GError **error)
{
    const char *problem = NULL;

    if (*text == '\0')
        problem = "an empty value";
    else if (strpbrk(text, "\n\r") != NULL)
        problem = "more than one line";
    else if (!g_utf8_validate(text, -1, NULL))
        problem = "not UTF-8";
    for (const char *p = text; problem == NULL && *p != '\0'; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            problem = "a control character";
    if (problem != NULL) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_INVALID, 0, NULL, "%s: %s", row->name, problem));
        return FALSE;
    }
    return row->commit(row, view, text, ret, error);
}

const char *attr_member(const AttrRow *row, const AttrView *view)
{
    return row->field != NULL ? row->field : bid_field(view);
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
