/* SPDX-License-Identifier: MIT */
/*
 * locate.c - the mount point, and the directories for cache and state.
 *
 * Whatever the daemon itself opens must lie outside of what it serves, symbolic links resolved.
 */
#include "fs/locate.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/options-table.h"

enum { MOUNTS_MAX = 16, MACHINE_CHARS = 8 }; /* mounts: of one profile */

/* ---- the mount point ---- */

/* The last line of a path counts: mounts can lie on top of each other. */
static gboolean is_our_mount(const char *path)
{
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    struct mntent entry;
    char buffer[8192];
    gboolean ours = FALSE;

    if (mounts == NULL)
        return FALSE;
    while (getmntent_r(mounts, &entry, buffer, sizeof(buffer)) != NULL)
        if (g_str_equal(entry.mnt_dir, path))
            ours = g_str_equal(entry.mnt_type, "fuse.adsfs");
    endmntent(mounts);
    return ours;
}

/* The kernel may still know the attributes of a dead mount, so that stat works; this it must ask.
 */
static gboolean is_dead(const char *path)
{
    struct statfs st;

    return statfs(path, &st) != 0 && errno == ENOTCONN;
}

static gboolean refuse_mountpoint(const char *path, int number, GError **error)
{
    switch (number) {
    case ENOENT:
        return option_refuse(error, "mount point %s: does not exist; mkdir it first", path);
    case ENOTCONN:
        return option_refuse(error, "mount point %s: a dead mount is there; fusermount3 -uz %s",
                             path, path);
    case ENOTDIR:
        return option_refuse(error, "mount point %s: is not a directory; name an empty one", path);
    case EALREADY:
        return option_refuse(error,
                             "mount point %s: adsfs is mounted there already; fusermount3 -u %s "
                             "ends that",
                             path, path);
    default:
        return option_refuse(error, "mount point %s: %s; name a directory of yours", path,
                             g_strerror(number));
    }
}

char *locate_mountpoint(const char *path, GError **error)
{
    g_autofree char *typed = g_canonicalize_filename(path, NULL);
    struct stat st;
    int number = stat(path, &st) != 0 ? errno : !S_ISDIR(st.st_mode) ? ENOTDIR : 0;
    char *real = number == 0 ? realpath(path, NULL) : NULL;

    if (number == 0 && real == NULL)
        number = errno;
    /* Where another user's mount can not be looked into, the path as typed has to do. */
    if ((number == 0 || number == EACCES) && is_our_mount(real != NULL ? real : typed))
        number = is_dead(path) ? ENOTCONN : EALREADY;

    g_autofree char *ret = g_strdup(real);
    free(real);
    if (number == 0)
        return g_steal_pointer(&ret);
    refuse_mountpoint(path, number, error);
    return NULL;
}

/* ---- the directories ---- */

/* A variable that is not an absolute path counts as not set, as the XDG rules have it. */
static char *xdg_path(const char *variable, const char *below_home, const char *name)
{
    const char *value = g_getenv(variable);

    if (value != NULL && g_path_is_absolute(value))
        return g_build_filename(value, "adsfs", name, NULL);
    return g_build_filename(g_get_home_dir(), below_home, "adsfs", name, NULL);
}

char *locate_state(const char *name)
{
    return xdg_path("XDG_STATE_HOME", ".local/state", name);
}

char *locate_config(void)
{
    const char *named = g_getenv("ADSFS_CONFIG");

    if (named != NULL && *named != '\0')
        return g_canonicalize_filename(named, NULL);
    return xdg_path("XDG_CONFIG_HOME", ".config", "config.ini");
}

/* As much of path as exists with its links resolved, the rest appended. path: absolute. */
static char *resolve(const char *path)
{
    char *real = realpath(path, NULL);
    g_autofree char *ret = g_strdup(real);

    free(real);
    if (ret != NULL)
        return g_steal_pointer(&ret);

    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *above = resolve(parent);
    return g_build_filename(above, name, NULL);
}

static gboolean is_below(const char *path, const char *directory)
{
    gsize length = strlen(directory);

    return g_str_equal(directory, "/") ||
           (g_str_has_prefix(path, directory) && (path[length] == '/' || path[length] == '\0'));
}

static gboolean check_outside(const Options *options, const char *what, const char *path,
                              GError **error)
{
    g_autofree char *real = path != NULL && options->mountpoint != NULL ? resolve(path) : NULL;

    return real == NULL || !is_below(real, options->mountpoint) ||
           option_refuse(error, "mount point %s: %s %s lies below it; mount somewhere else",
                         options->mountpoint, what, path);
}

gboolean locate_is_outside(const Options *options, const char *path)
{
    return check_outside(options, "it", path, NULL);
}

static gboolean make_private(const char *path, GError **error)
{
    return (g_mkdir_with_parents(path, 0700) == 0 && chmod(path, 0700) == 0) ||
           option_refuse(error, "%s: must be a directory of yours: %s", path, g_strerror(errno));
}

