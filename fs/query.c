/* SPDX-License-Identifier: MIT */
/*
 * query.c - report paths: from words to days, from a file name to what to ask for.
 *
 * A range is only ever whole days of the account's calendar, so everything after "which day is it
 * there now" is GDate arithmetic, and no day has a length that summer time could change.
 */
#include "fs/query.h"

#include <string.h>

#include "api/error.h"

#define FIRST_YEAR                                                                                 \
    2010                /* there are no ads to report on before; a typing error would cost calls   \
                         */
#define LONGEST_AGO 365 /* the most that last-Nd says */

const char *const query_named_ranges[] = {"today",      "yesterday",  "last-7d", "last-30d",
                                          "this-month", "last-month", NULL};

static const char *const format_words[] = {"json", "ndjson", "csv", "tsv"}; /* as ReportFormat */

/* clang-format off */
#define DEFAULT_METRICS \
    "spend", "impressions", "clicks", "ctr", "cpc", "cpm", "conversion", "cost_per_conversion", NULL

static const char *const none[] = {NULL};
static const char *const advertiser_metrics[] = {"advertiser_name", DEFAULT_METRICS};
static const char *const campaign_metrics[] = {"campaign_name", DEFAULT_METRICS};
static const char *const adgroup_metrics[] = {
    "adgroup_name", "campaign_id", "campaign_name", DEFAULT_METRICS};
static const char *const ad_metrics[] = {
    "ad_name", "adgroup_id", "adgroup_name", "campaign_id", "campaign_name", DEFAULT_METRICS};

static const char *const *const metrics[KIND_AD + 1] = {
    [KIND_NONE] = none,
    [KIND_ADVERTISER] = advertiser_metrics,
    [KIND_CAMPAIGN] = campaign_metrics,
    [KIND_ADGROUP] = adgroup_metrics,
    [KIND_AD] = ad_metrics,
};
/* clang-format on */

static gboolean refuse(GError **error, const char *range, const char *why)
{
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "range %s: %s", range, why));
    return FALSE;
}

/* ---- calendar ---- */

/* Exactly n digits at text. */
static gboolean read_digits(const char *text, guint n, guint *ret)
{
    *ret = 0;
    for (guint i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return FALSE;
        *ret = *ret * 10 + (guint)g_ascii_digit_value(text[i]);
    }
    return TRUE;
}

/* "2026-11" at text, as its first day. */
static gboolean read_month(const char *text, GDate *ret)
{
    guint year, month;

    if (!read_digits(text, 4, &year) || text[4] != '-' || !read_digits(text + 5, 2, &month) ||
        year < FIRST_YEAR || !g_date_valid_dmy(1, month, (GDateYear)year))
        return FALSE;
    g_date_set_dmy(ret, 1, month, (GDateYear)year);
    return TRUE;
}

/* "2026-11-05" at text; what follows is the caller's. */
static gboolean read_day(const char *text, GDate *ret)
{
    guint day;

    if (!read_month(text, ret) || text[7] != '-' || !read_digits(text + 8, 2, &day) ||
        !g_date_valid_dmy((GDateDay)day, g_date_get_month(ret), g_date_get_year(ret)))
        return FALSE;
    g_date_set_day(ret, (GDateDay)day);
    return TRUE;
}

static void month_end(const GDate *day, GDate *ret)
{
    *ret = *day;
    g_date_set_day(ret, g_date_get_days_in_month(g_date_get_month(day), g_date_get_year(day)));
}

static void write_day(const GDate *day, char ret[11])
{
    g_snprintf(ret, 11, "%04u-%02u-%02u", g_date_get_year(day), (guint)g_date_get_month(day),
               g_date_get_day(day));
}

/* An identifier as the API names it. The sign of Etc/GMT-13 is that of POSIX: it is UTC+13. */
static GTimeZone *find_zone(const char *identifier)
{
    GTimeZone *ret = NULL;

    if (identifier != NULL && *identifier != '\0')
        ret = g_time_zone_new_identifier(identifier);
    return ret != NULL ? ret : g_time_zone_new_utc();
}

