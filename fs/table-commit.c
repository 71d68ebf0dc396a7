/* SPDX-License-Identifier: MIT */
/* table-commit.c - the differences of a table become commits, some thousand at a time. */
#include "fs/table-commit.h"

#include "api/error.h"
#include "fs/author.h"
#include "fs/control.h"
#include "fs/errno.h"
#include "fs/table-file.h"
#include "fs/table-plan.h"
#include "fs/table.h"
#include "fs/tell.h"

/* Of the commits that are under way together, a multiple of what goes into one call. WAIT_US: by
   so much longer may the last of them wait for its turn for each of those before it. */
enum { AT_ONCE = 2000, WAIT_US = G_USEC_PER_SEC / 2 };

typedef enum { READING, STARTING, WAITING, COLLECTING, ENDED } Stage;

struct TableWrite {
    Request *request;
    Mount *mount;
    guint64 ino; /* of the table */
    Stage stage;
    guint source;
    TablePlan *plan;
    GArray *edits;  /* borrowed from the plan */
    gint64 number;  /* of this table, in the journal, */
    Author author;  /* and who wrote it */
    guint begun;    /* edits that were started; of these */
    guint ended;    /* have ended, */
    guint done;     /* well */
    guint of_group; /* the first edit of those that are under way */
    guint done_before;
    CommitGroup *group;
    Commit **commits; /* of AT_ONCE */
    GError *first;    /* what the first one that failed failed with */
    gboolean stopped; /* whoever wrote it has gone */
    GError *error;
};

static const TableEdit *edit_at(const TableWrite *write, guint index)
{
    return &g_array_index(write->edits, TableEdit, index);
}

static guint64 ino_of_edit(const TableEdit *edit)
{
    return ino_of(edit->row, edit->change.attr->slot);
}

/* Of the file that shows the value; NULL: the object has gone. New. */
static char *path_of_edit(const TableWrite *write, const TableEdit *edit)
{
    g_auto(Place) place = {0};

    if (!tree_place(write->mount, ino_of_edit(edit), &place))
        return NULL;
    return tree_path(write->mount, &place);
}

/* ---- start ---- */

/* For `careful`: what holds as far as is known, for that is what the row was compared with. */
static char *expected(const TableWrite *write, const TableEdit *edit)
{
    const Row *row;
    const char *text;

    if (!write->mount->options->guards.careful)
        return NULL;
    row = cache_row(write->mount->cache, edit->row);
    text = row != NULL ? object_text(row->object, edit->change.change.member) : NULL;
    return g_strdup(text != NULL ? text : "");
}

static void start_one(TableWrite *write, const TableEdit *edit)
{
    const AttrChange *change = &edit->change.change;
    const Options *options = write->mount->options;
    guint place = write->begun - write->of_group;
    g_autofree char *holds = expected(write, edit);
    g_autofree char *path = author_path(path_of_edit(write, edit), change->member);
    CommitRequest request = {
        .row = edit->row,
        .member = change->member,
        .value = change->value,
        .amount = change->amount,
        .force = change->force,
        .expected = holds,
        .deadline_us = clock_monotonic(write->mount->clock) +
                       (gint64)options->write_wait_s * G_USEC_PER_SEC + (gint64)place * WAIT_US,
        .author = write->author,
        .table = write->number,
        .group = write->group,
    };
    request.author.path = path;
    write->commits[place] = commit_start(write->mount->cache, &request, NULL);
    write->begun++;
}

static void begin_group(TableWrite *write)
{
    write->of_group = write->begun;
    write->done_before = write->done;
    write->group = commit_group_new(write->mount->cache, write->request);
}

static void start_some(TableWrite *write, gint64 end_us)
{
    if (write->group == NULL)
        begin_group(write);
    while (!write->stopped && write->begun < write->edits->len &&
           write->begun - write->of_group < AT_ONCE) {
        if (clock_monotonic(write->mount->clock) >= end_us)
            return;
        start_one(write, edit_at(write, write->begun));
    }
    write->stage = commit_group_close(write->group) ? COLLECTING : WAITING;
}

/* ---- end ---- */

