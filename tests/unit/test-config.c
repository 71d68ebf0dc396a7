/* SPDX-License-Identifier: MIT */
/* test-config.c - profiles, the files with secrets they name, and the token of the environment. */
#include "fs/config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/options-home.h"

static void test_account(Home *home, gconstpointer data)
{
    g_autofree char *elsewhere = in_home(home, "elsewhere.ini");
    Options o;

    write_file(home, "secret", " hush \r\n", 0400);
    write_config(home, "[profile one]\napp_id=73\nsecret_file=~/secret\ntoken_file=token\n"
                       "business_url=http://127.0.0.1:8080/api///\n");
    must_parse(home, "adsfs one @", &o);
    g_assert_cmpstr(o.app_id, ==, "73");
    g_assert_cmpstr(o.secret, ==, "hush");
    g_assert_cmpstr(o.business_url, ==, "http://127.0.0.1:8080/api");
    g_assert_null(o.advertisers);
    options_clear(&o);

    g_assert_cmpint(g_rename(home->config, elsewhere), ==, 0);
    write_file(home, "elsewhere.ini",
               "[profile two]\ntoken_file=config/adsfs/token\nadvertisers = 1, 22\t333,1\n", 0644);
    g_setenv("ADSFS_CONFIG", elsewhere, TRUE);
    must_parse(home, "adsfs two @", &o);
    g_autofree char *ids = g_strjoinv(" ", o.advertisers);
    g_assert_cmpstr(ids, ==, "1 22 333");
    g_assert_true(o.advertisers_only);
    options_clear(&o);
}

static void test_sets(Home *home, gconstpointer data)
{
    Options o;
    g_autofree char *mine = NULL, *more = NULL;

    write_config(home, PLAIN "@mine = spend , clicks,reach\n@my-video=@video,spend\n");
    must_parse(home, "adsfs agency @", &o);
    mine = g_strjoinv(",", g_hash_table_lookup(o.metric_sets, "mine"));
    g_assert_cmpstr(mine, ==, "spend,clicks,reach");
    more = g_strjoinv(",", g_hash_table_lookup(o.metric_sets, "my-video"));
    g_assert_true(g_str_has_prefix(more, "video_play_actions,"));
    g_assert_true(g_str_has_suffix(more, ",spend"));
    g_assert_cmpuint(g_hash_table_size(o.metric_sets), ==, 2);
    options_clear(&o);
}

/* clang-format off */
/* What a key file holds, and what is said about it. */
static const char *const bad_profiles[][2] = {
    {"", "has no [profile agency]|it has no profile"},
    {"[profile other]\nttl=1\n", "has no [profile agency]|it has other"},
    {"nonsense\n", "config.ini: can not be read"},
    {PLAIN "tll=1\n", "config.ini: [profile agency] tll|did you mean ttl?"},
    {PLAIN "token=abc\n", "[profile agency] token:|no key"},
    {PLAIN "app-id=abc\n", "[profile agency] app-id|did you mean app_id?"},
    {PLAIN "ttl=abc\n", "config.ini: [profile agency] ttl=abc|seconds"},
    {PLAIN "ttl=\n", "[profile agency] ttl=:|seconds"},
    {PLAIN "sandbox_log=x\n", "[profile agency] sandbox_log|sandbox only"},
    {PLAIN "app_id=../x\n", "app_id=../x|digits"},
    {PLAIN "advertisers=1,x2\n", "advertisers=1,x2|'x2' is no advertiser id"},
    {PLAIN "advertisers= ,\n", "advertisers|is empty"},
    {PLAIN "@mine=\n", "@mine=:|name is missing"},
    {PLAIN "@mine=spend,\n", "@mine=spend,:|name is missing"},
    {PLAIN "@mine=spent\n", "[profile agency] @mine: there is no metric spent; did you mean spend?"},
    {PLAIN "@mine=@nonsense\n", "@nonsense is no set"},
    {PLAIN "@core=spend\n", "@core: there is a set"},
    {PLAIN "@reach=spend\n", "@reach: there is a metric"},
    {PLAIN "@a b=spend\n", "@a b: must be @"},
    {PLAIN "@=spend\n", "@: must be @"},
    {PLAIN "business_url=http://example.com/\n", "business_url=http://example.com/|https"},
    {PLAIN "business_url=http://127.0.0.1.example.com\n", "this machine only"},
    {PLAIN "business_url=ftp://example.com\n", "business_url=ftp|must be https://HOST/PATH"},
    {PLAIN "business_url=https:///x\n", "must be https://HOST/PATH"},
    {PLAIN "business_url=example.com\n", "must be https://HOST/PATH"},
    {PLAIN "business_url=https://u:p@example.com\n", "no user"},
    {PLAIN "business_url=https://example.com/?a\n", "no user, `?`"},
    {PLAIN "auth=oauth\n", "[profile agency] auth=oauth|one of business, login-kit"},
    {PLAIN "scope=user.info.basic\n", "[profile agency] scope|auth = login-kit only"},
    {PLAIN "grant=client_credentials\n", "[profile agency] grant|auth = login-kit only"},
    {PLAIN "auth=login-kit\ngrant=password\n", "grant=password|authorization_code"},
    {PLAIN "login_port=0\n", "login_port=0|from 1 to 65535"},
    {PLAIN "portal_url=http://example.com/\n", "portal_url=http://example.com/|https"},
    {PLAIN "app_id=7\nclient_key=7\n", "app_id and client_key|are the same"},
    {PLAIN "secret_file=a\nclient_secret_file=a\n", "secret_file and client_secret_file"},
    {PLAIN "open_url=x\n", "open_url=x|must be https://HOST/PATH"},
    {"[profile agency]\ntoken_file=token\n", "needs app_id and secret_file|advertisers"},
    {"[profile agency]\ntoken_file=token\napp_id=7\n", "needs app_id and secret_file|advertisers"},
    {"[profile agency]\nadvertisers=7\n",
     "no access token|adsfs login agency|token_file|ADSFS_ACCESS_TOKEN"},
    {"[profile agency]\nadvertisers=7\ntoken_file=\n", "token_file=|must name a file"},
    {"[profile agency]\nadvertisers=7\ntoken_file=none\n", "token_file|config/adsfs/none|No such"},
    {"[profile agency]\nadvertisers=7\ntoken_file=/\n", "token_file /|regular file"},
    {"[profile agency]\nadvertisers=7\ntoken_file=/dev/null\n", "/dev/null|regular file"},
};

