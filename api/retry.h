/* SPDX-License-Identifier: MIT */
#pragma once

/* retry.h - what a failed attempt means for its call. Pure. */
#include <glib.h>

#include "api/codes.h"
#include "api/sender.h"

typedef enum {
    FATE_REFUSED, /* for good; surely not executed */
    FATE_NOT_RUN, /* surely not executed; whatever it was may be sent again */
    FATE_UNSURE,  /* a read may be sent again, a write may have been executed */
} Fate;

/* Tries of a call without a deadline. A read is given up after 1 + 2 + 4 + 8 s and a little more,
   so that whoever waits for it learns why before the time of a look-up is over; where not even a
   connection is to be had, after 1 + 2 s. */
enum { TRIES_MAX = 5, TRIES_UNSENT_MAX = 3 };

/* status: of HTTP. error: what decoding said; of an attempt without whole answer it is not used. */
Fate retry_fate(TransferOutcome outcome, guint status, const GError *error);

/* What the refusal is about, when it is about rates: what else should not be sent for a while. The
   call was surely not executed, and this is no try. */
PauseScope retry_pause(TransferOutcome outcome, guint status, const GError *error);

/* After so many in a row: 1, 2, 4 ... 60 s; and the same with up to a quarter more. */
gint64 retry_plain_delay_us(guint tries);
gint64 retry_delay_us(guint tries);
