/* SPDX-License-Identifier: MIT */
/* test-poll.c - what is listed again by itself, how often, and whom that puts off. */
#include "tests/unit/fake-writer.h"

typedef struct {
    Fake *fake;
    gint64 account;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->fake = fake_new_closed();
    f->fake->config.ttl_us = (gint64)3000 * SECOND;
    f->fake->config.poll_us = 60 * SECOND;
    fake_open(f->fake);
    fake_add_account(f->fake);
    fake_add_campaigns(f->fake, 3);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_free(f->fake);
}

/* How many calls a look makes, by itself. */
static guint look(Fixture *f)
{
    guint before = f->fake->calls->len;

    collections_poll(f->fake->cache, poll_used_since(f->fake->cache->poll));
    fake_run(f->fake);
    return f->fake->calls->len - before;
}

static void test_due(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(look(f), ==, 0);
    fake_later(f->fake, 59 * SECOND);
    g_assert_cmpuint(look(f), ==, 0);
    fake_later(f->fake, SECOND);
    g_assert_cmpuint(look(f), ==, 2); /* accounts and campaigns */
    for (guint i = f->fake->calls->len - 2; i < f->fake->calls->len; i++) {
        const FakeCall *call = f->fake->calls->pdata[i];
        g_assert_cmpint(call->priority, ==, CALL_BACKGROUND);
    }
    g_assert_cmpuint(look(f), ==, 0);
    fake_later(f->fake, 60 * SECOND);
    g_assert_cmpuint(look(f), ==, 2);
}

static void test_lately(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, (gint64)3601 * SECOND);
    g_assert_cmpuint(look(f), ==, 0);
    fake_have(f->fake, LISTING_ADVERTISERS, 0);
    fake_later(f->fake, 60 * SECOND);
    g_assert_cmpuint(look(f), ==, 1); /* accounts alone */
}

static void test_followed(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, (gint64)3601 * SECOND);
    cache_events_followed(f->fake->cache);
    g_assert_cmpuint(look(f), ==, 2);
    fake_later(f->fake, 121 * SECOND); /* nobody follows them any more */
    g_assert_cmpuint(look(f), ==, 0);
}

/* What an earlier mount has used, and no more than a day ago. */
static void test_remembered(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_reopen(f->fake);
    fake_later(f->fake, 60 * SECOND);
    g_assert_cmpuint(look(f), ==, 0);
    cache_events_followed(f->fake->cache);
    g_assert_cmpuint(look(f), ==, 2);
    fake_close(f->fake);
    fake_later(f->fake, (gint64)25 * 3600 * SECOND);
    fake_open(f->fake);
    cache_events_followed(f->fake->cache);
    g_assert_cmpuint(look(f), ==, 0);
}

static void test_pages(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_add_campaigns(f->fake, 0);
    for (guint i = 0; i < 19997; i++)
        fake_add(f->fake, KIND_CAMPAIGN, "{\"campaign_id\":\"%u\"}", 5000 + i);
    fake_later(f->fake, (gint64)3000 * SECOND);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account); /* 20 pages */
    fake_later(f->fake, 119 * SECOND);
    g_assert_cmpuint(look(f), ==, 1); /* the accounts */
    fake_later(f->fake, SECOND);
    g_assert_cmpuint(look(f), ==, 20);
}

static void test_in_the_background(Fixture *f, gconstpointer data)
{
    guint before;

    (void)data;
    fake_later(f->fake, 60 * SECOND);
    before = f->fake->calls->len;
    collections_poll(f->fake->cache, G_MININT64 + 1);
    g_assert_cmpuint(f->fake->calls->len, ==, before + 2);
    g_assert_cmpuint(fake_pending(f->fake), ==, 2);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account); /* nobody waits for it */
    g_assert_cmpuint(fake_pending(f->fake), ==, 2);
    fake_run(f->fake);
}

static void test_failed(Fixture *f, gconstpointer data)
{
    (void)data;
    fake_later(f->fake, 60 * SECOND);
    fake_fail(f->fake, API_ERROR_REMOTE);
    g_assert_cmpuint(look(f), ==, 2);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account); /* it is fresh still */
    g_assert_cmpuint(look(f), ==, 0);
    fake_later(f->fake, 60 * SECOND);
    g_assert_cmpuint(look(f), ==, 2);
}

/* ---- and who does not wait for it ---- */

static gint64 add_accounts(Fixture *f, guint n)
{
    gint64 last = 0;

    for (guint i = 0; i < n; i++)
        fake_add(f->fake, KIND_ADVERTISER, "{\"advertiser_id\":\"%u\"}", 100 + i);
    fake_later(f->fake, (gint64)3000 * SECOND);
    fake_have(f->fake, LISTING_ADVERTISERS, 0);
    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%u", 100 + i);
        last = fake_find(f->fake, KIND_ADVERTISER, 0, id);
        fake_have(f->fake, LISTING_CAMPAIGNS, last);
    }
    g_ptr_array_set_size(f->fake->woken, 0);
    return last;
}

