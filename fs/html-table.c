/* SPDX-License-Identifier: MIT */
/* html-table.c - the lines of a page: objects by spend, or the steps of time of a single one. */
#include <string.h>

#include "fs/html-private.h"

enum { STEPS_MAX = 31 };

/* A name and an id of the same thing are one column. Indexes of texts; -1: none. */
typedef struct {
    int name, id;
} Column;

static gsize base_length(const char *name)
{
    gboolean pairs = g_str_has_suffix(name, "_name") || g_str_has_suffix(name, "_id");

    return pairs ? (gsize)(strrchr(name, '_') - name) : strlen(name);
}

static gboolean is_same_thing(const char *a, const char *b)
{
    return base_length(a) == base_length(b) && strncmp(a, b, base_length(a)) == 0;
}

static const char *column_name(const HtmlTop *top, const Column *column)
{
    return top->text_name[column->id >= 0 ? column->id : column->name];
}

static guint find_columns(const HtmlTop *top, Column ret[HTML_TEXTS])
{
    guint n = 0, at;

    for (guint i = 0; i < top->n_texts; i++) {
        gboolean id = g_str_has_suffix(top->text_name[i], "_id");

        for (at = 0; at < n; at++)
            if (is_same_thing(column_name(top, &ret[at]), top->text_name[i]))
                break;
        if (at == n)
            ret[n++] = (Column){-1, -1};
        *(id ? &ret[at].id : &ret[at].name) = (int)i;
    }
    return n;
}

char *html_group_label(const HtmlTop *top, const Group *group)
{
    GString *label = g_string_new(NULL);
    Column columns[HTML_TEXTS];
    guint n = find_columns(top, columns);

    for (guint i = 0; i < MIN(n, top->n_keys); i++) {
        const char *name = columns[i].name >= 0 ? group->texts[columns[i].name] : NULL;

        if (name == NULL && columns[i].id >= 0)
            name = group->texts[columns[i].id];
        g_string_append_printf(label, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "?");
    }
    return g_string_free(label, FALSE);
}

/* ---- cells ---- */

static void put_numbers(const HtmlPage *page, const Sums *sums, FILE *out)
{
    for (guint i = 0; i < page->metrics.n; i++) {
        g_autofree char *text = html_sums_text(sums, &page->metrics, i);

        fputs("<td>", out);
        if (text != NULL)
            html_put_number(out, text);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

static void put_column_heads(const HtmlPage *page, FILE *out)
{
    for (guint i = 0; i < page->metrics.n; i++) {
        g_autofree char *label = html_metric_label(&page->metrics.of[i]);

        fputs("<th scope=\"col\">", out);
        html_put_text(out, label);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_cell(const Group *group, const Column *column, gboolean first, FILE *out)
{
    const char *name = column->name >= 0 ? group->texts[column->name] : NULL;
    const char *id = column->id >= 0 ? group->texts[column->id] : NULL;

    fputs(first ? "<th scope=\"row\">" : "<td class=\"text\">", out);
    if (name != NULL)
        html_put_named(out, name);
    if (id != NULL) {
        fputs(name != NULL ? "<small>" : "<span>", out);
        html_put_text(out, id);
        fputs(name != NULL ? "</small>" : "</span>", out);
    }
    fputs(first ? "</th>" : "</td>", out);
}

static void put_time(const Group *group, FILE *out)
{
    fputs("<td class=\"text\">", out);
    html_put_text(out, group->time);
    fputs("</td>", out);
}

static void put_sum(const HtmlPage *page, guint n_columns, FILE *out)
{
    fprintf(out, "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"%u\">All rows</th>", n_columns);
    put_numbers(page, &page->total, out);
    fputs("</tfoot></table></div>\n", out);
}

/* ---- the two kinds ---- */

static void put_groups(const HtmlPage *page, FILE *out)
{
    const HtmlTop *top = &page->top;
    Column columns[HTML_TEXTS];
    guint n = find_columns(top, columns);

    fputs("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>", out);
    for (guint i = 0; i < n; i++) {
        g_autofree char *label = html_column_label(column_name(top, &columns[i]));

        fputs("<th scope=\"col\" class=\"text\">", out);
        html_put_text(out, label);
        fputs("</th>", out);
    }
    if (top->crowded)
        fputs("<th scope=\"col\" class=\"text\">Time</th>", out);
    put_column_heads(page, out);
    for (guint i = 0; i < top->best.n; i++) {
        const Group *group = top->best.of[i];

        fputs("<tr>", out);
        for (guint j = 0; j < n; j++)
            put_cell(group, &columns[j], j == 0, out);
        if (top->crowded)
            put_time(group, out);
        put_numbers(page, &group->sums, out);
    }
    put_sum(page, n + top->crowded, out);
}

/* The newest first. */
static void put_steps(const HtmlPage *page, FILE *out)
{
    const HtmlSteps *steps = &page->steps;
    g_autofree char *word = html_column_label(html_steps_word(steps));
    guint n = 0;

    fprintf(out,
            "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
            "<th scope=\"col\" class=\"text\">%s</th>",
            word);
    put_column_heads(page, out);
    for (guint i = steps->keys->len; i > 0 && n < STEPS_MAX; i--) {
        const Sums *sums = &steps->sums[i - 1];

        if (sums->rows == 0)
            continue;
        fprintf(out, "<tr><th scope=\"row\">%s%s</th>", (char *)steps->keys->pdata[i - 1],
                g_str_equal(word, "Hour") ? ":00" : "");
        put_numbers(page, sums, out);
        n++;
    }
    put_sum(page, 1, out);
}

static void put_groups_title(const HtmlPage *page, FILE *out)
{
    const HtmlTop *top = &page->top;
    int first = page->metrics.first;
    g_autofree char *label =
        first >= 0 ? html_metric_label(&page->metrics.of[first]) : g_strdup("their order");
    const char *word = top->crowded ? "rows" : html_level_word(page->shape, top->n);

    label[0] = g_ascii_tolower(label[0]);
    fputs("<h2>", out);
    if (top->best.n < top->n)
        fprintf(out, "The first %u of ", top->best.n);
    fprintf(out, "%" G_GUINT64_FORMAT " %s by %s</h2>\n", top->n, word, label);
}

void html_put_table(const HtmlPage *page, FILE *out)
{
    if (page->total.rows == 0)
        return;
    fputs("<section class=\"lines\">\n", out);
    if (page->top.n == 1 && page->steps.keys->len > 1) {
        fprintf(out, "<h2>By %s, the newest first</h2>\n", html_steps_word(&page->steps));
        put_steps(page, out);
    } else {
        put_groups_title(page, out);
        put_groups(page, out);
    }
    fputs("</section>\n", out);
}
