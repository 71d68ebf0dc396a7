/* SPDX-License-Identifier: MIT */
/* identity.c - oauth2/advertiser/get, advertiser/info, user/info, and the check of advertiser_id.
 */
#include "identity.h"

#include <string.h>

#include "access.h"
#include "oauth.h"

gboolean identity_advertisers(const Call *call, Answer *answer, GError **error)
{
    const char *app_id, *secret;

    if (!arg_required(call, "app_id", &app_id, error) ||
        !arg_required(call, "secret", &secret, error) ||
        !oauth_check_app(call, app_id, secret, error))
        return FALSE;

    g_string_append_c(answer->list, '[');
    for (guint i = 0; i < call->world->accounts->len; i++) {
        const Account *account = g_ptr_array_index(call->world->accounts, i);

        if (account->unlisted)
            continue;
        g_string_append_printf(answer->list, "%s{\"advertiser_id\":\"%s\",\"advertiser_name\":",
                               answer->list->len > 1 ? "," : "", account->id);
        text_put_json(answer->list, account->name);
        g_string_append_c(answer->list, '}');
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}

static gboolean read_fields(const Call *call, GHashTable **ret, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;

    if (!arg_strings(call, "fields", &names, error))
        return FALSE;
    if (names == NULL)
        return TRUE;

    g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < names->len; i++) {
        char *name = g_ptr_array_index(names, i);

        if (!account_has_field(name))
            return refuse(error, CODE_PARAMETER, "fields: Not a valid choice: %s.", name);
        g_hash_table_add(fields, g_strdup(name));
    }
    *ret = g_steal_pointer(&fields);
    return TRUE;
}

gboolean identity_info(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(GHashTable) fields = NULL;
    g_autoptr(GPtrArray) ids = NULL;
    g_autoptr(cJSON) array = NULL;

    if (!arg_json(call, "advertiser_ids", cJSON_Array, &array, error))
        return FALSE;
    if (array == NULL)
        return refuse(error, CODE_PARAMETER, "Missing required field(s): advertiser_ids.");
    if (cJSON_GetArraySize(array) > 100)
        return refuse(error, CODE_PARAMETER, "advertiser_ids: Longer than maximum length 100.");
    if (!ids_of(array, "advertiser_ids", 100, &ids, error) || !read_fields(call, &fields, error))
        return FALSE;

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        const Account *account = accounts_find(call->world->accounts, id);

        if (account == NULL || account->forbidden)
            return refuse(error, CODE_PERMISSION, "No permission to operate advertiser: %s", id);
    }

    g_string_append_c(answer->list, '[');
    for (guint i = 0; i < ids->len; i++) {
        if (i > 0)
            g_string_append_c(answer->list, ',');
        account_put(answer->list, accounts_find(call->world->accounts, g_ptr_array_index(ids, i)),
                    fields);
    }
    g_string_append_c(answer->list, ']');
    return TRUE;
}

gboolean identity_user(const Call *call, Answer *answer, GError **error G_GNUC_UNUSED)
{
    g_string_append_printf(answer->rest,
                           "\"display_name\":\"Ada M\",\"email\":\"a***@alpenrad.example\","
                           "\"core_user_id\":\"6912345678901234567\",\"create_time\":%" //
                           G_GINT64_FORMAT
                           ",\"avatar_url\":\"https://p16.alpenrad.example/a.jpeg\"",
                           call->world->epoch);
    return TRUE;
}

const Account *identity_find(const Call *call, const char *id, GError **error)
{
    if (!text_is_id(id)) {
        refuse(error, CODE_PARAMETER, "advertiser_id: Not a valid id.");
        return NULL;
    }

    const Account *account = accounts_find(call->world->accounts, id);
    if (account != NULL)
        return access_check_account(call, account, error) ? account : NULL;
    /* 19 digits may be somebody's; anything shorter never was an advertiser. */
    if (strlen(id) == 19)
        refuse(error, CODE_PERMISSION, "No permission to operate advertiser: %s", id);
    else
        refuse(error, CODE_PARAMETER, "The advertiser %s doesn't exist or has been deleted.", id);
    return NULL;
}

const Account *identity_account(const Call *call, GError **error)
{
    const char *id = arg_text(call, "advertiser_id");

    if (call->body != NULL) {
        const cJSON *node = cJSON_GetObjectItemCaseSensitive(call->body, "advertiser_id");

        if (node != NULL && !cJSON_IsString(node)) {
            refuse(error, CODE_PARAMETER, "advertiser_id: Not a valid string.");
            return NULL;
        }
        id = cJSON_GetStringValue(node);
    }
    if (id == NULL || *id == '\0') {
        refuse(error, CODE_PARAMETER, "Missing required field(s): advertiser_id.");
        return NULL;
    }
    return identity_find(call, id, error);
}
