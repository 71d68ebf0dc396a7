/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * gate.h - slots for bodies: four in all lists together, three of them at most of reports, which
 * can take minutes. A call that is held back for longer has no body: its slot is lent, however many
 * there are, or those whom the service refuses would close the gate for all. When they go on there
 * are more bodies for a moment: as many as the client has in flight, and four of a list at most.
 * Lists take turns for the slots, page by page; those that nobody waits for come after all others.
 * It knows lists as those who wait.
 */
#include <glib.h>

typedef struct {
    guint used, reports;      /* slots; those of them that reports have */
    guint lent, lent_reports; /* of those: for calls that are held back, so that others may go */
    GQueue waiting[2];        /* of GateUser with a page to ask for; [1]: in the background */
} Gate;

/* Embedded in a list. */
typedef struct {
    gboolean report;
    gboolean background; /* nobody waits for it; not to be changed while it is in the queue */
    gboolean waiting;    /* in the queue */
    guint busy;          /* slots that it has */
} GateUser;

void gate_wait(Gate *gate, GateUser *user);  /* at the end of the queue, unless it is in it */
void gate_leave(Gate *gate, GateUser *user); /* the queue, if it is in it */
gboolean gate_has_waiting(const Gate *gate);
/* The first that may have a slot, and is not in the queue any more; NULL: none. */
GateUser *gate_next(Gate *gate);
void gate_take(Gate *gate, GateUser *user);
void gate_give(Gate *gate, GateUser *user);
