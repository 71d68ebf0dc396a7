/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * object.h - one remote object (advertiser, campaign, ad group, ad, or what a Business Center has)
 * as the service sent it.
 *
 * An object is its JSON text and an index of its members. Nothing is converted: the digits of a
 * number are the digits received, an id never passes through a double. It never changes after
 * object_new(); a newer answer is a new object.
 */
#include <glib.h>

typedef enum {
    KIND_NONE,
    KIND_ADVERTISER,
    KIND_CAMPAIGN,
    KIND_ADGROUP,
    KIND_AD,
    KIND_CENTER, /* {"bc_info":{"bc_id",…},"user_role",…}: its members are one level down */
    KIND_ASSET,  /* an account that a center has */
    KIND_MEMBER, /* a person in a center */
    KIND_FUNDS,  /* a center's balance: one object */
    N_KINDS,
} ObjectKind;

/* How the API spells things of a kind; a row of a table, borrowed. */
typedef struct {
    const char *word; /* "campaign", "adgroup", "ad", "advertiser" */
    const char *id;   /* member: "campaign_id" */
    const char *name; /* member: "campaign_name"; of an advertiser "advertiser_name"; NULL: none */
    const char
        *parent_id;    /* member: "campaign_id" of an ad group, "adgroup_id" of an ad, else NULL */
    const char *ids;   /* "campaign_ids", as filters and bodies name a list of them */
    const char *level; /* "AUCTION_CAMPAIGN", the data_level of reports. Both NULL after KIND_AD */
} KindNames;

const KindNames *kind_names(ObjectKind kind);

typedef struct Object Object;

/* json: UTF-8, length bytes or -1; copied. NULL and error when it is not one JSON object. */
Object *object_new(const char *json, gssize length, GError **error);
Object *object_ref(Object *object);
void object_unref(Object *object); /* NULL is fine */

/* All borrowed from the object. raw: the value's own JSON text, `500.10`, `"ENABLE"`, `[..]`.
   text: strings unescaped, anything else its raw text. Both NULL when absent or null. */
const char *object_json(const Object *object);
const char *object_raw(const Object *object, const char *member);
const char *object_text(const Object *object, const char *member);

/* The members in the order received, for whoever sends an object back: index from 0;
   FALSE past the end. Borrowed. */
gboolean object_member(const Object *object, guint index, const char **name, const char **raw);

/* Indented by two blanks, a final newline, strings and numbers byte for byte. json must be valid.
 */
char *json_pretty(const char *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Object, object_unref)
