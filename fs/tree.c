/* SPDX-License-Identifier: MIT */
/* tree.c - the fixed entries as rows of tables, and what an inode stands for. */
#include "fs/tree.h"

#include <string.h>

#include "fs/draft.h"
#include "fs/query.h"
#include "fs/saved.h"
#include "fs/scratch.h"

/* clang-format off */
static const Entry root_entries[] = {
    {SLOT_ROOT,          NO_PARENT,    PLACE_COLLECTION, "",               KIND_ADVERTISER},
    {SLOT_CONTROL,       SLOT_ROOT,    PLACE_DIR,        ".adsfs"},
    {SLOT_NOMEDIA,       SLOT_ROOT,    PLACE_TEXT,       ".nomedia"},
    {SLOT_TRACKERIGNORE, SLOT_ROOT,    PLACE_TEXT,       ".trackerignore"},
    {SLOT_README,        SLOT_ROOT,    PLACE_TEXT,       "README.md"},
    {SLOT_CENTERS,       SLOT_ROOT,    PLACE_COLLECTION, "business-centers", KIND_CENTER},
    {SLOT_ROOT_NAMES,    SLOT_ROOT,    PLACE_NAMES,      "by-name",        KIND_ADVERTISER},
    {SLOT_CTL,           SLOT_CONTROL, PLACE_CTL,        "ctl"},
    {SLOT_ERRORS,        SLOT_CONTROL, PLACE_TEXT,       "errors"},
    {SLOT_EVENTS,        SLOT_CONTROL, PLACE_LOG,        "events"},
    {SLOT_EVENTS_OLD,    SLOT_CONTROL, PLACE_LOG,        "events.1"},
    {SLOT_JOBS,          SLOT_CONTROL, PLACE_TEXT,       "jobs"},
    {SLOT_JOURNAL,       SLOT_CONTROL, PLACE_JOURNAL,    "journal"},
    {SLOT_QUOTA,         SLOT_CONTROL, PLACE_TEXT,       "quota"},
    {SLOT_STATUS,        SLOT_CONTROL, PLACE_TEXT,       "status.json"},
    {SLOT_CENTER_NAMES,  SLOT_CENTERS, PLACE_NAMES,      "by-name",        KIND_CENTER},
};

static const Entry advertiser_entries[] = {
    {SLOT_SELF,          NO_PARENT,      PLACE_DIR,        ""},
    {SLOT_NAME_LINK,     NO_PARENT,      PLACE_LINK,       ""},
    {SLOT_ADGROUPS,      SLOT_SELF,      PLACE_COLLECTION, "adgroups",    KIND_ADGROUP},
    {SLOT_ADS,           SLOT_SELF,      PLACE_COLLECTION, "ads",         KIND_AD},
    {SLOT_ADGROUPS_CSV,  SLOT_SELF,      PLACE_TABLE,      "adgroups.csv", KIND_ADGROUP},
    {SLOT_ADS_CSV,       SLOT_SELF,      PLACE_TABLE,      "ads.csv",     KIND_AD},
    {SLOT_CAMPAIGNS_CSV, SLOT_SELF,      PLACE_TABLE,      "campaigns.csv", KIND_CAMPAIGN},
    {SLOT_CAMPAIGNS,     SLOT_SELF,      PLACE_COLLECTION, "campaigns",   KIND_CAMPAIGN},
    {SLOT_INFO,          SLOT_SELF,      PLACE_INFO,       "info.json"},
    {SLOT_REPORT_CSV,    SLOT_SELF,      PLACE_LINK,       "report.csv"},
    {SLOT_REPORT_HTML,   SLOT_SELF,      PLACE_LINK,       "report.html"},
    {SLOT_REPORT_JSON,   SLOT_SELF,      PLACE_LINK,       "report.json"},
    {SLOT_REPORTS,       SLOT_SELF,      PLACE_REPORTS,    "reports"},
    {SLOT_OF,            SLOT_REPORTS,   PLACE_OF,         "of"},
    {SLOT_METRICS,       SLOT_REPORTS,   PLACE_TEXT,       "metrics.tsv"},
    {SLOT_ADGROUP_NAMES, SLOT_ADGROUPS,  PLACE_NAMES,      "by-name",     KIND_ADGROUP},
    {SLOT_AD_NAMES,      SLOT_ADS,       PLACE_NAMES,      "by-name",     KIND_AD},
    {SLOT_CAMPAIGN_NAMES, SLOT_CAMPAIGNS, PLACE_NAMES,     "by-name",     KIND_CAMPAIGN},
};

