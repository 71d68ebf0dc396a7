/* SPDX-License-Identifier: MIT */
/* place.c - what a place looks like from outside: its text, its stat, how long that holds. */
#include <string.h>
#include <time.h>

#include "api/error.h"
#include "cache/journal-read.h"
#include "fs/attr-view.h"
#include "fs/center.h"
#include "fs/control.h"
#include "fs/ctl.h"
#include "fs/draft.h"
#include "fs/meta.h"
#include "fs/rights.h"
#include "fs/scratch-file.h"
#include "fs/tables.h"

enum { MADE_S = 3600, SECOND = G_USEC_PER_SEC, BLOCK = 512 };

static const char *account_currency(Mount *mount, const Place *place)
{
    const Row *account = cache_row(mount->cache, place->advertiser);

    return account != NULL ? object_text(account->object, "currency") : NULL;
}

void tree_view(Mount *mount, const Place *place, AttrView *ret)
{
    const Object *object = place_is_funds(place) ? center_funds(mount, place->row) : place->object;
    const char *code = NULL;

    if (object == NULL) /* not asked for yet */
        object = place->object;
    if (place->kind == KIND_CENTER)
        code = object_text(object, "currency");
    else
        code = account_currency(mount, place);
    *ret = (AttrView){.object = object, .kind = place->kind, .currency = currency_find(code)};
}

GString *tree_text(Mount *mount, const Place *place)
{
    GString *text;

    if (place_is_of_draft(place))
        return draft_file_text(mount, place);
    text = g_string_new(NULL);
    if (place->type == PLACE_TEXT) {
        control_text(mount, place->slot, text);
    } else if (place->type == PLACE_CTL) {
        ctl_help(text);
    } else if (place->type == PLACE_INFO) {
        g_autofree char *json = json_pretty(object_json(place->object));

        g_string_append(text, json);
    } else if (place->type == PLACE_MEMBERS) {
        center_members(mount, place->row, text);
    } else if (place->type == PLACE_ATTR) {
        AttrView view;

        tree_view(mount, place, &view);
        place->attr->render(place->attr, &view, text);
        g_string_append_c(text, '\n');
    } else if (place->type == PLACE_QUERY) {
        const Saved *saved = saved_at(mount->saved, place->slot - SLOT_QUERY_FIRST);

        g_string_append(text, saved != NULL && saved->text != NULL ? saved->text : "");
    } else if (place->type == PLACE_META) {
        meta_text(mount, place, text);
    }
    return text;
}

static gboolean refuse(GError **error, ApiErrorKind kind, const char *why)
{
    if (error != NULL)
        *error = api_error_new(kind, 0, NULL, "%s", why);
    return TRUE;
}

static gboolean refuse_read_only(const Place *place, GError **error)
{
    AttrView view = {.object = place->object, .kind = place->kind};

    if (error != NULL && place->type == PLACE_ATTR && place->attr->refuse != NULL)
        return place->attr->refuse(place->attr, &view, error);
    return refuse(error, API_ERROR_DENIED, "this file is read-only");
}

static gboolean refuse_object(Mount *mount, const Place *place, GError **error)
{
    g_auto(ChangeView) whole = {0};
    AttrView view;

    if (error == NULL) { /* every file of a listing is asked */
        tree_view(mount, place, &view);
        return place->attr->refuse(place->attr, &view, NULL);
    }
    change_view_init(mount, place, &whole);
    return place->attr->refuse(place->attr, &whole.view, error);
}

gboolean tree_refuses_values(Mount *mount, const Place *place, GError **error)
{
    if (mount->options->read_only) /* the kernel passes no write on */
        return refuse(error, API_ERROR_READ_ONLY, "mounted read-only (ro)");
    if (mount->options->offline)
        return refuse(error, API_ERROR_READ_ONLY,
                      "mounted offline: nothing can be changed; remount without offline");
    if (!mount->options->writable)
        return refuse(error, API_ERROR_READ_ONLY, "writable is not set for this profile");
    return rights_refuse(mount, place, TRUE, error);
}

gboolean tree_refuses(Mount *mount, const Place *place, GError **error)
{
    /* These change nothing at the service. */
    gboolean ours = place->type == PLACE_CTL || place->type == PLACE_QUERY;

    if (place_is_of_draft(place))
        return draft_refuses(mount, place, error);
    if (!ours && place->type != PLACE_TABLE &&
        (place->type != PLACE_ATTR || place->attr->commit == NULL))
        return refuse_read_only(place, error);
    if (ours && mount->options->read_only)
        return refuse(error, API_ERROR_READ_ONLY, "mounted read-only (ro)");
    if (ours)
        return FALSE;
    if (tree_refuses_values(mount, place, error))
        return TRUE;
    if (place->type == PLACE_TABLE) /* its cells are values that say more */
        return FALSE;
    if (place->attr->money && account_currency(mount, place) == NULL)
        return refuse(error, API_ERROR_DENIED, "the currency of the account is not known");
    return refuse_object(mount, place, error);
}

