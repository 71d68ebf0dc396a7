/* SPDX-License-Identifier: MIT */
/* test-journal.c - what is noted is on the disk, in few transactions, and what can not be noted is
   refused. */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/error.h"
#include "cache/journal-daemon.h"
#include "cache/journal.h"
#include "cache/state-file.h"
#include "cache/store.h"

enum { MANY = 50 };

typedef struct {
    char *dir;
    Journal *journal;
    sqlite3 *reader;
    Clock clock;
    gint64 now_us;
    guint n_settled;
} Fixture;

typedef struct {
    gboolean done;
    gint64 entry;
    GError *error;
} Noted;

static gint64 now(void *user_data)
{
    return ((Fixture *)user_data)->now_us;
}

static void open_journal(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    f->journal = journal_new(f->dir, NULL, &f->clock, &error);
    g_assert_no_error(error);
    f->reader = state_file_open_reader(f->dir, &error);
    g_assert_no_error(error);
}

static void close_journal(Fixture *f)
{
    g_clear_pointer(&f->journal, journal_free);
    g_clear_pointer(&f->reader, sqlite3_close_v2);
}

static void set_up(Fixture *f, const void *data)
{
    (void)data;
    *f = (Fixture){.dir = g_dir_make_tmp("adsfs-XXXXXX", NULL),
                   .now_us = G_GINT64_CONSTANT(1795000000) * G_USEC_PER_SEC};
    f->clock = (Clock){now, now, f};
    open_journal(f);
}

static void tear_down(Fixture *f, const void *data)
{
    GDir *dir;
    const char *name;

    (void)data;
    close_journal(f);
    dir = g_dir_open(f->dir, 0, NULL);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(f->dir, name, NULL);
        g_unlink(path);
    }
    g_dir_close(dir);
    g_rmdir(f->dir);
    g_free(f->dir);
}

static void on_noted(void *user_data, gint64 entry, const GError *error)
{
    Noted *noted = user_data;

    g_assert_false(noted->done);
    noted->done = TRUE;
    noted->entry = entry;
    noted->error = error ? g_error_copy(error) : NULL;
}

static void on_settled(void *user_data)
{
    ((Fixture *)user_data)->n_settled++;
}

static Intent an_intent(const char *id)
{
    return (Intent){.author = {1000, 4711, "echo", "7/campaigns/1/budget"},
                    .kind = KIND_CAMPAIGN,
                    .advertiser_id = "7",
                    .id = id,
                    .member = "budget",
                    .amount = TRUE,
                    .before = "500.10",
                    .after = "600"};
}

static void intend(Fixture *f, const char *id, Noted *noted)
{
    Intent intent = an_intent(id);

    *noted = (Noted){.done = FALSE};
    journal_intend(f->journal, &intent, on_noted, noted);
    g_assert_false(noted->done);
}

static void until(const gboolean *done)
{
    while (!*done)
        g_main_context_iteration(NULL, TRUE);
}

static gint64 noted_entry(Noted *noted)
{
    until(&noted->done);
    g_assert_no_error(noted->error);
    g_assert_cmpint(noted->entry, >, 0);
    return noted->entry;
}

static void check_refused(Noted *noted, ApiErrorKind kind, const char *text)
{
    until(&noted->done);
    g_assert_error(noted->error, API_ERROR, (int)kind);
    g_assert_nonnull(strstr(noted->error->message, text));
    g_assert_cmpint(noted->entry, ==, 0);
    g_clear_error(&noted->error);
}

static void settle(Fixture *f, gint64 entry, const Verdict *verdict)
{
    guint before = f->n_settled;

    journal_settle(f->journal, entry, verdict, on_settled, f);
    while (f->n_settled == before)
        g_main_context_iteration(NULL, TRUE);
}

static gint64 number(Fixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 value = -1;

    sql_number(f->reader, &value, &error, sql, "");
    g_assert_no_error(error);
    return value;
}

static void check_row(Fixture *f, const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3_stmt) row = sql_prepare(f->reader, &error, sql, "");

    g_assert_no_error(error);
    g_assert_true(sql_step(row, &error));
    g_assert_cmpstr(sql_text(row, 0), ==, expected);
}

