/* SPDX-License-Identifier: MIT */
/* draft.c - drafts, and what is void in them, as places of the tree. */
#include "fs/draft.h"

#include <string.h>

#include "api/error.h"
#include "cache/create.h"
#include "fs/rights.h"

/* ---- where one is ---- */

gboolean draft_scope_of(Mount *mount, const Place *dir, DraftScope *ret)
{
    const Row *account = cache_row(mount->cache, dir->advertiser);
    ObjectKind kind;

    if (dir->type != PLACE_COLLECTION || account == NULL)
        return FALSE;
    kind = dir->entry->members;
    if (kind < KIND_CAMPAIGN || kind > KIND_AD || dir->kind != kind - 1)
        return FALSE;
    *ret = (DraftScope){kind, account->id, kind == KIND_CAMPAIGN ? "" : dir->id};
    return TRUE;
}

static gint64 account_row(Mount *mount, const char *id)
{
    Scope scope = {.kind = KIND_ADVERTISER};

    return cache_find_id(mount->cache, &scope, id);
}

/* What the slot means in a draft; FALSE: nothing. */
static gboolean set_slot(Place *place, guint slot)
{
    place->slot = slot;
    if (slot == SLOT_SELF)
        place->type = PLACE_DRAFT;
    else if (slot == SLOT_INFO)
        place->type = PLACE_DRAFT_INFO;
    else if (slot == SLOT_CTL)
        place->type = PLACE_DRAFT_CTL;
    else if ((place->draft = draft_row_of_slot(place->kind, slot)) != NULL)
        place->type = PLACE_DRAFT_FILE;
    else
        return FALSE;
    return TRUE;
}

gboolean draft_place(Mount *mount, guint64 ino, Place *ret)
{
    const Draft *draft = draft_get(mount->cache, ino_row(ino));
    gint64 advertiser = draft != NULL ? account_row(mount, draft->account) : 0;

    if (advertiser == 0)
        return FALSE;
    *ret = (Place){.ino = ino, .row = draft->draft, .kind = draft->kind, .advertiser = advertiser};
    if (!set_slot(ret, ino_slot(ino)))
        return FALSE;
    ret->parent = g_strdup(draft->parent);
    ret->name = g_strdup(draft->name);
    ret->changed_us = draft->changed_us;
    return TRUE;
}

gboolean void_place(Mount *mount, guint64 ino, Place *ret)
{
    const Void *nothing = void_at(mount->voids, ino_row(ino));

    if (nothing == NULL)
        return FALSE;
    *ret = (Place){.ino = ino, .row = nothing->number, .name = g_strdup(nothing->name)};
    ret->type = nothing->type == S_IFDIR   ? PLACE_VOID_DIR
                : nothing->type == S_IFLNK ? PLACE_VOID_LINK
                                           : PLACE_VOID_FILE;
    ret->size = nothing->size;
    if (nothing->target != NULL)
        ret->range = g_strdup(nothing->target);
    return TRUE;
}

/* ---- names ---- */

static guint64 find_file(const Place *dir, const char *name)
{
    const DraftRow *row = draft_row_find(dir->kind, name);

    if (row != NULL)
        return ino_of_draft(dir->row, row->slot);
    if (strcmp(name, "info.json") == 0)
        return ino_of_draft(dir->row, SLOT_INFO);
    return strcmp(name, "ctl") == 0 ? ino_of_draft(dir->row, SLOT_CTL) : 0;
}

guint64 draft_find_in(Mount *mount, const Place *dir, const char *name)
{
    guint64 ino = dir->type == PLACE_DRAFT ? find_file(dir, name) : 0;
    const Draft *draft;
    const Void *nothing;
    DraftScope scope;

    if (ino != 0)
        return ino;
    if (dir->type == PLACE_DRAFT || dir->type == PLACE_VOID_DIR) {
        nothing = void_find(mount->voids, dir->ino, name);
        return nothing != NULL ? ino_of_void(nothing->number) : 0;
    }
    if (!draft_scope_of(mount, dir, &scope))
        return 0;
    draft = draft_find(mount->cache, &scope, name);
    return draft != NULL ? ino_of_draft(draft->draft, SLOT_SELF) : 0;
}

gboolean draft_is_coming(Mount *mount, const Place *dir, const char *name)
{
    DraftScope scope;
    Place above = *dir;

    above.type = PLACE_COLLECTION;
    if (dir->type != PLACE_NAMES || !draft_scope_of(mount, &above, &scope))
        return FALSE;
    return draft_find(mount->cache, &scope, name) != NULL;
}

typedef struct {
    EachDraftChildFunc each;
    void *user_data;
} Each;

