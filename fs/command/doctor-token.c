/* SPDX-License-Identifier: MIT */
/* doctor-token.c - the access token: whether it is there, how old, taken, and what for. */
#include <cjson/cJSON.h>
#include <string.h>

#include "api/error.h"
#include "fs/command/doctor.h"
#include "fs/command/session.h"
#include "fs/private.h"
#include "fs/scope.h"
#include "fs/token-file.h"

enum { DAY_S = 86400 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/* ---- there, and how old ---- */

static char *age_of(const Token *token, gint64 now_s)
{
    g_autoptr(GDateTime) ends = g_date_time_new_from_unix_utc(token->expires_s);
    g_autofree char *end =
        token->expires_s > 0 ? g_date_time_format(ends, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    g_autoptr(GString) ret = g_string_new("is there");

    if (token->obtained_s > 0)
        g_string_append_printf(ret, ", %" G_GINT64_FORMAT " days old",
                               MAX(now_s - token->obtained_s, 0) / DAY_S);
    if (end != NULL)
        g_string_append_printf(ret, ", %s %s", token->expires_s < now_s ? "expired" : "until", end);
    if (token->refresh != NULL)
        g_string_append(ret, ", renewed by itself");
    return g_string_free(g_steal_pointer(&ret), FALSE);
}

static gboolean is_over(const Token *token, gint64 now_s)
{
    if (token->expires_s == 0 || token->expires_s > now_s)
        return FALSE;
    return token->refresh == NULL ||
           (token->refresh_expires_s > 0 && token->refresh_expires_s <= now_s);
}

void doctor_token(Doctor *doctor, const char *name)
{
    const Options *options = &doctor->options;
    gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = NULL;
    g_autofree char *age = NULL;

    if (options->token_given) {
        doctor_say(doctor, DOCTOR_OK, name, "is in the environment");
        return;
    }
    if (options->token_path == NULL || private_is_missing(options->token_path)) {
        doctor_say(doctor, DOCTOR_FAIL, name, "there is none; adsfs login %s gets one",
                   doctor->profile);
        return;
    }
    token = token_file_read(options->token_path, &error);
    if (token == NULL) {
        doctor_say(doctor, DOCTOR_FAIL, name, "%s", error->message);
        return;
    }
    age = age_of(token, now_s);
    doctor->lapsed = token->expires_s > 0 && token->expires_s <= now_s;
    if (is_over(token, now_s))
        doctor_say(doctor, DOCTOR_FAIL, name, "%s; adsfs login %s gets another", age,
                   doctor->profile);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s", age);
}

/* ---- taken ---- */

/* Who the service says that the token is of. New string. */
static char *user_of(GBytes *answer)
{
    gsize length;
    const char *text = g_bytes_get_data(answer, &length);
    g_autoptr(cJSON) root = cJSON_ParseWithLength(text, length);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const char *user = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(data, "display_name"));

    return g_strdup(user != NULL ? user : "somebody without a name");
}

static void ask(Doctor *doctor, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Session) session = session_new(&doctor->options, &error);
    g_autoptr(GBytes) answer = NULL;
    g_autofree char *user = NULL;
    const char *meaning;

    if (session != NULL) {
        session_set_wait(session, DOCTOR_WAIT_S);
        answer = session_get(session, ENDPOINT_USER_INFO, NULL, &error);
    }
    if (answer != NULL) {
        user = user_of(answer);
        doctor_say(doctor, DOCTOR_OK, name, "the service takes the token, as that of %s", user);
        return;
    }
    meaning = api_error_meaning(error);
    doctor_say(doctor, DOCTOR_FAIL, name, "%s%s%s; %s", error->message, meaning != NULL ? ": " : "",
               meaning != NULL ? meaning : "", api_error_advice(error));
}

void doctor_answer(Doctor *doctor, const char *name)
{
    if (!doctor->usable || !doctor->answered)
        doctor_say(doctor, DOCTOR_SKIP, name, "the service is not asked; see %s",
                   doctor->usable ? "tls" : "config");
    else if (doctor->options.token == NULL)
        doctor_say(doctor, DOCTOR_SKIP, name, "there is no token to ask with; see token");
    else if (doctor->lapsed)
        doctor_say(doctor, DOCTOR_SKIP, name,
                   "there is nothing to ask with before the token is renewed; see token");
    else
        ask(doctor, name);
}

/* ---- what for ---- */

static const struct {
    const char *id, *what;
} uses[] = {
    {"100", "reading accounts"},   {"150", "Business Centers"},  {"200", "reading campaigns"},
    {"201", "changing campaigns"}, {"210", "reading ad groups"}, {"211", "changing ad groups"},
    {"220", "reading ads"},        {"221", "changing ads"},      {"44", "reports"},
};

void doctor_scopes(Doctor *doctor, const char *name)
{
    char **scopes = doctor->options.scopes;
    g_autoptr(GString) lacking = g_string_new(NULL);
    g_autofree char *all = NULL;

    if (scopes == NULL || doctor->options.token_given || doctor->options.auth != DIALECT_BUSINESS) {
        doctor_say(doctor, DOCTOR_SKIP, name,
                   "what the token may do is not known; adsfs login %s would tell",
                   doctor->profile);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++)
        if (!scope_is_granted((const char *const *)scopes, uses[i].id))
            g_string_append_printf(lacking, "%s%s (%s)", lacking->len > 0 ? ", " : "", uses[i].what,
                                   uses[i].id);
    all = g_strjoinv(", ", scopes);
    if (lacking->len > 0)
        doctor_say(doctor, DOCTOR_WARN, name,
                   "%s: not granted is %s; let the app ask for it, then adsfs login %s", all,
                   lacking->str, doctor->profile);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s", all);
}
