/* SPDX-License-Identifier: MIT */
/* test-recover.c - what a dead daemon meant is settled by the next one, by what the objects hold.
 */
#include "cache/internal.h"
#include "cache/journal-daemon.h"
#include "cache/recover.h"
#include "cache/state-file.h"
#include "tests/unit/fake-service.h"
#include <unistd.h>

#define DEAD "another-boot pid:[1] 1 1"

/* ---- the decision ---- */

typedef struct {
    const char *name, *member, *before, *after, *object;
    gboolean amount;
    JournalOutcome outcome;
    const char *found;
} Case;

/* clang-format off */
static const Case cases[] = {
    {"made", "budget", "500", "600.50", "{\"budget\":600.5}", TRUE, JOURNAL_DONE, "600.5"},
    {"not-made", "budget", "500.00", "600", "{\"budget\":500}", TRUE, JOURNAL_REFUSED, "500"},
    {"something-else", "budget", "500", "600", "{\"budget\":550}", TRUE, JOURNAL_DIFFERS, "550"},
    {"a-name", "campaign_name", "1", "1.0", "{\"campaign_name\":\"1\"}", FALSE, JOURNAL_REFUSED, "1"},
    {"had-none", "bid_price", NULL, "2", "{\"budget\":1}", TRUE, JOURNAL_REFUSED, NULL},
    {"has-none", "bid_price", "1", "2", "{\"bid_price\":null}", TRUE, JOURNAL_DIFFERS, NULL},
    {"gone", "operation_status", "ENABLE", "DISABLE", NULL, FALSE, JOURNAL_DIFFERS, NULL},
    {"deleted", "operation_status", "ENABLE", "DELETE", NULL, FALSE, JOURNAL_DONE, NULL},
    {"not-deleted", "operation_status", "ENABLE", "DELETE", "{\"operation_status\":\"DISABLE\"}", FALSE,
     JOURNAL_REFUSED, "DISABLE"},
    {"planned", "scheduled_budget", "0", "60", "{\"budget\":50,\"scheduled_budget\":60}", TRUE,
     JOURNAL_DONE, "60"},
    {"not-planned", "scheduled_budget", "0", "60", "{\"budget\":50,\"scheduled_budget\":0}", TRUE,
     JOURNAL_REFUSED, "0"},
    {"planned-and-in-force", "scheduled_budget", "0", "60", "{\"budget\":60,\"scheduled_budget\":0}", TRUE,
     JOURNAL_DONE, "0"},
};
/* clang-format on */

static void test_decide(const void *data)
{
    const Case *item = data;
    Intent intent = {.member = item->member,
                     .amount = item->amount,
                     .before = item->before,
                     .after = item->after};
    g_autoptr(Object) object = item->object ? object_new(item->object, -1, NULL) : NULL;
    const char *found = "unset";

    g_assert_cmpstr(journal_word(recover_decide(&intent, object, &found)), ==,
                    journal_word(item->outcome));
    g_assert_cmpstr(found, ==, item->found);
}

/* ---- what is done ---- */

typedef struct {
    Fake *fake;
    gint64 account;
    sqlite3 *db;
    guint calls; /* that were made before */
} Fixture;

static void set_up(Fixture *f, const void *data)
{
    (void)data;
    *f = (Fixture){.fake = fake_new_closed()};
    fake_add_account(f->fake);
    fake_add_campaigns(f->fake, 250); /* 1000 to 1249, with a budget of 500.10 */
    f->db = state_file_open(f->fake->dir, NULL);
    g_assert_nonnull(f->db);
}

static void tear_down(Fixture *f, const void *data)
{
    (void)data;
    sqlite3_close_v2(f->db);
    fake_free(f->fake);
}

static gint64 note(Fixture *f, const char *id, const char *after, const char *daemon,
                   const char *outcome)
{
    g_autoptr(GError) error = NULL;

    sql_run(f->db, &error,
            "INSERT INTO journal(meant, daemon, uid, pid, kind, advertiser, object, member, amount,"
            " before, after, batch, undoes, outcome) VALUES(1, ?1, 0, 0, ?2, '" ACCOUNT "', ?3,"
            " 'budget', 1, '400', ?4, 0, 0, ?5)",
            "tittt", daemon, (gint64)KIND_CAMPAIGN, id, after, outcome);
    g_assert_no_error(error);
    return sqlite3_last_insert_rowid(f->db);
}

static void mount(Fixture *f)
{
    fake_open(f->fake);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    f->calls = f->fake->calls->len;
}

/* As much as happens without time passing. */
static void turn(Fixture *f)
{
    gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC * 6 / 10;

    while (g_get_monotonic_time() < end) {
        fake_run(f->fake);
        g_usleep(5000);
    }
}

static void pass(Fixture *f, guint seconds)
{
    turn(f);
    fake_later(f->fake, seconds * SECOND);
    turn(f);
}

