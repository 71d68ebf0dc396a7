/* SPDX-License-Identifier: MIT */
/* tell.c - a queue of what was touched, told a few at a time. */
#include "fs/tell.h"

#include "fs/attr.h"
#include "fs/node.h"
#include "fs/tables.h"

/* Each is some twenty notifications of about a microsecond. */
enum { AT_ONCE = 32 };

struct Tell {
    GArray *queue; /* of Touched */
    guint done;    /* of those at its front */
    guint source;
    gint64 advertiser, parent; /* whose directories were told of last */
};

static void inval(Mount *mount, gint64 row, guint slot)
{
    fuse_lowlevel_notify_inval_inode(mount->session, ino_of(row, slot), -1, 0);
}

static void tell_object(Mount *mount, gint64 number)
{
    const Row *row = cache_row(mount->cache, number);
    const AttrTable *table = row != NULL ? attr_table(row->kind) : NULL;

    inval(mount, number, SLOT_SELF);
    inval(mount, number, SLOT_INFO);
    for (gsize i = 0; table != NULL && i < table->n_rows; i++)
        inval(mount, number, table->rows[i].slot);
}

static void tell_collections(Mount *mount, gint64 row)
{
    for (guint slot = SLOT_CAMPAIGNS; row > 0 && slot <= SLOT_AD_NAMES; slot++)
        inval(mount, row, slot);
}

static void tell_directories(Mount *mount, const Touched *touched)
{
    Tell *tell = mount->tell;

    if (touched->advertiser == 0) {
        inval(mount, 0, SLOT_ROOT);
        inval(mount, 0, SLOT_ROOT_NAMES);
    } else if (touched->advertiser != tell->advertiser) {
        tell_collections(mount, touched->advertiser);
    }
    if (touched->parent != tell->parent)
        tell_collections(mount, touched->parent);
    tell->advertiser = touched->advertiser;
    tell->parent = touched->parent;
}

static gboolean on_turn(void *user_data)
{
    Mount *mount = user_data;
    Tell *tell = mount->tell;

    for (guint n = 0; n < AT_ONCE && tell->done < tell->queue->len; n++) {
        Touched touched = g_array_index(tell->queue, Touched, tell->done++);

        tell_object(mount, touched.row);
        if (touched.listed)
            tell_directories(mount, &touched);
    }
    if (tell->done < tell->queue->len)
        return G_SOURCE_CONTINUE;
    g_array_set_size(tell->queue, 0);
    tell->done = 0;
    tell->advertiser = tell->parent = 0; /* they may change again */
    tell->source = 0;
    return G_SOURCE_REMOVE;
}

void tell_touched(void *user_data, const Touched *touched)
{
    Mount *mount = user_data;

    if (mount->session == NULL)
        return;
    tables_touch(mount->tables, touched->advertiser, clock_wall(mount->clock));
    if (mount->tell == NULL) {
        mount->tell = g_new0(Tell, 1);
        mount->tell->queue = g_array_new(FALSE, FALSE, sizeof(Touched));
    }
    g_array_append_vals(mount->tell->queue, touched, 1);
    if (mount->tell->source == 0) /* before requests: who asks next is not to see the old */
        mount->tell->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, mount, NULL);
}

void tell_free(Mount *mount)
{
    if (mount->tell == NULL)
        return;
    g_clear_handle_id(&mount->tell->source, g_source_remove);
    g_array_unref(mount->tell->queue);
    g_clear_pointer(&mount->tell, g_free);
}
