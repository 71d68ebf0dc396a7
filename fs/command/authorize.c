/* SPDX-License-Identifier: MIT */
/*
 * authorize.c - one loop with two sources, the listener and standard input. What is not for this
 * login (another state, something else that was copied) is refused and does not end the wait; a
 * refusal by the service does.
 */
#include "fs/command/authorize.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "api/login.h"
#include "api/secret.h"
#include "fs/command/listener.h"
#include "fs/options-table.h"

enum { WAIT_S = 600, FAREWELL_MS = 2000, LINE_BYTES_MAX = 65536 };

typedef struct {
    const Options *options;
    char *redirect_uri, *state;
    Listener *listener; /* NULL: the redirect URI is elsewhere */
    GMainLoop *loop;
    GString *line;         /* of standard input */
    guint input, deadline; /* sources */
    gboolean input_refused;
    char *code;
    GError *error;
} Wait;

/* ---- what comes back ---- */

/* TRUE: the wait is over, with a code or an error. */
static gboolean take(Wait *wait, const char *text, const char *state, GError **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    char *code;

    if (wait->code != NULL || wait->error != NULL)
        return TRUE;
    code = login_code(wait->options->auth, text, state, &error);
    if (code == NULL && g_error_matches(error, API_ERROR, API_ERROR_MALFORMED)) {
        *ret_refusal = g_steal_pointer(&error);
        return FALSE;
    }
    wait->code = code;
    wait->error = g_steal_pointer(&error);
    return TRUE;
}

static gboolean on_farewell(void *user_data)
{
    Wait *wait = user_data;

    wait->deadline = 0;
    g_main_loop_quit(wait->loop);
    return G_SOURCE_REMOVE;
}

static void on_told(void *user_data)
{
    Wait *wait = user_data;

    g_main_loop_quit(wait->loop);
}

static void judge(void *user_data, const char *query, ListenerPage *ret)
{
    Wait *wait = user_data;
    char *text = g_strconcat("?", query, NULL);
    g_autoptr(GError) refusal = NULL;
    gboolean over = take(wait, text, wait->state, &refusal);

    secret_free(text);
    if (!over) {
        fprintf(stderr, "adsfs: a browser came back, but %s; still waiting\n", refusal->message);
        *ret = (ListenerPage){400, FALSE, "Not this login",
                              "What your browser came back with is not what adsfs waits for: it "
                              "may be an older attempt, or somebody else's. Open the address that "
                              "adsfs printed last."};
        return;
    }
    /* Should the browser not wait for its page. */
    g_clear_handle_id(&wait->deadline, g_source_remove);
    wait->deadline = g_timeout_add(FAREWELL_MS, on_farewell, wait);
    if (wait->code != NULL)
        *ret = (ListenerPage){200, TRUE, "Thank you",
                              "adsfs has what it needs. You can close this page; the rest is in "
                              "the terminal."};
    else
        *ret = (ListenerPage){200, TRUE, "It was refused",
                              "The service did not let adsfs in. The terminal says why, and you "
                              "can close this page."};
}

/* ---- standard input ---- */

static void take_line(Wait *wait)
{
    const char *line = g_strstrip(wait->line->str);
    g_autoptr(GError) refusal = NULL;

    if (*line == '\0')
        return;
    /* Somebody who copies the code alone vouches for it by that. */
    if (take(wait, line, strpbrk(line, "?/=") != NULL ? wait->state : NULL, &refusal)) {
        g_main_loop_quit(wait->loop);
        return;
    }
    wait->input_refused = TRUE;
    fprintf(stderr, "adsfs: what was pasted can not be used: %s; still waiting\n",
            refusal->message);
}

static void forget_line(Wait *wait)
{
    explicit_bzero(wait->line->str, wait->line->allocated_len);
    g_string_truncate(wait->line, 0);
}

/* Without a listener, or after a script sent something wrong, nobody is left to wait for. */
static void end_input(Wait *wait)
{
    take_line(wait);
    forget_line(wait);
    if (wait->code != NULL || wait->error != NULL ||
        (wait->listener != NULL && !wait->input_refused))
        return;
    option_refuse(&wait->error, "standard input ended without the address that the browser was "
                                "sent back to");
    g_main_loop_quit(wait->loop);
}

static gboolean on_input(gint fd, GIOCondition condition, void *user_data)
{
    Wait *wait = user_data;
    char bytes[1024];
    gssize got = TEMP_FAILURE_RETRY(read(fd, bytes, sizeof bytes));

    if (got <= 0) {
        wait->input = 0;
        end_input(wait);
        return G_SOURCE_REMOVE;
    }
    for (gssize i = 0; i < got; i++) {
        if (bytes[i] == '\n') {
            take_line(wait);
            forget_line(wait);
        } else if (wait->line->len < LINE_BYTES_MAX) {
            g_string_append_c(wait->line, bytes[i]);
        }
    }
    explicit_bzero(bytes, sizeof bytes);
    return G_SOURCE_CONTINUE;
}

