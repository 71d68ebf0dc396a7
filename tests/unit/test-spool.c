/* SPDX-License-Identifier: MIT */
/* test-spool.c - rows become files: each format, each kind of value, a disk that is full. */
#include "fs/spool.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/errno.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)

static const char *const campaign_metrics[] = {"campaign_name", "spend", "clicks", "ctr", NULL};
static const char *const ad_metrics[] = {"spend", "ad_name", "campaign_id", NULL};

typedef struct {
    char *dir, *path, *part;
} Fixture;

static void set_up(Fixture *fixture, const void *data)
{
    fixture->dir = g_dir_make_tmp("adsfs-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->dir, "report", NULL);
    fixture->part = g_strconcat(fixture->path, ".part", NULL);
}

static guint count_files(const char *dir)
{
    GDir *open = g_dir_open(dir, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(open) != NULL)
        n++;
    g_dir_close(open);
    return n;
}

static void tear_down(Fixture *fixture, const void *data)
{
    g_unlink(fixture->path);
    g_assert_cmpuint(count_files(fixture->dir), ==, 0); /* nothing is left over */
    g_rmdir(fixture->dir);
    g_free(fixture->dir);
    g_free(fixture->path);
    g_free(fixture->part);
}

/* ---- whole files ---- */

typedef struct {
    ReportFormat format;
    ObjectKind level;
    gboolean by_day;
    const char *const *metrics;
    const char *const *values; /* of all rows, one after the other */
    guint n_rows, n_values;
} Report;

static ReportShape shape_of(ObjectKind level, gboolean by_day, const char *const *metrics)
{
    return (ReportShape){.level = level,
                         .id = kind_names(level)->id,
                         .grain = by_day ? GRAIN_DAY : GRAIN_TOTAL,
                         .metrics = metrics};
}

static char *spool_text(Fixture *fixture, const Report *report)
{
    g_autoptr(GError) error = NULL;
    ReportShape shape = shape_of(report->level, report->by_day, report->metrics);
    g_autoptr(Spool) spool = spool_new(fixture->path, report->format, &shape);
    gint64 size;
    char *text;

    for (guint i = 0; i < report->n_rows; i++)
        spool_row(spool, report->values + i * report->n_values, report->n_values);
    spool_end(spool);
    g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS)); /* not before it is whole */
    size = spool_finish(spool, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    g_assert_cmpint(size, ==, (gint64)strlen(text));
    return text;
}

#define TWO_DAYS                                                                                   \
    "17", "2026-11-20", "Herbst \"1\", neu", "48.10", "0", "-", "17", "2026-11-21",                \
        "Herbst\t2\nneu\\", "1E2", NULL, "0.070"

static const char *const two_days[] = {TWO_DAYS};

static Report campaign_days(ReportFormat format)
{
    return (Report){format, KIND_CAMPAIGN, TRUE, campaign_metrics, two_days, 2, 6};
}

static void test_json(Fixture *fixture, const void *data)
{
    Report report = campaign_days(FORMAT_JSON);
    g_autofree char *text = spool_text(fixture, &report);

    g_assert_cmpstr(text, ==,
                    "[\n"
                    "{\"campaign_id\":\"17\",\"campaign_name\":\"Herbst \\\"1\\\", neu\","
                    "\"stat_time_day\":\"2026-11-20\",\"spend\":48.10,\"clicks\":0,\"ctr\":null},\n"
                    "{\"campaign_id\":\"17\",\"campaign_name\":\"Herbst\\t2\\nneu\\\\\","
                    "\"stat_time_day\":\"2026-11-21\",\"spend\":1E2,\"clicks\":null,\"ctr\":0.070}"
                    "\n]\n");
}