/* Below the account a report is a link, so that recursive readers meet none. */
#define BELOW_ENTRIES                                                            \
    {SLOT_SELF,          NO_PARENT,      PLACE_DIR,        ""},                  \
    {SLOT_NAME_LINK,     NO_PARENT,      PLACE_LINK,       ""},                  \
    {SLOT_FLAT_LINK,     NO_PARENT,      PLACE_LINK,       ""},                  \
    {SLOT_REPORTS,       NO_PARENT,      PLACE_REPORTS,    ""},                  \
    {SLOT_INFO,          SLOT_SELF,      PLACE_INFO,       "info.json"},         \
    {SLOT_REPORT_CSV,    SLOT_SELF,      PLACE_LINK,       "report.csv"},        \
    {SLOT_REPORT_HTML,   SLOT_SELF,      PLACE_LINK,       "report.html"},       \
    {SLOT_REPORT_JSON,   SLOT_SELF,      PLACE_LINK,       "report.json"},       \
    {SLOT_REPORTS_LINK,  SLOT_SELF,      PLACE_LINK,       "reports"}

static const Entry campaign_entries[] = {
    BELOW_ENTRIES,
    {SLOT_ADGROUPS_CSV,  SLOT_SELF,      PLACE_TABLE,      "adgroups.csv", KIND_ADGROUP},
    {SLOT_ADS_CSV,       SLOT_SELF,      PLACE_TABLE,      "ads.csv",     KIND_AD},
    {SLOT_ADGROUPS,      SLOT_SELF,      PLACE_COLLECTION, "adgroups",    KIND_ADGROUP},
    {SLOT_ADGROUP_NAMES, SLOT_ADGROUPS,  PLACE_NAMES,      "by-name",     KIND_ADGROUP},
};

static const Entry adgroup_entries[] = {
    BELOW_ENTRIES,
    {SLOT_ADS_CSV,       SLOT_SELF,      PLACE_TABLE,      "ads.csv",     KIND_AD},
    {SLOT_ADS,           SLOT_SELF,      PLACE_COLLECTION, "ads",         KIND_AD},
    {SLOT_AD_NAMES,      SLOT_ADS,       PLACE_NAMES,      "by-name",     KIND_AD},
};

static const Entry ad_entries[] = {
    BELOW_ENTRIES,
};

static const Entry center_entries[] = {
    {SLOT_SELF,          NO_PARENT,      PLACE_DIR,        ""},
    {SLOT_NAME_LINK,     NO_PARENT,      PLACE_LINK,       ""},
    {SLOT_ADVERTISERS,   SLOT_SELF,      PLACE_COLLECTION, "advertisers", KIND_ASSET},
    {SLOT_INFO,          SLOT_SELF,      PLACE_INFO,       "info.json"},
    {SLOT_MEMBERS,       SLOT_SELF,      PLACE_MEMBERS,    "members.json"},
    {SLOT_REPORT_CSV,    SLOT_SELF,      PLACE_LINK,       "report.csv"},
    {SLOT_REPORT_HTML,   SLOT_SELF,      PLACE_LINK,       "report.html"},
    {SLOT_REPORT_JSON,   SLOT_SELF,      PLACE_LINK,       "report.json"},
    {SLOT_REPORTS,       SLOT_SELF,      PLACE_REPORTS,    "reports"},
    {SLOT_METRICS,       SLOT_REPORTS,   PLACE_TEXT,       "metrics.tsv"},
    {SLOT_ADVERTISER_NAMES, SLOT_ADVERTISERS, PLACE_NAMES, "by-name",     KIND_ASSET},
};

