/* SPDX-License-Identifier: MIT */
/*
 * main.c - read the options, build the stack bottom-up, mount, run, unmount.
 *
 * The only file that names all three layers.
 */
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "api/auth.h"
#include "api/client.h"
#include "cache/cache.h"
#include "fs/backstop.h"
#include "fs/careful.h"
#include "fs/command/command.h"
#include "fs/command/session.h"
#include "fs/control.h"
#include "fs/daemon.h"
#include "fs/draft.h"
#include "fs/events.h"
#include "fs/kernel.h"
#include "fs/locate.h"
#include "fs/loop.h"
#include "fs/names.h"
#include "fs/progress.h"
#include "fs/renewal.h"
#include "fs/report.h"
#include "fs/request.h"
#include "fs/saved.h"
#include "fs/scratch-file.h"
#include "fs/shown.h"
#include "fs/tables.h"
#include "fs/tell.h"
#include "fs/waits.h"

typedef struct {
    Options options;
    Mount mount;
    Client *client;
    Auth *auth;       /* NULL: no app id or secret */
    Renewal *renewal; /* NULL: the token is not that of a file */
    Sandbox *sandbox;
    int ready_fd, watcher_fd, lock_fd;
} Program;

static guint64 call(void *client, const Call *call, AnswerFunc done, void *user_data)
{
    return client_call(client, call, done, user_data);
}

static gboolean withdraw(void *client, guint64 id)
{
    return client_withdraw(client, id);
}

static void resume(void *client, guint64 id)
{
    client_resume(client, id);
}

static gboolean held(void *client, guint64 id)
{
    return client_is_held(client, id);
}

static void stats(void *client, ClientStats *ret)
{
    client_stats(client, ret);
}

static guint windows(void *client, ClientWindow *ret, guint most)
{
    return client_windows(client, ret, most);
}

static gboolean kernel_caches_directories(DirCache choice)
{
    struct utsname name;

    if (choice != DIR_CACHE_AUTO)
        return choice == DIR_CACHE_ON;
    return uname(&name) == 0 && !kernel_shows_old_listings(name.release);
}

/* ---- the token ---- */

static void renew(void *user_data)
{
    const Program *program = user_data;

    renewal_ask(program->renewal);
}

static void ask_token(void *user_data, const Token *token, AuthFunc done, void *done_data)
{
    const Program *program = user_data;

    if (program->options.client_credentials)
        auth_client_credentials(program->auth, done, done_data);
    else
        auth_refresh(program->auth, token, done, done_data);
}

static void use_token(void *user_data, const Token *token)
{
    Program *program = user_data;
    g_autoptr(GError) error = NULL;

    if (token != NULL) {
        g_strfreev(program->options.scopes);
        program->options.scopes = g_strdupv(token->scopes);
        program->mount.told = FALSE;
    }
    if (!client_set_token(program->client, token != NULL ? token->access : NULL,
                          token != NULL ? token->expires_s * G_USEC_PER_SEC : 0, &error))
        g_message("the access token can not be used: %s", error->message);
}

static void token_renewing(void *user_data)
{
    const Program *program = user_data;

    client_token_renewing(program->client);
}

static void token_failed(void *user_data, const GError *error)
{
    const Program *program = user_data;

    client_token_failed(program->client, error);
}

static gboolean start_token(Program *program, GError **error)
{
    const Options *options = &program->options;
    AuthConfig auth = {.dialect = options->auth,
                       .business_url = options->business_url,
                       .open_url = options->open_url,
                       .app_id = options->app_id,
                       .secret = options->secret,
                       .redirect_uri = options->redirect_uri};
    RenewalConfig config = {.path = options->token_path,
                            .profile = options->profile,
                            .clock = &clock_system,
                            .without_refresh = options->client_credentials,
                            .use = use_token,
                            .renewing = token_renewing,
                            .failed = token_failed,
                            .user_data = program};

    if (options->offline) /* nor is a token renewed */
        return TRUE;
    if (options->sandbox || options->token_given)
        return client_set_token(program->client, options->token, 0, error);
    if (options->app_id != NULL && options->secret != NULL) {
        program->auth = auth_new(&auth, error);
        if (program->auth == NULL)
            return FALSE;
        config.ask = ask_token;
    }
    program->renewal = renewal_new(&config, error);
    return program->renewal != NULL;
}

/* ---- the layers ---- */

static gboolean start_api(Program *program, GError **error)
{
    const Options *options = &program->options;
    ClientConfig config = session_config(options);

    if (!options->sandbox && !options->token_given)
        config.renew = renew;
    config.user_data = program;
    if (options->sandbox) {
        program->sandbox = sandbox_start(options, error);
        if (program->sandbox == NULL)
            return FALSE;
        config.base_url = sandbox_url(program->sandbox);
    }
    program->client = client_new(&config, error);
    return program->client != NULL && start_token(program, error);
}

static gboolean start_cache(Program *program, GError **error)
{
    program->lock_fd = locate_lock(&program->options, error);
    if (program->lock_fd < 0)
        return FALSE;

    const Options *options = &program->options;
    g_autofree char *events_name = locate_events(options);
    CacheConfig config = {.cache_dir = options->cache_dir,
                          .state_dir = options->state_dir,
                          .ttl_us = (gint64)options->ttl_s * G_USEC_PER_SEC,
                          .stale_us = (gint64)options->stale_s * G_USEC_PER_SEC,
                          .offline = options->offline,
                          .retry_us = G_USEC_PER_SEC,
                          .report_ttl_us = (gint64)options->report_ttl_s * G_USEC_PER_SEC,
                          .settle_days = options->settle_days,
                          .report_mode = options->report_mode,
                          .async_pages = options->async_pages,
                          .poll_us = (gint64)options->poll_s * G_USEC_PER_SEC,
                          .events_name = events_name,
                          .advertisers = (const char *const *)options->advertisers,
                          .advertisers_only = options->advertisers_only,
                          .clock = &clock_system,
                          .guards = &options->guards,
                          .read_only = options->read_only || !options->writable,
                          .call = call,
                          .withdraw = withdraw,
                          .held = held,
                          .resume = resume,
                          .stats = stats,
                          .windows = windows,
                          .client = program->client,
                          .wake = request_wake,
                          .file_name = names_safe,
                          .line = event_line,
                          .touched = tell_touched,
                          .kept_old = control_kept_old,
                          .differs = control_differs,
                          .user_data = &program->mount};

    program->mount.cache = cache_new(&config, error);
    return program->mount.cache != NULL;
}

