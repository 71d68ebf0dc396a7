/* SPDX-License-Identifier: MIT */
/* backstop.c - what each session's report opens have used today. */
#include "fs/backstop.h"

#include <string.h>

#include "api/error.h"
#include "api/process.h"
#include "api/report-rules.h"
#include "fs/query.h"

enum { SHARE_PERCENT = 20, SESSIONS_MOST = 1024, WINDOWS_MAX = 100, DAY_S = 86400 };

typedef struct {
    guint calls, tasks;
} Use;

struct Backstop {
    const Clock *clock;
    GHashTable *sessions; /* number -> Use */
    gint64 day;           /* since 1970 */
};

Backstop *backstop_new(const Clock *clock)
{
    Backstop *backstop = g_new0(Backstop, 1);

    backstop->clock = clock;
    backstop->sessions = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return backstop;
}

void backstop_free(Backstop *backstop)
{
    if (backstop == NULL)
        return;
    g_hash_table_unref(backstop->sessions);
    g_free(backstop);
}

guint backstop_n_sessions(const Backstop *backstop)
{
    return g_hash_table_size(backstop->sessions);
}

/* ---- sessions ---- */

static void forget_yesterday(Backstop *backstop)
{
    gint64 day = clock_wall(backstop->clock) / ((gint64)DAY_S * G_USEC_PER_SEC);

    if (day != backstop->day)
        g_hash_table_remove_all(backstop->sessions);
    backstop->day = day;
}

/* Most sessions are one command; the one that has used least is missed least. */
static void make_room(Backstop *backstop)
{
    GHashTableIter iter;
    void *session, *least = NULL;
    const Use *use;
    guint calls = G_MAXUINT;

    if (g_hash_table_size(backstop->sessions) < SESSIONS_MOST)
        return;
    g_hash_table_iter_init(&iter, backstop->sessions);
    while (g_hash_table_iter_next(&iter, &session, (void **)&use)) {
        if (use->calls >= calls)
            continue;
        calls = use->calls;
        least = session;
    }
    g_hash_table_remove(backstop->sessions, least);
}

static Use *use_of(Backstop *backstop, pid_t pid)
{
    void *session = GINT_TO_POINTER(process_session(pid));
    Use *use;

    forget_yesterday(backstop);
    use = g_hash_table_lookup(backstop->sessions, session);
    if (use != NULL)
        return use;
    make_room(backstop);
    use = g_new0(Use, 1);
    g_hash_table_insert(backstop->sessions, session, use);
    return use;
}

/* ---- what a report takes ---- */

/* What is frozen is never asked for again, and one call has so many days at most. */
static guint least_calls(const Mount *mount, const ReportQuery *query)
{
    guint days = query_count_days(query->start, query->end), span = report_span(&query->shape);
    ReportState state;

    if (query->shape.lifetime)
        return 1;
    cache_report_state(mount->cache, query, 0, &state);
    if (state.frozen_until[0] != '\0')
        days -= MIN(days - 1, query_count_days(query->start, state.frozen_until));
    return MAX((days + span - 1) / span, 1);
}

/* G_MAXUINT: that window is not limited. */
static guint share_of(const Mount *mount, const char *name)
{
    ClientWindow windows[WINDOWS_MAX];
    guint n = cache_windows(mount->cache, windows, G_N_ELEMENTS(windows));

    for (guint i = 0; i < n; i++)
        if (strcmp(windows[i].name, name) == 0 && strcmp(windows[i].window, "day") == 0 &&
            windows[i].limit > 0)
            return (guint)((guint64)windows[i].limit * SHARE_PERCENT / 100);
    return G_MAXUINT;
}

static gboolean may_be_task(const Mount *mount, const ReportQuery *query)
{
    return mount->options->report_mode != REPORT_SYNC && report_check_task(&query->shape, NULL);
}

static gboolean refuse(pid_t pid, guint used, guint needed, guint share, const char *what,
                       GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
    g_autofree char *name = NULL;

    if (pid > 0 && g_file_get_contents(path, &name, NULL, NULL))
        g_strchomp(name);
    g_propagate_error(
        error,
        api_error_new(API_ERROR_BUSY, 0, NULL,
                      "%s (process %d, session %d): the reports that this session has opened took "
                      "%u %s today, this one takes %u or more, and a session may take %u (%d %% of "
                      "the day's); open only reports that are needed, those that are here can be "
                      "read; go on after 00:00 UTC, or in a new session (setsid -w COMMAND)",
                      name != NULL ? name : "a process", pid, process_session(pid), used, what,
                      needed, share, SHARE_PERCENT));
    return FALSE;
}

gboolean backstop_allows(const Mount *mount, pid_t pid, const ReportQuery *query, GError **error)
{
    guint calls = share_of(mount, "app"), tasks = share_of(mount, "report/task/create");
    ReportState state;
    const Use *use;
    guint needed;

    if (mount->backstop == NULL || (calls == G_MAXUINT && tasks == G_MAXUINT))
        return TRUE;
    cache_report_state(mount->cache, query, 0, &state);
    if (state.here)
        return TRUE;
    use = use_of(mount->backstop, pid);
    needed = least_calls(mount, query);
    if ((guint64)use->calls + needed > calls)
        return refuse(pid, use->calls, needed, calls, "calls", error);
    if (use->tasks >= tasks && may_be_task(mount, query))
        return refuse(pid, use->tasks, 1, tasks, "tasks", error);
    return TRUE;
}

guint backstop_begun(const Mount *mount, pid_t pid, const ReportQuery *query)
{
    guint calls = least_calls(mount, query);

    if (mount->backstop != NULL)
        use_of(mount->backstop, pid)->calls += calls;
    return calls;
}

void backstop_ended(const Mount *mount, pid_t pid, guint begun, const ReportState *state)
{
    Use *use;

    if (mount->backstop == NULL)
        return;
    use = use_of(mount->backstop, pid);
    use->calls += state->calls > begun ? state->calls - begun : 0;
    use->tasks += state->tasks;
}
