/* SPDX-License-Identifier: MIT */
/* test-unreadable.c - a cache file that broke while it was there: nobody takes it for an empty one.
 */
#include <sqlite3.h>

#include "cache/store.h"
#include "tests/unit/fake-service.h"

static const char *const metrics[] = {"spend", NULL};

typedef struct {
    Fake *fake;
    gint64 account, campaign;
    char *path, *mark;
} Fixture;

static ReportQuery report_of(const Fixture *f)
{
    return (ReportQuery){.advertiser = f->account,
                         .shape = {.level = KIND_CAMPAIGN,
                                   .id = "campaign_id",
                                   .grain = GRAIN_DAY,
                                   .metrics = metrics},
                         .start = "2026-11-10",
                         .end = "2026-11-11"};
}

static CacheResult want_report(Fixture *f, GError **error)
{
    ReportQuery query = report_of(f);
    Waiter waiter = {&fake_waiter, f->fake->mono};
    CacheResult result;

    while ((result = cache_want_report(f->fake->cache, &query, &waiter, error)) == CACHE_WAIT)
        fake_run(f->fake);
    return result;
}

static CacheResult want_node(Fixture *f, GError **error)
{
    Waiter waiter = {&fake_waiter, f->fake->mono};
    const Node *node = NULL;
    CacheResult result;

    while ((result = cache_want_node(f->fake->cache, f->account, "last-7d", FALSE, &waiter, &node,
                                     error)) == CACHE_WAIT)
        fake_run(f->fake);
    return result;
}

/* Everything is in the store, the store is closed, and nothing is left in its log. */
static void set_up(Fixture *f, gconstpointer data)
{
    sqlite3 *db;

    (void)data;
    f->fake = fake_new();
    f->path = g_build_filename(f->fake->dir, "cache.sqlite", NULL);
    f->mark = g_strconcat(f->path, ".corrupt", NULL);
    fake_add_account(f->fake);
    fake_add_campaigns(f->fake, 3);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    f->campaign = fake_find(f->fake, KIND_CAMPAIGN, f->account, "1002");
    g_assert_cmpint(want_report(f, NULL), ==, CACHE_HIT);
    g_assert_cmpint(want_node(f, NULL), ==, CACHE_HIT);
    g_ptr_array_set_size(f->fake->calls, 0);
    fake_close(f->fake);
    g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
    g_assert_true(sql_run(db, NULL, "PRAGMA wal_checkpoint(TRUNCATE)", ""));
    sqlite3_close(db);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_free(f->path);
    g_free(f->mark);
    fake_free(f->fake);
}

/* Overwrites the first page of a table or an index. */
static void break_tree(Fixture *f, const char *name)
{
    g_autofree char *noise = g_strnfill(4096, '\xff');
    gint64 page = 0;
    sqlite3 *db;
    FILE *file;

    g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
    g_assert_true(sql_number(db, &page, NULL, "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
                             "t", name));
    sqlite3_close(db);
    g_assert_cmpint(page, >, 1);
    file = fopen(f->path, "r+");
    g_assert_cmpint(fseek(file, (page - 1) * 4096, SEEK_SET), ==, 0);
    g_assert_cmpuint(fwrite(noise, 1, 4096, file), ==, 4096);
    fclose(file);
}

static void open_broken(Fixture *f, const char *name)
{
    break_tree(f, name);
    fake_open(f->fake);
    g_assert_null(cache_failed(f->fake->cache));
}

