/* SPDX-License-Identifier: MIT */
#pragma once

/* random-rows.h - rows of any shape, as odd as a service may send them. */
#include "tests/unit/report-rows.h"

static inline guint pick(RowsFixture *f, guint n)
{
    return (guint)g_rand_int_range(f->rand, 0, (gint32)n);
}

/* As it is sent, and as it comes out; the length where there is a NUL. */
typedef struct {
    const char *sent;
    gsize length;
    const char *out;
} OddText;

static inline void set_cell(TestRow *row, guint i, const char *text, gsize length, const char *out)
{
    g_autofree char *before = row->out;

    row->cells[i] = text ? g_memdup2(text, length + 1) : NULL;
    row->lengths[i] = length;
    row->out = g_strconcat(before ? before : "", out, "|", NULL);
}

static inline void add_id(RowsFixture *f, TestRow *row, guint i)
{
    static const char *const odd[] = {"1", "a", "\xc3\xa9", "0001", "-", "1000000000000000000000"};
    guint kind = pick(f, 20);

    if (kind == 0)
        row->id = g_strdup(odd[pick(f, G_N_ELEMENTS(odd))]);
    else if (kind == 1) /* longer than its length says */
        row->id = g_strdup_printf("%0*u", (int)pick(f, 4) + 254, pick(f, 3) + 1);
    else
        row->id = g_strdup_printf("%u", pick(f, 1 << pick(f, 12)) + 1);
    set_cell(row, i, row->id, strlen(row->id), row->id);
}

static inline void add_breakdown(RowsFixture *f, TestRow *row, guint i)
{
    static const OddText texts[] = {{"MALE", 4, "MALE"},
                                    {"FEMALE", 6, "FEMALE"},
                                    {"", 0, ""},
                                    {NULL, 0, ""},
                                    {"AGE_13_17", 9, "AGE_13_17"},
                                    {"AGE", 3, "AGE"},
                                    {"\xff", 1, "\xef\xbf\xbd"},
                                    {"a\0b", 3, "a b"}};
    const OddText *text = &texts[pick(f, G_N_ELEMENTS(texts))];
    g_autofree char *before = row->rest;

    row->rest = g_strconcat(before, text->out, "\x01", NULL);
    set_cell(row, i, text->sent, text->length, text->out);
}

static inline char *odd_hour(RowsFixture *f, const char *day, guint hour)
{
    static const char *const ends[] = {":00:00", "", ":00"};
    const char *end = ends[pick(f, G_N_ELEMENTS(ends))];

    return pick(f, 2) ? g_strdup_printf("%s %02u%s", day, hour, end)
                      : g_strdup_printf("%sT%u%s", day, hour, end);
}

static inline char *odd_day(RowsFixture *f, const char *day)
{
    static const char *const ends[] = {"", " 00:00:00", "T00:00:00Z"};

    return g_strconcat(day, ends[pick(f, G_N_ELEMENTS(ends))], NULL);
}

static inline void add_time(RowsFixture *f, TestRow *row, guint i)
{
    gboolean by_hour = f->query.shape.grain == GRAIN_HOUR;
    guint first = (guint)g_ascii_strtoull(f->query.start + 8, NULL, 10);
    guint last = (guint)g_ascii_strtoull(f->query.end + 8, NULL, 10);
    guint hour = pick(f, 24);
    g_autofree char *before = row->rest, *sent = NULL, *out = NULL;

    row->day = g_strdup_printf("%.8s%02u", f->query.start, first + pick(f, last - first + 1));
    sent = by_hour ? odd_hour(f, row->day, hour) : odd_day(f, row->day);
    out = by_hour ? g_strdup_printf("%s %02u:00:00", row->day, hour) : g_strdup(row->day);
    row->rest = g_strconcat(before, out, NULL);
    set_cell(row, i, sent, strlen(sent), out);
}

