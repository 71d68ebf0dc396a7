/* SPDX-License-Identifier: MIT */
/*
 * answer.c - from a request to an envelope. The checks come in the order of the real service: path
 * and method, token, rate, advertiser, then whatever the endpoint itself refuses.
 */
#include "answer.h"

#include <string.h>

#include "access.h"
#include "bc.h"
#include "clock.h"
#include "identity.h"
#include "list.h"
#include "oauth.h"
#include "patch.h"
#include "report.h"
#include "reshape.h"
#include "task-call.h"
#include "update.h"

/* clang-format off */
static const Endpoint endpoints[] = {
    {"GET",  "/ad/get/",                  list_get,              AD,       TRUE},
    {"POST", "/ad/create/",               create_ad,             AD,       TRUE},
    {"POST", "/ad/status/update/",        update_status,         AD,       TRUE},
    {"POST", "/ad/update/",               update_ad,             AD,       TRUE},
    {"POST", "/adgroup/budget/update/",   update_budget,         ADGROUP,  TRUE},
    {"POST", "/adgroup/create/",          create_adgroup,        ADGROUP,  TRUE},
    {"GET",  "/adgroup/get/",             list_get,              ADGROUP,  TRUE},
    {"POST", "/adgroup/status/update/",   update_status,         ADGROUP,  TRUE},
    {"POST", "/adgroup/update/",          update_adgroup,        ADGROUP,  TRUE},
    {"GET",  "/advertiser/info/",         identity_info,         0,        FALSE},
    {"GET",  "/advertiser/balance/get/",  balance_accounts,      0,        FALSE},
    {"GET",  "/bc/asset/get/",            bc_assets,             0,        FALSE},
    {"GET",  "/bc/balance/get/",          balance_center,        0,        FALSE},
    {"GET",  "/bc/get/",                  bc_get,                0,        FALSE},
    {"GET",  "/bc/member/get/",           bc_members,            0,        FALSE},
    {"GET",  "/campaign/get/",            list_get,              CAMPAIGN, TRUE},
    {"POST", "/campaign/create/",         create_campaign,       CAMPAIGN, TRUE},
    {"POST", "/campaign/status/update/",  update_status,         CAMPAIGN, TRUE},
    {"POST", "/campaign/update/",         update_campaign,       CAMPAIGN, TRUE},
    {"POST", "/oauth2/access_token/",     oauth_access_token,    0,        FALSE, TRUE},
    {"GET",  "/oauth2/advertiser/get/",   identity_advertisers,  0,        FALSE},
    {"POST", "/oauth2/refresh_token/",    oauth_refresh_token,   0,        FALSE, TRUE},
    {"POST", "/oauth2/revoke_token/",     oauth_revoke_token,    0,        FALSE, TRUE},
    {"GET",  "/report/integrated/get/",   report_get,            0,        TRUE},
    {"POST", "/report/task/cancel/",      task_cancel,           0,        TRUE},
    {"GET",  "/report/task/check/",       task_check,            0,        TRUE},
    {"POST", "/report/task/create/",      task_create,           0,        TRUE},
    {"GET",  "/report/task/download/",    task_download,         0,        TRUE},
    {"GET",  "/user/info/",               identity_user,         0,        FALSE},
    {"POST", "/user/info/",               identity_user,         0,        FALSE},
};
/* clang-format on */

/* NULL and an error of 40400 (no such path) or 40001 (another method). */
static const Endpoint *find_endpoint(const Request *request, GError **error)
{
    gboolean known = FALSE;

    for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        if (strcmp(endpoints[i].path, request->path) != 0)
            continue;
        if (strcmp(endpoints[i].method, request->method) == 0)
            return &endpoints[i];
        known = TRUE;
    }

    if (known)
        access_refuse(request->path, request->method, error);
    else
        refuse(error, CODE_NO_ROUTE, "Route not found: %s", request->path);
    return NULL;
}

static gboolean check_token(const Service *service, const Request *request, GError **error)
{
    if (request->token == NULL || *request->token == '\0')
        return refuse(error, CODE_NO_TOKEN,
                      "Access token is null, you should set it in http header with key "
                      "Access-Token.");

    TokenState state = tokens_check(service->tokens, request->token, g_get_real_time());
    if (state == TOKEN_EXPIRED)
        return refuse(error, CODE_EXPIRED, "Access token has expired.");
    if (state == TOKEN_UNKNOWN)
        return refuse(error, CODE_BAD_TOKEN, "Access token is incorrect or has been revoked.");
    return TRUE;
}

static gboolean check_rate(const Service *service, const Request *request, GError **error)
{
    const char *text = NULL;
    int code = faults_code(request->faults & ~(guint)FAULT_51010, &text);

    if (!throttle_call(service->throttle, request->path, error))
        return FALSE;
    return code == 0 || refuse(error, code, "%s", text);
}

static gboolean read_body(Request *request, GError **error)
{
    if (strcmp(request->method, "POST") != 0)
        return TRUE;
    if (request->body == NULL && *request->body_text == '\0')
        request->body = cJSON_CreateObject();
    if (!cJSON_IsObject(request->body))
        return refuse(error, CODE_PARAMETER, "The request body is not a valid JSON object.");
    return TRUE;
}

