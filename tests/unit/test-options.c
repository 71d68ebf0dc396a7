/* SPDX-License-Identifier: MIT */
/* test-options.c - the command line and the table of options. */
#include "fs/options.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/options-table.h"
#include "tests/unit/options-home.h"

/* ---- values ---- */

static void test_defaults(Home *home, gconstpointer data)
{
    g_autofree char *state = in_home(home, "state/adsfs/agency");
    g_autofree char *cache = in_home(home, "cache/adsfs/agency");
    struct stat st;
    Options o;

    /* Left behind by somebody who was less careful. */
    g_assert_cmpint(g_mkdir_with_parents(cache, 0755), ==, 0);
    must_parse(home, "adsfs agency @", &o);
    g_assert_cmpstr(o.profile, ==, "agency");
    g_assert_cmpstr(o.mountpoint, ==, home->mount);
    g_assert_cmpstr(o.token, ==, "the-token");
    g_assert_cmpstr(o.business_url, ==, "https://business-api.tiktok.com/open_api/v1.3");
    g_assert_cmpuint(o.ttl_s, ==, 300);
    g_assert_cmpuint(o.report_ttl_s, ==, 900);
    g_assert_cmpuint(o.settle_days, ==, 28);
    g_assert_cmpuint(o.write_wait_s, ==, 30);
    g_assert_cmpuint(o.guards.max_increase, ==, 100);
    g_assert_cmpuint(o.qps, ==, 10);
    g_assert_cmpuint(o.qpm, ==, 600);
    g_assert_cmpuint(o.qpd, ==, 864000);
    g_assert_cmpuint(o.tier, ==, 0);
    g_assert_cmpuint(o.umask, ==, 077);
    g_assert_cmpuint(o.uid, ==, getuid());
    g_assert_cmpuint(o.gid, ==, getgid());
    g_assert_cmpint(o.dir_cache, ==, DIR_CACHE_AUTO);
    g_assert_false(o.writable || o.read_only || o.allow_other || o.sandbox || o.foreground ||
                   o.debug || o.dirs_temporary);
    g_assert_null(o.log_file);
    g_assert_cmpstr(o.state_dir, ==, state);
    g_assert_cmpstr(o.cache_dir, ==, cache);
    g_assert_cmpint(g_stat(cache, &st), ==, 0);
    g_assert_cmpuint(st.st_mode, ==, S_IFDIR | 0700);
    options_clear(&o);
}

static void test_sandbox(Home *home, gconstpointer data)
{
    g_autofree char *run = in_home(home, "run/adsfs-sandbox-");
    struct stat st;
    Options o;

    g_remove(home->config);
    must_parse(home, "adsfs sandbox @", &o);
    g_assert_true(o.sandbox && o.writable && o.dirs_temporary);
    g_assert_cmpuint(o.qps + o.qpm + o.qpd, ==, 0);
    g_assert_null(o.pace_file);
    g_assert_cmpstr(o.token, ==, "sandbox-token");
    g_assert_cmpstr(o.app_id, ==, "sandbox-app");
    g_assert_cmpstr(o.secret, ==, "sandbox-secret");
    g_assert_null(o.business_url);
    g_assert_true(g_str_has_prefix(o.cache_dir, run));
    g_assert_cmpstr(o.state_dir, ==, o.cache_dir);
    g_assert_cmpint(g_stat(o.cache_dir, &st), ==, 0);
    g_assert_cmpuint(st.st_mode, ==, S_IFDIR | 0700);
    options_clear(&o);

    must_parse(home, "adsfs sandbox @ -o writable=false,tier=advanced,qpm=7", &o);
    g_assert_false(o.writable);
    g_assert_cmpuint(o.tier, ==, 1);
    g_assert_cmpuint(o.qps, ==, 20);
    g_assert_cmpuint(o.qpm, ==, 7);
    g_assert_cmpuint(o.qpd, ==, 1728000);
    options_clear(&o);
}

