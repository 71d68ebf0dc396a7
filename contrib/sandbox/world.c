/* SPDX-License-Identifier: MIT */
/* world.c - arithmetic between index, position and id, and between parents and children. */
#include "world.h"

#include "mix.h"

const char *const kind_names[N_KINDS] = {"campaign", "adgroup", "ad"};

/* 16 digits. Each account has ACCOUNT_SPAN numbers of a kind, counted down from its own top. */
static const guint64 tops[N_KINDS] = {
    G_GUINT64_CONSTANT(1799000000000000),
    G_GUINT64_CONSTANT(1839000000000000),
    G_GUINT64_CONSTANT(1879000000000000),
};
static const guint64 account_span = G_GUINT64_CONSTANT(39000000000);
/* The kinds' ranges hold LANE accounts each; the next LANE have all three ranges again below. */
static const guint64 lane_span = G_GUINT64_CONSTANT(120000000000000);
static const guint64 top_noise = G_GUINT64_CONSTANT(8999999999);

enum { LANE = 1000, STRIDE = 6000 }; /* MAX_OBJECTS x STRIDE + top_noise fits the span */

/* What is created goes above the tops, where 10^12 numbers of each kind are free. */
enum { CREATED_SPAN = 250000000 };

G_STATIC_ASSERT(CREATED_SPAN > MAX_CREATED * STRIDE);

static guint64 permutation(const World *world, guint account, Kind kind)
{
    return mix_hash(world->seed, 0x90 + kind, account);
}

guint64 world_position(const World *world, guint account, Kind kind, guint64 index)
{
    if (index >= world->count[kind])
        return index;
    return mix_unpermute(permutation(world, account, kind), world->count[kind], index);
}

guint64 world_index(const World *world, guint account, Kind kind, guint64 position)
{
    if (position >= world->count[kind])
        return position;
    return mix_permute(permutation(world, account, kind), world->count[kind], position);
}

static guint64 account_top(const World *world, guint account, Kind kind)
{
    return tops[kind] - account / LANE * lane_span - account % LANE * account_span -
           mix_hash(world->seed, 0x70 + kind, account) % top_noise;
}

static guint64 created_base(guint account, Kind kind)
{
    return tops[kind] + (guint64)account * CREATED_SPAN;
}

guint64 world_id(const World *world, guint account, Kind kind, guint64 position)
{
    gboolean created = position >= world->count[kind];
    guint64 number = created ? position - world->count[kind] : position;
    guint64 noise =
        mix_hash(world->seed ^ account, (created ? 0xc0u : 0x1du) + kind, number) % STRIDE;

    if (created)
        return created_base(account, kind) + number * STRIDE + noise;
    return account_top(world, account, kind) - number * STRIDE - noise;
}

gboolean world_find(const World *world, guint account, Kind kind, guint64 id, guint64 *ret_position)
{
    guint64 top = account_top(world, account, kind), base = created_base(account, kind);
    guint64 position;

    if (id >= base && (id - base) / STRIDE < MAX_CREATED && changes_find(world->changes, id))
        position = world->count[kind] + (id - base) / STRIDE;
    else if (id <= top && (top - id) / STRIDE < world->count[kind])
        position = (top - id) / STRIDE;
    else
        return FALSE;
    if (world_id(world, account, kind, position) != id)
        return FALSE;

    *ret_position = position;
    return TRUE;
}

guint64 world_created(const World *world, guint account, Kind kind)
{
    guint64 n = 0;

    while (changes_find(world->changes, world_id(world, account, kind, world->count[kind] + n)))
        n++;
    return n;
}

/* floor(n x index^2 / parents^2), for what MAX_OBJECTS allows, without 128 bits. */
static guint64 square_share(guint64 n, guint64 index, guint64 parents)
{
    guint64 quotient = index * index / parents;
    guint64 rest = index * index % parents;
    guint64 part = n * quotient;

    return part / parents + (part % parents * parents + n * rest) / (parents * parents);
}

/* Each parent has one child, as long as there are enough, and the rest is spread unevenly: by the
   square of the index, so that early parents have few and late ones twice the average. */
guint64 world_first_child(const World *world, Kind parent, guint64 index)
{
    guint64 parents = world->count[parent];
    guint64 children = world->count[parent + 1];

    if (index >= parents)
        return children;
    if (children < parents)
        return index * children / parents;

    return index + square_share(children - parents, index, parents);
}

guint64 world_parent(const World *world, Kind child, guint64 index)
{
    guint64 low = 0;
    guint64 high = world->count[child - 1]; /* first_child(low) <= index < first_child(high) */

    while (high - low > 1) {
        guint64 middle = low + (high - low) / 2;

        if (world_first_child(world, child - 1, middle) <= index)
            low = middle;
        else
            high = middle;
    }
    return low;
}
