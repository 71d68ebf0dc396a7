/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * renewal.h - keeps the token of a mount the right one: that of the file when another process
 * changed it, and another from the service before it ends.
 *
 *     IDLE --due, or asked--> LOCKING --lock--> ASKING --answer--> STORING --on the disk--> IDLE
 *                                 `--the file has another--> IDLE
 *
 * A lock file beside the token lets one process ask. What the service gave is used only when it is
 * on the disk, since with it the old one may have ended.
 */
#include "api/auth.h"
#include "api/clock.h"

typedef struct Renewal Renewal;

typedef struct {
    const char *path;    /* of the token */
    const char *profile; /* to name in advice */
    const Clock *clock;
    gboolean without_refresh; /* another token is had by app id and secret alone */
    /* As auth_refresh(). NULL: nobody can be asked. */
    void (*ask)(void *user_data, const Token *token, AuthFunc done, void *done_data);
    void (*use)(void *user_data, const Token *token); /* NULL: there is none any more */
    /* It asks though nobody asked it: use() or failed() follows. From then on the old token may end
       at the service at any time. */
    void (*renewing)(void *user_data);
    void (*failed)(void *user_data, const GError *error);
    void *user_data;
} RenewalConfig;

/* use() has run when it returns. NULL and error: the file can not be read. */
Renewal *renewal_new(const RenewalConfig *config, GError **error);
/* Before the end: an answer that is on its way may hold the only token that still counts, and is
   waited for, in a loop of the default context, until it is on the disk; not for long. */
void renewal_finish(Renewal *renewal); /* NULL is fine */
void renewal_free(Renewal *renewal);   /* NULL is fine; an ask() under way must have ended */

/* Somebody waits for another token: use() or failed() will be called, never from here. */
void renewal_ask(Renewal *renewal);
