/* SPDX-License-Identifier: MIT */
#pragma once

/* fake-writer.h - waiting until all that came is stored, and what follows from that is too. */
#include "cache/internal.h"
#include "tests/unit/fake-service.h"

static inline gboolean fake_run_nothing(sqlite3 *db, void *job, GError **error)
{
    (void)db, (void)job, (void)error;
    return TRUE;
}

static inline void fake_note_end(void *job, const GError *error)
{
    (void)error;
    *(gboolean *)job = TRUE;
}

/* A page is stored, then sorted, then its listing is settled: a job each, and one more. */
static inline void fake_let_store(Fake *fake)
{
    static const JobType nothing = {fake_run_nothing, fake_note_end, NULL};

    for (guint i = 0; i < 5; i++) {
        gboolean ended = FALSE;

        writer_push(fake->cache->writer, &nothing, &ended, FALSE);
        while (!ended)
            g_main_context_iteration(NULL, TRUE);
    }
}
