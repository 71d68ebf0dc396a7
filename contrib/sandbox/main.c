/* SPDX-License-Identifier: MIT */
/* main.c - options, the world, the server, and the end: a signal, or end of file on stdin. */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "access.h"
#include "clock.h"
#include "delivery.h"
#include "server.h"

typedef struct {
    int port, latency, report_delay, qps, qpm, qpd, advertiser_qps;
    gint64 advertisers, campaigns, adgroups, ads, seed;
    char *token, *app_id, *secret, *log, *state, *tier, *now;
    char **faults;
    gboolean until_eof, strict, partly, reservation;
    AccessOptions access;
    TaskOptions tasks;
} Options;

static gboolean check_range(const char *name, gint64 value, gint64 max, GError **error)
{
    if (value >= 0 && value <= max)
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "--%s %" G_GINT64_FORMAT ": must be between 0 and %" G_GINT64_FORMAT, name, value,
                max);
    return FALSE;
}

static gboolean check_options(const Options *o, GError **error)
{
    return check_range("port", o->port, 65535, error) &&
           check_range("latency", o->latency, 600000, error) &&
           check_range("report-delay", o->report_delay, 7 * DAY, error) &&
           check_range("qps", o->qps, 1000000, error) &&
           check_range("qpm", o->qpm, 1000000, error) &&
           check_range("qpd", o->qpd, 100000000, error) &&
           check_range("advertiser-qps", o->advertiser_qps, 1000000, error) &&
           check_range("task-delay", o->tasks.delay_ms, 86400000, error) &&
           check_range("tasks-per-hour", o->tasks.per_hour, 1000000, error) &&
           check_range("advertisers", o->advertisers, MAX_ACCOUNTS, error) &&
           check_range("campaigns", o->campaigns, MAX_OBJECTS, error) &&
           check_range("adgroups", o->campaigns > 0 ? o->adgroups : -o->adgroups, MAX_OBJECTS,
                       error) &&
           check_range("ads", o->adgroups > 0 ? o->ads : -o->ads, MAX_OBJECTS, error);
}

static gboolean set_clock(const char *text, GError **error)
{
    gint64 now;

    if (!clock_utc_parse(text, &now)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--now %s: must be like 2026-11-20T05:00:00Z", text);
        return FALSE;
    }
    clock_set(now);
    return TRUE;
}

/* After parsing: GOption would not free what it overwrites. */
static void set_default(char **text, const char *value)
{
    if (*text == NULL)
        *text = g_strdup(value);
}