static void tell_kernel(TableWrite *write, const TableEdit *edit)
{
    const Row *row = cache_row(write->mount->cache, edit->row);
    Touched touched = {.row = edit->row, .listed = TRUE};

    if (row == NULL)
        return;
    touched.advertiser = row->advertiser;
    if (*row->parent != '\0')
        touched.parent = cache_find_id(write->mount->cache,
                                       &(Scope){row->kind - 1, row->advertiser, NULL}, row->parent);
    tell_touched(write->mount, &touched);
}

/* takes error */
static void note_failed(TableWrite *write, const TableEdit *edit, GError *error)
{
    g_autofree char *path = path_of_edit(write, edit);

    if (!write->stopped) /* else most were withdrawn, and whoever wants to know has gone */
        control_failed(write->mount, path != NULL ? path : "", errno_of(error), error);
    /* What was withdrawn says less than what was sent and failed. */
    if (g_error_matches(write->first, API_ERROR, API_ERROR_CANCELLED))
        g_clear_error(&write->first);
    if (write->first != NULL) {
        g_error_free(error);
        return;
    }
    g_prefix_error(&error, "line %" G_GUINT64_FORMAT ", column %s: ", edit->line,
                   edit->change.attr->name);
    write->first = error;
}

static void collect_one(TableWrite *write)
{
    Commit **commit = &write->commits[write->ended - write->of_group];
    const TableEdit *edit = edit_at(write, write->ended);
    GError *error = NULL;

    commit_ended(*commit, &error);
    g_clear_pointer(commit, commit_free);
    write->ended++;
    tell_kernel(write, edit);
    if (error == NULL)
        write->done++;
    else
        note_failed(write, edit, error);
}

/* Where none of some thousand was accepted, the others would fare no better. */
static gboolean goes_on(const TableWrite *write)
{
    return !write->stopped && write->begun < write->edits->len && write->done > write->done_before;
}

static GError *summary(TableWrite *write)
{
    guint all = write->edits->len;
    GError *error = g_steal_pointer(&write->first);
    g_autofree char *rest = NULL;

    if (write->begun < all)
        rest = g_strdup_printf("; %u were not sent", all - write->begun);
    /* Whoever is interrupted gets here only where some of it was sent, and that is never EINTR. */
    if (g_error_matches(error, API_ERROR, API_ERROR_CANCELLED))
        g_clear_error(&error);
    if (error == NULL)
        error = api_error_new(API_ERROR_BUSY, 0, NULL, "interrupted");
    g_prefix_error(&error, "%u of %u changes were made%s; the first of the others: ", write->done,
                   all, rest != NULL ? rest : "");
    return error;
}

static void finish(TableWrite *write, GError *error)
{
    write->stage = ENDED;
    write->error = error;
    if (error == NULL && write->request->file != NULL)
        table_file_note_done(write->request->file, table_plan_lines(write->plan),
                             table_plan_bytes(write->plan));
}

static void collect_some(TableWrite *write, gint64 end_us)
{
    while (write->ended < write->begun) {
        if (clock_monotonic(write->mount->clock) >= end_us)
            return;
        collect_one(write);
    }
    g_clear_pointer(&write->group, commit_group_free);
    if (goes_on(write))
        write->stage = STARTING;
    else
        finish(write, write->done < write->edits->len ? summary(write) : NULL);
}

/* ---- read ---- */

/* Each has a line in .adsfs/errors: the first of all through the reply, and so the last one there.
 */
static GError *refuse(TableWrite *write, const GPtrArray *problems)
{
    g_auto(Place) place = {0};
    g_autofree char *path = NULL;
    const char *more = problems->len == TABLE_PROBLEMS ? " or more" : "";
    const GError *first = problems->pdata[0];

    if (tree_place(write->mount, write->ino, &place))
        path = tree_path(write->mount, &place);
    for (guint i = problems->len - 1; i > 0; i--)
        control_failed(write->mount, path != NULL ? path : "", errno_of(problems->pdata[i]),
                       problems->pdata[i]);
    if (problems->len == 1)
        return api_error_new(first->code, 0, NULL, "%s. Nothing of the table was sent",
                             first->message);
    return api_error_new(first->code, 0, NULL,
                         "%s. Nothing of the table was sent; .adsfs/errors has %u%s problems of it",
                         first->message, problems->len, more);
}

