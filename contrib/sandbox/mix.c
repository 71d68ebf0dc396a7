/* SPDX-License-Identifier: MIT */
/*
 * mix.c - hashes and the permutation: a Feistel network over the next power of four, walked until
 * the value is inside [0, n), which keeps it a bijection of exactly that range.
 */
#include "mix.h"

enum { ROUNDS = 4 };

static guint64 finish(guint64 x)
{
    x ^= x >> 30;
    x *= G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

guint64 mix_hash(guint64 seed, guint64 a, guint64 b)
{
    guint64 x = finish(seed + G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) + a);

    return finish(x + b * G_GUINT64_CONSTANT(0xd1342543de82ef95));
}

static guint half_bits(guint64 n)
{
    guint bits = 1;

    while (bits < 31 && ((guint64)1 << (2 * bits)) < n)
        bits++;
    return bits;
}

/* One pass over the whole network; backwards undoes it. */
static guint64 network(guint64 seed, guint bits, guint64 value, gboolean backwards)
{
    guint64 mask = ((guint64)1 << bits) - 1;
    guint64 left = value >> bits;
    guint64 right = value & mask;

    for (guint round = 0; round < ROUNDS; round++) {
        guint key = backwards ? ROUNDS - 1 - round : round;
        guint64 old_right = right;

        if (backwards) {
            right = left;
            left = old_right ^ (mix_hash(seed, key, left) & mask);
        } else {
            right = left ^ (mix_hash(seed, key, right) & mask);
            left = old_right;
        }
    }

    return left << bits | right;
}

static guint64 walk(guint64 seed, guint64 n, guint64 i, gboolean backwards)
{
    guint bits = half_bits(n);

    g_assert(i < n);
    do
        i = network(seed, bits, i, backwards);
    while (i >= n);
    return i;
}

guint64 mix_permute(guint64 seed, guint64 n, guint64 i)
{
    return walk(seed, n, i, FALSE);
}

guint64 mix_unpermute(guint64 seed, guint64 n, guint64 i)
{
    return walk(seed, n, i, TRUE);
}