static void test_ndjson(Fixture *fixture, const void *data)
{
    Report report = campaign_days(FORMAT_NDJSON);
    g_autofree char *text = spool_text(fixture, &report);

    g_assert_cmpstr(text, ==,
                    "{\"campaign_id\":\"17\",\"campaign_name\":\"Herbst \\\"1\\\", neu\","
                    "\"stat_time_day\":\"2026-11-20\",\"spend\":48.10,\"clicks\":0,\"ctr\":null}\n"
                    "{\"campaign_id\":\"17\",\"campaign_name\":\"Herbst\\t2\\nneu\\\\\","
                    "\"stat_time_day\":\"2026-11-21\",\"spend\":1E2,\"clicks\":null,\"ctr\":0.070}"
                    "\n");
}

static void test_csv(Fixture *fixture, const void *data)
{
    Report report = campaign_days(FORMAT_CSV);
    g_autofree char *text = spool_text(fixture, &report);

    g_assert_cmpstr(text, ==,
                    "campaign_id,campaign_name,stat_time_day,spend,clicks,ctr\n"
                    "17,\"Herbst \"\"1\"\", neu\",2026-11-20,48.10,0,\n"
                    "17,\"Herbst\t2\nneu\\\",2026-11-21,1E2,,0.070\n");
}

static void test_tsv(Fixture *fixture, const void *data)
{
    Report report = campaign_days(FORMAT_TSV);
    g_autofree char *text = spool_text(fixture, &report);

    g_assert_cmpstr(text, ==,
                    "campaign_id\tcampaign_name\tstat_time_day\tspend\tclicks\tctr\n"
                    "17\tHerbst \"1\", neu\t2026-11-20\t48.10\t0\t\n"
                    "17\tHerbst 2 neu\\\t2026-11-21\t1E2\t\t0.070\n");
}

/* Ids and names come first, whatever the order of the metrics; without days there is no day. */
static void test_columns(Fixture *fixture, const void *data)
{
    static const char *const values[] = {"9", "1.5", "ad", "17"};
    Report report = {FORMAT_CSV, KIND_AD, FALSE, ad_metrics, values, 1, 4};
    g_autofree char *text = spool_text(fixture, &report);

    g_assert_cmpstr(text, ==, "ad_id,ad_name,campaign_id,spend\n9,ad,17,1.5\n");
}

/* What the row is of, then what else is text, the time, and the metrics as they were asked for. */
static void test_order(Fixture *fixture, const void *data)
{
    static const char *const by[] = {"age", "gender", NULL};
    static const char *const some[] = {"clicks", "objective_type", "spend", "currency", NULL};
    static const char *const values[] = {"9", "AGE_25_34", "MALE", "2026-11-20 13:00:00",
                                         "3", "Reach",     "0.50", "EUR"};
    ReportShape shape = {
        .level = KIND_AD, .id = "ad_id", .breakdown = by, .grain = GRAIN_HOUR, .metrics = some};
    g_autoptr(Spool) spool = spool_new(fixture->path, FORMAT_CSV, &shape);
    g_autofree char *text = NULL;

    spool_row(spool, values, G_N_ELEMENTS(values));
    spool_end(spool);
    g_assert_cmpint(spool_finish(spool, NULL), >, 0);
    g_assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==,
                    "ad_id,age,gender,objective_type,currency,stat_time_hour,clicks,spend\n"
                    "9,AGE_25_34,MALE,Reach,EUR,2026-11-20 13:00:00,3,0.50\n");
}

static void test_no_rows(Fixture *fixture, const void *data)
{
    static const struct {
        ReportFormat format;
        const char *text;
    } cases[] = {{FORMAT_JSON, "[\n]\n"},
                 {FORMAT_NDJSON, ""},
                 {FORMAT_CSV, "campaign_id,campaign_name,spend,clicks,ctr\n"},
                 {FORMAT_TSV, "campaign_id\tcampaign_name\tspend\tclicks\tctr\n"}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Report report = {cases[i].format, KIND_CAMPAIGN, FALSE, campaign_metrics, NULL, 0, 5};
        g_autofree char *text = spool_text(fixture, &report);

        g_assert_cmpstr(text, ==, cases[i].text);
        g_unlink(fixture->path);
    }
}

