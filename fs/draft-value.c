/* SPDX-License-Identifier: MIT */
/* draft-value.c - from a line of a draft's file to what is sent, and back. */
#include <string.h>

#include "api/error.h"
#include "api/json.h"
#include "fs/draft-table.h"

enum { AD_TEXT_MAX = 100, TIME_LENGTH = 19 };

gboolean draft_is_number(const DraftRow *row)
{
    return row->type == DRAFT_MONEY || row->type == DRAFT_BID || row->type == DRAFT_NUMBER;
}

static char *refuse(const DraftRow *row, const char *text, const char *problem, GError **error)
{
    g_autofree char *quoted = attr_quote(text);

    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "%s: %s: %s; write: %s",
                                           row->name, quoted, problem, row->hint));
    return NULL;
}

static char *json_text(const char *text)
{
    GString *json = g_string_new(NULL);

    json_add_string(json, text);
    return g_string_free(json, FALSE);
}

/* ---- as the files of objects take it ---- */

/* The values as the service would show them; but for one, since what is there already is taken in
   whatever range it is. */
static Object *as_object(const DraftView *view, const DraftRow *without)
{
    g_autoptr(GString) json = g_string_new("{");
    const DraftRow *row;

    for (guint i = 0; (row = draft_row(view->kind, i)) != NULL; i++) {
        const char *raw = row != without ? object_raw(view->values, row->name) : NULL;

        if (raw != NULL && strcmp(raw, "null") != 0)
            g_string_append_printf(json, "%s\"%s\":%s", json->len > 1 ? "," : "", row->member, raw);
    }
    g_string_append_c(json, '}');
    return object_new(json->str, (gssize)json->len, NULL);
}

static char *parse_as_attr(const DraftRow *row, const DraftView *view, const char *text,
                           GError **error)
{
    const AttrRow *attr = attr_find(view->kind, row->name);
    g_autoptr(Object) object = as_object(view, row);
    g_auto(AttrChange) change = {0};
    AttrView attr_view = {
        .object = object, .kind = view->kind, .currency = view->currency, .path = row->name};

    if (view->kind == KIND_ADGROUP)
        attr_view.campaign = view->parent;
    if (!attr_change(attr, &attr_view, text, &change, error))
        return NULL;
    if (strcmp(change.member, "scheduled_budget") == 0)
        return refuse(row, text, "what is not there yet has no next midnight", error);
    if (!change.amount)
        return json_text(change.value);
    return g_strdup(change.value);
}

/* An amount that no file of an object has. */
static char *parse_amount(const DraftRow *row, const DraftView *view, const char *text,
                          GError **error)
{
    gint64 micros, step = MONEY_UNIT;

    if (attr_find(view->kind, row->name) != NULL)
        return parse_as_attr(row, view, text, error);
    if (!money_is_plain(text) || !money_parse(text, &micros, NULL))
        return refuse(row, text, "not an amount", error);
    for (guint i = 0; i < view->currency->decimals; i++)
        step /= 10;
    if (micros % step != 0)
        return refuse(row, text, "more decimals than the currency has", error);
    return money_format(micros, view->currency->decimals);
}

/* ---- of their own ---- */

static char *parse_word(const DraftRow *row, const char *text, GError **error)
{
    if (strpbrk(text, " \t,;\"'") != NULL)
        return refuse(row, text, "not one word", error);
    return json_text(text);
}

static char *parse_number(const DraftRow *row, const char *text, GError **error)
{
    gint64 micros;
    gsize digits = strspn(text, "0123456789");

    if (digits == strlen(text) && digits > 0 && digits <= 19 && money_is_plain(text))
        return g_strdup(text); /* ids have more digits than amounts */
    if (!money_is_plain(text) || !money_parse(text, &micros, NULL))
        return refuse(row, text, "not a number", error);
    return money_format(micros, 0);
}

static char *parse_bool(const DraftRow *row, const char *text, GError **error)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return refuse(row, text, "neither true nor false", error);
    return g_strdup(text);
}

