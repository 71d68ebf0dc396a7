/* SPDX-License-Identifier: MIT */
/* test-parts.c - what can not be seen from outside in a short time: clocks, limits, permutations,
 * draws.
 */
#include "contrib/sandbox/clock.h"
#include "contrib/sandbox/country.h"
#include "contrib/sandbox/currency.h"
#include "contrib/sandbox/fault.h"
#include "contrib/sandbox/hours.h"
#include "contrib/sandbox/limit.h"
#include "contrib/sandbox/mix.h"
#include "contrib/sandbox/reshape.h"
#include "contrib/sandbox/text.h"
#include "contrib/sandbox/title.h"
#include "contrib/sandbox/token.h"
#include "contrib/sandbox/world.h"

static void test_permutation(void)
{
    const guint64 sizes[] = {1, 2, 3, 20, 257, 5000};

    for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
        g_autofree guint8 *seen = g_malloc0(sizes[s]);

        for (guint64 i = 0; i < sizes[s]; i++) {
            guint64 image = mix_permute(42, sizes[s], i);

            g_assert_cmpuint(image, <, sizes[s]);
            g_assert_cmpuint(seen[image]++, ==, 0);
            g_assert_cmpuint(mix_unpermute(42, sizes[s], image), ==, i);
        }
    }
}

static void test_children(void)
{
    const guint64 counts[][2] = {{1, 1}, {20, 100},          {100, 20},
                                 {7, 7}, {4999999, 5000000}, {3, 5000000}};

    for (gsize c = 0; c < G_N_ELEMENTS(counts); c++) {
        World world = {.seed = 1, .count = {counts[c][0], counts[c][1], 1}};
        guint64 parents = counts[c][0], children = counts[c][1];

        g_assert_cmpuint(world_first_child(&world, CAMPAIGN, 0), ==, 0);
        g_assert_cmpuint(world_first_child(&world, CAMPAIGN, parents), ==, children);
        for (guint64 i = 0; i < parents; i += 1 + parents / 1000) {
            guint64 first = world_first_child(&world, CAMPAIGN, i);
            guint64 end = world_first_child(&world, CAMPAIGN, i + 1);

            g_assert_cmpuint(first, <=, end);
            if (children >= parents)
                g_assert_cmpuint(first, <, end);
            for (guint64 child = first; child < MIN(end, first + 5); child++)
                g_assert_cmpuint(world_parent(&world, ADGROUP, child), ==, i);
        }
    }
}

static void test_ids(void)
{
    World world = {.seed = 3, .count = {1000, MAX_OBJECTS, MAX_OBJECTS}};
    guint64 last = G_MAXUINT64, position;

    for (guint64 p = 0; p < MAX_OBJECTS; p += 4999) {
        guint64 id = world_id(&world, 999, AD, p);

        g_assert_cmpuint(id, <, last);
        g_assert_cmpuint(id, >, G_GUINT64_CONSTANT(1839000000000000)); /* no ad group has it */
        g_assert_true(world_find(&world, 999, AD, id, &position));
        g_assert_cmpuint(position, ==, p);
        g_assert_false(world_find(&world, 998, AD, id, &position));
        g_assert_false(world_find(&world, 999, ADGROUP, id, &position));
        last = id;
    }
}

static guint64 first_id(const World *world, guint account, Kind kind)
{
    return world_id(world, account, kind, 0);
}

static guint64 last_id(const World *world, guint account, Kind kind)
{
    return world_id(world, account, kind, MAX_OBJECTS - 1);
}

/* Changes are kept by id alone, so no two objects of a world may share one. */
static void test_ranges(void)
{
    World world = {.seed = 5, .count = {MAX_OBJECTS, MAX_OBJECTS, MAX_OBJECTS}};
    guint lane = 1000;

    for (guint first = 0; first < MAX_ACCOUNTS; first += lane) {
        for (Kind kind = CAMPAIGN; kind < N_KINDS; kind++) {
            for (guint i = 1; i < lane; i++)
                g_assert_cmpuint(first_id(&world, first + i, kind), <,
                                 last_id(&world, first + i - 1, kind));
        }
        g_assert_cmpuint(first_id(&world, first, CAMPAIGN), <,
                         last_id(&world, first + lane - 1, ADGROUP));
        g_assert_cmpuint(first_id(&world, first, ADGROUP), <,
                         last_id(&world, first + lane - 1, AD));
        if (first > 0)
            g_assert_cmpuint(first_id(&world, first, AD), <, last_id(&world, first - 1, CAMPAIGN));
    }
    g_assert_cmpuint(last_id(&world, MAX_ACCOUNTS - 1, CAMPAIGN), >,
                     G_GUINT64_CONSTANT(1000000000000000));
}

