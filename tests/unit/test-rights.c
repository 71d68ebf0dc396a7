/* SPDX-License-Identifier: MIT */
/* test-rights.c - what scopes, roles and refusals take away: modes, errors, and what is asked. */
#include "fs/rights.h"
#include "fs/scope.h"

#include "tests/unit/small-tree.h"

#define CAMPAIGN ACCOUNT "/campaigns/1001"
#define ADGROUP  CAMPAIGN "/adgroups/2001"
#define REPORT   ACCOUNT "/reports/last-30d/campaign-day.json"

#define CENTER_REPORT CENTER "/reports/last-30d/advertiser-day.csv"

static const Place *place_of(const Fixture *fixture, const char *path)
{
    return &find_item(fixture->items, path)->place;
}

static void assert_mode(Fixture *fixture, const char *path, mode_t permissions)
{
    struct stat stat;

    tree_stat(&fixture->small->mount, place_of(fixture, path), &stat);
    if ((stat.st_mode & 07777) != permissions)
        g_error("%s has mode %o, wanted %o", path, stat.st_mode & 07777, permissions);
}

static void assert_says(GError *error, const char *text)
{
    g_assert_error(error, API_ERROR, API_ERROR_DENIED);
    if (strstr(error->message, text) == NULL)
        g_error("\"%s\" does not say \"%s\"", error->message, text);
}

/* ---- scopes ---- */

