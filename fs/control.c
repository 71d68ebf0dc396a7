/* SPDX-License-Identifier: MIT */
/* control.c - README.md, .adsfs/status.json, .adsfs/errors: made when they are read. */
#include "fs/control.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "api/metric.h"
#include "fs/errno.h"
#include "fs/jobs.h"
#include "fs/node.h"
#include "fs/options-table.h"
#include "fs/quota.h"
#include "fs/request.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

enum { ERRORS_MAX_BYTES = 256 * 1024 };

struct Control {
    GQueue lines; /* of char *, oldest first */
    gsize bytes;
    guint64 failures;
    gint64 failed_us; /* wall, of the newest line */
};

static const char readme[] =
    "# Your TikTok ad accounts as files\n"
    "\n"
    "    <advertiser_id>/                    an ad account\n"
    "        name currency timezone status role balance info.json\n"
    "        campaigns/<id>/                 name status budget budget_mode delivery ...\n"
    "            adgroups/<id>/              ... and bid, budget_next, schedule_start ...\n"
    "                ads/<id>/               name status format text landing_page ...\n"
    "        adgroups/ ads/                  all of the account, as links\n"
    "        campaigns.csv ...               a table to edit\n"
    "        report.json report.csv          the last 30 days by campaign and day\n"
    "        report.html                     the same for a browser\n"
    "        reports/<range>/<level>-<grain>.<format>\n"
    "    by-name/                            the same accounts by their names\n"
    "    business-centers/<bc_id>/           name role balance info.json members.json reports/\n"
    "        advertisers/                    the center's accounts, as links\n"
    "    .adsfs/errors                       what went wrong, and what to do about it\n"
    "    .adsfs/status.json                  how the mount is doing\n"
    "    .adsfs/quota                        what is used of the app's rate\n"
    "    .adsfs/events                       what others changed, for tail -f\n"
    "    .adsfs/journal                      what was written here, and what came of it\n"
    "    .adsfs/jobs                         the reports that are being fetched\n"
    "    .adsfs/ctl                          echo refresh > .adsfs/ctl: what is known is old;\n"
    "                                        echo \"cancel ID\": ends a report task of jobs;\n"
    "                                        echo \"undo N\": takes entry N of journal back\n"
    "\n"
    "One value is one file. Read it with cat, change it with echo:\n"
    "\n"
    "    cat  <advertiser_id>/campaigns/<id>/budget\n"
    "    echo 750 > <advertiser_id>/campaigns/<id>/budget\n"
    "    echo DISABLE > <advertiser_id>/campaigns/<id>/status\n"
    "\n"
    "When echo succeeds the API has accepted exactly that value. When it fails nothing was\n"
    "changed, unless it says \"Connection timed out\": then look again before you repeat it.\n"
    "The shell shows an errno only; the last line of .adsfs/errors has the reason:\n"
    "\n"
    "    tail -n1 .adsfs/errors | jq .\n"
    "\n"
    "Beside every file there is one that is not listed: cat budget.meta says how old budget is,\n"
    "whether reading it would ask the API, and what went wrong with it last.\n"
    "\n"
    "While the API can not be reached what is known is shown as it was: budget.meta says\n"
    "\"stale\": true then, and .adsfs/status.json since when (unreachable_since).\n"
    "\n"
    "A file that can not be written is read-only (ls -l), one that can not be read has no mode\n"
    "at all: an Analyst changes nothing in an account, an Operator does not see its balance, and\n"
    "what the login did not ask for is closed. Opening it says why in .adsfs/errors.\n"
    "\n"
    "A budget that would more than double is refused; echo '2000!' says that it is meant.\n"
    "\n"
    "Every directory of objects has by-name/, with links named after the objects. Reports:\n"
    "\n"
    "    reports/<range>/<level>-<grain>[-<breakdown>][@<metrics>].<format>\n"
    "\n"
    "    range      today yesterday last-7d ... last-365d this-month last-month lifetime\n"
    "               2026-11 2026-11-05 2026-10-01..2026-10-31\n"
    "    level      advertiser campaign adgroup ad\n"
    "    grain      total day hour\n"
    "    breakdown  country age gender age-gender platform language placement province\n"
    "               interest device\n"
    "    metrics    spend,clicks,... as reports/metrics.tsv lists them, and sets of them:\n"
    "               core video conversion all-basic\n"
    "    format     json ndjson csv tsv html\n"
    "\n"
    "A query of your own, in the API's JSON without dates and account, is saved as a file:\n"
    "cp FILE <advertiser_id>/reports/my-query.query; then there is\n"
    "<advertiser_id>/reports/<range>/my-query.<format>, and so in every other account.\n"
    "\n"
    "    jq -r '.[] | [.campaign_id, .spend] | @tsv' <advertiser_id>/report.json\n"
    "    cat <advertiser_id>/reports/yesterday/ad-total.csv\n"
    "    cat <advertiser_id>/reports/last-7d/campaign-day-age@spend,clicks.json\n"
    "\n"
    "Opening a report asks the API for it; listing a directory never does. Of a name that can\n"
    "not be answered .adsfs/errors says why, and which one comes nearest.\n";