/* Every call that is let in, and every moment: no window of a second or a minute holds too many. */
static void test_windows(void)
{
    const Rates rates = {.qps = 3, .qpm = 120};
    g_autoptr(Limit) limit = limit_new(&rates);
    gint64 start = 1000 * G_USEC_PER_SEC;
    gint64 in[121];
    guint n = 0;

    for (gint64 now = start; n < 120; now += G_USEC_PER_SEC / 7) {
        if (limit_admit(limit, now, 0) == LIMIT_OPEN)
            in[n++] = now;
        g_assert_true(n <= 3 || in[n - 1] - in[n - 4] >= G_USEC_PER_SEC);
    }
    g_assert_cmpint(limit_admit(limit, in[0] + 60 * G_USEC_PER_SEC - 1, 0), ==, LIMIT_MINUTE);
}

static void test_second(void)
{
    const Rates rates = {.qps = 2, .qpm = 120};
    g_autoptr(Limit) limit = limit_new(&rates);
    gint64 start = 1000 * G_USEC_PER_SEC;

    g_assert_cmpint(limit_admit(limit, start, 0), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, start + 900000, 0), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, start + 999999, 0), ==, LIMIT_SECOND);
    g_assert_cmpint(limit_admit(limit, start + 1000000, 0), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, start + 1000000, 0), ==, LIMIT_SECOND);
}

static void test_five_minutes(void)
{
    const Rates rates = {.qpm = 1};
    g_autoptr(Limit) limit = limit_new(&rates);
    gint64 now = 1000 * G_USEC_PER_SEC;

    g_assert_cmpint(limit_admit(limit, now, 0), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, now + 59 * G_USEC_PER_SEC, 0), ==, LIMIT_MINUTE);
    g_assert_cmpint(limit_admit(limit, now + (59 + 299) * G_USEC_PER_SEC, 0), ==, LIMIT_MINUTE);
    g_assert_cmpint(limit_admit(limit, now + (59 + 300) * G_USEC_PER_SEC, 0), ==, LIMIT_OPEN);
}

/* What is refused counts too; the next day begins at 00:00 UTC, whenever the first call was. */
static void test_day(void)
{
    const Rates rates = {.qps = 1, .qpd = 3};
    g_autoptr(Limit) limit = limit_new(&rates);
    gint64 noon = 20000 * DAY + DAY / 2, midnight = 20001 * DAY, now = 1000 * G_USEC_PER_SEC;

    g_assert_cmpint(limit_admit(limit, now, noon), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, now, noon), ==, LIMIT_SECOND);
    g_assert_cmpint(limit_admit(limit, now + 2 * G_USEC_PER_SEC, noon), ==, LIMIT_OPEN);
    g_assert_cmpint(limit_admit(limit, now + 4 * G_USEC_PER_SEC, noon), ==, LIMIT_DAY);
    g_assert_cmpint(limit_admit(limit, now + 6 * G_USEC_PER_SEC, midnight - 1), ==, LIMIT_DAY);
    g_assert_cmpint(limit_admit(limit, now + 6 * G_USEC_PER_SEC, midnight), ==, LIMIT_OPEN);
}

/* drawn of so many calls of a path, as 0 and 1 */
static char *draws(const char *rule, const char *path, gboolean later_page, guint n)
{
    g_autoptr(Faults) faults = faults_new(1);
    GString *out = g_string_new(NULL);

    g_assert_true(faults_add(faults, rule, NULL));
    for (guint i = 0; i < n; i++)
        g_string_append_c(out, faults_draw(faults, path, later_page) != 0 ? '1' : '0');
    return g_string_free(out, FALSE);
}

static void test_counted_faults(void)
{
    g_autofree char *twice = draws("drop=2x", "/a/", FALSE, 4);
    g_autofree char *here = draws("drop=2x:/a/", "/a/", FALSE, 3);
    g_autofree char *elsewhere = draws("drop=2x:/a/", "/b/", FALSE, 3);
    g_autofree char *first_page = draws("40100-page=1", "/a/", FALSE, 2);
    g_autofree char *later_page = draws("40100-page=1x", "/a/", TRUE, 2);
    g_autoptr(Faults) faults = faults_new(1);

    g_assert_cmpstr(twice, ==, "1100");
    g_assert_cmpstr(here, ==, "110");
    g_assert_cmpstr(elsewhere, ==, "000");
    g_assert_cmpstr(first_page, ==, "00");
    g_assert_cmpstr(later_page, ==, "10");
    for (const char *const *bad = (const char *const[]){"drop=1.5", "drop=x", "drop=-1x", "drop=",
                                                        "drop=0.5x", "drop", "none=1", NULL};
         *bad != NULL; bad++)
        g_assert_false(faults_add(faults, *bad, NULL));
}

