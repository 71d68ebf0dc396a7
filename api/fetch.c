/* SPDX-License-Identifier: MIT */
/*
 * fetch.c - calls that go by a link in place of an endpoint: to another host, which has neither
 * token nor rates of ours. They have a queue of their own, and a failure says nothing about the
 * service.
 */
#include "api/client-private.h"
#include "api/http.h"

const Endpoint fetch_endpoint = {"the link", FALSE, FALSE, 60, BUCKET_APP};

/* What the storage behind such links says when one is too old, and when the file is gone. */
static gboolean has_died(guint status)
{
    return status == 401 || status == 403 || status == 404 || status == 410;
}

static ApiErrorKind kind_of(guint status)
{
    if (status < 300)
        return API_ERROR_MALFORMED;
    return status >= 500 || status == 429 ? API_ERROR_UNREACHABLE : API_ERROR_REMOTE;
}

GError *fetch_error(const TransferResult *result)
{
    if (result->elsewhere != NULL)
        return api_error_new(API_ERROR_REMOTE, 0, NULL,
                             "the download link leads on to %s, which is not followed",
                             result->elsewhere);
    if (result->outcome != TRANSFER_WHOLE) {
        g_autoptr(GError) cause = sender_error(result);

        return api_error_new((ApiErrorKind)cause->code, 0, NULL, "the download link: %s",
                             cause->message);
    }
    if (result->streamed)
        return NULL;
    if (has_died(result->status))
        return api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                             "the download link is too old or gone (HTTP status %u)",
                             result->status);
    return api_error_new(kind_of(result->status), 0, NULL,
                         "the download link gives no file (HTTP status %u)", result->status);
}

/* ---- turns ---- */

static gint64 when_of(void *user_data, const QueueItem *item)
{
    gint64 now_us = *(const gint64 *)user_data;

    return item->deadline_us != 0 && item->deadline_us <= now_us ? G_MAXINT64 : 0;
}

/* Once one of them ends, or when this says, others may go. */
gint64 fetch_send(Client *client)
{
    gint64 now_us = clock_monotonic(client->clock), next_us = G_MAXINT64;

    for (guint i = 0; i < N_CALL_PRIORITIES; i++) {
        QueueLook look;

        for (;;) {
            queue_look(&client->fetches, (CallPriority)i, now_us, when_of, &now_us, &look);
            if (look.next == NULL || client->n_streams >= STREAMS_MAX)
                break;
            queue_serve(&client->fetches, look.next);
            job_taken((Job *)look.next);
            job_send((Job *)look.next);
        }
        next_us = MIN(next_us, look.later_us);
    }
    return next_us;
}
