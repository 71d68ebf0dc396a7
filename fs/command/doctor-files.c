/* SPDX-License-Identifier: MIT */
/* doctor-files.c - the profile, and the files and directories that go with it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fs/command/doctor.h"
#include "fs/command/timed.h"
#include "fs/config.h"
#include "fs/daemon.h"
#include "fs/options-table.h"

enum { OTHERS = S_IRWXG | S_IRWXO, OTHERS_WRITE = S_IWGRP | S_IWOTH };
enum { SPACE_LOW_MIB = 512, SPACE_NONE_MIB = 16 };

/* ---- the profile ---- */

/* Where the profile as a whole is refused, these still tell where to look. */
static void fill_from_keys(Doctor *doctor)
{
    const struct {
        const char *key;
        char **field;
    } files[] = {
        {"token_file", &doctor->options.token_path},
        {"secret_file", &doctor->options.secret_path},
    };
    g_autofree char *directory = g_path_get_dirname(doctor->config);

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        const char *name = g_hash_table_lookup(doctor->keys, files[i].key);

        if (name != NULL && *name != '\0')
            *files[i].field = option_path(name, directory);
    }
    doctor->options.business_url = g_strdup(g_hash_table_lookup(doctor->keys, "business_url"));
}

/* All of them, where reading the profile for a mount ends at the first. */
static gboolean check_keys(Doctor *doctor, const char *name)
{
    gboolean known = TRUE;
    GHashTableIter iter;
    void *key;

    g_hash_table_iter_init(&iter, doctor->keys);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (option_find(key) != NULL || g_strv_contains(config_keys, key))
            continue;

        g_autofree char *hint = option_suggestion(key, config_keys);
        doctor_say(doctor, DOCTOR_FAIL, name, "[profile %s] %s: is no key of a profile%s",
                   doctor->profile, (const char *)key, hint);
        known = FALSE;
    }
    return known;
}

static void check_values(Doctor *doctor, const char *name)
{
    g_autoptr(GError) error = NULL;

    doctor->usable = options_profile(doctor->profile, &doctor->options, &error);
    if (!doctor->usable) {
        doctor_say(doctor, DOCTOR_FAIL, name, "%s", error->message);
        fill_from_keys(doctor);
        return;
    }
    doctor_say(doctor, DOCTOR_OK, name, "%s has [profile %s]", doctor->config, doctor->profile);
    if (doctor->options.advertisers == NULL &&
        (doctor->options.app_id == NULL || doctor->options.secret == NULL))
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "the accounts are not known; adsfs login %s asks for them, or set app_id and "
                   "secret_file, or advertisers with their ids",
                   doctor->profile);
}

static void check_sandbox(Doctor *doctor, const char *name)
{
    g_autofree char *program = sandbox_program();

    doctor->usable = options_profile(doctor->profile, &doctor->options, NULL);
    if (program != NULL)
        doctor_say(doctor, DOCTOR_OK, name, "the profile sandbox is built in, and runs %s",
                   program);
    else
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "adsfs-sandbox is not installed; build it, or set ADSFS_SANDBOX to its path");
}

void doctor_config(Doctor *doctor, const char *name)
{
    g_autoptr(GError) error = NULL;

    if (g_str_equal(doctor->profile, "sandbox")) {
        check_sandbox(doctor, name);
        return;
    }
    doctor->keys = config_read(doctor->config, doctor->profile, &error);
    if (doctor->keys == NULL)
        doctor_say(doctor, DOCTOR_FAIL, name, "%s", error->message);
    else if (check_keys(doctor, name))
        check_values(doctor, name);
    else
        fill_from_keys(doctor);
}

/* ---- permissions ---- */

/* mask: bits that it must not have. */
static void check_path(Doctor *doctor, const char *name, const char *path, mode_t mask)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        if (errno != ENOENT)
            doctor_say(doctor, DOCTOR_FAIL, name, "%s: %s; make it yours: chown", path,
                       g_strerror(errno));
        return;
    }
    if (st.st_uid != geteuid() && st.st_uid != 0)
        doctor_say(doctor, DOCTOR_FAIL, name, "%s belongs to another user; chown %u %s", path,
                   geteuid(), path);
    else if ((st.st_mode & mask) != 0)
        doctor_say(doctor, DOCTOR_FAIL, name, "%s: others can %s it; chmod %s %s", path,
                   mask == OTHERS ? "read" : "change", mask == OTHERS ? "go-rwx" : "go-w", path);
    else if (access(path, R_OK) != 0)
        doctor_say(doctor, DOCTOR_FAIL, name, "%s: you can not read it; chmod u+r %s", path, path);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s", path);
}

void doctor_permissions(Doctor *doctor, const char *name)
{
    const Options *options = &doctor->options;
    const struct {
        const char *path;
        mode_t mask;
    } paths[] = {
        {doctor->config, OTHERS_WRITE}, {options->secret_path, OTHERS},
        {options->token_path, OTHERS},  {options->state_dir, OTHERS},
        {options->cache_dir, OTHERS},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        if (paths[i].path != NULL)
            check_path(doctor, name, paths[i].path, paths[i].mask);
}

void doctor_pace(Doctor *doctor, const char *name)
{
    const char *path = doctor->options.pace_file;
    struct stat st;

    if (path == NULL)
        doctor_say(doctor, DOCTOR_SKIP, name,
                   "where the limits are kept is not known without a profile");
    else if (stat(path, &st) == 0)
        check_path(doctor, name, path, OTHERS);
    else if (errno == ENOENT)
        doctor_say(doctor, DOCTOR_OK, name, "%s comes with the first mount", path);
    else
        doctor_say(doctor, DOCTOR_FAIL, name, "%s: %s; make its directory yours", path,
                   g_strerror(errno));
}

/* ---- space ---- */

static char *free_mib(const char *path, GError **error)
{
    struct statvfs st;

    if (statvfs(path, &st) == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)st.f_bavail * st.f_frsize >> 20);
    option_refuse(error, "%s", g_strerror(errno));
    return NULL;
}

static void check_space(Doctor *doctor, const char *name, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = timed_run(free_mib, path, DOCTOR_WAIT_S, &error);
    guint64 mib = text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;

    if (text == NULL)
        doctor_say(doctor, DOCTOR_FAIL, name, "%s: %s; look at the file system it is on", path,
                   error->message);
    else if (mib < SPACE_LOW_MIB)
        doctor_say(doctor, mib < SPACE_NONE_MIB ? DOCTOR_FAIL : DOCTOR_WARN, name,
                   "%s MiB are left for %s; free some, or name another place with XDG_CACHE_HOME "
                   "and XDG_STATE_HOME",
                   text, path);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s MiB are left for %s", text, path);
}

void doctor_space(Doctor *doctor, const char *name)
{
    const Options *options = &doctor->options;

    if (options->cache_dir == NULL) {
        doctor_say(doctor, DOCTOR_SKIP, name, "the directories are not known; correct the profile");
        return;
    }
    check_space(doctor, name, options->cache_dir);
    if (!g_str_equal(options->cache_dir, options->state_dir))
        check_space(doctor, name, options->state_dir);
}
