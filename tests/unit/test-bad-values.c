/* SPDX-License-Identifier: MIT */
/* test-bad-values.c - tests/data/bad-values, all of it: what may be written, and what may not. */
#include <string.h>

#include "api/error.h"
#include "tests/fuzz/corpus.h"
#include "tests/unit/attr-subject.h"

static const Subject jpy = {KIND_CAMPAIGN, "JPY", "budget", CAMPAIGN(DAY, "60000")};
static const Subject krw = {KIND_CAMPAIGN, "KRW", "budget", CAMPAIGN(DAY, "60000")};
static const Subject status = {KIND_ADGROUP, "USD", "status", "{\"operation_status\":\"ENABLE\"}"};
static const Subject name = {KIND_AD, "USD", "name", "{\"ad_name\":\"Autumn\"}"};

/* At least so many: a corpus that was not read proves nothing. */
typedef struct {
    const char *file;
    guint least;
    const Subject *subjects[5];
} Corpus;

static const Corpus bad[] = {
    {"amount.txt", 1000, {&usd, &jpy, &krw, &bid, &usd_adgroup}},
    {"budget-usd.txt", 50, {&usd}},
    {"budget-jpy.txt", 40, {&jpy}},
    {"budget-krw.txt", 30, {&krw}},
    {"bid.txt", 40, {&bid}},
    {"at-midnight.txt", 200, {&usd_adgroup, &usd, &bid, &jpy}},
    {"status.txt", 200, {&status}},
    {"name.txt", 200, {&name}},
};

static const Corpus good[] = {
    {"budget-good.txt", 30, {&usd}},
    {"budget-jpy-good.txt", 10, {&jpy}},
    {"budget-krw-good.txt", 5, {&krw}},
    {"bid-good.txt", 10, {&bid}},
    {"at-midnight-good.txt", 5, {&usd_adgroup}},
    {"status-good.txt", 2, {&status}},
    {"name-good.txt", 50, {&name}},
};

static GPtrArray *read_values(const Corpus *corpus)
{
    GPtrArray *values = corpus_new();
    g_autofree char *path = g_build_filename(g_getenv("G_TEST_SRCDIR"), "tests", "data",
                                             "bad-values", corpus->file, NULL);

    if (!corpus_read(path, values))
        g_error("%s can not be read", path);
    g_assert_cmpuint(values->len, >=, corpus->least);
    return values;
}

typedef void (*ValueFunc)(const Subject *subject, const AttrView *view, const char *text);

static void each_value(const Corpus *corpora, gsize n, ValueFunc check)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GPtrArray) values = read_values(&corpora[i]);

        for (guint j = 0; j < G_N_ELEMENTS(corpora[i].subjects); j++) {
            const Subject *subject = corpora[i].subjects[j];
            g_autoptr(Object) object = subject != NULL ? subject_object(subject) : NULL;
            AttrView view;

            if (subject == NULL)
                break;
            view = subject_view(subject, object);
            for (guint k = 0; k < values->len; k++) {
                const GString *value = values->pdata[k];

                if (strlen(value->str) == value->len) /* a NUL is refused before, by the file */
                    check(subject, &view, value->str);
            }
        }
    }
}

static void must_refuse(const Subject *subject, const AttrView *view, const char *text)
{
    AttrChange change = {.member = "untouched"};
    g_autoptr(GError) error = NULL;

    if (attr_change(attr_find(subject->kind, subject->file), view, text, &change, &error))
        g_error("%s in %s: '%s' is taken, as %s", subject->file, subject->currency, text,
                change.value);
    g_assert_cmpstr(change.member, ==, "untouched");
    g_assert_true(error->code == API_ERROR_INVALID || error->code == API_ERROR_RANGE);
    /* One short line that names the file, and what to do. */
    g_assert_true(g_str_has_prefix(error->message, subject->file));
    if (strstr(error->message, "write") == NULL || strpbrk(error->message, "\n\r\x1b") != NULL ||
        !g_utf8_validate(error->message, -1, NULL) || strlen(error->message) > 350)
        g_error("'%s': %s", text, error->message);
}

static void must_take(const Subject *subject, const AttrView *view, const char *text)
{
    g_auto(AttrChange) change = {0};
    g_autoptr(GError) error = NULL;

    attr_change(attr_find(subject->kind, subject->file), view, text, &change, &error);
    g_assert_no_error(error);
    if (change.amount) {
        gint64 micros;

        g_assert_true(money_parse(change.value, &micros, NULL));
        g_assert_true(money_fits(micros, view->currency));
    } else {
        g_assert_cmpstr(change.value, ==, text);
    }
}

static void test_bad(void)
{
    each_value(bad, G_N_ELEMENTS(bad), must_refuse);
}

static void test_good(void)
{
    each_value(good, G_N_ELEMENTS(good), must_take);
}

/* What a corpus has no line for. */
static void test_empty(void)
{
    static const Subject *const subjects[] = {&usd, &bid, &status, &name};

    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_autoptr(Object) object = subject_object(subjects[i]);
        AttrView view = subject_view(subjects[i], object);

        must_refuse(subjects[i], &view, "");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bad-values/each-is-refused-and-named", test_bad);
    g_test_add_func("/bad-values/each-good-one-is-taken", test_good);
    g_test_add_func("/bad-values/nothing-is-no-value", test_empty);
    return g_test_run();
}
