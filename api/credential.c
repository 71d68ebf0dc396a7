/* SPDX-License-Identifier: MIT */
/*
 * credential.c - the life of a token in the client. Codes that are about the account (40106, 40119)
 * or about the app's id and secret (40101, 40113) say nothing of the token for other calls.
 */
#include "api/credential.h"

#include <string.h>

#include "api/error.h"
#include "api/secret.h"

static const gint64 second_us = G_USEC_PER_SEC;

enum {
    AHEAD_MIN_S = 60,
    AHEAD_MAX_S = 600,
    REFUSED_S = 10,
    PAUSE_FIRST_S = 30,
    PAUSE_MAX_S = 300,
    NEW_S = 60,
    CODE_EXPIRED = 40102,
};

void credential_init(Credential *credential, gboolean renewable)
{
    *credential =
        (Credential){.renewable = renewable, .expires_us = G_MAXINT64, .due_us = G_MAXINT64};
}

void credential_clear(Credential *credential)
{
    g_clear_pointer(&credential->token, secret_free);
    g_clear_error(&credential->failure);
    g_clear_error(&credential->refusal);
}

/* Ten percent of its life ahead, in bounds; never more than half of it, or each new one of a short
   life would be due at once. */
static gint64 due_of(gint64 expires_us, gint64 wall_us)
{
    gint64 life_us = expires_us - wall_us;
    gint64 ahead_us = CLAMP(life_us / 10, AHEAD_MIN_S * second_us, AHEAD_MAX_S * second_us);

    return expires_us - MAX(MIN(ahead_us, life_us / 2), 0);
}

void credential_set(Credential *credential, const char *token, gint64 expires_us, gint64 mono_us,
                    gint64 wall_us)
{
    gboolean other = g_strcmp0(credential->token, token) != 0;
    gboolean useless = !other || (expires_us != 0 && expires_us <= wall_us);
    gboolean asked = credential->asked;

    if (asked && useless) { /* or it would be asked for again at once, and again */
        g_autoptr(GError) error = api_error_new(API_ERROR_EXPIRED, 0, NULL,
                                                "the new one is the old one, or has expired too");

        credential_failed(credential, error, mono_us);
        if (!other)
            return;
    } else {
        credential->asked = FALSE;
        credential->failures = asked && credential->stillborn ? credential->failures : 0;
        credential->ask_us = 0;
    }
    if (other) {
        secret_free(credential->token);
        credential->token = g_strdup(token);
        credential->serial++;
        credential->refused_until_us = 0;
        credential->replaced = FALSE;
    }
    credential->expires_us = expires_us != 0 ? expires_us : G_MAXINT64;
    credential->due_us = expires_us != 0 ? due_of(expires_us, wall_us) : G_MAXINT64;
    credential->new_until_us =
        asked ? mono_us + MIN(NEW_S * second_us, credential->due_us - wall_us) : 0;
    credential->stillborn = FALSE;
}

void credential_asked(Credential *credential)
{
    credential->asked = TRUE;
}

void credential_failed(Credential *credential, const GError *error, gint64 mono_us)
{
    gint64 pause_s = PAUSE_FIRST_S;

    for (guint i = 0; i < credential->failures && pause_s < PAUSE_MAX_S; i++)
        pause_s *= 2;
    credential->failures++;
    credential->asked = FALSE;
    credential->ask_us = mono_us + MIN(pause_s, PAUSE_MAX_S) * second_us;
    g_clear_error(&credential->failure);
    credential->failure =
        api_error_new(API_ERROR_EXPIRED, api_error_code(error), api_error_request_id(error),
                      "the access token has expired and could not be renewed: %s", error->message);
    if (credential->replaced)
        credential->refused_until_us = mono_us + REFUSED_S * second_us;
    credential->replaced = FALSE;
}

CredentialState credential_state(const Credential *credential, gint64 mono_us, gint64 wall_us)
{
    if (mono_us < credential->refused_until_us)
        return CREDENTIAL_BAD;
    if (credential->replaced)
        return CREDENTIAL_WAITING;
    if (!credential->renewable || wall_us < credential->due_us)
        return CREDENTIAL_GOOD;
    if (!credential->asked && mono_us >= credential->ask_us)
        return CREDENTIAL_DUE;
    if (credential->asked && wall_us >= credential->expires_us)
        return CREDENTIAL_WAITING;
    return wall_us < credential->expires_us ? CREDENTIAL_GOOD : CREDENTIAL_BAD;
}

const GError *credential_error(const Credential *credential, gint64 mono_us)
{
    return mono_us < credential->refused_until_us ? credential->refusal : credential->failure;
}

static gboolean is_about_token(int code)
{
    static const int codes[] = {CODE_EXPIRED, 40104, 40105, 40309};

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i] == code)
            return TRUE;
    return FALSE;
}

/* TRUE: it may go again. A service that takes none is not asked for one after the other. */
static gboolean has_expired(Credential *credential, const GError *error, gboolean again,
                            gint64 mono_us)
{
    credential->expires_us = credential->due_us = 0; /* whatever we were told */
    if (credential->asked || mono_us >= credential->new_until_us)
        return !again;
    if (!credential->stillborn) /* which others may have said before */
        credential_failed(credential, error, mono_us);
    credential->stillborn = TRUE;
    return FALSE;
}

gboolean credential_refused(Credential *credential, const GError *error, guint serial,
                            gboolean again, gint64 mono_us)
{
    int code = api_error_code(error);

    if (!is_about_token(code))
        return FALSE;
    if (serial != credential->serial)
        return !again;
    if (code == CODE_EXPIRED && credential->renewable)
        return has_expired(credential, error, again, mono_us);
    g_clear_error(&credential->refusal);
    credential->refusal = g_error_copy(error);
    if (credential->asked) {
        credential->replaced = TRUE;
        return !again;
    }
    credential->refused_until_us = mono_us + REFUSED_S * second_us;
    return FALSE;
}
