/* SPDX-License-Identifier: MIT */
/* table-text.c - rows by their numbers, and a buffer before the file. */
#include "fs/table-text.h"

#include <errno.h>
#include <unistd.h>

#include "fs/ready.h"
#include "fs/table-row.h"

enum { ROWS_AT_ONCE = 32, BUFFER_BYTES = 64 * 1024 };

struct TableText {
    Mount *mount;
    int fd;
    const TableShape *shape;
    Scope scope;      /* of the rows that are told now */
    gint64 after;     /* the last of them */
    gboolean nested;  /* ads of a campaign: of one of its ad groups after the other */
    Scope outer;      /* of the ad groups */
    gint64 outer_row; /* whose ads these are; 0: of none yet */
    char *campaign, *parent;
    GArray *rows; /* gint64: of one look into the store */
    GString *buffer;
    gint64 size;
    guint64 most; /* rows that it may have yet */
    gboolean complete;
    GError *error;
    guint source;
    void (*ended)(void *user_data);
    void *user_data;
};

gboolean table_text_put(int text, const char *data, gsize size, gint64 offset, GError **error)
{
    while (size > 0) {
        gssize n = pwrite(text, data, size, offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                        "the text of the table can not be kept in cache_dir: %s",
                        g_strerror(errno));
            return FALSE;
        }
        data += n;
        size -= (gsize)n;
        offset += n;
    }
    return TRUE;
}

static void put_buffer(TableText *text)
{
    if (text->fd < 0)
        text->size += (gint64)text->buffer->len;
    else if (text->error == NULL && table_text_put(text->fd, text->buffer->str, text->buffer->len,
                                                   text->size, &text->error))
        text->size += (gint64)text->buffer->len;
    g_string_truncate(text->buffer, 0);
}

/* ---- rows ---- */

static gboolean add_number(void *user_data, gint64 row, const char *name)
{
    TableText *text = user_data;

    g_array_append_val(text->rows, row);
    text->after = row;
    return text->rows->len < ROWS_AT_ONCE;
}

static gboolean take_first(void *user_data, gint64 row, const char *name)
{
    TableText *text = user_data;

    text->outer_row = row;
    g_free(text->parent);
    text->parent = g_strdup(name);
    return FALSE;
}

/* FALSE: the campaign has no more ad groups. */
static gboolean next_parent(TableText *text)
{
    gint64 before = text->outer_row;

    cache_each(text->mount->cache, &text->outer, FALSE, before, take_first, text);
    text->scope.parent = text->parent;
    text->after = 0;
    return text->outer_row != before;
}

static void add_row(TableText *text, gint64 number)
{
    g_auto(Place) place = {0};
    AttrView view;

    if (!tree_place(text->mount, ino_of(number, SLOT_SELF), &place))
        return; /* vanished since */
    tree_view(text->mount, &place, &view);
    table_row_text(text->shape, &view, place.id, text->buffer);
    if (text->buffer->len >= BUFFER_BYTES)
        put_buffer(text);
}

/* FALSE: that was the last of them. */
static gboolean add_some(TableText *text)
{
    if (text->nested && text->outer_row == 0 && !next_parent(text))
        return FALSE;
    g_array_set_size(text->rows, 0);
    cache_each(text->mount->cache, &text->scope, FALSE, text->after, add_number, text);
    for (guint i = 0; i < text->rows->len; i++)
        add_row(text, g_array_index(text->rows, gint64, i));
    if (text->rows->len > text->most) {
        text->size = -1;
        return FALSE;
    }
    text->most -= text->rows->len;
    return text->rows->len == ROWS_AT_ONCE || (text->nested && next_parent(text));
}

static gboolean on_turn(void *user_data)
{
    TableText *text = user_data;
    const Clock *clock = text->mount->clock;
    gint64 end_us = clock_monotonic(clock) + PORTION_US;

    while (text->error == NULL && clock_monotonic(clock) < end_us)
        if (!add_some(text)) {
            text->complete = TRUE;
            break;
        }
    if (!text->complete && text->error == NULL)
        return G_SOURCE_CONTINUE;
    if (text->size >= 0)
        put_buffer(text);
    /* That there were no more of them may mean that the store can not be read. */
    if (text->error == NULL && cache_failed(text->mount->cache) != NULL)
        text->error = g_error_copy(cache_failed(text->mount->cache));
    text->source = 0;
    text->ended(text->user_data);
    return G_SOURCE_REMOVE;
}

/* ---- from outside ---- */

static void set_scope(TableText *text, const Place *table)
{
    gboolean all = table->kind == KIND_ADVERTISER;

    text->nested = table->kind == KIND_CAMPAIGN && table->entry->members == KIND_AD;
    text->parent = all || text->nested ? NULL : g_strdup(table->id);
    text->scope = (Scope){table->entry->members, table->advertiser, text->parent};
    if (!text->nested)
        return;
    text->campaign = g_strdup(table->id);
    text->outer = (Scope){KIND_ADGROUP, table->advertiser, text->campaign};
}

TableText *table_text_start(Mount *mount, const Place *table, int fd, guint64 most,
                            void (*ended)(void *user_data), void *user_data)
{
    TableText *text = g_new0(TableText, 1);

    text->mount = mount;
    text->fd = fd;
    text->most = most;
    text->shape = table_shape(table->entry->members);
    text->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
    text->buffer = g_string_sized_new(BUFFER_BYTES);
    text->ended = ended;
    text->user_data = user_data;
    set_scope(text, table);
    table_head_text(text->shape, text->buffer);
    text->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, text, NULL);
    return text;
}

gboolean table_text_ended(const TableText *text, GError **error)
{
    if (text->source != 0)
        return FALSE;
    if (text->error != NULL)
        g_propagate_error(error, g_error_copy(text->error));
    return TRUE;
}

gint64 table_text_size(const TableText *text)
{
    return text->size;
}

void table_text_free(TableText *text)
{
    if (text == NULL)
        return;
    g_clear_handle_id(&text->source, g_source_remove);
    g_clear_error(&text->error);
    g_array_unref(text->rows);
    g_string_free(text->buffer, TRUE);
    g_free(text->campaign);
    g_free(text->parent);
    g_free(text);
}