static gboolean start_mount(Program *program, GError **error)
{
    Mount *mount = &program->mount;

    mount->options = &program->options;
    mount->clock = &clock_system;
    mount->started_us = clock_wall(mount->clock);
    mount->dir_cache = kernel_caches_directories(program->options.dir_cache);
    mount->control = control_new();
    mount->requests = requests_new(mount->clock);
    mount->waits = waits_new();
    mount->backstop = backstop_new(mount->clock);
    mount->files = files_new();
    mount->voids = voids_new(mount->clock);
    mount->copies = copies_new(mount->clock);
    mount->scratches = scratches_new(mount->clock, program->options.cache_dir);
    mount->shown = careful_new(mount->options);
    mount->tables = tables_new(mount->options);
    mount->saved = saved_new(program->options.state_dir, mount->clock, error);
    if (mount->saved == NULL)
        return FALSE;
    mount->reports = report_files_new(&program->options, error);
    return mount->reports != NULL && loop_new(mount, error) != NULL;
}

static void on_ready(void *user_data)
{
    Program *program = user_data;

#ifndef __SANITIZE_ADDRESS__   /* whose leak check looks at us from outside */
    prctl(PR_SET_DUMPABLE, 0); /* neither a core nor a debugger of the same user gets the token */
#endif
    if (program->ready_fd >= 0 || program->options.log_file != NULL)
        daemon_detach_output(&program->options);
    daemon_ready(program->ready_fd);
    program->ready_fd = -1;
    g_message("%s is mounted at %s", program->options.profile, program->options.mountpoint);
    if (program->options.cache_notice != NULL)
        g_message("%s", program->options.cache_notice);
}

static void stop(Program *program)
{
    renewal_finish(program->renewal);
    if (program->mount.requests != NULL)
        requests_free(program->mount.requests);
    progress_stop(&program->mount);
    waits_free(program->mount.waits);
    saved_free(program->mount.saved);
    scratch_files_stop(&program->mount);
    voids_free(program->mount.voids);
    copies_free(program->mount.copies);
    backstop_free(program->mount.backstop);
    shown_free(program->mount.shown);
    tell_free(&program->mount);
    loop_free(program->mount.loop);
    g_clear_pointer(&program->mount.files, g_hash_table_unref);
    tables_free(program->mount.tables);
    watcher_farewell(program->watcher_fd);
    cache_free(program->mount.cache);
    report_files_free(program->mount.reports);
    control_free(program->mount.control);
    auth_free(program->auth);
    renewal_free(program->renewal);
    client_free(program->client);
    if (program->lock_fd >= 0)
        close(program->lock_fd);
    sandbox_free(program->sandbox);
    remove_temporary(&program->options);
}

static int run(Program *program)
{
    g_autoptr(GError) error = NULL;
    int status = 0;

    program->watcher_fd = watcher_start(&program->options);
    if (start_api(program, &error) && start_cache(program, &error) &&
        start_mount(program, &error)) {
        watcher_mounted(program->watcher_fd, &program->options);
        loop_run(program->mount.loop, on_ready, program);
        g_message("unmounted");
    } else {
        daemon_failed(program->ready_fd, error);
        status = 1;
    }
    stop(program);
    return status;
}

static gboolean print_and_leave(const Options *options)
{
    g_autofree char *help = options->help ? options_help() : NULL;

    if (help != NULL)
        fputs(help, stdout);
    else if (options->version)
        puts("adsfs " ADSFS_VERSION);
    return options->help || options->version;
}

/* Of this process and of its children. The limit keeps a core from a file, but neither from a
   program that the kernel pipes it to nor from a debugger: for these the filter leaves the memory
   out, and with it the token. */
static void refuse_cores(void)
{
    static const struct rlimit no_core = {0, 0};
    int filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

    setrlimit(RLIMIT_CORE, &no_core);
    if (filter < 0 || write(filter, "0", 1) < 0)
        g_debug("the core dump filter is as it was: %s", g_strerror(errno));
    if (filter >= 0)
        close(filter);
}

/* Bodies of pages come and go by the megabyte, from one thread to another. In one arena, and each
   in a mapping of its own, they leave no holes: what is resident does not grow with the number of
   pages. */
static void keep_memory_small(void)
{
#ifdef __GLIBC__
    enum { MAPPED_BYTES = 128 * 1024 };

    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
#endif
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Program program = {.ready_fd = -1, .watcher_fd = -1, .lock_fd = -1};
    int status = 0;

    refuse_cores();
    keep_memory_small();
    if (argc > 1 && command_is(argv[1]))
        return command_run(argc - 1, argv + 1);
    if (!options_parse(argc, argv, &program.options, &error)) {
        fprintf(stderr, "adsfs: %s\n", error->message);
        return 1;
    }
    if (!print_and_leave(&program.options)) {
        if (!program.options.foreground && !program.options.debug)
            program.ready_fd = daemon_background();
        status = run(&program);
    }
    options_clear(&program.options);
    return status;
}
