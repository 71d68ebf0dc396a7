/* SPDX-License-Identifier: MIT */
/*
 * login.c - adsfs login PROFILE: from an app id to a stored token.
 *
 * What was asked for is kept only after the service took it, and the token comes last: whatever
 * fails before it leaves a profile as it was.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "api/secret.h"
#include "fs/command/accounts.h"
#include "fs/command/authorize.h"
#include "fs/command/command.h"
#include "fs/command/prompt.h"
#include "fs/config.h"
#include "fs/locate.h"
#include "fs/options-table.h"
#include "fs/private.h"
#include "fs/token-file.h"

typedef struct {
    const char *profile;
    gboolean open_browser;
    Options options;
    gboolean asked_app_id, asked_secret;
} Login;

/* ---- the profile ---- */

/* With a new section in the key file where there is none, if that is wanted. */
static gboolean load(Login *login, GError **error)
{
    g_autofree char *config = locate_config();
    g_autoptr(GError) failure = NULL;

    if (options_profile(login->profile, &login->options, &failure))
        return !login->options.sandbox ||
               option_refuse(error, "sandbox: is built in and needs no login; adsfs sandbox "
                                    "MOUNTPOINT mounts it");

    if (config_lacks_profile(config, login->profile) && !prompt_is_possible())
        return option_refuse(error,
                             "%s has no [profile %s]: write one, or run this at a terminal, "
                             "where it asks for what is missing",
                             config, login->profile);

    g_autofree char *question =
        g_strdup_printf("%s has no [profile %s]; make it? [y/N]", config, login->profile);
    if (!config_lacks_profile(config, login->profile) || !prompt_yes(question)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return config_add_profile(config, login->profile, error) &&
           options_profile(login->profile, &login->options, error);
}

/* What can not be kept is not asked for: that would be found out after the browser. */
static gboolean can_keep_app_id(const Login *login, GError **error)
{
    g_autofree char *config = locate_config();
    g_autofree char *directory = g_path_get_dirname(config);

    return access(directory, W_OK | X_OK) == 0 ||
           option_refuse(error, "%s: can not be written: %s; app_id is missing below [profile %s]",
                         config, g_strerror(errno), login->profile);
}

/* New; NULL and error. key: what would have told. */
static char *ask(const Login *login, const char *question, gboolean hidden, const char *key,
                 GError **error)
{
    char *answer = NULL;

    if (prompt_is_possible())
        answer = prompt_line(question, hidden, error);
    else
        option_refuse(error, "write it there, or run this at a terminal, where it asks for it");
    if (answer == NULL)
        g_prefix_error(error, "[profile %s] has no %s: ", login->profile, key);
    return answer;
}

static gboolean ask_app_id(Login *login, GError **error)
{
    gboolean kit = login->options.auth == DIALECT_LOGIN_KIT;

    if (login->options.app_id != NULL)
        return TRUE;
    if (!can_keep_app_id(login, error))
        return FALSE;
    login->asked_app_id = TRUE;
    login->options.app_id =
        ask(login, kit ? "Client key" : "App id", FALSE, kit ? "client_key" : "app_id", error);
    return login->options.app_id != NULL && config_check_app_id(login->options.app_id, error);
}

static gboolean ask_secret(Login *login, GError **error)
{
    if (login->options.secret != NULL)
        return TRUE;
    login->asked_secret = TRUE;
    login->options.secret =
        ask(login, "Secret of the app (is not shown)", TRUE,
            login->options.auth == DIALECT_LOGIN_KIT ? "client_secret_file" : "secret_file", error);
    return login->options.secret != NULL &&
           config_check_token(login->options.secret, "the secret", error);
}

/* The code that the browser brings counts once, and so does what is given for it. */
static gboolean can_keep(const Login *login, GError **error)
{
    return token_file_try(login->options.token_path, error) &&
           (!login->asked_secret || private_try("secret_file", login->options.secret_path,
                                                strlen(login->options.secret) + 1, error));
}

/* ---- the token ---- */

static Token *get_token(const Login *login, GError **error)
{
    g_auto(Authorization) got = {0};
    g_autoptr(Session) session = session_new(&login->options, error);
    Token *token;

    if (session == NULL)
        return NULL;
    if (login->options.client_credentials) {
        token = session_client_credentials(session, error);
    } else {
        if (!authorize(&login->options, login->open_browser, &got, error))
            return NULL;
        token = session_exchange(session, got.redirect_uri, got.code, got.verifier, error);
    }
    if (token == NULL)
        g_prefix_error(error, "no token was given: ");
    return token;
}

/* ---- keeping ---- */

static gboolean keep_app_id(const Login *login, GError **error)
{
    g_autofree char *config = locate_config();
    const char *key = login->options.auth == DIALECT_LOGIN_KIT ? "client_key" : "app_id";

    if (!login->asked_app_id)
        return TRUE;
    if (!config_add_key(config, login->profile, key, login->options.app_id, error))
        return FALSE;
    printf("%s = %s is in %s now.\n", key, login->options.app_id, config);
    return TRUE;
}

static gboolean keep_secret(const Login *login, GError **error)
{
    g_autofree char *line = NULL;
    gboolean done;

    if (!login->asked_secret)
        return TRUE;
    line = g_strconcat(login->options.secret, "\n", NULL);
    done = private_write("secret_file", login->options.secret_path, line, error);
    explicit_bzero(line, strlen(line));
    if (done)
        printf("The secret is kept in %s.\n", login->options.secret_path);
    return done;
}

static gboolean keep(const Login *login, const Token *token, GError **error)
{
    if (!keep_app_id(login, error) || !keep_secret(login, error) ||
        !token_file_write(login->options.token_path, token, error))
        return FALSE;
    printf("The token is kept in %s.\n", login->options.token_path);
    return TRUE;
}

/* A token that nobody has would go on counting at the service. */
static void give_back(const Login *login, const Token *token)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Session) session = session_new(&login->options, &error);

    if (session == NULL || !session_revoke(session, token, &error))
        fprintf(stderr, "adsfs: the token that was given could not be revoked: %s\n",
                error->message);
}

