/* SPDX-License-Identifier: MIT */
/* test-scratch-name.c - names that programs make beside a file, and names that people mistype. */
#include "fs/scratch-name.h"

static const char *const files[] = {"budget", "name", "status", "campaigns.csv", NULL};

static void test_programs(void)
{
    static const struct {
        const char *name, *of;
        gboolean exclusive; /* ... is needed */
    } cases[] = {
        {".budget.swp", "budget"},
        {".budget.swo", "budget"},
        {".budget.swpx", "budget"},
        {"budget~", "budget"},
        {"4913", ""},
        {".#budget", "budget"},
        {".#-emacsu8Kd2Q", "", TRUE},
        {"#budget#", "budget"},
        {"sed0llEOv", "", TRUE},
        {"XXRgXj2g", "", TRUE},
        {"budgetBCjRPQ", "budget", TRUE},
        {".budget.67lKjI", "budget", TRUE},
        {"budget.67lKjI", "budget", TRUE},
        {".goutputstream-AB12CD", "", TRUE},
        {"tmprscqgk44", "", TRUE},
        {"tmp_a_b_c_d", "", TRUE},
        {"mlr-in-place-729840859", "", TRUE},
        {".~lock.campaigns.csv#", "campaigns.csv"},
        {"lu43061q2wx.tmp", ""},
        {"campaigns.csv.tmp", "campaigns.csv"},
        {"status.new", "status"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpstr(scratch_name_of(cases[i].name, TRUE, files), ==, cases[i].of);
        g_assert_cmpstr(scratch_name_of(cases[i].name, FALSE, files), ==,
                        cases[i].exclusive ? NULL : cases[i].of);
    }
}

/* Of files that are not there, with letters too many or too few, of other sorts of letters. */
static void test_none(void)
{
    static const char *const names[] = {
        "bugdet",
        "Budget",
        "budget2",
        "budgets",
        "budget.txt",
        "",
        ".budget",
        ".bid.swp",
        ".budget.swpxx",
        ".budget.sw",
        ".budget.swP",
        "bid~",
        "~",
        "49131",
        "#budget",
        ".#bid",
        "sedabcde",
        "sedabcdefg",
        "sed.bcdef",
        "XXabcde",
        "budgetabcde",
        "budgetabcdefg",
        "budget.abcde",
        ".budget.abcdefg",
        "tmpABCDEFGH",
        "tmpabcdefg",
        "mlr-in-place-",
        "mlr-in-place-a",
        "lu.tmp",
        "luab.tmp",
        "lu1234.tmpx",
        "budget.tmp2",
        ".budget.tmp",
        "budget.new~",
        "info.json.tmp",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(scratch_name_of(names[i], TRUE, files), ==, NULL);
}

/* There is nothing to write beside. */
static void test_no_files(void)
{
    static const char *const none[] = {NULL};

    g_assert_null(scratch_name_of("sed0llEOv", TRUE, none));
    g_assert_null(scratch_name_of(".budget.swp", TRUE, none));
    g_assert_null(scratch_name_of("4913", TRUE, none));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scratch-name/of-each-program", test_programs);
    g_test_add_func("/scratch-name/a-mistyped-name-is-none", test_none);
    g_test_add_func("/scratch-name/only-beside-what-can-be-written", test_no_files);
    return g_test_run();
}
