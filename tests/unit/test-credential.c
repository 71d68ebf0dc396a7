/* SPDX-License-Identifier: MIT */
/* test-credential.c - calls wait while a token is renewed, and none is sent with a wrong one. */
#include "tests/unit/world.h"

enum { N_CALLS = 50 };

typedef struct {
    World world;
    guint n_asked;
    Outcome outcomes[N_CALLS];
} Fixture;

static void on_renew(void *user_data)
{
    ((Fixture *)user_data)->n_asked++;
}

/* life_s: of the first token; 0 = no end. */
static void set_up(Fixture *fixture, gboolean renewable, gint64 life_s)
{
    *fixture = (Fixture){.n_asked = 0};
    world_init(&fixture->world, 0, 0);
    credential_init(&fixture->world.client->credential, renewable);
    fixture->world.client->renew = on_renew;
    fixture->world.client->renew_data = fixture;
    g_assert_true(client_set_token(fixture->world.client, "t0ken-1",
                                   life_s != 0 ? fixture->world.now_us + life_s * second_us : 0,
                                   NULL));
}

static void tear_down(Fixture *fixture)
{
    for (guint i = 0; i < N_CALLS; i++)
        g_clear_error(&fixture->outcomes[i].error);
    world_clear(&fixture->world);
}

static Outcome *one_call(Fixture *fixture, guint index)
{
    read_call(&fixture->world, &fixture->outcomes[index]);
    settle(&fixture->world);
    return &fixture->outcomes[index];
}

static void set_token(Fixture *fixture, const char *token, gint64 life_s)
{
    g_assert_true(client_set_token(fixture->world.client, token,
                                   fixture->world.now_us + life_s * second_us, NULL));
    settle(&fixture->world);
}

static void fail_renewal(Fixture *fixture)
{
    g_autoptr(GError) error = api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "no network");

    client_token_failed(fixture->world.client, error);
    settle(&fixture->world);
}

static void check_sent(Fixture *fixture, guint n, const char *token)
{
    g_assert_cmpuint(fixture->world.sent->len, ==, n);
    g_assert_cmpstr(nth(&fixture->world, n - 1)->token, ==, token);
}

/* Whoever comes when the time is over waits; one question for all. */
static void test_once_for_all(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 7200);
    one_call(&fixture, 0);
    pass(&fixture.world, (7200 - 600 - 1) * second_us);
    answer(&fixture.world, 0, ok_body);
    one_call(&fixture, 1);
    check_sent(&fixture, 2, "t0ken-1");
    g_assert_cmpuint(fixture.n_asked, ==, 0);
    answer(&fixture.world, 1, ok_body);
    pass(&fixture.world, second_us);
    g_assert_cmpuint(fixture.n_asked, ==, 0); /* nobody calls */
    pass(&fixture.world, 600 * second_us);
    for (guint i = 2; i < N_CALLS; i++)
        one_call(&fixture, i);
    pass(&fixture.world, 20 * second_us);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    check_sent(&fixture, 2, "t0ken-1");

    set_token(&fixture, "t0ken-2", 7200);
    for (guint i = 2; i < N_CALLS; i++) {
        g_assert_cmpstr(nth(&fixture.world, i)->token, ==, "t0ken-2");
        answer(&fixture.world, i, ok_body);
        g_assert_cmpuint(fixture.outcomes[i].n, ==, 1);
        g_assert_no_error(fixture.outcomes[i].error);
    }
    g_assert_cmpuint(fixture.world.sent->len, ==, N_CALLS);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

/* Until its end the old one serves: whoever gets another may hang. */
static void test_hangs(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 600);
    pass(&fixture.world, 560 * second_us);
    one_call(&fixture, 0);
    check_sent(&fixture, 1, "t0ken-1");
    pass(&fixture.world, 40 * second_us - 1);
    one_call(&fixture, 1);
    check_sent(&fixture, 2, "t0ken-1");
    answer(&fixture.world, 0, ok_body);
    answer(&fixture.world, 1, ok_body);
    pass(&fixture.world, 1);
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    set_token(&fixture, "t0ken-2", 600);
    check_sent(&fixture, 3, "t0ken-2");
    tear_down(&fixture);
}

