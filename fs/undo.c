/* SPDX-License-Identifier: MIT */
/* undo.c - looks the objects of entries up, and has their earlier values written. */
#include "fs/undo.h"

#include <string.h>

#include "api/error.h"
#include "cache/undo.h"
#include "fs/author.h"
#include "fs/control.h"
#include "fs/errno.h"
#include "fs/ops.h"
#include "fs/when.h"

struct Undo {
    Request *request;
    GPtrArray *steps;   /* of UndoStep */
    gint64 *rows;       /* of their objects; 0: not looked up */
    Commit **commits;   /* NULL: not begun, or its step has an error */
    CommitGroup *group; /* NULL: none has begun */
};

/* ---- what is to be undone ---- */

/* "since 10:00": what stands behind the word; NULL: an entry. */
static const char *since_of(const char *argument)
{
    return g_str_has_prefix(argument, "since ") ? argument + strspn(argument + 5, " \t") + 5 : NULL;
}

static GError *usage(const char *argument)
{
    g_autofree char *quoted = argument != NULL ? g_strescape(argument, NULL) : g_strdup("undo");

    return api_error_new(API_ERROR_INVALID, 0, NULL,
                         "%s: undo takes the number of an entry of .adsfs/journal, or since and a "
                         "time",
                         quoted);
}

gboolean undo_check(Mount *mount, const char *argument, GError **error)
{
    const char *since = argument != NULL ? since_of(argument) : NULL;
    guint64 entry;
    gint64 time_us;

    if (since != NULL)
        return when_parse(since, clock_wall(mount->clock), &time_us, error);
    if (argument != NULL && g_ascii_string_to_unsigned(argument, 10, 1, G_MAXINT64, &entry, NULL))
        return TRUE;
    g_propagate_error(error, usage(argument));
    return FALSE;
}

static GPtrArray *plan(Mount *mount, const char *argument, GError **error)
{
    const char *since = since_of(argument);
    GPtrArray *steps;
    UndoStep *step;
    gint64 time_us;

    if (since != NULL)
        return when_parse(since, clock_wall(mount->clock), &time_us, error)
                   ? undo_plan_since(mount->cache, time_us, error)
                   : NULL;
    step = undo_plan_entry(mount->cache, g_ascii_strtoll(argument, NULL, 10), error);
    if (step == NULL)
        return NULL;
    steps = g_ptr_array_new_with_free_func(undo_step_free);
    g_ptr_array_add(steps, step);
    return steps;
}

static Undo *undo_new(Request *request, GPtrArray *steps)
{
    Undo *undo = g_new0(Undo, 1);

    undo->request = request;
    undo->steps = steps;
    undo->rows = g_new0(gint64, steps->len);
    undo->commits = g_new0(Commit *, steps->len);
    return undo;
}

void undo_free(Undo *undo)
{
    if (undo == NULL)
        return;
    for (guint i = 0; i < undo->steps->len; i++)
        commit_free(undo->commits[i]);
    commit_group_free(undo->group);
    g_ptr_array_unref(undo->steps);
    g_free(undo->commits);
    g_free(undo->rows);
    g_free(undo);
}

static gboolean was_withdrawn(const Commit *commit)
{
    g_autoptr(GError) error = NULL;

    return commit_ended(commit, &error) && g_error_matches(error, API_ERROR, API_ERROR_CANCELLED);
}

gboolean undo_stop(Undo *undo)
{
    gboolean all = TRUE;

    for (guint i = 0; i < undo->steps->len; i++) {
        Commit *commit = undo->commits[i];

        if (commit != NULL && !was_withdrawn(commit))
            all = commit_withdraw(commit) && all;
    }
    if (all)
        return TRUE;
    /* What is withdrawn leaves the group without a word: perhaps nobody is left to say one. */
    if (commit_group_close(undo->group))
        request_wake(undo->request->mount, undo->request);
    return FALSE;
}

/* ---- the objects ---- */

static ListingKind listing_of(ObjectKind kind)
{
    static const ListingKind listings[N_KINDS] = {[KIND_CAMPAIGN] = LISTING_CAMPAIGNS,
                                                  [KIND_ADGROUP] = LISTING_ADGROUPS,
                                                  [KIND_AD] = LISTING_ADS};

    return listings[kind];
}

static CacheResult want_row(Request *request, const UndoStep *step, gint64 *ret_row, GError **error)
{
    Cache *cache = request->mount->cache;
    Waiter waiter = request_waiter(request);
    gint64 account = 0;
    CacheResult result = cache_want_object(cache, LISTING_ADVERTISERS, 0, step->advertiser_id,
                                           &waiter, &account, error);

    *ret_row = 0;
    if (result != CACHE_HIT || account == 0)
        return result;
    return cache_want_object(cache, listing_of(step->kind), account, step->id, &waiter, ret_row,
                             error);
}

/* The file whose write changes the member. */
static const AttrRow *file_of_member(ObjectKind kind, const char *member)
{
    const AttrTable *table = attr_table(kind);

    if (strcmp(member, "scheduled_budget") == 0)
        return attr_find(kind, "budget");
    if (g_str_has_suffix(member, "bid_price"))
        return attr_find(kind, "bid");
    for (gsize i = 0; i < table->n_rows; i++)
        if (table->rows[i].commit != NULL && g_strcmp0(table->rows[i].field, member) == 0)
            return &table->rows[i];
    return NULL;
}

