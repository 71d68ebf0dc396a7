/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * ready.h - what the loop has to get done soon, a portion a turn: a thousand requests that one
 * answer wakes are not to make one long turn, in which nobody else is served.
 *
 * Whoever is in the line can leave it at any moment, also while others are run.
 */
#include <glib.h>

#include "api/clock.h"

/* How long a turn may go on with one kind of work, when there is more of it. */
enum { PORTION_US = 2000 };

typedef struct Ready Ready;

/* Embedded in what is to be run, all zero at first. */
typedef struct {
    GList link;
    gboolean queued;
} ReadyItem;

/* run: once for each, on the loop, in the order they came; data as in ready_add(). */
Ready *ready_new(const Clock *clock, void (*run)(void *data));
void ready_free(Ready *ready); /* NULL is fine; who is in the line is not run */

void ready_add(Ready *ready, ReadyItem *item, void *data); /* fine when it is in the line already */
void ready_remove(Ready *ready, ReadyItem *item);          /* fine when it is not */
