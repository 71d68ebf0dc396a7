/* SPDX-License-Identifier: MIT */
/* recover-note.c - the statements of what is recovered. */
#include "cache/recover-note.h"

#include "cache/journal-daemon.h"
#include "cache/store.h"

void open_note_free(void *data)
{
    OpenNote *note = data;

    if (!note)
        return;

    const Intent *intent = &note->intent;
    const char *const texts[] = {
        intent->advertiser_id, intent->id,   intent->member, intent->before,
        intent->after,         note->daemon, note->found};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)texts[i]);
    g_free(note);
}

static OpenNote *note_of(sqlite3_stmt *row)
{
    OpenNote *note = g_new0(OpenNote, 1);

    note->entry = sqlite3_column_int64(row, 0);
    note->daemon = sql_dup(row, 1);
    note->intent = (Intent){.kind = (ObjectKind)sqlite3_column_int(row, 3),
                            .advertiser_id = sql_dup(row, 4),
                            .id = sql_dup(row, 5),
                            .member = sql_dup(row, 6),
                            .amount = sqlite3_column_int(row, 7),
                            .before = sql_dup(row, 8),
                            .after = sql_dup(row, 9)};
    return note;
}

/* One look at /proc a daemon. */
static gboolean is_dead(GHashTable *known, sqlite3_stmt *row, gint64 now_us)
{
    const char *name = sql_text(row, 1);
    void *dead;

    if (!g_hash_table_lookup_extended(known, name, NULL, &dead)) {
        dead = GINT_TO_POINTER(!daemon_is_alive(name, now_us - sqlite3_column_int64(row, 2)));
        g_hash_table_insert(known, g_strdup(name), dead);
    }
    return GPOINTER_TO_INT(dead);
}

static gboolean read_open(sqlite3 *db, const char *daemon, gint64 now_us, GPtrArray *to,
                          GError **error)
{
    static const char sql[] =
        "SELECT id, daemon, meant, kind, advertiser, object, member, amount, before, after"
        " FROM journal WHERE outcome IN ('intent', 'unknown') AND daemon <> ?1"
        " AND member NOT IN ('" JOURNAL_CREATE "', '" JOURNAL_CREATE_ENABLED "') ORDER BY id DESC"
        " LIMIT ?2";
    g_autoptr(sqlite3_stmt) row = sql_prepare(db, error, sql, "ti", daemon, (gint64)RECOVER_MOST);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GError *failure = NULL;

    if (!row)
        return FALSE;
    while (sql_step(row, &failure))
        if (is_dead(known, row, now_us))
            g_ptr_array_add(to, note_of(row));
    if (!failure)
        return TRUE;
    g_propagate_error(error, failure);
    return FALSE;
}

/* What it has set, if anything, does not hold any more: nobody can find out. */
static gboolean settle_overtaken(sqlite3 *db, const OpenNote *note, gint64 now_us,
                                 gboolean *ret_settled, GError **error)
{
    g_autofree char *text = NULL;
    gint64 newer = 0;

    if (!journal_find_newer(db, note->entry, &note->intent, &newer, error))
        return FALSE;
    *ret_settled = newer != 0;
    if (newer == 0)
        return TRUE;
    text = g_strdup_printf(
        "overtaken by entry %" G_GINT64_FORMAT " before anybody asked what came of it", newer);
    return journal_close(db, note->entry,
                         &(Settlement){.outcome = JOURNAL_OVERTAKEN, .message = text}, now_us, error);
}

gboolean open_notes_find(sqlite3 *db, const char *daemon, gint64 now_us, GPtrArray *to,
                         GError **error)
{
    gboolean settled;

    if (!read_open(db, daemon, now_us, to, error))
        return FALSE;
    for (guint i = to->len; i > 0; i--) {
        if (!settle_overtaken(db, to->pdata[i - 1], now_us, &settled, error))
            return FALSE;
        if (settled)
            g_ptr_array_remove_index(to, i - 1);
    }
    return TRUE;
}

static char *text_of(const OpenNote *note)
{
    const char *found = note->found ? note->found : "nothing";

    if (note->outcome == JOURNAL_DONE)
        return g_strdup("its daemon died before the answer came; a later mount found it made");
    if (note->outcome == JOURNAL_REFUSED)
        return g_strdup_printf("not made: its daemon died, and a later mount found %s", found);
    return g_strdup_printf("its daemon died before the answer came; a later mount found %s", found);
}

static gboolean settle_one(sqlite3 *db, const OpenNote *note, gint64 now_us, guint *ret_left,
                           GError **error)
{
    gboolean settled, may;
    g_autofree char *text = NULL;

    if (!settle_overtaken(db, note, now_us, &settled, error) ||
        !journal_may_resolve(db, note->entry, &note->intent, &may, error))
        return FALSE;
    if (settled)
        return TRUE;
    if (!may)
        ++*ret_left;
    if (!may)
        return TRUE;
    text = text_of(note);
    return journal_close(
        db, note->entry,
        &(Settlement){.outcome = note->outcome,
                      .message = text,
                      .found = note->outcome == JOURNAL_DIFFERS ? note->found : NULL},
        now_us, error);
}

gboolean open_notes_settle(sqlite3 *db, const GPtrArray *notes, gint64 now_us, guint *ret_left,
                           GError **error)
{
    *ret_left = 0;
    for (guint i = 0; i < notes->len; i++) {
        const OpenNote *note = notes->pdata[i];

        if (note->decided && !settle_one(db, note, now_us, ret_left, error))
            return FALSE;
    }
    return TRUE;
}