/* ---- what was granted ---- */

/* The names, where they can be had; a login without them is a login all the same. */
static GPtrArray *granted(const Login *login, const Token *token, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(Session) session = NULL;

    if (!options_profile(login->profile, &options, error))
        return NULL;
    session = session_new(&options, error);
    if (session == NULL || !session_use(session, token, error))
        return NULL;
    return accounts_of(session, &options, error);
}

static void show_granted(const Login *login, const Token *token)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) accounts = NULL;

    if (login->options.auth == DIALECT_BUSINESS)
        accounts = granted(login, token, &error);
    if (error != NULL)
        fprintf(stderr, "adsfs: the names of the accounts can not be had: %s\n", error->message);
    if (accounts != NULL) {
        printf("%u account%s granted:\n", accounts->len, accounts->len == 1 ? " was" : "s were");
        accounts_print(accounts, "  ");
        return;
    }
    for (char **id = token->advertisers; id != NULL && *id != NULL; id++)
        printf("  %s\n", *id);
    if (token->scopes != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", token->scopes);

        printf("Scopes that were granted: %s\n", scopes);
    }
}

static gboolean run(Login *login, GError **error)
{
    g_autoptr(Token) token = NULL;

    if (!load(login, error) || !ask_app_id(login, error) || !ask_secret(login, error) ||
        !can_keep(login, error))
        return FALSE;
    token = get_token(login, error);
    if (token == NULL)
        return FALSE;
    if (!keep(login, token, error)) {
        give_back(login, token);
        return FALSE;
    }
    show_granted(login, token);
    if (login->options.token_given)
        printf("ADSFS_ACCESS_TOKEN is set: unset it, or it is used in place of this token.\n");
    printf("Next: adsfs %s MOUNTPOINT\n", login->profile);
    return TRUE;
}

/* ---- the command ---- */

static gboolean take_words(int argc, char **argv, Login *login)
{
    for (int i = 1; i < argc; i++) {
        if (g_str_equal(argv[i], "--no-browser") || g_str_equal(argv[i], "-B")) {
            login->open_browser = FALSE;
        } else if (login->profile != NULL || argv[i][0] == '-') {
            fprintf(stderr,
                    "adsfs: login: one word too many; app id and secret are asked for, "
                    "never arguments, or come from app_id and secret_file in the profile\n");
            return FALSE;
        } else {
            login->profile = argv[i];
        }
    }
    return login->profile != NULL;
}

int login_main(int argc, char **argv)
{
    Login login = {.open_browser = TRUE};
    g_autoptr(GError) error = NULL;
    gboolean done;

    if (!take_words(argc, argv, &login))
        return command_usage(argv[0]);
    done = run(&login, &error);
    if (!done)
        fprintf(stderr, "adsfs: %s; no token was stored, adsfs login %s tries again\n",
                error->message, login.profile);
    options_clear(&login.options);
    return done ? 0 : 1;
}
