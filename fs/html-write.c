/* SPDX-License-Identifier: MIT */
/* html-write.c - the page as text, around what fs/page/ holds: its style, its script, the library.
 */
#include <gio/gio.h>
#include <string.h>

#include "fs/html-private.h"
#include "fs/page/page-resource.h"

/* ---- what is built in ---- */

/* Never NULL: the build put it there. */
static GBytes *part(const char *name)
{
    g_autofree char *path = g_strconcat("/adsfs/page/", name, NULL);
    GBytes *bytes =
        g_resource_lookup_data(page_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    g_assert(bytes != NULL);
    return bytes;
}

static void put_part(GBytes *bytes, FILE *out)
{
    gsize size;
    const void *text = g_bytes_get_data(bytes, &size);

    fwrite(text, 1, size, out);
}

/* 'sha256-…', by which the policy of the page lets exactly this text be. */
static void put_hash(GBytes *bytes, FILE *out)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *text = NULL;
    guint8 digest[32];
    gsize size = sizeof digest, length;
    const void *data = g_bytes_get_data(bytes, &length);

    g_checksum_update(checksum, data, (gssize)length);
    g_checksum_get_digest(checksum, digest, &size);
    text = g_base64_encode(digest, size);
    fprintf(out, " 'sha256-%s'", text);
}

/* ---- the head ---- */

static void put_policy(GBytes *style, GBytes *library, GBytes *script, FILE *out)
{
    fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src",
          out);
    put_hash(style, out);
    fputs("; script-src", out);
    put_hash(library, out);
    put_hash(script, out);
    fputs("; base-uri 'none'; form-action 'none'\">\n", out);
}

static void put_head(const HtmlPage *page, GBytes *style, FILE *out)
{
    const HtmlHead *head = &page->head;

    fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"generator\" content=\"adsfs " ADSFS_VERSION "\">\n<title>",
          out);
    html_put_text(out, head->title);
    if (head->start != NULL)
        fprintf(out, ", %s to %s", head->start, head->end);
    fputs("</title>\n<style>", out);
    put_part(style, out);
    fputs("</style>\n</head>\n", out);
}

/* ---- what it is of ---- */

static void put_item(const char *before, const char *text, FILE *out)
{
    if (text == NULL || *text == '\0')
        return;
    fprintf(out, "<li>%s", before);
    html_put_named(out, text);
    fputs("</li>\n", out);
}

static char *range_text(const HtmlHead *head)
{
    gboolean named, many;

    if (head->start == NULL)
        return g_strdup(head->range);
    named = head->range != NULL && !g_ascii_isdigit(head->range[0]);
    many = g_strcmp0(head->start, head->end) != 0;
    return g_strconcat(named ? head->range : "", named ? ": " : "", head->start, many ? " to " : "",
                       many ? head->end : "", NULL);
}

static char *split_text(const HtmlPage *page)
{
    g_autoptr(GPtrArray) names = report_dimensions(page->shape);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < names->len - 1; i++) {
        gboolean time = (int)i == page->time;
        g_autofree char *label = time ? g_strdup(page->shape->grain == GRAIN_HOUR ? "hour" : "day")
                                      : html_column_label(names->pdata[i]);

        label[0] = g_ascii_tolower(label[0]);
        g_string_append_printf(text, "%s%s",
                               i == 0               ? ""
                               : i + 2 < names->len ? ", "
                                                    : " and ",
                               label);
    }
    return g_string_free(text, FALSE);
}

static void put_header(const HtmlPage *page, FILE *out)
{
    const HtmlHead *head = &page->head;
    g_autofree char *range = range_text(head);
    g_autofree char *split = split_text(page);

    fputs("<header>\n<h1>", out);
    html_put_named(out, head->title);
    fputs("</h1>\n<ul>\n", out);
    put_item("", head->what, out);
    put_item("", range, out);
    put_item("by ", split, out);
    put_item("amounts in ", head->currency, out);
    put_item("time zone ", head->timezone, out);
    fputs("</ul>\n</header>\n", out);
}

/* ---- the charts ---- */

static const char *unit_of(const HtmlPage *page, guint metric)
{
    return page->metrics.of[metric].money ? page->head.currency : NULL;
}

/* What the second one may show instead. */
static void put_choice(const HtmlPage *page, const HtmlSeries *series, FILE *out)
{
    fputs("<select id=\"choice\" aria-label=\"What the second chart shows\">", out);
    for (guint i = 0; i < page->metrics.n; i++) {
        g_autofree char *label = html_metric_label(&page->metrics.of[i]);

        if ((int)i == page->metrics.first || !html_series_has(page, series, i))
            continue;
        fprintf(out, "<option value=\"%u\"%s>", i,
                (int)i == page->metrics.second ? " selected" : "");
        html_put_text(out, label);
        fputs("</option>", out);
    }
    fputs("</select>", out);
}

static void put_chart(const HtmlPage *page, const HtmlSeries *series, const char *id, int metric,
                      FILE *out)
{
    g_autofree char *label = html_metric_label(&page->metrics.of[metric]);
    g_autofree char *sum = html_sums_text(&page->total, &page->metrics, (guint)metric);

    fprintf(out, "<figure id=\"%s\"><figcaption>", id);
    if (metric == page->metrics.first) {
        fputs("<span>", out);
        html_put_text(out, label);
        fputs("</span>", out);
    } else {
        put_choice(page, series, out);
    }
    fputs(" <b>", out);
    if (sum != NULL)
        html_put_number(out, sum);
    if (sum != NULL && unit_of(page, (guint)metric) != NULL) {
        fputs("<em>", out);
        html_put_text(out, unit_of(page, (guint)metric));
        fputs("</em>", out);
    }
    fputs("</b></figcaption><div class=\"plot\"><canvas tabindex=\"0\" role=\"img\" aria-label=\"",
          out);
    html_put_text(out, label);
    fprintf(out, " by %s; arrow keys show the values\"></canvas></div></figure>\n",
            series->over_time ? html_steps_word(&page->steps) : html_level_word(page->shape, 1));
}

