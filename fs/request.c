/* SPDX-License-Identifier: MIT */
/*
 * request.c - run, park, wake, interrupt, deadline; what is replied is in reply.c.
 *
 * The kernel sends one INTERRUPT for a request, whatever the signal. Go's runtime sends SIGURG all
 * the time and must not see EINTR, so the pending signals of the caller decide, and as long as none
 * of them would end it they are looked at again every 250 ms.
 */
#include "fs/request.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "api/error.h"
#include "fs/control.h"
#include "fs/errno.h"
#include "fs/ops.h"
#include "fs/progress.h"
#include "fs/report.h"
#include "fs/scratch-file.h"
#include "fs/spent.h"
#include "fs/table-file.h"
#include "fs/undo.h"

enum { MAX_RESTARTS = 64, RECHECK_MS = 250, LATE_PAUSE_S = 60 };

struct Requests {
    GHashTable *parked;
    GHashTable *open; /* inode -> how often */
    Ready *ready;
};

static void on_ready(void *data);

Requests *requests_new(const Clock *clock)
{
    Requests *requests = g_new0(Requests, 1);

    requests->ready = ready_new(clock, on_ready);
    requests->parked = g_hash_table_new(NULL, NULL);
    requests->open = g_hash_table_new(NULL, NULL);
    return requests;
}

guint requests_parked(const Requests *requests)
{
    return g_hash_table_size(requests->parked);
}

void requests_note_open(Requests *requests, guint64 ino, int change)
{
    void *key = GSIZE_TO_POINTER(ino);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(requests->open, key)) + change;

    if (n > 0)
        g_hash_table_insert(requests->open, key, GINT_TO_POINTER(n));
    else
        g_hash_table_remove(requests->open, key);
}

gboolean requests_is_open(const Requests *requests, guint64 ino)
{
    return g_hash_table_contains(requests->open, GSIZE_TO_POINTER(ino));
}

Request *request_new(fuse_req_t fuse, RunFunc run, guint64 ino)
{
    Request *request = g_new0(Request, 1);

    request->mount = fuse_req_userdata(fuse);
    request->fuse = fuse;
    request->run = run;
    request->ino = ino;
    request->began = clock_monotonic(request->mount->clock);
    return request;
}

static void request_unpark(Request *request)
{
    request->parked = FALSE;
    request->woken = FALSE;
    progress_erase(request->mount, request);
    ready_remove(request->mount->requests->ready, &request->ready);
    g_hash_table_remove(request->mount->requests->parked, request);
    g_clear_handle_id(&request->interrupt_source, g_source_remove);
}

static void request_free(Request *request)
{
    g_clear_handle_id(&request->deadline_source, g_source_remove);
    g_clear_handle_id(&request->interrupt_source, g_source_remove);
    commit_free(request->commit);
    create_free(request->create);
    draft_change_free(request->draft_change);
    spent_free(request->spent);
    save_free(request->save);
    table_write_free(request->table);
    table_making_free(request->making);
    sweep_free(request->sweep);
    undo_free(request->undo);
    waits_forget(request->mount->waits, request);
    g_free(request->name);
    g_free(request->data);
    g_free(request->line);
    g_free(request->new_name);
    scratch_file_let_go(request);
    g_free(request);
}

/* Nobody will wake it any more: it can be answered from outside its run function. */
static void request_leave(Request *request)
{
    cache_forget(request->mount->cache, request);
    report_files_forget(request->mount->reports, request);
    request_unpark(request);
}

void requests_free(Requests *requests)
{
    GHashTableIter iter;
    Request *request;

    if (requests == NULL)
        return;
    ready_free(requests->ready);
    g_hash_table_iter_init(&iter, requests->parked);
    while (g_hash_table_iter_next(&iter, (void **)&request, NULL)) {
        fuse_reply_err(request->fuse, ENOTCONN);
        request_free(request);
    }
    g_hash_table_unref(requests->parked);
    g_hash_table_unref(requests->open);
    g_free(requests);
}

/* ---- interrupt and deadline ---- */

static guint64 status_mask(const char *status, const char *field)
{
    const char *line = strstr(status, field);

    return line != NULL ? g_ascii_strtoull(line + strlen(field), NULL, 16) : 0;
}

/* A signal is pending that would end the caller, or it is gone. */
static gboolean caller_is_leaving(pid_t pid)
{
    static const int harmless[] = {SIGURG,  SIGCHLD, SIGWINCH, SIGPROF, SIGVTALRM, SIGIO,
                                   SIGCONT, SIGTSTP, SIGSTOP,  SIGTTIN, SIGTTOU};
    g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
    g_autofree char *status = NULL;
    guint64 pending;

    if (pid == 0 || !g_file_get_contents(path, &status, NULL, NULL))
        return TRUE;
    pending = status_mask(status, "\nSigPnd:") | status_mask(status, "\nShdPnd:");
    pending &= ~status_mask(status, "\nSigBlk:") & ~status_mask(status, "\nSigIgn:");
    for (gsize i = 0; i < G_N_ELEMENTS(harmless); i++)
        pending &= ~(G_GUINT64_CONSTANT(1) << (harmless[i] - 1));
    return pending != 0;
}

static void be_ready(Request *request)
{
    ready_add(request->mount->requests->ready, &request->ready, request);
}

static gboolean on_recheck(void *user_data)
{
    Request *request = user_data;

    request->interrupt_source = 0;
    be_ready(request);
    return G_SOURCE_REMOVE;
}

/* libfuse may call this from within fuse_req_interrupt_func(): only note it. */
static void on_interrupt(fuse_req_t fuse, void *user_data)
{
    Request *request = user_data;

    if (request->parked && request->interrupt_source == 0)
        be_ready(request);
}