static gboolean has_member(const Call *call, const char *name)
{
    return arg_text(call, name) != NULL ||
           cJSON_GetObjectItemCaseSensitive(call->body, name) != NULL;
}

/* Some reports are of several accounts, or of a center's. */
static gboolean names_account(const Call *call)
{
    gboolean is_report = strcmp(call->endpoint->path, "/report/integrated/get/") == 0 ||
                         strcmp(call->endpoint->path, "/report/task/create/") == 0;
    gboolean others = has_member(call, "advertiser_ids") || has_member(call, "bc_id");

    return call->endpoint->wants_account && !(is_report && others);
}

static gboolean run(const Service *service, Request *request, Answer *answer, GError **error)
{
    Call call = {.world = service->world,
                 .memo = service->memo,
                 .tokens = service->tokens,
                 .tasks = service->tasks,
                 .token = request->token,
                 .host = request->host,
                 .app_id = service->app_id,
                 .secret = service->secret,
                 .faults = request->faults};

    call.endpoint = find_endpoint(request, error);
    if (call.endpoint == NULL ||
        (!call.endpoint->no_token && !check_token(service, request, error)) ||
        !check_rate(service, request, error) || !access_check_scope(&call, error) ||
        !read_body(request, error))
        return FALSE;

    gboolean is_post = strcmp(request->method, "POST") == 0;
    call.query = is_post ? NULL : request->query;
    call.body = is_post ? request->body : NULL;
    if (names_account(&call)) {
        call.account = identity_account(&call, error);
        if (call.account == NULL ||
            !throttle_advertiser(service->throttle, request->path, call.account->id, error))
            return FALSE;
    }
    if ((call.faults & FAULT_GONE) != 0)
        patch_delete_named(&call, answer);
    return call.endpoint->run(&call, answer, error);
}

void answer_begin(Reply *reply)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(clock_now() + 8 * 3600);
    g_autofree char *time = g_date_time_format(date, "%Y%m%d%H%M%S");

    reply->log_id = g_strdup_printf("%s%08X%08X%04X", time, g_random_int(), g_random_int(),
                                    g_random_int() & 0xffff);
}

/* What the answer says of it: 0, or what a fault makes of a call that was carried out. */
static int code_of_success(const Answer *answer, guint64 faults, const char **ret_text)
{
    *ret_text = "OK";
    if ((faults & FAULT_20001) == 0 && !answer->partly)
        return faults_code(faults, ret_text);
    *ret_text = "Partially successful.";
    return CODE_PARTLY;
}

static void put_data(GString *out, const Answer *answer, guint64 faults)
{
    if ((faults & FAULT_NO_DATA) != 0)
        return;

    g_string_append(out, ",\"data\":{");
    if (answer->list->len > 0) {
        g_string_append(out, "\"list\":");
        g_string_append(out, (faults & FAULT_NULL_LIST) != 0 ? "null" : answer->list->str);
        if (answer->rest->len > 0)
            g_string_append_c(out, ',');
    }
    g_string_append(out, answer->rest->str);
    g_string_append_c(out, '}');
}

/* Takes out. */
static GString *written_otherwise(GString *out, guint64 faults)
{
    if ((faults & (FAULT_SHUFFLE | FAULT_UNKNOWN | FAULT_STRINGS)) == 0)
        return out;

    GString *other = g_string_sized_new(out->len);
    reshape(other, out->str, faults, g_random_int());
    g_string_free(out, TRUE);
    return other;
}

void answer_call(const Service *service, Request *request, Reply *reply)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GString) rest = g_string_new(NULL);
    g_autoptr(GError) refusal = NULL;
    Answer answer = {.list = list, .rest = rest, .effects = g_string_new(NULL)};
    GString *out = g_string_sized_new(512);
    const char *text = "OK";

    if (request->body_text != NULL)
        request->body = cJSON_ParseWithOpts(request->body_text, NULL, TRUE);
    reply->done = run(service, request, &answer, &refusal);
    if (reply->done)
        reply->code = code_of_success(&answer, request->faults, &text);
    else
        reply->code = refusal->code;
    if (reply->code != 0 && reply->code != CODE_PARTLY) {
        g_string_truncate(list, 0);
        g_string_truncate(rest, 0);
    }

    reply->effects = answer.effects;
    reply->status = reply->code == CODE_NO_ROUTE ? 404 : 200;
    reply->throttled = answer.throttled;
    if (reply->code == 0 && answer.part.length > 0) {
        reply->type = "text/csv";
        reply->part = answer.part;
        g_string_free(out, TRUE);
        return;
    }
    g_string_append_printf(out, "{\"code\":%d,\"message\":", reply->code);
    text_put_json(out, refusal != NULL ? refusal->message : text);
    g_string_append_printf(out, ",\"request_id\":\"%s\"", reply->log_id);
    put_data(out, &answer, request->faults);
    g_string_append_c(out, '}');
    reply->body = written_otherwise(out, request->faults);
}
