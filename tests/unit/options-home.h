/* SPDX-License-Identifier: MIT */
#pragma once

/* options-home.h - what tests of options share: a home directory for each, with one profile. */
#include <glib/gstdio.h>
#include <string.h>

#include "api/error.h"
#include "fs/options.h"

#define PLAIN "[profile agency]\ntoken_file = token\nadvertisers = 7012345678901234567\n"

typedef struct {
    char *home, *config, *mount;
} Home;

static inline char *in_home(const Home *home, const char *name)
{
    return g_build_filename(home->home, name, NULL);
}

static inline void write_file(const Home *home, const char *name, const char *text, int mode)
{
    g_autofree char *path = in_home(home, name);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static inline void write_config(const Home *home, const char *text)
{
    g_assert_true(g_file_set_contents(home->config, text, -1, NULL));
}

static inline void set_up(Home *home, gconstpointer data)
{
    g_autofree char *made = g_dir_make_tmp("adsfs-options-XXXXXX", NULL);
    char *real = realpath(made, NULL);
    static const char *const variables[][2] = {
        {"HOME", ""},
        {"XDG_CONFIG_HOME", "config"},
        {"XDG_STATE_HOME", "state"},
        {"XDG_CACHE_HOME", "cache"},
        {"XDG_RUNTIME_DIR", "run"},
    };

    home->home = g_strdup(real);
    free(real);
    for (gsize i = 0; i < G_N_ELEMENTS(variables); i++) {
        g_autofree char *path = in_home(home, variables[i][1]);

        g_mkdir_with_parents(path, 0700);
        g_setenv(variables[i][0], path, TRUE);
    }
    g_unsetenv("ADSFS_CONFIG");
    g_unsetenv("ADSFS_ACCESS_TOKEN");
    home->config = in_home(home, "config/adsfs/config.ini");
    g_autofree char *directory = g_path_get_dirname(home->config);
    g_mkdir_with_parents(directory, 0700);
    home->mount = in_home(home, "ads");
    g_mkdir(home->mount, 0700);
    write_file(home, "config/adsfs/token", "the-token\n", 0600);
    write_config(home, PLAIN);
}

static inline void tear_down(Home *home, gconstpointer data)
{
    const char *argv[] = {"rm", "-rf", home->home, NULL};

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(home->home);
    g_free(home->config);
    g_free(home->mount);
}

/* line: words between blanks; `@` is the mount point. */
static inline gboolean parse(const Home *home, const char *line, Options *ret, GError **error)
{
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);

    for (char **word = argv; *word != NULL; word++) {
        if (!g_str_equal(*word, "@"))
            continue;
        g_free(*word);
        *word = g_strdup(home->mount);
    }
    return options_parse((int)g_strv_length(argv), argv, ret, error);
}

static inline void must_parse(const Home *home, const char *line, Options *ret)
{
    g_autoptr(GError) error = NULL;

    parse(home, line, ret, &error);
    g_assert_no_error(error);
}

/* Refused in one line that holds each of the texts, which are separated by `|`. */
static inline void must_refuse(const Home *home, const char *line, const char *texts)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) split = g_strsplit(texts, "|", -1);
    Options options = {.ttl_s = 4711};

    if (parse(home, line, &options, &error))
        g_error("'%s' was accepted", line);
    g_assert_true(error->domain == API_ERROR);
    g_assert_null(strchr(error->message, '\n'));
    for (char **text = split; *text != NULL; text++)
        if (strstr(error->message, *text) == NULL)
            g_error("'%s' does not say '%s'", error->message, *text);
    g_assert_cmpuint(options.ttl_s, ==, 4711);
    g_assert_null(options.token);
}

#define ADD(path, function) g_test_add(path, Home, NULL, set_up, function, tear_down)