/* Refused between a new one at the service and here: the call goes again, once. */
static void check_replaced(const char *refusal)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 600);
    pass(&fixture.world, 560 * second_us);
    one_call(&fixture, 0);
    one_call(&fixture, 1);
    answer(&fixture.world, 0, refusal);
    answer(&fixture.world, 1, refusal);
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    set_token(&fixture, "t0ken-2", 600);
    g_assert_cmpuint(fixture.world.sent->len, ==, 5);
    answer(&fixture.world, 2, ok_body);
    answer(&fixture.world, 3, ok_body);
    answer(&fixture.world, 4, ok_body);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpuint(fixture.outcomes[i].n, ==, 1);
        g_assert_no_error(fixture.outcomes[i].error);
    }
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

static void test_replaced(void)
{
    check_replaced("{\"code\":40105}");
    check_replaced("{\"code\":40104}");
    check_replaced("{\"code\":40102}");
}

/* The same where somebody gets another ahead of time: nobody has to ask. */
static void test_renewing(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 7200);
    one_call(&fixture, 0);
    client_token_renewing(fixture.world.client);
    one_call(&fixture, 1);
    check_sent(&fixture, 2, "t0ken-1");
    answer(&fixture.world, 0, "{\"code\":40105}");
    answer(&fixture.world, 1, ok_body);
    g_assert_cmpuint(fixture.outcomes[0].n, ==, 0);
    set_token(&fixture, "t0ken-2", 7200);
    check_sent(&fixture, 3, "t0ken-2");
    g_assert_cmpuint(fixture.n_asked, ==, 0);
    tear_down(&fixture);
}

/* No other comes: then it was wrong, for as long as any wrong one. */
static void test_replaced_by_none(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 600);
    pass(&fixture.world, 560 * second_us);
    one_call(&fixture, 0);
    answer(&fixture.world, 0, "{\"code\":40105}");
    g_assert_cmpuint(fixture.outcomes[0].n, ==, 0);
    fail_renewal(&fixture);
    check_failed(&fixture.outcomes[0], API_ERROR_TOKEN);
    check_failed(one_call(&fixture, 1), API_ERROR_TOKEN);
    g_assert_cmpuint(fixture.world.sent->len, ==, 1);
    pass(&fixture.world, 10 * second_us);
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    answer(&fixture.world, 1, "{\"code\":40105}");
    check_failed(&fixture.outcomes[2], API_ERROR_TOKEN);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