static const struct {
    const char *text;
    int mode;
    const char *reason;
} bad_tokens[] = {
    {"x\n", 0640, "others can read it|chmod 600 |config/adsfs/token"},
    {"x\n", 0604, "others can read it|chmod 600 |config/adsfs/token"},
    {"", 0600, "is empty|alone on one line"},
    {" \n\n", 0600, "is empty|alone on one line"},
    {"one\ntwo\n", 0600, "several lines"},
    {"one\rtwo\n", 0600, "several lines"},
    {"one two\n", 0600, "blank, control or non-ASCII"},
    {"one\x01\n", 0600, "blank, control or non-ASCII"},
    {"\xef\xbb\xbfone\n", 0600, "blank, control or non-ASCII"},
};
/* clang-format on */

static void test_bad_profiles(Home *home, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_profiles); i++) {
        write_config(home, bad_profiles[i][0]);
        must_refuse(home, "adsfs agency @", bad_profiles[i][1]);
    }
}

static void test_bad_tokens(Home *home, gconstpointer data)
{
    g_autofree char *token = in_home(home, "config/adsfs/token");
    g_autofree char *huge = g_strnfill(9000, 'x');

    for (gsize i = 0; i < G_N_ELEMENTS(bad_tokens); i++) {
        write_file(home, "config/adsfs/token", bad_tokens[i].text, bad_tokens[i].mode);
        must_refuse(home, "adsfs agency @", bad_tokens[i].reason);
    }
    write_file(home, "config/adsfs/token", huge, 0600);
    must_refuse(home, "adsfs agency @", "longer than");
    g_assert_true(
        g_file_set_contents_full(token, "a\0b\n", 4, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    g_assert_cmpint(g_chmod(token, 0600), ==, 0);
    must_refuse(home, "adsfs agency @", "NUL byte");
    g_remove(token);
    g_assert_cmpint(mkfifo(token, 0600), ==, 0);
    must_refuse(home, "adsfs agency @", "regular file");
}

/* ---- logging in ---- */

static void must_read(const char *profile, Options *ret)
{
    g_autoptr(GError) error = NULL;

    options_profile(profile, ret, &error);
    g_assert_no_error(error);
}

/* Each machine has its own, also where several share a home. */
static char *pace_in(Home *home, const char *app)
{
    g_autofree char *id = NULL;
    g_autofree char *directory = g_strconcat("state/adsfs/", app, "/pace-", NULL);
    g_autofree char *path = in_home(home, directory);

    if (!g_file_get_contents("/etc/machine-id", &id, NULL, NULL) || strlen(id) < 8)
        return g_strconcat(path, g_get_host_name(), NULL);
    return g_strdup_printf("%s%.8s", path, id);
}

static void test_login_keys(Home *home, gconstpointer data)
{
    g_autofree char *token = in_home(home, "state/adsfs/new/token");
    g_autofree char *secret = in_home(home, "state/adsfs/new/secret");
    g_autofree char *pace = pace_in(home, "app-aw7");
    g_autofree char *unknown = pace_in(home, "app-unknown");
    Options o;

    write_config(home, "[profile new]\n[profile kit]\nauth=login-kit\nclient_key=aw7\n"
                       "client_secret_file=none\ntoken_file=none\nscope=a,b\nlogin_port=8080\n"
                       "disable_auto_auth=true\ngrant=client_credentials\n");
    must_read("new", &o);
    g_assert_cmpint(o.auth, ==, DIALECT_BUSINESS);
    g_assert_cmpstr(o.portal_url, ==, "https://business-api.tiktok.com/portal/auth");
    g_assert_cmpstr(o.open_url, ==, "https://open.tiktokapis.com");
    g_assert_cmpstr(o.token_path, ==, token);
    g_assert_cmpstr(o.secret_path, ==, secret);
    g_assert_null(o.app_id);
    g_assert_null(o.secret);
    g_assert_null(o.token);
    g_assert_cmpstr(o.pace_file, ==, unknown);
    g_assert_null(o.mountpoint);
    options_clear(&o);

    must_read("kit", &o);
    g_assert_cmpint(o.auth, ==, DIALECT_LOGIN_KIT);
    g_assert_cmpstr(o.portal_url, ==, "https://www.tiktok.com/v2/auth/authorize/");
    g_assert_cmpstr(o.app_id, ==, "aw7");
    g_assert_cmpstr(o.scope, ==, "a,b");
    g_assert_cmpuint(o.login_port, ==, 8080);
    g_assert_true(o.disable_auto_auth && o.client_credentials);
    g_assert_cmpstr(o.pace_file, ==, pace);
    options_clear(&o);
    must_refuse(home, "adsfs kit @", "secret_file|none");
    must_refuse(home, "adsfs new @", "adsfs login new");
}

/* What a login kept is enough for a mount; what a profile says goes before it. */
static void test_token_of_login(Home *home, gconstpointer data)
{
    Options o;

    write_file(home, "config/adsfs/token",
               "{\"access_token\":\"of-a-login\",\"scope\":[\"4\",\"44\"],"
               "\"advertiser_ids\":[\"11\",\"22\"]}\n",
               0600);
    write_file(home, "config/adsfs/secret", "hush\n", 0600);
    write_config(home, "[profile ids]\ntoken_file=token\n[profile app]\ntoken_file=token\n"
                       "app_id=7\nsecret_file=secret\n[profile own]\ntoken_file=token\n"
                       "advertisers=33\n");
    must_parse(home, "adsfs ids @", &o);
    g_autofree char *ids = g_strjoinv(" ", o.advertisers);
    g_autofree char *scopes = g_strjoinv(" ", o.scopes);
    g_assert_cmpstr(o.token, ==, "of-a-login");
    g_assert_cmpstr(ids, ==, "11 22");
    g_assert_false(o.advertisers_only);
    g_assert_cmpstr(scopes, ==, "4 44");
    options_clear(&o);
    must_parse(home, "adsfs app @", &o);
    g_assert_null(o.advertisers);
    options_clear(&o);
    must_parse(home, "adsfs own @", &o);
    g_assert_cmpstr(o.advertisers[0], ==, "33");
    options_clear(&o);

    g_setenv("ADSFS_ACCESS_TOKEN", "other", TRUE);
    must_parse(home, "adsfs own @", &o);
    g_assert_true(o.token_given);
    g_assert_null(o.scopes);
    options_clear(&o);
}

static void test_profile_of_command(Home *home, gconstpointer data)
{
    static const char *const bad[] = {"login", "../x", "", "none"};
    Options o;

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(options_profile(bad[i], &o, &error));
        g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    }
    write_file(home, "config/adsfs/token", "two words\n", 0600);
    must_read("agency", &o); /* a login shall put a good one there */
    g_assert_null(o.token);
    options_clear(&o);
}

static void edit(Home *home, const char *before, const char *profile, const char *after)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = NULL;

    write_config(home, before);
    if (config_lacks_profile(home->config, profile))
        config_add_profile(home->config, profile, &error);
    else
        config_add_key(home->config, profile, "app_id", "7", &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(home->config, &got, NULL, NULL));
    g_assert_cmpstr(got, ==, after);
}