static inline void add_metric(RowsFixture *f, TestRow *row, guint i)
{
    static const OddText texts[] = {
        {"12.30", 5, "12.30"}, {"-", 1, "-"},     {NULL, 0, "<none>"},         {"", 0, ""},
        {"a\0b\0", 4, "a b "}, {"\0", 1, " "},    {"\xff", 1, "\xef\xbf\xbd"}, {"null", 4, "null"},
        {"\"1\"", 3, "\"1\""}, {"a|b", 3, "a|b"}, {"\xff\xff", 2, "\xff\xff"}};
    const OddText *text = &texts[pick(f, G_N_ELEMENTS(texts))];
    g_autofree char *lengthy = pick(f, 200) == 0 ? g_strnfill(pick(f, 5000), 'x') : NULL;

    if (lengthy)
        set_cell(row, i, lengthy, strlen(lengthy), lengthy);
    else
        set_cell(row, i, text->sent, text->length, text->out);
}

static inline TestRow *random_row(RowsFixture *f)
{
    const ReportShape *shape = &f->query.shape;
    TestRow *row = g_new0(TestRow, 1);
    guint i = 0;
    char *out;

    row->rest = g_strdup("");
    if (shape->id)
        add_id(f, row, i++);
    while (i < f->n_dimensions - (report_time(shape) != NULL))
        add_breakdown(f, row, i++);
    if (report_time(shape))
        add_time(f, row, i++);
    while (i < f->width)
        add_metric(f, row, i++);
    if (!row->id)
        row->id = g_strdup("");
    if (!row->day)
        row->day = g_strdup("");
    out = g_strconcat(row->out, "\n", NULL);
    g_free(row->out);
    row->out = out;
    return row;
}

/* So many rows, or fewer where there are not as many keys. */
static inline void make_rows(RowsFixture *f, guint n)
{
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_ptr_array_set_size(f->rows, 0);
    for (guint i = 0; i < 2 * n && f->rows->len < n; i++) {
        TestRow *row = random_row(f);
        char *key = g_strjoin("\x02", row->day, row->id, row->rest, NULL);

        if (g_hash_table_add(keys, key))
            g_ptr_array_add(f->rows, row);
        else
            test_row_free(row);
    }
}

static inline void shuffle(RowsFixture *f, GPtrArray *rows)
{
    for (guint i = rows->len; i > 1; i--) {
        guint other = pick(f, i);
        void *kept = rows->pdata[i - 1];

        rows->pdata[i - 1] = rows->pdata[other];
        rows->pdata[other] = kept;
    }
}

/* ---- the shapes ---- */

static const char *const four_metrics[] = {"spend", "clicks", "ctr", "campaign_name", NULL};
static const char *const one_metric[] = {"spend", NULL};
static const char *const by_age[] = {"age", NULL}, *const by_both[] = {"gender", "age", NULL};

typedef struct {
    const char *name;
    ReportShape shape;
    const char *start, *end;
} ShapeCase;

/* clang-format off */
static const ShapeCase shape_cases[] = {
    {"by-day", {.level = KIND_AD, .id = "ad_id", .grain = GRAIN_DAY, .metrics = four_metrics},
     "2026-10-02", "2026-10-31"},
    {"by-hour", {.level = KIND_AD, .id = "ad_id", .grain = GRAIN_HOUR, .metrics = one_metric},
     "2026-10-02", "2026-10-02"},
    {"totals", {.level = KIND_AD, .id = "ad_id", .metrics = four_metrics},
     "2026-10-02", "2026-10-31"},
    {"lifetime", {.level = KIND_AD, .id = "ad_id", .lifetime = TRUE, .metrics = one_metric},
     "2026-10-02", "2026-10-31"},
    {"breakdown-by-day", {.level = KIND_AD, .id = "ad_id", .grain = GRAIN_DAY,
                          .breakdown = by_age, .metrics = four_metrics},
     "2026-10-02", "2026-10-04"},
    {"breakdown-without-ids", {.level = KIND_ADVERTISER, .breakdown = by_both,
                               .metrics = one_metric},
     "2026-10-02", "2026-10-31"},
    {"days-alone", {.level = KIND_ADVERTISER, .grain = GRAIN_DAY, .metrics = four_metrics},
     "2026-10-02", "2026-10-31"},
    {"one-row", {.level = KIND_ADVERTISER, .metrics = four_metrics}, "2026-10-02", "2026-10-31"},
    {"hours-and-breakdowns", {.level = KIND_AD, .id = "ad_id", .grain = GRAIN_HOUR,
                              .breakdown = by_both, .metrics = one_metric},
     "2026-10-02", "2026-10-03"},
};
/* clang-format on */
