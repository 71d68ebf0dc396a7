/* SPDX-License-Identifier: MIT */
/* test-backstop.c - the share of a session, whose it is, and when it has it again. */
#include "fs/backstop.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/fake-service.h"

static const char *const metrics[] = {"spend", NULL};
static guint calls_limit, tasks_limit;

static guint windows(void *client, ClientWindow *ret, guint most)
{
    (void)client, (void)most;
    ret[0] = (ClientWindow){"app", "minute", 0, 5, 0, 0};
    ret[1] = (ClientWindow){"app", "day", 0, calls_limit, 0, 0};
    ret[2] = (ClientWindow){"report/task/create", "day", 0, tasks_limit, 0, 0};
    return 3;
}

typedef struct {
    Fake *fake;
    Options options;
    Mount mount;
    ReportQuery query;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    f->fake = fake_new_closed();
    f->fake->config.windows = windows;
    fake_open(f->fake);
    fake_add_account(f->fake);
    f->options = (Options){.report_mode = REPORT_AUTO};
    f->mount = (Mount){.options = &f->options,
                       .clock = &f->fake->clock,
                       .cache = f->fake->cache,
                       .backstop = backstop_new(&f->fake->clock)};
    f->query = (ReportQuery){.advertiser = fake_account(f->fake),
                             .shape = {.level = KIND_CAMPAIGN,
                                       .id = "campaign_id",
                                       .grain = GRAIN_DAY,
                                       .metrics = metrics},
                             .start = "2026-11-10",
                             .end = "2026-11-17"};
    calls_limit = 50; /* a share of ten */
    tasks_limit = 0;
}

static void tear_down(Fixture *f, gconstpointer data)
{
    backstop_free(f->mount.backstop);
    fake_free(f->fake);
}

static gboolean allows(Fixture *f, pid_t pid)
{
    return backstop_allows(&f->mount, pid, &f->query, NULL);
}

/* So many fetches of one call each. */
static void use(Fixture *f, pid_t pid, guint n)
{
    for (guint i = 0; i < n; i++)
        g_assert_cmpuint(backstop_begun(&f->mount, pid, &f->query), ==, 1);
}

static void test_share(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *wanted =
        g_strdup_printf("test-backstop (process %d, session %d): the reports that this session has "
                        "opened took 10 calls today, this one takes 1 or more, and a session may "
                        "take 10 (20 %% of the day's); open only reports that are needed, those "
                        "that are here can be read; go on after 00:00 UTC, or in a new session "
                        "(setsid -w COMMAND)",
                        getpid(), getsid(0));

    use(f, getpid(), 9);
    g_assert_true(allows(f, getpid()));
    use(f, getpid(), 1);
    g_assert_false(backstop_allows(&f->mount, getpid(), &f->query, &error));
    g_assert_error(error, API_ERROR, API_ERROR_BUSY);
    g_assert_cmpstr(error->message, ==, wanted);
    g_assert_true(allows(f, 0)); /* of another session */
    calls_limit = 0;
    g_assert_true(allows(f, getpid()));
}

/* A year by hour is as many calls as it has days, and is not begun where these are too many. */
static void test_least(Fixture *f, gconstpointer data)
{
    f->query.shape.grain = GRAIN_HOUR; /* eight days */
    g_assert_cmpuint(backstop_begun(&f->mount, getpid(), &f->query), ==, 8);
    g_assert_false(allows(f, getpid()));
    f->query.start = "2026-11-16";
    g_assert_true(allows(f, getpid()));
    f->query.start = "2026-10-01"; /* 48 days by day, 30 in a call */
    f->query.shape.grain = GRAIN_DAY;
    g_assert_true(allows(f, getpid()));
    g_assert_cmpuint(backstop_begun(&f->mount, getpid(), &f->query), ==, 2);
    f->query.shape.lifetime = TRUE;
    f->query.shape.grain = GRAIN_TOTAL;
    f->query.start = f->query.end;
    g_assert_cmpuint(backstop_begun(&f->mount, 0, &f->query), ==, 1);
}

/* What it took in the end is on account, and nothing twice. */
static void test_ended(Fixture *f, gconstpointer data)
{
    ReportState state = {.calls = 9};
    guint begun = backstop_begun(&f->mount, getpid(), &f->query);

    backstop_ended(&f->mount, getpid(), begun, &state);
    g_assert_true(allows(f, getpid()));
    state.calls = 1;
    begun = backstop_begun(&f->mount, getpid(), &f->query);
    backstop_ended(&f->mount, getpid(), begun, &state);
    g_assert_false(allows(f, getpid()));
}

static void test_tasks(Fixture *f, gconstpointer data)
{
    ReportState state = {.calls = 1, .tasks = 2};
    g_autoptr(GError) error = NULL;

    tasks_limit = 10;
    g_assert_true(allows(f, getpid()));
    backstop_ended(&f->mount, getpid(), 1, &state);
    g_assert_false(backstop_allows(&f->mount, getpid(), &f->query, &error));
    g_assert_nonnull(strstr(error->message, "took 2 tasks today"));
    f->options.report_mode = REPORT_SYNC;
    g_assert_true(allows(f, getpid()));
    f->options.report_mode = REPORT_AUTO;
    f->query.shape.filtering = "[]"; /* can be no task */
    g_assert_true(allows(f, getpid()));
}

/* What takes no call is nobody's. */
static void test_here(Fixture *f, gconstpointer data)
{
    Waiter waiter = {f, f->fake->mono};

    use(f, getpid(), 10);
    g_assert_false(allows(f, getpid()));
    while (cache_want_report(f->fake->cache, &f->query, &waiter, NULL) == CACHE_WAIT)
        fake_run(f->fake);
    g_assert_true(allows(f, getpid()));
}

static void test_day(Fixture *f, gconstpointer data)
{
    gint64 day_us = (gint64)86400 * SECOND;

    use(f, getpid(), 10);
    f->fake->wall += day_us - f->fake->wall % day_us - 1;
    use(f, getpid(), 10);
    g_assert_false(allows(f, getpid()));
    f->fake->wall += 1;
    g_assert_true(allows(f, getpid()));
}

/* A process with a session of its own, which waits to be ended. */
static pid_t new_session(void)
{
    int ready[2];
    char byte;
    pid_t pid;

    g_assert_cmpint(pipe(ready), ==, 0);
    pid = fork();
    if (pid == 0) {
        setsid();
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(0);
    }
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void end_session(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* However many come and go: the one that has used much is remembered. */
static void test_many(Fixture *f, gconstpointer data)
{
    use(f, getpid(), 10);
    for (guint i = 0; i < 1100; i++) {
        pid_t pid = new_session();

        g_assert_true(allows(f, pid));
        use(f, pid, 1);
        end_session(pid);
    }
    g_assert_cmpuint(backstop_n_sessions(f->mount.backstop), ==, 1024);
    g_assert_false(allows(f, getpid()));
}

static void add(const char *name, void (*test)(Fixture *f, gconstpointer data))
{
    g_test_add(name, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/backstop/a-fifth-of-the-day", test_share);
    add("/backstop/not-begun-when-it-takes-more", test_least);
    add("/backstop/what-it-took", test_ended);
    add("/backstop/tasks-are-counted-too", test_tasks);
    add("/backstop/what-is-here-is-free", test_here);
    add("/backstop/until-midnight-utc", test_day);
    add("/backstop/a-bounded-table", test_many);
    return g_test_run();
}