static guint asked(const Fixture *f)
{
    return f->fake->calls->len - f->calls;
}

static void check(Fixture *f, gint64 entry, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3_stmt) row = sql_prepare(
        f->db, &error, "SELECT outcome || ifnull(' ' || found, '') FROM journal WHERE id = ?1", "i",
        entry);

    g_assert_no_error(error);
    g_assert_true(sql_step(row, &error));
    g_assert_cmpstr(sql_text(row, 0), ==, expected);
}

static void test_settled(Fixture *f, const void *data)
{
    gint64 made = note(f, "1001", "500.1", DEAD, "intent");
    gint64 other = note(f, "1002", "600", DEAD, "unknown");
    gint64 gone = note(f, "99", "600", DEAD, "intent");
    ListingState state;

    (void)data;
    mount(f);
    pass(f, 4);
    g_assert_cmpuint(asked(f), ==, 0);
    check(f, made, "intent");
    pass(f, 2);
    g_assert_cmpuint(asked(f), ==, 1);
    check(f, made, "done");
    check(f, other, "differs 500.10");
    check(f, gone, "differs");
    cache_object_state(f->fake->cache, LISTING_CAMPAIGNS, f->account, "1001", &state);
    g_assert_false(state.fresh);
    pass(f, 3000);
    g_assert_cmpuint(asked(f), ==, 1);
}

static void test_a_hundred_a_call(Fixture *f, const void *data)
{
    (void)data;
    for (guint i = 0; i < 250; i++) {
        g_autofree char *id = g_strdup_printf("%u", 1000 + i);
        note(f, id, "500.10", DEAD, "intent");
    }
    mount(f);
    pass(f, 6);
    turn(f);
    g_assert_cmpuint(asked(f), ==, 3);
    for (guint i = 0; i < asked(f); i++) {
        const FakeCall *call = f->fake->calls->pdata[f->calls + i];
        g_assert_cmpint(call->priority, ==, CALL_BACKGROUND);
    }
    for (gint64 i = 1; i <= 250; i++)
        check(f, i, "done");
}

/* What was written since then says nothing of it, and is left alone. */
static void test_overtaken(Fixture *f, const void *data)
{
    gint64 old = note(f, "1001", "450", DEAD, "intent");
    gint64 newer = note(f, "1001", "500.10", DEAD, "done");
    gint64 two = note(f, "1002", "500.10", DEAD, "unknown");
    gint64 three = note(f, "1002", "500.10", DEAD, "intent");

    (void)data;
    mount(f);
    pass(f, 6);
    turn(f);
    check(f, old, "overtaken");
    check(f, newer, "done");
    check(f, three, "done");
    check(f, two, "overtaken");
}

static void test_the_living_settle_theirs(Fixture *f, const void *data)
{
    g_autofree char *parent = daemon_name(getppid()), *own = daemon_name(getpid());
    gint64 theirs = note(f, "1001", "500.10", parent, "intent");
    gint64 ours = note(f, "1002", "500.10", own, "unknown");
    gint64 before_ours = note(f, "1003", "500.10", DEAD, "intent");
    gint64 after_it = note(f, "1003", "500.10", own, "intent");

    (void)data;
    mount(f);
    pass(f, 6);
    turn(f);
    check(f, theirs, "intent");
    check(f, ours, "unknown");
    check(f, before_ours, "intent");
    g_assert_true(sql_run(f->db, NULL, "UPDATE journal SET outcome = 'refused' WHERE id = ?1", "i",
                          after_it));
    pass(f, 400);
    turn(f);
    check(f, before_ours, "done");
}

static void test_unreachable(Fixture *f, const void *data)
{
    gint64 entry = note(f, "1001", "500.10", DEAD, "intent");
    guint n;

    (void)data;
    mount(f);
    fake_fail(f->fake, API_ERROR_UNREACHABLE);
    pass(f, 6);
    n = asked(f);
    g_assert_cmpuint(n, ==, 1);
    pass(f, 6);
    g_assert_cmpuint(asked(f), ==, 2);
    pass(f, 6); /* the next pause is longer */
    g_assert_cmpuint(asked(f), ==, 2);
    check(f, entry, "intent");
    fake_work(f->fake);
    pass(f, 10);
    check(f, entry, "done");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strconcat("/recover/decide/", cases[i].name, NULL);
        g_test_add_data_func(name, &cases[i], test_decide);
    }
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
    ADD("/recover/settled-by-the-next-mount", test_settled);
    ADD("/recover/a-hundred-a-call", test_a_hundred_a_call);
    ADD("/recover/overtaken", test_overtaken);
    ADD("/recover/the-living-settle-theirs", test_the_living_settle_theirs);
    ADD("/recover/unreachable-is-tried-again", test_unreachable);
    return g_test_run();
}