/* ---- what is noted ---- */

static void test_kept(Fixture *f, const void *data)
{
    g_autoptr(GError) failure = api_error_new(API_ERROR_MISMATCH, 40002, "r-9", "it reads 550");
    Verdict verdict = {JOURNAL_DIFFERS, failure, "550", NULL};
    Noted noted;
    gint64 entry;

    (void)data;
    intend(f, "1", &noted);
    entry = noted_entry(&noted);
    check_row(f,
              "SELECT format('%d|%d|%d|%s|%s|%d|%s|%s|%s|%d|%s|%s|%d|%d|%s|%d', meant, uid, pid,"
              " command, path, kind, advertiser, object, member, amount, before, after, batch,"
              " undoes, outcome, settled) FROM journal",
              "1795000000000000|1000|4711|echo|7/campaigns/1/budget|2|7|1|budget|1|500.10|600|0|0|"
              "intent|0");
    f->now_us += 5;
    settle(f, entry, &verdict);
    check_row(f,
              "SELECT format('%s|%d|%d|%s|%s|%s', outcome, settled, code, message, request_id,"
              " found) FROM journal",
              "differs|1795000000000005|40002|it reads 550|r-9|550");
}

static void test_numbers_are_not_reused(Fixture *f, const void *data)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = state_file_open(f->dir, &error);
    Noted noted;
    gint64 first;

    (void)data;
    intend(f, "1", &noted);
    first = noted_entry(&noted);
    g_assert_true(sql_run(db, &error, "DELETE FROM journal", ""));
    sqlite3_close_v2(db);
    intend(f, "1", &noted);
    g_assert_cmpint(noted_entry(&noted), >, first);
}

/* A daemon that ends leaves no verdict behind, and means nothing any more. */
static void test_the_end(Fixture *f, const void *data)
{
    Verdict verdict = {.outcome = JOURNAL_DONE};
    Noted noted, late;
    gint64 entry;

    (void)data;
    intend(f, "1", &noted);
    entry = noted_entry(&noted);
    journal_settle(f->journal, entry, &verdict, NULL, NULL);
    journal_settle(f->journal, entry, &verdict, on_settled, f);
    intend(f, "2", &late);
    g_clear_pointer(&f->journal, journal_free);
    g_assert_cmpuint(f->n_settled, ==, 0);
    g_assert_false(late.done);
    check_row(f, "SELECT group_concat(outcome) FROM journal", "done");
}

static guint32 big_endian(const char *at)
{
    guint32 value;

    memcpy(&value, at, sizeof value);
    return GUINT32_FROM_BE(value);
}

/* Transactions in the log: a frame that ends one holds the size of the file. */
static guint count_transactions(Fixture *f)
{
    g_autofree char *path = state_file_path(f->dir), *wal = g_strconcat(path, "-wal", NULL);
    g_autofree char *text = NULL;
    gsize length, step;
    guint n = 0;

    g_assert_true(g_file_get_contents(wal, &text, &length, NULL));
    step = 24 + big_endian(text + 8);
    for (gsize at = 32; at + step <= length; at += step)
        if (big_endian(text + at + 4) != 0 && memcmp(text + at + 8, text + 16, 8) == 0)
            n++;
    return n;
}

static void test_many_share_a_transaction(Fixture *f, const void *data)
{
    Noted noted[MANY + 1];
    guint before;

    (void)data;
    intend(f, "0", &noted[MANY]);
    noted_entry(&noted[MANY]);
    before = count_transactions(f);
    g_assert_cmpuint(before, >, 0);
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *id = g_strdup_printf("%u", i);
        intend(f, id, &noted[i]);
    }
    for (guint i = 0; i < MANY; i++)
        noted_entry(&noted[i]);
    g_assert_cmpint(number(f, "SELECT count(*) FROM journal"), ==, MANY + 1);
    g_assert_cmpuint(count_transactions(f), ==, before + 2);
}

/* ---- what can not be noted ---- */

