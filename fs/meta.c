/* SPDX-License-Identifier: MIT */
/* meta.c - F.meta: whether there is one, and what it says. */
#include "fs/meta.h"

#include <string.h>

#include "fs/control.h"
#include "fs/report.h"
#include "fs/rights.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

static const char suffix[] = ".meta";

/* ---- names ---- */

char *meta_base(const char *name)
{
    gsize length = strlen(name), end = strlen(suffix);

    if (length <= end || !g_str_has_suffix(name, suffix))
        return NULL;
    return g_strndup(name, length - end);
}

gboolean meta_is_name(const Place *dir, const char *name)
{
    return dir->type != PLACE_NAMES && g_str_has_suffix(name, suffix);
}

guint64 meta_find(Mount *mount, const Place *dir, const char *name)
{
    g_autofree char *base = meta_base(name);
    guint64 ino = base != NULL ? tree_find(mount, dir, base) : 0;

    if (ino_is_draft(ino) || ino_is_void(ino)) /* the service says nothing of it */
        return 0;
    return ino != 0 ? ino_of_meta(ino) : 0;
}

/* ---- age and source ---- */

/* Nothing of it comes from the service: what adsfs says itself, and the ranges of reports. */
static gboolean is_local(const Place *about)
{
    return about->type == PLACE_TEXT || about->type == PLACE_LOG || about->type == PLACE_JOURNAL ||
           about->type == PLACE_CTL || about->type == PLACE_QUERY || about->type == PLACE_REPORTS ||
           about->type == PLACE_OF || about->type == PLACE_RANGE || about->type == PLACE_SCRATCH ||
           (about->type == PLACE_DIR && about->kind == KIND_NONE);
}

/* Of all listings that F needs the one that its content is from. */
static Need source_of(Mount *mount, const Place *about)
{
    gboolean detail =
        about->kind == KIND_ADVERTISER && (about->type == PLACE_ATTR || about->type == PLACE_INFO);
    gboolean own =
        about->type == PLACE_MEMBERS || about->type == PLACE_TABLE || place_is_funds(about);
    Need needs[MAX_NEEDS], members;
    guint n = tree_needs(mount, about, FOR_READING, needs);

    if (tree_members_need(about, &members))
        return members;
    return needs[detail || own ? n - 1 : 0];
}

static gboolean is_here(Mount *mount, const Need *need)
{
    static const Need accounts = {LISTING_ADVERTISERS, 0, NULL};
    ListingState state;

    tree_need_state(mount, need, &state);
    if (need->kind == LISTING_INFO && need->advertiser == 0 && !is_here(mount, &accounts))
        return FALSE;
    return state.fresh || state.served_old;
}

/* Who opens F now waits for nothing. */
static gboolean has_all(Mount *mount, const Place *about)
{
    Need needs[2 * MAX_NEEDS];
    guint n = tree_needs(mount, about, FOR_READING, needs);
    gboolean ret = TRUE;

    n += tree_wishes(mount, about, FOR_READING, &needs[n]);
    for (guint i = 0; i < n && ret; i++)
        ret = is_here(mount, &needs[i]);
    return ret;
}

/* When a listing was complete, it may say in 1970 for one that is known to be outdated. An object
   may have been read since then, after it was written to: surely so when it was seen to change. */
static gint64 fetched_us(const Place *about, const ListingState *state)
{
    gboolean object = about->kind >= KIND_CAMPAIGN && about->kind <= KIND_AD &&
                      about->type != PLACE_COLLECTION && about->type != PLACE_NAMES;
    gint64 listed_us = state->fetched_us >= G_USEC_PER_SEC ? state->fetched_us : 0;

    return object && listed_us > 0 ? MAX(listed_us, about->changed_us) : listed_us;
}