static gboolean tell_draft(void *user_data, const Draft *draft)
{
    const Each *each = user_data;

    return each->each(each->user_data, draft->name, ino_of_draft(draft->draft, SLOT_SELF),
                      DRAFT_OFFSET + draft->draft);
}

static void tell_files(const Place *dir, gint64 from, const Each *each)
{
    const char *const others[] = {"ctl", "info.json"};
    const DraftRow *row;
    gint64 next = 3; /* after . and .. */

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++, next++)
        if (next > from && !each->each(each->user_data, others[i], find_file(dir, others[i]), next))
            return;
    for (guint i = 0; (row = draft_row(dir->kind, i)) != NULL; i++, next++)
        if (next > from &&
            !each->each(each->user_data, row->name, ino_of_draft(dir->row, row->slot), next))
            return;
}

void draft_children(Mount *mount, const Place *dir, gint64 from, EachDraftChildFunc each,
                    void *user_data)
{
    Each all = {each, user_data};
    DraftScope scope;

    if (dir->type == PLACE_DRAFT)
        tell_files(dir, from, &all);
    else if (draft_scope_of(mount, dir, &scope))
        draft_each(mount->cache, &scope, MAX(from - DRAFT_OFFSET, 0), tell_draft, &all);
}

gint64 draft_listed_us(Mount *mount, const Place *dir)
{
    DraftScope scope;

    return draft_scope_of(mount, dir, &scope) ? drafts_changed_us(mount->cache, &scope) : 0;
}

/* ---- as the tree asks ---- */

static gint64 parent_row(Mount *mount, const Place *place)
{
    Scope scope = {.kind = place->kind - 1, .advertiser = place->advertiser};

    return place->kind == KIND_CAMPAIGN ? 0 : cache_find_id(mount->cache, &scope, place->parent);
}

static char *collection_path(Mount *mount, const Place *place)
{
    static const guint slots[N_KINDS] = {
        [KIND_CAMPAIGN] = SLOT_CAMPAIGNS, [KIND_ADGROUP] = SLOT_ADGROUPS, [KIND_AD] = SLOT_ADS};
    gint64 above = place->kind == KIND_CAMPAIGN ? place->advertiser : parent_row(mount, place);
    g_auto(Place) dir = {0};

    if (above == 0 || !tree_place(mount, ino_of(above, slots[place->kind]), &dir))
        return g_strdup("");
    return tree_path(mount, &dir);
}

char *draft_path(Mount *mount, const Place *place)
{
    g_autofree char *above = NULL;
    const char *file = place->type == PLACE_DRAFT_INFO  ? "info.json"
                       : place->type == PLACE_DRAFT_CTL ? "ctl"
                       : place->draft != NULL           ? place->draft->name
                                                        : NULL;

    if (place->type >= PLACE_VOID_FILE || place->type == PLACE_VOID_DIR)
        return g_strdup(place->name);
    above = collection_path(mount, place);
    return g_strconcat(above, "/", place->name, file != NULL ? "/" : "", file, NULL);
}

static ListingKind parents_of(ObjectKind kind)
{
    return kind == KIND_ADGROUP ? LISTING_CAMPAIGNS : LISTING_ADGROUPS;
}

/* The account's currency, and what the parent says. */
guint draft_needs(const Place *place, Need ret[MAX_NEEDS])
{
    guint n = 0;

    if (place->type == PLACE_DRAFT || place->advertiser == 0)
        return 0;
    ret[n++] = (Need){LISTING_INFO, place->advertiser, NULL};
    if (place->kind != KIND_CAMPAIGN)
        ret[n++] = (Need){parents_of(place->kind), place->advertiser, place->parent};
    return n;
}

/* A value of an object like the one that it will be: who may write that may write this. */
static Place as_value(const Place *place)
{
    Place value = *place;

    value.type = PLACE_ATTR;
    value.attr = attr_find(place->kind, "name");
    return value;
}

guint draft_wishes(Mount *mount, const Place *place, Purpose purpose, Need ret[MAX_NEEDS])
{
    Place value = as_value(place);

    if (place->advertiser == 0 || !rights_need_roles(mount, &value, purpose))
        return 0;
    ret[0] = (Need){LISTING_ROLES, 0, NULL};
    return 1;
}

static gboolean refuse_parent(Mount *mount, const Place *place, GError **error)
{
    const Row *parent = cache_row(mount->cache, parent_row(mount, place));
    const AttrRow *attr = attr_find(place->kind - 1, "name");
    AttrView view = {.kind = place->kind - 1};

    if (place->kind == KIND_CAMPAIGN)
        return FALSE;
    if (parent == NULL) {
        if (error != NULL)
            *error = api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                   "the %s %s, which it is to go into, is gone",
                                   kind_names(place->kind - 1)->word, place->parent);
        return TRUE;
    }
    view.object = parent->object;
    return attr->refuse(attr, &view, error);
}