/* A file of another name in its place is as bad as a full disk: nothing would last. */
static void test_not_writable(Fixture *f, const void *data)
{
    g_autofree char *path = state_file_path(f->dir), *away = g_strconcat(path, ".away", NULL);
    Verdict verdict = {.outcome = JOURNAL_DONE};
    Noted noted;
    gint64 entry;

    (void)data;
    intend(f, "1", &noted);
    entry = noted_entry(&noted);
    g_assert_cmpint(g_rename(path, away), ==, 0);
    g_test_expect_message("adsfs", G_LOG_LEVEL_MESSAGE, "*can not be written*");
    intend(f, "2", &noted);
    check_refused(&noted, API_ERROR_READ_ONLY, "nothing was sent");
    g_test_assert_expected_messages();
    settle(f, entry, &verdict);
    g_assert_cmpint(g_rename(away, path), ==, 0);
    check_row(f, "SELECT group_concat(outcome) FROM journal", "intent");

    g_test_expect_message("adsfs", G_LOG_LEVEL_MESSAGE, "*can be written again*");
    intend(f, "3", &noted);
    noted_entry(&noted);
    g_test_assert_expected_messages();
    check_row(f, "SELECT group_concat(outcome) FROM journal", "done,intent");
}

static void test_locked(Fixture *f, const void *data)
{
    sqlite3 *other = state_file_open(f->dir, NULL);
    Noted noted;

    (void)data;
    g_assert_true(sql_run(other, NULL, "BEGIN IMMEDIATE", ""));
    intend(f, "1", &noted);
    g_usleep(50000);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_false(noted.done);
    g_assert_true(sql_run(other, NULL, "COMMIT", ""));
    noted_entry(&noted);
    sqlite3_close_v2(other);
}

static void test_no_database(Fixture *f, const void *data)
{
    g_autofree char *path = state_file_path(f->dir), *bad = g_strconcat(path, ".bad", NULL);
    g_autofree char *text = NULL;
    Noted noted;

    (void)data;
    close_journal(f);
    g_assert_true(g_file_set_contents(path, "no database, but long enough to be read", -1, NULL));
    g_test_expect_message("adsfs", G_LOG_LEVEL_MESSAGE, "*can not be used and is made anew*");
    open_journal(f);
    g_test_assert_expected_messages();
    g_assert_true(g_file_get_contents(bad, &text, NULL, NULL));
    intend(f, "1", &noted);
    noted_entry(&noted);
}

/* One note of a transaction is refused, the others are not. */
static void test_guards_that_count(Fixture *f, const void *data)
{
    static const Guards guards = {.max_changes_per_hour = 2};
    Noted noted[3];

    (void)data;
    journal_free(f->journal);
    f->journal = journal_new(f->dir, &guards, &f->clock, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(noted); i++)
        intend(f, "1", &noted[i]);
    noted_entry(&noted[0]);
    noted_entry(&noted[1]);
    check_refused(&noted[2], API_ERROR_BUSY, "max_changes_per_hour");
    g_assert_cmpint(number(f, "SELECT count(*) FROM journal"), ==, 2);
}

/* ---- another mount ---- */

static pid_t start_other(void)
{
    pid_t child = fork();

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* when a test fails */
        pause();
        _exit(0);
    }
    return child;
}

static void end_other(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void note_other(Fixture *f, const char *daemon, const char *outcome)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = state_file_open(f->dir, &error);

    sql_run(db, &error,
            "INSERT INTO journal(meant, daemon, uid, pid, kind, advertiser, object, member, amount,"
            " after, batch, undoes, outcome, settled) VALUES(?1, ?2, 0, 0, 1, '7', '1', 'budget',"
            " 1, '5', 0, 0, ?3, iif(?3 = 'intent', 0, ?1))",
            "itt", f->now_us, daemon, outcome);
    g_assert_no_error(error);
    sqlite3_close_v2(db);
}

static void run_for(guint ms)
{
    gint64 end = g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND;

    while (g_get_monotonic_time() < end) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
    }
}

static void test_another_mount_is_waited_for(Fixture *f, const void *data)
{
    pid_t child = start_other();
    g_autofree char *other = daemon_name(child);
    Noted same, free_one;

    (void)data;
    note_other(f, other, "intent");
    intend(f, "1", &same);
    intend(f, "2", &free_one);
    noted_entry(&free_one);
    run_for(250);
    g_assert_false(same.done);
    end_other(child);
    noted_entry(&same);
}