/* "2026-12-01 00:00:00", also "2026-12-01T00:00:00Z"; new, in the first form. NULL: it is none. */
static char *canonical_time(const char *text)
{
    g_autofree char *plain = g_strdup(text);
    gsize length = strlen(plain);
    g_autoptr(GDateTime) time = NULL;
    g_autofree char *iso = NULL;

    if (length == TIME_LENGTH + 1 && plain[TIME_LENGTH] == 'Z')
        plain[TIME_LENGTH] = '\0';
    if (strlen(plain) != TIME_LENGTH || (plain[10] != ' ' && plain[10] != 'T'))
        return NULL;
    plain[10] = 'T';
    iso = g_strconcat(plain, "Z", NULL);
    time = g_date_time_new_from_iso8601(iso, NULL);
    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : NULL;
}

static char *parse_time(const DraftRow *row, const char *text, GError **error)
{
    g_autofree char *time = NULL;

    if (strcmp(text, "now") == 0 && strcmp(row->name, "schedule_start") == 0)
        return json_text(text);
    time = canonical_time(text);
    return time != NULL ? json_text(time) : refuse(row, text, "not a time", error);
}

/* A list that is written as JSON; texts: of nothing else. */
static char *parse_json(const DraftRow *row, const char *text, gboolean texts, GError **error)
{
    g_autoptr(GString) json = g_string_new("[");
    JsonSpan name, value;
    JsonIter iter;

    if (text[0] != '[' || !json_iter_init(&iter, text, strlen(text)))
        return refuse(row, text, "not a JSON list", error);
    while (json_iter_next(&iter, &name, &value)) {
        if (texts && *value.at != '"')
            return refuse(row, text, "not a list of texts", error);
        g_string_append_printf(json, "%s%.*s", json->len > 1 ? "," : "", (int)value.length,
                               value.at);
    }
    if (!json_iter_whole(&iter))
        return refuse(row, text, "not a JSON list", error);
    g_string_append_c(json, ']');
    return g_strdup(json->str);
}

static char *parse_list(const DraftRow *row, const char *text, GError **error)
{
    g_autoptr(GString) json = g_string_new("[");
    g_auto(GStrv) words = g_strsplit_set(text, " \t,", -1);

    if (text[0] == '[')
        return parse_json(row, text, TRUE, error);
    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0')
            continue;
        if (json->len > 1)
            g_string_append_c(json, ',');
        json_add_string(json, words[i]);
    }
    g_string_append_c(json, ']');
    return g_strdup(json->str);
}

/* A CJK character counts as two. */
static char *parse_ad_text(const DraftRow *row, const char *text, GError **error)
{
    guint width = 0;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        width += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    if (width > AD_TEXT_MAX)
        return refuse(row, text, "longer than 100 characters, of which a CJK one counts as two",
                      error);
    return json_text(text);
}

static const char *line_problem(const char *text)
{
    if (strpbrk(text, "\n\r") != NULL)
        return "more than one line";
    if (!g_utf8_validate(text, -1, NULL))
        return "not UTF-8";
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return "a control character";
    return NULL;
}

char *draft_parse(const DraftRow *row, const DraftView *view, const char *text, GError **error)
{
    const char *problem = line_problem(text);

    if (*text == '\0')
        return g_strdup("null");
    if (problem != NULL)
        return refuse(row, text, problem, error);
    switch (row->type) {
    case DRAFT_WORD:
        return parse_word(row, text, error);
    case DRAFT_TEXT:
        return json_text(text);
    case DRAFT_NAME:
    case DRAFT_STATUS:
        return parse_as_attr(row, view, text, error);
    case DRAFT_MONEY:
    case DRAFT_BID:
        return parse_amount(row, view, text, error);
    case DRAFT_NUMBER:
        return parse_number(row, text, error);
    case DRAFT_BOOL:
        return parse_bool(row, text, error);
    case DRAFT_TIME:
        return parse_time(row, text, error);
    case DRAFT_LIST:
        return parse_list(row, text, error);
    case DRAFT_JSON:
        return parse_json(row, text, FALSE, error);
    case DRAFT_ADTEXT:
        return parse_ad_text(row, text, error);
    }
    return NULL;
}