static void test_edit(Home *home, gconstpointer data)
{
    g_autofree char *link = in_home(home, "link.ini");
    g_autoptr(GError) error = NULL;
    struct stat st;

    edit(home, "", "a", "[profile a]\n");
    edit(home, "# c", "a", "# c\n\n[profile a]\n");
    edit(home, "[x]\n\n\n", "a", "[x]\n\n\n\n[profile a]\n");
    edit(home, "[profile ab]\n  [profile a] \r\n#c\nttl = 1\n[z]\n", "a",
         "[profile ab]\n  [profile a] \r\napp_id = 7\n#c\nttl = 1\n[z]\n");
    edit(home, "[profile a]", "a", "[profile a]\napp_id = 7\n");

    g_assert_cmpint(g_chmod(home->config, 0644), ==, 0);
    g_assert_cmpint(symlink(home->config, link), ==, 0);
    config_add_profile(link, "b", &error);
    g_assert_no_error(error);
    g_assert_cmpint(lstat(link, &st), ==, 0);
    g_assert_true(S_ISLNK(st.st_mode));
    g_assert_cmpint(stat(home->config, &st), ==, 0);
    g_assert_cmpuint(st.st_mode & 0777, ==, 0644);
    g_assert_false(config_lacks_profile(home->config, "b"));

    write_config(home, "nonsense\n");
    g_assert_false(config_lacks_profile(home->config, "b"));
    g_assert_false(config_add_key(home->config, "b", "app_id", "7", &error));
    g_assert_error(error, API_ERROR, API_ERROR_INVALID);
    g_remove(home->config);
    g_assert_true(config_lacks_profile(home->config, "b"));
}

