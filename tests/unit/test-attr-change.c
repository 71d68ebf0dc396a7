/* SPDX-License-Identifier: MIT */
/* test-attr-change.c - what may be written to an attribute file, and what it then means. */
#include <string.h>

#include "api/error.h"
#include "tests/unit/attr-subject.h"

typedef struct {
    const char *member, *value;
    gboolean amount, force;
} Want;

/* The change that a text means; an error of -1 stands for none. */
static int try_change(const Subject *subject, const char *text, AttrChange *ret)
{
    const AttrRow *row = attr_find(subject->kind, subject->file);
    g_autoptr(Object) object = subject_object(subject);
    AttrView view = subject_view(subject, object);
    g_autoptr(GError) error = NULL;

    if (attr_change(row, &view, text, ret, &error)) {
        g_assert_no_error(error);
        return -1;
    }
    g_assert_nonnull(error);
    g_assert_cmpint(error->domain, ==, API_ERROR);
    g_assert_true(g_str_has_prefix(error->message, subject->file));
    return error->code;
}

static void assert_taken(const Subject *subject, const char *text, const Want *want)
{
    g_auto(AttrChange) change = {0};

    g_assert_cmpint(try_change(subject, text, &change), ==, -1);
    g_assert_cmpstr(change.member, ==, want->member);
    g_assert_cmpstr(change.value, ==, want->value);
    g_assert_cmpint(change.amount, ==, want->amount);
    g_assert_cmpint(change.force, ==, want->force);
}

/* A refusal leaves the change as it was. */
static void assert_refused(const Subject *subject, const char *text, ApiErrorKind kind)
{
    AttrChange change = {.member = "untouched"};
    int refused = try_change(subject, text, &change);

    g_assert_cmpint(refused, ==, kind);
    g_assert_cmpstr(change.member, ==, "untouched");
    g_assert_null(change.value);
}

static const Subject jpy = {KIND_CAMPAIGN, "JPY", "budget", campaign};

static void test_amounts_taken(void)
{
    static const Subject ocpm = {KIND_ADGROUP, "USD", "bid",
                                 ADGROUP(DAY, "50", BIDS("BID_TYPE_CUSTOM", "OCPM"))};
    static const Subject under_cbo = {KIND_ADGROUP, "USD", "bid", ADGROUP(INFINITE, "0", CPC_BIDS)};
    /* clang-format off */
    static const struct {
        const Subject *subject;
        const char *text;
        Want want;
    } cases[] = {
        {&usd,         "750",        {"budget", "750.00", TRUE, FALSE}},
        {&usd,         "750.00",     {"budget", "750.00", TRUE, FALSE}},
        {&usd,         "750!",       {"budget", "750.00", TRUE, TRUE}},
        {&usd,         "750.5",      {"budget", "750.50", TRUE, FALSE}},
        {&usd,         "750.5!",     {"budget", "750.50", TRUE, TRUE}},
        {&usd,         "750.550000", {"budget", "750.55", TRUE, FALSE}},
        {&usd,         "50",         {"budget", "50.00", TRUE, FALSE}},
        {&usd,         "9999999.99", {"budget", "9999999.99", TRUE, FALSE}},
        {&usd_adgroup, "20",         {"budget", "20.00", TRUE, FALSE}},
        {&jpy,         "7500",       {"budget", "7500", TRUE, FALSE}},
        {&jpy,         "7500.00",    {"budget", "7500", TRUE, FALSE}},
        {&jpy,         "5000",       {"budget", "5000", TRUE, FALSE}},
        {&bid,         "0.01",       {"bid_price", "0.01", TRUE, FALSE}},
        {&bid,         "49.99",      {"bid_price", "49.99", TRUE, FALSE}},
        {&ocpm,        "7!",         {"conversion_bid_price", "7.00", TRUE, TRUE}},
        {&under_cbo,   "75",         {"bid_price", "75.00", TRUE, FALSE}},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_taken(cases[i].subject, cases[i].text, &cases[i].want);
}

static void test_amounts_out_of_range(void)
{
    static const struct {
        const Subject *subject;
        const char *text;
    } cases[] = {
        {&usd, "750.555"}, {&usd, "49.99"},    {&usd, "1"},           {&usd, "0"},
        {&usd, "1!"},      {&usd, "10000000"}, {&usd, "10000000.01"}, {&usd_adgroup, "19.99"},
        {&jpy, "7500.5"},  {&jpy, "4999"},     {&jpy, "1000000000"},  {&bid, "0"},
        {&bid, "0.00"},    {&bid, "50"},       {&bid, "50.01"},       {&bid, "0.355"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].subject, cases[i].text, API_ERROR_RANGE);
}

static void test_amounts_malformed(void)
{
    static const char *const texts[] = {
        "abc",     "-5",    "+5",     "1e3",
        "0x10",    "",      " 750",   "750 ",
        "750\n5",  "750\n", "750\r",  "750!!",
        "!750",    "!",     "750 !",  "7,500",
        "750.",    ".5",    "7.5.0",  "750\t",
        "750\x01", "\x7f",  "75\xff", "\xc3",
        "inf",     "NaN",   "７５０", "750.0000001",
        "'750'",   "$750",  "1_000",  "99999999999999999999",
    };
    static const Subject *const subjects[] = {&usd, &jpy, &usd_adgroup, &bid};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(subjects); j++)
            assert_refused(subjects[j], texts[i], API_ERROR_INVALID);
}