/* What does not apply is no value, and a day has no hour: the page adds up what is left. */
static void test_page(Fixture *fixture, const void *data)
{
    HtmlHead head = {
        .title = (char *)"Alpenrad", .start = (char *)"2026-11-20", .end = (char *)"2026-11-21"};
    ReportShape shape = shape_of(KIND_CAMPAIGN, TRUE, campaign_metrics);
    g_autoptr(Spool) spool = spool_new_page(fixture->path, &shape, &head);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gint64 size;

    for (guint i = 0; i < 2; i++)
        spool_row(spool, two_days + i * 6, 6);
    spool_end(spool);
    size = spool_finish(spool, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    g_assert_cmpint(size, ==, (gint64)strlen(text));
    g_assert_nonnull(
        strstr(text, "\"unit\":null,\"sum\":\"148.10\",\"values\":[\"48.10\",\"1E2\"]"));
    g_assert_nonnull(strstr(text, "\"sum\":\"0\",\"values\":[\"0\",null]"));
}

/* ---- values ---- */

/* What a metric becomes in JSON; an id, a name and a day stay strings whatever they look like. */
static void test_json_values(Fixture *fixture, const void *data)
{
    static const char *const metrics[] = {"spend", "ad_name", NULL};
    /* clang-format off */
    static const struct {
        const char *value, *json;
    } cases[] = {
        {"0", "0"},         {"48.10", "48.10"},   {"-3.50", "-3.50"},  {"1e5", "1e5"},
        {"1E+5", "1E+5"},   {"0.0", "0.0"},       {"-0", "-0"},
        {"123456789012345678901234567890.10", "123456789012345678901234567890.10"},
        {"", "\"\""},       {"007", "\"007\""},   {"1.", "\"1.\""},    {".5", "\".5\""},
        {"+1", "\"+1\""},   {"1e", "\"1e\""},     {"1e+", "\"1e+\""},  {"NaN", "\"NaN\""},
        {"12%", "\"12%\""}, {"1,000", "\"1,000\""}, {"--", "\"--\""},  {"0x10", "\"0x10\""},
        {" 1", "\" 1\""},   {"1 ", "\"1 \""},     {"null", "\"null\""}, {"true", "\"true\""},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *values[] = {"123", cases[i].value, "42"};
        Report report = {FORMAT_NDJSON, KIND_AD, FALSE, metrics, values, 1, 3};
        g_autofree char *text = spool_text(fixture, &report);
        g_autofree char *want =
            g_strdup_printf("{\"ad_id\":\"123\",\"ad_name\":\"42\",\"spend\":%s}\n", cases[i].json);

        g_assert_cmpstr(text, ==, want);
        g_unlink(fixture->path);
    }
}

static char *random_cell(void)
{
    static const char alphabet[] = "0123456789.-+eE,\"\\\t\n\r {}[]:\x01ax";
    gint32 length = g_test_rand_int_range(0, 6);
    char *text = g_malloc0((gsize)length + 1);

    for (gint32 i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range(0, (gint32)strlen(alphabet))];
    return text;
}

/* A name may be "-"; a metric that is has no value. */
static void assert_cell(const cJSON *row, const char *column, const char *value)
{
    const cJSON *cell = cJSON_GetObjectItemCaseSensitive(row, column);

    if (strcmp(value, "-") == 0 && strcmp(column, "spend") == 0)
        g_assert_true(cJSON_IsNull(cell));
    else if (cJSON_IsString(cell))
        g_assert_cmpstr(cell->valuestring, ==, value);
    else
        g_assert_true(cJSON_IsNumber(cell) && g_ascii_strtod(value, NULL) == cell->valuedouble);
}

/* Whatever the service sends, the file is JSON, and has one line for each row. */
static void test_json_is_valid(Fixture *fixture, const void *data)
{
    enum { ROWS = 500, COLUMNS = 5 };
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    Report report = {FORMAT_JSON, KIND_CAMPAIGN, FALSE, campaign_metrics, NULL, ROWS, COLUMNS};

    for (guint i = 0; i < ROWS * COLUMNS; i++)
        g_ptr_array_add(values, random_cell());
    report.values = (const char *const *)values->pdata;

    g_autofree char *text = spool_text(fixture, &report);
    g_autoptr(cJSON) json = cJSON_Parse(text);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    g_assert_nonnull(json);
    g_assert_cmpint(cJSON_GetArraySize(json), ==, ROWS);
    g_assert_cmpuint(g_strv_length(lines), ==, ROWS + 3); /* [ and ] and after the last newline */
    for (guint i = 0; i < ROWS; i++) {
        const cJSON *row = cJSON_GetArrayItem(json, (int)i);

        g_assert_cmpint(cJSON_GetArraySize(row), ==, COLUMNS);
        assert_cell(row, "campaign_id", report.values[i * COLUMNS]);
        assert_cell(row, "campaign_name", report.values[i * COLUMNS + 1]);
        assert_cell(row, "spend", report.values[i * COLUMNS + 2]);
        g_assert_cmpint(lines[i + 1][0], ==, '{');
    }
}

/* ---- failures ---- */

static void assert_spool_fails(const char *path, int code, int error_code)
{
    static const char *const row[] = {"17", "name", "1", "2", "3"};
    g_autoptr(GError) error = NULL;
    ReportShape shape = shape_of(KIND_CAMPAIGN, FALSE, campaign_metrics);
    g_autoptr(Spool) spool = spool_new(path, FORMAT_CSV, &shape);

    for (guint i = 0; i < 10000; i++)
        spool_row(spool, row, G_N_ELEMENTS(row));
    spool_end(spool);
    g_assert_cmpint(spool_finish(spool, &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, code);
    g_assert_cmpint(errno_of(error), ==, error_code);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void test_no_directory(Fixture *fixture, const void *data)
{
    g_autofree char *path = g_build_filename(fixture->dir, "none", "report", NULL);

    assert_spool_fails(path, G_FILE_ERROR_NOENT, EIO);
}

/* The device that is always full, by a link in the place of the file to be. */
static void test_full_disk(Fixture *fixture, const void *data)
{
    g_assert_cmpint(symlink("/dev/full", fixture->part), ==, 0);
    assert_spool_fails(fixture->path, G_FILE_ERROR_NOSPC, ENOSPC);
}

/* Little enough to stay in the buffer until the end. */
static void test_full_at_the_end(Fixture *fixture, const void *data)
{
    ReportShape shape = shape_of(KIND_AD, FALSE, ad_metrics);
    g_autoptr(GError) error = NULL;
    g_autoptr(Spool) spool = NULL;

    g_assert_cmpint(symlink("/dev/full", fixture->part), ==, 0);
    spool = spool_new(fixture->path, FORMAT_JSON, &shape);
    spool_end(spool);
    g_assert_cmpint(spool_finish(spool, &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

/* What was there before stays until the new file is whole, and when there is none. */
static void test_given_up(Fixture *fixture, const void *data)
{
    ReportShape shape = shape_of(KIND_AD, FALSE, ad_metrics);
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(fixture->path, "old", -1, NULL));
    spool_free(spool_new(fixture->path, FORMAT_CSV, &shape));
    g_assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "old");
    spool_free(NULL);
}

static void add(const char *path, void (*test)(Fixture *fixture, const void *data))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/spool/json-is-an-array-with-one-row-a-line", test_json);
    add("/spool/ndjson-is-one-object-a-line", test_ndjson);
    add("/spool/csv-is-quoted-where-needed", test_csv);
    add("/spool/tsv-has-no-quotes", test_tsv);
    add("/spool/page-has-no-quotes", test_page);
    add("/spool/ids-and-names-come-first", test_columns);
    add("/spool/what-a-row-is-of-comes-first-then-other-texts-and-the-time", test_order);
    add("/spool/no-rows", test_no_rows);
    add("/spool/numbers-keep-their-digits", test_json_values);
    add("/spool/json-is-valid-whatever-comes", test_json_is_valid);
    add("/spool/no-directory", test_no_directory);
    add("/spool/full-disk", test_full_disk);
    add("/spool/full-disk-at-the-end", test_full_at_the_end);
    add("/spool/what-was-given-up-is-gone", test_given_up);
    return g_test_run();
}
