/* SPDX-License-Identifier: MIT */
#pragma once

/* retry.h - what a failed attempt means for its call. Pure. */
#include <glib.h>

#include "api/sender.h"

typedef enum {
    FATE_REFUSED, /* for good; surely not executed */
    FATE_NOT_RUN, /* surely not executed; whatever it was may be sent again */
    FATE_UNSURE,  /* a read may be sent again, a write may have been executed */
} Fate;

enum { TRIES_MAX = 3 };

/* status: of HTTP. error: what decoding said; of an attempt without whole answer it is not used. */
Fate retry_fate(TransferOutcome outcome, guint status, const GError *error);

/* The refusal is about the app's rate: nothing else should be sent for a while either. */
gboolean retry_is_pause(guint status, const GError *error);

/* After so many tries: 1 s, 2 s, and up to a quarter more. */
gint64 retry_delay_us(guint tries);