static gboolean on_deadline(void *user_data)
{
    Wait *wait = user_data;

    wait->deadline = 0;
    option_refuse(&wait->error, "nothing came back within %d minutes", WAIT_S / 60);
    g_main_loop_quit(wait->loop);
    return G_SOURCE_REMOVE;
}

/* ---- the address to open ---- */

/* The listener where the redirect URI is on this machine and not https, and the URI to name. */
static gboolean listen_for(Wait *wait, GError **error)
{
    const Options *options = wait->options;
    g_autoptr(GUri) uri = NULL;
    ListenerConfig config = {options->login_port, "/", judge, on_told, wait};

    if (options->redirect_uri != NULL) {
        if (!login_check_redirect(options->redirect_uri, error)) {
            g_prefix_error(error, "redirect_uri: ");
            return FALSE;
        }
        wait->redirect_uri = g_strdup(options->redirect_uri);
        uri = g_uri_parse(options->redirect_uri, G_URI_FLAGS_NONE, error);
        if (uri == NULL || g_str_equal(g_uri_get_scheme(uri), "https"))
            return uri != NULL;
        config.port = g_uri_get_port(uri) > 0 ? (guint)g_uri_get_port(uri) : 80;
        if (*g_uri_get_path(uri) != '\0')
            config.path = g_uri_get_path(uri);
    }
    wait->listener = listener_new(&config, error);
    if (wait->listener != NULL && wait->redirect_uri == NULL)
        wait->redirect_uri = g_strdup_printf("http://localhost:%u/", listener_port(wait->listener));
    return wait->listener != NULL;
}

static char *address(const Wait *wait, const char *verifier)
{
    const Options *options = wait->options;
    g_autofree char *challenge = verifier != NULL ? login_challenge(verifier) : NULL;
    LoginUrl login = {.dialect = options->auth,
                      .base_url = options->portal_url,
                      .app_id = options->app_id,
                      .redirect_uri = wait->redirect_uri,
                      .state = wait->state,
                      .challenge = challenge,
                      .scope = options->scope,
                      .disable_auto_auth = options->disable_auto_auth};

    return login_url(&login);
}

/* Only where somebody would see it. */
static void show_in_browser(const char *url)
{
    const char *argv[] = {"xdg-open", url, NULL};

    if (g_getenv("DISPLAY") == NULL && g_getenv("WAYLAND_DISPLAY") == NULL)
        return;
    g_spawn_async(NULL, (char **)argv, NULL,
                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, NULL, NULL);
}

static void tell(const Wait *wait, const char *url)
{
    printf(
        "Open this address in a browser and agree there:\n\n    %s\n\n%s", url,
        wait->listener != NULL
            ? "Waiting for the browser to come back. If it can not reach this machine, paste the "
              "address\nthat it was sent to here, and press Enter.\n"
            : "Then paste the address that it was sent to here, and press Enter.\n");
    fflush(stdout);
}

/* ---- all of it ---- */

static void wait_clear(Wait *wait)
{
    listener_free(wait->listener);
    g_clear_handle_id(&wait->input, g_source_remove);
    g_clear_handle_id(&wait->deadline, g_source_remove);
    forget_line(wait);
    g_string_free(wait->line, TRUE);
    g_main_loop_unref(wait->loop);
    secret_free(wait->state);
    g_free(wait->redirect_uri);
}

static gboolean run(Wait *wait, const char *verifier, gboolean open_browser, GError **error)
{
    g_autofree char *url = NULL;

    if (!listen_for(wait, error))
        return FALSE;
    url = address(wait, verifier);
    tell(wait, url);
    if (open_browser)
        show_in_browser(url);
    wait->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, wait);
    wait->deadline = g_timeout_add_seconds(WAIT_S, on_deadline, wait);
    g_main_loop_run(wait->loop);
    if (wait->code != NULL)
        return TRUE;
    g_propagate_error(error, wait->error);
    return FALSE;
}

gboolean authorize(const Options *options, gboolean open_browser, Authorization *ret,
                   GError **error)
{
    Wait wait = {.options = options,
                 .state = login_secret_new(),
                 .loop = g_main_loop_new(NULL, FALSE),
                 .line = g_string_sized_new(LINE_BYTES_MAX)};
    char *verifier = options->auth == DIALECT_LOGIN_KIT ? login_secret_new() : NULL;
    gboolean done =
        login_check_portal(options->portal_url, error) && run(&wait, verifier, open_browser, error);

    if (done)
        *ret = (Authorization){g_steal_pointer(&wait.redirect_uri), wait.code, verifier};
    else
        secret_free(verifier);
    wait_clear(&wait);
    return done;
}

void authorization_clear(Authorization *authorization)
{
    secret_free(authorization->code);
    secret_free(authorization->verifier);
    g_free(authorization->redirect_uri);
    *authorization = (Authorization){0};
}