/* ---- secrets in the environment ---- */

static void test_token_of_environment(Home *home, gconstpointer data)
{
    Options o;

    write_config(home, "[profile agency]\nadvertisers=7\ntoken_file=none\n");
    g_setenv("ADSFS_ACCESS_TOKEN", " from-environment\n", TRUE);
    must_parse(home, "adsfs agency @", &o);
    g_assert_cmpstr(o.token, ==, "from-environment");
    g_assert_null(g_getenv("ADSFS_ACCESS_TOKEN"));
    options_clear(&o);

    g_setenv("ADSFS_ACCESS_TOKEN", "two words", TRUE);
    must_refuse(home, "adsfs agency @", "ADSFS_ACCESS_TOKEN: holds a blank");
    g_assert_null(g_getenv("ADSFS_ACCESS_TOKEN"));
    g_setenv("ADSFS_ACCESS_TOKEN", "other", TRUE);
    must_refuse(home, "adsfs", "usage:");
    g_assert_null(g_getenv("ADSFS_ACCESS_TOKEN"));
    g_setenv("ADSFS_ACCESS_TOKEN", "other", TRUE);
    must_parse(home, "adsfs sandbox @", &o);
    g_assert_cmpstr(o.token, ==, "sandbox-token");
    g_assert_null(g_getenv("ADSFS_ACCESS_TOKEN"));
    options_clear(&o);
}

#define CHILD "--show-environment"

/* The kernel shows the memory a process was started with, so this takes a process. */
static int show_environment(void)
{
    char *argv[] = {(char *)"adsfs", (char *)"--version", NULL};
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize n_before, n_after;
    Options o;

    g_file_get_contents("/proc/self/environ", &before, &n_before, NULL);
    options_parse(2, argv, &o, NULL);
    g_file_get_contents("/proc/self/environ", &after, &n_after, NULL);
    return memmem(before, n_before, "tell-nobody", 11) != NULL &&
                   memmem(after, n_after, "tell-nobody", 11) == NULL
               ? 0
               : 1;
}

static void test_environment_is_wiped(void)
{
    char *argv[] = {(char *)"/proc/self/exe", (char *)CHILD, NULL};
    g_auto(GStrv) variables = g_get_environ();
    g_autoptr(GError) error = NULL;
    int status = -1;

    variables = g_environ_setenv(variables, "ADSFS_ACCESS_TOKEN", "tell-nobody", TRUE);
    g_spawn_sync(NULL, argv, variables, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && g_str_equal(argv[1], CHILD))
        return show_environment();

    g_test_init(&argc, &argv, NULL);
    ADD("/config/account-of-a-profile", test_account);
    ADD("/config/sets-of-metrics", test_sets);
    ADD("/config/bad-profile-is-refused-in-one-line", test_bad_profiles);
    ADD("/config/bad-token-file-is-refused", test_bad_tokens);
    ADD("/config/keys-of-a-login", test_login_keys);
    ADD("/config/token-of-a-login-is-enough", test_token_of_login);
    ADD("/config/profile-of-a-command", test_profile_of_command);
    ADD("/config/nothing-else-changes-in-the-key-file", test_edit);
    ADD("/config/token-of-the-environment-wins-and-goes", test_token_of_environment);
    g_test_add_func("/config/proc-environ-forgets-the-token", test_environment_is_wiped);
    return g_test_run();
}