/* An account as a center lists it: no more than links to where it lives. */
static const Entry asset_entries[] = {
    {SLOT_NAME_LINK,     NO_PARENT,      PLACE_LINK,       ""},
    {SLOT_FLAT_LINK,     NO_PARENT,      PLACE_LINK,       ""},
};
/* clang-format on */

static const struct {
    const Entry *entries;
    guint n;
} tables[N_KINDS] = {
    [KIND_NONE] = {root_entries, G_N_ELEMENTS(root_entries)},
    [KIND_ADVERTISER] = {advertiser_entries, G_N_ELEMENTS(advertiser_entries)},
    [KIND_CAMPAIGN] = {campaign_entries, G_N_ELEMENTS(campaign_entries)},
    [KIND_ADGROUP] = {adgroup_entries, G_N_ELEMENTS(adgroup_entries)},
    [KIND_AD] = {ad_entries, G_N_ELEMENTS(ad_entries)},
    [KIND_CENTER] = {center_entries, G_N_ELEMENTS(center_entries)},
    [KIND_ASSET] = {asset_entries, G_N_ELEMENTS(asset_entries)},
};

/* ---- an inode becomes a place ---- */

void place_clear(Place *place)
{
    g_clear_pointer(&place->id, g_free);
    g_clear_pointer(&place->parent, g_free);
    g_clear_pointer(&place->object, object_unref);
    g_clear_pointer(&place->range, g_free);
    g_clear_pointer(&place->name, g_free);
}

gboolean place_is_dir(const Place *place)
{
    return place->type <= PLACE_RANGE;
}

gboolean place_is_funds(const Place *place)
{
    return place->kind == KIND_CENTER && place->type == PLACE_ATTR && place->attr->money;
}

const Entry *tree_entry(ObjectKind kind, guint index)
{
    return index < tables[kind].n ? &tables[kind].entries[index] : NULL;
}

const Entry *tree_entry_of_slot(ObjectKind kind, guint slot)
{
    for (guint i = 0; i < tables[kind].n; i++)
        if (tables[kind].entries[i].slot == slot)
            return &tables[kind].entries[i];
    return NULL;
}

static guint count_ranges(void)
{
    return g_strv_length((char **)query_named_ranges);
}

static gboolean place_set_query(Mount *mount, Place *place, guint index)
{
    const Saved *saved = saved_at(mount->saved, index);

    if (saved == NULL || (place->kind != KIND_ADVERTISER && place->kind != KIND_CENTER))
        return FALSE;
    place->type = PLACE_QUERY;
    place->name = g_strconcat(saved->name, ".query", NULL);
    place->changed_us = saved->changed_us;
    return TRUE;
}

/* What the slot means for a row of that kind; FALSE: nothing. */
static gboolean place_set_slot(Mount *mount, Place *place, guint slot)
{
    place->slot = slot;
    place->ino = ino_of(place->row, slot);
    if (slot >= SLOT_ATTR_FIRST && slot <= SLOT_ATTR_LAST) {
        place->type = PLACE_ATTR;
        place->attr = attr_of_slot(place->kind, slot);
        return place->attr != NULL;
    }
    if (slot >= SLOT_RANGE_FIRST && slot < SLOT_RANGE_FIRST + count_ranges()) {
        place->type = PLACE_RANGE;
        place->range = g_strdup(query_named_ranges[slot - SLOT_RANGE_FIRST]);
        return tree_has_reports(place->kind);
    }
    if (slot >= SLOT_QUERY_FIRST)
        return place_set_query(mount, place, slot - SLOT_QUERY_FIRST);
    place->entry = tree_entry_of_slot(place->kind, slot);
    if (place->entry != NULL)
        place->type = place->entry->type;
    return place->entry != NULL;
}

