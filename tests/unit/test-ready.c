/* SPDX-License-Identifier: MIT */
/* test-ready.c - what is ready is run in the order it came, a portion a turn. */
#include "fs/ready.h"

#include "tests/unit/fake-service.h"

typedef struct Job Job;

typedef struct {
    Fake *fake;
    Ready *ready;
    Job *jobs[8];
    GString *ran;
} Line;

struct Job {
    Line *line;
    ReadyItem item;
    char name;
    gint64 takes_us;
    Job *removes, *adds; /* when it is run */
};

static void run_job(void *data)
{
    Job *job = data;
    Line *line = job->line;

    g_string_append_c(line->ran, job->name);
    fake_later(line->fake, job->takes_us);
    if (job->removes != NULL)
        ready_remove(line->ready, &job->removes->item);
    if (job->adds != NULL)
        ready_add(line->ready, &job->adds->item, job->adds);
}

static void set_up(Line *line, const void *data)
{
    line->fake = fake_new();
    line->ready = ready_new(&line->fake->clock, run_job);
    line->ran = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(line->jobs); i++) {
        line->jobs[i] = g_new0(Job, 1);
        line->jobs[i]->line = line;
        line->jobs[i]->name = (char)('a' + i);
    }
}

static void tear_down(Line *line, const void *data)
{
    ready_free(line->ready);
    for (guint i = 0; i < G_N_ELEMENTS(line->jobs); i++)
        g_free(line->jobs[i]);
    g_string_free(line->ran, TRUE);
    fake_free(line->fake);
}

static void add_all(Line *line)
{
    for (guint i = 0; i < G_N_ELEMENTS(line->jobs); i++)
        ready_add(line->ready, &line->jobs[i]->item, line->jobs[i]);
}

static void turn(void)
{
    g_main_context_iteration(NULL, FALSE);
}

static void test_order(Line *line, const void *data)
{
    add_all(line);
    ready_add(line->ready, &line->jobs[0]->item, line->jobs[0]); /* is in it */
    g_assert_cmpstr(line->ran->str, ==, "");                     /* not by whoever adds */
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcdefgh");
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcdefgh");
    ready_add(line->ready, &line->jobs[0]->item, line->jobs[0]);
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcdefgha");
}

/* When a portion is over the others wait for the next turn; one job is done in any. */
static void test_portions(Line *line, const void *data)
{
    for (guint i = 0; i < 4; i++)
        line->jobs[i]->takes_us = PORTION_US / 2;
    line->jobs[4]->takes_us = 3 * PORTION_US;
    add_all(line);
    turn();
    g_assert_cmpstr(line->ran->str, ==, "ab");
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcd");
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcde");
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abcdefgh");
}

static void test_changes(Line *line, const void *data)
{
    line->jobs[1]->removes = line->jobs[2];
    line->jobs[3]->adds = line->jobs[0];
    add_all(line);
    ready_remove(line->ready, &line->jobs[7]->item);
    ready_remove(line->ready, &line->jobs[7]->item);
    turn();
    g_assert_cmpstr(line->ran->str, ==, "abdefga");
}

/* Who is still in the line when it ends is not run. */
static void test_end(Line *line, const void *data)
{
    add_all(line);
    ready_free(line->ready);
    line->ready = NULL;
    turn();
    g_assert_cmpstr(line->ran->str, ==, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define add(path, test) g_test_add(path, Line, NULL, set_up, test, tear_down)
    add("/ready/in-order-and-once", test_order);
    add("/ready/a-portion-a-turn", test_portions);
    add("/ready/one-that-runs-takes-others-out-and-puts-them-in", test_changes);
    add("/ready/who-is-left-at-the-end-is-not-run", test_end);
#undef add
    return g_test_run();
}
