/* SPDX-License-Identifier: MIT */
/* sweep.c - rows by their numbers, a few a turn, and the slots of directories of each. */
#include "fs/sweep.h"

#include "fs/node.h"

/* QUERY_ROWS: one query takes as long as so many of them. */
enum { ROWS_A_TURN = 200, QUERY_ROWS = 4 };

struct Sweep {
    Mount *mount;
    GArray *accounts; /* rows still to do, the last first */
    ObjectKind kind;  /* of the last one: what is done now */
    gint64 after;
    guint n; /* rows of this turn */
    guint source;
    void (*ended)(void *user_data);
    void *user_data;
};

static void forget(const Sweep *sweep, gint64 row, guint first, guint last)
{
    for (guint slot = first; slot <= last; slot++)
        fuse_lowlevel_notify_inval_inode(sweep->mount->session, ino_of(row, slot), -1, 0);
}

static gboolean add_row(void *user_data, gint64 row, const char *name)
{
    g_array_append_val((GArray *)user_data, row);
    return TRUE;
}

static GArray *list(Mount *mount, ObjectKind kind)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));

    cache_each(mount->cache, &(Scope){kind, 0, NULL}, FALSE, 0, add_row, rows);
    return rows;
}

static void forget_centers(const Sweep *sweep)
{
    g_autoptr(GArray) centers = list(sweep->mount, KIND_CENTER);

    for (guint i = 0; i < centers->len; i++) {
        gint64 row = g_array_index(centers, gint64, i);

        forget(sweep, row, SLOT_SELF, SLOT_SELF);
        forget(sweep, row, SLOT_ADVERTISERS, SLOT_MEMBERS);
    }
}

/* Its own directory, which moves when it changed, and those of what it holds. */
static gboolean forget_object(void *user_data, gint64 row, const char *name)
{
    Sweep *sweep = user_data;

    forget(sweep, row, SLOT_SELF, SLOT_SELF);
    if (sweep->kind == KIND_CAMPAIGN)
        forget(sweep, row, SLOT_ADGROUPS, SLOT_ADGROUP_NAMES);
    if (sweep->kind == KIND_ADGROUP)
        forget(sweep, row, SLOT_ADS, SLOT_AD_NAMES);
    sweep->after = row;
    return ++sweep->n < ROWS_A_TURN;
}

/* FALSE: all is done. */
static gboolean go_on(Sweep *sweep)
{
    gint64 account;

    for (sweep->n = 0; sweep->accounts->len > 0 && sweep->n < ROWS_A_TURN;) {
        account = g_array_index(sweep->accounts, gint64, sweep->accounts->len - 1);
        if (sweep->kind == KIND_ADVERTISER) {
            forget(sweep, account, SLOT_SELF, SLOT_SELF);
            forget(sweep, account, SLOT_CAMPAIGNS, SLOT_AD_NAMES);
            sweep->n++;
        } else {
            cache_each(sweep->mount->cache, &(Scope){sweep->kind, account, NULL}, FALSE,
                       sweep->after, forget_object, sweep);
            sweep->n += QUERY_ROWS;
        }
        if (sweep->n >= ROWS_A_TURN && sweep->kind != KIND_ADVERTISER)
            return TRUE;
        sweep->after = 0;
        sweep->kind = sweep->kind == KIND_ADGROUP ? KIND_ADVERTISER : sweep->kind + 1;
        if (sweep->kind == KIND_ADVERTISER)
            g_array_set_size(sweep->accounts, sweep->accounts->len - 1);
    }
    return sweep->accounts->len > 0;
}

static gboolean on_turn(void *user_data)
{
    Sweep *sweep = user_data;

    if (go_on(sweep))
        return G_SOURCE_CONTINUE;
    sweep->source = 0;
    sweep->ended(sweep->user_data);
    return G_SOURCE_REMOVE;
}

Sweep *sweep_start(Mount *mount, gint64 account, void (*ended)(void *user_data), void *user_data)
{
    Sweep *sweep = g_new0(Sweep, 1);

    sweep->mount = mount;
    sweep->kind = KIND_ADVERTISER;
    sweep->ended = ended;
    sweep->user_data = user_data;
    if (account != 0) {
        sweep->accounts = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_array_append_val(sweep->accounts, account);
    } else {
        sweep->accounts = list(mount, KIND_ADVERTISER);
        forget(sweep, 0, SLOT_ROOT, SLOT_ROOT_NAMES);
        forget(sweep, 0, SLOT_CENTERS, SLOT_CENTER_NAMES);
        forget_centers(sweep);
    }
    sweep->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, sweep, NULL);
    return sweep;
}

void sweep_free(Sweep *sweep)
{
    if (sweep == NULL)
        return;
    g_clear_handle_id(&sweep->source, g_source_remove);
    g_array_unref(sweep->accounts);
    g_free(sweep);
}
