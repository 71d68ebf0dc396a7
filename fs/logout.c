/* SPDX-License-Identifier: MIT */
/*
 * logout.c - adsfs logout PROFILE: the token ends at the service, and then here. Were it the other
 * way round, nobody could end it there any more.
 */
#include <stdio.h>

#include "api/error.h"
#include "fs/command.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/session.h"
#include "fs/token-file.h"

typedef struct {
    const char *profile;
    gboolean force; /* forget it here whatever the service says */
    Options options;
} Logout;

/* Somebody else was faster: it was revoked, withdrawn, or is too old. */
static gboolean has_ended(const GError *error)
{
    enum { EXPIRED = 40102, REVOKED = 40105 };
    int code = api_error_code(error);

    return code == EXPIRED || code == REVOKED ||
           (code == 0 && g_str_has_prefix(error->message, "invalid_grant"));
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
    if (session_revoke(session, token, &failure) || has_ended(failure))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean load(Logout *logout, GError **error)
{
    if (!options_profile(logout->profile, &logout->options, error))
        return FALSE;
    return !logout->options.sandbox ||
           option_refuse(error, "sandbox: is built in and has no login");
}

static gboolean run(Logout *logout, GError **error)
{
    const char *path;
    g_autoptr(GError) failure = NULL;

    if (!load(logout, error))
        return FALSE;
    path = logout->options.token_path;
    if (private_is_missing(path)) {
        printf("There is no token in %s: nothing to do.\n", path);
        return TRUE;
    }
    if (!end_at_service(logout, &failure)) {
        if (!logout->force)
            return option_refuse(error,
                                 "the token was not revoked and is kept: %s; try again, or "
                                 "adsfs logout --force %s forgets it here alone",
                                 failure->message, logout->profile);
        fprintf(stderr, "adsfs: the token was not revoked: %s\n", failure->message);
    }
    if (!token_file_remove(path, error))
        return FALSE;
    printf("The token in %s is %sforgotten.\n", path, failure == NULL ? "revoked and " : "");
    if (logout->options.token_given)
        printf("ADSFS_ACCESS_TOKEN is set, and is used all the same: unset it.\n");
    return TRUE;
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
