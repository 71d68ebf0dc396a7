/* SPDX-License-Identifier: MIT */
/* test-saved.c - saved queries: what is one, what is not and why, and that they last. */
#include "fs/saved.h"

#include <glib/gstdio.h>
#include <string.h>

#include "api/error.h"
#include "tests/unit/fake-service.h"

#define BASIC(members)                                                                             \
    "{\"report_type\":\"BASIC\",\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\"]," members \
    "}"

/* ---- parse ---- */

static void test_shapes(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {BASIC("\"metrics\":[\"spend\",\"a_new_metric\"]"),
         "BASIC ad ad_id - - total spend,a_new_metric"},
        {"{\"data_level\":\"AUCTION_CAMPAIGN\",\"service_type\":\"AUCTION\","
         "\"dimensions\":[\"stat_time_day\",\"country_code\",\"campaign_id\"]}",
         "BASIC campaign campaign_id,country_code,stat_time_day - - day spend,impressions"},
        {"{\"data_level\":\"AUCTION_ADVERTISER\",\"dimensions\":[\"stat_time_hour\"]}",
         "BASIC advertiser stat_time_hour - - hour spend,impressions"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id_v2\"],\"query_lifetime\":true}",
         "BASIC ad ad_id_v2 - - lifetime spend,impressions"},
        {"{\"report_type\":\"AUDIENCE\",\"data_level\":\"AUCTION_ADGROUP\","
         "\"dimensions\":[\"gender\",\"adgroup_id\",\"age\"],\"metrics\":[\"clicks\"]}",
         "AUDIENCE adgroup adgroup_id,gender,age - - total clicks"},
        {"{\"report_type\":\"BC\",\"dimensions\":[\"advertiser_id\",\"stat_time_day\"]}",
         "BC advertiser advertiser_id,stat_time_day - - day spend,impressions"},
        {BASIC("\"filtering\": [ {\"field_name\":\"ad_status\",\"filter_type\":\"IN\","
               "\"filter_value\":\"[\\\"STATUS_ALL\\\"]\"} ]"),
         "BASIC ad ad_id - - total spend,impressions "
         "[{\"field_name\":\"ad_status\",\"filter_type\":\"IN\","
         "\"filter_value\":\"[\\\"STATUS_ALL\\\"]\"}]"},
        {BASIC("\"filtering\":[],\"query_lifetime\":false") " \n\n",
         "BASIC ad ad_id - - total spend,impressions"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ReportShape) shape = saved_parse(cases[i].text, &error);
        g_autofree char *words = NULL;

        g_assert_no_error(error);
        words = report_words(shape);
        g_assert_cmpstr(words, ==, cases[i].words);
    }
}