static void test_line(Home *home, gconstpointer data)
{
    g_autofree char *cwd = g_get_current_dir();
    g_autofree char *log = g_build_filename(cwd, "my,log", NULL);
    Options o;

    must_parse(home,
               "adsfs -o ttl=60,rw,nodev,x-gvfs-show,user=x,, -f agency -oumask=027,uid=12,gid=34 "
               "@ -o max_increase=none,log_file=my\\,log,dir_cache=off,allow_other,ro,ttl=61",
               &o);
    g_assert_cmpuint(o.ttl_s, ==, 61);
    g_assert_cmpuint(o.umask, ==, 027);
    g_assert_cmpuint(o.uid, ==, 12);
    g_assert_cmpuint(o.gid, ==, 34);
    g_assert_cmpuint(o.guards.max_increase, ==, G_MAXUINT);
    g_assert_cmpstr(o.log_file, ==, log);
    g_assert_cmpint(o.dir_cache, ==, DIR_CACHE_OFF);
    g_assert_true(o.foreground && o.allow_other && o.read_only && !o.debug);
    options_clear(&o);

    must_parse(home, "adsfs sandbox @ -d -o ro,rw,sandbox_options=--ads\\0405\\\\x", &o);
    g_assert_true(o.foreground && o.debug && !o.read_only);
    g_assert_cmpstr(o.sandbox_options, ==, "--ads 5\\x");
    options_clear(&o);
}

static void test_precedence(Home *home, gconstpointer data)
{
    Options o;

    write_config(home, PLAIN "ttl = 10\nreport_ttl=20  \nwritable = yes\nro = true\nqps = 5\n"
                             "tier = premium\nmax_increase = 50%\nlog_file = messages\n");
    must_parse(home, "adsfs agency @ -o rw,ttl=11", &o);
    g_assert_cmpuint(o.ttl_s, ==, 11);
    g_assert_cmpuint(o.report_ttl_s, ==, 20);
    g_assert_cmpuint(o.settle_days, ==, 28);
    g_assert_cmpuint(o.qps, ==, 5);
    g_assert_cmpuint(o.qpm, ==, 1800);
    g_assert_cmpuint(o.guards.max_increase, ==, 50);
    g_autofree char *log = in_home(home, "config/adsfs/messages");
    g_assert_cmpstr(o.log_file, ==, log);
    /* mount(8) says rw by itself, so that is no reason to write where the profile says ro. */
    g_assert_true(o.writable && o.read_only);
    options_clear(&o);

    must_parse(home, "adsfs agency @ -o tier=basic,ro=false,writable=no", &o);
    g_assert_cmpuint(o.qps, ==, 5);
    g_assert_cmpuint(o.qpm, ==, 600);
    g_assert_false(o.writable || o.read_only);
    options_clear(&o);
}

static void assert_amounts(const GuardAmount *amounts, const char *want)
{
    g_autofree char *text = option_amounts_text(amounts);

    g_assert_cmpstr(text, ==, want);
}

static void test_guards(Home *home, gconstpointer data)
{
    Options o;

    must_parse(home, "adsfs agency @", &o);
    g_assert_null(o.guards.max_budget);
    g_assert_null(o.guards.max_bid);
    g_assert_cmpuint(o.guards.min_interval_s, ==, 0);
    g_assert_cmpuint(o.guards.max_changes_per_hour + o.guards.max_enables_per_hour, ==, 0);
    g_assert_false(o.guards.dry_run || o.guards.careful || o.allow_delete);
    options_clear(&o);

    write_config(home, PLAIN "max_budget = USD:1000  JPY:100000\nmax_bid=EUR:5.5\n"
                             "min_interval = 60\nmax_changes_per_hour = 500\ndry_run = yes\n"
                             "max_enables_per_hour = 50\nallow_delete = true\n");
    must_parse(home, "adsfs agency @ -o max_bid=USD:5\\040EUR:4.25,careful", &o);
    assert_amounts(o.guards.max_budget, "USD:1000.00 JPY:100000");
    assert_amounts(o.guards.max_bid, "USD:5.00 EUR:4.25");
    g_assert_cmpuint(o.guards.min_interval_s, ==, 60);
    g_assert_cmpuint(o.guards.max_changes_per_hour, ==, 500);
    g_assert_cmpuint(o.guards.max_enables_per_hour, ==, 50);
    g_assert_true(o.guards.dry_run && o.guards.careful && o.allow_delete);
    options_clear(&o);

    must_parse(home, "adsfs agency @ -o max_budget=none", &o);
    g_assert_null(o.guards.max_budget);
    options_clear(&o);
}

static void test_only_help(Home *home, gconstpointer data)
{
    static const char *const lines[] = {"adsfs --help",
                                        "adsfs -h",
                                        "adsfs --version",
                                        "adsfs -V",
                                        "adsfs nothing -f --help",
                                        "adsfs a b c -o zz=1 -h"};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        Options o;

        must_parse(home, lines[i], &o);
        g_assert_true(o.help != o.version);
        g_assert_true(!o.foreground && o.profile == NULL && o.cache_dir == NULL);
        options_clear(&o);
    }
}

/* ---- refusals ---- */