/* A time that is yet to come says that the clock was set: the age is not known. */
static void add_age(Mount *mount, cJSON *facts, gint64 fetched_us)
{
    gint64 age_us = clock_wall(mount->clock) - fetched_us;
    g_autofree char *text = fetched_us > 0 ? control_wall_text(fetched_us) : NULL;

    if (text == NULL || age_us < 0)
        cJSON_AddNullToObject(facts, "age");
    else
        cJSON_AddNumberToObject(facts, "age", (double)(age_us / G_USEC_PER_SEC));
    if (text == NULL)
        cJSON_AddNullToObject(facts, "fetched");
    else
        cJSON_AddStringToObject(facts, "fetched", text);
}

static void add_state(cJSON *facts, const char *source, gboolean stale)
{
    cJSON_AddStringToObject(facts, "source", source);
    cJSON_AddBoolToObject(facts, "stale", stale);
}

static void add_listing(Mount *mount, const Place *about, cJSON *facts)
{
    Need need = source_of(mount, about);
    ListingState state;

    tree_need_state(mount, &need, &state);
    add_age(mount, facts, fetched_us(about, &state));
    add_state(facts, has_all(mount, about) ? "cache" : "api", state.served_old && !state.fresh);
}

/* ---- the last error ---- */

static void add_error(Mount *mount, const Place *about, cJSON *facts)
{
    static const char *const members[] = {"time", "errno", "code", "message", "request_id"};
    g_autofree char *path = tree_path(mount, about);
    const char *text = control_last(mount, path);
    g_autoptr(cJSON) line = text != NULL ? cJSON_Parse(text) : NULL;
    cJSON *error;

    if (line == NULL) {
        cJSON_AddNullToObject(facts, "error");
        return;
    }
    error = cJSON_AddObjectToObject(facts, "error");
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
        cJSON_AddItemToObject(error, members[i],
                              cJSON_DetachItemFromObjectCaseSensitive(line, members[i]));
}

/* ---- reports ---- */

static void add_number(cJSON *facts, const char *name, gboolean known, gint64 number)
{
    if (known)
        cJSON_AddNumberToObject(facts, name, (double)number);
    else
        cJSON_AddNullToObject(facts, name);
}

static void add_text(cJSON *facts, const char *name, const char *text)
{
    if (text != NULL)
        cJSON_AddStringToObject(facts, name, text);
    else
        cJSON_AddNullToObject(facts, name);
}

/* A report is an error before it is shown old. */
static void add_report_age(Mount *mount, const Place *about, const ReportFacts *report,
                           cJSON *facts)
{
    gboolean here = (report->here || report->old) && has_all(mount, about);

    add_age(mount, facts, report->fetched_us);
    add_state(facts, here ? "cache" : "api", report->old);
}

static void add_report(const ReportFacts *report, cJSON *facts)
{
    gboolean frozen = *report->frozen_until != '\0';

    cJSON_AddBoolToObject(facts, "complete", report->made);
    add_number(facts, "rows", report->made, report->rows);
    add_number(facts, "calls", report->made, report->calls);
    add_text(facts, "mode", !report->made ? NULL : report->by_task ? "async" : "sync");
    add_text(facts, "frozen_until", frozen ? report->frozen_until : NULL);
}

/* ---- all of it ---- */

cJSON *meta_facts(Mount *mount, const Place *about)
{
    cJSON *facts = cJSON_CreateObject();
    ReportFacts report;

    if (about->type == PLACE_REPORT) {
        report_facts(mount, about, &report);
        add_report_age(mount, about, &report, facts);
    } else if (is_local(about)) {
        add_age(mount, facts, 0);
        add_state(facts, "local", FALSE);
    } else {
        add_listing(mount, about, facts);
    }
    add_error(mount, about, facts);
    if (about->type == PLACE_REPORT)
        add_report(&report, facts);
    return facts;
}

/* Who can not read F has nothing to read here either, whatever the mode is asked for. */
void meta_text(Mount *mount, const Place *place, GString *out)
{
    Place about = place_beside(place);
    g_autofree char *pretty = NULL;
    cJSON *facts;
    char *json;

    if (rights_refuse(mount, place, FALSE, NULL))
        return;
    facts = meta_facts(mount, &about);
    json = cJSON_PrintUnformatted(facts);
    pretty = json_pretty(json);
    g_string_append(out, pretty);
    cJSON_free(json);
    cJSON_Delete(facts);
}
