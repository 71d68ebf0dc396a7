/* SPDX-License-Identifier: MIT */
/*
 * json.c - one pass over the bytes. Every function here gets `end` and never reads there; the open
 * brackets are remembered in bits, so hostile nesting costs no stack.
 */
#include "api/json.h"

#include <cjson/cJSON.h>
#include <string.h>

static gboolean is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

static const char *skip_escape(const char *at, const char *end)
{
    if (at < end && *at != 'u')
        return *at != '\0' && strchr("\"\\/bfnrt", *at) != NULL ? at + 1 : NULL;
    if (end - at < 5)
        return NULL;
    for (int i = 1; i < 5; i++)
        if (!g_ascii_isxdigit(at[i]))
            return NULL;
    return at + 5;
}

/* From the opening quote to after the closing one. */
static const char *skip_string(const char *at, const char *end)
{
    at++;
    while (at != NULL && at < end) {
        if (*at == '"')
            return at + 1;
        if ((guchar)*at < ' ')
            return NULL;
        at = *at == '\\' ? skip_escape(at + 1, end) : at + 1;
    }
    return NULL;
}

static const char *skip_digits(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && is_digit(*at))
        at++;
    return at > start ? at : NULL;
}

static const char *skip_number(const char *at, const char *end)
{
    if (at < end && *at == '-')
        at++;
    if (at < end && *at == '0')
        at++;
    else if ((at = skip_digits(at, end)) == NULL)
        return NULL;
    if (at < end && *at == '.' && (at = skip_digits(at + 1, end)) == NULL)
        return NULL;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        at = skip_digits(at, end);
    }
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    static const char *const words[] = {"true", "false", "null"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        gsize length = strlen(words[i]);

        if ((gsize)(end - at) >= length && memcmp(at, words[i], length) == 0)
            return at + length;
    }
    return NULL;
}

static const char *skip_scalar(const char *at, const char *end)
{
    if (at == end)
        return NULL;
    if (*at == '"')
        return skip_string(at, end);
    return is_digit(*at) || *at == '-' ? skip_number(at, end) : skip_word(at, end);
}

/* A name with its colon, and the blanks after it. */
static const char *skip_name(const char *at, const char *end, JsonSpan *ret_name)
{
    const char *start = at;

    if (at == end || *at != '"' || (at = skip_string(at, end)) == NULL)
        return NULL;
    if (ret_name != NULL)
        *ret_name = (JsonSpan){start, (gsize)(at - start)};
    at = skip_space(at, end);
    return at < end && *at == ':' ? skip_space(at + 1, end) : NULL;
}

typedef struct {
    guint8 is_object[JSON_DEPTH_MAX / 8]; /* a bit for each open bracket */
    guint depth;
} Brackets;

static gboolean in_object(const Brackets *open)
{
    guint top = open->depth - 1;

    return (open->is_object[top / 8] >> top % 8 & 1) != 0;
}

static gboolean brackets_push(Brackets *open, gboolean is_object)
{
    guint top = open->depth;

    if (top == JSON_DEPTH_MAX)
        return FALSE;
    open->is_object[top / 8] =
        (guint8)((open->is_object[top / 8] & ~(1u << top % 8)) | (guint)is_object << top % 8);
    open->depth++;
    return TRUE;
}

/* Into a container: to its first value, or past it when it is empty. */
static const char *enter(Brackets *open, const char *at, const char *end, gboolean *ret_closed)
{
    gboolean is_object = *at == '{';

    if (!brackets_push(open, is_object))
        return NULL;
    at = skip_space(at + 1, end);
    *ret_closed = at < end && *at == (is_object ? '}' : ']');
    if (*ret_closed) {
        open->depth--;
        return at + 1;
    }
    return is_object ? skip_name(at, end, NULL) : at;
}

/* After a value: close what closes, to the next value; at depth 0 the walk is over. */
static const char *leave(Brackets *open, const char *at, const char *end)
{
    while (open->depth > 0) {
        gboolean is_object = in_object(open);

        at = skip_space(at, end);
        if (at == end)
            return NULL;
        if (*at == ',') {
            at = skip_space(at + 1, end);
            return is_object ? skip_name(at, end, NULL) : at;
        }
        if (*at++ != (is_object ? '}' : ']'))
            return NULL;
        open->depth--;
    }
    return at;
}

const char *json_value_end(const char *at, const char *end)
{
    Brackets open = {.depth = 0};

    at = skip_space(at, end);
    do {
        gboolean closed = TRUE;

        if (at < end && (*at == '{' || *at == '['))
            at = enter(&open, at, end, &closed);
        else
            at = skip_scalar(at, end);
        if (at != NULL && closed)
            at = leave(&open, at, end);
    } while (at != NULL && open.depth > 0);
    return at;
}

