/* SPDX-License-Identifier: MIT */
/*
 * renewal.c - a state machine with one timer.
 *
 * The file counts: another token in it than the one we know is used at once, whoever wrote it, and
 * one that was given to us for a token that is not there any more (a logout, a login) is dropped.
 */
#include "fs/renewal.h"

#include <errno.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/token-file.h"

enum { LOCK_MS = 200, STORE_MS = 5000, RETRY_MS = 60000, FINISH_MS = 15000 };
enum { AHEAD_MAX_S = 900, DELAY_MIN_S = 1, DELAY_MAX_S = 86400 };

typedef enum { IDLE, LOCKING, ASKING, STORING } State;

struct Renewal {
    RenewalConfig config;
    char *path, *profile;
    Token *token;  /* in use; NULL: none */
    Token *asking; /* that another is asked for in place of */
    Token *given;  /* and not on the disk yet */
    TokenWatch *watch;
    State state;
    gboolean asked; /* by renewal_ask(), or told by renewing(), and not answered */
    int lock;
    guint timer;
};

static gboolean on_timer(void *user_data);

/* ---- time ---- */

static void set_timer(Renewal *renewal, gint64 ms)
{
    g_clear_handle_id(&renewal->timer, g_source_remove);
    renewal->timer = g_timeout_add((guint)MIN(ms, (gint64)DELAY_MAX_S * 1000), on_timer, renewal);
}

static gint64 now_s(const Renewal *renewal)
{
    return clock_wall(renewal->config.clock) / G_USEC_PER_SEC;
}

/* Wall; G_MAXINT64: never. A fifth of its life ahead, so that nobody has to wait. */
static gint64 due_s(const Token *token)
{
    gint64 life_s = token->expires_s - token->obtained_s;

    if (token->expires_s == 0)
        return G_MAXINT64;
    if (token->obtained_s == 0)
        return token->expires_s - AHEAD_MAX_S;
    return token->expires_s - CLAMP(life_s / 5, 1, AHEAD_MAX_S);
}

static gboolean can_renew(const Renewal *renewal, const Token *token)
{
    return renewal->config.ask != NULL &&
           (renewal->config.without_refresh ||
            (token->refresh != NULL &&
             (token->refresh_expires_s == 0 || token->refresh_expires_s > now_s(renewal))));
}

/* ---- the end of an attempt ---- */

static gboolean same(const Token *a, const Token *b)
{
    return a != NULL && b != NULL && g_str_equal(a->access, b->access);
}

static void go_idle(Renewal *renewal)
{
    renewal->state = IDLE;
    g_clear_pointer(&renewal->asking, token_free);
    g_clear_pointer(&renewal->given, token_free);
    g_clear_handle_id(&renewal->timer, g_source_remove);
    if (renewal->lock >= 0)
        close(renewal->lock);
    renewal->lock = -1;
}

static void wait_until_due(Renewal *renewal)
{
    const Token *token = renewal->token;

    go_idle(renewal);
    if (token != NULL && token->expires_s != 0 && can_renew(renewal, token))
        set_timer(renewal, MAX(due_s(token) - now_s(renewal), DELAY_MIN_S) * 1000);
}

/* Whatever state it is in: the service may be answering for the one before. */
static void use(Renewal *renewal, const Token *token)
{
    Token *copy = token != NULL ? token_copy(token) : NULL;

    token_free(renewal->token);
    renewal->token = copy;
    renewal->asked = FALSE;
    renewal->config.use(renewal->config.user_data, copy);
}

static void answer_failed(Renewal *renewal, const GError *error)
{
    gboolean asked = renewal->asked;

    g_message("the access token was not renewed: %s", error->message);
    renewal->asked = FALSE;
    if (asked)
        renewal->config.failed(renewal->config.user_data, error);
}

/* What time may mend is tried again by the timer, the rest only when somebody asks. */
static void fail(Renewal *renewal, const GError *error)
{
    static const ApiErrorKind passing[] = {API_ERROR_UNREACHABLE, API_ERROR_UNKNOWN,
                                           API_ERROR_MALFORMED, API_ERROR_BUSY, API_ERROR_REMOTE};

    go_idle(renewal);
    for (gsize i = 0; i < G_N_ELEMENTS(passing); i++)
        if (g_error_matches(error, API_ERROR, (int)passing[i]))
            set_timer(renewal, RETRY_MS);
    answer_failed(renewal, error);
}

/* ---- the service ---- */

static void store_later(Renewal *renewal, const GError *error)
{
    set_timer(renewal, STORE_MS);
    answer_failed(renewal, error);
}

/* With what was given the old one may have ended: it is dropped only for another token, or when
   there shall be none. A file that can not be read may be read later. */
