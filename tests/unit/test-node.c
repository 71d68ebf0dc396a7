/* SPDX-License-Identifier: MIT */
/* test-node.c - names without an object: their numbers, their versions, what a restart leaves. */
#include "tests/unit/fake-service.h"

static const Node *want(Fake *fake, const char *name, gboolean next)
{
    Waiter waiter = {&fake_waiter, fake->mono};
    g_autoptr(GError) error = NULL;
    const Node *node = NULL;
    CacheResult result = cache_want_node(fake->cache, 1, name, next, &waiter, &node, &error);

    while (result == CACHE_WAIT) {
        fake_run(fake);
        result = cache_want_node(fake->cache, 1, name, next, &waiter, &node, &error);
    }
    g_assert_no_error(error);
    g_assert_cmpint(result, ==, CACHE_HIT);
    return node;
}

static void test_birth(void)
{
    Fake *fake = fake_new();
    const Node *node = want(fake, "last-30d/campaign-day.csv", FALSE);
    gint64 number = node->node;

    g_assert_cmpint(number, >, (fake->wall / SECOND) << 20);
    g_assert_cmpint(node->owner, ==, 1);
    g_assert_cmpstr(node->name, ==, "last-30d/campaign-day.csv");
    g_assert_cmpint(node->size, ==, 0);
    g_assert_cmpint(node->made_us, ==, 0);
    g_assert_cmpint(node->shown_us, ==, fake->wall);
    g_assert_cmpint(want(fake, "last-30d/campaign-day.csv", FALSE)->node, ==, number);
    g_assert_cmpint(want(fake, "last-30d/campaign-day.csv", TRUE)->node, ==, number);
    g_assert_cmpint(want(fake, "last-7d", FALSE)->node, >, number);
    g_assert_null(cache_find_node(fake->cache, 2, "last-7d"));
    g_assert_null(cache_node(fake->cache, 17));
    fake_free(fake);
}

static void test_versions(void)
{
    Fake *fake = fake_new();
    gint64 first = want(fake, "a.csv", FALSE)->node, second, made;
    const Node *node;

    fake_later(fake, SECOND);
    made = fake->wall;
    cache_node_made(fake->cache, first, 123, 0); /* seen at once, before the writer has it */
    g_assert_cmpint(cache_node(fake->cache, first)->size, ==, 123);
    g_assert_cmpint(cache_node(fake->cache, first)->made_us, ==, made);
    g_assert_cmpint(want(fake, "a.csv", FALSE)->node, ==, first);

    fake_later(fake, SECOND);
    node = want(fake, "a.csv", TRUE);
    second = node->node;
    g_assert_cmpint(second, >, first);
    g_assert_cmpint(node->size, ==, 123);
    g_assert_cmpint(node->made_us, ==, 0);
    g_assert_cmpint(node->shown_us, ==, made);
    g_assert_cmpint(want(fake, "a.csv", TRUE)->node, ==, second);
    g_assert_cmpint(cache_find_node(fake->cache, 1, "a.csv")->node, ==, second);
    g_assert_cmpint(cache_node(fake->cache, first)->made_us, ==, made);
    fake_free(fake);
}

static gboolean add_name(void *user_data, const Node *node)
{
    GString *names = user_data;

    g_string_append_printf(names, "%s ", node->name);
    return names->len < 20;
}

static char *list(Fake *fake, const char *directory, gint64 after)
{
    GString *names = g_string_new("");

    cache_each_node(fake->cache, 1, directory, after, add_name, names);
    return g_string_free(names, FALSE);
}

static void check_list(Fake *fake, const char *directory, gint64 after, const char *expected)
{
    g_autofree char *names = list(fake, directory, after);

    g_assert_cmpstr(names, ==, expected);
}

static void test_list(void)
{
    Fake *fake = fake_new();
    gint64 a = want(fake, "d/a", FALSE)->node, b = want(fake, "d/b", FALSE)->node;
    gint64 other = want(fake, "dd/c", FALSE)->node;

    want(fake, "d/never", FALSE);
    check_list(fake, "d", 0, "");
    cache_node_made(fake->cache, a, 1, 0);
    check_list(fake, "d", 0, "d/a ");
    cache_node_made(fake->cache, b, 1, 0);
    cache_node_made(fake->cache, other, 1, 0);
    fake_run(fake);
    check_list(fake, "d", 0, "d/a d/b ");
    check_list(fake, "d", a, "d/b ");
    check_list(fake, "", 0, "d/a d/b dd/c ");
    g_assert_cmpint(want(fake, "d/a", TRUE)->node, >, other);
    check_list(fake, "d", 0, "d/a d/b "); /* the new version is not made yet */
    cache_node_made(fake->cache, cache_find_node(fake->cache, 1, "d/a")->node, 2, 0);
    check_list(fake, "d", 0, "d/b d/a ");
    fake_free(fake);
}

static void test_restart(void)
{
    Fake *fake = fake_new();
    gint64 first = want(fake, "a.csv", FALSE)->node, second, made;
    const Node *node;

    cache_node_made(fake->cache, first, 5, 0);
    second = want(fake, "a.csv", TRUE)->node;
    fake_later(fake, SECOND);
    made = fake->wall;
    cache_node_made(fake->cache, second, 77, 0);
    fake_later(fake, SECOND);
    fake_reopen(fake);
    g_assert_null(cache_node(fake->cache, first));
    node = cache_find_node(fake->cache, 1, "a.csv");
    g_assert_cmpint(node->node, ==, second);
    g_assert_cmpint(node->size, ==, 77);
    g_assert_cmpint(node->made_us, ==, 0);
    g_assert_cmpint(node->shown_us, ==, made);
    check_list(fake, "", 0, "");
    g_assert_cmpint(want(fake, "b.csv", FALSE)->node, >, second);
    fake_free(fake);
}

static void test_one_birth(void)
{
    Fake *fake = fake_new();
    int a, b;
    Waiter one = {&a, fake->mono}, two = {&b, fake->mono};
    const Node *node = NULL;
    gint64 number;

    g_assert_cmpint(cache_want_node(fake->cache, 1, "x", TRUE, &one, &node, NULL), ==, CACHE_WAIT);
    g_assert_cmpint(cache_want_node(fake->cache, 1, "x", TRUE, &two, &node, NULL), ==, CACHE_WAIT);
    fake_run(fake);
    g_assert_cmpuint(fake->woken->len, ==, 2);
    number = want(fake, "x", FALSE)->node;
    g_assert_cmpint(want(fake, "y", FALSE)->node, ==, number + 1);
    fake_free(fake);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node/a-name-gets-a-number-and-keeps-it", test_birth);
    g_test_add_func("/node/a-version-is-made-once", test_versions);
    g_test_add_func("/node/only-what-was-made-is-listed", test_list);
    g_test_add_func("/node/a-restart-leaves-the-newest-as-not-made", test_restart);
    g_test_add_func("/node/who-asks-together-gets-one", test_one_birth);
    return g_test_run();
}
