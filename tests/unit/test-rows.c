/* SPDX-License-Identifier: MIT */
/* test-rows.c - reading objects: digits, look-ups, names that lead back to their rows. */
#include "tests/unit/fake-service.h"

static void test_digits(void)
{
    Fake *fake = fake_new();
    gint64 account, row;
    const Object *object;

    fake_add_account(fake);
    fake_add(fake, KIND_CAMPAIGN,
             "{\"campaign_id\": 1234567890123456789, \"campaign_name\":\"x\\u00e9\\/\","
             "\"budget\" : 500.10,\"bid\":100.0,\"e\":1E2,\"big\":99999999999999999.99}");
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    row = fake_find(fake, KIND_CAMPAIGN, account, "1234567890123456789");
    g_assert_cmpint(row, >, 0);
    g_assert_cmpstr(cache_row(fake->cache, row)->id, ==, "1234567890123456789");
    object = cache_row(fake->cache, row)->object;
    g_assert_cmpstr(object_raw(object, "budget"), ==, "500.10");
    g_assert_cmpstr(object_raw(object, "bid"), ==, "100.0");
    g_assert_cmpstr(object_raw(object, "e"), ==, "1E2");
    g_assert_cmpstr(object_raw(object, "big"), ==, "99999999999999999.99");
    g_assert_cmpstr(object_raw(object, "campaign_id"), ==, "1234567890123456789");
    g_assert_cmpstr(object_text(object, "campaign_name"), ==, "xé/");
    fake_free(fake);
}

static void test_numeric_parent(void)
{
    Fake *fake = fake_new();
    gint64 account, row;
    Scope scope;

    fake_add_account(fake);
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"5\",\"adgroup_name\":null,\"campaign_id\":1234567890123456789}");
    account = fake_account(fake);
    fake_have(fake, LISTING_ADGROUPS, account);
    scope = (Scope){KIND_ADGROUP, account, "1234567890123456789"};
    row = cache_find_id(fake->cache, &scope, "5");
    g_assert_cmpint(row, >, 0);
    g_assert_cmpstr(cache_row(fake->cache, row)->parent, ==, "1234567890123456789");
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "~5"), ==, row);
    scope.parent = "7";
    g_assert_cmpint(cache_find_id(fake->cache, &scope, "5"), ==, 0);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "~5"), ==, 0);
    fake_free(fake);
}

static void test_borrowed(void)
{
    Fake *fake = fake_new();
    gint64 account, rows[300];

    fake_add_account(fake);
    fake_add_campaigns(fake, 300);
    account = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, account);
    for (guint i = 0; i < 300; i++) {
        g_autofree char *id = g_strdup_printf("%u", 1000 + i);
        rows[i] = fake_find(fake, KIND_CAMPAIGN, account, id);
    }
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < 300; i++) {
            g_autofree char *id = g_strdup_printf("%u", 1000 + i);
            const Row *row = cache_row(fake->cache, rows[i]);
            g_assert_cmpint(row->row, ==, rows[i]);
            g_assert_cmpint(row->advertiser, ==, account);
            g_assert_cmpint(row->kind, ==, KIND_CAMPAIGN);
            g_assert_cmpstr(row->id, ==, id);
            g_assert_cmpstr(object_text(row->object, "campaign_id"), ==, id);
        }
    }
    g_assert_null(cache_row(fake->cache, 0));
    g_assert_null(cache_row(fake->cache, -1));
    g_assert_null(cache_row(fake->cache, G_MAXINT64));
    fake_free(fake);
}

/* ---- names ---- */

typedef struct {
    Fake *fake;
    const Scope *scope;
    GHashTable *names;
    gint64 last;
    guint n, stop_after;
} Walk;

static gboolean check_name(void *user_data, gint64 row, const char *name)
{
    Walk *walk = user_data;

    g_assert_cmpint(row, >, walk->last);
    g_assert_true(g_hash_table_add(walk->names, g_strdup(name)));
    g_assert_cmpint(cache_find_name(walk->fake->cache, walk->scope, name), ==, row);
    walk->last = row;
    return ++walk->n != walk->stop_after;
}

static guint walk_names(Fake *fake, const Scope *scope)
{
    Walk walk = {.fake = fake, .scope = scope};

    walk.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cache_each(fake->cache, scope, TRUE, 0, check_name, &walk);
    g_hash_table_unref(walk.names);
    return walk.n;
}