static void test_scope_tree(void)
{
    /* clang-format off */
    static const struct {
        const char *scopes[4], *id;
        gboolean granted;
    } cases[] = {
        {{NULL},                     "200", TRUE}, /* not known */
        {{"user.info.basic"},        "200", TRUE}, /* of the other family */
        {{"200"},                    "200", TRUE},
        {{"20"},                     "200", TRUE},
        {{"2"},                      "201", TRUE},
        {{"1", "4", "2"},            "201", TRUE},
        {{"200"},                    "201", FALSE},
        {{"21"},                     "200", FALSE},
        {{"1"},                      "153", TRUE},
        {{"15"},                     "153", TRUE},
        {{"15"},                     "100", FALSE},
        {{"20000000"},               "200", FALSE},
        {{"12000000", "", "user.x"}, "100", FALSE},
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(scope_is_granted(cases[i].scopes, cases[i].id), ==, cases[i].granted);
    g_assert_true(scope_is_granted(NULL, "200"));
}

typedef struct {
    const char *path;
    mode_t mode;
} Mode;

static void set_scopes(Fixture *fixture, const char *scopes)
{
    g_strfreev(fixture->small->options.scopes);
    fixture->small->options.scopes = g_strsplit(scopes, " ", -1);
}

static void assert_modes(Fixture *fixture, const char *scopes, const Mode *modes, gsize n)
{
    set_scopes(fixture, scopes);
    for (gsize i = 0; i < n; i++)
        assert_mode(fixture, modes[i].path, modes[i].mode);
    g_clear_pointer(&fixture->small->options.scopes, g_strfreev);
}

static const Mode all[] = {
    {CAMPAIGN "/status", 0600},
    {ACCOUNT "/campaigns", 0700},
    {ACCOUNT "/currency", 0400},
    {"business-centers", 0700},
    {REPORT, 0400},
    {CENTER "/balance", 0400},
    {CENTER "/advertisers", 0700},
    {CENTER "/members.json", 0400},
};
static const Mode without_ads[] = {
    {ACCOUNT, 0700},
    {ACCOUNT "/currency", 0400},
    {ACCOUNT "/campaigns", 0},
    {ACCOUNT "/campaigns/by-name", 0},
    {ACCOUNT "/adgroups", 0},
    {ACCOUNT "/ads", 0},
    {ACCOUNT "/reports", 0700},
    {REPORT, 0400},
    {CAMPAIGN "/status", 0},
    {CAMPAIGN "/info.json", 0},
    {"business-centers", 0700},
};
static const Mode read_only[] = {
    {ACCOUNT "/campaigns", 0700},
    {CAMPAIGN "/status", 0400},
    {CAMPAIGN "/info.json", 0400},
    {ADGROUP "/status", 0600},
};
static const Mode without_account[] = {
    {ACCOUNT, 0700},
    {ACCOUNT "/name", 0400}, /* the list of accounts has it */
    {ACCOUNT "/currency", 0},
    {ACCOUNT "/info.json", 0},
    {CAMPAIGN "/status", 0600},
    {REPORT, 0}, /* its days are of the account's time zone */
    {"business-centers", 0},
    {"business-centers/by-name", 0},
    {CENTER "/advertisers", 0},
    {CENTER "/members.json", 0},
    {CENTER "/balance", 0},
};
static const Mode without_roles[] = {
    /* what is known of roles is of an earlier login */
    {YEN_ACCOUNT "/campaigns/1001/status", 0600},
    {YEN_ACCOUNT "/balance", 0400},
};
static const Mode without_reports[] = {{REPORT, 0}, {ACCOUNT "/reports", 0700}};
static const Mode level_of_reports[] = {{REPORT, 0400},
                                        {ACCOUNT "/reports/last-30d/ad-total.csv", 0}};

/* Its days are of the zone of the center, which names no account's. */
static void test_center_reports(Fixture *fixture, const void *data)
{
    static const Mode granted[] = {{CENTER_REPORT, 0400}, {CENTER "/reports", 0700}};
    static const Mode refused[] = {{CENTER_REPORT, 0}, {CENTER "/reports", 0700}};
    static const Mode by_age[] = {{ACCOUNT "/reports/last-30d/campaign-total-age.csv", 0400},
                                  {ACCOUNT "/reports/last-30d/ad-hour@spend.csv", 0}};

    g_assert_false(rights_unknown(&fixture->small->mount, place_of(fixture, CENTER_REPORT), NULL));
    assert_modes(fixture, "15 44", granted, G_N_ELEMENTS(granted));
    assert_modes(fixture, "15 40", granted, G_N_ELEMENTS(granted));
    assert_modes(fixture, "15 41 42 43", refused, G_N_ELEMENTS(refused));
    assert_modes(fixture, "10 4", refused, G_N_ELEMENTS(refused));
    assert_modes(fixture, "1 41", by_age, G_N_ELEMENTS(by_age));
}

static void test_scopes(Fixture *fixture, const void *data)
{
    assert_modes(fixture, "1 2 4", all, G_N_ELEMENTS(all));
    assert_modes(fixture, "1 4", without_ads, G_N_ELEMENTS(without_ads));
    assert_modes(fixture, "1 200 21", read_only, G_N_ELEMENTS(read_only));
    assert_modes(fixture, "2 4", without_account, G_N_ELEMENTS(without_account));
    assert_modes(fixture, "10 2 4", without_roles, G_N_ELEMENTS(without_roles));
    assert_modes(fixture, "1 2", without_reports, G_N_ELEMENTS(without_reports));
    assert_modes(fixture, "1 41", level_of_reports, G_N_ELEMENTS(level_of_reports));
}

static void assert_lacks(Fixture *fixture, const char *path, gboolean writes, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(rights_lack(&fixture->small->mount, place_of(fixture, path), writes, &error));
    assert_says(error, text);
}

static void test_scope_is_named(Fixture *fixture, const void *data)
{
    set_scopes(fixture, "1 200 210");
    assert_lacks(fixture, CAMPAIGN "/name", TRUE, "scope 201 (Create and Update Campaigns)");
    assert_lacks(fixture, CAMPAIGN "/name", TRUE, "20 or 2");
    assert_lacks(fixture, CAMPAIGN "/name", TRUE, "adsfs login test again");
    assert_lacks(fixture, ACCOUNT "/ads", FALSE, "scope 220 (Read Ads)");
    assert_lacks(fixture, REPORT, FALSE, "scope 44 (Consolidated Report), nor 4,");
    g_assert_false(
        rights_lack(&fixture->small->mount, place_of(fixture, CAMPAIGN "/name"), FALSE, NULL));
    g_clear_pointer(&fixture->small->options.scopes, g_strfreev);
}

static gboolean needs(Fixture *fixture, const char *path, Purpose purpose, ListingKind kind)
{
    Mount *mount = &fixture->small->mount;
    Need some[2 * MAX_NEEDS];
    guint n = tree_needs(mount, place_of(fixture, path), purpose, some);

    n += tree_wishes(mount, place_of(fixture, path), purpose, &some[n]);
    for (guint i = 0; i < n; i++)
        if (some[i].kind == kind)
            return TRUE;
    return FALSE;
}

/* What the service would refuse is not asked of it. */
static void test_nothing_is_sent(Fixture *fixture, const void *data)
{
    g_assert_true(needs(fixture, CAMPAIGN "/budget", FOR_READING, LISTING_INFO));
    g_assert_true(needs(fixture, CAMPAIGN "/budget", FOR_WRITING, LISTING_ROLES));
    set_scopes(fixture, "2 4");
    g_assert_false(needs(fixture, CAMPAIGN "/budget", FOR_READING, LISTING_INFO));
    g_assert_false(needs(fixture, CAMPAIGN "/budget", FOR_WRITING, LISTING_ROLES));
    g_assert_false(needs(fixture, ACCOUNT "/balance", FOR_STAT, LISTING_ROLES));
    g_assert_false(needs(fixture, CENTER "/balance", FOR_STAT, LISTING_FUNDS));
    set_scopes(fixture, "1 200");
    g_assert_false(needs(fixture, CAMPAIGN "/name", FOR_STAT, LISTING_ROLES));
    g_assert_true(needs(fixture, ACCOUNT "/balance", FOR_STAT, LISTING_ROLES));
    g_clear_pointer(&fixture->small->options.scopes, g_strfreev);
}

/* ---- roles ---- */

/* The account gets the role, and the listing is made anew. */
static void set_role(Fixture *fixture, const char *role)
{
    Fake *fake = fixture->small->fake;

    g_ptr_array_set_size(fake->objects[KIND_ASSET], 0);
    small_add_asset(fake, CENTER_ID, ACCOUNT, "Alpenrad", role);
    fake_later(fake, 400 * SECOND);
    fake_have(fake, LISTING_ROLES, 0);
}

static void test_roles(Fixture *fixture, const void *data)
{
    static const struct {
        const char *role;
        mode_t writable, balance;
    } cases[] = {{"ADMIN", 0600, 0400}, {"OPERATOR", 0600, 0}, {"ANALYST", 0400, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        set_role(fixture, cases[i].role);
        assert_mode(fixture, CAMPAIGN "/budget", cases[i].writable);
        assert_mode(fixture, CAMPAIGN "/name", cases[i].writable);
        assert_mode(fixture, ADGROUP "/bid", cases[i].writable);
        assert_mode(fixture, ADGROUP "/ads/3001/status", cases[i].writable);
        assert_mode(fixture, ACCOUNT "/balance", cases[i].balance);
        assert_mode(fixture, ACCOUNT "/currency", 0400);
    }
}

static void assert_refuses(Fixture *fixture, const char *path, gboolean writes, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(rights_refuse(&fixture->small->mount, place_of(fixture, path), writes, &error));
    assert_says(error, text);
}

static void test_role_is_named(Fixture *fixture, const void *data)
{
    set_role(fixture, "ANALYST");
    assert_refuses(fixture, CAMPAIGN "/budget", TRUE, "Analyst");
    assert_refuses(fixture, CAMPAIGN "/budget", TRUE, "Admin of the Business Center");
    assert_refuses(fixture, ACCOUNT "/balance", FALSE, "Analyst");
    set_role(fixture, "OPERATOR");
    assert_refuses(fixture, ACCOUNT "/balance", FALSE, "Operator, which does not see billing");
}

/* Another role there, or none, and an account in no center: the service has the last word. */
static void test_role_unknown(Fixture *fixture, const void *data)
{
    set_role(fixture, "SOMETHING_NEW");
    assert_mode(fixture, CAMPAIGN "/budget", 0600);
    assert_mode(fixture, ACCOUNT "/balance", 0400);
    g_ptr_array_set_size(fixture->small->fake->objects[KIND_ASSET], 0);
    fake_later(fixture->small->fake, 400 * SECOND);
    fake_have(fixture->small->fake, LISTING_ROLES, 0);
    assert_mode(fixture, CAMPAIGN "/budget", 0600);
}

static void refuse_centers(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTERS)
        fake_refuse(call, API_ERROR_DENIED, 40001, "No scope");
}

static void fail_centers(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTERS)
        fake_refuse(call, API_ERROR_REMOTE, 50000, "Oh");
}

