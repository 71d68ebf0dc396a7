/* SPDX-License-Identifier: MIT */
/* gate.c - who has a slot, and who is next. */
#include "cache/gate.h"

enum { SLOTS = 4, REPORT_SLOTS = 3 };

void gate_wait(Gate *gate, GateUser *user)
{
    if (!user->waiting)
        g_queue_push_tail(&gate->waiting, user);
    user->waiting = TRUE;
}

void gate_leave(Gate *gate, GateUser *user)
{
    if (user->waiting)
        g_queue_remove(&gate->waiting, user);
    user->waiting = FALSE;
}

GateUser *gate_next(Gate *gate)
{
    guint used = gate->used - gate->lent;

    for (GList *link = gate->waiting.head; used < SLOTS && link; link = link->next) {
        GateUser *user = link->data;
        if (user->busy >= SLOTS)
            continue;
        if (user->report && gate->reports - gate->lent_reports >= REPORT_SLOTS)
            continue;
        g_queue_delete_link(&gate->waiting, link);
        user->waiting = FALSE;
        return user;
    }
    return NULL;
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
