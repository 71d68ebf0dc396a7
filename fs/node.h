/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * node.h - inode numbers. An inode is `row << 8 | slot`: the object's row in the store and which of
 * its files this is. Nothing has to be remembered for one, and it survives a remount.
 *
 * Row 0 is the root; its slot 1 is the mount point, so that the number is FUSE_ROOT_ID. A node (a
 * name below reports/, see cache.h) has the bit NODE_FLAG and its own number for a row. F.meta has
 * the inode of F and the bit META_FLAG. A scratch file has SCRATCH_FLAG and its own number for a
 * row, both of them for as long as the mount lasts.
 */
#include <glib.h>

#define NODE_FLAG    (G_GUINT64_CONSTANT(1) << 62)
#define META_FLAG    (G_GUINT64_CONSTANT(1) << 61)
#define SCRATCH_FLAG (G_GUINT64_CONSTANT(1) << 60)
#define DRAFT_FLAG   (G_GUINT64_CONSTANT(1) << 63)
/* Only with DRAFT_FLAG, whose numbers are small: rows reach up to bit 59. */
#define VOID_FLAG (G_GUINT64_CONSTANT(1) << 57)

/* Part of every inode that was ever shown: append, never renumber. Attribute files: attrs-*.c. */
enum {
    SLOT_SELF = 0, /* the object's directory */
    SLOT_ROOT = 1,
    SLOT_README,
    SLOT_ROOT_NAMES,
    SLOT_CONTROL,
    SLOT_STATUS,
    SLOT_ERRORS,
    SLOT_TRACKERIGNORE,
    SLOT_NOMEDIA,
    SLOT_QUOTA,
    SLOT_CENTERS,
    SLOT_CENTER_NAMES,
    SLOT_CTL,
    SLOT_JOBS,
    SLOT_EVENTS,
    SLOT_EVENTS_OLD,

    SLOT_CAMPAIGNS = 16,
    SLOT_CAMPAIGN_NAMES,
    SLOT_ADGROUPS,
    SLOT_ADGROUP_NAMES,
    SLOT_ADS,
    SLOT_AD_NAMES,
    SLOT_REPORT_JSON,
    SLOT_REPORT_CSV,
    SLOT_REPORTS_LINK,
    SLOT_INFO,
    SLOT_NAME_LINK, /* how by-name/ directories show the object */
    SLOT_FLAT_LINK, /* how the flat adgroups/ and ads/, and a center's advertisers/, show it */
    SLOT_ADVERTISERS,
    SLOT_ADVERTISER_NAMES,
    SLOT_MEMBERS,
    SLOT_REPORT_HTML,

    SLOT_CAMPAIGNS_CSV = 40,
    SLOT_ADGROUPS_CSV,
    SLOT_ADS_CSV,
    SLOT_JOURNAL = 48,

    SLOT_ATTR_FIRST = 64,
    SLOT_ATTR_LAST = 159,

    SLOT_REPORTS = 160, /* of an account reports/, of anything below it reports/of/<id>/ */
    SLOT_OF,
    SLOT_METRICS,
    SLOT_RANGE_FIRST = 168, /* the named ranges, in the order of query_named_ranges */
    SLOT_RANGE_LAST = 183,
    SLOT_QUERY_FIRST = 192, /* saved queries, by their index (saved.h); not kept over remounts */
    SLOT_QUERY_LAST = 255,
};

static inline guint64 ino_of(gint64 row, guint slot)
{
    return (guint64)row << 8 | slot;
}

static inline guint64 ino_of_node(gint64 node)
{
    return NODE_FLAG | (guint64)node << 8;
}

static inline gboolean ino_is_node(guint64 ino)
{
    return (ino & NODE_FLAG) != 0;
}

static inline guint64 ino_of_meta(guint64 beside)
{
    return META_FLAG | beside;
}

static inline gboolean ino_is_meta(guint64 ino)
{
    return (ino & META_FLAG) != 0;
}

static inline guint64 ino_beside(guint64 meta)
{
    return meta & ~META_FLAG;
}

static inline guint64 ino_of_scratch(gint64 number)
{
    return SCRATCH_FLAG | (guint64)number << 8;
}

static inline gboolean ino_is_scratch(guint64 ino)
{
    return (ino & SCRATCH_FLAG) != 0;
}

/* A draft and its files, by its number; what is void in it has numbers of its own. */
static inline guint64 ino_of_draft(gint64 draft, guint slot)
{
    return DRAFT_FLAG | (guint64)draft << 8 | slot;
}

static inline gboolean ino_is_draft(guint64 ino)
{
    return (ino & (DRAFT_FLAG | VOID_FLAG)) == DRAFT_FLAG;
}

static inline guint64 ino_of_void(gint64 number)
{
    return DRAFT_FLAG | VOID_FLAG | (guint64)number << 8;
}

static inline gboolean ino_is_void(guint64 ino)
{
    return (ino & (DRAFT_FLAG | VOID_FLAG)) == (DRAFT_FLAG | VOID_FLAG);
}

static inline gint64 ino_row(guint64 ino)
{
    guint64 flags = NODE_FLAG | META_FLAG | SCRATCH_FLAG;

    if ((ino & DRAFT_FLAG) != 0)
        flags |= DRAFT_FLAG | VOID_FLAG;
    return (gint64)((ino & ~flags) >> 8);
}

static inline guint ino_slot(guint64 ino)
{
    return (guint)(ino & 0xff);
}