static gboolean place_set_row(Mount *mount, Place *place, gint64 number)
{
    const Row *row;

    place->row = number;
    if (number == 0)
        return TRUE;
    row = cache_row(mount->cache, number);
    if (row == NULL)
        return FALSE;
    place->kind = row->kind;
    place->advertiser = row->advertiser;
    place->id = g_strdup(row->id);
    place->parent = g_strdup(row->parent);
    place->object = object_ref(row->object);
    place->changed_us = row->changed_us;
    return TRUE;
}

static gboolean place_set_node(Mount *mount, Place *place, gint64 number)
{
    const Node *node = cache_node(mount->cache, number);
    const char *slash;
    gint64 owner;

    if (node == NULL)
        return FALSE;
    slash = strchr(node->name, '/');
    place->type = slash == NULL ? PLACE_RANGE : PLACE_REPORT;
    place->range =
        slash == NULL ? g_strdup(node->name) : g_strndup(node->name, (gsize)(slash - node->name));
    place->name = slash == NULL ? NULL : g_strdup(slash + 1);
    place->size = node->size;
    place->made_us = node->made_us;
    place->shown_us = node->shown_us;
    owner = node->owner;
    place->ino = ino_of_node(number);
    return place_set_row(mount, place, owner) && tree_has_reports(place->kind);
}

static gboolean place_set_scratch(Mount *mount, Place *place, gint64 number)
{
    const Scratch *scratch = scratch_at(mount->scratches, number);

    if (scratch == NULL)
        return FALSE;
    place->ino = ino_of_scratch(number);
    place->type = PLACE_SCRATCH;
    place->name = g_strdup(scratch->name);
    /* Its directory may have gone, and it may be open still. */
    return scratch->dir == 0 || place_set_row(mount, place, ino_row(scratch->dir));
}

static void place_set_meta(Place *place)
{
    g_autofree char *report = tree_link_report(place);
    char *slash = report != NULL ? strchr(report, '/') : NULL;

    place->ino = ino_of_meta(place->ino);
    place->beside = place->type;
    place->type = PLACE_META;
    if (slash == NULL)
        return;
    place->beside = PLACE_REPORT;
    place->range = g_strndup(report, (gsize)(slash - report));
    place->name = g_strdup(slash + 1);
}

Place place_beside(const Place *place)
{
    Place ret = *place;

    ret.ino = ino_beside(place->ino);
    ret.type = place->beside;
    return ret;
}

gboolean tree_place(Mount *mount, guint64 ino, Place *ret)
{
    g_auto(Place) place = {0};
    gboolean found;

    if (ino_is_draft(ino) && !ino_is_meta(ino))
        return draft_place(mount, ino, ret);
    if (ino_is_void(ino) && !ino_is_meta(ino))
        return void_place(mount, ino, ret);
    if (ino_is_node(ino))
        found = place_set_node(mount, &place, ino_row(ino));
    else if (ino_is_scratch(ino))
        found = place_set_scratch(mount, &place, ino_row(ino));
    else
        found = place_set_row(mount, &place, ino_row(ino)) &&
                place_set_slot(mount, &place, ino_slot(ino));
    if (!found)
        return FALSE;
    if (ino_is_meta(ino))
        place_set_meta(&place);
    *ret = place;
    place = (Place){0};
    return TRUE;
}

gboolean tree_place_near(Mount *mount, const Place *near, guint64 ino, Place *ret)
{
    if (ino_is_node(ino) || ino_is_meta(ino) || ino_is_scratch(ino) || ino_is_draft(ino) ||
        ino_is_void(ino) || place_is_of_draft(near) || ino_row(ino) != near->row)
        return tree_place(mount, ino, ret);
    g_auto(Place) place = {.row = near->row,
                           .kind = near->kind,
                           .advertiser = near->advertiser,
                           .id = g_strdup(near->id),
                           .parent = g_strdup(near->parent),
                           .object = near->object != NULL ? object_ref(near->object) : NULL,
                           .changed_us = near->changed_us};

    if (!place_set_slot(mount, &place, ino_slot(ino)))
        return FALSE;
    *ret = place;
    place = (Place){0};
    return TRUE;
}
