/* SPDX-License-Identifier: MIT */
/* test-report-state.c - how old a report is, what of it is frozen, what it took. */
#include "tests/unit/report-account.h"

static ReportState state_since(Fixture *f, gint64 since_us)
{
    guint n_calls = f->fake->calls->len;
    ReportState state;

    cache_report_state(f->fake->cache, &f->query, since_us, &state);
    g_assert_cmpuint(f->fake->calls->len, ==, n_calls);
    return state;
}

static ReportState state_of(Fixture *f)
{
    return state_since(f, 0);
}

static void test_never(Fixture *f, gconstpointer data)
{
    ReportState state = state_of(f);

    g_assert_false(state.here);
    g_assert_cmpint(state.fetched_us, ==, 0);
    g_assert_cmpuint(state.calls, ==, 0);
    g_assert_cmpstr(state.frozen_until, ==, "");
}

static void test_ages(Fixture *f, gconstpointer data)
{
    gint64 fetched_us = f->fake->wall;

    have(f);
    fake_later(f->fake, 899 * SECOND);
    g_assert_true(state_of(f).here);
    g_assert_cmpint(state_of(f).fetched_us, ==, fetched_us);
    fake_later(f->fake, 2 * SECOND);
    g_assert_false(state_of(f).here);
    g_assert_cmpint(state_of(f).fetched_us, ==, fetched_us);
    fake_reopen(f->fake);
    g_assert_cmpint(state_of(f).fetched_us, ==, fetched_us);
    f->query.start = "2026-11-09"; /* a day more: not all of it was */
    g_assert_cmpint(state_of(f).fetched_us, ==, 0);
}

static void test_frozen(Fixture *f, gconstpointer data)
{
    gint64 first_us = f->fake->wall;

    f->query.start = "2026-10-01";
    have(f);
    g_assert_cmpstr(state_of(f).frozen_until, ==, "2026-10-20");
    fake_later(f->fake, 901 * SECOND);
    have(f); /* those that can change */
    g_assert_cmpint(state_of(f).fetched_us, ==, first_us + 901 * SECOND);
    f->query.end = "2026-10-15";
    g_assert_true(state_of(f).here);
    g_assert_cmpint(state_of(f).fetched_us, ==, first_us);
    g_assert_cmpstr(state_of(f).frozen_until, ==, "2026-10-15");
    fake_later(f->fake, (gint64)400 * 86400 * SECOND);
    g_assert_true(state_of(f).here);
}

static void test_totals(Fixture *f, gconstpointer data)
{
    f->query.shape.grain = GRAIN_TOTAL;
    have(f);
    g_assert_true(state_of(f).here);
    g_assert_cmpint(state_of(f).fetched_us, ==, f->fake->wall);
    g_assert_cmpstr(state_of(f).frozen_until, ==, "");
    f->query.start = "2026-09-01";
    f->query.end = "2026-09-30";
    g_assert_false(state_of(f).here);
    have(f);
    g_assert_cmpstr(state_of(f).frozen_until, ==, "2026-09-30");
}

static void test_calls(Fixture *f, gconstpointer data)
{
    gint64 began_us = f->fake->mono;

    for (guint i = 0; i < 2500; i++) {
        g_autofree char *id = g_strdup_printf("%u", 1000 + i);

        add(f, id, "2026-11-10", "1");
    }
    have(f);
    g_assert_cmpuint(f->fake->calls->len, ==, 3);
    g_assert_cmpuint(state_since(f, began_us).calls, ==, 3);
    g_assert_cmpuint(state_since(f, began_us + 1).calls, ==, 0);
    fake_later(f->fake, 901 * SECOND);
    began_us = f->fake->mono;
    have(f);
    g_assert_cmpuint(state_since(f, began_us).calls, ==, 3);
}

/* What was fetched for a sibling is there for this one too. */
static void test_slice(Fixture *f, gconstpointer data)
{
    gint64 began_us = f->fake->mono;

    have(f); /* the whole level */
    f->query.shape.object_kind = KIND_CAMPAIGN;
    f->query.shape.object_id = "1001";
    g_assert_true(state_of(f).here);
    g_assert_cmpint(state_of(f).fetched_us, ==, f->fake->wall);
    g_assert_cmpuint(state_since(f, began_us).calls, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/report-state/never-fetched", Fixture, NULL, set_up, test_never, tear_down);
    g_test_add("/report-state/ages", Fixture, NULL, set_up, test_ages, tear_down);
    g_test_add("/report-state/frozen-days", Fixture, NULL, set_up, test_frozen, tear_down);
    g_test_add("/report-state/totals", Fixture, NULL, set_up, test_totals, tear_down);
    g_test_add("/report-state/calls", Fixture, NULL, set_up, test_calls, tear_down);
    g_test_add("/report-state/a-slice", Fixture, NULL, set_up, test_slice, tear_down);
    return g_test_run();
}