static char *make_temporary_below(const char *parent)
{
    g_autofree char *path = g_build_filename(parent, "adsfs-sandbox-XXXXXX", NULL);

    return g_mkdtemp_full(path, 0700) != NULL ? g_steal_pointer(&path) : NULL;
}

static gboolean make_temporary(Options *options, GError **error)
{
    const char *runtime = g_getenv("XDG_RUNTIME_DIR");
    g_autofree char *path = NULL;

    if (runtime != NULL && g_path_is_absolute(runtime) &&
        check_outside(options, "the runtime directory", runtime, NULL))
        path = make_temporary_below(runtime);
    if (path == NULL && !check_outside(options, "the place for temporary files", "/tmp", error))
        return FALSE;
    if (path == NULL)
        path = make_temporary_below("/tmp");
    if (path == NULL)
        return option_refuse(error, "/tmp: must be writable: %s", g_strerror(errno));
    options->dirs_temporary = TRUE;
    options->cache_dir = g_strdup(path);
    options->state_dir = g_steal_pointer(&path);
    return TRUE;
}

/* The lock of a cache directory, held; -1: it can not be had. */
static int lock_directory(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return -1;
}

int locate_lock(Options *options, GError **error)
{
    g_autofree char *first = g_strdup(options->cache_dir);
    int fd = lock_directory(first);

    for (int i = 2; fd < 0 && i <= MOUNTS_MAX; i++) {
        g_free(options->cache_dir);
        options->cache_dir = g_strdup_printf("%s-%d", first, i);
        if (!make_private(options->cache_dir, error))
            return -1;
        fd = lock_directory(options->cache_dir);
    }
    if (fd < 0)
        option_refuse(error, "%s: %d mounts of the profile are using caches there already", first,
                      MOUNTS_MAX);
    return fd;
}

char *locate_events(const Options *options)
{
    g_autofree char *name = g_path_get_basename(options->cache_dir);

    /* A further mount's directory has its number behind the profile's name. */
    if (g_str_has_prefix(name, options->profile))
        return g_strconcat("events", name + strlen(options->profile), NULL);
    return g_strdup("events");
}

/* Messages that go nowhere would be missed too late. */
static gboolean check_log(const Options *options, GError **error)
{
    const char *file = options->log_file;
    g_autofree char *directory = file != NULL ? g_path_get_dirname(file) : NULL;

    if (file == NULL || access(file, W_OK) == 0)
        return TRUE;
    if (errno == ENOENT && access(directory, W_OK | X_OK) == 0)
        return TRUE;
    return option_refuse(error, "log_file %s: can not be written: %s", file, g_strerror(errno));
}

/* What sets this machine apart from others with the same home. New. */
static char *machine_name(void)
{
    g_autofree char *id = NULL;
    gsize length = 0;

    if (g_file_get_contents("/etc/machine-id", &id, &length, NULL) && length >= MACHINE_CHARS &&
        strspn(id, "0123456789abcdef") >= MACHINE_CHARS)
        return g_strndup(id, MACHINE_CHARS);
    return g_strdelimit(g_strdup(g_get_host_name()), "/", '_');
}

/* All profiles of an application share its rate. Those that do not name it may be of the same one:
   together they must not send twice what it is allowed. Machines with one home have a file each:
   its times are of one machine's clock, and it is mapped. */
static gboolean locate_pace(Options *options, GError **error)
{
    const char *app = options->app_id != NULL ? options->app_id : "unknown";
    g_autofree char *name = g_strconcat("app-", app, NULL);
    g_autofree char *directory = locate_state(name);

    if (!check_outside(options, "the state", directory, error) || !make_private(directory, error))
        return FALSE;

    g_autofree char *machine = machine_name();
    g_autofree char *file = g_strconcat("pace-", machine, NULL);
    options->pace_file = g_build_filename(directory, file, NULL);
    return TRUE;
}

gboolean locate_directories(Options *options, GError **error)
{
    if (!check_outside(options, "log_file", options->log_file, error) ||
        !check_log(options, error) ||
        !check_outside(options, "sandbox_log", options->sandbox_log, error))
        return FALSE;
    if (options->sandbox)
        return make_temporary(options, error);

    g_autofree char *cache = xdg_path("XDG_CACHE_HOME", ".cache", options->profile);
    g_autofree char *state = locate_state(options->profile);
    if (!check_outside(options, "the cache", cache, error) ||
        !check_outside(options, "the state", state, error) ||
        !check_outside(options, "the token", options->token_path, error) ||
        !make_private(cache, error) || !make_private(state, error))
        return FALSE;
    options->cache_dir = g_steal_pointer(&cache);
    options->state_dir = g_steal_pointer(&state);
    return locate_pace(options, error);
}
