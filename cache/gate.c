/* SPDX-License-Identifier: MIT */
/* gate.c - who has a slot, and who is next. */
#include "cache/gate.h"

enum { SLOTS = 4, REPORT_SLOTS = 3 };

static GQueue *queue_of(Gate *gate, const GateUser *user)
{
    return &gate->waiting[user->background != FALSE];
}

void gate_wait(Gate *gate, GateUser *user)
{
    if (!user->waiting)
        g_queue_push_tail(queue_of(gate, user), user);
    user->waiting = TRUE;
}

void gate_leave(Gate *gate, GateUser *user)
{
    if (user->waiting)
        g_queue_remove(queue_of(gate, user), user);
    user->waiting = FALSE;
}

gboolean gate_has_waiting(const Gate *gate)
{
    return gate->waiting[0].length + gate->waiting[1].length > 0;
}

static GateUser *next_of(const Gate *gate, GQueue *waiting)
{
    for (GList *link = waiting->head; link; link = link->next) {
        GateUser *user = link->data;
        if (user->busy >= SLOTS)
            continue;
        if (user->report && gate->reports - gate->lent_reports >= REPORT_SLOTS)
            continue;
        g_queue_delete_link(waiting, link);
        user->waiting = FALSE;
        return user;
    }
    return NULL;
}

GateUser *gate_next(Gate *gate)
{
    GateUser *user = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(gate->waiting) && !user; i++)
        if (gate->used - gate->lent < SLOTS)
            user = next_of(gate, &gate->waiting[i]);
    return user;
}

void gate_take(Gate *gate, GateUser *user)
{
    user->busy++;
    gate->used++;
    gate->reports += user->report;
}

void gate_give(Gate *gate, GateUser *user)
{
    user->busy--;
    gate->used--;
    gate->reports -= user->report;
}