/* How long before its end a token is due: ten percent, in bounds, never more than half. */
static void check_due(gint64 life_s, gint64 due_s)
{
    Fixture fixture;

    set_up(&fixture, TRUE, life_s);
    pass(&fixture.world, due_s * second_us - 1);
    one_call(&fixture, 0);
    g_assert_cmpuint(fixture.n_asked, ==, 0);
    pass(&fixture.world, 1);
    one_call(&fixture, 1);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

static void test_due(void)
{
    check_due(86400, 86400 - 600);
    check_due(3000, 3000 - 300);
    check_due(300, 300 - 60);
    check_due(10, 5);
}

static void test_not_renewable(void)
{
    Fixture fixture;
    Outcome *outcome;

    set_up(&fixture, FALSE, 100);
    pass(&fixture.world, 200 * second_us); /* our clock may be wrong: the service decides */
    outcome = one_call(&fixture, 0);
    check_sent(&fixture, 1, "t0ken-1");
    answer(&fixture.world, 0, "{\"code\":40102}");
    check_failed(outcome, API_ERROR_EXPIRED);
    outcome = one_call(&fixture, 1);
    check_failed(outcome, API_ERROR_EXPIRED);
    g_assert_cmpuint(fixture.world.sent->len, ==, 1);
    tear_down(&fixture);
}

/* The old token serves while it lasts; then calls end, until somebody was asked again. */
static void test_failure(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 600);
    pass(&fixture.world, 560 * second_us);
    one_call(&fixture, 0);
    fail_renewal(&fixture);
    check_sent(&fixture, 1, "t0ken-1");
    answer(&fixture.world, 0, ok_body);
    pass(&fixture.world, 29 * second_us);
    one_call(&fixture, 1);
    check_sent(&fixture, 2, "t0ken-1");
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    pass(&fixture.world, second_us); /* 590 s: again, after 30 s */
    one_call(&fixture, 2);
    check_sent(&fixture, 3, "t0ken-1");
    g_assert_cmpuint(fixture.n_asked, ==, 2);
    pass(&fixture.world, 15 * second_us); /* 605 s: too old now */
    one_call(&fixture, 3);
    g_assert_cmpuint(fixture.outcomes[3].n, ==, 0);
    fail_renewal(&fixture);
    g_assert_nonnull(strstr(fixture.outcomes[3].error->message, "no network"));
    check_failed(&fixture.outcomes[3], API_ERROR_EXPIRED);
    check_failed(one_call(&fixture, 4), API_ERROR_EXPIRED);
    g_assert_cmpuint(fixture.n_asked, ==, 2);
    pass(&fixture.world, 60 * second_us); /* twice as long */
    one_call(&fixture, 5);
    g_assert_cmpuint(fixture.n_asked, ==, 3);
    set_token(&fixture, "t0ken-2", 600);
    check_sent(&fixture, 4, "t0ken-2");
    tear_down(&fixture);
}

static void test_pauses(void)
{
    static const guint pauses_s[] = {30, 60, 120, 240, 300, 300};
    Fixture fixture;

    set_up(&fixture, TRUE, 100);
    pass(&fixture.world, 200 * second_us);
    one_call(&fixture, 0);
    for (guint i = 0; i < G_N_ELEMENTS(pauses_s); i++) {
        g_assert_cmpuint(fixture.n_asked, ==, i + 1);
        fail_renewal(&fixture);
        pass(&fixture.world, pauses_s[i] * second_us - 1);
        one_call(&fixture, 2 * i + 1);
        g_assert_cmpuint(fixture.outcomes[2 * i + 1].n, ==, 1);
        pass(&fixture.world, 1);
        one_call(&fixture, 2 * i + 2);
        g_assert_cmpuint(fixture.outcomes[2 * i + 2].n, ==, 0);
    }
    g_assert_cmpuint(fixture.world.sent->len, ==, 0);
    tear_down(&fixture);
}

/* What is no better than before would be asked for again at once, for ever. */
static void test_useless(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 100);
    pass(&fixture.world, 200 * second_us);
    one_call(&fixture, 0);
    set_token(&fixture, "t0ken-2", -1);
    check_failed(&fixture.outcomes[0], API_ERROR_EXPIRED);
    check_failed(one_call(&fixture, 1), API_ERROR_EXPIRED);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    pass(&fixture.world, 30 * second_us);
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.n_asked, ==, 2);
    set_token(&fixture, "t0ken-2", 100);
    check_failed(&fixture.outcomes[2], API_ERROR_EXPIRED);
    g_assert_cmpuint(fixture.world.sent->len, ==, 0);
    tear_down(&fixture);
}

