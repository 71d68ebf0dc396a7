/* SPDX-License-Identifier: MIT */
/*
 * decode.c - the envelope is walked over, not parsed into a tree: a page of a thousand rows costs
 * no allocation here. Tolerated: members in any order, missing or null data and list, lists of
 * other names, numbers in strings. Not tolerated: a list that is something else than a list, since
 * it would pass for an empty one.
 */
#include "api/decode.h"

#include <string.h>

#include "api/codes.h"
#include "api/money.h"

enum { CODE_PARTIAL = 20001, EXCERPT_MAX = 60, MESSAGE_MAX = 300 };

typedef struct {
    JsonSpan code, message, request_id, data;
} Envelope;

static gboolean read_envelope(JsonSpan text, Envelope *ret)
{
    static const JsonField fields[] = {
        {"code", G_STRUCT_OFFSET(Envelope, code)},
        {"message", G_STRUCT_OFFSET(Envelope, message)},
        {"request_id", G_STRUCT_OFFSET(Envelope, request_id)},
        {"data", G_STRUCT_OFFSET(Envelope, data)},
    };

    *ret = (Envelope){.code = {NULL, 0}};
    return json_pick(text, fields, G_N_ELEMENTS(fields), ret);
}

gint64 decode_whole(JsonSpan span, gint64 fallback)
{
    g_autofree char *raw = span.at != NULL ? g_strndup(span.at, span.length) : NULL;
    gint64 micros;

    if (raw == NULL || !money_from_json(raw, &micros) || micros % MONEY_UNIT != 0)
        return fallback;
    return micros / MONEY_UNIT;
}

char *decode_line(const char *text, gsize length, gsize most)
{
    char *line = g_utf8_make_valid(text, (gssize)MIN(length, most));

    for (char *at = line; *at != '\0'; at++)
        if ((guchar)*at < ' ' || *at == '\x7f')
            *at = ' ';
    return g_strstrip(line);
}

/* Whatever stands in front of the API answers from 500 on when it can not reach it. */
static ApiErrorKind kind_of_status(guint status)
{
    if (status == 429)
        return API_ERROR_BUSY;
    return status >= 500 ? API_ERROR_UNREACHABLE : API_ERROR_REMOTE;
}

static GError *error_of_body(JsonSpan text, guint status)
{
    g_autofree char *excerpt = decode_line(text.at, text.length, EXCERPT_MAX);

    if (status >= 300)
        return api_error_new(kind_of_status(status), status == 404 ? 404 : 0, NULL,
                             "HTTP status %u and no answer of the API: '%s'", status, excerpt);
    if (text.length == 0)
        return api_error_new(API_ERROR_MALFORMED, 0, NULL, "the answer is empty");
    return api_error_new(API_ERROR_MALFORMED, 0, NULL, "not an answer of the API: '%s'", excerpt);
}

static char *text_of(JsonSpan span)
{
    return span.at != NULL ? json_span_text(span) : NULL;
}

static GError *error_of_envelope(const Envelope *envelope, int code)
{
    g_autofree char *request_id = text_of(envelope->request_id);
    g_autofree char *message = text_of(envelope->message);
    g_autofree char *line =
        message != NULL ? decode_line(message, strlen(message), MESSAGE_MAX) : NULL;

    return api_error_new(code_find(code)->kind, code, request_id, "%s (code %d)",
                         line != NULL && *line != '\0' ? line : "no message", code);
}

typedef struct {
    JsonSpan list, page_info;
    JsonSpan own; /* what is called "list", whatever else there is */
} Data;