static void store(Renewal *renewal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = token_file_read(renewal->path, &error);

    if (token == NULL && !private_is_missing(renewal->path)) {
        store_later(renewal, error);
    } else if (!same(token, renewal->asking)) {
        use(renewal, token);
        wait_until_due(renewal);
    } else if (!token_file_write(renewal->path, renewal->given, &error)) {
        store_later(renewal, error);
    } else {
        use(renewal, renewal->given);
        wait_until_due(renewal);
    }
}

static void on_answer(void *user_data, Token *token, const GError *error)
{
    Renewal *renewal = user_data;

    if (error != NULL && same(renewal->token, renewal->asking)) {
        fail(renewal, error);
        return;
    }
    if (error != NULL) {
        wait_until_due(renewal);
        return;
    }
    renewal->given = token_copy(token);
    renewal->state = STORING;
    store(renewal);
}

/* With the lock held. */
static void ask_service(Renewal *renewal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = token_file_read(renewal->path, &error);

    if (token == NULL) {
        fail(renewal, error);
    } else if (!same(token, renewal->token) && due_s(token) > now_s(renewal)) {
        use(renewal, token);
        wait_until_due(renewal);
    } else if (!can_renew(renewal, token)) {
        option_refuse(&error, "it can not be renewed; adsfs login %s gets another",
                      renewal->profile);
        fail(renewal, error);
    } else if (!token_file_try(renewal->path, &error)) { /* while the old one still counts */
        fail(renewal, error);
        set_timer(renewal, RETRY_MS);
    } else {
        renewal->state = ASKING;
        renewal->asking = g_steal_pointer(&token);
        renewal->config.ask(renewal->config.user_data, renewal->asking, on_answer, renewal);
    }
}

/* Where another process has the lock, the file will tell what it got. */
static void try_lock(Renewal *renewal)
{
    g_autoptr(GError) error = NULL;

    if (!renewal->asked)
        renewal->config.renewing(renewal->config.user_data);
    renewal->asked = TRUE;
    renewal->state = LOCKING;
    renewal->lock = token_file_lock(renewal->path);
    if (renewal->lock >= 0) {
        ask_service(renewal);
    } else if (errno == EWOULDBLOCK) {
        set_timer(renewal, LOCK_MS);
    } else {
        option_refuse(&error, "%s.lock: can not be locked: %s", renewal->path, g_strerror(errno));
        fail(renewal, error);
    }
}

static gboolean on_timer(void *user_data)
{
    Renewal *renewal = user_data;

    renewal->timer = 0;
    if (renewal->state == STORING)
        store(renewal);
    else if (renewal->state == LOCKING || renewal->asked ||
             (renewal->token != NULL && due_s(renewal->token) <= now_s(renewal)))
        try_lock(renewal);
    else
        wait_until_due(renewal);
    return G_SOURCE_REMOVE;
}

/* ---- the file ---- */

static void on_changed(void *user_data, const Token *token)
{
    Renewal *renewal = user_data;

    if (renewal->state == STORING) { /* it may be readable again */
        store(renewal);
        return;
    }
    if (same(token, renewal->token) || (token == NULL && renewal->token == NULL))
        return;
    g_message(token != NULL ? "another access token is in %s" : "the access token in %s has gone",
              renewal->path);
    use(renewal, token);
    if (renewal->state == IDLE || renewal->state == LOCKING)
        wait_until_due(renewal);
}

/* ---- all of it ---- */

void renewal_ask(Renewal *renewal)
{
    renewal->asked = TRUE;
    if (renewal->state == IDLE)
        set_timer(renewal, 0);
}

Renewal *renewal_new(const RenewalConfig *config, GError **error)
{
    g_autoptr(Token) token = token_file_read(config->path, error);
    Renewal *renewal;

    if (token == NULL)
        return NULL;
    renewal = g_new0(Renewal, 1);
    renewal->config = *config;
    renewal->path = g_strdup(config->path);
    renewal->profile = g_strdup(config->profile);
    renewal->lock = -1;
    renewal->watch = token_watch_new(config->path, on_changed, renewal);
    use(renewal, token);
    wait_until_due(renewal);
    return renewal;
}

static gboolean on_finish(void *user_data)
{
    *(gboolean *)user_data = TRUE;
    return G_SOURCE_CONTINUE; /* the loop may be asleep once more */
}

void renewal_finish(Renewal *renewal)
{
    gboolean late = FALSE;
    guint timer = g_timeout_add(FINISH_MS, on_finish, &late);

    while (renewal != NULL && (renewal->state == ASKING || renewal->state == STORING) && !late)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
}

void renewal_free(Renewal *renewal)
{
    if (renewal == NULL)
        return;
    token_watch_free(renewal->watch);
    go_idle(renewal);
    token_free(renewal->token);
    g_free(renewal->path);
    g_free(renewal->profile);
    g_free(renewal);
}
