/* SPDX-License-Identifier: MIT */
/*
 * token-file.c - reading, replacing and watching the file of a token.
 *
 * A change is read a moment after it was made known: whoever writes the file without replacing it
 * makes it empty first.
 */
#include "fs/token-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "api/error.h"
#include "api/secret.h"
#include "fs/config.h"
#include "fs/private.h"

/* LIKELY_MAX: with the ids of 4,000 accounts. */
enum { TOKEN_FILE_MAX = 4 * 1024 * 1024, LIKELY_MAX = 128 * 1024, SETTLE_MS = 50 };

/* JSON as a login wrote it, or one line that somebody put there. */
static Token *parse(const char *path, const char *text, gsize length, GError **error)
{
    g_autofree char *where = g_strconcat("token_file ", path, NULL);
    char *line = NULL;
    Token *token;

    if (text[strspn(text, " \t\r\n")] != '{') {
        line = config_one_line(text, length, where, error);
        if (line == NULL)
            return NULL;
    }
    token =
        line != NULL ? token_parse(line, strlen(line), error) : token_parse(text, length, error);
    secret_free(line);
    if (token == NULL)
        g_prefix_error(error, "%s: ", where);
    return token;
}

Token *token_file_read(const char *path, GError **error)
{
    gsize length;
    char *text = private_read("token_file", path, TOKEN_FILE_MAX, &length, error);
    Token *token = NULL;

    if (text == NULL)
        return NULL;
    token = parse(path, text, length, error);
    explicit_bzero(text, length);
    g_free(text);
    return token;
}

gboolean token_file_write(const char *path, const Token *token, GError **error)
{
    char *text = token_text(token);
    gboolean done = private_write("token_file", path, text, error);

    secret_free(text);
    return done;
}

gboolean token_file_try(const char *path, GError **error)
{
    return private_try("token_file", path, LIKELY_MAX, error);
}

gboolean token_file_remove(const char *path, GError **error)
{
    return private_remove("token_file", path, error);
}

int token_file_lock(const char *path)
{
    g_autofree char *name = g_strconcat(path, ".lock", NULL);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;

        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/* ---- watching ---- */

struct TokenWatch {
    char *path;
    GFileMonitor *monitor; /* NULL: this file system tells nothing */
    guint settle;          /* source */
    TokenChanged changed;
    void *user_data;
};

static gboolean on_settled(void *user_data)
{
    TokenWatch *watch = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = NULL;

    watch->settle = 0;
    if (!private_is_missing(watch->path)) {
        token = token_file_read(watch->path, &error);
        if (token == NULL) {
            g_message("%s; the token before it stays in use", error->message);
            return G_SOURCE_REMOVE;
        }
    }
    watch->changed(watch->user_data, token);
    return G_SOURCE_REMOVE;
}

static void on_event(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                     void *user_data)
{
    TokenWatch *watch = user_data;

    if (watch->settle == 0)
        watch->settle = g_timeout_add(SETTLE_MS, on_settled, watch);
}

TokenWatch *token_watch_new(const char *path, TokenChanged changed, void *user_data)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GError) error = NULL;
    TokenWatch *watch = g_new0(TokenWatch, 1);

    watch->path = g_strdup(path);
    watch->changed = changed;
    watch->user_data = user_data;
    watch->monitor = g_file_monitor_file(file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
    if (watch->monitor == NULL) {
        g_message("token_file %s: changes are not seen: %s", path, error->message);
        return watch;
    }
    g_file_monitor_set_rate_limit(watch->monitor, 0);
    g_signal_connect(watch->monitor, "changed", G_CALLBACK(on_event), watch);
    return watch;
}

void token_watch_free(TokenWatch *watch)
{
    if (watch == NULL)
        return;
    if (watch->monitor != NULL)
        g_signal_handlers_disconnect_by_data(watch->monitor, watch);
    g_clear_object(&watch->monitor);
    g_clear_handle_id(&watch->settle, g_source_remove);
    g_free(watch->path);
    g_free(watch);
}