static void read_some(TableWrite *write, gint64 end_us)
{
    const GPtrArray *problems;

    while (table_plan_step(write->plan))
        if (write->stopped || clock_monotonic(write->mount->clock) >= end_us)
            return;
    problems = table_plan_problems(write->plan);
    write->edits = table_plan_edits(write->plan);
    if (problems->len > 0)
        finish(write, refuse(write, problems));
    else if (write->edits->len == 0)
        finish(write, NULL);
    else
        write->stage = STARTING;
}

/* ---- turns ---- */

static gboolean on_turn(void *user_data)
{
    TableWrite *write = user_data;
    gint64 end_us = clock_monotonic(write->mount->clock) + PORTION_US;

    if (write->stage == READING)
        read_some(write, end_us);
    else if (write->stage == STARTING)
        start_some(write, end_us);
    else
        collect_some(write, end_us);
    if (write->stage != WAITING && write->stage != ENDED)
        return G_SOURCE_CONTINUE;
    write->source = 0;
    if (write->stage == ENDED)
        request_wake(write->mount, write->request);
    return G_SOURCE_REMOVE;
}

static void start_turns(TableWrite *write)
{
    write->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, write, NULL);
}

/* ---- from outside ---- */

static TableWrite *write_new(Request *request, const Place *table, int text)
{
    TableWrite *write = g_new0(TableWrite, 1);

    write->request = request;
    write->mount = request->mount;
    write->ino = table->ino;
    write->plan = table_plan_new(request->mount, table, text,
                                 request->file != NULL ? table_file_done(request->file) : 0);
    write->commits = g_new0(Commit *, AT_ONCE);
    write->number = clock_wall(request->mount->clock);
    write->author = author_of(request, NULL);
    if (request->file != NULL)
        table_file_lock(request->file, TRUE);
    start_turns(write);
    return write;
}

/* TRUE: it has ended already. */
static gboolean begin(Request *request, const Place *table, int text, Outcome *ret, GError **error)
{
    Need needs[MAX_NEEDS];

    *ret = PARK;
    if (!request_want(request, needs, tree_needs(request->mount, table, FOR_WRITING, needs), ret))
        return FALSE;
    if (tree_refuses(request->mount, table, error))
        return TRUE;
    request->table = write_new(request, table, text);
    return FALSE;
}

gboolean table_commit(Request *request, const Place *table, int text, Outcome *ret, GError **error)
{
    TableWrite *write = request->table;

    if (write == NULL)
        return begin(request, table, text, ret, error);
    request->restarts = 0;         /* it gets further each time */
    if (write->stage == WAITING) { /* woken: all have ended */
        write->stage = COLLECTING;
        start_turns(write);
    }
    *ret = PARK;
    if (write->stage != ENDED)
        return FALSE;
    if (write->error != NULL)
        g_propagate_error(error, g_error_copy(write->error));
    return TRUE;
}

gboolean table_write_stop(TableWrite *write)
{
    gboolean gone = TRUE;

    write->stopped = TRUE;
    for (guint i = write->ended; i < write->begun; i++)
        gone = commit_withdraw(write->commits[i - write->of_group]) && gone;
    if (gone && write->done == 0)
        return TRUE;
    /* What is withdrawn leaves the group without a word: perhaps nobody is left to say one. */
    if (write->stage == WAITING && commit_group_close(write->group))
        request_wake(write->mount, write->request);
    return FALSE;
}

void table_write_free(TableWrite *write)
{
    if (write == NULL)
        return;
    if (write->request->file != NULL)
        table_file_lock(write->request->file, FALSE);
    g_clear_handle_id(&write->source, g_source_remove);
    for (guint i = write->ended; i < write->begun; i++)
        commit_free(write->commits[i - write->of_group]);
    commit_group_free(write->group);
    table_plan_free(write->plan);
    author_clear(&write->author);
    g_free(write->commits);
    g_clear_error(&write->first);
    g_clear_error(&write->error);
    g_free(write);
}
