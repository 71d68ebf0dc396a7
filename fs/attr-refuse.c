/* SPDX-License-Identifier: MIT */
/* attr-refuse.c - objects and files that do not let a value be changed, whatever it is. */
#include <string.h>

#include "api/error.h"
#include "fs/attr.h"

/* Every listed file is asked whether it can be written, and then not why: error is NULL. */
static gboolean refuse(GError **error, const AttrRow *row, const char *why)
{
    if (error != NULL)
        *error = api_error_new(API_ERROR_DENIED, 0, NULL, "%s: %s", row->name, why);
    return TRUE;
}

/* Where the campaign of an ad group has its budget: from the mount point, if that is known. */
static char *campaign_budget(const AttrView *view)
{
    const char *end = view->path != NULL ? strstr(view->path, "/adgroups/") : NULL;

    if (end == NULL)
        return g_strdup("../../budget");
    return g_strdup_printf("%.*s/budget", (int)(end - view->path), view->path);
}

static gboolean is_smart(const AttrView *view)
{
    const char *kind = object_text(view->object, "campaign_automation_type");

    return g_strcmp0(kind, "UPGRADED_SMART_PLUS") == 0;
}

/* The ordinary write endpoints spoil upgraded Smart+ objects. */
gboolean attr_refuse_smart(const AttrRow *row, const AttrView *view, GError **error)
{
    if (is_smart(view))
        return refuse(error, row,
                      "belongs to an upgraded Smart+ campaign; change it in Ads Manager");
    if (object_text(view->object, "operation_status") == NULL)
        return refuse(error, row, "the API does not list this object, only its members");
    return FALSE;
}

static gboolean refuse_of_campaign(const AttrRow *row, const AttrView *view, GError **error)
{
    g_autofree char *path = campaign_budget(view);
    g_autofree char *why = NULL;

    if (is_smart(view))
        why = g_strdup_printf("belongs to an upgraded Smart+ campaign, which has the budget (%s); "
                              "change it in Ads Manager",
                              path);
    else
        why = g_strdup_printf("no budget of its own; where the campaign optimizes its budget "
                              "(CBO), write to %s",
                              path);
    return refuse(error, row, why);
}

gboolean attr_refuse_budget(const AttrRow *row, const AttrView *view, GError **error)
{
    gboolean own = attr_has_budget(view);

    if (view->kind == KIND_ADGROUP && (is_smart(view) || !own) &&
        object_text(view->object, "operation_status") != NULL)
        return error == NULL || refuse_of_campaign(row, view, error);
    if (attr_refuse_smart(row, view, error))
        return TRUE;
    if (own)
        return FALSE;
    return refuse(error, row,
                  "is unlimited (BUDGET_MODE_INFINITE), and a budget mode can not change once the "
                  "campaign is there; limit its ad groups, or make another campaign");
}

gboolean attr_refuse_bid(const AttrRow *row, const AttrView *view, GError **error)
{
    if (attr_refuse_smart(row, view, error))
        return TRUE;
    if (!attr_has_bid(view))
        return refuse(error, row,
                      "this ad group bids by itself (bid_type is not BID_TYPE_CUSTOM), so that "
                      "there is no bid to set");
    return FALSE;
}

/* ---- files that nobody can write ---- */

gboolean attr_refuse_mode(const AttrRow *row, const AttrView *view, GError **error)
{
    return refuse(error, row,
                  "a budget mode can not change once the object is there; write the amount to "
                  "budget, or make another object");
}

gboolean attr_refuse_next(const AttrRow *row, const AttrView *view, GError **error)
{
    return refuse(error, row,
                  "shows what is planned; to plan it, write \"60 at midnight\" to budget");
}
