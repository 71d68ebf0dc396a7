/* SPDX-License-Identifier: MIT */
/*
 * log.c - `adsfs log PROFILE`: the journal for people. It is read from the file of the profile,
 * which may be mounted or not; that of a sandbox goes with its mount, which is asked for it.
 */
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "api/error.h"
#include "api/object.h"
#include "cache/journal-read.h"
#include "fs/command/accounts.h"
#include "fs/command/command.h"
#include "fs/command/mounts.h"
#include "fs/command/timed.h"
#include "fs/locate.h"
#include "fs/options-table.h"
#include "fs/when.h"

enum { WAIT_S = 10, USER_BYTES = 4096 };

typedef struct {
    const char *profile;
    gint64 since_us;
    guint newest; /* 0: all */
} Wanted;

/* ---- a line ---- */

static char *time_text(gint64 wall_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(wall_us / G_USEC_PER_SEC);

    return time != NULL ? g_date_time_format(time, "%F %T") : g_strdup("?");
}

/* "alice/echo" */
static char *who(const JournalEntry *entry)
{
    char buffer[USER_BYTES];
    struct passwd user, *found = NULL;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, entry->uid);

    if (getpwuid_r((uid_t)entry->uid, &user, buffer, sizeof buffer, &found) != 0)
        found = NULL;
    return g_strconcat(found != NULL ? found->pw_name : number, "/",
                       entry->command != NULL ? entry->command : "?", NULL);
}

static void print_entry(void *user_data, const JournalEntry *entry)
{
    g_autofree char *time = time_text(entry->meant_us), *author = who(entry);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *line = NULL;

    g_string_printf(text, "%6" G_GINT64_FORMAT "  %s  %-12s  %s  %s -> %s  %s", entry->id, time,
                    author, entry->path != NULL ? entry->path : entry->member,
                    entry->before != NULL ? entry->before : "-",
                    entry->after != NULL ? entry->after : "-", entry->outcome);
    if (entry->found != NULL)
        g_string_append_printf(text, ", it reads %s", entry->found);
    if (entry->message != NULL)
        g_string_append_printf(text, "  %s", entry->message);
    line = accounts_line(text->str);
    puts(line);
}

/* ---- a sandbox: what its mount says ---- */

static gint64 number(const Object *object, const char *member)
{
    const char *text = object_text(object, member);

    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

static gint64 wall_of(const char *text)
{
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time != NULL ? g_date_time_to_unix(time) * G_USEC_PER_SEC : 0;
}

static gboolean print_json(const Object *object, gint64 since_us)
{
    JournalEntry entry = {.id = number(object, "id"),
                          .meant_us = wall_of(object_text(object, "time")),
                          .uid = number(object, "uid"),
                          .command = object_text(object, "command"),
                          .path = object_text(object, "path"),
                          .member = object_text(object, "field"),
                          .before = object_text(object, "before"),
                          .after = object_text(object, "after"),
                          .found = object_text(object, "found"),
                          .outcome = object_text(object, "outcome"),
                          .message = object_text(object, "message")};

    if (entry.meant_us < since_us || entry.outcome == NULL)
        return FALSE;
    print_entry(NULL, &entry);
    return TRUE;
}

static void print_text(const char *text, const Wanted *wanted)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines), first = 0;

    if (n > 0 && *lines[n - 1] == '\0')
        n--;
    if (wanted->newest > 0 && n > wanted->newest)
        first = n - wanted->newest;
    for (guint i = first; i < n; i++) {
        g_autoptr(Object) object = object_new(lines[i], -1, NULL);

        if (object != NULL)
            print_json(object, wanted->since_us);
    }
}

static char *read_journal(const char *mountpoint, GError **error)
{
    g_autofree char *path = g_build_filename(mountpoint, ".adsfs", "journal", NULL);
    g_autoptr(GError) failure = NULL;
    char *text = NULL;

    if (g_file_get_contents(path, &text, NULL, &failure))
        return text;
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s", failure->message));
    return NULL;
}

static gboolean log_sandbox(const Wanted *wanted, GError **error)
{
    g_autofree char *table = mounts_table(), *text = NULL;
    g_auto(GStrv) points = mounts_of(table, wanted->profile);
    g_autofree char *all = g_strjoinv(", ", points);

    if (*points == NULL)
        return option_refuse(error, "%s: its journal goes with its mount, and there is none",
                             wanted->profile);
    if (points[1] != NULL)
        return option_refuse(error,
                             "%s: each mount has a journal of its own; read .adsfs/journal "
                             "below one of these: %s",
                             wanted->profile, all);
    text = timed_run(read_journal, points[0], WAIT_S, error);
    if (text != NULL)
        print_text(text, wanted);
    return text != NULL;
}

/* ---- a profile: its own file ---- */

static gboolean is_profile(const char *name, GError **error)
{
    Options options = {0};
    gboolean ret = options_profile(name, &options, error);

    options_clear(&options);
    return ret;
}

/* A profile that is gone may have left a journal all the same. */
static gboolean log_profile(const Wanted *wanted, GError **error)
{
    g_autofree char *directory = NULL;
    g_autoptr(GError) failure = NULL;

    if (strchr(wanted->profile, '/') != NULL)
        return option_refuse(error, "%s: is no name of a profile", wanted->profile);
    directory = locate_state(wanted->profile);
    if (journal_read(directory, wanted->since_us, wanted->newest, print_entry, NULL, &failure))
        return TRUE;
    if (!g_error_matches(failure, API_ERROR, API_ERROR_NOT_FOUND) ||
        is_profile(wanted->profile, error))
        g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* ---- the command ---- */

static gboolean take_number(const char *text, guint *ret, GError **error)
{
    guint64 n;

    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &n, NULL))
        return option_refuse(error, "-n %s: must be a number of lines", text);
    *ret = (guint)n;
    return TRUE;
}

/* FALSE without error: used wrongly. */
static gboolean take_words(int argc, char **argv, Wanted *ret, GError **error)
{
    gint64 now_us = g_get_real_time();

    for (int i = 1; i < argc; i++) {
        gboolean more = i + 1 < argc;

        if (more && g_str_equal(argv[i], "--since")) {
            if (!when_parse(argv[++i], now_us, &ret->since_us, error))
                return FALSE;
        } else if (more && g_str_equal(argv[i], "-n")) {
            if (!take_number(argv[++i], &ret->newest, error))
                return FALSE;
        } else if (argv[i][0] == '-' || ret->profile != NULL) {
            return FALSE;
        } else {
            ret->profile = argv[i];
        }
    }
    return ret->profile != NULL;
}

int log_main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Wanted wanted = {0};
    gboolean done;

    if (!take_words(argc, argv, &wanted, &error) && error == NULL)
        return command_usage(argv[0]);
    done = error == NULL && (g_str_equal(wanted.profile, "sandbox") ? log_sandbox(&wanted, &error)
                                                                    : log_profile(&wanted, &error));
    if (fflush(stdout) != 0)
        return 1;
    if (!done)
        fprintf(stderr, "adsfs: %s\n", error->message);
    return done ? 0 : 1;
}