static const char readme_drafts[] =
    "\n"
    "A new object begins as a draft: a directory in campaigns/, or in adgroups/ or ads/ of what it\n"
    "goes into, of any name that is no number. Its files are what it can be created with; cat ctl\n"
    "says what is missing and what would be sent. It is created paused, as by-name/spring:\n"
    "\n"
    "    mkdir campaigns/spring\n"
    "    echo REACH > campaigns/spring/objective\n"
    "    echo create > campaigns/spring/ctl\n"
    "    mv campaigns/spring campaigns/may   calls the draft otherwise\n"
    "    rmdir campaigns/spring              discards the draft\n"
    "    cp -r campaigns/<id> campaigns/spring\n"
    "\n"
    "A copy takes every member that can be set, from info.json and the files; not the name and the\n"
    "status, which are spring and DISABLE until something else is written; and neither what is\n"
    "derived (id, created, modified, delivery), nor reports and links, nor what is inside it.\n";

Control *control_new(void)
{
    Control *control = g_new0(Control, 1);

    g_queue_init(&control->lines);
    return control;
}

void control_free(Control *control)
{
    if (control == NULL)
        return;
    g_queue_clear_full(&control->lines, g_free);
    g_free(control);
}

char *control_wall_text(gint64 wall_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);

    return g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
}

/* ---- errors ---- */

static void add_line(Control *control, char *line)
{
    g_queue_push_tail(&control->lines, line);
    control->bytes += strlen(line);
    while (control->bytes > ERRORS_MAX_BYTES && control->lines.length > 1) {
        char *oldest = g_queue_pop_head(&control->lines);

        control->bytes -= strlen(oldest);
        g_free(oldest);
    }
}

void control_failed(Mount *mount, const char *path, int error_code, const GError *error)
{
    gint64 now_us = clock_wall(mount->clock);
    g_autoptr(cJSON) line = cJSON_CreateObject();
    g_autofree char *time = control_wall_text(now_us);
    const char *request_id = api_error_request_id(error), *meaning = api_error_meaning(error);
    char *json;

    cJSON_AddStringToObject(line, "time", time);
    cJSON_AddStringToObject(line, "path", path);
    cJSON_AddStringToObject(line, "errno", errno_name(error_code));
    cJSON_AddNumberToObject(line, "code", api_error_code(error));
    cJSON_AddStringToObject(line, "meaning", meaning != NULL ? meaning : errno_meaning(error_code));
    cJSON_AddStringToObject(line, "message", error->message);
    if (request_id != NULL)
        cJSON_AddStringToObject(line, "request_id", request_id);
    else
        cJSON_AddNullToObject(line, "request_id");
    cJSON_AddStringToObject(line, "advice", api_error_advice(error));
    json = cJSON_PrintUnformatted(line);
    add_line(mount->control, g_strconcat(json, "\n", NULL));
    cJSON_free(json);
    mount->control->failures++;
    mount->control->failed_us = now_us;
    g_message("%s: %s: %s", path, errno_name(error_code), error->message);
}

/* A quotation mark inside of a text has a backslash before it, so the member is found nowhere else.
 */
