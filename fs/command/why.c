/* SPDX-License-Identifier: MIT */
/*
 * why.c - `adsfs why PATH...`: the last failure that .adsfs/errors has of a path.
 *
 * The file is read before links inside the mount are followed: following them can fail too, and
 * what is asked for is the failure before that.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "api/error.h"
#include "fs/command/command.h"
#include "fs/command/mounts.h"
#include "fs/command/timed.h"
#include "fs/command/walk.h"

enum { WAIT_S = 5, LINKS_WAIT_S = 3 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

typedef enum { ELSEWHERE, BELOW, ABOVE, EXACTLY } Relation;

/* What comes from the service or from names is shown on one line and moves no cursor. */
static char *one_line(const char *text)
{
    char *line = g_utf8_make_valid(text, -1);

    for (char *c = line; *c != '\0'; c++)
        *c = g_ascii_iscntrl(*c) ? ' ' : *c;
    return line;
}

static void print_member(const char *label, const char *text)
{
    g_autofree char *line = one_line(text);

    printf("    %-11s %s\n", label, line);
}

static void print_failure(const cJSON *line)
{
    static const char *const members[] = {"time",    "errno",  "code",       "meaning",
                                          "message", "advice", "request_id", NULL};

    for (const char *const *name = members; *name != NULL; name++) {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(line, *name);
        g_autofree char *number = NULL;

        if (cJSON_IsNumber(member) && member->valueint != 0)
            number = g_strdup_printf("%d", member->valueint);
        if (number != NULL || cJSON_IsString(member))
            print_member(*name, number != NULL ? number : member->valuestring);
    }
}

/* paths: below the mount point, as the mount names it and as it was typed. */
static Relation relation_of(const char *failed, const char *const *paths)
{
    Relation ret = ELSEWHERE;

    for (; *paths != NULL; paths++) {
        if (g_str_equal(failed, *paths))
            return EXACTLY;
        if (*failed == '\0' || path_below(*paths, failed) != NULL)
            ret = ABOVE;
        else if (**paths == '\0' || path_below(failed, *paths) != NULL)
            ret = ret == ABOVE ? ABOVE : BELOW;
    }
    return ret;
}

/* The last one of the path itself, else the last one above or below. */
static cJSON *find_failure(const char *errors, const char *const *paths, Relation *ret_relation)
{
    g_auto(GStrv) lines = g_strsplit(errors, "\n", -1);
    cJSON *best = NULL;

    *ret_relation = ELSEWHERE;
    for (char **text = lines; *text != NULL; text++) {
        g_autoptr(cJSON) line = cJSON_Parse(*text);
        const char *path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "path"));
        Relation relation = path != NULL ? relation_of(path, paths) : ELSEWHERE;

        if (relation == ELSEWHERE || (*ret_relation == EXACTLY && relation != EXACTLY))
            continue;
        cJSON_Delete(best);
        best = g_steal_pointer(&line);
        *ret_relation = relation;
    }
    return best;
}

static void tell(const char *path, const char *errors, const char *const *paths)
{
    Relation relation;
    g_autoptr(cJSON) failure = find_failure(errors, paths, &relation);
    const char *failed = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(failure, "path"));
    g_autofree char *where = failed != NULL ? one_line(*failed != '\0' ? failed : ".") : NULL;

    if (failure == NULL)
        printf("%s: nothing went wrong there since the mount, as far as .adsfs/errors goes back\n",
               path);
    else if (relation == EXACTLY)
        printf("%s:\n", path);
    else
        printf("%s: nothing went wrong there itself; the last failure %s it is that of %s:\n", path,
               relation == ABOVE ? "above" : "below", where);
    if (failure != NULL)
        print_failure(failure);
}

static char *read_errors(const char *mountpoint, GError **error)
{
    g_autofree char *path = g_build_filename(mountpoint, ".adsfs", "errors", NULL);
    g_autoptr(GError) failure = NULL;
    char *text = NULL;

    if (g_file_get_contents(path, &text, NULL, &failure))
        return text;
    g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s", failure->message));
    return NULL;
}

static void say(const char *path, const char *text)
{
    fprintf(stderr, "adsfs why: %s: %s\n", path, text);
}

/* The path as the errors name it; root: what is to be seen at the mount point. */
static char *path_in_mount(const MountRow *row, const char *path)
{
    g_autofree char *plain = g_canonicalize_filename(path, "/");
    const char *below = path_below(plain, row->point);
    g_autofree char *whole = below != NULL ? g_build_filename(row->root, below, NULL) : NULL;

    return g_strdup(whole != NULL ? path_below(whole, "/") : "");
}

static gboolean is_at(const char *table, const char *path, const MountRow *row)
{
    g_auto(MountRow) other = {0};

    return mounts_find(table, path, &other) && g_str_equal(other.point, row->point);
}

/* start: what the path comes to at the first mount on its way. It may lead out of it again. */
static gboolean explain_at(const char *path, const char *table, const char *start)
{
    g_autoptr(GError) error = NULL;
    g_auto(MountRow) row = {0};

    if (!mounts_find(table, start, &row) || !mount_row_is_ours(&row)) {
        say(path, "does not lie on a mount of adsfs; name a path below one");
        return FALSE;
    }

    g_autofree char *top = mounts_top(table, &row);
    g_autofree char *errors = timed_run(read_errors, top != NULL ? top : row.point, WAIT_S, &error);
    if (errors == NULL) {
        g_autofree char *text = g_strdup_printf(
            "the mount at %s does not tell: %s; if it is dead, fusermount3 -uz %s clears it",
            row.point, error->message, row.point);

        say(path, text);
        return FALSE;
    }

    g_autofree char *end = timed_run(walk_inside, start, LINKS_WAIT_S, NULL);
    if (end != NULL && !is_at(table, end, &row))
        return explain_at(path, table, end);

    g_autofree char *typed = path_in_mount(&row, start);
    g_autofree char *real = end != NULL ? path_in_mount(&row, end) : g_strdup(typed);
    tell(path, errors, (const char *const[]){real, typed, NULL});
    return TRUE;
}

static gboolean explain(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *table = mounts_table();
    g_autofree char *start = timed_run(walk_to_mount, path, WAIT_S, &error);

    if (start == NULL)
        say(path, error->message);
    return start != NULL && explain_at(path, table, start);
}

int why_main(int argc, char **argv)
{
    gboolean all = TRUE;

    if (argc < 2 || argv[1][0] == '-')
        return command_usage(argv[0]);
    for (int i = 1; i < argc; i++)
        all = explain(argv[i]) && all;
    return all ? 0 : 1;
}
