/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * pages.h - reads all pages of one list and proves that they are all.
 *
 *     page 1 --total--> pages 2..n, in parallel --stored--> distinct rows == total --> finish
 *       ^                                                        |
 *       `------------ read again, three rounds at most ----------'
 *
 * It knows calls, counts and rounds; what a row is, and where it goes, is the plan's business.
 * At most four bodies are in flight or being stored, in all lists together; three of
 * them at most are of reports.
 */
#include <glib.h>
#include <sqlite3.h>

#include "api/client.h"

typedef struct Cache Cache;
typedef struct PageGate PageGate;

typedef struct {
    guint number;   /* from 1 */
    gboolean first; /* to be stored in its round: what an earlier one left is forgotten */
    gboolean only;  /* the rest of the list is not read */
    gint64 asked_us;
    GBytes *body;
} Page;

typedef struct {
    EndpointId endpoint;
    guint page_size;
    gboolean fixed; /* n_pages is known, and no page says a total, but each has a list */
    guint n_pages;
    gboolean single; /* the data of the one answer are the one row, not a list of rows */
    GBytes *given;   /* page 1 without a call, or NULL */
    gint64 n_given;
    gint64 most; /* so many were asked for, by their ids: a total above it, or no list, is no
                    answer to that; 0: any number */
    const char *advertiser; /* whose list it is, an id that the spec holds; NULL: nobody's */
    char *what;             /* for errors: "campaigns of 7012345678901234567" */

    /* The query of a page, a new string; NULL: none. */
    char *(*query)(const void *spec, guint page);
    /* Both or neither: a fixed list that is cut into pages as it goes. begin: of a round; how many
       pages may be asked for. settle: one of them has ended; how many now, those before included.
       FALSE: the error is the list's, else it is dealt with. */
    guint (*begin)(const void *spec);
    gboolean (*settle)(const void *spec, guint page, const Answer *answer, const GError *error,
                       guint *ret_pages);
    /* All in the writer's thread. store: counts the rows of the page, and those that no page of
       this round had before. arrange: once the list is whole, again and again for as long as there
       was something to do, so that other jobs can go between; NULL: nothing. finish: at last.
       began_us: when page 1 of the last round was asked for. */
    gboolean (*store)(sqlite3 *db, const void *spec, const Page *page, gint64 *ret_rows,
                      gint64 *ret_new, GError **error);
    gboolean (*arrange)(sqlite3 *db, const void *spec, gboolean *ret_more, GError **error);
    gboolean (*finish)(sqlite3 *db, const void *spec, gint64 began_us, GError **error);
    /* On the loop, once, never before pages_start() returns. */
    void (*ended)(void *user_data, const GError *error);
    gboolean (*wanted)(void *user_data); /* somebody waits for it still */
    guint *calls; /* counted up by each, of what user_data keeps; NULL: by none */
    /* Page 1 says how many there are, any of them that it is cut (truncated). TRUE: no more of them
       is read, and the list ends without finish(). NULL: all are read. */
    gboolean (*stops)(void *user_data, const Answer *answer, guint n_pages);

    void *spec; /* never changes: both threads read it */
    void (*spec_free)(void *spec);
    void *user_data;
} PagePlan;

PageGate *page_gate_new(void);
void page_gate_free(PageGate *gate); /* after the writer has ended; nothing is called back */

void pages_start(Cache *cache, const PagePlan *plan,
                 CallPriority priority); /* takes what it owns */

/* Rows that came, of what was started with this user_data; 0: nothing is under way. */
gint64 pages_rows(Cache *cache, const void *user_data);

/* Somebody waits from now on for what was started in the background with this user_data. */
void pages_hurry(Cache *cache, const void *user_data);