static void read_today(gint64 wall_us, const char *timezone, GDate *ret)
{
    g_autoptr(GTimeZone) zone = find_zone(timezone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    int year, month, day;

    g_date_time_get_ymd(local, &year, &month, &day);
    g_date_set_dmy(ret, (GDateDay)day, month, (GDateYear)year);
}

/* ---- ranges ---- */

/* 0 when range is not last-Nd. */
static guint read_last(const char *range)
{
    gsize length = strlen(range);
    guint64 days;

    if (length < 7 || length > 9 || !g_str_has_prefix(range, "last-") || range[5] == '0' ||
        range[length - 1] != 'd')
        return 0;
    g_autofree char *number = g_strndup(range + 5, length - 6);
    return g_ascii_string_to_unsigned(number, 10, 1, LONGEST_AGO, &days, NULL) ? (guint)days : 0;
}

/* Words that count from today. */
static gboolean read_relative(const char *range, const GDate *today, GDate *start, GDate *end)
{
    guint last = read_last(range);

    *start = *end = *today;
    if (last > 0) {
        g_date_subtract_days(start, last - 1);
    } else if (g_str_equal(range, "yesterday")) {
        g_date_subtract_days(start, 1);
        *end = *start;
    } else if (g_str_equal(range, "this-month")) {
        g_date_set_day(start, 1);
    } else if (g_str_equal(range, "last-month")) {
        g_date_set_day(start, 1);
        g_date_subtract_months(start, 1);
        month_end(start, end);
    } else {
        return g_str_equal(range, "today");
    }
    return TRUE;
}

/* 2026-11, 2026-11-05, 2026-10-01..2026-10-31; start may be after end. */
static gboolean read_absolute(const char *range, GDate *start, GDate *end)
{
    switch (strlen(range)) {
    case 7:
        if (!read_month(range, start))
            return FALSE;
        month_end(start, end);
        return TRUE;
    case 10:
        return read_day(range, start) && read_day(range, end);
    case 22:
        return read_day(range, start) && g_str_has_prefix(range + 10, "..") &&
               read_day(range + 12, end);
    default:
        return FALSE;
    }
}

gboolean query_range_valid(const char *range)
{
    GDate today, start, end;

    g_date_set_dmy(&today, 1, 1, FIRST_YEAR + 10);
    if (read_relative(range, &today, &start, &end))
        return TRUE;
    return read_absolute(range, &start, &end) && g_date_compare(&start, &end) <= 0;
}

gboolean query_range_days(const char *range, gint64 wall_us, const char *timezone, char start[11],
                          char end[11], GError **error)
{
    GDate today, first, last;

    read_today(wall_us, timezone, &today);
    if (g_str_equal(range, "lifetime"))
        return refuse(error, range, "is not made yet; give a range of days, such as last-365d");
    if (!read_relative(range, &today, &first, &last) && !read_absolute(range, &first, &last))
        return refuse(error, range,
                      "must be like today, last-7d, this-month, 2026-11, 2026-11-05 or "
                      "2026-10-01..2026-10-31, with days that exist");
    if (g_date_compare(&first, &last) > 0)
        return refuse(error, range, "ends before it begins");
    if (g_date_compare(&first, &today) > 0)
        return refuse(error, range, "lies in the future of the account's time zone");
    /* Days to come have no rows, and are not to be remembered as days without any. */
    if (g_date_compare(&last, &today) > 0)
        last = today;
    write_day(&first, start);
    write_day(&last, end);
    return TRUE;
}

/* ---- file names ---- */

static gboolean refuse_name(GError **error, const char *name, const char *why)
{
    g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "report %s: %s", name, why));
    return FALSE;
}

/* Takes `word` off the front of *text; TRUE when *text is or begins with it. */
static gboolean take_word(const char **text, const char *word)
{
    if (!g_str_has_prefix(*text, word))
        return FALSE;
    *text += strlen(word);
    return TRUE;
}

/* `ad` begins `adgroup`, so a level ends at its dash. */
static ObjectKind take_level(const char **text)
{
    for (ObjectKind kind = KIND_ADVERTISER; kind <= KIND_AD; kind++) {
        const char *rest = *text;

        if (take_word(&rest, kind_names(kind)->word) && take_word(&rest, "-")) {
            *text = rest;
            return kind;
        }
    }
    return KIND_NONE;
}

static gboolean read_format(const char *text, ReportFormat *ret)
{
    for (guint i = 0; i < G_N_ELEMENTS(format_words); i++) {
        if (!g_str_equal(text, format_words[i]))
            continue;
        *ret = (ReportFormat)i;
        return TRUE;
    }
    return FALSE;
}

gboolean query_parse_name(const char *name, ObjectKind own, ReportName *ret, GError **error)
{
    const char *rest = name;
    ReportName parsed = {.level = take_level(&rest)};

    if (parsed.level == KIND_NONE)
        return refuse_name(error, name, "must begin with advertiser-, campaign-, adgroup- or ad-");
    parsed.by_day = take_word(&rest, "day");
    if (!parsed.by_day && !take_word(&rest, "total"))
        return refuse_name(error, name, "the level must be followed by day or total");
    if (*rest == '-' || *rest == '@')
        return refuse_name(error, name, "breakdowns and own metrics are not made yet");
    if (*rest != '.' || !read_format(rest + 1, &parsed.format))
        return refuse_name(error, name, "must end in .json, .ndjson, .csv or .tsv");
    if (parsed.level < own)
        return refuse_name(error, name, "its level is above the object that this is the report of");
    *ret = parsed;
    return TRUE;
}

char *query_default_name(ObjectKind level, ReportFormat format)
{
    return g_strconcat(kind_names(level)->word, "-day.", format_words[format], NULL);
}

const char *const *query_metrics(ObjectKind level)
{
    g_return_val_if_fail(level <= KIND_AD, none);
    return metrics[level];
}
