/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * check.h - what all writes have in common: finding the object, the types of members, budgets, and
 * the patch, which holds everything back until nothing can be refused any more.
 */
#include "args.h"
#include "item.h"

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

typedef struct Patch Patch;

Patch *patch_new(World *world);
void patch_free(Patch *patch);
void patch_set(Patch *patch, const Item *item, const char *member, const char *json);
void patch_set_text(Patch *patch, const Item *item, const char *member, const char *text);
gboolean patch_apply(Patch *patch, GError **error); /* and set modify_time of all it touches */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Patch, patch_free)