static gboolean read_options(Options *o, int *argc, char ***argv, GError **error)
{
    /* clang-format off */
    const GOptionEntry entries[] = {
        {"port", 0, 0, G_OPTION_ARG_INT, &o->port, "Listen on 127.0.0.1, port N (0: any free one)", "N"},
        {"advertisers", 0, 0, G_OPTION_ARG_INT64, &o->advertisers, "Ad accounts (2)", "N"},
        {"campaigns", 0, 0, G_OPTION_ARG_INT64, &o->campaigns, "Campaigns of each account (20)", "N"},
        {"adgroups", 0, 0, G_OPTION_ARG_INT64, &o->adgroups, "Ad groups of each account (100)", "N"},
        {"ads", 0, 0, G_OPTION_ARG_INT64, &o->ads, "Ads of each account (300)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o->seed, "What everything is made from (1)", "N"},
        {"latency", 0, 0, G_OPTION_ARG_INT, &o->latency, "Answer after this many milliseconds (0)", "MS"},
        {"report-delay", 0, 0, G_OPTION_ARG_INT, &o->report_delay, "Reports have what is this old (1800)", "SECONDS"},
        {"always-deliver", 0, 0, G_OPTION_ARG_NONE, &delivery_always, "Each ad has figures for each hour of each day, whatever its schedule", NULL},
        {"qps", 0, 0, G_OPTION_ARG_INT, &o->qps, "Calls a second (0: unlimited)", "N"},
        {"qpm", 0, 0, G_OPTION_ARG_INT, &o->qpm, "Calls a minute, and without --qps N/60 a second (0: unlimited)", "N"},
        {"qpd", 0, 0, G_OPTION_ARG_INT, &o->qpd, "Calls a day of UTC (0: unlimited)", "N"},
        {"tier", 0, 0, G_OPTION_ARG_STRING, &o->tier, "The limits of basic, advanced, premium or ultimate; the three above replace them one by one", "NAME"},
        {"advertiser-qps", 0, 0, G_OPTION_ARG_INT, &o->advertiser_qps, "Calls a second for each advertiser and path (0: unlimited)", "N"},
        {"fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->faults, "Let this go wrong at a rate from 0 to 1, or the first times (3x); :PATH limits it to one path; repeatable", "NAME=RATE[:PATH]"},
        {"log", 0, 0, G_OPTION_ARG_FILENAME, &o->log, "Append a JSON line for each call", "FILE"},
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &o->state, "Keep changes here, one line for each write", "FILE"},
        {"token", 0, 0, G_OPTION_ARG_STRING, &o->token, "The access token (sandbox-token)", "TEXT"},
        {"app-id", 0, 0, G_OPTION_ARG_STRING, &o->app_id, "The app id (sandbox-app)", "TEXT"},
        {"secret", 0, 0, G_OPTION_ARG_STRING, &o->secret, "The app's secret (sandbox-secret)", "TEXT"},
        {"now", 0, 0, G_OPTION_ARG_STRING, &o->now, "It is this time when it starts; see also POST /sandbox/clock?now=TIME (the machine's)", "2026-11-20T05:00:00Z"},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &o->strict, "adgroup/update resets targeting lists that are not sent", NULL},
        {"partial-20001", 0, 0, G_OPTION_ARG_NONE, &o->partly, "A partial success of ad groups has the code 20001, not 0", NULL},
        {"reservation", 0, 0, G_OPTION_ARG_NONE, &o->reservation, "The fifth campaign is of reach and frequency (RF_REACH)", NULL},
        {"until-eof", 0, 0, G_OPTION_ARG_NONE, &o->until_eof, "End when standard input is closed", NULL},
        G_OPTION_ENTRY_NULL,
    };
    /* clang-format on */
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autofree char *names = faults_names();
    g_autofree char *about = g_strconcat("Faults: ", names, ".", NULL);

    g_option_context_set_summary(context, "Simulates the TikTok Business API v1.3.");
    g_option_context_set_description(context, about);
    g_option_context_add_main_entries(context, entries, NULL);
    access_options_add(context, &o->access);
    task_options_add(context, &o->tasks);
    if (!g_option_context_parse(context, argc, argv, error))
        return FALSE;
    if (*argc > 1) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, "Unknown argument %s",
                    (*argv)[1]);
        return FALSE;
    }
    lens_late_s = o->report_delay;
    set_default(&o->token, "sandbox-token");
    set_default(&o->app_id, "sandbox-app");
    set_default(&o->secret, "sandbox-secret");
    if (o->now != NULL && !set_clock(o->now, error))
        return FALSE;
    return check_options(o, error);
}

/* New Year of last year: so everything is some months old, and the same all year. */
static gint64 epoch_now(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(clock_now());
    g_autoptr(GDateTime) epoch = g_date_time_new_utc(g_date_time_get_year(now) - 1, 1, 1, 0, 0, 0);

    return g_date_time_to_unix(epoch);
}

static gboolean make_world(World *world, const Options *o, GError **error)
{
    world->seed = (guint64)o->seed;
    world->count[CAMPAIGN] = (guint64)o->campaigns;
    world->count[ADGROUP] = (guint64)o->adgroups;
    world->count[AD] = (guint64)o->ads;
    world->strict = o->strict;
    world->partly = o->partly;
    world->reservation = o->reservation;
    world->short_tasks = o->tasks.span_limit;
    world->epoch = epoch_now();
    world->accounts = accounts_new(world->seed, (guint)o->advertisers, world->epoch);
    world->changes = changes_new();
    return access_grant(&o->access, world, error) &&
           (o->state == NULL || changes_load(world->changes, o->state, error));
}

static gboolean on_signal(void *loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static gboolean on_stdin(int fd, GIOCondition condition G_GNUC_UNUSED, void *loop)
{
    char buffer[256];

    if (read(fd, buffer, sizeof buffer) > 0)
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

static gboolean serve(const ServerConfig *config, const Options *o, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(SoupServer) server = server_new(config, (guint)o->port, &failure);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);

    if (server == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "--port %d: %s", o->port,
                    failure->message);
        return FALSE;
    }

    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    if (o->until_eof)
        g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_stdin, loop);
    printf("http://127.0.0.1:%u/open_api/v1.3\n", server_port(server));
    fflush(stdout);
    g_main_loop_run(loop);
    soup_server_disconnect(server);
    return TRUE;
}

