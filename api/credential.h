/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * credential.h - the access token in use: until when it serves, and whether the service took it.
 * Pure: time is an argument.
 *
 *     GOOD --its time is nearly over--> DUE --asked for another--> GOOD --its end--> WAITING
 *       |                                ^                           |                  |
 *       |                                `----pause----failed--------+------------------'
 *       `--the service calls it wrong--> BAD --ten seconds, or another--> GOOD
 *
 * The old one is used as long as it serves, whether another is on its way or could not be had: who
 * gets it may hang. What the service calls wrong meanwhile has been replaced: calls wait (WAITING).
 */
#include <glib.h>

typedef struct {
    char *token;             /* NULL: none */
    guint serial;            /* of the token: what is said of an older one is old */
    gint64 expires_us;       /* wall; G_MAXINT64 = never */
    gint64 due_us;           /* wall: from then on another is wanted */
    gboolean renewable;      /* somebody can be asked for another */
    gboolean asked;          /* and has been */
    gboolean replaced;       /* and the service does not take this one any more */
    gint64 ask_us;           /* monotonic: not again before */
    guint failures;          /* in a row */
    gint64 new_until_us;     /* monotonic: one that was asked for should serve till then */
    gboolean stillborn;      /* and did not: to get it was a failure too */
    GError *failure;         /* of the last time */
    GError *refusal;         /* what the service said of this token */
    gint64 refused_until_us; /* monotonic */
} Credential;

typedef enum {
    CREDENTIAL_GOOD,    /* use it */
    CREDENTIAL_DUE,     /* ask for another, and say so with credential_asked() */
    CREDENTIAL_WAITING, /* another is on its way */
    CREDENTIAL_BAD,     /* calls end with credential_error() */
} CredentialState;

void credential_init(Credential *credential, gboolean renewable);
void credential_clear(Credential *credential);

/* token may be NULL. expires_us: wall, 0 = never. */
void credential_set(Credential *credential, const char *token, gint64 expires_us, gint64 mono_us,
                    gint64 wall_us);
void credential_asked(Credential *credential);
void credential_failed(Credential *credential, const GError *error, gint64 mono_us);

CredentialState credential_state(const Credential *credential, gint64 mono_us, gint64 wall_us);
const GError *credential_error(const Credential *credential, gint64 mono_us);

/* A call was refused with this code of the envelope; serial: of the token it was sent with. again:
   it was sent once more already. TRUE: it may go again, once, when the state is GOOD. */
gboolean credential_refused(Credential *credential, const GError *error, guint serial,
                            gboolean again, gint64 mono_us);
