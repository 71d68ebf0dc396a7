/* SPDX-License-Identifier: MIT */
/*
 * report-lookup.c - names below reports/: which there can be, and why others can not.
 *
 * A name that no report can have is refused before anything is asked for. Programs look for names
 * of their own everywhere: of these nothing is said.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <string.h>

#include "api/error.h"
#include "fs/control.h"
#include "fs/meta.h"
#include "fs/report.h"
#include "fs/saved-name.h"
#include "fs/version.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/* ---- what is refused ---- */

/* What the service gives of one level at once, how many campaigns one call can be cut to, and how
   many tasks a day has (API 4.5 to 4.7). */
enum { IDS_AT_ONCE = 20000, CAMPAIGNS_AT_ONCE = 100, TASKS_OF_DAY = 4500 };

static gint64 known_rows(Mount *mount, ListingKind kind, gint64 advertiser)
{
    ListingState state;

    cache_listing_state(mount->cache, kind, advertiser, &state);
    return state.known ? state.rows : 0;
}

/* In how many parts each day of a report comes. */
static guint count_slices(Mount *mount, const Version *version)
{
    const ReportShape *shape = &version->query.shape;
    gint64 account = version->query.advertiser;
    gint64 campaigns;

    if (shape->level == KIND_ADVERTISER || shape->object_id != NULL ||
        known_rows(mount, LISTING_ADS, account) <= IDS_AT_ONCE)
        return 1;
    campaigns = known_rows(mount, LISTING_CAMPAIGNS, account);
    return (guint)MAX(1, (campaigns + CAMPAIGNS_AT_ONCE - 1) / CAMPAIGNS_AT_ONCE);
}

static gboolean needs_too_many_tasks(Mount *mount, const Place *report, const Version *version,
                                     GError **error)
{
    guint days = query_count_days(version->start, version->end);
    guint slices = count_slices(mount, version);
    guint most = MIN(TASKS_OF_DAY / slices, 365);

    if (version->query.shape.grain != GRAIN_HOUR || days * slices <= TASKS_OF_DAY)
        return FALSE;
    g_propagate_error(
        error, api_error_new(API_ERROR_NAME, 0, NULL,
                             "report %s/%s: %u days by hour are %u tasks, and the app may make %d "
                             "a day; the nearest is last-%ud/%s",
                             report->range, report->name, days, days * slices, TASKS_OF_DAY,
                             MAX(most, 1), report->name));
    return TRUE;
}

/* While the zone is not known it is the one in which the day is furthest. */
static gboolean range_is_refused(Mount *mount, const Place *dir, const char *range, GError **error)
{
    const char *zone = version_zone(mount, dir);
    char start[11], end[11];

    if (zone == NULL && dir->kind != KIND_CENTER &&
        !cache_has_details(mount->cache, dir->advertiser, NULL))
        zone = "Etc/GMT-14";
    return !query_range_days(range, clock_wall(mount->clock), zone, start, end, error);
}

gboolean report_refuses(Mount *mount, const Place *dir, const char *name, GError **error)
{
    g_auto(Version) version = {0};
    g_autofree char *writable = g_strdup(name);
    Place report = *dir; /* borrows all of it */

    if (dir->type == PLACE_REPORTS)
        return range_is_refused(mount, dir, name, error);
    if (dir->type != PLACE_RANGE)
        return FALSE;
    report.name = writable;
    return !version_init(mount, &report, clock_wall(mount->clock), &version, error) ||
           needs_too_many_tasks(mount, &report, &version, error);
}

/* ---- what is said of it ---- */

static gint64 seconds_of(const cJSON *line)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "time"));
    g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time != NULL ? g_date_time_to_unix(time) : 0;
}

/* A shell looks a name up more than once for one command. */
static gboolean was_said(const Mount *mount, const char *path, const char *message)
{
    const char *text = control_last(mount, path);
    g_autoptr(cJSON) line = text != NULL ? cJSON_Parse(text) : NULL;
    const char *said = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "message"));
    gint64 now = clock_wall(mount->clock) / G_USEC_PER_SEC;

    return g_strcmp0(said, message) == 0 && ABS(now - seconds_of(line)) <= NO_ENTRY_S;
}

