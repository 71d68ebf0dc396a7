/* SPDX-License-Identifier: MIT */
/*
 * object.c - an object is three copies of its text: as received, with an end behind each value,
 * and with strings unescaped in their place. Unescaped text is never longer than the escaped one,
 * so a member has the same offset in all three and the index is two numbers each.
 */
#include "api/object.h"

#include <string.h>

#include "api/error.h"
#include "api/json.h"

/* clang-format off */
static const KindNames kinds[N_KINDS] = {
    [KIND_ADVERTISER] = {"advertiser", "advertiser_id", "advertiser_name", NULL,
                         "advertiser_ids", "AUCTION_ADVERTISER"},
    [KIND_CAMPAIGN]   = {"campaign", "campaign_id", "campaign_name", NULL,
                         "campaign_ids", "AUCTION_CAMPAIGN"},
    [KIND_ADGROUP]    = {"adgroup", "adgroup_id", "adgroup_name", "campaign_id",
                         "adgroup_ids", "AUCTION_ADGROUP"},
    [KIND_AD]         = {"ad", "ad_id", "ad_name", "adgroup_id",
                         "ad_ids", "AUCTION_AD"},
    [KIND_CENTER]     = {"center", "bc_id", "name"},
    [KIND_ASSET]      = {"asset", "asset_id", "asset_name"},
    [KIND_MEMBER]     = {"member", "user_id", "user_name"},
    [KIND_FUNDS]      = {"funds", "bc_id"},
};
/* clang-format on */

typedef struct {
    gsize name_at, at; /* where name and value begin, in each of the three texts */
    gboolean null;
} Member;

struct Object {
    gint refs;
    char *json;  /* as received */
    char *raws;  /* each value ends in a NUL */
    char *texts; /* each name and value is unescaped and ends in a NUL */
    GArray *members;
};

const KindNames *kind_names(ObjectKind kind)
{
    g_assert(kind > KIND_NONE && kind < N_KINDS);
    return &kinds[kind];
}

static void add_member(Object *object, JsonSpan name, JsonSpan value)
{
    Member member = {
        .name_at = (gsize)(name.at - object->json),
        .at = (gsize)(value.at - object->json),
        .null = json_span_is_null(value),
    };

    object->raws[member.at + value.length] = '\0';
    json_span_copy(name, object->texts + member.name_at);
    json_span_copy(value, object->texts + member.at);
    g_array_append_val(object->members, member);
}

static gboolean index_members(Object *object, gsize length)
{
    JsonIter iter;
    JsonSpan name, value;

    if (!json_iter_init(&iter, object->json, length) || iter.close != '}')
        return FALSE;
    while (json_iter_next(&iter, &name, &value))
        add_member(object, name, value);
    return json_iter_whole(&iter);
}

Object *object_new(const char *json, gssize length, GError **error)
{
    gsize n = length < 0 ? strlen(json) : (gsize)length;
    g_autoptr(Object) object = g_new0(Object, 1);

    object->refs = 1;
    object->json = g_strndup(json, n);
    object->raws = g_strndup(json, n);
    object->texts = g_malloc0(n + 1);
    object->members = g_array_new(FALSE, FALSE, sizeof(Member));
    if (!g_utf8_validate_len(json, n, NULL) || !index_members(object, n)) {
        g_autofree char *start = g_utf8_make_valid(json, (gssize)MIN(n, 40));

        g_propagate_error(error, api_error_new(API_ERROR_MALFORMED, 0, NULL,
                                               "not a JSON object in UTF-8: '%s'", start));
        return NULL;
    }
    return g_steal_pointer(&object);
}

Object *object_ref(Object *object)
{
    g_atomic_int_inc(&object->refs);
    return object;
}

void object_unref(Object *object)
{
    if (object == NULL || !g_atomic_int_dec_and_test(&object->refs))
        return;
    g_array_unref(object->members);
    g_free(object->texts);
    g_free(object->raws);
    g_free(object->json);
    g_free(object);
}

const char *object_json(const Object *object)
{
    return object->json;
}

/* NULL when absent or null. Of a name sent twice the first counts, as in cJSON and SQLite. */
static const Member *find_member(const Object *object, const char *name)
{
    for (guint i = 0; i < object->members->len; i++) {
        const Member *member = &g_array_index(object->members, Member, i);

        if (strcmp(object->texts + member->name_at, name) == 0)
            return member->null ? NULL : member;
    }
    return NULL;
}

const char *object_raw(const Object *object, const char *name)
{
    const Member *member = find_member(object, name);

    return member != NULL ? object->raws + member->at : NULL;
}

const char *object_text(const Object *object, const char *name)
{
    const Member *member = find_member(object, name);

    return member != NULL ? object->texts + member->at : NULL;
}

gboolean object_member(const Object *object, guint index, const char **name, const char **raw)
{
    if (index >= object->members->len)
        return FALSE;

    const Member *member = &g_array_index(object->members, Member, index);
    *name = object->texts + member->name_at;
    *raw = object->raws + member->at;
    return TRUE;
}

static void new_line(GString *out, guint depth)
{
    g_string_append_c(out, '\n');
    for (guint i = 0; i < MIN(depth, (guint)JSON_DEPTH_MAX); i++)
        g_string_append(out, "  ");
}

static gsize string_length(const char *at)
{
    gsize i = 1;

    while (at[i] != '\0' && at[i] != '"')
        i += at[i] == '\\' && at[i + 1] != '\0' ? 2 : 1;
    return at[i] == '"' ? i + 1 : i;
}

/* An opening bracket; an empty pair stays together. Returns where to go on. */
static const char *pretty_open(GString *out, const char *at, guint *depth)
{
    const char *next = at + 1 + strspn(at + 1, " \t\r\n");

    g_string_append_c(out, *at);
    if (*next == '}' || *next == ']') {
        g_string_append_c(out, *next);
        return next + 1;
    }
    new_line(out, ++*depth);
    return next;
}

static const char *pretty_mark(GString *out, const char *at, guint *depth)
{
    if (*at == '{' || *at == '[')
        return pretty_open(out, at, depth);
    if (*at == '}' || *at == ']') {
        *depth -= *depth > 0 ? 1 : 0;
        new_line(out, *depth);
        g_string_append_c(out, *at);
    } else if (*at == ',') {
        g_string_append_c(out, ',');
        new_line(out, *depth);
    } else {
        g_string_append(out, ": ");
    }
    return at + 1;
}

char *json_pretty(const char *json)
{
    GString *out = g_string_sized_new(strlen(json) * 5 / 4);
    guint depth = 0;

    while (*(json += strspn(json, " \t\r\n")) != '\0') {
        if (strchr("{}[],:", *json) != NULL) {
            json = pretty_mark(out, json, &depth);
        } else {
            gsize length = *json == '"' ? string_length(json) : strcspn(json, "{}[],: \t\r\n\"");

            g_string_append_len(out, json, (gssize)length);
            json += length;
        }
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
