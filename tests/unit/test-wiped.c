/* SPDX-License-Identifier: MIT */
/*
 * test-wiped.c - a login and two calls, then a look through all memory that can be written: what is
 * in use is there once, what was used before is not there at all. The service is a process of its
 * own, since its memory does not count; the texts are constants, which are not in writable memory.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/auth.h"
#include "api/client.h"
#include "api/error.h"
#include "tests/unit/scripted-server.h"

#define ACCESS  "acc3ss-t0ken-A1B2C3"
#define REFRESH "r3fresh-t0ken-D4E5F6"
#define CODE    "c0de-G7H8I9J0"
#define SECRET  "appsecr3t-K1L2M3"

/* Before and behind each: the allocator writes to both ends of what is given back. */
#define PAD        "pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_pad_"
#define LONG(text) PAD PAD PAD PAD PAD PAD PAD PAD text PAD

#define ANSWERED(body)                                                                             \
    ANSWER("Content-Type: application/json\r\nConnection: close\r\n",                              \
           "{\"code\":0,\"data\":" body "}")

/* In the child: answers as often as the script is long, then ends. */
static void serve(int out)
{
    static const char *const script[] = {
        ANSWERED("{\"access_token\":\"" LONG(ACCESS) "\",\"refresh_token\":\"" LONG(
            REFRESH) "\",\"expires_in\":1000}"),
        ANSWERED("{\"list\":[1]}"),
        ANSWERED("{\"list\":[1]}"),
        NULL,
    };
    Server server;
    ssize_t length;

    server_init(&server, script);
    length = (ssize_t)strlen(server.base) + 1;
    if (write(out, server.base, (size_t)length) != length)
        _exit(1);
    while (server.n_requests < G_N_ELEMENTS(script))
        g_main_context_iteration(NULL, TRUE);
    _exit(0);
}

static pid_t start_service(char *base, size_t size)
{
    int ends[2];

    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(ends[1]);
    }
    g_assert_cmpint(read(ends[0], base, size), >, 0);
    close(ends[0]);
    close(ends[1]);
    return pid;
}

static guint count_in(const char *from, const char *to, const char *what)
{
    size_t length = strlen(what);
    guint n = 0;

    while ((from = memmem(from, (size_t)(to - from), what, length)) != NULL) {
        from += length;
        n++;
    }
    return n;
}

/* In the heap and in nameless mappings; not on the stack, which is nobody's for long. Nothing is
   allocated meanwhile: it would be where the secrets were. */
static guint count(const char *what)
{
    static char maps[256 * 1024];
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got;
    guint n = 0;

    while ((got = read(fd, maps + length, sizeof maps - 1 - length)) > 0)
        length += (size_t)got;
    maps[length] = '\0';
    close(fd);
    for (char *next, *line = maps; (next = strchr(line, '\n')) != NULL; line = next + 1) {
        gulong from, to;
        char rights[8], name[16] = "";

        *next = '\0';
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %15s", &from, &to, rights, name) >= 3 &&
            g_str_has_prefix(rights, "rw") && (*name == '\0' || strcmp(name, "[heap]") == 0))
            n += count_in(GSIZE_TO_POINTER(from), GSIZE_TO_POINTER(to), what);
    }
    return n;
}

static void on_auth(void *user_data, Token *token, const GError *error)
{
    g_assert_no_error(error);
    *(Token **)user_data = token_copy(token);
}

static void on_answer(void *user_data, const Answer *answer, const GError *error)
{
    g_assert_no_error(error);
    *(gboolean *)user_data = TRUE;
}

static void call(Client *client, EndpointId endpoint)
{
    gboolean done = FALSE;

    client_call(client, &(Call){.endpoint = endpoint, .priority = CALL_WAITED}, on_answer, &done);
    while (!done)
        g_main_context_iteration(NULL, TRUE);
}

/* As a token goes: exchanged, written, read, used. Returns the client, which is still at work. */
static Client *work(Auth *auth, const char *base)
{
    Token *granted = NULL;
    ClientConfig config = {
        .base_url = base, .app_id = "73", .secret = LONG(SECRET), .clock = &clock_system};

    auth_exchange(auth, LONG(CODE), NULL, on_auth, &granted);
    while (granted == NULL)
        g_main_context_iteration(NULL, TRUE);

    char *text = token_text(granted);
    Token *token = token_parse(text, strlen(text), NULL);
    explicit_bzero(text, strlen(text));
    g_free(text);
    token_free(granted);

    Client *client = client_new(&config, NULL);
    g_assert_true(client_set_token(client, token->access, 0, NULL));
    g_assert_cmpuint(count(REFRESH), ==, 1); /* the search finds what there is */
    token_free(token);
    call(client, ENDPOINT_ADVERTISERS);
    call(client, ENDPOINT_AD_UPDATE);
    return client;
}

/* It keeps what was freed, and has too much memory of its own to look through. */
#ifdef __SANITIZE_ADDRESS__
static const gboolean sanitized = TRUE;
#else
static const gboolean sanitized = FALSE;
#endif

static void test_wiped(void)
{
    if (sanitized) {
        g_test_skip("not with the address sanitizer");
        return;
    }

    char base[64];
    pid_t pid = start_service(base, sizeof base);
    AuthConfig config = {.business_url = base, .app_id = "73", .secret = LONG(SECRET)};
    Auth *auth = auth_new(&config, NULL);
    Client *client = work(auth, base);

    g_assert_cmpuint(count(ACCESS), ==, 1); /* of the client */
    g_assert_cmpuint(count(REFRESH), ==, 0);
    g_assert_cmpuint(count(CODE), ==, 0);
    g_assert_cmpuint(count(SECRET), ==, 2); /* of each */
    g_assert_true(client_set_token(client, "another-t0ken", 0, NULL));
    g_assert_cmpuint(count(ACCESS), ==, 0);
    client_free(client);
    auth_free(auth);
    g_assert_cmpuint(count("another-t0ken"), ==, 0);
    g_assert_cmpuint(count(SECRET), ==, 0);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wiped/nothing-stays-in-memory", test_wiped);
    return g_test_run();
}