/* The first of those that replace the answer, and none that writes it otherwise. */
static void test_one_answer(void)
{
    g_autoptr(Faults) faults = faults_new(1);

    g_assert_true(faults_add(faults, "shuffle=1", NULL));
    g_assert_true(faults_add(faults, "delay=1", NULL));
    g_assert_true(faults_add(faults, "50000=1x", NULL));
    g_assert_true(faults_add(faults, "drop=1x", NULL));
    g_assert_cmpuint(faults_draw(faults, "/a/", FALSE), ==, FAULT_50000 | FAULT_DELAY);
    g_assert_cmpuint(faults_draw(faults, "/a/", FALSE), ==, FAULT_DROP | FAULT_DELAY);
    g_assert_cmpuint(faults_draw(faults, "/a/", FALSE), ==, FAULT_SHUFFLE | FAULT_DELAY);
}

/* A fate is drawn where tasks are created, unless the rule says where. */
static void test_places(void)
{
    g_autofree char *created = draws("task-failed=1x", "/report/task/create/", FALSE, 2);
    g_autofree char *listed = draws("task-failed=1x", "/campaign/get/", FALSE, 2);
    g_autofree char *gone =
        draws("task-gone=1x:/report/task/download/", "/report/task/download/", //
              FALSE, 2);
    g_autofree char *checked =
        draws("task-gone=1x:/report/task/download/", "/report/task/check/", FALSE, 2);

    g_assert_cmpstr(created, ==, "10");
    g_assert_cmpstr(listed, ==, "00");
    g_assert_cmpstr(gone, ==, "10");
    g_assert_cmpstr(checked, ==, "00");
}

/* Each row of a table that is searched by halves can be found. */
static void test_countries(void)
{
    guint n = 0;

    for (char a = 'A'; a <= 'Z'; a++) {
        for (char b = 'A'; b <= 'Z'; b++) {
            const char code[] = {a, b, '\0'};

            n += g_strcmp0(country_of(code), code) != 0;
        }
    }
    g_assert_cmpuint(n, ==, n_countries);
    g_assert_cmpstr(country_of("US"), ==, "United States");
    g_assert_cmpstr(country_of("XX"), ==, "XX");
}

static void test_titles(void)
{
    g_assert_cmpstr(title_of("spend"), ==, "Cost");
    g_assert_cmpstr(title_of("real_time_conversion"), ==, "Real Time Conversion");
}

static void test_reshape(void)
{
    static const char text[] =
        "{\"code\":0,\"data\":{\"list\":[{\"a\":500.10,\"b\":\"x\\\",1\"},[],"
        "{},-1,null,true]}}";
    g_autoptr(GString) same = g_string_new(NULL);
    g_autoptr(GString) quoted = g_string_new(NULL);
    g_autoptr(GString) all = g_string_new(NULL);

    reshape(same, text, 0, 1);
    g_assert_cmpstr(same->str, ==, text);
    reshape(quoted, text, FAULT_STRINGS, 1);
    g_assert_cmpstr(quoted->str, ==,
                    "{\"code\":0,\"data\":{\"list\":[{\"a\":\"500.10\",\"b\":\"x\\\",1\"},[],{},"
                    "\"-1\",null,true]}}");
    reshape(all, text, FAULT_SHUFFLE | FAULT_UNKNOWN, 1);
    g_autoptr(cJSON) root = cJSON_ParseWithOpts(all->str, NULL, TRUE);
    const cJSON *list = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "data"), "list");
    g_assert_cmpint(cJSON_GetArraySize(root), ==, 3);
    g_assert_cmpint(cJSON_GetArraySize(list), ==, 6);
    g_assert_cmpint(cJSON_GetArraySize(cJSON_GetArrayItem(list, 0)), ==, 3);
}

static void test_zones(void)
{
    g_autoptr(GTimeZone) samoa = clock_zone("Etc/GMT-13");
    g_autoptr(GTimeZone) berlin = clock_zone("Europe/Berlin");
    gint64 time, day;

    g_assert_true(clock_utc_parse("2026-11-22 12:00:00", &time));
    g_assert_true(clock_day_parse("2026-11-23", &day));
    g_assert_cmpint(clock_day(samoa, time), ==, day);
    g_assert_cmpint(clock_second_of_day(samoa, time), ==, 3600);
    g_assert_true(clock_utc_parse("2026-03-28 23:30:00", &time)); /* 00:30, the day of the change */
    g_assert_cmpint(clock_next_midnight(berlin, time) - time, ==, (22 * 60 + 30) * 60);
}