void report_tell_refused(Mount *mount, const Place *dir, const char *name, const GError *error)
{
    g_autofree char *above = tree_path(mount, dir);
    g_autofree char *path = g_strconcat(above, "/", name, NULL);

    if (!was_said(mount, path, error->message))
        control_failed(mount, path, ENOENT, error);
}

static gboolean is_meant(const Place *dir, const char *name)
{
    return dir->type == PLACE_REPORTS ? query_range_is_meant(name) : query_name_is_meant(name);
}

gboolean report_lookup_refused(Request *request, const Place *dir, Outcome *ret)
{
    Mount *mount = request->mount;
    gboolean grammar = dir->type == PLACE_REPORTS || dir->type == PLACE_RANGE;
    g_autofree char *base = grammar ? meta_base(request->name) : NULL;
    const char *name = base != NULL && dir->type == PLACE_RANGE ? base : request->name;
    gboolean meant = grammar && base == NULL && is_meant(dir, name);
    g_autoptr(GError) error = NULL;

    if (!grammar || !report_refuses(mount, dir, name, meant ? &error : NULL))
        return FALSE;
    if (error != NULL)
        report_tell_refused(mount, dir, name, error);
    /* Whoever saves a query wants to see its report at once. */
    *ret = reply_no_entry(request, report_name_may_come(name) ? 0 : NO_ENTRY_S);
    return TRUE;
}

/* ---- look-up ---- */

static Outcome lookup_node(Request *request, gint64 owner, const char *name, gboolean next,
                           guint64 flag)
{
    Waiter waiter = request_waiter(request);
    g_autoptr(GError) error = NULL;
    const Node *node = NULL;
    CacheResult result =
        cache_want_node(request->mount->cache, owner, name, next, &waiter, &node, &error);
    Outcome outcome;

    if (!request_have(request, result, error, &outcome))
        return outcome;
    return reply_entry(request, flag | ino_of_node(node->node));
}

/* The newest version, until it is older than reports may be; then one that is to be made. What is
   said beside a report does not end its version. */
static Outcome lookup_report(Request *request, const Place *dir)
{
    g_autofree char *base = meta_base(request->name);
    const char *file = base != NULL ? base : request->name;
    g_autofree char *name = g_strdup_printf("%s/%s", dir->range, file);
    Place report = *dir; /* borrows all of it */
    const Node *newest;

    if (base != NULL)
        return lookup_node(request, dir->row, name, FALSE, META_FLAG);
    report.name = request->name;
    newest = cache_find_node(request->mount->cache, dir->row, name);
    return lookup_node(request, dir->row, name,
                       newest != NULL && newest->made_us > 0 &&
                           version_is_past(request->mount, &report, newest->made_us),
                       0);
}

static gboolean want_object(Request *request, ListingKind kind, gint64 advertiser, gint64 *ret_row,
                            Outcome *ret)
{
    Waiter waiter = request_waiter(request);
    g_autoptr(GError) error = NULL;
    CacheResult result = cache_want_object(request->mount->cache, kind, advertiser, request->name,
                                           &waiter, ret_row, &error);

    return request_have(request, result, error, ret);
}

/* Objects of all kinds are in reports/of/: look at what is known before anything is asked for. */
static Outcome lookup_object(Request *request, const Place *dir)
{
    static const ListingKind listings[N_KINDS] = {[KIND_CAMPAIGN] = LISTING_CAMPAIGNS,
                                                  [KIND_ADGROUP] = LISTING_ADGROUPS,
                                                  [KIND_AD] = LISTING_ADS};

    for (int pass = 0; pass < 2; pass++)
        for (ObjectKind kind = KIND_CAMPAIGN; kind <= KIND_AD; kind++) {
            Scope scope = {.kind = kind, .advertiser = dir->advertiser};
            gint64 row = cache_find_id(request->mount->cache, &scope, request->name);
            Outcome outcome;

            if (pass > 0 && !want_object(request, listings[kind], dir->advertiser, &row, &outcome))
                return outcome;
            if (row > 0)
                return reply_entry(request, ino_of(row, SLOT_REPORTS));
        }
    return reply_no_entry(request, 0);
}

Outcome report_lookup(Request *request, const Place *dir)
{
    if (dir->type == PLACE_RANGE)
        return lookup_report(request, dir);
    if (dir->type == PLACE_OF)
        return lookup_object(request, dir);
    return lookup_node(request, dir->row, request->name, FALSE, 0);
}
