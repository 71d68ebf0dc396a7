/* SPDX-License-Identifier: MIT */
/* html-text.c - names and numbers as parts of a page. Names are somebody else's: each is escaped.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "fs/html-private.h"

static const char *const level_words[N_KINDS][2] = {
    [KIND_ADVERTISER] = {"account", "accounts"},
    [KIND_CAMPAIGN] = {"campaign", "campaigns"},
    [KIND_ADGROUP] = {"ad group", "ad groups"},
    [KIND_AD] = {"ad", "ads"},
};

static char *readable(const char *name)
{
    char *text = g_strdelimit(g_strdup(name), "_", ' ');

    text[0] = g_ascii_toupper(text[0]);
    return text;
}

char *html_metric_label(const HtmlMetric *metric)
{
    /* ctr, cpc, cpm: the first letters of what they mean. */
    g_autofree char *text =
        strlen(metric->name) == 3 ? g_ascii_strup(metric->name, -1) : readable(metric->name);

    return g_strconcat(text, metric->percent ? " %" : "", NULL);
}

/* Of an object whose name and id are one column, what it is. */
char *html_column_label(const char *name)
{
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++)
        if (g_strcmp0(name, kind_names(kind)->id) == 0 ||
            g_strcmp0(name, kind_names(kind)->name) == 0)
            return readable(level_words[kind][0]);
    return readable(name);
}

const char *html_level_word(const ReportShape *shape, guint64 n)
{
    if (shape->id == NULL || shape->breakdown != NULL || level_words[shape->level][0] == NULL)
        return n == 1 ? "line" : "lines";
    return level_words[shape->level][n == 1 ? 0 : 1];
}

/* ---- writing ---- */

void html_put_text(FILE *out, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    g_autofree char *escaped = valid != NULL ? g_markup_escape_text(valid, -1) : NULL;

    if (escaped != NULL)
        fputs(escaped, out);
}

void html_put_named(FILE *out, const char *text)
{
    fputs("<bdi>", out);
    html_put_text(out, text);
    fputs("</bdi>", out);
}

/* The marks between thousands are space and no character: what is copied are the digits. */
void html_put_number(FILE *out, const char *text)
{
    gsize sign = *text == '-', digits = strspn(text + sign, "0123456789");
    gsize first = (digits + 2) % 3 + 1; /* how many before the first mark */

    fprintf(out, "%.*s", (int)(sign + MIN(first, digits)), text);
    for (gsize i = first; i < digits; i += 3)
        fprintf(out, "<i>%.3s</i>", text + sign + i);
    html_put_text(out, text + sign + digits);
}

/* Within a script element nothing may look like its end, or like a comment. */
void html_put_json(FILE *out, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    cJSON item = {.type = cJSON_String | cJSON_IsReference, .valuestring = valid};
    char *json;

    if (valid == NULL) {
        fputs("null", out);
        return;
    }
    json = cJSON_PrintUnformatted(&item);
    for (const char *p = json; *p != '\0'; p++) {
        if (strchr("<>&", *p) != NULL)
            fprintf(out, "\\u%04x", (guint)(guchar)*p);
        else
            fputc(*p, out);
    }
    cJSON_free(json);
}