static void test_refused(void)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "not a JSON object"},
        {"[]", "not a JSON object"},
        {"spend", "not a JSON object"},
        {BASIC("\"metrics\":[\"spend\"]") "x", "not a JSON object"},
        {"{\"dimensions\":[\"\xff\"]}", "not a JSON object"},
        {BASIC("\"metrics\":[\"spend\"],\"metrics\":[\"clicks\"]"), "metrics is there twice"},
        {BASIC("\"dimension\":[]"), "there is no dimension in a saved query"},
        {BASIC("\"start_date\":\"2026-11-01\""), "leave start_date out of a saved query: the "
                                                 "directory says which days: reports/<range>/"},
        {BASIC("\"end_date\":\"2026-11-01\""), "leave end_date out"},
        {BASIC("\"advertiser_id\":\"1\""), "leave advertiser_id out"},
        {BASIC("\"page\":1"), "leave page out of a saved query: all pages are read"},
        {BASIC("\"order_field\":\"spend\""), "sort the file"},
        {"{\"data_level\":\"AUCTION_AD\"}", "dimensions are missing"},
        {"{\"dimensions\":[\"ad_id\"]}", "data_level is missing"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[]}", "dimensions must be a list of names"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",7]}", "a name is of letters"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",\"campaign_id\"]}",
         "ad_id and campaign_id: a row is of one object"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"stat_time_day\",\"stat_time_hour\"]}",
         "of a day or of an hour"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"campaign_id\"]}",
         "campaign_id is not the id of a report by ad; use ad_id"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",\"age\"]}",
         "this type of report can not be had by age"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",\"colour\"]}",
         "there is no dimension colour"},
        {"{\"data_level\":\"AD\",\"dimensions\":[\"ad_id\"]}", "data_level must be"},
        {"{\"report_type\":\"CATALOG\",\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\"]}",
         "report_type must be BASIC, AUDIENCE or BC"},
        {"{\"report_type\":\"BC\",\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\"]}",
         "type BC has no data_level"},
        {BASIC("\"service_type\":\"RESERVATION\""), "service_type must be AUCTION"},
        {BASIC("\"metrics\":[\"spend\",\"spend\"]"), "spend is asked for twice"},
        {BASIC("\"metrics\":[\"sp\\\"end\"]"), "a name is of letters"},
        {BASIC("\"metrics\":\"spend\""), "metrics must be a list of names"},
        {BASIC("\"query_lifetime\":1"), "query_lifetime must be true or false"},
        {BASIC("\"filtering\":{}"), "filtering must be a list"},
        {BASIC("\"filtering\":[{\"field_name\":\"ad_ids\",\"filter_type\":\"IN\","
               "\"filter_value\":[\"1\"]}]"),
         "a filter has the texts"},
        {BASIC("\"filtering\":[{\"field_name\":\"ad_ids\",\"filter_type\":\"IN\","
               "\"filter_value\":\"[]\",\"x\":1}]"),
         "there is no x in a filter"},
        {"{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",\"stat_time_day\"],"
         "\"query_lifetime\":true}",
         "the whole lifetime can not be had by day"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(saved_parse(cases[i].text, &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
        if (strstr(error->message, cases[i].says) == NULL)
            g_assert_cmpstr(error->message, ==, cases[i].says);
    }
}

/* A writer that was cut off anywhere leaves nothing that is a query. */
static void test_unfinished(void)
{
    static const char text[] = BASIC("\"filtering\":[{\"field_name\":\"a\\\"}\",\"filter_type\":"
                                     "\"IN\",\"filter_value\":\"[\\\"}\\\"]\"}]");

    g_assert_false(saved_is_unfinished(text));
    for (gsize length = 0; length < strlen(text); length++) {
        g_autofree char *part = g_strndup(text, length);
        g_autoptr(ReportShape) shape = saved_parse(part, NULL);

        g_assert_null(shape);
        g_assert_cmpint(saved_is_unfinished(part), ==, length > 0);
    }
    g_assert_false(saved_is_unfinished("}{}"));
    g_assert_false(saved_is_unfinished("spend"));
}

static void test_names(void)
{
    static const struct {
        const char *name;
        gboolean good;
    } cases[] = {
        {"my-query", TRUE},   {"Q_1", TRUE},        {"a", TRUE},        {"adx", TRUE},
        {"ads-by-day", TRUE}, {"", FALSE},          {"a.b", FALSE},     {"a b", FALSE},
        {"ä", FALSE},         {".a", FALSE},        {"a/b", FALSE},     {"ad-day", FALSE},
        {"campaign-", FALSE}, {"adgroup-x", FALSE}, {"campaign", TRUE}, {"advertiser-day", FALSE},
    };
    g_autofree char *longest = g_strnfill(64, 'a');
    g_autofree char *longer = g_strnfill(65, 'a');

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(saved_check_name(cases[i].name, NULL), ==, cases[i].good);
    g_assert_true(saved_check_name(longest, NULL));
    g_assert_false(saved_check_name(longer, NULL));
}

/* ---- the directory ---- */

typedef struct {
    Fake *fake;
    char *dir;
    SavedQueries *queries;
    guint n_ended;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    f->fake = fake_new_closed();
    f->dir = g_dir_make_tmp("adsfs-saved-XXXXXX", NULL);
    f->queries = saved_new(f->dir, &f->fake->clock, NULL);
    g_assert_nonnull(f->queries);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    g_autofree char *queries = g_build_filename(f->dir, "queries", NULL);
    GDir *dir = g_dir_open(queries, 0, NULL);
    const char *name;

    saved_free(f->queries);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(queries, name, NULL);

        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_dir_close(dir);
    g_assert_cmpint(g_rmdir(queries), ==, 0);
    g_assert_cmpint(g_rmdir(f->dir), ==, 0);
    g_free(f->dir);
    fake_free(f->fake);
}

static void on_ended(void *user_data)
{
    ((Fixture *)user_data)->n_ended++;
}

/* NULL: it is removed. */
static void save(Fixture *f, const char *name, const char *text)
{
    g_autoptr(ReportShape) shape = text != NULL ? saved_parse(text, NULL) : NULL;
    Save *save = save_start(f->queries, name, text, shape, on_ended, f);
    g_autoptr(GError) error = NULL;
    guint before = f->n_ended;

    while (!save_ended(save, &error))
        g_main_context_iteration(NULL, TRUE);
    g_assert_no_error(error);
    g_assert_cmpuint(f->n_ended, ==, before + 1);
    save_free(save);
}

static void again(Fixture *f)
{
    saved_free(f->queries);
    f->queries = saved_new(f->dir, &f->fake->clock, NULL);
}

static void test_lasts(Fixture *f, gconstpointer data)
{
    static const char one[] = BASIC("\"metrics\":[\"spend\"]") "\n";
    static const char other[] = BASIC("\"metrics\":[\"clicks\"]");

    g_assert_null(saved_find(f->queries, "mine"));
    save(f, "mine", one);
    g_assert_cmpstr(saved_find(f->queries, "mine")->text, ==, one);
    again(f);
    g_assert_cmpstr(saved_find(f->queries, "mine")->text, ==, one);
    g_assert_cmpstr(saved_find(f->queries, "mine")->shape->metrics[0], ==, "spend");
    save(f, "mine", other);
    again(f);
    g_assert_cmpstr(saved_find(f->queries, "mine")->text, ==, other);
    save(f, "mine", NULL);
    g_assert_null(saved_find(f->queries, "mine"));
    again(f);
    g_assert_null(saved_find(f->queries, "mine"));
}

static void put_file(Fixture *f, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(f->dir, "queries", name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Another mount of the profile saves, rewrites and removes; what is no query is passed over. */
static void test_others(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(f->dir, "queries", "theirs.query", NULL);
    gint64 listed_us = saved_listed_us(f->queries);

    put_file(f, "theirs.query", BASIC("\"metrics\":[\"spend\"]"));
    put_file(f, "half.query", "{\"dimensions\":");
    put_file(f, "ad-day.query", BASIC("\"metrics\":[\"spend\"]"));
    put_file(f, "theirs.query~", "{}");
    g_assert_null(saved_find(f->queries, "theirs")); /* it was looked a moment ago */
    f->fake->mono += SECOND;
    f->fake->wall += SECOND;
    g_assert_nonnull(saved_find(f->queries, "theirs"));
    g_assert_null(saved_find(f->queries, "half"));
    g_assert_null(saved_find(f->queries, "ad-day"));
    g_assert_cmpint(saved_listed_us(f->queries), >, listed_us);
    g_usleep(20000); /* the clock of files moves slowly */
    put_file(f, "theirs.query", BASIC("\"metrics\":[\"clicks\"]"));
    f->fake->mono += SECOND;
    g_assert_cmpstr(saved_find(f->queries, "theirs")->shape->metrics[0], ==, "clicks");
    g_usleep(20000);
    g_assert_cmpint(g_unlink(path), ==, 0);
    f->fake->mono += SECOND;
    g_assert_null(saved_find(f->queries, "theirs"));
}

static void test_created(Fixture *f, gconstpointer data)
{
    const Saved *draft = saved_create(f->queries, "mine", NULL);
    guint index = draft->index;

    g_assert_null(draft->text);
    g_assert_true(saved_create(f->queries, "mine", NULL) == draft);
    saved_drop(f->queries, index);
    g_assert_null(saved_find(f->queries, "mine"));
    g_assert_null(saved_at(f->queries, index));
    save(f, "mine", BASIC("\"metrics\":[\"spend\"]"));
    index = saved_find(f->queries, "mine")->index;
    saved_drop(f->queries, index);
    g_assert_nonnull(saved_at(f->queries, index));
    g_assert_null(saved_at(f->queries, SAVED_MOST));
}

static void test_many(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < SAVED_MOST; i++) {
        g_autofree char *name = g_strdup_printf("q%u", i);

        g_assert_cmpuint(saved_create(f->queries, name, NULL)->index, ==, i);
    }
    g_assert_null(saved_create(f->queries, "one-more", &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    g_assert_cmpstr(error->message, ==,
                    "one-more.query: 64 queries are saved, and no more can be; remove one (rm) "
                    "that is not needed");
    saved_drop(f->queries, 7);
    g_assert_cmpuint(saved_create(f->queries, "one-more", NULL)->index, ==, 7);
}

/* Who saved has gone before it was on disk; the last that was written is what stays. */
static void test_left(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i < 20; i++) {
        g_autofree char *text = g_strdup_printf(BASIC("\"metrics\":[\"spend\",\"m%u\"]"), i);
        g_autoptr(ReportShape) shape = saved_parse(text, NULL);

        save_free(save_start(f->queries, "mine", text, shape, on_ended, f));
    }
    save(f, "last", BASIC("\"metrics\":[\"spend\"]"));
    g_assert_cmpuint(f->n_ended, ==, 1);
    g_assert_cmpstr(saved_find(f->queries, "mine")->shape->metrics[1], ==, "m19");
    again(f);
    g_assert_cmpstr(saved_find(f->queries, "mine")->shape->metrics[1], ==, "m19");
}

static void add(const char *name, void (*test)(Fixture *f, gconstpointer data))
{
    g_test_add(name, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/saved/what-is-asked-for", test_shapes);
    g_test_add_func("/saved/what-is-none-and-why", test_refused);
    g_test_add_func("/saved/no-part-is-one", test_unfinished);
    g_test_add_func("/saved/names", test_names);
    add("/saved/they-last", test_lasts);
    add("/saved/another-mount-changes-them", test_others);
    add("/saved/created-and-not-written", test_created);
    add("/saved/not-more-than-so-many", test_many);
    add("/saved/the-last-one-stays", test_left);
    return g_test_run();
}