/* Few letters, so that names collide, among themselves and with those that carry an id. */
static char *make_name(guint n_ids)
{
    static const char *const parts[] = {"", "a", "b", "~", "a~", "/", "_", "~1"};
    GString *name = g_string_new("");

    for (int i = g_test_rand_int_range(0, 3); i > 0; i--)
        g_string_append(name, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
    if (g_test_rand_int_range(0, 4) == 0)
        g_string_append_printf(name, "~%d", 1000 + g_test_rand_int_range(0, n_ids));
    return g_string_free(name, FALSE);
}

static void test_names(void)
{
    for (guint round = 0; round < 20; round++) {
        Fake *fake = fake_new();
        gint64 account;
        Scope all, below;
        fake_add_account(fake);
        for (guint i = 0; i < 100; i++) {
            g_autofree char *name = make_name(100);
            fake_add(fake, KIND_ADGROUP,
                     "{\"adgroup_id\":\"%u\",\"adgroup_name\":\"%s\",\"campaign_id\":\"%u\"}",
                     1000 + i, name, i % 2);
        }
        account = fake_account(fake);
        fake_have(fake, LISTING_ADGROUPS, account);
        all = (Scope){KIND_ADGROUP, account, NULL};
        below = (Scope){KIND_ADGROUP, account, "1"};
        g_assert_cmpuint(walk_names(fake, &all), ==, 100);
        g_assert_cmpuint(walk_names(fake, &below), ==, 50);
        fake_free(fake);
    }
}

static void test_name_rule(void)
{
    Fake *fake = fake_new();
    gint64 account;
    Scope scope, one, two;

    fake_add_account(fake);
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"1\",\"adgroup_name\":\"x\",\"campaign_id\":\"8\"}");
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"2\",\"adgroup_name\":\"x\",\"campaign_id\":\"9\"}");
    fake_add(fake, KIND_ADGROUP,
             "{\"adgroup_id\":\"3\",\"adgroup_name\":\"x~2\",\"campaign_id\":\"9\"}");
    account = fake_account(fake);
    fake_have(fake, LISTING_ADGROUPS, account);
    scope = (Scope){KIND_ADGROUP, account, NULL};
    one = (Scope){KIND_ADGROUP, account, "8"};
    two = (Scope){KIND_ADGROUP, account, "9"};
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "x"), ==, 0);
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "x~1"), ==,
                    cache_find_id(fake->cache, &scope, "1"));
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "x~2"), ==,
                    cache_find_id(fake->cache, &scope, "2"));
    g_assert_cmpint(cache_find_name(fake->cache, &scope, "x~2~3"), ==,
                    cache_find_id(fake->cache, &scope, "3"));
    g_assert_cmpint(cache_find_name(fake->cache, &one, "x"), ==,
                    cache_find_id(fake->cache, &scope, "1"));
    g_assert_cmpint(cache_find_name(fake->cache, &one, "x~1"), ==, 0); /* one name each */
    g_assert_cmpint(cache_find_name(fake->cache, &two, "x~2"), ==, 0); /* "x" is alone here */
    g_assert_cmpint(cache_find_name(fake->cache, &two, "x~2~3"), ==,
                    cache_find_id(fake->cache, &scope, "3"));
    fake_free(fake);
}

static gboolean check_id(void *user_data, gint64 row, const char *name)
{
    Walk *walk = user_data;

    g_assert_cmpint(row, >, walk->last);
    g_assert_cmpint(cache_find_id(walk->fake->cache, walk->scope, name), ==, row);
    walk->last = row;
    return ++walk->n % 7 != 0;
}

static void test_each_goes_on(void)
{
    Fake *fake = fake_new();
    Scope scope = {KIND_CAMPAIGN, 0, NULL};
    Walk walk = {.fake = fake, .scope = &scope};
    guint before;

    fake_add_account(fake);
    fake_add_campaigns(fake, 100);
    scope.advertiser = fake_account(fake);
    fake_have(fake, LISTING_CAMPAIGNS, scope.advertiser);
    do {
        before = walk.n;
        cache_each(fake->cache, &scope, FALSE, walk.last, check_id, &walk);
        g_assert_cmpuint(walk.n, <=, before + 7);
    } while (walk.n > before);
    g_assert_cmpuint(walk.n, ==, 100);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rows/every-digit-is-kept", test_digits);
    g_test_add_func("/rows/ids-may-come-as-numbers", test_numeric_parent);
    g_test_add_func("/rows/more-rows-than-slots", test_borrowed);
    g_test_add_func("/rows/every-name-leads-to-its-row-and-is-unique", test_names);
    g_test_add_func("/rows/a-name-carries-an-id-only-where-it-must", test_name_rule);
    g_test_add_func("/rows/each-goes-on-behind-a-row", test_each_goes_on);
    return g_test_run();
}
