/* SPDX-License-Identifier: MIT */
/* extract.c - walks over the list of an answer and picks the members that say which object it is.
 */
#include "cache/extract.h"

#include <string.h>

#include "api/error.h"

typedef struct {
    JsonSpan id, other_id, parent, name, other_name, inner;
} Members;

/* Names of members: a kind each. other_: where it lacks the first. inner: the members are in this
   one. */
typedef struct {
    const char *id, *other_id, *parent, *name, *other_name, *inner;
} Paths;

static Paths paths_of(ObjectKind kind)
{
    const KindNames *names = kind_names(kind);
    Paths paths = {.id = names->id, .parent = names->parent_id, .name = names->name};

    if (kind == KIND_ADVERTISER)
        paths.other_name = "name"; /* as advertiser/info calls it */
    if (kind == KIND_MEMBER)
        paths.other_id = "user_email";
    if (kind == KIND_CENTER)
        paths.inner = "bc_info";
    return paths;
}

static GError *not_json(void)
{
    return api_error_new(API_ERROR_MALFORMED, 0, NULL, "The answer of the service is not JSON");
}

/* One step of a path. FALSE: the text is no whole object; without the member ret is empty. */
static gboolean descend(JsonSpan text, const char *name, JsonSpan *ret)
{
    const JsonField field = {name, 0};
    JsonSpan found = {NULL, 0};

    if (text.length == 0 || text.at[0] != '{' || !json_pick(text, &field, 1, &found))
        return FALSE;
    *ret = found;
    return TRUE;
}

static JsonSpan trim(const Bodies *bodies)
{
    JsonSpan span = {bodies->text, bodies->length};

    for (; span.length > 0 && g_ascii_isspace(*span.at); span.at++)
        span.length--;
    return span;
}

/* The value at the path. FALSE: what leads there is not JSON. */
static gboolean find_path(const Bodies *bodies, JsonSpan *ret)
{
    g_auto(GStrv) names = g_strsplit(bodies->path, ".", -1);

    *ret = trim(bodies);
    for (guint i = 1; names[i]; i++)
        if (ret->at && !descend(*ret, names[i], ret))
            return FALSE;
    return TRUE;
}

gboolean extract_init(Extract *extract, ObjectKind kind, const Bodies *bodies, GError **error)
{
    JsonSpan found;

    *extract = (Extract){.kind = kind,
                         .id = g_string_new(NULL),
                         .parent = g_string_new(NULL),
                         .name = g_string_new(NULL)};
    if (!find_path(bodies, &found)) {
        g_propagate_error(error, not_json());
        return FALSE;
    }
    if (kind == KIND_FUNDS)
        extract->single = found;
    else
        extract->ended = !found.at || !json_iter_init(&extract->iter, found.at, found.length) ||
                         extract->iter.close != ']';
    return TRUE;
}

void extract_clear(Extract *extract)
{
    GString **texts[] = {&extract->id, &extract->parent, &extract->name};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (*texts[i])
            g_string_free(g_steal_pointer(texts[i]), TRUE);
}

/* The text of a string, the digits of a number; what one has, else what the other has. */
static void set_text(GString *text, JsonSpan one, JsonSpan other)
{
    g_string_truncate(text, 0);
    if (one.at) {
        g_string_set_size(text, one.length + 1);
        g_string_set_size(text, json_span_copy(one, text->str));
    }
    if (text->len == 0 && other.at)
        set_text(text, other, (JsonSpan){NULL, 0});
}

/* The members of one object; FALSE: it is not a whole one. */
static gboolean pick(ObjectKind kind, JsonSpan body, Members *ret)
{
    const Paths paths = paths_of(kind);
    const struct {
        const char *name;
        gsize offset;
    } all[] = {
        {paths.id, G_STRUCT_OFFSET(Members, id)},
        {paths.other_id, G_STRUCT_OFFSET(Members, other_id)},
        {paths.parent, G_STRUCT_OFFSET(Members, parent)},
        {paths.name, G_STRUCT_OFFSET(Members, name)},
        {paths.other_name, G_STRUCT_OFFSET(Members, other_name)},
    };
    JsonField fields[G_N_ELEMENTS(all)];
    gsize n = 0;

    *ret = (Members){{NULL, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].name)
            fields[n++] = (JsonField){all[i].name, all[i].offset};
    if (paths.inner && (!descend(body, paths.inner, &body) || !body.at || body.at[0] != '{'))
        return paths.inner != NULL; /* without members */
    return json_pick(body, fields, n, ret);
}

static gboolean next_body(Extract *extract, JsonSpan *ret)
{
    JsonSpan name;

    if (extract->kind == KIND_FUNDS) {
        *ret = extract->single;
        extract->single = (JsonSpan){NULL, 0};
        return ret->at != NULL;
    }
    return !extract->ended && json_iter_next(&extract->iter, &name, ret);
}

gboolean extract_next(Extract *extract, GError **error)
{
    Members members;

    do {
        if (!next_body(extract, &extract->body)) {
            if (extract->kind != KIND_FUNDS && !extract->ended && !json_iter_whole(&extract->iter))
                g_propagate_error(error, not_json());
            extract->ended = TRUE;
            return FALSE;
        }
    } while (extract->body.at[0] != '{'); /* and is missed when the rows are counted */
    if (!pick(extract->kind, extract->body, &members)) {
        g_propagate_error(error, not_json());
        return FALSE;
    }
    set_text(extract->id, members.id, members.other_id);
    set_text(extract->parent, members.parent, (JsonSpan){NULL, 0});
    set_text(extract->name, members.name, members.other_name);
    return TRUE;
}