static const char *label_at(const DayHours *hours, gint64 time)
{
    static char text[8];

    g_snprintf(text, sizeof text, "%02u:00", hours->label[hours_until(hours, time)]);
    return text;
}

static void test_hours(void)
{
    static const struct {
        const char *zone, *day;
        guint n;
        guint8 labels[4]; /* of the first */
    } days[] = {
        {"Europe/Berlin", "2026-11-20", 24, {0, 1, 2, 3}},
        {"Europe/Berlin", "2026-03-29", 23, {0, 1, 3, 4}},
        {"Europe/Berlin", "2026-10-25", 25, {0, 1, 2, 2}},
        {"America/New_York", "2026-03-08", 23, {0, 1, 3, 4}},
        {"America/New_York", "2026-11-01", 25, {0, 1, 1, 2}},
        {"Etc/GMT-13", "2026-03-29", 24, {0, 1, 2, 3}},
        {"Etc/GMT+8", "2026-11-01", 24, {0, 1, 2, 3}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autoptr(GTimeZone) zone = clock_zone(days[i].zone);
        gint64 day;

        g_assert_true(clock_day_parse(days[i].day, &day));
        DayHours hours = hours_of_day(zone, day);
        g_assert_cmpuint(hours.n, ==, days[i].n);
        g_assert_cmpmem(hours.label, 4, days[i].labels, 4);
        g_assert_cmpint(clock_day(zone, hours.begin), ==, day);
        g_assert_cmpint(clock_day(zone, hours.begin - 1), ==, day - 1);
        g_assert_cmpint(clock_day(zone, hours.begin + hours.n * HOUR), ==, day + 1);
        g_assert_cmpuint(hours.done[0], ==, 0);
        g_assert_cmpuint(hours.done[hours.n], ==, ALL);
        for (guint h = 0; h < hours.n; h++)
            g_assert_cmpuint(hours.done[h], <, hours.done[h + 1]);
    }
}

static void test_hours_over(void)
{
    g_autoptr(GTimeZone) zone = clock_zone("Europe/Berlin");
    DayHours hours = hours_of_day(zone, 20777); /* 2026-11-20 */

    g_assert_cmpuint(hours_until(&hours, hours.begin - 5 * HOUR), ==, 0);
    g_assert_cmpuint(hours_until(&hours, hours.begin + HOUR - 1), ==, 0);
    g_assert_cmpuint(hours_until(&hours, hours.begin + HOUR), ==, 1);
    g_assert_cmpuint(hours_until(&hours, hours.begin + 30 * HOUR), ==, 24);
    g_assert_cmpstr(label_at(&hours, hours.begin + 5 * HOUR), ==, "05:00");
}

static void test_clock(void)
{
    gint64 before = clock_now();

    clock_set(1700000000);
    g_assert_cmpint(clock_now(), >=, 1700000000);
    g_assert_cmpint(clock_now(), <, 1700000010);
    clock_set(before);
    g_assert_cmpint(clock_now(), >=, before);
}

static void test_money(void)
{
    const char *const same[] = {"0", "0.01", "75.5", "500", "9999999.99", "0.000001"};
    gint64 micros;

    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(cJSON) node = cJSON_Parse(same[i]);
        g_autoptr(GString) out = g_string_new(NULL);

        g_assert_true(currency_from_json(node, &micros));
        currency_put(out, micros);
        g_assert_cmpstr(out->str, ==, same[i]);
    }

    g_autoptr(cJSON) fine = cJSON_Parse("500.10");
    g_autoptr(cJSON) finer = cJSON_Parse("0.0000001");
    g_autoptr(cJSON) text = cJSON_Parse("\"100\"");
    g_assert_true(currency_from_json(fine, &micros));
    g_assert_cmpint(micros, ==, 500100000);
    g_assert_false(currency_from_json(finer, &micros));
    g_assert_false(currency_from_json(text, &micros));
}

static void test_names(void)
{
    g_assert_true(text_has_emoji("a 🚀"));
    g_assert_true(text_has_emoji("☀"));
    g_assert_false(text_has_emoji("브랜드 Größe – 50 % 夏"));
    g_assert_cmpint(text_width("ab가"), ==, 4);
    g_assert_false(text_is_id(""));
    g_assert_false(text_is_id("-1"));
    g_assert_false(text_is_id("9999999999999999999"));
    g_assert_true(text_is_id("7012068111453400731"));
}

