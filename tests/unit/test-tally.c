/* SPDX-License-Identifier: MIT */
/* test-tally.c - what proves a list, and what does not. */
#include "cache/tally.h"

static const PagePlan plan = {.page_size = 1000};

static Answer page(gint64 total_number, gint64 total_page, gint64 n_rows)
{
    return (Answer){
        .total_number = total_number, .total_page = total_page, .n_rows = n_rows, .has_list = TRUE};
}

static void test_whole(void)
{
    Tally tally;
    Answer first = page(1500, 2, 1000), second = page(1500, 2, 500);

    tally_begin(&tally, &plan);
    tally_answer(&tally, &plan, 1, &first);
    g_assert_cmpuint(tally.n_pages, ==, 2);
    tally_answer(&tally, &plan, 2, &second);
    tally.distinct = 1499;
    g_assert_false(tally_is_whole(&tally, &plan));
    tally.distinct = 1500;
    g_assert_true(tally_is_whole(&tally, &plan));
}

static void test_proves_nothing(void)
{
    const Answer bad[] = {page(-1, -1, 10), page(1501, 2, 500), page(1500, 3, 0)};
    Answer first = page(1500, 3, 1000);

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        Tally tally;

        tally_begin(&tally, &plan);
        tally_answer(&tally, &plan, 1, &first);
        tally_answer(&tally, &plan, 2, &bad[i]);
        tally.distinct = 1500;
        g_assert_false(tally_is_whole(&tally, &plan));
    }
}

/* Smaller pages than were asked for, none at all, and a total that is no number of rows. */
static void test_pages(void)
{
    const struct {
        Answer first;
        guint n_pages;
    } cases[] = {
        {page(1001, 2, 1000), 2},
        {page(1000, 1, 1000), 1},
        {page(1000, 100, 10), 100},
        {page(0, 0, 0), 1},
        {page(G_MAXINT64, 1, 1000), G_MAXINT},
        {page(10, G_MAXINT64, 10), G_MAXINT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Tally tally;

        tally_begin(&tally, &plan);
        tally_answer(&tally, &plan, 1, &cases[i].first);
        g_assert_cmpuint(tally.n_pages, ==, cases[i].n_pages);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tally/as-many-as-every-page-promised", test_whole);
    g_test_add_func("/tally/what-differs-proves-nothing", test_proves_nothing);
    g_test_add_func("/tally/pages", test_pages);
    return g_test_run();
}