/* clang-format off */
static const char *const bad_lines[][2] = {
    {"adsfs", "profile and mount point missing|usage: adsfs PROFILE MOUNTPOINT"},
    {"adsfs agency", "mount point missing|usage:"},
    {"adsfs agency @ more", "more|too many|usage:"},
    {"adsfs --frobnicate agency @", "--frobnicate|usage:"},
    {"adsfs agency @ -o", "-o|usage:"},
    {"adsfs login agency", "login|command"},
    {"adsfs doctor", "doctor|command"},
    {"adsfs agnecy @", "config.ini|no [profile agnecy]|it has agency"},
    {"adsfs ./ads @", "./ads|no name of a profile"},
    {"adsfs .. @", "..|no name of a profile"},
    {"adsfs agency @ -o tll=3", "-o tll|did you mean ttl?"},
    {"adsfs agency @ -o writeable", "-o writeable|did you mean writable?"},
    {"adsfs agency @ -o frobnicate=1", "-o frobnicate|adsfs --help lists them"},
    {"adsfs agency @ -o ttl", "-o ttl|needs a value"},
    {"adsfs agency @ -o ttl=", "-o ttl=|seconds from 0"},
    {"adsfs agency @ -o ttl=abc", "-o ttl=abc|a number of seconds from 0 to 2592000"},
    {"adsfs agency @ -o ttl=-1", "-o ttl=-1|seconds"},
    {"adsfs agency @ -o ttl=5m", "-o ttl=5m|seconds"},
    {"adsfs agency @ -o ttl=99999999999999999999", "ttl=99999999999999999999|seconds"},
    {"adsfs agency @ -o settle=366", "settle=366|from 0 to 365"},
    {"adsfs agency @ -o write_wait=0", "write_wait=0|from 1"},
    {"adsfs agency @ -o max_increase=all", "max_increase=all|none, or a percentage"},
    {"adsfs agency @ -o max_increase=%", "max_increase=%|percentage"},
    {"adsfs agency @ -o max_budget=", "max_budget: nothing is named|USD:1000|none"},
    {"adsfs agency @ -o max_budget=1000", "max_budget: '1000'|with its currency"},
    {"adsfs agency @ -o max_budget=XYZ:5", "max_budget: 'XYZ:5'|XYZ is no currency"},
    {"adsfs agency @ -o max_budget=:5", "max_budget: ':5'|nothing is no currency"},
    {"adsfs agency @ -o max_budget=usd:5", "max_budget: 'usd:5'|capitals|USD:AMOUNT"},
    {"adsfs agency @ -o max_budget=USD:5.001", "max_budget: 'USD:5.001'|USD has 2 decimals"},
    {"adsfs agency @ -o max_bid=JPY:5.5", "max_bid: 'JPY:5.5'|JPY has 0 decimals"},
    {"adsfs agency @ -o max_bid=USD:5\\040USD:6", "max_bid: 'USD:6'|twice"},
    {"adsfs agency @ -o max_bid=USD:0.00", "max_bid: 'USD:0.00'|writable"},
    {"adsfs agency @ -o max_bid=USD:-5", "max_bid: 'USD:-5'|digits"},
    {"adsfs agency @ -o max_bid=USD:5;JPY:6", "max_bid: 'USD:5;JPY:6'|after a blank"},
    {"adsfs agency @ -o max_bid=USD:99999999999999999999", "max_bid: 'USD:9999|digits"},
    {"adsfs agency @ -o min_interval=-1", "min_interval=-1|seconds from 0"},
    {"adsfs agency @ -o max_changes_per_hour=many", "max_changes_per_hour=many|whole number"},
    {"adsfs agency @ -o dry_run=perhaps", "dry_run=perhaps|true or false"},
    {"adsfs agency @ -o writable=maybe", "writable=maybe|true or false"},
    {"adsfs agency @ -o umask=99", "umask=99|octal"},
    {"adsfs agency @ -o umask=1000", "umask=1000|octal"},
    {"adsfs agency @ -o uid=nobody-has-this-name", "uid=nobody-has-this-name|a user"},
    {"adsfs agency @ -o gid=-1", "gid=-1|a group"},
    {"adsfs agency @ -o uid=4294967295", "uid=4294967295|a user"},
    {"adsfs agency @ -o dir_cache=maybe", "dir_cache=maybe|one of auto, on, off"},
    {"adsfs agency @ -o tier=gold", "tier=gold|one of basic, advanced, premium, ultimate"},
    {"adsfs agency @ -o log_file=", "log_file=|name of a file"},
    {"adsfs agency @ -o sandbox_log=x", "-o sandbox_log|for the profile sandbox only"},
    {"adsfs agency @ -o a\nb\x1b[31m", "-o a b"},
};

