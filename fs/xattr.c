/* SPDX-License-Identifier: MIT */
/* xattr.c - the facts of meta.h, one an attribute. */
#include "fs/xattr.h"

#include <errno.h>
#include <string.h>

#include "fs/meta.h"
#include "fs/rights.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

#define PREFIX "user.adsfs."

/* Those of an error have a name of their own; any other member is called what it is called there.
 */
static const struct {
    const char *name, *member; /* of "error" */
} of_error[] = {
    {"error", "message"}, {"error_time", "time"},       {"errno", "errno"},
    {"code", "code"},     {"request_id", "request_id"},
};

/* NULL: nothing is there, or it may not be seen, or it is about another file itself. A link has
   none: the kernel gives nobody those of the user, and what is listed and not given fails rsync -X.
 */
static cJSON *facts_of(Mount *mount, guint64 ino)
{
    g_auto(Place) place = {0};

    if (!tree_place(mount, ino, &place) || place.type == PLACE_META || place.type == PLACE_LINK ||
        rights_refuse(mount, &place, FALSE, NULL))
        return NULL;
    return meta_facts(mount, &place);
}

/* As text, new. NULL: it is null. */
static char *value_text(const cJSON *value)
{
    if (cJSON_IsString(value))
        return g_strdup(value->valuestring);
    if (cJSON_IsNumber(value))
        return g_strdup_printf("%.0f", value->valuedouble);
    return cJSON_IsBool(value) ? g_strdup(cJSON_IsTrue(value) ? "true" : "false") : NULL;
}

static void add_value(GHashTable *values, const char *name, const cJSON *value)
{
    char *text = value_text(value);

    if (text != NULL)
        g_hash_table_insert(values, g_strconcat(PREFIX, name, NULL), text);
}

/* Name -> value. */
static GHashTable *values_of(Mount *mount, guint64 ino)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(cJSON) facts = facts_of(mount, ino);
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(facts, "error"), *fact;

    cJSON_ArrayForEach (fact, facts)
        add_value(values, fact->string, fact);
    for (gsize i = 0; i < G_N_ELEMENTS(of_error); i++)
        add_value(values, of_error[i].name,
                  cJSON_GetObjectItemCaseSensitive(error, of_error[i].member));
    return values;
}

char *xattr_value(Mount *mount, guint64 ino, const char *name)
{
    g_autoptr(GHashTable) values = NULL;

    if (!g_str_has_prefix(name, PREFIX)) /* what is asked for most: nothing is looked up for it */
        return NULL;
    values = values_of(mount, ino);
    return g_strdup(g_hash_table_lookup(values, name));
}

GString *xattr_names(Mount *mount, guint64 ino)
{
    g_autoptr(GHashTable) values = values_of(mount, ino);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(values), (GCompareFunc)strcmp);
    GString *ret = g_string_new(NULL);

    for (GList *name = names; name != NULL; name = name->next)
        g_string_append_len(ret, name->data, (gssize)strlen(name->data) + 1);
    return ret;
}

/* size 0: how long would it be. */
static void reply(fuse_req_t fuse, const char *text, gsize length, gsize size)
{
    if (size == 0)
        fuse_reply_xattr(fuse, length);
    else if (length > size)
        fuse_reply_err(fuse, ERANGE);
    else
        fuse_reply_buf(fuse, text, length);
}

/* TRUE: refused once and for all. */
static gboolean is_off(fuse_req_t fuse)
{
    const Mount *mount = fuse_req_userdata(fuse);

    if (!mount->options->xattr)
        fuse_reply_err(fuse, ENOSYS);
    return !mount->options->xattr;
}

void xattr_get(fuse_req_t fuse, fuse_ino_t ino, const char *name, size_t size)
{
    g_autofree char *value = NULL;

    if (is_off(fuse))
        return;
    value = xattr_value(fuse_req_userdata(fuse), ino, name);
    if (value == NULL)
        fuse_reply_err(fuse, ENODATA);
    else
        reply(fuse, value, strlen(value), size);
}

void xattr_list(fuse_req_t fuse, fuse_ino_t ino, size_t size)
{
    if (is_off(fuse))
        return;
    g_autoptr(GString) names = xattr_names(fuse_req_userdata(fuse), ino);

    reply(fuse, names->str, names->len, size);
}
