/* SPDX-License-Identifier: MIT */
/*
 * logout.c - adsfs logout PROFILE: the token ends at the service, and then here. Were it the other
 * way round, nobody could end it there any more.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/command/command.h"
#include "fs/command/session.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/token-file.h"

enum { LOCK_TRIES = 100, LOCK_US = 200000 };

typedef struct {
    const char *profile;
    gboolean force; /* forget it here whatever the service says */
    Options options;
} Logout;

enum { EXPIRED = 40102, REVOKED = 40105 };

/* What the Login Kit says of all that does not count, or not any more. */
static gboolean is_invalid(const GError *error)
{
    return api_error_code(error) == 0 && g_str_has_prefix(error->message, "invalid_grant");
}

/* Somebody else was faster: it was revoked or withdrawn. */
static gboolean is_revoked(const GError *error)
{
    return api_error_code(error) == REVOKED || is_invalid(error);
}

static gboolean is_expired(const GError *error)
{
    return api_error_code(error) == EXPIRED || is_invalid(error);
}

static gboolean can_refresh(const Token *token)
{
    return token->refresh != NULL &&
           (token->refresh_expires_s == 0 ||
            token->refresh_expires_s > g_get_real_time() / G_USEC_PER_SEC);
}

static void tell_life(const Token *token, GError **error)
{
    g_autoptr(GDateTime) end = g_date_time_new_from_unix_local(token->refresh_expires_s);
    g_autofree char *date =
        token->refresh_expires_s != 0 && end != NULL ? g_date_time_format(end, " until %F") : NULL;

    g_prefix_error(error, "the access token has expired, but its refresh token may live on%s: ",
                   date != NULL ? date : "");
}

/* A refresh token outlives its access token, and ends with the next one alone. That one is kept
   first: should it not be revoked, another logout needs it. */
static gboolean end_refresh_token(const Logout *logout, Session *session, const Token *token,
                                  GError **error)
{
    g_autoptr(GError) failure = NULL, unkept = NULL;
    g_autoptr(Token) next = session_refresh(session, token, &failure);

    if (next != NULL && !token_file_write(logout->options.token_path, next, &unkept))
        fprintf(stderr, "adsfs: %s\n", unkept->message);
    if ((next != NULL && session_revoke(session, next, &failure)) || is_revoked(failure))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    tell_life(next != NULL ? next : token, error);
    return FALSE;
}

static gboolean end_at_service(const Logout *logout, GError **error)
{
    const Options *options = &logout->options;
    g_autoptr(GError) failure = NULL;
    g_autoptr(Token) token = token_file_read(options->token_path, error);
    g_autoptr(Session) session = NULL;

    if (token == NULL)
        return FALSE;
    if (options->app_id == NULL || options->secret == NULL)
        return option_refuse(error,
                             "[profile %s] has no app_id or no secret, without which the "
                             "service does not revoke a token",
                             logout->profile);
    session = session_new(options, error);
    if (session == NULL)
        return FALSE;
    if (session_revoke(session, token, &failure))
        return TRUE;
    if (is_expired(failure) && can_refresh(token))
        return end_refresh_token(logout, session, token, error);
    if (is_expired(failure) || is_revoked(failure))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* A mount that renews the token just now would be given another, which nobody would end. -1 and
   error. */
static int lock(const char *path, GError **error)
{
    int fd = token_file_lock(path);

    for (int i = 0; i < LOCK_TRIES && fd < 0 && errno == EWOULDBLOCK; i++) {
        g_usleep(LOCK_US);
        fd = token_file_lock(path);
    }
    if (fd < 0)
        option_refuse(error, "%s.lock: %s", path,
                      errno == EWOULDBLOCK ? "a mount renews the token" : g_strerror(errno));
    return fd;
}

static gboolean load(Logout *logout, GError **error)
{
    if (!options_profile(logout->profile, &logout->options, error))
        return FALSE;
    return !logout->options.sandbox ||
           option_refuse(error, "sandbox: is built in and has no login");
}

/* TRUE: go on. */
static gboolean may_fail(const Logout *logout, const GError *failure, GError **error)
{
    if (!logout->force)
        return option_refuse(error,
                             "the token was not revoked and is kept: %s; try again, or "
                             "adsfs logout --force %s forgets it here alone",
                             failure->message, logout->profile);
    fprintf(stderr, "adsfs: the token was not revoked: %s\n", failure->message);
    return TRUE;
}

static gboolean forget(const Logout *logout, gboolean locked, GError **failure, GError **error)
{
    const char *path = logout->options.token_path;
    gboolean revoked = locked && end_at_service(logout, failure);

    if ((!revoked && !may_fail(logout, *failure, error)) || !token_file_remove(path, error))
        return FALSE;
    printf("The token in %s is %sforgotten.\n", path, revoked ? "revoked and " : "");
    if (logout->options.token_given)
        printf("ADSFS_ACCESS_TOKEN is set, and is used all the same: unset it.\n");
    return TRUE;
}

static gboolean run(Logout *logout, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean done;
    int fd;

    if (!load(logout, error))
        return FALSE;
    if (private_is_missing(logout->options.token_path)) {
        printf("There is no token in %s: nothing to do.\n", logout->options.token_path);
        return TRUE;
    }
    fd = lock(logout->options.token_path, &failure);
    done = forget(logout, fd >= 0, &failure, error);
    if (fd >= 0)
        close(fd);
    return done;
}

static gboolean take_words(int argc, char **argv, Logout *logout)
{
    for (int i = 1; i < argc; i++) {
        if (g_str_equal(argv[i], "--force"))
            logout->force = TRUE;
        else if (logout->profile != NULL || argv[i][0] == '-')
            return FALSE;
        else
            logout->profile = argv[i];
    }
    return logout->profile != NULL;
}

int logout_main(int argc, char **argv)
{
    Logout logout = {0};
    g_autoptr(GError) error = NULL;
    gboolean done;

    if (!take_words(argc, argv, &logout))
        return command_usage(argv[0]);
    done = run(&logout, &error);
    if (!done)
        fprintf(stderr, "adsfs: %s\n", error->message);
    options_clear(&logout.options);
    return done ? 0 : 1;
}
