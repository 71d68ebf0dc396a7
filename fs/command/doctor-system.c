/* SPDX-License-Identifier: MIT */
/* doctor-system.c - what the machine has to offer: FUSE, a kernel, a place to mount, time zones. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/command/doctor.h"
#include "fs/command/timed.h"
#include "fs/kernel.h"
#include "fs/locate.h"

#define FUSE_DEVICE "/dev/fuse"
#define FUSE_CONF   "/etc/fuse.conf"

/* ---- FUSE ---- */

static void check_device(Doctor *doctor, const char *name)
{
    int fd = open(FUSE_DEVICE, O_RDWR | O_CLOEXEC);

    if (fd >= 0)
        doctor_say(doctor, DOCTOR_OK, name, FUSE_DEVICE " can be opened");
    else if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
        doctor_say(doctor, DOCTOR_FAIL, name,
                   FUSE_DEVICE " is not there; modprobe fuse as root, or give the container the "
                               "device: --device " FUSE_DEVICE " --cap-add SYS_ADMIN");
    else
        doctor_say(doctor, DOCTOR_FAIL, name,
                   FUSE_DEVICE " can not be opened: %s; it should be open to everybody: chmod 666 "
                               "as root, or allow the device to the container",
                   g_strerror(errno));
    if (fd >= 0)
        close(fd);
}

void doctor_fuse(Doctor *doctor, const char *name)
{
    g_autofree char *program = g_find_program_in_path("fusermount3");
    struct stat st;

    check_device(doctor, name);
    if (program == NULL)
        doctor_say(doctor, geteuid() == 0 ? DOCTOR_WARN : DOCTOR_FAIL, name,
                   "there is no fusermount3 in PATH; install fuse3");
    else if (geteuid() != 0 && (stat(program, &st) != 0 || (st.st_mode & S_ISUID) == 0))
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "%s is not set-user-id root, so only root can mount; install fuse3 again",
                   program);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s", program);
}

void doctor_kernel(Doctor *doctor, const char *name)
{
    struct utsname system;

    if (uname(&system) != 0)
        return;
    if (!kernel_shows_old_listings(system.release))
        doctor_say(doctor, DOCTOR_OK, name, "%s keeps listings", system.release);
    else if (doctor->options.dir_cache == DIR_CACHE_ON)
        doctor_say(doctor, DOCTOR_WARN, name,
                   "%s may show old listings; take dir_cache=on out of the profile, or use a "
                   "kernel from 6.13 on",
                   system.release);
    else
        doctor_say(doctor, DOCTOR_OK, name,
                   "%s would show old listings from its cache, so it is left off", system.release);
}

static gboolean has_line(const char *path, const char *wanted)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (g_str_equal(g_strstrip(*line), wanted))
            return TRUE;
    return FALSE;
}

void doctor_allow_other(Doctor *doctor, const char *name)
{
    gboolean wanted = doctor->options.allow_other;

    if (geteuid() == 0)
        doctor_say(doctor, DOCTOR_OK, name, "root may use it");
    else if (has_line(FUSE_CONF, "user_allow_other"))
        doctor_say(doctor, DOCTOR_OK, name, FUSE_CONF " has user_allow_other");
    else if (wanted)
        doctor_say(doctor, DOCTOR_FAIL, name,
                   FUSE_CONF " has no line user_allow_other; add it as root, or take allow_other "
                             "out of the profile");
    else
        doctor_say(doctor, DOCTOR_OK, name,
                   "not wanted; " FUSE_CONF " would need a line user_allow_other for it");
}

/* ---- the mount point ---- */

static gboolean is_empty(const char *path)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    guint n = 0;

    if (directory == NULL)
        return TRUE;
    while ((entry = readdir(directory)) != NULL)
        n++;
    closedir(directory);
    return n <= 2; /* itself and the one above */
}

/* "" or what is unusual about it. */
static char *look_at_mountpoint(const char *path, GError **error)
{
    g_autofree char *real = locate_mountpoint(path, error);

    if (real == NULL)
        return NULL;
    if (access(real, W_OK) != 0) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL,
                                               "mount point %s: you can not write there; name a "
                                               "directory of yours",
                                               path));
        return NULL;
    }
    return g_strdup(is_empty(real) ? ""
                                   : "what is in it is hidden while it is mounted; better "
                                     "name an empty directory");
}

void doctor_mountpoint(Doctor *doctor, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (doctor->mountpoint == NULL) {
        doctor_say(doctor, DOCTOR_SKIP, name, "none named; adsfs doctor %s MOUNTPOINT looks at it",
                   doctor->profile);
        return;
    }
    text = timed_run(look_at_mountpoint, doctor->mountpoint, DOCTOR_WAIT_S, &error);
    if (text != NULL && *text != '\0')
        doctor_say(doctor, DOCTOR_WARN, name, "%s: %s", doctor->mountpoint, text);
    else if (text != NULL)
        doctor_say(doctor, DOCTOR_OK, name, "%s is an empty directory", doctor->mountpoint);
    else if (g_error_matches(error, API_ERROR, API_ERROR_UNKNOWN))
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "%s: %s; if a mount that died is there, fusermount3 -uz %s", doctor->mountpoint,
                   error->message, doctor->mountpoint);
    else
        doctor_say(doctor, DOCTOR_FAIL, name, "%s", error->message);
}

/* ---- time zones ---- */

/* Days of reports are days of the account's own zone. */
void doctor_zones(Doctor *doctor, const char *name)
{
    GTimeZone *zone = g_time_zone_new_identifier("America/Los_Angeles");

    if (zone != NULL)
        doctor_say(doctor, DOCTOR_OK, name, "the data is there");
    else
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "there is no data, so days of reports would begin at the wrong hour; install "
                   "tzdata");
    g_clear_pointer(&zone, g_time_zone_unref);
}