/* An update that was sent is never answered EINTR: it has happened, or will have. It may come back
   to the queue, refused, and can be withdrawn then. */
static gboolean has_begun(Request *request)
{
    return (request->commit != NULL && !commit_withdraw(request->commit)) ||
           request->save != NULL || request->draft_change != NULL ||
           (request->create != NULL && !create_withdraw(request->create)) ||
           (request->table != NULL && !table_write_stop(request->table)) ||
           (request->undo != NULL && !undo_stop(request->undo));
}

static void answer_interrupt(Request *request)
{
    g_clear_handle_id(&request->interrupt_source, g_source_remove);
    if (!caller_is_leaving(fuse_req_ctx(request->fuse)->pid) || has_begun(request)) {
        request->interrupt_source = g_timeout_add(RECHECK_MS, on_recheck, request);
        return;
    }
    request_leave(request);
    fuse_reply_err(request->fuse, EINTR);
    request_free(request);
}

static gboolean on_deadline(void *user_data)
{
    Request *request = user_data;

    request->deadline_source = 0;
    request->expired = TRUE;
    be_ready(request);
    return G_SOURCE_REMOVE;
}

static void answer_deadline(Request *request)
{
    g_autoptr(GError) late = NULL;

    request_leave(request);
    if (request->late != NULL) {
        request->mount->late_us = clock_monotonic(request->mount->clock);
        request->late(request);
    } else {
        late = api_error_new(API_ERROR_LATE, 0, NULL, "no answer in time");
        reply_error(request, request->ino, request->name, late);
    }
    request_free(request);
}

/* ---- run ---- */

static void request_park(Request *request)
{
    gboolean first = request->restarts == 0;

    request->parked = TRUE;
    g_hash_table_add(request->mount->requests->parked, request);
    if (first || fuse_req_interrupted(request->fuse))
        fuse_req_interrupt_func(request->fuse, on_interrupt, request);
    if (request->expired)
        be_ready(request);
}

static void request_run(Request *request)
{
    if (request->restarts > MAX_RESTARTS) {
        g_warning("request on %#" G_GINT64_MODIFIER "x given up after %d restarts", request->ino,
                  MAX_RESTARTS);
        reply_errno(request, EIO);
    } else if (request->run(request) == PARK) {
        request_park(request);
        return;
    }
    request_free(request);
}

void request_start(Request *request, guint deadline_s)
{
    if (deadline_s > 0)
        request->deadline_source = g_timeout_add_seconds(deadline_s, on_deadline, request);
    request_run(request);
}

/* Only noted: one answer may wake a thousand, who are run in portions. It stays parked, so that an
   interrupt or a deadline still finds it. */
void request_wake(void *mount, void *user_data)
{
    Request *request = user_data;

    request->woken = TRUE;
    be_ready(request);
}

/* What it waited for comes before that it would not wait any longer. */
static void on_ready(void *data)
{
    Request *request = data;

    if (request->woken) {
        request_unpark(request);
        request->restarts++;
        request_run(request);
    } else if (request->expired) {
        answer_deadline(request);
    } else {
        answer_interrupt(request);
    }
}

/* ---- ask ---- */

gboolean request_have(Request *request, CacheResult result, GError *error, Outcome *ret)
{
    if (result == CACHE_ERROR)
        *ret = reply_error(request, request->ino, request->name, error);
    else if (result == CACHE_WAIT)
        *ret = PARK;
    return result == CACHE_HIT;
}

/* A name is not there, or what was there once has gone. */
static Outcome reply_gone(Request *request)
{
    return request->name != NULL ? reply_no_entry(request, NO_ENTRY_S) : reply_stale(request);
}

gboolean request_want(Request *request, const Need *needs, guint n, Outcome *ret)
{
    Waiter waiter = request_waiter(request);

    for (guint i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        gint64 row;
        CacheResult result = tree_want(request->mount, &needs[i], &waiter, &row, &error);

        if (!request_have(request, result, error, ret))
            return FALSE;
        if (needs[i].id != NULL && row == 0) {
            *ret = reply_gone(request);
            return FALSE;
        }
        ops_listed(request->mount, needs[i].kind);
    }
    return TRUE;
}

/* Somebody waited in vain a moment ago: `ls -l` is not to wait for each of its files. */
static gboolean waits_in_vain(const Mount *mount)
{
    gint64 until_us = mount->late_us + (gint64)LATE_PAUSE_S * G_USEC_PER_SEC;

    return mount->late_us > 0 && clock_monotonic(mount->clock) < until_us;
}

gboolean request_wish(Request *request, const Need *needs, guint n, RunFunc late)
{
    Mount *mount = request->mount;
    gboolean waits = !waits_in_vain(mount);
    Waiter waiter = request_waiter(request);

    request->late = late;
    if (n > 0 && request->deadline_source == 0)
        request->deadline_source = g_timeout_add_seconds(LOOKUP_DEADLINE_S, on_deadline, request);
    for (guint i = 0; i < n; i++) {
        CacheResult result = cache_want_listing(mount->cache, needs[i].kind, needs[i].advertiser,
                                                waits ? &waiter : NULL, NULL);

        if (result == CACHE_WAIT && waits)
            return FALSE;
        if (result == CACHE_ERROR && request->restarts > 0 && needs[i].kind == LISTING_ROLES)
            mount->late_us = clock_monotonic(mount->clock);
        ops_listed(mount, needs[i].kind);
    }
    return TRUE;
}

gboolean request_unreadable(Request *request, Outcome *ret)
{
    const GError *error = cache_failed(request->mount->cache);

    if (error != NULL)
        *ret = reply_error(request, request->ino, request->name, error);
    return error != NULL;
}
