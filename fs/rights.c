/* SPDX-License-Identifier: MIT */
/* rights.c - scopes, roles and refusals. */
#include "fs/rights.h"

#include <string.h>

#include "api/error.h"
#include "fs/center.h"
#include "fs/saved-name.h"
#include "fs/scope.h"

/* ---- scopes ---- */

static const char *const reads[N_KINDS] = {
    [KIND_ADVERTISER] = "100", [KIND_CAMPAIGN] = "200", [KIND_ADGROUP] = "210", [KIND_AD] = "220",
    [KIND_CENTER] = "150",     [KIND_ASSET] = "153",    [KIND_MEMBER] = "156",
};

static const char *const writes_to[N_KINDS] = {
    [KIND_CAMPAIGN] = "201",
    [KIND_ADGROUP] = "211",
    [KIND_AD] = "221",
};

/* Reports of one level, of accounts also those of a center; the consolidated ones are of all. */
static const char *const report_levels[N_KINDS] = {
    [KIND_ADVERTISER] = "40",
    [KIND_CAMPAIGN] = "41",
    [KIND_ADGROUP] = "42",
    [KIND_AD] = "43",
};
static const char all_reports[] = "44";

static gboolean has_scope(const Mount *mount, const char *id)
{
    return scope_is_granted((const char *const *)mount->options->scopes, id);
}

/* TRUE and error: it is missing. NULL is none that could be. */
static gboolean lack_scope(const Mount *mount, const char *id, GError **error)
{
    g_autofree char *wholes = NULL;

    if (id == NULL || has_scope(mount, id))
        return FALSE;
    if (error == NULL)
        return TRUE;
    if (strlen(id) > 2)
        wholes = g_strdup_printf("%.2s or %.1s", id, id);
    else
        wholes = g_strdup_printf("%.1s", id);
    *error = api_error_new(API_ERROR_DENIED, 0, NULL,
                           "the login did not grant scope %s (%s), nor %s, which it is part of; "
                           "let the app ask for it, then run adsfs login %s again",
                           id, scope_name(id), wholes, mount->options->profile);
    return TRUE;
}

static gboolean lack_report(const Mount *mount, const Place *place, GError **error)
{
    ObjectKind days_of = place->kind == KIND_CENTER ? KIND_CENTER : KIND_ADVERTISER;
    g_auto(ReportName) name = {0};

    if (lack_scope(mount, reads[days_of], error)) /* days are those of its zone */
        return TRUE;
    if (report_name_read(mount, place->name, place->kind, &name, NULL) &&
        has_scope(mount, report_levels[name.shape->level]))
        return FALSE;
    return lack_scope(mount, all_reports, error);
}

/* The name of an account is in the list of accounts. */
static gboolean is_listed_name(const Place *place)
{
    return place->kind == KIND_ADVERTISER && place->type == PLACE_ATTR &&
           g_strcmp0(place->attr->field, "name") == 0;
}

/* What sort of thing is read there; KIND_NONE: nothing that a scope is for. */
static ObjectKind content_of(const Place *place)
{
    if (place->type == PLACE_TABLE)
        return place->entry->members;
    if (place->type == PLACE_COLLECTION || place->type == PLACE_NAMES)
        return place->entry->members == KIND_ADVERTISER ? KIND_NONE : place->entry->members;
    if (place->type == PLACE_MEMBERS)
        return KIND_MEMBER;
    if ((place->type == PLACE_ATTR && !is_listed_name(place)) || place->type == PLACE_INFO)
        return place->kind;
    return KIND_NONE;
}

gboolean rights_have_info(const Mount *mount)
{
    return has_scope(mount, reads[KIND_ADVERTISER]);
}

/* ---- roles ---- */

static gboolean is_billing(const Place *place)
{
    return place->kind == KIND_ADVERTISER && place->type == PLACE_ATTR && place->attr->money;
}

static gboolean is_writable(const Mount *mount, const Place *place)
{
    gboolean values =
        place->type == PLACE_TABLE || (place->type == PLACE_ATTR && place->attr->commit != NULL);

    return values && mount->options->writable && !mount->options->read_only &&
           !mount->options->offline;
}

/* Without them what is known of roles is of an earlier login. */
static gboolean has_role_scopes(const Mount *mount)
{
    return has_scope(mount, reads[KIND_CENTER]) && has_scope(mount, reads[KIND_ASSET]);
}