static void test_codes(void)
{
    const gint64 hour = 3600 * (gint64)G_USEC_PER_SEC;
    g_autoptr(Tokens) tokens = tokens_new("fixed");
    Grant *grant = tokens_add_grant(tokens, DIALECT_LOGIN_KIT);
    g_autofree char *early = g_strdup(tokens_add_code(tokens, grant, 5));
    g_autofree char *late = g_strdup(tokens_add_code(tokens, grant, 5));

    g_assert_null(tokens_take_code(tokens, DIALECT_BUSINESS, early, 5));
    g_assert_true(tokens_take_code(tokens, DIALECT_LOGIN_KIT, early, hour + 4) == grant);
    g_assert_null(tokens_take_code(tokens, DIALECT_LOGIN_KIT, early, hour + 4));
    g_assert_null(tokens_take_code(tokens, DIALECT_LOGIN_KIT, late, hour + 5));
    g_assert_cmpint(tokens_check(tokens, late, 5), ==, TOKEN_UNKNOWN);
}

static void test_refresh(void)
{
    const gint64 year = REFRESH_LIFE_S * (gint64)G_USEC_PER_SEC;
    g_autoptr(Tokens) tokens = tokens_new("fixed");
    Grant *grant = tokens_add_grant(tokens, DIALECT_BUSINESS);
    g_auto(Issue) first = {0}, second = {0};

    grant->life_s = 10;
    tokens_issue(tokens, grant, 0, &first);
    g_assert_cmpint(tokens_check(tokens, first.access, 10 * G_USEC_PER_SEC - 1), ==, TOKEN_GOOD);
    g_assert_cmpint(tokens_check(tokens, first.access, 10 * G_USEC_PER_SEC), ==, TOKEN_EXPIRED);
    g_assert_cmpint(tokens_refresh(tokens, DIALECT_BUSINESS, first.refresh, year, &second), ==,
                    TOKEN_EXPIRED);
    g_assert_cmpint(tokens_refresh(tokens, DIALECT_LOGIN_KIT, first.refresh, year - 1, &second), ==,
                    TOKEN_UNKNOWN);
    g_assert_cmpint(tokens_refresh(tokens, DIALECT_BUSINESS, first.refresh, year - 1, &second), ==,
                    TOKEN_GOOD);
    g_assert_cmpint(tokens_check(tokens, second.access, year), ==, TOKEN_GOOD);

    g_assert_true(tokens_revoke(tokens, first.access));
    g_assert_cmpint(tokens_check(tokens, second.access, year), ==, TOKEN_UNKNOWN);
    g_assert_cmpint(tokens_check(tokens, "fixed", G_MAXINT64 - 1), ==, TOKEN_GOOD);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mix/permutation-is-a-bijection", test_permutation);
    g_test_add_func("/world/children-are-ranges-of-their-parents", test_children);
    g_test_add_func("/world/ids-lead-back-and-never-meet", test_ids);
    g_test_add_func("/world/no-two-objects-share-an-id", test_ranges);
    g_test_add_func("/limit/never-more-in-any-second-or-minute", test_windows);
    g_test_add_func("/limit/the-next-second-is-open", test_second);
    g_test_add_func("/limit/a-breach-closes-for-five-minutes", test_five_minutes);
    g_test_add_func("/limit/the-day-is-of-utc-and-counts-what-is-refused", test_day);
    g_test_add_func("/fault/the-first-calls-that-fit", test_counted_faults);
    g_test_add_func("/fault/one-answer-is-replaced-by-one-fault", test_one_answer);
    g_test_add_func("/fault/some-have-a-place", test_places);
    g_test_add_func("/country/each-has-its-name", test_countries);
    g_test_add_func("/title/words-when-there-is-none", test_titles);
    g_test_add_func("/reshape/the-same-values", test_reshape);
    g_test_add_func("/clock/days-are-local", test_zones);
    g_test_add_func("/clock/can-be-set-and-goes-on", test_clock);
    g_test_add_func("/hours/days-have-23-24-or-25", test_hours);
    g_test_add_func("/hours/those-that-are-over", test_hours_over);
    g_test_add_func("/currency/amounts-are-exact", test_money);
    g_test_add_func("/token/codes-are-good-once-for-an-hour", test_codes);
    g_test_add_func("/token/refreshing-and-revoking", test_refresh);
    g_test_add_func("/text/names-and-ids", test_names);
    return g_test_run();
}