/* All that is needed to write the file is there, or is on its way. */
static CacheResult want_file(Request *request, const UndoStep *step, gint64 row, Place *ret,
                             GError **error)
{
    const AttrRow *attr = file_of_member(step->kind, step->member);
    Waiter waiter = request_waiter(request);
    Need needs[MAX_NEEDS];
    gint64 needed;
    guint n;

    if (row == 0 || attr == NULL || !tree_place(request->mount, ino_of(row, attr->slot), ret)) {
        g_propagate_error(error,
                          api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                        "entry %" G_GINT64_FORMAT ": %s %s is gone", step->entry,
                                        kind_names(step->kind)->word, step->id));
        return CACHE_ERROR;
    }
    n = tree_needs(request->mount, ret, FOR_WRITING, needs);
    for (guint i = 0; i < n; i++) {
        CacheResult result = tree_want(request->mount, &needs[i], &waiter, &needed, error);

        if (result != CACHE_HIT)
            return result;
    }
    return CACHE_HIT;
}

/* FALSE: it is waited for. What can not be undone has an error then. */
static gboolean look_up(Request *request, UndoStep *step, gint64 *ret_row)
{
    g_auto(Place) place = {0};
    CacheResult result = want_row(request, step, ret_row, &step->error);

    if (result == CACHE_HIT)
        result = want_file(request, step, *ret_row, &place, &step->error);
    if (result == CACHE_HIT)
        tree_refuses(request->mount, &place, &step->error);
    return result != CACHE_WAIT;
}

/* All are wanted at once, so that they are asked for together. */
static gboolean look_all_up(Request *request)
{
    Undo *undo = request->undo;
    gboolean all = TRUE;

    for (guint i = 0; i < undo->steps->len; i++) {
        UndoStep *step = undo->steps->pdata[i];

        if (step->error == NULL)
            all = look_up(request, step, &undo->rows[i]) && all;
    }
    return all;
}

/* ---- the writes ---- */

static Commit *start_one(Request *request, const UndoStep *step, gint64 row)
{
    Mount *mount = request->mount;
    const AttrRow *attr = file_of_member(step->kind, step->member);
    g_auto(Place) place = {0};
    CommitRequest commit = {.row = row,
                            .member = step->member,
                            .value = step->value,
                            .amount = step->amount,
                            .force = step->force,
                            .expected = step->expected,
                            .undoes = step->entry,
                            .group = request->undo->group};

    tree_place(mount, ino_of(row, attr->slot), &place);
    g_auto(Author) author = author_of(request, tree_path(mount, &place));
    commit.author = author;
    commit.deadline_us = request->began + (gint64)mount->options->write_wait_s * G_USEC_PER_SEC;
    if (commit.value == NULL)
        commit.value = object_text(place.object, "budget");
    return commit_start(mount->cache, &commit, NULL);
}

/* TRUE: all have ended. */
static gboolean start_all(Request *request)
{
    Undo *undo = request->undo;

    undo->group = commit_group_new(request->mount->cache, request);
    for (guint i = 0; i < undo->steps->len; i++) {
        const UndoStep *step = undo->steps->pdata[i];

        if (step->error == NULL)
            undo->commits[i] = start_one(request, step, undo->rows[i]);
    }
    return commit_group_close(undo->group);
}

static gboolean has_ended(const Undo *undo)
{
    for (guint i = 0; i < undo->steps->len; i++)
        if (undo->commits[i] != NULL && !commit_ended(undo->commits[i], NULL))
            return FALSE;
    return TRUE;
}

/* ---- the end ---- */

static void note_failed(Mount *mount, const UndoStep *step, gint64 row)
{
    const AttrRow *attr = file_of_member(step->kind, step->member);
    g_autofree char *path = NULL;
    g_auto(Place) place = {0};

    if (row != 0 && attr != NULL && tree_place(mount, ino_of(row, attr->slot), &place))
        path = tree_path(mount, &place);
    control_failed(mount, path != NULL ? path : step->id, errno_of(step->error), step->error);
}

/* Takes error. Who was interrupted is answered so only where some of it was sent, and that is never
   EINTR. */
static GError *of_part(GError *error, guint failed, guint all)
{
    if (g_error_matches(error, API_ERROR, API_ERROR_CANCELLED)) {
        g_error_free(error);
        error = api_error_new(API_ERROR_BUSY, 0, NULL, "interrupted");
    }
    g_prefix_error(&error, "%u of %u values were not written back; the first: ", failed, all);
    return error;
}

/* FALSE and the first error. */
static gboolean collect(Request *request, GError **error)
{
    const Undo *undo = request->undo;
    guint all = undo->steps->len, failed = 0;
    GError *first = NULL;

    for (guint i = 0; i < all; i++) {
        UndoStep *step = undo->steps->pdata[i];

        if (undo->commits[i] != NULL) {
            commit_ended(undo->commits[i], &step->error);
            ops_changed(request->mount, undo->rows[i]);
        }
        if (step->error == NULL)
            continue;
        failed++;
        if (first == NULL || g_error_matches(first, API_ERROR, API_ERROR_CANCELLED)) {
            g_clear_error(&first);
            first = g_error_copy(step->error);
        }
        if (all > 1)
            note_failed(request->mount, step, undo->rows[i]);
    }
    if (first == NULL)
        return TRUE;
    g_propagate_error(error, all > 1 ? of_part(first, failed, all) : first);
    return FALSE;
}

gboolean undo_run(Request *request, const char *argument, Outcome *ret, GError **error)
{
    gboolean done;

    if (request->undo == NULL) {
        GPtrArray *steps = plan(request->mount, argument, error);

        if (steps == NULL)
            return FALSE;
        request->undo = undo_new(request, steps);
    }
    *ret = PARK;
    if (request->undo->group == NULL && (!look_all_up(request) || !start_all(request)))
        return TRUE;
    if (!has_ended(request->undo))
        return TRUE;
    *ret = DONE;
    done = collect(request, error);
    g_clear_pointer(&request->undo, undo_free);
    return done;
}