gboolean draft_refuses(Mount *mount, const Place *place, GError **error)
{
    Place value = as_value(place);

    if (place->advertiser == 0) /* what is void goes nowhere */
        return FALSE;
    return tree_refuses_values(mount, &value, error) || refuse_parent(mount, place, error);
}

/* ---- what is in it ---- */

static char *plain_name(const char *name)
{
    char *plain = g_uri_unescape_string(name, NULL);

    return plain != NULL && g_utf8_validate(plain, -1, NULL) ? plain
                                                             : (g_free(plain), g_strdup(name));
}

void whole_view_init(Mount *mount, const Place *place, WholeView *ret)
{
    const Draft *draft = draft_get(mount->cache, place->row);
    const Row *row;

    *ret = (WholeView){0};
    ret->values = object_new(draft != NULL ? draft->members : "{}", -1, NULL);
    if (ret->values == NULL)
        ret->values = object_new("{}", -1, NULL);
    ret->name = plain_name(place->name);
    row = cache_row(mount->cache, parent_row(mount, place));
    ret->parent = row != NULL ? object_ref(row->object) : NULL;
    row = cache_row(mount->cache, place->advertiser);
    ret->view = (DraftView){
        .kind = place->kind,
        .name = ret->name,
        .values = ret->values,
        .parent = ret->parent,
        .currency = currency_find(row != NULL ? object_text(row->object, "currency") : NULL),
        .now_us = clock_wall(mount->clock),
    };
}

void whole_view_clear(WholeView *view)
{
    g_free(view->name);
    object_unref(view->values);
    object_unref(view->parent);
    *view = (WholeView){0};
}

static void add_comment(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        if (lines[i + 1] != NULL || *lines[i] != '\0')
            g_string_append_printf(out, "# %s\n", lines[i]);
}

static void add_sent(Mount *mount, const Place *place, const char *members, GString *out)
{
    g_autofree char *body = create_preview(mount->cache, place->row, members);
    g_autofree char *pretty = body != NULL ? json_pretty(body) : NULL;

    g_string_append_printf(out, "#\n# What would be sent to %s/create:\n#\n",
                           kind_names(place->kind)->word);
    if (pretty != NULL)
        add_comment(out, pretty);
}

/* Comments throughout: a copy of it is no command. */
static void add_ctl(Mount *mount, const Place *place, const DraftView *view, GString *out)
{
    const Draft *draft = draft_get(mount->cache, place->row);
    g_auto(GStrv) problems = draft_problems(view);
    g_autofree char *members = draft_members(view);
    gboolean open = draft != NULL && draft->state == DRAFT_OPEN;

    g_string_append_printf(out, "# A draft of %s %s, which the service knows nothing of.\n",
                           place->kind == KIND_CAMPAIGN ? "a" : "an",
                           place->kind == KIND_ADGROUP ? "ad group"
                                                       : kind_names(place->kind)->word);
    if (open)
        g_string_append(out, "# Its creation was begun, and what became of that is not known:\n"
                             "#     echo create > ctl\n"
                             "# settles it, and never makes a second one.\n");
    else if (problems[0] != NULL)
        g_string_append(out, "# Before it can be created:\n#\n");
    else
        g_string_append(out, "# It can be created:   echo create > ctl\n"
                             "# or discarded:        rmdir\n");
    for (guint i = 0; problems[i] != NULL && !open; i++)
        g_string_append_printf(out, "#     %s\n", problems[i]);
    add_sent(mount, place, members, out);
    g_string_append(out,
                    "#\n# A copy (cp -r) takes every member that can be set, from info.json and "
                    "the files. It does not\n# take the name and the status, which are this "
                    "directory's name and DISABLE until another is\n# written; what is "
                    "derived (id, created, modified, delivery); reports and links; and what\n"
                    "# is inside: the ad groups of a campaign, the ads of an ad group.\n");
}

GString *draft_file_text(Mount *mount, const Place *place)
{
    GString *text = g_string_new(NULL);
    g_auto(WholeView) whole = {0};

    if (place->advertiser == 0)
        return text;
    whole_view_init(mount, place, &whole);
    if (place->type == PLACE_DRAFT_CTL) {
        add_ctl(mount, place, &whole.view, text);
    } else if (place->type == PLACE_DRAFT_INFO) {
        g_autofree char *members = draft_members(&whole.view);
        g_autofree char *pretty = json_pretty(members);

        g_string_append(text, pretty);
    } else if (place->type == PLACE_DRAFT_FILE) {
        draft_render(place->draft, &whole.view, text);
        if (text->len > 0)
            g_string_append_c(text, '\n');
    }
    return text;
}
