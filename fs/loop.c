/* SPDX-License-Identifier: MIT */
/* loop.c - mounting, and the FUSE descriptor in the main loop. */
#include "fs/loop.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/fuse.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/ops.h"
#include "fs/ready.h"

enum { DRAIN = 32 };

struct Loop {
    Mount *mount;
    struct fuse_session *session;
    GMainLoop *main_loop;
    gboolean mounted, answered;
    guint sources[3];
    void (*ready)(void *user_data);
    void *user_data;
};

/* ---- descriptor ---- */

static ssize_t init_writev(int fd, struct iovec *iov, int count, void *user_data)
{
    Loop *loop = ((Mount *)user_data)->loop;

    if (!loop->answered && count >= 2 &&
        iov[1].iov_len >= offsetof(struct fuse_init_out, max_background)) {
        struct fuse_init_out *init = iov[1].iov_base;

        if (init->major == FUSE_KERNEL_VERSION)
            init->flags |= FUSE_PARALLEL_DIROPS;
    }
    return writev(fd, iov, count);
}

static ssize_t plain_read(int fd, void *buffer, size_t size, void *user_data)
{
    return read(fd, buffer, size);
}

static void note_answered(Loop *loop)
{
    if (loop->answered)
        return;
    loop->answered = TRUE;
    if (loop->ready != NULL)
        loop->ready(loop->user_data);
}

/* FALSE: nothing more to come now. */
static gboolean serve_one(Loop *loop)
{
    static struct fuse_buf
        buffer; /* reused by libfuse: a handler that parks copies what it needs */
    int got = fuse_session_receive_buf(loop->session, &buffer);

    if (got == -EAGAIN || got == -EINTR)
        return FALSE;
    if (got <= 0) { /* unmounted or aborted */
        fuse_session_exit(loop->session);
        return FALSE;
    }
    fuse_session_process_buf(loop->session, &buffer);
    note_answered(loop);
    return TRUE;
}

static gboolean on_fuse(gint fd, GIOCondition condition, gpointer user_data)
{
    Loop *loop = user_data;
    gint64 end_us = clock_monotonic(loop->mount->clock) + PORTION_US;

    for (int i = 0; i < DRAIN && !fuse_session_exited(loop->session); i++)
        if (!serve_one(loop) || clock_monotonic(loop->mount->clock) >= end_us)
            break;
    if (!fuse_session_exited(loop->session))
        return G_SOURCE_CONTINUE;
    loop->sources[0] = 0;
    g_main_loop_quit(loop->main_loop);
    return G_SOURCE_REMOVE;
}

static gboolean on_signal(gpointer user_data)
{
    Loop *loop = user_data;

    g_main_loop_quit(loop->main_loop);
    return G_SOURCE_CONTINUE;
}

/* ---- mount ---- */

static void add_option(struct fuse_args *args, const char *option)
{
    fuse_opt_add_arg(args, "-o");
    fuse_opt_add_arg(args, option);
}

static struct fuse_session *session_new(Mount *mount)
{
    const Options *options = mount->options;
    g_autofree char *name = g_strdup_printf("fsname=%s", options->profile);
    struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
    struct fuse_session *session;

    fuse_opt_add_arg(&args, "adsfs");
    add_option(&args, name);
    add_option(&args, "subtype=adsfs");
    add_option(&args, "nodev");
    add_option(&args, "nosuid");
    if (options->allow_other) /* then the kernel checks modes, or everybody could spend money */
        add_option(&args, "allow_other,default_permissions");
    if (options->read_only)
        add_option(&args, "ro");
    if (options->debug)
        fuse_opt_add_arg(&args, "-d");
    session = fuse_session_new(&args, &ops_table, sizeof ops_table, mount);
    fuse_opt_free_args(&args);
    return session;
}

/* libfuse and fusermount3 tell why on standard error: catch it, to say it in one line of ours. */
static gboolean mount_session(Loop *loop, GError **error)
{
    int saved = dup(STDERR_FILENO);
    int caught = memfd_create("adsfs-mount", MFD_CLOEXEC);
    char text[1024] = "";
    int failed;

    dup2(caught, STDERR_FILENO);
    failed = fuse_session_mount(loop->session, loop->mount->options->mountpoint);
    dup2(saved, STDERR_FILENO);
    close(saved);
    if (failed != 0 && pread(caught, text, sizeof text - 1, 0) < 0)
        text[0] = '\0';
    close(caught);
    if (failed == 0)
        return TRUE;
    g_strdelimit(g_strstrip(text), "\n", ' ');
    g_propagate_error(
        error, api_error_new(API_ERROR_LOCAL, 0, NULL, "can not mount at %s: %s",
                             loop->mount->options->mountpoint,
                             *text != '\0' ? text : "is /dev/fuse there and yours to open?"));
    return FALSE;
}

Loop *loop_new(Mount *mount, GError **error)
{
    static const struct fuse_custom_io io = {.writev = init_writev, .read = plain_read};
    Loop *loop = g_new0(Loop, 1);

    loop->mount = mount;
    mount->loop = loop; /* also when this fails: whoever frees the mount frees it */
    loop->main_loop = g_main_loop_new(NULL, FALSE);
    loop->session = session_new(mount);
    mount->session = loop->session;
    if (loop->session == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "libfuse can not start"));
        return NULL;
    }
    if (!mount_session(loop, error))
        return NULL;
    loop->mounted = TRUE;
    fuse_session_custom_io(loop->session, &io, fuse_session_fd(loop->session));
    g_unix_set_fd_nonblocking(fuse_session_fd(loop->session), TRUE, NULL);
    return loop;
}

void loop_run(Loop *loop, void (*ready)(void *user_data), void *user_data)
{
    int fd = fuse_session_fd(loop->session);

    loop->ready = ready;
    loop->user_data = user_data;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    loop->sources[0] = g_unix_fd_add(fd, G_IO_IN | G_IO_ERR | G_IO_HUP, on_fuse, loop);
    loop->sources[1] = g_unix_signal_add(SIGTERM, on_signal, loop);
    loop->sources[2] = g_unix_signal_add(SIGINT, on_signal, loop);
    turns_watch(&loop->mount->turns, g_main_context_default());
    g_main_loop_run(loop->main_loop);
    turns_watch(NULL, g_main_context_default());
}

void loop_free(Loop *loop)
{
    if (loop == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(loop->sources); i++)
        g_clear_handle_id(&loop->sources[i], g_source_remove);
    if (loop->mounted)
        fuse_session_unmount(loop->session);
    if (loop->session != NULL)
        fuse_session_destroy(loop->session);
    g_main_loop_unref(loop->main_loop);
    g_free(loop);
}
