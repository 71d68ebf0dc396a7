/* SPDX-License-Identifier: MIT */
#pragma once

/* pages-private.h - a list that is read, and one body on its way. */
#include "cache/gate.h"
#include "cache/pages.h"
#include "cache/tally.h"

typedef struct {
    GateUser user; /* the first member: the gate knows no more */
    Cache *cache;
    PagePlan plan;
    CallPriority priority;
    Tally tally;       /* of this round */
    guint round, next; /* next: the page to ask for */
    gint64 began_us;
    gboolean storing; /* a page of this round went to the writer */
    gboolean more;    /* to arrange */
    gboolean stopped; /* page 1 of this round is enough */
    GError *error;
    GPtrArray *calls; /* of PageCall that the client has */
} Pages;

typedef struct {
    Pages *pages;
    Page page;
    char *query; /* made once: a plan counts what was asked for */
    guint64 id;
    gint64 n_rows;              /* what the decoder saw */
    gint64 stored, stored_anew; /* by the writer */
} PageCall;

struct PageGate {
    Gate gate;
    GHashTable *all; /* set of Pages, owned */
    guint timer;     /* until it is seen whether a call is held back */
};

void pages_ask(Pages *pages, PageCall *call);
