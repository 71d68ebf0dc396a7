/* SPDX-License-Identifier: MIT */
/* limit.c - only admitted calls count; both the window and the bucket must have room. */
#include "limit.h"

struct Limit {
    guint qpm;
    guint qps;
    gint64 *admitted; /* ring of the last qpm times */
    guint oldest;
    guint n;
    double tokens; /* in the bucket, at most qps */
    gint64 filled_at;
    gint64 closed_until;
};

Limit *limit_new(guint qpm)
{
    Limit *limit = g_new0(Limit, 1);

    limit->qpm = qpm;
    limit->qps = MAX(1, qpm / 60);
    limit->admitted = g_new0(gint64, MAX(1, qpm));
    limit->tokens = limit->qps;
    return limit;
}

void limit_free(Limit *limit)
{
    g_free(limit->admitted);
    g_free(limit);
}

static gboolean window_has_room(Limit *limit, gint64 now_us)
{
    while (limit->n > 0 && limit->admitted[limit->oldest] <= now_us - 60 * G_USEC_PER_SEC) {
        limit->oldest = (limit->oldest + 1) % limit->qpm;
        limit->n--;
    }
    return limit->n < limit->qpm;
}

static gboolean bucket_has_token(Limit *limit, gint64 now_us)
{
    double refill = (double)(now_us - limit->filled_at) * limit->qps / G_USEC_PER_SEC;

    limit->tokens = MIN(limit->tokens + refill, limit->qps);
    limit->filled_at = now_us;
    return limit->tokens >= 1;
}

gboolean limit_admit(Limit *limit, gint64 now_us)
{
    if (limit->qpm == 0)
        return TRUE;
    if (now_us < limit->closed_until)
        return FALSE;
    if (!window_has_room(limit, now_us)) {
        limit->closed_until = now_us + 300 * G_USEC_PER_SEC;
        return FALSE;
    }
    if (!bucket_has_token(limit, now_us))
        return FALSE;

    limit->tokens -= 1;
    limit->admitted[(limit->oldest + limit->n++) % limit->qpm] = now_us;
    return TRUE;
}