gboolean rights_need_roles(const Mount *mount, const Place *place, Purpose purpose)
{
    if (!has_role_scopes(mount))
        return FALSE;
    if (is_billing(place))
        return (purpose == FOR_STAT || purpose == FOR_READING) &&
               !rights_lack(mount, place, FALSE, NULL);
    return (purpose == FOR_STAT || purpose == FOR_WRITING) && is_writable(mount, place) &&
           !rights_lack(mount, place, TRUE, NULL);
}

/* Nobody but an Admin gives roles. */
static GError *role_error(Mount *mount, const Place *place, Role role, const char *what)
{
    const Row *account = cache_row(mount->cache, place->advertiser);
    const char *center = account != NULL ? object_text(account->object, "owner_bc_id") : NULL;

    return api_error_new(API_ERROR_DENIED, 0, NULL,
                         "the role of this login in the account is %s, which %s; an Admin of the "
                         "Business Center%s%s can change the role",
                         role == ROLE_ANALYST ? "Analyst" : "Operator", what,
                         center != NULL ? " " : "", center != NULL ? center : "");
}

/* A role that is not known refuses nothing: the service has the last word, and Business Centers
   that do not answer must not keep anybody from stopping a campaign. */
static gboolean refuse_by_role(Mount *mount, const Place *place, gboolean writes, GError **error)
{
    Role role;

    if (!is_billing(place) && !(writes && is_writable(mount, place)))
        return FALSE;
    role = has_role_scopes(mount) ? cache_role(mount->cache, place->advertiser) : ROLE_UNKNOWN;
    if (role == ROLE_ANALYST || (role == ROLE_OPERATOR && is_billing(place))) {
        if (error != NULL)
            *error = role_error(mount, place, role,
                                is_billing(place) ? "does not see billing" : "changes nothing");
        return TRUE;
    }
    return FALSE;
}

/* ---- what the service answered ---- */

/* It is, or is made of, what advertiser/info tells. */
static gboolean is_detail(const Place *place)
{
    if (place->type == PLACE_REPORT)
        return place->kind != KIND_CENTER;
    return place->kind == KIND_ADVERTISER && !is_listed_name(place) &&
           (place->type == PLACE_ATTR || place->type == PLACE_INFO);
}

/* advertiser/info does not tell of this account, and never did. */
static gboolean refuse_details(Mount *mount, const Place *place, GError **error)
{
    return is_detail(place) && !cache_has_details(mount->cache, place->advertiser, NULL) &&
           cache_account_refused(mount->cache, place->advertiser, error);
}

gboolean rights_unknown(Mount *mount, const Place *place, GError **error)
{
    return is_detail(place) && !cache_has_details(mount->cache, place->advertiser, error);
}

/* bc/balance/get does not tell this user. */
static gboolean refuse_funds(Mount *mount, const Place *place, GError **error)
{
    const GError *refusal;

    if (!place_is_funds(place))
        return FALSE;
    refusal = cache_listing_error(mount->cache, LISTING_FUNDS, place->row);
    if (!g_error_matches(refusal, API_ERROR, API_ERROR_DENIED))
        return FALSE;
    if (error != NULL)
        *error = g_error_copy(refusal);
    return TRUE;
}

/* ---- all of it ---- */

gboolean rights_lack(const Mount *mount, const Place *place, gboolean writes, GError **error)
{
    ObjectKind content = content_of(place);

    if (place->type == PLACE_REPORT)
        return lack_report(mount, place, error);
    if (lack_scope(mount, reads[content], error) ||
        (writes && lack_scope(mount, writes_to[content], error)))
        return TRUE;
    if (!place_is_funds(place) || !center_hides_money(place->object))
        return FALSE;
    if (error != NULL)
        *error = api_error_new(API_ERROR_DENIED, 0, NULL,
                               "this login is a Standard member of the Business Center without a "
                               "finance role; an Admin of the center can give one");
    return TRUE;
}

/* What may not be seen in F is not to be learnt from F.meta. */
gboolean rights_refuse(Mount *mount, const Place *place, gboolean writes, GError **error)
{
    if (place->type == PLACE_META) {
        Place beside = place_beside(place);

        return rights_refuse(mount, &beside, writes, error);
    }
    return rights_lack(mount, place, writes, error) ||
           refuse_by_role(mount, place, writes, error) || refuse_details(mount, place, error) ||
           refuse_funds(mount, place, error);
}