static void check_failed(Fixture *f)
{
    const GError *failure = cache_failed(f->fake->cache);

    g_assert_error(failure, API_ERROR, API_ERROR_LOCAL);
    g_assert_nonnull(strstr(failure->message, f->path));
    g_assert_nonnull(strstr(failure->message, "malformed"));
    g_assert_true(g_file_test(f->mark, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(f->fake->calls->len, ==, 0);
}

static gboolean count_row(void *user_data, gint64 row, const char *name)
{
    (void)row;
    (void)name;
    ++*(guint *)user_data;
    return TRUE;
}

static guint count_campaigns(Fixture *f, gboolean names)
{
    Scope scope = {KIND_CAMPAIGN, f->account, NULL};
    guint n = 0;

    cache_each(f->fake->cache, &scope, names, 0, count_row, &n);
    return n;
}

static void test_each(Fixture *f, gconstpointer data)
{
    (void)data;
    open_broken(f, "object_of");
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    g_assert_cmpuint(count_campaigns(f, FALSE), ==, 0);
    check_failed(f);
}

static void test_names(Fixture *f, gconstpointer data)
{
    Scope scope = {KIND_CAMPAIGN, f->account, NULL};

    (void)data;
    open_broken(f, "name");
    g_assert_cmpint(cache_find_name(f->fake->cache, &scope, "c2"), ==, 0);
    check_failed(f);
}

static void test_id(Fixture *f, gconstpointer data)
{
    (void)data;
    open_broken(f, "sqlite_autoindex_object_1");
    g_assert_cmpint(fake_find(f->fake, KIND_CAMPAIGN, f->account, "1002"), ==, 0);
    check_failed(f);
}

static void test_row(Fixture *f, gconstpointer data)
{
    (void)data;
    open_broken(f, "object");
    g_assert_null(cache_row(f->fake->cache, f->campaign));
    check_failed(f);
}

static void check_refused(CacheResult result, GError **error)
{
    g_assert_cmpint(result, ==, CACHE_ERROR);
    g_assert_error(*error, API_ERROR, API_ERROR_LOCAL);
    g_clear_error(error);
}

static void test_listing(Fixture *f, gconstpointer data)
{
    const char *tree = data;
    g_autoptr(GError) error = NULL;
    CacheResult result;

    open_broken(f, tree);
    result = fake_want(f->fake, LISTING_CAMPAIGNS, f->account, &error);
    check_refused(result, &error);
    check_failed(f);
}

/* Whose details to ask for is read when they are asked for. */
static void test_details(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    CacheResult result;

    (void)data;
    open_broken(f, "object_of");
    result = fake_want(f->fake, LISTING_INFO, 0, &error);
    check_refused(result, &error);
    check_failed(f);
}

static void test_report(Fixture *f, gconstpointer data)
{
    const char *tree = data;
    g_autoptr(GError) error = NULL;
    CacheResult result;

    open_broken(f, tree);
    result = want_report(f, &error);
    check_refused(result, &error);
    check_failed(f);
}

static void test_node(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    CacheResult result;

    (void)data;
    fake_open(f->fake); /* the start reads all nodes: it breaks later */
    break_tree(f, "node_name");
    result = want_node(f, &error);
    check_refused(result, &error);
    check_failed(f);
}

/* Once one thing could not be read, nothing is promised any more. */
static void test_all(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void)data;
    open_broken(f, "object_of");
    count_campaigns(f, TRUE);
    check_refused(fake_want(f->fake, LISTING_CAMPAIGNS, f->account, &error), &error);
    check_refused(fake_want(f->fake, LISTING_INFO, 0, &error), &error);
    check_refused(want_report(f, &error), &error);
    check_refused(want_node(f, &error), &error);
    check_failed(f);
}

static void expect_put_aside(Fixture *f)
{
    g_test_expect_message("adsfs", G_LOG_LEVEL_MESSAGE, "*cache.sqlite can not be used*");
    fake_open(f->fake);
    g_test_assert_expected_messages();
    g_assert_false(g_file_test(f->mark, G_FILE_TEST_EXISTS));
}

static void test_next_start(Fixture *f, gconstpointer data)
{
    (void)data;
    open_broken(f, "object_of");
    count_campaigns(f, FALSE);
    fake_close(f->fake);
    expect_put_aside(f);
    f->account = fake_account(f->fake);
    fake_have(f->fake, LISTING_CAMPAIGNS, f->account);
    g_assert_cmpuint(count_campaigns(f, FALSE), ==, 3);
    g_assert_null(cache_failed(f->fake->cache));
    fake_reopen(f->fake); /* no message */
    g_assert_cmpuint(count_campaigns(f, FALSE), ==, 3);
}

/* Found by what a start does first. */
static void test_this_start(Fixture *f, gconstpointer data)
{
    (void)data;
    break_tree(f, "node");
    expect_put_aside(f);
    g_assert_cmpint(want_node(f, NULL), ==, CACHE_HIT);
}

/* What can not even be prepared yields nothing, and nobody stumbles over it. */
static void test_statement(void)
{
    Fake *fake = fake_new_closed();
    StoreConfig config = {fake->dir, fake->dir, &fake->clock, fake_file_name};
    sqlite3 *writer;
    Store *store = store_open(&config, &writer, NULL);
    sqlite3_stmt *statement;

    g_assert_null(store_failed(store));
    statement = store_statement(store, "SELECT x FROM nowhere");
    g_assert_null(statement);
    sql_bind(statement, "it", G_GINT64_CONSTANT(1), "x");
    g_assert_false(store_step(store, statement));
    g_assert_cmpstr(sql_text(statement, 0), ==, "");
    sqlite3_reset(statement);
    g_assert_error(store_failed(store), API_ERROR, API_ERROR_LOCAL);
    g_assert_nonnull(strstr(store_failed(store)->message, "no such table"));
    sqlite3_close_v2(writer);
    store_free(store);
    fake_free(fake);
}

#define ADD(path, data, test) g_test_add(path, Fixture, data, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/unreadable/members-are-not-none", NULL, test_each);
    ADD("/unreadable/a-name-is-not-unknown", NULL, test_names);
    ADD("/unreadable/an-id-is-not-unknown", NULL, test_id);
    ADD("/unreadable/a-row-has-not-vanished", NULL, test_row);
    ADD("/unreadable/a-listing-is-refused", "listing", test_listing);
    ADD("/unreadable/an-account-is-not-gone", "object", test_listing);
    ADD("/unreadable/details-are-refused", NULL, test_details);
    ADD("/unreadable/a-report-is-refused", "report_part", test_report);
    ADD("/unreadable/an-account-of-a-report-is-not-gone", "object", test_report);
    ADD("/unreadable/a-node-is-refused", NULL, test_node);
    ADD("/unreadable/after-one-error-all-is-refused", NULL, test_all);
    ADD("/unreadable/the-next-start-makes-it-anew", NULL, test_next_start);
    ADD("/unreadable/found-by-the-start-it-is-made-anew", NULL, test_this_start);
    g_test_add_func("/unreadable/no-statement-no-rows", test_statement);
    return g_test_run();
}
