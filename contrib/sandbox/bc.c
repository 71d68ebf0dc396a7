/* SPDX-License-Identifier: MIT */
/* bc.c - bc/get, bc/asset/get, bc/member/get. */
#include "bc.h"

#include <string.h>

#include "mix.h"

/* Parameters that exist, but change what is answered in ways that are not simulated. */
static gboolean refuse_others(const Call *call, const cJSON *filtering, GError **error)
{
    static const char *const parameters[] = {"child_bc_id", "payment_portfolio_id"};
    static const char *const filters[] = {"user_id", "user_email", "keyword_type", "relation_type"};

    for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++) {
        if (arg_text(call, parameters[i]) != NULL)
            return refuse(error, CODE_NOT_IN_SANDBOX, "Unsupported %s in sandbox environment.",
                          parameters[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
        if (cJSON_GetObjectItemCaseSensitive(filtering, filters[i]) != NULL)
            return refuse(error, CODE_NOT_IN_SANDBOX,
                          "Unsupported filtering.%s in sandbox environment.", filters[i]);
    }
    return TRUE;
}

gboolean bc_read_filtering(const Call *call, cJSON **ret, GError **error)
{
    return arg_json(call, "filtering", cJSON_Object, ret, error) &&
           refuse_others(call, *ret, error);
}

/* The text of a filter; NULL: any will do. */
static const char *filter_text(const cJSON *filtering, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(filtering, name));
}

gboolean bc_has_keyword(const cJSON *filtering, const char *name, const char *id)
{
    const char *keyword = filter_text(filtering, "keyword");

    return keyword == NULL || strstr(name, keyword) != NULL || strcmp(id, keyword) == 0;
}

static gboolean find_center(const Call *call, const char *id, const Center **ret, GError **error)
{
    if (!text_is_id(id))
        return refuse(error, CODE_PARAMETER, "bc_id: Not a valid id.");

    *ret = centers_find(call->world->centers, id);
    if (*ret == NULL)
        return refuse(error, CODE_PERMISSION, "No permission to operate business center: %s", id);
    return TRUE;
}

gboolean bc_find(const Call *call, const Center **ret, GError **error)
{
    const char *id;

    return arg_required(call, "bc_id", &id, error) && find_center(call, id, ret, error);
}

static void put_center(GString *out, const Center *center)
{
    g_string_append(out, "{\"bc_info\":{");
    text_put_member(out, "bc_id", center->id);
    text_put_member(out, "name", center->name);
    text_put_member(out, "company", center->company);
    text_put_member(out, "currency", center->currency);
    text_put_member(out, "registered_area", center->country);
    text_put_member(out, "status", "ENABLE");
    text_put_member(out, "timezone", center->timezone);
    text_put_member(out, "type", "NORMAL");
    text_put_member(out, "verification_status", "VERIFIED");
    g_string_append(out, "},");
    g_string_append_printf(out,
                           "\"user_role\":\"ADMIN\",\"ext_user_role\":{\"finance_role\":\"%s\"}}",
                           center->finance_role);
}

