/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * mix.h - numbers that look random and can be made again: hashes, and a permutation of [0, n)
 * that goes both ways without a table.
 */
#include <glib.h>

guint64 mix_hash(guint64 seed, guint64 a, guint64 b);
guint64 mix_permute(guint64 seed, guint64 n, guint64 i);   /* i < n; the result too */
guint64 mix_unpermute(guint64 seed, guint64 n, guint64 i); /* its inverse */
