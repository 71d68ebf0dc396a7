/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * item.h - one object with its parents: who they are, how they were made (the facts, which never
 * change and which the reports follow) and what has been changed since.
 */
#include <glib.h>

#include "world.h"

typedef struct {
    const char *type;              /* objective_type */
    const char *objective;         /* objective */
    const char *optimization_goal; /* and what follows from the objective for ad groups */
    const char *billing_event;
    const char *promotion_type;
    const char *promotion_text;
    gboolean custom_bid;
} Objective;

typedef struct {
    const Objective *objective;
    const char *budget_mode;
    gint64 budget; /* micros */
    gboolean cbo;
    gboolean disabled;
    gboolean smart_plus;
    gint64 created;
    gint64 modified;
} CampaignFacts;

typedef struct {
    const char *optimization_goal, *billing_event; /* the objective's, unless it was created */
    const char *budget_mode;
    gint64 budget; /* micros */
    gint64 bid;    /* micros; bid_price or conversion_bid_price by the billing event */
    gboolean custom_bid;
    gboolean disabled;
    gboolean open_end; /* SCHEDULE_FROM_NOW */
    gint64 created;
    gint64 modified;
    gint64 start;
    gint64 end;
    guint64 hash;
    gint64 share; /* micros: what one of its ads may spend in a day */
} AdgroupFacts;

typedef struct {
    gboolean disabled;
    gint64 created;
    gint64 modified;
    guint64 hash;
} AdFacts;

typedef struct {
    const World *world;
    const Account *account;
    Kind kind; /* the members of kinds below it are not set */
    gint64 now;
    guint64 index[N_KINDS];
    guint64 position[N_KINDS];
    guint64 id[N_KINDS];
    const Change *change[N_KINDS]; /* NULL when unchanged */
    CampaignFacts campaign;
    AdgroupFacts adgroup;
    AdFacts ad;
} Item;

Item item_at(const World *world, const Account *account, Kind kind, guint64 position);
Item item_child(const Item *parent, guint64 index); /* index among all of the next kind */
gboolean item_find(const World *world, const Account *account, Kind kind, const char *id,
                   Item *ret);
void item_reload(Item *item); /* look for changes again */

/* What it is now. */
gint64 item_budget(const Item *item, Kind kind); /* micros */
gint64 item_scheduled_budget(const Item *item);  /* of the ad group, 0 when none waits */
gint64 item_amount(const Item *item, Kind kind, const char *member, gint64 otherwise);
gint64 item_time(const Item *item, Kind kind, const char *member, gint64 otherwise);
char *item_name(const Item *item, Kind kind);
gboolean item_enabled(const Item *item, Kind kind);
gboolean item_deleted(const Item *item, Kind kind); /* itself, not by its parents */
gboolean item_gone(const Item *item);               /* itself or by its parents */

/* The facts of each kind, in campaign.c, adgroup.c, ad.c; each needs the one before. */
void campaign_make(Item *item);
void adgroup_make(Item *item);
void ad_make(Item *item);
/* FALSE and nothing set: there is no such word. */
gboolean campaign_set_type(Item *item, const char *objective_type);
gboolean campaign_set_budget_mode(Item *item, const char *budget_mode);
/* Whom the ad group was made for, 0 to 63: two bits each of its choice of ages (the lowest), of
   gender and of the location. */
guint adgroup_targeting(const Item *item);
char *campaign_first_name(const Item *item);
char *adgroup_first_name(const Item *item);
char *ad_first_name(const Item *item);
