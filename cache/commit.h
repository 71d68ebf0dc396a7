/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * commit.h - changes of what the service holds: who wants which value, what guards them, and how
 * each ended.
 */
#include <glib.h>

typedef struct Cache Cache;

/* ---- guards: what a profile lets nobody do by mistake ---- */

typedef struct {
    char currency[4];
    gint64 micros;
} GuardAmount;

/* All zero but max_increase: none. A guard that is set is closed where it can not be evaluated. */
typedef struct {
    guint max_increase; /* percent above the value just read; G_MAXUINT: none */
    const GuardAmount *max_budget, *max_bid; /* ended by micros of 0; a currency that is not named
                                                is refused. NULL: none */
    guint min_interval_s;                    /* between two changes of one value of one object */
    guint max_changes_per_hour, max_enables_per_hour; /* of the whole profile; 0: not limited */
    gboolean dry_run;                                 /* everything but the call */
    gboolean careful; /* refuse where the service holds another value than was shown last */
} Guards;

/* Who writes, for the journal. Texts may be NULL; path: below the mount point. */
typedef struct {
    guint32 uid;
    gint32 pid;
    const char *command, *path;
} Author;

/* ---- commits ---- */

typedef struct Commit Commit;
typedef struct CommitGroup CommitGroup;

typedef struct {
    gint64 row;
    const char *member; /* "budget", "operation_status", "campaign_name", "bid_price", …;
                           "scheduled_budget": an ad group's daily budget from the next midnight */
    const char *value;  /* what to set: digits for an amount, else plain text */
    gboolean amount;    /* value is an amount: compared as one, sent as a JSON number */
    gboolean force;     /* the guard max_increase does not count */
    gint64 deadline_us; /* monotonic: not sent by then, it is withdrawn */
    gboolean is_there;  /* as far as is known; the service is asked, and sent nothing if it is so */
    const char *expected; /* what was shown to whoever writes: when the service holds something
                             else now, API_ERROR_STALE. NULL: whatever it holds */
    Author author;
    gint64 table; /* as in Intent */
    gint64 undoes;
    CommitGroup *group; /* waited for together with others, in place of the waiter; or NULL */
} CommitRequest;

/*
 *     READING --guards, journal--> SENDING --answer--> [READING BACK] --> DONE
 *        `----------------------------`-------------------`-------------> REFUSED
 *
 * Starts at once, or when earlier ones of the same object have ended. The waiter is woken once at
 * the end. It lives until commit_free().
 */
Commit *commit_start(Cache *cache, const CommitRequest *request, void *waiter);
gboolean commit_ended(const Commit *commit, GError **error); /* FALSE: not yet; error: refused */
/* TRUE: surely not sent and never will be; the waiter is not woken, and its group does not wait for
   it. FALSE: it is under way. */
gboolean commit_withdraw(Commit *commit);
void commit_free(Commit *commit); /* NULL is fine; one under way goes on without a waiter */

/* Several commits that one waiter waits for. The waiter is woken once, when all that were started
   with the group have ended, but not before commit_group_close(); NULL: it was interrupted. The
   group lives until commit_group_free(); its commits are freed by whoever started them. */
CommitGroup *commit_group_new(Cache *cache, void *waiter);
gboolean commit_group_close(CommitGroup *group); /* no more are started; TRUE: all have ended */
void commit_group_free(CommitGroup *group);      /* NULL is fine */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Commit, commit_free)
