/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fault.h - what goes wrong on demand: NAME=RATE, or NAME=RATE:/path/ for one path only; a RATE of
 * Nx is the first N calls that fit. Drawn from the seed, so that the same calls meet the same
 * faults. A call meets at most one of those that replace its answer (the first that was given), and
 * only without one of them those that change how a right answer is written.
 */
#include <gio/gio.h>

typedef enum {
    /* The call is not carried out; its answer is something else. */
    FAULT_HTML502 = 1 << 0,
    FAULT_429 = 1 << 1,
    FAULT_REDIRECT = 1 << 2,
    FAULT_REFUSED = 1 << 3, /* and the port is closed for half a second */
    FAULT_RESET_BEFORE = 1 << 4,
    FAULT_40016 = 1 << 5, /* from here on in an envelope */
    FAULT_40100 = 1 << 6,
    FAULT_40100_PAGE = 1 << 7, /* from page 2 on */
    FAULT_40105 = 1 << 8,
    FAULT_40133 = 1 << 9,
    FAULT_50000 = 1 << 10,
    FAULT_50002 = 1 << 11,
    /* It is carried out; its answer is something else. */
    FAULT_51010 = 1 << 12,
    FAULT_HTML504 = 1 << 13,
    FAULT_GARBAGE = 1 << 14,
    FAULT_TRUNCATE = 1 << 15,
    FAULT_EMPTY = 1 << 16,
    FAULT_DROP = 1 << 17,
    FAULT_RESET_AFTER = 1 << 18,
    FAULT_STALL = 1 << 19,
    /* It is carried out (20001: a status update in part) and answered, in another way. */
    FAULT_20001 = 1 << 20,
    FAULT_NO_DATA = 1 << 21,
    FAULT_NULL_LIST = 1 << 22,
    FAULT_SHUFFLE = 1 << 23,
    FAULT_UNKNOWN = 1 << 24,
    FAULT_STRINGS = 1 << 25,
    FAULT_TOTAL_HIGH = 1 << 26,
    FAULT_MOVING = 1 << 27, /* from page 2 on */
    FAULT_DELAY = 1 << 28,  /* goes with all others */
    FAULT_40102 = 1 << 29,
} Fault;

/*
 * What happens to reports on order. They are wider than an enumerator may be. The first four are
 * the fate of a task, drawn when it is created; those after them are of one download, whether its
 * body comes at once or from the link that it names.
 */
#define FAULT_TASK_FAILED ((guint64)1 << 32) /* ends in FAILED */
#define FAULT_TASK_STUCK  ((guint64)1 << 33) /* stays QUEUING */
#define FAULT_TASK_SLOW   ((guint64)1 << 34) /* stays PROCESSING */
#define FAULT_TASK_ODD    ((guint64)1 << 35) /* another word in place of PROCESSING */
#define FAULT_LINK_DEAD   ((guint64)1 << 36) /* it answers 403, always */
#define FAULT_TASK_SHORT  ((guint64)1 << 37) /* the last rows are missing */
#define FAULT_TASK_TORN   ((guint64)1 << 38) /* the last row ends in the middle */
#define FAULT_TASK_CUT    ((guint64)1 << 39) /* the connection ends in the middle, once */
#define FAULT_TASK_GONE   ((guint64)1 << 40) /* there is no such task, from this check on */

/* What happens to updates, and to nothing else unless its path is named. */
#define FAULT_LIE       ((guint64)1 << 41) /* the answer is OK, and nothing has been changed */
#define FAULT_LIE_OTHER ((guint64)1 << 42) /* or half of the amount, another word, a longer name   \
                                            */
#define FAULT_LAG  ((guint64)1 << 43)      /* lists show for a second what was there before */
#define FAULT_GONE ((guint64)1 << 44)      /* one of the objects is deleted just before */

/* A create whose request_id has made something already is refused, in place of answered with it. */
#define FAULT_REPEAT ((guint64)1 << 45)
#define FAULT_BARE   ((guint64)1 << 46) /* the answer of a create has the id and nothing else */

/* Of these the request never reaches the service itself. */
enum {
    FAULTS_AT_THE_DOOR =
        FAULT_HTML502 | FAULT_429 | FAULT_REDIRECT | FAULT_REFUSED | FAULT_RESET_BEFORE,
};

/* With these the reply is no envelope, or not a whole one. */
enum {
    FAULTS_OF_TRANSPORT = FAULTS_AT_THE_DOOR | FAULT_HTML504 | FAULT_GARBAGE | FAULT_TRUNCATE |
                          FAULT_EMPTY | FAULT_DROP | FAULT_RESET_AFTER | FAULT_STALL,
};

typedef struct Faults Faults;

Faults *faults_new(guint64 seed);
void faults_free(Faults *faults);
gboolean faults_add(Faults *faults, const char *text, GError **error);
guint64 faults_draw(Faults *faults, const char *path, gboolean later_page); /* for the next call */
char *faults_names(void);                                                   /* for --help */
void faults_put(GString *out, guint64 drawn); /* the names, a JSON array */

/* The code and text that a drawn fault answers with; 0 when none does. */
int faults_code(guint64 drawn, const char **ret_text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)
