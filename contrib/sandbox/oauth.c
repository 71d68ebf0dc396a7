/* SPDX-License-Identifier: MIT */
/* oauth.c - oauth2/access_token, oauth2/refresh_token, oauth2/revoke_token. */
#include "oauth.h"

#include <string.h>

gboolean oauth_check_app(const Call *call, const char *app_id, const char *secret, GError **error)
{
    if (strcmp(app_id, call->app_id) != 0)
        return refuse(error, CODE_NO_APP,
                      "The app_id is inconsistent with the token's app information. Please retry "
                      "after correcting it. ");
    if (strcmp(secret, call->secret) != 0)
        return refuse(error, CODE_AUTH, "The secret does not match the app_id.");
    return TRUE;
}

static gboolean body_text(const Call *call, const char *name, const char **ret, GError **error)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(call->body, name);

    if (node != NULL && !cJSON_IsString(node))
        return refuse(error, CODE_PARAMETER, "%s: Not a valid string.", name);

    *ret = cJSON_GetStringValue(node);
    if (*ret == NULL || **ret == '\0')
        return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
    return TRUE;
}

/* app_id and secret, and the third text that each of these calls has. */
static gboolean read_body(const Call *call, const char *name, const char **ret, GError **error)
{
    const char *app_id = NULL, *secret = NULL;

    return body_text(call, "app_id", &app_id, error) && body_text(call, "secret", &secret, error) &&
           body_text(call, name, ret, error) && oauth_check_app(call, app_id, secret, error);
}

static void put_advertisers(const Call *call, GString *out)
{
    const char *comma = "";

    g_string_append(out, ",\"advertiser_ids\":[");
    for (guint i = 0; i < call->world->accounts->len; i++) {
        const Account *account = g_ptr_array_index(call->world->accounts, i);

        if (account->unlisted)
            continue;
        g_string_append_printf(out, "%s\"%s\"", comma, account->id);
        comma = ",";
    }
    g_string_append_c(out, ']');
}

static void put_issue(const Call *call, const Issue *issue, gboolean with_advertisers, GString *out)
{
    g_autofree char *scope = g_strjoinv(",", call->world->scopes);

    text_put_member(out, "access_token", issue->access);
    if (with_advertisers)
        put_advertisers(call, out);
    else
        g_string_append(out, ",\"advertiser_ids\":[]");
    g_string_append_printf(out, ",\"scope\":[%s]", scope);
    if (issue->refresh != NULL) {
        g_string_append_printf(out, ",\"expires_in\":%u", issue->grant->life_s);
        text_put_member(out, "refresh_token", issue->refresh);
        g_string_append_printf(out, ",\"refresh_token_expires_in\":%d", REFRESH_LIFE_S);
    }
}

gboolean oauth_access_token(const Call *call, Answer *answer, GError **error)
{
    const cJSON *with_ids = cJSON_GetObjectItemCaseSensitive(call->body, "return_advertiser_ids");
    gint64 now_us = g_get_real_time();
    const char *code;
    g_auto(Issue) issue = {0};

    if (with_ids != NULL && !cJSON_IsBool(with_ids))
        return refuse(error, CODE_PARAMETER, "return_advertiser_ids: Not a valid boolean.");
    if (!read_body(call, "auth_code", &code, error))
        return FALSE;

    Grant *grant = tokens_take_code(call->tokens, DIALECT_BUSINESS, code, now_us);
    if (grant == NULL)
        return refuse(error, CODE_BAD_CODE,
                      "The auth_code is canceled. Please re-authorize and try again with a new "
                      "auth_code.");
    tokens_issue(call->tokens, grant, now_us, &issue);
    put_issue(call, &issue, !cJSON_IsFalse(with_ids), answer->rest);
    return TRUE;
}

gboolean oauth_refresh_token(const Call *call, Answer *answer, GError **error)
{
    g_auto(Issue) issue = {0};
    const char *refresh;

    if (!read_body(call, "refresh_token", &refresh, error))
        return FALSE;

    TokenState state =
        tokens_refresh(call->tokens, DIALECT_BUSINESS, refresh, g_get_real_time(), &issue);
    if (state == TOKEN_EXPIRED)
        return refuse(error, CODE_REFRESH_EXPIRED, "The refresh token has expired.");
    if (state == TOKEN_UNKNOWN)
        return refuse(error, CODE_BAD_REFRESH, "The refresh token is invalid.");
    put_issue(call, &issue, TRUE, answer->rest);
    return TRUE;
}

gboolean oauth_revoke_token(const Call *call, Answer *answer, GError **error)
{
    const char *token = NULL;

    if (!read_body(call, "access_token", &token, error))
        return FALSE;
    if (!tokens_revoke(call->tokens, token))
        return refuse(error, CODE_BAD_TOKEN, "Access token is incorrect or has been revoked.");

    text_put_member(answer->rest, "app_id", call->app_id);
    put_advertisers(call, answer->rest);
    return TRUE;
}