const char *control_last(const Mount *mount, const char *path)
{
    g_autoptr(cJSON) text = cJSON_CreateString(path);
    char *json = cJSON_PrintUnformatted(text);
    g_autofree char *member = g_strdup_printf("\"path\":%s,", json);
    const char *ret = NULL;

    cJSON_free(json);
    for (GList *line = mount->control->lines.tail; line != NULL && ret == NULL; line = line->prev)
        if (strstr(line->data, member) != NULL)
            ret = line->data;
    return ret;
}

/* Where somebody would look for it. */
static char *path_of_listing(Mount *mount, ListingKind kind, gint64 of)
{
    static const guint slots[N_LISTINGS + 1] = {
        [LISTING_CAMPAIGNS] = SLOT_CAMPAIGNS,
        [LISTING_ADGROUPS] = SLOT_ADGROUPS,
        [LISTING_ADS] = SLOT_ADS,
        [LISTING_CENTERS] = SLOT_CENTERS,
        [LISTING_ASSETS] = SLOT_ADVERTISERS,
        [LISTING_MEMBERS] = SLOT_MEMBERS,
        [N_LISTINGS] = SLOT_REPORTS,
    };
    g_auto(Place) place = {0};
    guint slot = of == 0 && slots[kind] == SLOT_SELF ? SLOT_ROOT : slots[kind];

    return tree_place(mount, ino_of(of, slot), &place) ? tree_path(mount, &place) : g_strdup("");
}

void control_kept_old(void *user_data, ListingKind kind, gint64 of, const GError *error)
{
    Mount *mount = user_data;
    g_autofree char *path = path_of_listing(mount, kind, of);
    g_autoptr(GError) kept = g_error_copy(error);

    g_prefix_error(&kept, "what was known before is shown: ");
    control_failed(mount, path, errno_of(error), kept);
}

static const char *file_of_member(ObjectKind kind, const char *member)
{
    const AttrTable *table = attr_table(kind);

    for (gsize i = 0; i < table->n_rows; i++)
        if (g_strcmp0(table->rows[i].field, member) == 0)
            return table->rows[i].name;
    return "";
}

void control_differs(void *user_data, gint64 row, const char *member, const GError *error)
{
    Mount *mount = user_data;
    g_auto(Place) place = {0};
    g_autofree char *directory = NULL, *path = NULL;

    if (tree_place(mount, ino_of(row, SLOT_SELF), &place))
        directory = tree_path(mount, &place);
    path = g_build_filename(directory != NULL ? directory : "", file_of_member(place.kind, member),
                            NULL);
    control_failed(mount, path, errno_of(error), error);
}

/* ---- status.json ---- */

static void add_wall(cJSON *object, const char *name, gint64 wall_us)
{
    g_autofree char *text = wall_us > 0 ? control_wall_text(wall_us) : NULL;

    if (text != NULL)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddNullToObject(object, name);
}

typedef struct {
    const char *name;
    guint64 value;
} Figure;

static cJSON *add_figures(cJSON *status, const char *name, const Figure *figures, gsize n)
{
    cJSON *object = cJSON_AddObjectToObject(status, name);

    for (gsize i = 0; i < n; i++)
        cJSON_AddNumberToObject(object, figures[i].name, (double)figures[i].value);
    return object;
}

static void add_stats(cJSON *status, Cache *cache)
{
    CacheStats stats = {0};
    const ClientStats *api = &stats.api;

    cache_stats(cache, &stats);
    const Figure calls[] = {
        {"calls", api->calls},         {"failures", api->failures},
        {"retries", api->retries},     {"queued", api->queued},
        {"in_flight", api->in_flight}, {"used_qps", api->used_qps},
        {"limit_qps", api->limit_qps}, {"used_qpm", api->used_qpm},
        {"limit_qpm", api->limit_qpm}, {"used_qpd", api->used_qpd},
        {"limit_qpd", api->limit_qpd}, {"last_code", (guint64)api->last_code},
    };
    const Figure store[] = {
        {"hits", stats.hits},
        {"waits", stats.waits},
        {"errors", stats.errors},
        {"stored_rows", stats.stored_rows},
        {"commits", stats.commits},
        {"refused", stats.refused},
        {"listings", stats.listings},
        {"fetching", stats.fetching},
        {"served_old", stats.served_old},
    };

    add_wall(add_figures(status, "api", calls, G_N_ELEMENTS(calls)), "last_ok", api->last_ok_us);
    add_figures(status, "cache", store, G_N_ELEMENTS(store));
    add_wall(status, "unreachable_since", stats.unreachable_since_us);
}

