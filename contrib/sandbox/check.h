/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * check.h - what all writes have in common: finding the object, the types of members, budgets.
 */
#include "args.h"
#include "item.h"
#include "patch.h"

/* A member of an update's body. */
typedef enum {
    MEMBER_ARRAY,
    MEMBER_BOOL,
    MEMBER_IDS, /* also a list of words */
    MEMBER_MONEY,
    MEMBER_NAME,
    MEMBER_NUMBER,
    MEMBER_OBJECT,
    MEMBER_TEXT,
    MEMBER_TIME,
    MEMBER_WORD,
} MemberType;

typedef struct {
    const char *name;
    MemberType type;
    const char *words; /* blank-separated choices of MEMBER_WORD */
    guint flags;       /* the update's own */
} Member;

gboolean check_member(const Member *member, const cJSON *node, const Account *account,
                      GError **error);
char *member_json(const Member *member, const cJSON *node); /* the text to keep */
/* The body's node; NULL when absent or null. */
const cJSON *body_member(const cJSON *body, const char *name);
/* TRUE when the body does not have the member, or has it as it is. */
gboolean is_unchanged(const Item *item, const cJSON *body, const char *name);

/* The object that the id is of, alive and open to ordinary writes. */
gboolean check_target(const Call *call, Kind kind, const char *id, Item *item, GError **error);
gboolean check_target_in(const Call *call, const cJSON *body, Kind kind, Item *item,
                         GError **error); /* its id is a member of the body */
gboolean check_budget(const Item *item, gint64 micros, GError **error);
/* The same, of one that is in force from a midnight on, whatever has been spent today. */
gboolean check_next_budget(const Item *item, gint64 micros, GError **error);
/* The bid must be lower than this budget of its ad group. */
gboolean check_bid_below(const Item *item, gint64 micros, GError **error);
