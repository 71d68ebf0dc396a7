/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * world.h - everything the sandbox knows: a seed, how many of each, and the changes made since.
 *
 * Objects have three numbers. The index counts in order of creation; the children of a parent are
 * a range of indexes. The position counts in order of listing, 0 has the highest id; a permutation
 * leads from one to the other. The id is a steep falling function of the position. So nothing is
 * stored, and each is found from the others at once.
 *
 * What was created since comes behind: index and position alike are count, count + 1 and so on,
 * the ids rise, above those of all others, and it is there when the changes have it. Whose child
 * it is, they have too: see created.h.
 */
#include <glib.h>

#include "account.h"
#include "change.h"

typedef enum { CAMPAIGN, ADGROUP, AD, N_KINDS } Kind;

typedef struct {
    guint64 seed;
    guint64 count[N_KINDS]; /* of each advertiser */
    gint64 epoch;           /* the first campaign is not older, unix seconds */
    gboolean strict;        /* adgroup/update resets targeting lists that are not sent */
    gboolean partly;        /* a partial success has a code of its own, 20001 */
    gboolean reservation;   /* one campaign is of reach and frequency */
    gboolean short_tasks;   /* reports on order span no more days than pages do */
    GPtrArray *accounts;
    GPtrArray *centers;
    guint members; /* of each center */
    char **scopes; /* ids of what was granted to every token */
    Changes *changes;
} World;

enum { MAX_ACCOUNTS = 4000, MAX_OBJECTS = 5000000, MAX_CREATED = 40000 };

extern const char *const kind_names[N_KINDS]; /* campaign, adgroup, ad */

guint64 world_position(const World *world, guint account, Kind kind, guint64 index);
guint64 world_index(const World *world, guint account, Kind kind, guint64 position);
guint64 world_id(const World *world, guint account, Kind kind, guint64 position);
gboolean world_find(const World *world, guint account, Kind kind, guint64 id,
                    guint64 *ret_position);

/* How many were created since; at most MAX_CREATED. */
guint64 world_created(const World *world, guint account, Kind kind);

/* The children of parent number i are [first_child(i), first_child(i + 1)). */
guint64 world_first_child(const World *world, Kind parent, guint64 index);
guint64 world_parent(const World *world, Kind child, guint64 index); /* index of its parent */
