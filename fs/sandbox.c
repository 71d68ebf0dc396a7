/* SPDX-License-Identifier: MIT */
/* sandbox.c - the simulator as a child process: found, started on a free port, ended. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/daemon.h"

enum { START_MS = 10000, END_MS = 5000, COMPLAINT_MS = 50 };

struct Sandbox {
    GPid pid;
    int input; /* closing it ends the child */
    char *url;
};

/* $ADSFS_SANDBOX, beside this program, in the build tree, in PATH. */
char *sandbox_program(void)
{
    static const char *const beside[] = {"adsfs-sandbox", "../contrib/sandbox/adsfs-sandbox"};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *directory = g_path_get_dirname(self != NULL ? self : "/");
    const char *named = g_getenv("ADSFS_SANDBOX");

    if (named != NULL && *named != '\0')
        return g_strdup(named);
    for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
        g_autofree char *path = g_build_filename(directory, beside[i], NULL);

        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return g_find_program_in_path("adsfs-sandbox");
}

static GStrv command_line(const Options *options, GError **error)
{
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
    g_autofree char *program = sandbox_program();
    g_auto(GStrv) extra = NULL;

    if (program == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL,
                                               "adsfs-sandbox is not installed; build with libsoup "
                                               "3, or set ADSFS_SANDBOX to its path"));
        return NULL;
    }
    g_strv_builder_add_many(argv, program, "--until-eof", "--port", "0", "--token", options->token,
                            "--app-id", options->app_id, "--secret", options->secret, NULL);
    if (options->sandbox_log != NULL)
        g_strv_builder_add_many(argv, "--log", options->sandbox_log, NULL);
    if (options->sandbox_options != NULL) {
        if (!g_shell_parse_argv(options->sandbox_options, NULL, &extra, error))
            return NULL;
        g_strv_builder_addv(argv, (const char **)extra);
    }
    return g_strv_builder_end(argv);
}

/* Its first line of output is the address. NULL: it ended or said nothing in time. */
static char *read_url(int fd)
{
    g_autoptr(GString) line = g_string_new(NULL);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char byte;

    while (poll(&wait, 1, START_MS) > 0 && TEMP_FAILURE_RETRY(read(fd, &byte, 1)) == 1) {
        if (byte == '\n')
            return g_strndup(line->str, line->len);
        g_string_append_c(line, byte);
    }
    return NULL;
}

/* What it said since then, in one line; it has ended, or will soon. */
static char *read_complaint(int fd, off_t since)
{
    char text[512] = "";

    g_usleep(COMPLAINT_MS * 1000);
    if (pread(fd, text, sizeof text - 1, since) < 0)
        text[0] = '\0';
    g_strdelimit(g_strstrip(text), "\n", ' ');
    return g_strdup(*text != '\0' ? text : "it said nothing");
}

/* Its messages go where ours will: it must not keep the terminal of whoever mounted. */
static Sandbox *start(char **argv, int log, GError **error)
{
    off_t since = lseek(log, 0, SEEK_END);
    Sandbox *sandbox = g_new0(Sandbox, 1);
    int output;

    sandbox->input = -1;
    if (!g_spawn_async_with_pipes_and_fds(
            NULL, (const char *const *)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1,
            log, NULL, NULL, 0, &sandbox->pid, &sandbox->input, &output, NULL, error)) {
        g_free(sandbox);
        return NULL;
    }
    sandbox->url = read_url(output);
    close(output);
    if (sandbox->url == NULL) {
        g_autofree char *complaint = read_complaint(log, since);

        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s did not start: %s",
                                               argv[0], complaint));
        g_clear_pointer(&sandbox, sandbox_free);
    }
    return sandbox;
}

Sandbox *sandbox_start(const Options *options, GError **error)
{
    g_auto(GStrv) argv = command_line(options, error);
    Sandbox *sandbox;
    int log;

    if (argv == NULL)
        return NULL;
    log = daemon_open_log(options);
    sandbox = start(argv, log, error);
    close(log);
    return sandbox;
}

const char *sandbox_url(const Sandbox *sandbox)
{
    return sandbox->url;
}

void sandbox_free(Sandbox *sandbox)
{
    if (sandbox == NULL)
        return;
    close(sandbox->input);
    for (int waited = 0; waitpid(sandbox->pid, NULL, WNOHANG) == 0; waited += 10) {
        if (waited == END_MS)
            kill(sandbox->pid, SIGKILL);
        g_usleep(10 * 1000);
    }
    g_spawn_close_pid(sandbox->pid);
    g_free(sandbox->url);
    g_free(sandbox);
}