/* Two lines are control characters too; the one who wrote them is told what they are. */
static void test_lines_are_named(void)
{
    static const char *const texts[] = {"750\n5", "750\r\n", "\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(AttrChange) change = {0};
        g_autoptr(Object) object = subject_object(&usd);
        AttrView view = subject_view(&usd, object);
        g_autoptr(GError) error = NULL;

        g_assert_false(
            attr_change(attr_find(usd.kind, usd.file), &view, texts[i], &change, &error));
        g_assert_nonnull(strstr(error->message, "line"));
    }
}

static char *random_text(void)
{
    static const char alphabet[] = "0123456789.!+-eE ,\t";
    gint32 length = g_test_rand_int_range(1, 11);
    char *text = g_malloc0((gsize)length + 1);

    for (gint32 i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range(0, (gint32)strlen(alphabet))];
    return text;
}

/* The whole of what an ad group's budget in USD may be, from 20 to below 10,000,000. */
static void test_amounts_by_oracle(void)
{
    g_autoptr(GRegex) oracle = g_regex_new("^([2-9][0-9]|[1-9][0-9]{2,6})"
                                           "(\\.[0-9]{1,2}0{0,4})?!?$",
                                           G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    guint taken = 0;

    for (guint i = 0; i < 100000; i++) {
        g_autofree char *text = random_text();
        g_auto(AttrChange) change = {0};
        gboolean want = g_regex_match(oracle, text, 0, NULL);
        gboolean have = try_change(&usd_adgroup, text, &change) == -1;

        if (have != want)
            g_error("'%s': taken %d, wanted %d", text, have, want);
        taken += have;
    }
    g_assert_cmpuint(taken, >, 1000);
}

/* ---- words and names ---- */

static void test_status_words(void)
{
    static const Subject status = {KIND_CAMPAIGN, "USD", "status", campaign};
    static const char *const wrong[] = {"enable",  "Enable",  "DELETE",  "PAUSED", "FROZEN",
                                        "ENABLE ", " ENABLE", "ENABLED", "1",      ""};

    assert_taken(&status, "ENABLE", &(Want){"operation_status", "ENABLE"});
    assert_taken(&status, "DISABLE", &(Want){"operation_status", "DISABLE"});
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(&status, wrong[i], API_ERROR_INVALID);
}

static char *repeat(const char *text, guint n)
{
    GString *all = g_string_new(NULL);

    for (guint i = 0; i < n; i++)
        g_string_append(all, text);
    return g_string_free(all, FALSE);
}

static void test_name_width(void)
{
    static const Subject name = {KIND_ADGROUP, "USD", "name", adgroup};
    static const struct {
        const char *unit;
        guint most;
    } cases[] = {{"x", 512}, {"ü", 512}, {"漢", 256}, {"カ", 256}, {"한", 256}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *longest = repeat(cases[i].unit, cases[i].most);
        g_autofree char *longer = g_strconcat(longest, "x", NULL);
        Want want = {"adgroup_name", longest};

        assert_taken(&name, longest, &want);
        assert_refused(&name, longer, API_ERROR_INVALID);
    }
}

static void test_name_characters(void)
{
    static const Subject name = {KIND_AD, "USD", "name", "{\"ad_id\":\"3\"}"};
    static const char *const fine[] = {
        "Herbst / 100 % \"neu\"", " blanks ", "750!", "-", "ﾊﾛｰ", "★ neu ✓"};
    static const char *const wrong[] = {
        "",       "two\nlines", "a\n",    "tab\there", "a\x1b[31m", "\x7f", "a\xff",       "\xc3",
        "Sale 🎉", "❤️",     "\u2b50", "\xc2\x85",  "1\u20e3",   "🇩🇪",   "\xed\xa0\x80"};

    for (gsize i = 0; i < G_N_ELEMENTS(fine); i++) {
        Want want = {"ad_name", fine[i]};

        assert_taken(&name, fine[i], &want);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(&name, wrong[i], API_ERROR_INVALID);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attr-change/takes-plain-amounts", test_amounts_taken);
    g_test_add_func("/attr-change/amounts-out-of-range", test_amounts_out_of_range);
    g_test_add_func("/attr-change/malformed-amounts", test_amounts_malformed);
    g_test_add_func("/attr-change/more-than-one-line", test_lines_are_named);
    g_test_add_func("/attr-change/nothing-but-a-plain-amount-passes", test_amounts_by_oracle);
    g_test_add_func("/attr-change/status-is-one-of-two-words", test_status_words);
    g_test_add_func("/attr-change/names-are-512-wide-at-most", test_name_width);
    g_test_add_func("/attr-change/names-have-no-emoji-and-no-controls", test_name_characters);
    return g_test_run();
}