static void find_attr(Small *small, ObjectKind kind, gint64 row, const char *name, Place *ret)
{
    g_assert_true(tree_place(&small->mount, ino_of(row, attr_find(kind, name)->slot), ret));
}

/* Whether they fail, are refused, or were not asked for yet: nobody is kept from anything. */
static void test_roles_not_to_be_had(void)
{
    Small *small = small_new_without_roles();
    g_auto(Place) budget = {0}, balance = {0};

    find_attr(small, KIND_CAMPAIGN, small_row(small, KIND_CAMPAIGN, "1001"), "budget", &budget);
    find_attr(small, KIND_ADVERTISER, small_account(small, ACCOUNT), "balance", &balance);
    g_assert_false(rights_refuse(&small->mount, &budget, TRUE, NULL));
    g_assert_false(rights_refuse(&small->mount, &budget, FALSE, NULL));
    g_assert_false(rights_refuse(&small->mount, &balance, FALSE, NULL));

    small->fake->on_call = fail_centers;
    g_assert_cmpint(fake_want(small->fake, LISTING_ROLES, 0, NULL), ==, CACHE_ERROR);
    g_assert_false(rights_refuse(&small->mount, &budget, TRUE, NULL));
    g_assert_cmpfloat(tree_timeout(&small->mount, &budget), ==, 0);

    small->fake->on_call = refuse_centers;
    fake_later(small->fake, 2 * SECOND);
    fake_have(small->fake, LISTING_ROLES, 0);
    g_assert_false(rights_refuse(&small->mount, &budget, TRUE, NULL));
    small_free(small);
}