static mode_t place_mode(Mount *mount, const Place *place)
{
    mode_t mask = mount->options->umask;
    mode_t type = place_is_dir(place) ? S_IFDIR : S_IFREG;

    if (place->type == PLACE_LINK || place->type == PLACE_VOID_LINK)
        return S_IFLNK | 0777;
    if (rights_refuse(mount, place, FALSE, NULL))
        return type;
    if (type == S_IFDIR)
        return S_IFDIR | (0777 & ~mask);
    if (tree_refuses(mount, place, NULL))
        return S_IFREG | (0444 & ~mask);
    return S_IFREG | (0666 & ~mask);
}

/* FALSE: the text has to be asked for, and was not yet. */
static gboolean is_known(Mount *mount, const Place *place)
{
    ListingState state;
    Need need;

    if (!tree_text_need(place, &need))
        return TRUE;
    cache_listing_state(mount->cache, need.kind, need.advertiser, &state);
    return state.known;
}

static gint64 place_size(Mount *mount, const Place *place)
{
    g_autofree char *link = NULL;

    if (place_is_dir(place))
        return 0;
    if (place->type == PLACE_REPORT || place->type == PLACE_VOID_FILE)
        return place->size;
    if (place->type == PLACE_VOID_LINK)
        return (gint64)strlen(place->range);
    if (place->type == PLACE_TABLE)
        return tables_size(mount->tables, place->ino);
    if (place->type == PLACE_JOURNAL)
        return cache_journal_size(mount->cache);
    if (place->type == PLACE_LOG)
        return MAX(cache_events_size(mount->cache, place->slot == SLOT_EVENTS_OLD), 0);
    if (place->type == PLACE_LINK) {
        link = tree_link(place);
        return (gint64)strlen(link);
    }
    if (!is_known(mount, place) || (place->type == PLACE_TEXT && control_is_live(place->slot)))
        return 0;
    g_autoptr(GString) text = tree_text(mount, place);

    return (gint64)text->len;
}

static struct timespec timespec_of(gint64 time_us)
{
    return (struct timespec){.tv_sec = time_us / SECOND, .tv_nsec = time_us % SECOND * 1000};
}

/* A directory that is read for the first time gets its listing, and with it its mtime, while it is
   read. tar would call that a change, by the ctime: so it does not move. */
static gint64 place_ctime_us(Mount *mount, const Place *place, gint64 mtime_us)
{
    return place_is_dir(place) ? MIN(mtime_us, mount->started_us) : mtime_us;
}

void tree_stat(Mount *mount, const Place *place, struct stat *ret)
{
    if (place->type == PLACE_SCRATCH) {
        scratch_file_stat(mount, place, ret);
        return;
    }
    gint64 time_us = place_time_us(mount, place);
    struct timespec time = timespec_of(time_us);
    gint64 size = place_size(mount, place);

    *ret = (struct stat){.st_ino = place->ino,
                         .st_mode = place_mode(mount, place),
                         .st_uid = mount->options->uid,
                         .st_gid = mount->options->gid,
                         .st_size = size,
                         .st_blksize = 4096,
                         .st_blocks = (size + BLOCK - 1) / BLOCK,
                         .st_atim = time,
                         .st_mtim = time,
                         .st_ctim = timespec_of(place_ctime_us(mount, place, time_us))};
    /* Two links make editors write in place; one tells find not to count on subdirectories. */
    ret->st_nlink = place->type == PLACE_ATTR || place->type == PLACE_QUERY ||
                            place->type == PLACE_TABLE || place->type == PLACE_DRAFT_FILE
                        ? 2
                        : 1;
}

static gint64 remaining_us(Mount *mount, const Need *need)
{
    ListingState state;

    tree_need_state(mount, need, &state);
    return state.fresh ? state.expires_us - clock_monotonic(mount->clock) : 0;
}

/* For how long all of the listings stay fresh, at most ttl. */
static double fresh_for(Mount *mount, const Need *needs, guint n)
{
    gint64 least = (gint64)mount->options->ttl_s * SECOND;

    for (guint i = 0; i < n; i++)
        least = MIN(least, remaining_us(mount, &needs[i]));
    return (double)MAX(least, 0) / SECOND;
}

double tree_timeout(Mount *mount, const Place *place)
{
    Need needs[2 * MAX_NEEDS];
    guint n = tree_needs(mount, place, FOR_NAME, needs);

    if (place_is_of_draft(place))
        return 0;
    /* A version that is made never changes. Without this the kernel asks before each read. */
    if (place->type == PLACE_REPORT)
        return place->made_us > 0 ? MADE_S : 0;
    if (place->type == PLACE_TEXT || place->type == PLACE_LOG || place->type == PLACE_JOURNAL ||
        place->type == PLACE_RANGE || place->type == PLACE_REPORTS || place->type == PLACE_META ||
        place->type == PLACE_QUERY || place->type == PLACE_SCRATCH || place->type == PLACE_TABLE)
        return 0;
    n += tree_wishes(mount, place, FOR_STAT, &needs[n]);
    if (tree_members_need(place, &needs[n]))
        n++;
    return fresh_for(mount, needs, n);
}

double tree_entry_timeout(Mount *mount, const Place *place)
{
    Need needs[MAX_NEEDS];
    guint n = tree_needs(mount, place, FOR_NAME, needs);

    if (place->type == PLACE_REPORT || place->type == PLACE_META || place->type == PLACE_QUERY ||
        place->type == PLACE_SCRATCH || place_is_of_draft(place))
        return 0;
    return fresh_for(mount, needs, n);
}