/* Endpoints that name their list otherwise; entity lists and reports say "list". */
static gboolean read_data(JsonSpan text, Data *ret)
{
    static const JsonField fields[] = {
        {"list", G_STRUCT_OFFSET(Data, list)},
        {"list", G_STRUCT_OFFSET(Data, own)},
        {"advertiser_account_list", G_STRUCT_OFFSET(Data, list)},
        {"transaction_list", G_STRUCT_OFFSET(Data, list)},
        {"changelog_list", G_STRUCT_OFFSET(Data, list)},
        {"subscriptions", G_STRUCT_OFFSET(Data, list)},
        {"pixels", G_STRUCT_OFFSET(Data, list)},
        {"page_info", G_STRUCT_OFFSET(Data, page_info)},
    };

    *ret = (Data){.list = {NULL, 0}};
    if (text.at == NULL || text.at[0] != '{') {
        ret->list = text;
        return text.at == NULL || text.at[0] == '[';
    }
    return json_pick(text, fields, G_N_ELEMENTS(fields), ret);
}

static gboolean count_rows(JsonSpan list, gint64 *ret)
{
    JsonIter iter;
    JsonSpan name, value;

    *ret = 0;
    if (list.at == NULL)
        return TRUE;
    if (!json_iter_init(&iter, list.at, list.length) || iter.close != ']')
        return FALSE;
    while (json_iter_next(&iter, &name, &value))
        ++*ret;
    return json_iter_whole(&iter);
}

typedef struct {
    JsonSpan page, total_page, total_number;
} PageInfo;

static void read_page_info(JsonSpan text, Answer *answer)
{
    static const JsonField fields[] = {
        {"page", G_STRUCT_OFFSET(PageInfo, page)},
        {"total_page", G_STRUCT_OFFSET(PageInfo, total_page)},
        {"total_number", G_STRUCT_OFFSET(PageInfo, total_number)},
    };
    PageInfo info = {.page = {NULL, 0}};

    if (text.at != NULL)
        json_pick(text, fields, G_N_ELEMENTS(fields), &info);
    answer->page = decode_whole(info.page, -1);
    answer->total_page = decode_whole(info.total_page, -1);
    answer->total_number = decode_whole(info.total_number, -1);
}

static gboolean read_answer(const Envelope *envelope, Answer *answer)
{
    Data data;

    if (!read_data(envelope->data, &data) || !count_rows(data.list, &answer->n_rows))
        return FALSE;
    answer->has_list = data.own.at != NULL && data.own.at[0] == '[';
    read_page_info(data.page_info, answer);
    return TRUE;
}

static GBytes *valid_body(GBytes *body)
{
    gsize length;
    const char *text = g_bytes_get_data(body, &length);

    if (length == 0 || g_utf8_validate_len(text, length, NULL))
        return g_bytes_ref(body);

    char *valid = g_utf8_make_valid(text, (gssize)length);
    return g_bytes_new_take(valid, strlen(valid));
}

Decoded *decode_answer(GBytes *body, guint status, GError **error)
{
    g_autoptr(Decoded) decoded = g_new0(Decoded, 1);
    JsonSpan text;
    Envelope envelope;

    decoded->body = valid_body(body);
    text.at = g_bytes_get_data(decoded->body, &text.length);
    if (text.at == NULL) /* of no bytes GBytes has no pointer either */
        text.at = "";
    gint64 code = read_envelope(text, &envelope) ? decode_whole(envelope.code, -1) : -1;
    if (code < 0 || code > G_MAXINT) {
        g_propagate_error(error, error_of_body(text, status));
        return NULL;
    }
    if (code != 0 && code != CODE_PARTIAL) {
        g_propagate_error(error, error_of_envelope(&envelope, (int)code));
        return NULL;
    }
    decoded->request_id = text_of(envelope.request_id);
    if (!read_answer(&envelope, &decoded->answer)) {
        g_propagate_error(error, api_error_new(API_ERROR_MALFORMED, 0, decoded->request_id,
                                               "the answer's data are not of the known form"));
        return NULL;
    }
    decoded->answer.code = (int)code;
    decoded->answer.request_id = decoded->request_id;
    decoded->answer.body = decoded->body;
    return g_steal_pointer(&decoded);
}

void decoded_free(Decoded *decoded)
{
    if (decoded == NULL)
        return;
    g_clear_pointer(&decoded->body, g_bytes_unref);
    g_free(decoded->request_id);
    g_free(decoded);
}
