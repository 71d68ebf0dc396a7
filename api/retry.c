/* SPDX-License-Identifier: MIT */
/* retry.c - the one place that decides whether a failure is safe to repeat. */
#include "api/retry.h"

enum { HTTP_TIMEOUT = 408, HTTP_TOO_MANY = 429, HTTP_FAULT = 500, DELAY_MAX_S = 60 };

static Fate fate_of_code(int code)
{
    static const Fate fates[] = {
        [CODE_FINAL] = FATE_REFUSED,
        [CODE_RETRY] = FATE_UNSURE,
        [CODE_RATE] = FATE_NOT_RUN,
    };

    return fates[code_find(code)->action];
}

/* No envelope: whatever stands in front of the service has answered, or the service broke off. */
static Fate fate_of_status(guint status)
{
    if (status == HTTP_TOO_MANY)
        return FATE_NOT_RUN;
    if (status >= 300 && status < HTTP_FAULT && status != HTTP_TIMEOUT)
        return FATE_REFUSED;
    return FATE_UNSURE;
}

Fate retry_fate(TransferOutcome outcome, guint status, const GError *error)
{
    if (outcome == TRANSFER_NOT_SENT)
        return FATE_NOT_RUN;
    if (outcome == TRANSFER_REFUSED)
        return FATE_REFUSED;
    if (outcome != TRANSFER_WHOLE)
        return FATE_UNSURE;

    int code = api_error_code(error);
    return code != 0 ? fate_of_code(code) : fate_of_status(status);
}

PauseScope retry_pause(TransferOutcome outcome, guint status, const GError *error)
{
    int code = api_error_code(error);

    if (outcome != TRANSFER_WHOLE)
        return PAUSE_NONE;
    if (code != 0)
        return code_find(code)->pause;
    return status == HTTP_TOO_MANY ? PAUSE_EVERYTHING : PAUSE_NONE;
}

gint64 retry_plain_delay_us(guint tries)
{
    gint64 delay_s = (gint64)1 << MIN(MAX(tries, 1) - 1, 6);

    return MIN(delay_s, DELAY_MAX_S) * G_USEC_PER_SEC;
}

gint64 retry_delay_us(guint tries)
{
    gint64 delay_us = retry_plain_delay_us(tries);

    return delay_us + g_random_int_range(0, (gint32)(delay_us / 4));
}
