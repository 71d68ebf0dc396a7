/* SPDX-License-Identifier: MIT */
/* path.c - where a place is: its path from the mount point, and where links lead. */
#include "fs/draft.h"
#include "fs/query.h"
#include "fs/tree.h"

static const char *campaign_of(const Place *place)
{
    const char *id = object_text(place->object, "campaign_id");

    return id != NULL ? id : "0";
}

static char *object_path(Mount *mount, const Place *place)
{
    const Row *row;

    if (place->kind == KIND_ADVERTISER)
        return g_strdup(place->id);
    if (place->kind == KIND_CENTER)
        return g_strdup_printf("business-centers/%s", place->id);
    row = cache_row(mount->cache, place->advertiser);
    const char *account = row != NULL ? row->id : "0";

    if (place->kind == KIND_ASSET)
        return g_strdup_printf("business-centers/%s/advertisers/%s", account, place->id);
    if (place->kind == KIND_CAMPAIGN)
        return g_strdup_printf("%s/campaigns/%s", account, place->id);
    if (place->kind == KIND_ADGROUP)
        return g_strdup_printf("%s/campaigns/%s/adgroups/%s", account, place->parent, place->id);
    return g_strdup_printf("%s/campaigns/%s/adgroups/%s/ads/%s", account, campaign_of(place),
                           place->parent, place->id);
}

static char *reports_path(Mount *mount, const Place *place)
{
    const Row *row = cache_row(mount->cache, place->advertiser);
    const char *account = row != NULL ? row->id : "0";

    if (place->kind == KIND_CENTER)
        return g_strdup_printf("business-centers/%s/reports", account);
    if (place->kind == KIND_ADVERTISER)
        return g_strdup_printf("%s/reports", account);
    return g_strdup_printf("%s/reports/of/%s", account, place->id);
}

static char *fixed_path(const Place *place, char *base)
{
    GString *path = g_string_new(base);
    const Entry *entry = place->entry;

    g_free(base);
    if (place->type == PLACE_ATTR)
        g_string_append_printf(path, "/%s", place->attr->name);
    for (gssize at = (gssize)path->len; entry != NULL && entry->parent != NO_PARENT;
         entry = tree_entry_of_slot(place->kind, entry->parent)) {
        g_string_insert(path, at, entry->name);
        g_string_insert_c(path, at, '/');
    }
    if (path->str[0] == '/')
        g_string_erase(path, 0, 1);
    return g_string_free(path, FALSE);
}

/* Beside a link it is where the link is, not where that leads. */
static char *meta_path(Mount *mount, const Place *place)
{
    Place beside = place_beside(place);
    g_autofree char *path = NULL;

    if (place->entry != NULL)
        beside.type = place->entry->type;
    path = tree_path(mount, &beside);
    return g_strconcat(path, ".meta", NULL);
}

char *tree_path(Mount *mount, const Place *place)
{
    g_autofree char *reports = NULL;

    if (place->type == PLACE_META)
        return meta_path(mount, place);
    if (place_is_of_draft(place))
        return draft_path(mount, place);
    if (place->kind == KIND_NONE)
        return fixed_path(place, g_strdup(""));
    if (place->type == PLACE_REPORTS || place->type == PLACE_RANGE || place->type == PLACE_REPORT ||
        place->type == PLACE_QUERY) {
        reports = reports_path(mount, place);
        return g_strconcat(reports, place->range != NULL ? "/" : "",
                           place->range != NULL ? place->range : "", place->name != NULL ? "/" : "",
                           place->name, NULL);
    }
    if (place->type == PLACE_SCRATCH) {
        g_autofree char *object = object_path(mount, place);

        return g_strconcat(object, "/", place->name, NULL);
    }
    return fixed_path(place, object_path(mount, place));
}

/* Of what the rows of report.csv are. */
static ObjectKind default_level(ObjectKind kind)
{
    if (kind == KIND_ADVERTISER)
        return KIND_CAMPAIGN;
    return kind == KIND_CENTER ? KIND_ADVERTISER : kind;
}

/* The format that a link of an object's directory is to; FALSE: it is to no report. */
static gboolean link_format(guint slot, ReportFormat *ret)
{
    switch (slot) {
    case SLOT_REPORT_CSV:
        *ret = FORMAT_CSV;
        return TRUE;
    case SLOT_REPORT_HTML:
        *ret = FORMAT_HTML;
        return TRUE;
    case SLOT_REPORT_JSON:
        *ret = FORMAT_JSON;
        return TRUE;
    default:
        return FALSE;
    }
}

char *tree_link_report(const Place *place)
{
    ReportFormat format;
    ObjectKind level = default_level(place->kind);
    g_autofree char *name = NULL;

    if (place->type != PLACE_LINK || !link_format(place->slot, &format))
        return NULL;
    name = query_default_name(level, format);
    return g_strconcat("last-30d/", name, NULL);
}

static char *report_link(const Place *place)
{
    static const char *const up[N_KINDS] = {[KIND_CAMPAIGN] = "../../",
                                            [KIND_ADGROUP] = "../../../../",
                                            [KIND_AD] = "../../../../../../"};
    g_autofree char *name = tree_link_report(place);

    if (place->kind == KIND_ADVERTISER || place->kind == KIND_CENTER)
        return g_strconcat("reports/", name, NULL);
    if (place->slot == SLOT_REPORTS_LINK)
        return g_strconcat(up[place->kind], "reports/of/", place->id, NULL);
    return g_strconcat(up[place->kind], "reports/of/", place->id, "/", name, NULL);
}

char *tree_link(const Place *place)
{
    if (place->type == PLACE_VOID_LINK)
        return g_strdup(place->range);
    if (place->slot == SLOT_NAME_LINK)
        return g_strconcat("../", place->id, NULL);
    if (place->slot != SLOT_FLAT_LINK)
        return report_link(place);
    if (place->kind == KIND_ASSET)
        return g_strconcat("../../../", place->id, NULL);
    if (place->kind == KIND_ADGROUP)
        return g_strdup_printf("../campaigns/%s/adgroups/%s", place->parent, place->id);
    return g_strdup_printf("../campaigns/%s/adgroups/%s/ads/%s", campaign_of(place), place->parent,
                           place->id);
}
