/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fault.h - what goes wrong on demand: NAME=RATE, or NAME=RATE:/path/ for one path only. Drawn from
 * the seed, so that the same calls meet the same faults.
 */
#include <gio/gio.h>

typedef enum {
    FAULT_HTML502 = 1 << 0, /* before the call is carried out, like the codes */
    FAULT_40100 = 1 << 1,
    FAULT_40105 = 1 << 2,
    FAULT_50000 = 1 << 3,
    FAULT_HTML504 = 1 << 4, /* after it, like all that follow */
    FAULT_GARBAGE = 1 << 5,
    FAULT_TRUNCATE = 1 << 6,
    FAULT_EMPTY = 1 << 7,
    FAULT_DROP = 1 << 8,
    FAULT_NO_DATA = 1 << 9,
    FAULT_NULL_LIST = 1 << 10,
    FAULT_DELAY = 1 << 11,
} Fault;

typedef struct Faults Faults;

Faults *faults_new(guint64 seed);
void faults_free(Faults *faults);
gboolean faults_add(Faults *faults, const char *text, GError **error);
guint faults_draw(Faults *faults, const char *path); /* bits, for the next call */
char *faults_names(void);                            /* for --help */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)