/* clang-format on */

static void test_bad_lines(Home *home, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_lines); i++)
        must_refuse(home, bad_lines[i][0], bad_lines[i][1]);
    g_remove(home->config);
    must_refuse(home, "adsfs agency @", "config.ini: does not exist|[profile agency]|sandbox");
}

static void test_mountpoint(Home *home, gconstpointer data)
{
    g_autofree char *link = in_home(home, "link");
    g_autofree char *line = g_strconcat("adsfs agency ", link, NULL);
    g_autofree char *missing = g_strconcat(line, "/none", NULL);
    g_autofree char *file = g_strconcat("adsfs agency ", home->config, NULL);
    g_autofree char *around = g_strconcat("adsfs agency ", home->home, NULL);
    g_autofree char *cache = in_home(home, "cache/adsfs");
    Options o;

    g_assert_cmpint(symlink("ads", link), ==, 0);
    must_refuse(home, missing, "link/none|does not exist; mkdir it first");
    must_refuse(home, file, "config.ini|is not a directory");
    must_refuse(home, around, "the cache|lies below");
    must_refuse(home, "adsfs sandbox /tmp -o sandbox_log=/var/x", "/tmp|lies below");
    g_assert_false(g_file_test(cache, G_FILE_TEST_EXISTS));
    must_parse(home, line, &o);
    g_assert_cmpstr(o.mountpoint, ==, home->mount);
    options_clear(&o);

    /* The link leads below the mount point though the names do not look like it. */
    g_autofree char *log = g_strconcat("adsfs agency @ -o log_file=", link, "/log", NULL);
    must_refuse(home, log, "log_file|lies below");
    g_setenv("XDG_STATE_HOME", link, TRUE);
    must_refuse(home, "adsfs agency @", "the state|lies below");
}

/* ---- the table ---- */

static void test_table(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (gsize i = 0; i < n_option_rows; i++) {
        const OptionRow *row = &option_rows[i];
        g_autoptr(GError) error = NULL;
        Options o = {0};

        g_assert_true(g_hash_table_add(names, (char *)row->name));
        g_assert_false(option_is_ignored(row->name));
        for (gboolean sandbox = FALSE; sandbox <= TRUE; sandbox++)
            if (option_default(row, sandbox) != NULL)
                option_set(row, option_default(row, sandbox), NULL, &o, &error);
        g_assert_no_error(error);
        options_clear(&o);
    }
    g_assert_true(option_find("qps") > option_find("tier")); /* it overrides it */
}

static void test_help(void)
{
    g_autofree char *help = options_help();
    g_auto(GStrv) lines = g_strsplit(help, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (g_utf8_strlen(*line, -1) > 100)
            g_error("over 100 columns: %s", *line);
    for (gsize i = 0; i < n_option_rows; i++) {
        g_autofree char *name = g_strdup_printf("\n  %s", option_rows[i].name);
        const char *found = strstr(help, name);

        g_assert_nonnull(found);
        g_assert_nonnull(strstr(found, option_rows[i].help));
        if (option_rows[i].fallback != NULL)
            g_assert_true(g_str_has_prefix(strchr(strstr(found, option_rows[i].help), '[') + 1,
                                           option_rows[i].fallback));
    }
}

static void test_distance(void)
{
    g_assert_cmpuint(option_distance("ttl", "ttl"), ==, 0);
    g_assert_cmpuint(option_distance("", "ttl"), ==, 3);
    g_assert_cmpuint(option_distance("ttl", ""), ==, 3);
    g_assert_cmpuint(option_distance("kitten", "sitting"), ==, 3);
    g_assert_cmpuint(option_distance("writeable", "writable"), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/options/defaults-of-a-real-profile", test_defaults);
    ADD("/options/sandbox-needs-no-file", test_sandbox);
    ADD("/options/line-in-any-order", test_line);
    ADD("/options/line-over-profile-over-default", test_precedence);
    ADD("/options/guards-of-line-and-profile", test_guards);
    ADD("/options/help-needs-nothing-else", test_only_help);
    ADD("/options/bad-line-is-refused-in-one-line", test_bad_lines);
    ADD("/options/mount-point-is-there-and-holds-nothing-of-ours", test_mountpoint);
    g_test_add_func("/options/every-default-is-of-its-kind", test_table);
    g_test_add_func("/options/help-has-every-option-in-100-columns", test_help);
    g_test_add_func("/options/distance-counts-edits", test_distance);
    return g_test_run();
}