static void add_amounts(cJSON *object, const char *name, const GuardAmount *amounts)
{
    g_autofree char *text = option_amounts_text(amounts);

    if (amounts != NULL)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddNullToObject(object, name);
}

static void add_guards(cJSON *status, const Options *options)
{
    const Guards *guards = &options->guards;
    cJSON *object = cJSON_AddObjectToObject(status, "guards");

    if (guards->max_increase != G_MAXUINT)
        cJSON_AddNumberToObject(object, "max_increase", guards->max_increase);
    else
        cJSON_AddNullToObject(object, "max_increase");
    add_amounts(object, "max_budget", guards->max_budget);
    add_amounts(object, "max_bid", guards->max_bid);
    cJSON_AddNumberToObject(object, "min_interval", guards->min_interval_s);
    cJSON_AddNumberToObject(object, "max_changes_per_hour", guards->max_changes_per_hour);
    cJSON_AddNumberToObject(object, "max_enables_per_hour", guards->max_enables_per_hour);
    cJSON_AddBoolToObject(object, "dry_run", guards->dry_run);
    cJSON_AddBoolToObject(object, "careful", guards->careful);
    cJSON_AddBoolToObject(object, "allow_delete", options->allow_delete);
}

static void status_text(Mount *mount, GString *out)
{
    g_autoptr(cJSON) status = cJSON_CreateObject();
    g_autofree char *pretty = NULL;
    char *json;

    cJSON_AddStringToObject(status, "version", ADSFS_VERSION);
    cJSON_AddStringToObject(status, "profile", mount->options->profile);
    cJSON_AddNumberToObject(status, "pid", getpid());
    add_wall(status, "started", mount->started_us);
    cJSON_AddBoolToObject(status, "writable",
                          mount->options->writable && !mount->options->read_only &&
                              !mount->options->offline);
    add_guards(status, mount->options);
    cJSON_AddBoolToObject(status, "offline", mount->options->offline);
    cJSON_AddNumberToObject(status, "ttl", mount->options->ttl_s);
    cJSON_AddNumberToObject(status, "stale", mount->options->stale_s);
    cJSON_AddNumberToObject(status, "waiting_requests", requests_parked(mount->requests));
    cJSON_AddNumberToObject(status, "failures", (double)mount->control->failures);
    if (mount->options->cache_notice != NULL)
        cJSON_AddStringToObject(status, "cache_notice", mount->options->cache_notice);
    else
        cJSON_AddNullToObject(status, "cache_notice");
    add_stats(status, mount->cache);
    cJSON_AddItemToObject(status, "loop", turns_json(&mount->turns));
    json = cJSON_PrintUnformatted(status);
    pretty = json_pretty(json);
    g_string_append(out, pretty);
    cJSON_free(json);
}

/* ---- files ---- */

void control_text(Mount *mount, guint slot, GString *out)
{
    if (slot == SLOT_README)
        g_string_append_printf(out, "%s%s", readme, readme_drafts);
    else if (slot == SLOT_STATUS)
        status_text(mount, out);
    else if (slot == SLOT_METRICS)
        metric_table(out);
    else if (slot == SLOT_QUOTA)
        quota_text(mount, out);
    else if (slot == SLOT_JOBS)
        jobs_text(mount, out);
    else if (slot == SLOT_ERRORS)
        for (GList *line = mount->control->lines.head; line != NULL; line = line->next)
            g_string_append(out, line->data);
}

gboolean control_is_live(guint slot)
{
    return slot == SLOT_STATUS || slot == SLOT_QUOTA || slot == SLOT_JOBS;
}

gint64 control_time_us(Mount *mount, guint slot)
{
    return slot == SLOT_ERRORS && mount->control->failed_us > 0 ? mount->control->failed_us
                                                                : mount->started_us;
}
