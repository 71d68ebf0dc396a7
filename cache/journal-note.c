/* SPDX-License-Identifier: MIT */
/* journal-note.c - what is noted, copied, and written. */
#include "cache/journal-note.h"

#include "api/error.h"
#include "cache/guard.h"
#include "cache/store.h"

enum { PRUNE_EVERY = 1000 };

void note_free(void *data)
{
    Note *note = data;
    Intent *intent = &note->intent;
    const Settlement *settlement = &note->settlement;
    const char *const texts[] = {
        intent->author.command, intent->author.path, intent->advertiser_id, intent->id,
        intent->member,         intent->before,      intent->after,         settlement->message,
        settlement->request_id, settlement->found,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)texts[i]);
    g_clear_error(&note->error);
    g_free(note);
}

Note *note_new(const Clock *clock, gboolean is_intent, void *user_data)
{
    Note *note = g_new0(Note, 1);

    note->is_intent = is_intent;
    note->now_us = clock_wall(clock);
    note->user_data = user_data;
    return note;
}

void note_copy_intent(Note *note, const Intent *from)
{
    Intent *to = &note->intent;

    *to = *from;
    to->author.command = g_strdup(from->author.command);
    to->author.path = g_strdup(from->author.path);
    to->advertiser_id = g_strdup(from->advertiser_id);
    to->id = g_strdup(from->id);
    to->member = g_strdup(from->member);
    to->before = g_strdup(from->before);
    to->after = g_strdup(from->after);
}

void note_copy_verdict(Note *note, const Verdict *from)
{
    const char *request_id =
        from->request_id ? from->request_id : api_error_request_id(from->error);

    note->settlement = (Settlement){.outcome = from->outcome,
                                    .code = api_error_code(from->error),
                                    .message = from->error ? g_strdup(from->error->message) : NULL,
                                    .request_id = g_strdup(request_id),
                                    .found = g_strdup(from->found)};
}

/* ---- in the thread ---- */

/* What is only one note's fault refuses that one alone. */
static gboolean is_refusal(const GError *error)
{
    return error->domain == API_ERROR && error->code != API_ERROR_LOCAL;
}

static gboolean run_intent(sqlite3 *db, Note *note, const char *daemon, const Guards *guards,
                           GError **error)
{
    const Intent *intent = &note->intent;

    if (!journal_is_held(db, daemon, intent, note->now_us, &note->held, error))
        return FALSE;
    if (note->held)
        return TRUE;
    return journal_is_current(db, daemon, intent, error) &&
           guard_rates_allow(db, guards, intent, note->now_us, error) &&
           journal_put(db, daemon, intent, note->now_us, &note->entry, error) &&
           (note->entry % PRUNE_EVERY != 0 || journal_prune(db, note->now_us, error));
}

static gboolean run_one(sqlite3 *db, Note *note, const char *daemon, const Guards *guards,
                        GError **error)
{
    if (note->is_intent)
        return run_intent(db, note, daemon, guards, error);
    return journal_close(db, note->entry, &note->settlement, note->now_us, error);
}

gboolean notes_run(sqlite3 *db, const GPtrArray *notes, const char *daemon, const Guards *guards,
                   GError **error)
{
    for (guint i = 0; i < notes->len; i++) {
        Note *note = notes->pdata[i];
        g_autoptr(GError) failure = NULL;

        if (run_one(db, note, daemon, guards, &failure))
            continue;
        if (!is_refusal(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        note->error = g_steal_pointer(&failure);
    }
    return TRUE;
}