/* ---- show ---- */

/* With blanks between them, unless one of them has some. */
static void render_list(const char *raw, GString *out)
{
    g_autoptr(GString) words = g_string_new(NULL);
    JsonSpan name, value;
    JsonIter iter;

    if (!json_iter_init(&iter, raw, strlen(raw)))
        return;
    while (json_iter_next(&iter, &name, &value)) {
        g_autofree char *word = json_span_text(value);

        if (*word == '\0' || *word == '[' || strpbrk(word, " \t,\n\r") != NULL) {
            g_string_append(out, raw);
            return;
        }
        g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", word);
    }
    g_string_append(out, words->str);
}

static void render_default(const DraftRow *row, const DraftView *view, GString *out)
{
    if (row->type == DRAFT_NAME)
        g_string_append(out, view->name);
    else if (row->type == DRAFT_STATUS)
        g_string_append(out, "DISABLE");
}

void draft_render(const DraftRow *row, const DraftView *view, GString *out)
{
    const char *raw = object_raw(view->values, row->name);
    g_autofree char *amount = NULL;
    gint64 micros;

    if (raw == NULL || strcmp(raw, "null") == 0) {
        render_default(row, view, out);
    } else if ((row->type == DRAFT_MONEY || row->type == DRAFT_BID) &&
               money_from_json(raw, &micros)) {
        amount = money_format(micros, view->currency->decimals);
        g_string_append(out, amount);
    } else if (row->type == DRAFT_LIST) {
        render_list(raw, out);
    } else {
        g_string_append(out, object_text(view->values, row->name));
    }
}

/* ---- take over ---- */

static gboolean is_nothing(const char *raw)
{
    static const char *const nothing[] = {"null", "\"\"", "[]", "{}", "\"0\"", NULL};
    gint64 micros;

    return g_strv_contains(nothing, raw) ||
           (raw[0] != '"' && money_from_json(raw, &micros) && micros == 0);
}

static gboolean is_text(const DraftRow *row)
{
    return row->type == DRAFT_WORD || row->type == DRAFT_TEXT || row->type == DRAFT_TIME ||
           row->type == DRAFT_ADTEXT;
}

/* As it would be sent: numbers without quotes, texts with them. NULL: it is something else. */
static char *as_sent(const DraftRow *row, const char *raw)
{
    gsize length = strlen(raw);
    gboolean list = row->type == DRAFT_LIST || row->type == DRAFT_JSON;

    if (list)
        return raw[0] == '[' ? g_strdup(raw) : NULL;
    if (is_text(row) && raw[0] != '"')
        return raw[0] != '[' && raw[0] != '{' ? g_strdup_printf("\"%s\"", raw) : NULL;
    if (draft_is_number(row) && raw[0] == '"')
        return length > 2 && strspn(raw + 1, "0123456789.") == length - 2
                   ? g_strndup(raw + 1, length - 2)
                   : NULL;
    return g_strdup(raw);
}

char *draft_take(ObjectKind kind, const Object *object)
{
    GString *patch = g_string_new("{");
    const DraftRow *row;

    for (guint i = 0; (row = draft_row(kind, i)) != NULL; i++) {
        const char *raw = object_raw(object, row->member);
        g_autofree char *sent = NULL;

        if (row->type == DRAFT_BID && (raw == NULL || is_nothing(raw)))
            raw = object_raw(object, "conversion_bid_price");
        if (row->type == DRAFT_NAME || row->type == DRAFT_STATUS || raw == NULL || is_nothing(raw))
            continue;
        sent = as_sent(row, raw);
        if (sent != NULL)
            g_string_append_printf(patch, "%s\"%s\":%s", patch->len > 1 ? "," : "", row->name,
                                   sent);
    }
    g_string_append_c(patch, '}');
    return g_string_free(patch, FALSE);
}
