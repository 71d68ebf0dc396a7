/* SPDX-License-Identifier: MIT */
/* render.c - objects as JSON text, and the members that all kinds have. */
#include "render.h"

#include <string.h>

#include "clock.h"
#include "status.h"
#include "text.h"

typedef struct {
    const Field *rows;
    gsize n;
} Table;

static Table table_of(Kind kind)
{
    const Table tables[N_KINDS] = {
        {campaign_fields, n_campaign_fields},
        {adgroup_fields, n_adgroup_fields},
        {ad_fields, n_ad_fields},
    };

    return tables[kind];
}

gboolean render_has_field(Kind kind, const char *name)
{
    Table table = table_of(kind);

    for (gsize i = 0; i < table.n; i++) {
        if (strcmp(table.rows[i].name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void put_value(GString *out, const Item *item, const Field *field)
{
    const char *changed = change_get(item->change[item->kind], field->name);

    if (changed != NULL)
        g_string_append(out, changed);
    else if (field->put != NULL)
        field->put(out, item);
    else
        g_string_append(out, field->constant);
}

void render_item(GString *out, const Item *item, GHashTable *wanted, gboolean drop_null)
{
    Table table = table_of(item->kind);
    gsize start = out->len;

    for (gsize i = 0; i < table.n; i++) {
        gsize before = out->len;

        if (wanted != NULL && !g_hash_table_contains(wanted, table.rows[i].name))
            continue;
        g_string_append_c(out, before == start ? '{' : ',');
        g_string_append_c(out, '"');
        g_string_append(out, table.rows[i].name);
        g_string_append(out, "\":");

        gsize value = out->len;
        put_value(out, item, &table.rows[i]);
        if (out->len == value || (drop_null && strcmp(out->str + value, "null") == 0))
            g_string_truncate(out, before);
    }
    g_string_append(out, out->len == start ? "{}" : "}");
}

char *render_member(const Item *item, const char *name)
{
    Table table = table_of(item->kind);
    g_autoptr(GString) out = g_string_new(NULL);

    for (gsize i = 0; i < table.n; i++) {
        if (strcmp(table.rows[i].name, name) == 0)
            put_value(out, item, &table.rows[i]);
    }
    return out->len > 0 ? g_strdup(out->str) : NULL;
}

static void put_id(GString *out, guint64 id)
{
    g_string_append_printf(out, "\"%" G_GUINT64_FORMAT "\"", id);
}

static void put_name(GString *out, const Item *item, Kind kind)
{
    g_autofree char *name = item_name(item, kind);

    text_put_json(out, name);
}

void put_advertiser_id(GString *out, const Item *item)
{
    text_put_json(out, item->account->id);
}

void put_campaign_id(GString *out, const Item *item)
{
    put_id(out, item->id[CAMPAIGN]);
}

void put_campaign_name(GString *out, const Item *item)
{
    put_name(out, item, CAMPAIGN);
}

void put_adgroup_id(GString *out, const Item *item)
{
    put_id(out, item->id[ADGROUP]);
}

void put_adgroup_name(GString *out, const Item *item)
{
    put_name(out, item, ADGROUP);
}

void put_automation_type(GString *out, const Item *item)
{
    text_put_json(out, item->campaign.smart_plus ? "UPGRADED_SMART_PLUS" : "MANUAL");
}

void put_smart_performance(GString *out, const Item *item)
{
    g_string_append(out, item->campaign.smart_plus ? "true" : "false");
}

void put_operation_status(GString *out, const Item *item)
{
    text_put_json(out, item_enabled(item, item->kind) ? "ENABLE" : "DISABLE");
}

void put_secondary_status(GString *out, const Item *item)
{
    g_autofree char *word = status_secondary(item);

    text_put_json(out, word);
}

void put_budget(GString *out, const Item *item)
{
    currency_put(out, item_budget(item, item->kind));
}

void put_utc(GString *out, gint64 time)
{
    g_autofree char *text = clock_utc(time);

    text_put_json(out, text);
}
