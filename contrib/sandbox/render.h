/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * render.h - an object as JSON text, from a table of its members. A member that was changed is
 * written as it was set; otherwise put() writes it, and a put() that writes nothing means that this
 * object has no such member.
 */
#include <glib.h>

#include "item.h"

typedef struct {
    const char *name;
    const char *constant; /* used when put is NULL */
    void (*put)(GString *out, const Item *item);
} Field;

extern const Field campaign_fields[], adgroup_fields[], ad_fields[];
extern const gsize n_campaign_fields, n_adgroup_fields, n_ad_fields;

gboolean render_has_field(Kind kind, const char *name);
/* wanted: set of names, or NULL for all. */
void render_item(GString *out, const Item *item, GHashTable *wanted, gboolean drop_null);
/* One member's JSON text; NULL when the object has none. */
char *render_member(const Item *item, const char *name);

/* Members that all kinds share; each needs a row in the three tables. */
void put_advertiser_id(GString *out, const Item *item);
void put_campaign_id(GString *out, const Item *item);
void put_campaign_name(GString *out, const Item *item);
void put_adgroup_id(GString *out, const Item *item);
void put_adgroup_name(GString *out, const Item *item);
void put_automation_type(GString *out, const Item *item);
void put_smart_performance(GString *out, const Item *item);
void put_operation_status(GString *out, const Item *item);
void put_secondary_status(GString *out, const Item *item);
void put_budget(GString *out, const Item *item);
void put_utc(GString *out, gint64 time);
