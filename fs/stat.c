/* SPDX-License-Identifier: MIT */
/*
 * stat.c - attributes, and what they wait for.
 *
 * A directory waits when its listing has expired, or the kernel would go on showing the old one. A
 * file that could be written waits for the role that says whether it can: nobody is kept from
 * reading by it.
 */
#include "fs/stat.h"

#include <errno.h>
#include <unistd.h>

#include "fs/rights.h"
#include "fs/table-file.h"
/* ---- getattr ---- */

static Outcome answer_getattr(Request *request)
{
    g_auto(Place) place = {0};
    struct stat attr;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    tree_stat(request->mount, &place, &attr);
    fuse_reply_attr(request->fuse, &attr, tree_timeout(request->mount, &place));
    return DONE;
}

/* What the answer needs is there, or the request parked or replied: *ret. */
static gboolean getattr_has_all(Request *request, const Place *place, Outcome *ret)
{
    Mount *mount = request->mount;
    Need needs[MAX_NEEDS];
    ListingState state;
    Need members;

    if (!request_want(request, needs, tree_needs(mount, place, FOR_STAT, needs), ret))
        return FALSE;
    if (tree_members_need(place, &members) && !rights_lack(mount, place, FALSE, NULL)) {
        cache_listing_state(mount->cache, members.kind, members.advertiser, &state);
        if (state.known && !state.fresh && !request_want(request, &members, 1, ret))
            return FALSE;
    }
    return TRUE;
}

/* TRUE: all that makes the mode true is there, or is not to be had; FALSE: parked. What comes too
   late for this one shows the file without the mode that it may have. */
static gboolean has_wishes(Request *request, const Place *place, RunFunc answer)
{
    Need wishes[MAX_NEEDS];

    return request_wish(request, wishes, tree_wishes(request->mount, place, FOR_STAT, wishes),
                        answer);
}

static Outcome run_getattr(Request *request)
{
    g_auto(Place) place = {0};
    Outcome outcome;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    if (!getattr_has_all(request, &place, &outcome))
        return outcome;
    if (place.type == PLACE_TABLE && !table_file_measure(request, &place, &outcome))
        return outcome;
    /* A reader's: it waited enough. tail -f looks at the size every second. */
    if (requests_is_open(request->mount->requests, request->ino)) {
        if (place.type == PLACE_LOG)
            cache_events_followed(request->mount->cache);
        return answer_getattr(request);
    }
    return has_wishes(request, &place, answer_getattr) ? answer_getattr(request) : PARK;
}

void stat_getattr(fuse_req_t fuse, fuse_ino_t ino, struct fuse_file_info *fi)
{
    request_start(request_new(fuse, run_getattr, ino), LOOKUP_DEADLINE_S);
}

/* ---- access ---- */

/* `test -w` tells the truth, for root too. */
static Outcome answer_access(Request *request)
{
    g_auto(Place) place = {0};
    int mask = request->flags;
    struct stat attr;

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    tree_stat(request->mount, &place, &attr);
    if (((mask & R_OK) && !(attr.st_mode & 0444)) ||
        (S_ISREG(attr.st_mode) && (((mask & W_OK) && !(attr.st_mode & 0222)) || (mask & X_OK))))
        return reply_errno(request, EACCES);
    return reply_errno(request, 0);
}

static Outcome run_access(Request *request)
{
    g_auto(Place) place = {0};

    if (!tree_place(request->mount, request->ino, &place))
        return reply_stale(request);
    return has_wishes(request, &place, answer_access) ? answer_access(request) : PARK;
}

void stat_access(fuse_req_t fuse, fuse_ino_t ino, int mask)
{
    Request *request = request_new(fuse, run_access, ino);

    request->flags = mask;
    request_start(request, LOOKUP_DEADLINE_S);
}