/* However many are due, the rest of them only has a place in a queue. */
static void test_some(Fixture *f, gconstpointer data)
{
    guint before;

    (void)data;
    add_accounts(f, 40);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    fake_later(f->fake, 60 * SECOND);
    before = f->fake->calls->len;
    for (guint i = 0; i < 2; i++) {
        collections_poll(f->fake->cache, G_MININT64 + 1);
        g_assert_cmpuint(f->fake->cache->flying->len, ==, 32);
    }
    fake_run(f->fake);
    g_assert_cmpuint(f->fake->calls->len - before, ==, 42); /* each once */
    g_assert_cmpuint(look(f), ==, 0);
    fake_later(f->fake, 60 * SECOND);
    fake_fail(f->fake, API_ERROR_REMOTE);
    g_assert_cmpuint(look(f), ==, 42);
    fake_later(f->fake, 60 * SECOND);
    g_assert_cmpuint(look(f), ==, 42);
}

/* One answer, and what the loop and the writer make of it. */
static void answer_one(Fixture *f)
{
    for (guint i = 0; i < f->fake->calls->len; i++) {
        FakeCall *call = f->fake->calls->pdata[i];
        if (!call->done)
            continue;
        fake_answer(f->fake, call);
        break;
    }
    fake_let_store(f->fake);
}

static void test_ahead(Fixture *f, gconstpointer data)
{
    gint64 account = add_accounts(f, 40);
    Waiter waiter = {&fake_waiter, f->fake->mono};
    guint n = 0;

    (void)data;
    fake_later(f->fake, 60 * SECOND);
    collections_poll(f->fake->cache, G_MININT64 + 1);
    g_assert_cmpuint(fake_pending(f->fake), ==, 4);
    g_assert_cmpint(cache_want_listing(f->fake->cache, LISTING_ADGROUPS, account, &waiter, NULL),
                    ==, CACHE_WAIT);
    for (; f->fake->woken->len == 0; n++)
        answer_one(f);
    g_assert_cmpuint(n, <=, 5); /* those that were under way, and its own */
    fake_run(f->fake);
}

/* A poll is under way, and then its listing is too old. */
static void test_hurried(Fixture *f, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, 0};
    gint64 account = add_accounts(f, 40);
    const FakeCall *last;
    guint n = 0;

    (void)data;
    fake_later(f->fake, (gint64)3000 * SECOND);
    collections_poll(f->fake->cache, G_MININT64 + 1);
    waiter.began = f->fake->mono;
    g_assert_cmpint(cache_want_listing(f->fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL),
                    ==, CACHE_WAIT);
    for (; f->fake->woken->len == 0; n++)
        answer_one(f);
    g_assert_cmpuint(n, <=, 5);
    fake_run(f->fake);

    fake_later(f->fake, (gint64)3000 * SECOND);
    g_ptr_array_set_size(f->fake->woken, 0);
    collections_poll(f->fake->cache, f->fake->mono - (gint64)3000 * SECOND);
    g_assert_cmpuint(fake_pending(f->fake), ==, 1); /* it is with the client already */
    waiter.began = f->fake->mono;
    g_assert_cmpint(cache_want_listing(f->fake->cache, LISTING_CAMPAIGNS, account, &waiter, NULL),
                    ==, CACHE_WAIT);
    g_assert_cmpuint(fake_pending(f->fake), ==, 1);
    last = f->fake->calls->pdata[f->fake->calls->len - 1];
    g_assert_cmpint(last->priority, ==, CALL_WAITED);
    fake_run(f->fake);
    g_assert_cmpuint(f->fake->woken->len, ==, 1);
}

static const FakeCall *find_last(const Fixture *f, EndpointId endpoint)
{
    const FakeCall *last = NULL;

    for (guint i = 0; i < f->fake->calls->len; i++) {
        const FakeCall *call = f->fake->calls->pdata[i];
        if (call->endpoint == endpoint)
            last = call;
    }
    return last;
}

/* Those of whom details are asked for are counted once, however often they are asked for. */
static void test_hurried_details(Fixture *f, gconstpointer data)
{
    Waiter waiter = {&fake_waiter, 0};
    const FakeCall *before, *after;

    (void)data;
    fake_have(f->fake, LISTING_INFO, 0);
    fake_later(f->fake, (gint64)3000 * SECOND);
    fake_have(f->fake, LISTING_ADVERTISERS, 0);
    collections_poll(f->fake->cache, G_MININT64 + 1);
    before = find_last(f, ENDPOINT_ADVERTISER_INFO);
    g_assert_cmpint(before->priority, ==, CALL_BACKGROUND);
    waiter.began = f->fake->mono;
    g_assert_cmpint(cache_want_listing(f->fake->cache, LISTING_INFO, 0, &waiter, NULL), ==,
                    CACHE_WAIT);
    after = find_last(f, ENDPOINT_ADVERTISER_INFO);
    g_assert_true(before != after);
    g_assert_cmpstr(before->query, ==, after->query);
    g_assert_cmpint(after->priority, ==, CALL_WAITED);
    fake_run(f->fake);
    fake_have(f->fake, LISTING_INFO, 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/poll/costs-the-listings-and-no-more", test_due},
        {"/poll/of-what-was-used-lately", test_lately},
        {"/poll/goes-on-while-the-events-are-followed", test_followed},
        {"/poll/remembers-what-was-used", test_remembered},
        {"/poll/a-long-list-is-read-less-often", test_pages},
        {"/poll/nobody-waits-for-it", test_in_the_background},
        {"/poll/some-at-a-time", test_some},
        {"/poll/who-waits-goes-ahead-of-it", test_ahead},
        {"/poll/who-waits-for-what-it-reads-hurries-it", test_hurried},
        {"/poll/details-that-are-hurried", test_hurried_details},
        {"/poll/a-failure-puts-nobody-off", test_failed},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