gboolean bc_get(const Call *call, Answer *answer, GError **error)
{
    const char *id = arg_text(call, "bc_id");
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autoptr(cJSON) filtering = NULL;
    const Center *only = NULL;
    Page page;

    if (!page_read(call, 50, &page, error) || !bc_read_filtering(call, &filtering, error) ||
        (id != NULL && !find_center(call, id, &only, error)))
        return FALSE;

    for (guint i = 0; i < call->world->centers->len; i++) {
        Center *center = g_ptr_array_index(call->world->centers, i);

        if ((only == NULL || center == only) && bc_has_keyword(filtering, center->name, center->id))
            g_ptr_array_add(found, center);
    }

    page_put(&page, found->len, answer->rest);
    g_string_append_c(answer->list, '[');
    for (gint64 i = page.from; i < page.to; i++) {
        if (i > page.from)
            g_string_append_c(answer->list, ',');
        put_center(answer->list, g_ptr_array_index(found, page_row(&page, i)));
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}

static gboolean read_asset_type(const Call *call, gboolean *is_account, GError **error)
{
    static const char *const types[] = {
        "ADVERTISER", "CATALOG", "TIKTOK_SHOP",
        "STOREFRONT", "PIXEL",   "LEAD",
        "TT_ACCOUNT", "DOMAIN",  "MANAGED_BUSINESS_ACCOUNT",
        NULL,
    };
    const char *type;

    if (!arg_required(call, "asset_type", &type, error))
        return FALSE;
    if (!g_strv_contains(types, type))
        return refuse(error, CODE_PARAMETER, "asset_type: Not a valid choice: %s.", type);
    *is_account = strcmp(type, types[0]) == 0;
    return TRUE;
}

static void put_asset(GString *out, const Asset *asset)
{
    g_string_append_c(out, '{');
    text_put_member(out, "asset_type", "ADVERTISER");
    text_put_member(out, "asset_id", asset->id);
    text_put_member(out, "asset_name", asset->name);
    text_put_member(out, "relation_type", asset->relation_type);
    text_put_member(out, "relation_status", asset->relation_status);
    text_put_member(out, "advertiser_status",
                    asset->account != NULL ? asset->account->status : "STATUS_DISABLE");
    text_put_member(out, "advertiser_account_type", "AUCTION");
    text_put_member(out, "advertiser_role", role_names[asset->role]);
    text_put_member(out, "catalog_role", NULL);
    text_put_member(out, "owner_bc_name", asset->owner);
    g_string_append_c(out, '}');
}

gboolean bc_assets(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autoptr(cJSON) filtering = NULL;
    gboolean is_account = FALSE;
    const Center *center = NULL;
    Page page;

    if (!read_asset_type(call, &is_account, error) || !page_read(call, 50, &page, error) ||
        !bc_read_filtering(call, &filtering, error) || !bc_find(call, &center, error))
        return FALSE;

    for (guint i = 0; i < center->assets->len && is_account; i++) {
        Asset *asset = &g_array_index(center->assets, Asset, i);

        if (bc_has_keyword(filtering, asset->name, asset->id))
            g_ptr_array_add(found, asset);
    }

    page_put(&page, found->len, answer->rest);
    g_string_append_c(answer->list, '[');
    for (gint64 i = page.from; i < page.to; i++) {
        if (i > page.from)
            g_string_append_c(answer->list, ',');
        put_asset(answer->list, g_ptr_array_index(found, page_row(&page, i)));
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}

typedef struct {
    char id[24];
    char name[32];
    const char *role;
    const char *status;
    const char *finance_role;
} Person;

/* The first is who the token belongs to; the last of several has not accepted yet. */
static Person person_at(const World *world, const Center *center, guint index)
{
    static const char *const names[] = {"Ada M", "Grace H", "Ben / 日本", "Zoë K"};
    guint64 hash = mix_hash(world->seed ^ g_ascii_strtoull(center->id, NULL, 10), 0x3e3, index);
    Person person = {
        .role = index == 0 || hash % 4 == 0 ? "ADMIN" : "STANDARD",
        .status = index >= 2 && index + 1 == world->members ? "PENDING" : "BOUND",
        .finance_role = index == 0      ? center->finance_role
                        : hash % 2 == 0 ? "MANAGER"
                                        : "ANALYST",
    };

    g_strlcpy(person.id, "6912345678901234567", sizeof person.id);
    if (index > 0)
        g_snprintf(person.id, sizeof person.id, "69%017" G_GUINT64_FORMAT,
                   hash % G_GUINT64_CONSTANT(100000000000) * 100000 + index);
    if (index < G_N_ELEMENTS(names))
        g_strlcpy(person.name, names[index], sizeof person.name);
    else
        g_snprintf(person.name, sizeof person.name, "%s %u", names[index % G_N_ELEMENTS(names)],
                   index);
    return person;
}

static gboolean is_wanted(const cJSON *filtering, const Person *person)
{
    const char *role = filter_text(filtering, "user_role");
    const char *status = filter_text(filtering, "relation_status");

    return bc_has_keyword(filtering, person->name, person->id) &&
           (role == NULL || strcmp(role, person->role) == 0) &&
           (status == NULL || strcmp(status, person->status) == 0);
}

static void put_person(GString *out, const Person *person)
{
    g_string_append_c(out, '{');
    text_put_member(out, "user_id", person->id);
    text_put_member(out, "user_name", person->name);
    g_string_append_printf(out, ",\"user_email\":\"%c***@alpenrad.example\"",
                           g_ascii_tolower(person->name[0]));
    text_put_member(out, "user_role", person->role);
    text_put_member(out, "relation_status", person->status);
    g_string_append_printf(out, ",\"ext_user_role\":{\"finance_role\":\"%s\"}}",
                           person->finance_role);
}

gboolean bc_members(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(cJSON) filtering = NULL;
    const Center *center = NULL;
    Page page;

    if (!page_read(call, 20, &page, error) || !bc_read_filtering(call, &filtering, error) ||
        !bc_find(call, &center, error))
        return FALSE;

    for (guint i = 0; i < call->world->members; i++) {
        Person person = person_at(call->world, center, i);

        if (is_wanted(filtering, &person))
            g_array_append_val(found, i);
    }

    page_put(&page, found->len, answer->rest);
    g_string_append_c(answer->list, '[');
    for (gint64 i = page.from; i < page.to; i++) {
        Person person =
            person_at(call->world, center, g_array_index(found, guint, page_row(&page, i)));

        if (i > page.from)
            g_string_append_c(answer->list, ',');
        put_person(answer->list, &person);
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}
