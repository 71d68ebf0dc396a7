/* SPDX-License-Identifier: MIT */
#pragma once

/* waits.h - the opens of reports that wait: who wants which file, and since when. */
#include <sys/types.h>

#include "fs/mount.h"

typedef struct {
    guint64 ino;
    pid_t pid; /* thread of the caller; 0: out of our sight */
    uid_t uid;
    gint64 since_us; /* monotonic */
    gint64 advertiser;
    char *words;             /* of the report's shape */
    char *level_words;       /* of the report on its whole level, which it may be cut out of */
    char start[11], end[11]; /* its days */
    guint begun;             /* backstop_begun(); 0: the fetch is on the account of another */
    guint shown;             /* columns of a line about it at its terminal */
} Wait;

Waits *waits_new(void);
void waits_free(Waits *waits); /* NULL is fine */

/* key: the request. Once noted it stays until it is forgotten. */
void waits_note(Waits *waits, const void *key, const Wait *who, const ReportQuery *query);
void waits_forget(Waits *waits, const void *key); /* NULL, and what was never noted, is fine */

/* TRUE: what is being fetched is for this one. */
gboolean wait_is_for(const Wait *wait, const ReportJob *job);
/* The longest that waits for what is being fetched; NULL: none. Borrowed. */
const Wait *waits_find(Waits *waits, const ReportJob *job);

guint waits_count(const Waits *waits);
Wait *waits_get(Waits *waits, const void *key); /* NULL: it is not noted. Borrowed. */
/* each() must neither note nor forget. */
void waits_each(Waits *waits, void (*each)(void *user_data, Wait *wait), void *user_data);
