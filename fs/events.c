/* SPDX-License-Identifier: MIT */
/* events.c - where in the tree a difference shows, in what words. */
#include "fs/events.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "fs/attr.h"
#include "fs/errno.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

static const char *const words[] = {
    [EVENT_APPEARED] = "appeared", [EVENT_VANISHED] = "vanished", [EVENT_CHANGED] = "changed",
    [EVENT_RENAMED] = "renamed",   [EVENT_MOVED] = "moved",       [EVENT_STATE] = "state",
    [EVENT_RESTATED] = "restated",
};

/* Members whose file has none of its own in the tables of attributes: it shows the one that the
   object is led by. */
static const struct {
    const char *member, *file;
} shared_files[] = {
    {"bid_price", "bid"},
    {"conversion_bid_price", "bid"},
    {"advertiser_name", "name"},
};

/* The file of an object that shows a member: its own, or all of it. */
static const char *file_of_member(ObjectKind kind, const char *member)
{
    const AttrTable *table = attr_table(kind);

    for (gsize i = 0; i < table->n_rows; i++)
        if (g_strcmp0(table->rows[i].field, member) == 0)
            return table->rows[i].name;
    for (gsize i = 0; i < G_N_ELEMENTS(shared_files); i++)
        if (strcmp(shared_files[i].member, member) == 0 &&
            attr_find(kind, shared_files[i].file) != NULL)
            return shared_files[i].file;
    return "info.json";
}

/* The range, where the report is. */
static char *path_of_reports(const Event *event)
{
    return g_strconcat(event->kind == KIND_CENTER ? "business-centers/" : "", event->advertiser_id,
                       "/reports/", *event->id != '\0' ? "of/" : "", event->id,
                       *event->id != '\0' ? "/" : "", event->range, NULL);
}

static char *path_of(const Event *event)
{
    GString *path;

    if (event->what == EVENT_RESTATED)
        return path_of_reports(event);
    path = g_string_new(event->advertiser_id);

    if (event->kind >= KIND_CAMPAIGN)
        g_string_append_printf(path, "/campaigns/%s", event->campaign_id);
    if (event->kind >= KIND_ADGROUP)
        g_string_append_printf(path, "/adgroups/%s", event->adgroup_id);
    if (event->kind == KIND_AD)
        g_string_append_printf(path, "/ads/%s", event->id);
    if (event->member != NULL)
        g_string_append_printf(path, "/%s", file_of_member(event->kind, event->member));
    return g_string_free(path, FALSE);
}

static void add_value(cJSON *line, const char *name, const Event *event, const char *json)
{
    if (event->member != NULL && *json != '\0')
        cJSON_AddRawToObject(line, name, json);
    else
        cJSON_AddNullToObject(line, name);
}

char *event_line(const Event *event)
{
    g_autoptr(cJSON) line = cJSON_CreateObject();
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(event->at_us / G_USEC_PER_SEC);
    g_autofree char *time = g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *path = path_of(event);
    char *json, *ret;

    cJSON_AddStringToObject(line, "time", time);
    cJSON_AddStringToObject(line, "event", words[event->what]);
    cJSON_AddStringToObject(line, "path", path);
    if (event->member != NULL)
        cJSON_AddStringToObject(line, "field", event->member);
    else
        cJSON_AddNullToObject(line, "field");
    add_value(line, "before", event, event->before);
    add_value(line, "after", event, event->after);
    cJSON_AddStringToObject(line, "by", event->ours ? "adsfs" : "other");
    cJSON_AddStringToObject(line, "name", event->name);
    json = cJSON_PrintUnformatted(line);
    ret = g_strdup(json);
    cJSON_free(json);
    return g_strdelimit(ret, "\n\r", ' '); /* blanks within a value as it was sent */
}