gboolean json_iter_init(JsonIter *iter, const char *text, gsize length)
{
    const char *end = text + length, *at = skip_space(text, end);

    *iter = (JsonIter){.at = at, .end = end, .first = TRUE};
    if (at == end || (*at != '{' && *at != '['))
        return FALSE;
    iter->close = *at == '{' ? '}' : ']';
    iter->at++;
    return TRUE;
}

/* TRUE when a value must follow; otherwise the walk is over. */
static gboolean iter_step(JsonIter *iter)
{
    const char *at = skip_space(iter->at, iter->end);

    if (at < iter->end && *at == iter->close) {
        iter->whole = skip_space(at + 1, iter->end) == iter->end;
        return FALSE;
    }
    if (!iter->first) {
        if (at == iter->end || *at != ',')
            return FALSE;
        at = skip_space(at + 1, iter->end);
    }
    iter->first = FALSE;
    iter->at = at;
    return TRUE;
}

gboolean json_iter_next(JsonIter *iter, JsonSpan *name, JsonSpan *value)
{
    const char *after;

    *name = *value = (JsonSpan){"", 0};
    if (iter->close == '\0')
        return FALSE;
    if (!iter_step(iter) ||
        (iter->close == '}' && (iter->at = skip_name(iter->at, iter->end, name)) == NULL) ||
        (after = json_value_end(iter->at, iter->end)) == NULL) {
        iter->close = '\0';
        return FALSE;
    }
    *value = (JsonSpan){iter->at, (gsize)(after - iter->at)};
    iter->at = after;
    return TRUE;
}

gboolean json_iter_whole(const JsonIter *iter)
{
    return iter->whole;
}

gboolean json_pick(JsonSpan text, const JsonField *fields, gsize n_fields, void *ret)
{
    JsonIter iter;
    JsonSpan name, value;

    if (!json_iter_init(&iter, text.at, text.length) || iter.close != '}')
        return FALSE;
    while (json_iter_next(&iter, &name, &value))
        for (gsize i = 0; i < n_fields; i++)
            if (name.length == strlen(fields[i].name) + 2 && !json_span_is_null(value) &&
                memcmp(name.at + 1, fields[i].name, name.length - 2) == 0)
                *(JsonSpan *)((char *)ret + fields[i].offset) = value;
    return json_iter_whole(&iter);
}

static gsize copy_bytes(char *to, const char *from, gsize length)
{
    memcpy(to, from, length);
    to[length] = '\0';
    return length;
}

/* cJSON refuses half a surrogate pair, which the grammar allows: such text stays escaped. */
static gsize copy_escaped(JsonSpan span, char *to)
{
    cJSON *string = cJSON_ParseWithLength(span.at, span.length);
    char *text = cJSON_GetStringValue(string);
    gsize length = text != NULL ? copy_bytes(to, text, strlen(text))
                                : copy_bytes(to, span.at + 1, span.length - 2);

    if (text != NULL)
        explicit_bzero(text, strlen(text)); /* a token may be escaped too */
    cJSON_Delete(string);
    return length;
}

gsize json_span_copy(JsonSpan span, char *to)
{
    if (span.length < 2 || span.at[0] != '"')
        return copy_bytes(to, span.at, span.length);
    if (memchr(span.at, '\\', span.length) == NULL)
        return copy_bytes(to, span.at + 1, span.length - 2);
    return copy_escaped(span, to);
}

char *json_span_text(JsonSpan span)
{
    char *text = g_malloc(span.length + 1);

    json_span_copy(span, text);
    return text;
}

gboolean json_span_is_null(JsonSpan span)
{
    return span.length == 4 && memcmp(span.at, "null", 4) == 0;
}

/* One that can not stand for itself. */
static void add_escaped(GString *out, guchar c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = strchr(bytes, c);

    if (at != NULL)
        g_string_append_printf(out, "\\%c", letters[at - bytes]);
    else
        g_string_append_printf(out, "\\u%04x", (guint)c);
}

void json_add_string(GString *out, const char *text)
{
    const char *plain = text;

    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if ((guchar)*text >= ' ' && *text != '"' && *text != '\\')
            continue;
        g_string_append_len(out, plain, text - plain);
        add_escaped(out, (guchar)*text);
        plain = text + 1;
    }
    g_string_append_len(out, plain, text - plain);
    g_string_append_c(out, '"');
}