/* Refused as expired it was not run: a write goes again too, once. */
static void test_expired(void)
{
    Fixture fixture;
    Outcome *write = &fixture.outcomes[0];

    set_up(&fixture, TRUE, 7200);
    write_call(&fixture.world, write);
    settle(&fixture.world);
    one_call(&fixture, 1);
    answer(&fixture.world, 0, "{\"code\":40102}");
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    set_token(&fixture, "t0ken-2", 7200);
    g_assert_cmpuint(fixture.world.sent->len, ==, 4);
    g_assert_nonnull(nth(&fixture.world, 2)->body); /* the write, ahead of the other */
    g_assert_cmpstr(nth(&fixture.world, 2)->token, ==, "t0ken-2");
    answer(&fixture.world, 1, "{\"code\":40105}"); /* of the old token, on its way since */
    check_sent(&fixture, 5, "t0ken-2");
    answer(&fixture.world, 2, ok_body);
    g_assert_cmpuint(write->n, ==, 1);
    g_assert_no_error(write->error);
    answer(&fixture.world, 3, ok_body);
    answer(&fixture.world, 4, ok_body);
    g_assert_cmpuint(fixture.outcomes[1].n, ==, 1);
    g_assert_no_error(fixture.outcomes[1].error);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

static void test_expired_twice(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 7200);
    one_call(&fixture, 0);
    answer(&fixture.world, 0, "{\"code\":40102}");
    set_token(&fixture, "t0ken-2", 7200);
    answer(&fixture.world, 1, "{\"code\":40102}");
    check_failed(&fixture.outcomes[0], API_ERROR_EXPIRED);
    check_failed(one_call(&fixture, 1), API_ERROR_EXPIRED);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    g_assert_cmpuint(fixture.n_asked, ==, 1);
    tear_down(&fixture);
}

/* Whatever token it gives, the service calls it expired: as if it had given none. */
static void test_always_expired(void)
{
    static const guint asked_s[] = {0, 30, 90, 210, 450, 750};
    Fixture fixture;
    guint n_answered = 0;

    set_up(&fixture, TRUE, 7200);
    for (guint now_s = 0; now_s <= 800; now_s++) {
        Outcome outcome = {.n = 0};
        guint n = 0;

        read_call(&fixture.world, &outcome);
        settle(&fixture.world);
        while (outcome.n == 0) {
            if (n_answered < fixture.world.sent->len) {
                answer(&fixture.world, n_answered++, "{\"code\":40102}");
            } else {
                g_autofree char *token = g_strdup_printf("t0ken-of-%u", now_s);

                set_token(&fixture, token, 7200);
            }
            g_assert_cmpuint(++n, <, 10);
        }
        check_failed(&outcome, API_ERROR_EXPIRED);
        for (n = 0; n < G_N_ELEMENTS(asked_s) && asked_s[n] <= now_s; n++)
            ;
        g_assert_cmpuint(fixture.n_asked, ==, n);
        pass(&fixture.world, second_us);
    }
    tear_down(&fixture);
}

/* A wrong token is not sent again, not by those that wait either. */
static void test_refused(void)
{
    Fixture fixture;
    Outcome *write = &fixture.outcomes[20];

    set_up(&fixture, TRUE, 7200);
    for (guint i = 0; i < 20; i++)
        one_call(&fixture, i);
    g_assert_cmpuint(fixture.world.sent->len, ==, 14); /* as many as there are connections */
    answer(&fixture.world, 0, "{\"code\":40105,\"message\":\"x t0ken-1\",\"request_id\":\"r\"}");
    write_call(&fixture.world, write);
    g_assert_cmpuint(write->n, ==, 0); /* not inside the call */
    settle(&fixture.world);
    check_failed(write, API_ERROR_TOKEN);
    for (guint i = 0; i < 20; i++)
        if (i == 0 || i >= 14) {
            g_assert_cmpint(api_error_code(fixture.outcomes[i].error), ==, 40105);
            g_assert_cmpstr(api_error_request_id(fixture.outcomes[i].error), ==, "r");
            g_assert_nonnull(strstr(api_error_advice(fixture.outcomes[i].error), "adsfs login"));
            g_assert_null(strstr(fixture.outcomes[i].error->message, "t0ken"));
            check_failed(&fixture.outcomes[i], API_ERROR_TOKEN);
        }
    for (guint i = 1; i < 14; i++) {
        answer(&fixture.world, i, ok_body); /* sent before, and taken */
        g_assert_no_error(fixture.outcomes[i].error);
    }
    set_token(&fixture, "t0ken-1", 7200); /* the same is as wrong as before */
    check_failed(one_call(&fixture, 21), API_ERROR_TOKEN);
    g_assert_cmpuint(fixture.world.sent->len, ==, 14);
    set_token(&fixture, "t0ken-2", 7200);
    one_call(&fixture, 22);
    check_sent(&fixture, 15, "t0ken-2");
    g_assert_cmpuint(fixture.n_asked, ==, 0);
    tear_down(&fixture);
}

