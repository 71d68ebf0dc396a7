/* SPDX-License-Identifier: MIT */
/* place-time.c - when a place was last changed, as far as that can be known. */
#include <string.h>
#include <time.h>

#include "cache/journal-read.h"
#include "fs/control.h"
#include "fs/draft.h"
#include "fs/saved.h"
#include "fs/scratch-file.h"
#include "fs/tables.h"

enum { SECOND = G_USEC_PER_SEC };

/* The number at text, of so many digits; -1: something else is there. */
static int digits_at(const char *text, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Entity times are UTC, "2026-11-20 16:40:03". 0: it is not one. */
static gint64 parse_time_us(const char *text)
{
    static const struct {
        int at, n;
    } parts[] = {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}};
    int values[G_N_ELEMENTS(parts)];
    struct tm tm;

    if (text == NULL || strlen(text) < 19)
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        values[i] = digits_at(text + parts[i].at, parts[i].n);
        if (values[i] < 0)
            return 0;
    }
    tm = (struct tm){.tm_year = values[0] - 1900,
                     .tm_mon = values[1] - 1,
                     .tm_mday = values[2],
                     .tm_hour = values[3],
                     .tm_min = values[4],
                     .tm_sec = values[5]};
    return (gint64)timegm(&tm) * SECOND;
}

/* The later of modify_time and when we saw the object change. */
static gint64 object_time_us(Mount *mount, const Place *place)
{
    gint64 modified = 0;

    if (place->object == NULL)
        return mount->started_us;
    modified = parse_time_us(object_text(place->object, "modify_time"));
    if (modified == 0)
        modified = parse_time_us(object_text(place->object, "create_time"));
    modified = MAX(modified, place->changed_us);
    return modified > 0 ? modified : mount->started_us;
}

typedef struct {
    Mount *mount;
    gint64 time_us;
} Newest;

/* A report comes when it is made, and is listed no longer when it is older than reports may be. */
static gboolean note_newest(void *user_data, const Node *node)
{
    Newest *newest = user_data;
    gint64 ends_us = node->made_us + (gint64)newest->mount->options->report_ttl_s * SECOND;
    gboolean ended = ends_us < clock_wall(newest->mount->clock);

    newest->time_us = MAX(newest->time_us, ended ? ends_us : node->made_us);
    return TRUE;
}

static gint64 reports_time_us(Mount *mount, const Place *place)
{
    Newest newest = {mount, MAX(mount->started_us, saved_listed_us(mount->saved))};

    cache_each_node(mount->cache, place->row, place->range != NULL ? place->range : "", 0,
                    note_newest, &newest);
    return newest.time_us;
}

/* Of its last line, over remounts too: what copies by size and time leaves it alone then. */
static gint64 log_time_us(Mount *mount, const Place *place)
{
    gint64 time_us = cache_events_time_us(mount->cache, place->slot == SLOT_EVENTS_OLD);

    return time_us > 0 ? time_us : mount->started_us;
}

static gint64 journal_time_us(Mount *mount)
{
    gint64 time_us = cache_journal_time_us(mount->cache);

    return time_us > 0 ? time_us : mount->started_us;
}

/* Whatever changed in the account may have changed it. That its rows came to be known has not: it
   was there before, and who copies by time takes it once. */
static gint64 table_time_us(Mount *mount, const Place *place)
{
    return MAX(tables_touched_us(mount->tables, place->advertiser), mount->started_us);
}

/* A directory's mtime moves when its listing changed: that is how the kernel learns of it. */
gint64 place_time_us(Mount *mount, const Place *place)
{
    ListingState state;
    Need need;

    if (tree_members_need(place, &need)) {
        cache_listing_state(mount->cache, need.kind, need.advertiser, &state);
        return MAX(state.known ? state.changed_us : mount->started_us,
                   draft_listed_us(mount, place));
    }
    if (place_is_of_draft(place))
        return place->changed_us > 0 ? place->changed_us : clock_wall(mount->clock);
    if (place->type == PLACE_REPORT)
        return place->shown_us;
    if (place->type == PLACE_TABLE)
        return table_time_us(mount, place);
    if (place->type == PLACE_QUERY)
        return place->changed_us > 0 ? place->changed_us : clock_wall(mount->clock);
    if (place->type == PLACE_RANGE || place->type == PLACE_REPORTS)
        return reports_time_us(mount, place);
    if (place->type == PLACE_LOG)
        return log_time_us(mount, place);
    if (place->type == PLACE_JOURNAL)
        return journal_time_us(mount);
    if (place->type == PLACE_TEXT)
        return control_time_us(mount, place->slot);
    if (place->type == PLACE_META) /* an age is another one every second */
        return clock_wall(mount->clock);
    if (place->type == PLACE_DIR)
        return scratch_time_us(mount->scratches, place->ino, object_time_us(mount, place));
    return object_time_us(mount, place);
}