/* ---- Business Centers ---- */

static void test_center_balance(Fixture *fixture, const void *data)
{
    assert_mode(fixture, CENTER "/balance", 0400);
    assert_mode(fixture, NO_FINANCE "/balance", 0);
    assert_mode(fixture, NO_FINANCE "/name", 0400);
    assert_lacks(fixture, NO_FINANCE "/balance", FALSE, "without a finance role");
    g_assert_false(needs(fixture, NO_FINANCE "/balance", FOR_STAT, LISTING_FUNDS));
}

static void refuse_funds(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_CENTER_BALANCE)
        fake_refuse(call, API_ERROR_DENIED, 40001, "Not for you");
}

/* stat does not ask again for what was refused, open does. */
static void test_center_balance_refused(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;
    gint64 center = fake_find(fake, KIND_CENTER, 0, CENTER_ID);

    fake_later(fake, 400 * SECOND);
    fake->on_call = refuse_funds;
    g_assert_cmpint(fake_want(fake, LISTING_FUNDS, center, NULL), ==, CACHE_ERROR);
    assert_mode(fixture, CENTER "/balance", 0);
    assert_refuses(fixture, CENTER "/balance", FALSE, "Not for you");
    g_assert_false(needs(fixture, CENTER "/balance", FOR_STAT, LISTING_FUNDS));
    g_assert_true(needs(fixture, CENTER "/balance", FOR_READING, LISTING_FUNDS));
    fake->on_call = NULL;
    fake_later(fake, 2 * SECOND);
    fake_have(fake, LISTING_FUNDS, center);
    assert_mode(fixture, CENTER "/balance", 0400);
}

/* ---- accounts whose details are refused ---- */

#define NEW_ACCOUNT "7012345678901234569"

static void refuse_some(Fake *fake, FakeCall *call)
{
    if (call->endpoint == ENDPOINT_ADVERTISER_INFO &&
        (strstr(call->query, YEN_ACCOUNT) != NULL || strstr(call->query, NEW_ACCOUNT) != NULL))
        fake_refuse(call, API_ERROR_DENIED, 40001, "No permission to operate advertiser");
}

/* What was known before stays readable; what never was is refused. */
static void test_account_refused(Fixture *fixture, const void *data)
{
    Fake *fake = fixture->small->fake;

    fake_add(fake, KIND_ADVERTISER,
             "{\"advertiser_id\":\"" NEW_ACCOUNT "\",\"name\":\"New\",\"currency\":\"EUR\"}");
    fake_later(fake, 400 * SECOND);
    fake->on_call = refuse_some;
    fake_have(fake, LISTING_INFO, 0);
    fake_have(fake, LISTING_ROLES, 0);
    g_ptr_array_unref(fixture->items);
    fixture->items = small_walk(fixture->small);
    assert_mode(fixture, ACCOUNT "/currency", 0400);
    assert_mode(fixture, YEN_ACCOUNT "/currency", 0400);
    assert_mode(fixture, YEN_ACCOUNT "/info.json", 0400);
    assert_mode(fixture, NEW_ACCOUNT, 0700);
    assert_mode(fixture, NEW_ACCOUNT "/name", 0400);
    assert_mode(fixture, NEW_ACCOUNT "/currency", 0);
    assert_mode(fixture, NEW_ACCOUNT "/info.json", 0);
    assert_mode(fixture, NEW_ACCOUNT "/campaigns", 0700);
    assert_refuses(fixture, NEW_ACCOUNT "/currency", FALSE, "No permission to operate advertiser");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rights/a-scope-grants-its-parts", test_scope_tree);
    add("/rights/modes-by-scope", test_scopes);
    add("/rights/reports-of-a-center-and-of-its-accounts", test_center_reports);
    add("/rights/the-missing-scope-is-named", test_scope_is_named);
    add("/rights/what-no-scope-is-for-is-not-asked", test_nothing_is_sent);
    add("/rights/modes-by-role", test_roles);
    add("/rights/the-role-is-named", test_role_is_named);
    add("/rights/an-unknown-role-takes-nothing-away", test_role_unknown);
    g_test_add_func("/rights/roles-that-are-not-to-be-had", test_roles_not_to_be_had);
    add("/rights/a-center's-money", test_center_balance);
    add("/rights/a-center's-money-refused", test_center_balance_refused);
    add("/rights/an-account-that-is-refused", test_account_refused);
    return g_test_run();
}