static void test_refused_for_a_while(void)
{
    static const char *const about_others[] = {"{\"code\":40106}", "{\"code\":40119}",
                                               "{\"code\":40101}", "{\"code\":40001}"};
    Fixture fixture;

    set_up(&fixture, FALSE, 0);
    one_call(&fixture, 0);
    answer(&fixture.world, 0, "{\"code\":40105}");
    pass(&fixture.world, 10 * second_us - 1);
    check_failed(one_call(&fixture, 1), API_ERROR_TOKEN);
    pass(&fixture.world, 1);
    one_call(&fixture, 2);
    g_assert_cmpuint(fixture.world.sent->len, ==, 2);
    for (guint i = 0; i < G_N_ELEMENTS(about_others); i++) {
        answer(&fixture.world, i + 1, about_others[i]); /* say nothing of the token */
        one_call(&fixture, i + 3);
        g_assert_cmpuint(fixture.world.sent->len, ==, i + 3);
    }
    tear_down(&fixture);
}

static void test_deadline(void)
{
    Fixture fixture;
    Outcome *late = &fixture.outcomes[0];

    set_up(&fixture, TRUE, 100);
    pass(&fixture.world, 200 * second_us);
    call(&fixture.world, late, ENDPOINT_CAMPAIGN_UPDATE, CALL_WRITE,
         fixture.world.now_us + 30 * second_us);
    settle(&fixture.world);
    pass(&fixture.world, 30 * second_us);
    check_failed(late, API_ERROR_BUSY);
    set_token(&fixture, "t0ken-2", 100);
    g_assert_cmpuint(fixture.world.sent->len, ==, 0); /* and never fires later */
    tear_down(&fixture);
}

static void test_free(void)
{
    Fixture fixture;

    set_up(&fixture, TRUE, 7200);
    for (guint i = 0; i < 16; i++)
        one_call(&fixture, i);
    fixture.outcomes[14].free_client = TRUE; /* one that was not sent */
    answer(&fixture.world, 0, "{\"code\":40105}");
    g_assert_null(fixture.world.client);
    g_assert_cmpuint(fixture.outcomes[14].n, ==, 1);
    g_assert_cmpuint(fixture.outcomes[1].n + fixture.outcomes[15].n, ==, 0);
    tear_down(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/credential/asked-once-for-all", test_once_for_all);
    g_test_add_func("/credential/the-old-one-until-its-end", test_hangs);
    g_test_add_func("/credential/wrong-while-another-is-asked-for", test_replaced);
    g_test_add_func("/credential/another-asked-for-ahead-of-time", test_renewing);
    g_test_add_func("/credential/wrong-and-no-other", test_replaced_by_none);
    g_test_add_func("/credential/due-ahead", test_due);
    g_test_add_func("/credential/not-renewable", test_not_renewable);
    g_test_add_func("/credential/renewal-fails", test_failure);
    g_test_add_func("/credential/pauses-grow", test_pauses);
    g_test_add_func("/credential/useless-renewals", test_useless);
    g_test_add_func("/credential/expired-goes-again-once", test_expired);
    g_test_add_func("/credential/expired-twice-ends", test_expired_twice);
    g_test_add_func("/credential/expired-whatever-comes", test_always_expired);
    g_test_add_func("/credential/wrong-is-not-sent-again", test_refused);
    g_test_add_func("/credential/wrong-for-ten-seconds", test_refused_for_a_while);
    g_test_add_func("/credential/waits-no-longer-than-its-deadline", test_deadline);
    g_test_add_func("/credential/freed-while-all-end", test_free);
    return g_test_run();
}