static void test_not_for_ever(Fixture *f, const void *data)
{
    pid_t child = start_other();
    g_autofree char *other = daemon_name(child);
    Noted noted;

    (void)data;
    note_other(f, other, "intent");
    intend(f, "1", &noted);
    run_for(50);
    f->now_us += 61 * G_USEC_PER_SEC;
    check_refused(&noted, API_ERROR_BUSY, "another mount");
    end_other(child);
}

static void test_read_before_another_changed_it(Fixture *f, const void *data)
{
    Intent intent = an_intent("1");
    Noted noted = {.done = FALSE}, again = {.done = FALSE};

    (void)data;
    note_other(f, "a-daemon that is not", "done");
    intent.read_us = f->now_us - 1;
    journal_intend(f->journal, &intent, on_noted, &noted);
    check_refused(&noted, API_ERROR_STALE, "another mount");
    intent.read_us = f->now_us + 1;
    journal_intend(f->journal, &intent, on_noted, &again);
    noted_entry(&again);
}

static void test_names_of_daemons(void)
{
    pid_t child = start_other();
    g_autofree char *own = daemon_name(getpid()), *other = daemon_name(child);
    g_autofree char *later = g_strconcat(other, "1", NULL), *elsewhere = NULL;

    g_assert_cmpstr(own, !=, other);
    g_assert_true(daemon_is_alive(own, 0));
    g_assert_true(daemon_is_alive(other, 0));
    g_assert_false(daemon_is_alive(later, 0));
    g_assert_false(daemon_is_alive("another-boot pid:[1] 1 1", 0));
    elsewhere = g_strdup_printf("%.*s pid:[1] 1 1", (int)strcspn(own, " "), own);
    g_assert_true(daemon_is_alive(elsewhere, 599 * G_USEC_PER_SEC));
    g_assert_false(daemon_is_alive(elsewhere, 601 * G_USEC_PER_SEC));
    kill(child, SIGKILL);
    while (daemon_is_alive(other, 0)) /* and then it is a zombie */
        g_usleep(1000);
    waitpid(child, NULL, 0);
    g_assert_false(daemon_is_alive(other, 0));
}

/* ---- old entries ---- */

static void test_pruned(Fixture *f, const void *data)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = state_file_open(f->dir, &error);
    Noted noted;

    (void)data;
    sql_run(db, &error,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100009)"
            " INSERT INTO journal(meant, daemon, uid, pid, kind, advertiser, object, member,"
            " amount, after, batch, undoes, outcome) SELECT iif(i % 2, 0, ?1), 'd', 0, 0, 1, '7',"
            " '9', 'budget', 1, '5', 0, 0, 'done' FROM n",
            "i", f->now_us);
    g_assert_no_error(error);
    sqlite3_close_v2(db);
    close_journal(f);
    open_journal(f);
    intend(f, "1", &noted);
    noted_entry(&noted);
    g_clear_pointer(&f->journal, journal_free); /* a write overtakes it */
    /* Of the first nine the old ones are gone, and none of the others. */
    g_assert_cmpint(number(f, "SELECT count(*) FROM journal"), ==, 100010 - 5);
    g_assert_cmpint(number(f, "SELECT min(id) FROM journal"), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/journal/all-of-it-is-kept", test_kept);
    ADD("/journal/numbers-are-not-reused", test_numbers_are_not_reused);
    ADD("/journal/verdicts-are-written-at-the-end", test_the_end);
    ADD("/journal/many-share-a-transaction", test_many_share_a_transaction);
    ADD("/journal/not-writable-then-writable", test_not_writable);
    ADD("/journal/locked-for-a-while", test_locked);
    ADD("/journal/no-database-is-put-aside", test_no_database);
    ADD("/journal/guards-that-count", test_guards_that_count);
    ADD("/journal/another-mount-is-waited-for", test_another_mount_is_waited_for);
    ADD("/journal/but-not-for-ever", test_not_for_ever);
    ADD("/journal/read-before-another-changed-it", test_read_before_another_changed_it);
    g_test_add_func("/journal/names-of-daemons", test_names_of_daemons);
    ADD("/journal/old-entries-are-pruned", test_pruned);
    return g_test_run();
}