static void put_charts(const HtmlPage *page, const HtmlSeries *series, FILE *out)
{
    if (page->total.rows == 0) {
        fputs("<p class=\"none\">No rows: nothing was shown in this time.</p>\n", out);
        return;
    }
    if (page->metrics.first < 0)
        return;
    fprintf(out, "<section id=\"charts\" class=\"%s\">\n", series->over_time ? "time" : "lines");
    put_chart(page, series, "first", page->metrics.first, out);
    if (page->metrics.second >= 0)
        put_chart(page, series, "second", page->metrics.second, out);
    fputs("<div id=\"tip\" role=\"status\" hidden></div>\n"
          "<noscript><p class=\"none\">The charts need JavaScript; the table does "
          "not.</p></noscript>\n</section>\n",
          out);
}

/* ---- the figures, for the script ---- */

static void put_labels(const HtmlPage *page, const HtmlSeries *series, FILE *out)
{
    fputs("\"labels\":[", out);
    for (guint i = 0; i < series->n; i++) {
        g_autofree char *label = series->over_time
                                     ? g_strdup(page->steps.keys->pdata[i])
                                     : html_group_label(&page->top, page->top.best.of[i]);

        fputs(i > 0 ? "," : "", out);
        html_put_json(out, label);
    }
    fputs("]", out);
}

static void put_metric(const HtmlPage *page, const HtmlSeries *series, guint metric, FILE *out)
{
    g_autofree char *label = html_metric_label(&page->metrics.of[metric]);
    g_autofree char *sum = html_sums_text(&page->total, &page->metrics, metric);

    fputs("{\"label\":", out);
    html_put_json(out, label);
    fputs(",\"unit\":", out);
    html_put_json(out, unit_of(page, metric));
    fputs(",\"sum\":", out);
    html_put_json(out, sum);
    fputs(",\"values\":[", out);
    for (guint i = 0; i < series->n; i++) {
        g_autofree char *text =
            html_sums_text(html_series_at(page, series, i), &page->metrics, metric);

        fputs(i > 0 ? "," : "", out);
        html_put_json(out, text);
    }
    fputs("]}", out);
}

static void put_data(const HtmlPage *page, const HtmlSeries *series, FILE *out)
{
    fprintf(
        out,
        "<script type=\"application/json\" id=\"data\">{\"time\":%s,\"first\":%d,\"second\":%d,",
        series->over_time ? "true" : "false", page->metrics.first, page->metrics.second);
    put_labels(page, series, out);
    fputs(",\"metrics\":[", out);
    for (guint i = 0; i < page->metrics.n; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        put_metric(page, series, i, out);
    }
    fputs("]}</script>\n", out);
}

/* ---- the end ---- */

static void put_footer(const HtmlPage *page, FILE *out)
{
    const HtmlHead *head = &page->head;

    fprintf(out, "<footer>\n<p>%" G_GUINT64_FORMAT " row%s.", page->total.rows,
            page->total.rows == 1 ? "" : "s");
    if (head->as_of != NULL)
        fprintf(out, " As of %s.", head->as_of);
    if (head->frozen != NULL && g_strcmp0(head->frozen, head->end) < 0)
        fprintf(out, " Days after %s can still change.", head->frozen);
    else if (head->frozen != NULL)
        fputs(" No day of it changes any more.", out);
    if (page->n_timeless > 0)
        fprintf(out, " %" G_GUINT64_FORMAT " of them have no time: they are in the sums alone.",
                page->n_timeless);
    if (page->top.crowded)
        fprintf(out, " Of more than %d %s, the table shows single rows.", HTML_GROUPS,
                html_level_word(page->shape, 2));
    if (page->metrics.mixed)
        fputs(" Amounts are in the currency of each account, and not added up over accounts.", out);
    if (page->metrics.n_hidden > 0)
        fprintf(out, " %u more metrics are in the report as CSV.", page->metrics.n_hidden);
    fputs("</p>\n<p>Charts by Chart.js, under the MIT licence, which is in the source of this "
          "page.</p>\n</footer>\n",
          out);
}

void html_write(HtmlPage *page, FILE *out)
{
    g_autoptr(GBytes) style = part("page.css"), library = part("chart.js");
    g_autoptr(GBytes) script = part("page.js"), licence = part("chart-licence.html");
    HtmlSeries series;

    html_top_end(&page->top);
    series = html_series(page);
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
    put_policy(style, library, script, out);
    put_head(page, style, out);
    fputs("<body>\n", out);
    put_header(page, out);
    fputs("<main>\n", out);
    put_charts(page, &series, out);
    html_put_table(page, out);
    fputs("</main>\n", out);
    put_footer(page, out);
    if (page->total.rows > 0 && page->metrics.first >= 0) {
        put_data(page, &series, out);
        put_part(licence, out);
        fputs("<script>", out);
        put_part(library, out);
        fputs("</script>\n<script>", out);
        put_part(script, out);
        fputs("</script>\n", out);
    }
    fputs("</body>\n</html>\n", out);
}