static gboolean read_limits(const Options *o, ThrottleConfig *ret, GError **error)
{
    *ret = (ThrottleConfig){.advertiser_qps = (guint)o->advertiser_qps};
    if (o->tier != NULL && !throttle_tier(o->tier, ret)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--tier %s: must be basic, advanced, premium or ultimate", o->tier);
        return FALSE;
    }
    if (o->qpm > 0)
        ret->app.qpm = (guint)o->qpm;
    if (o->qps > 0)
        ret->app.qps = (guint)o->qps;
    else if (o->qpm > 0)
        ret->app.qps = (guint)MAX(1, o->qpm / 60);
    if (o->qpd > 0)
        ret->app.qpd = (guint)o->qpd;
    return TRUE;
}

/* NULL: what is kept beside the state is no file of tasks. */
static Tasks *make_tasks(const Options *o, gboolean limited, World *world, Memo *memo,
                         GError **error)
{
    TaskOptions options = o->tasks;

    if (limited && options.per_hour == 0)
        options.per_hour = TASKS_OF_AN_HOUR;
    g_autoptr(Tasks) tasks = tasks_new(&options, world, memo);
    if (o->state != NULL) {
        g_autofree char *path = g_strconcat(o->state, ".tasks", NULL);

        if (!tasks_load(tasks, path, error))
            return NULL;
    }
    return g_steal_pointer(&tasks);
}

static gboolean is_limited(const ThrottleConfig *limits)
{
    return limits->app.qps > 0 || limits->app.qpm > 0 || limits->app.qpd > 0;
}

static gboolean run(const Options *o, GError **error)
{
    World world = {0};
    g_autoptr(Memo) memo = memo_new(32 * 1024 * 1024);
    g_autoptr(Throttle) throttle = NULL;
    ThrottleConfig limits;
    g_autoptr(Faults) faults = faults_new((guint64)o->seed);
    g_autoptr(Tokens) tokens = tokens_new(o->token);
    g_autoptr(Log) log = NULL;
    gboolean good = TRUE;

    if (!read_limits(o, &limits, error))
        return FALSE;
    throttle = throttle_new(&limits);
    if (o->log != NULL) {
        log = log_open(o->log, error);
        if (log == NULL)
            return FALSE;
    }
    for (char **fault = o->faults; fault != NULL && *fault != NULL && good; fault++)
        good = faults_add(faults, *fault, error);
    if (!good)
        return FALSE;

    good = make_world(&world, o, error);
    Tasks *tasks = good ? make_tasks(o, is_limited(&limits), &world, memo, error) : NULL;
    ServerConfig config = {
        .service = {&world, memo, throttle, tokens, (guint)o->access.expires, o->app_id, o->secret,
                    tasks},
        .faults = faults,
        .log = log,
        .latency_ms = (guint)o->latency,
    };
    good = tasks != NULL && serve(&config, o, error);
    g_clear_pointer(&tasks, tasks_free);
    changes_free(world.changes);
    g_clear_pointer(&world.centers, g_ptr_array_unref);
    g_strfreev(world.scopes);
    g_ptr_array_unref(world.accounts);
    return good;
}

static void options_clear(Options *o)
{
    g_free(o->token);
    g_free(o->app_id);
    g_free(o->secret);
    g_free(o->log);
    g_free(o->state);
    g_free(o->tier);
    g_free(o->now);
    g_strfreev(o->faults);
    access_options_clear(&o->access);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {
        .advertisers = 2,
        .campaigns = 20,
        .adgroups = 100,
        .ads = 300,
        .seed = 1,
        .report_delay = (int)lens_late_s,
    };

    setlocale(LC_ALL, "");
    if (!read_options(&options, &argc, &argv, &error) || !run(&options, &error))
        fprintf(stderr, "adsfs-sandbox: %s\n", error->message);
    options_clear(&options);
    return error != NULL ? EXIT_FAILURE : EXIT_SUCCESS;
}
