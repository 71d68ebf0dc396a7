/* SPDX-License-Identifier: MIT */
/* careful.c - what was shown to whom, in the terms of a commit. */
#include "fs/careful.h"

#include <string.h>

#include "api/process.h"
#include "fs/shown.h"

/* From `cat` to writing it back, in one line or by a program; and long enough for a slow one. */
enum { JUST_S = 10 };

Shown *careful_new(const Options *options)
{
    return shown_new(options->guards.careful ? G_MAXINT64 : JUST_S * G_USEC_PER_SEC);
}

/* The text of the member that a write to this file changes; "": the object has none. */
static const char *value_of(Mount *mount, const Place *place)
{
    const char *member, *text;
    AttrView view;

    tree_view(mount, place, &view);
    member = attr_member(place->attr, &view);
    text = object_text(place->object, member);
    return text != NULL ? text : "";
}

static pid_t session_of(const Request *request)
{
    return process_session(fuse_req_ctx(request->fuse)->pid);
}

void careful_showed(const Request *request, const Place *place)
{
    Mount *mount = request->mount;

    if (place->type == PLACE_ATTR && place->attr->commit != NULL)
        shown_note(mount->shown, session_of(request), place->ino, value_of(mount, place),
                   clock_monotonic(mount->clock));
}

char *careful_expects(const Request *request, const Place *place, const AttrChange *change)
{
    Mount *mount = request->mount;
    const char *text = NULL;
    AttrView view;

    if (!mount->options->guards.careful)
        return NULL;
    tree_view(mount, place, &view);
    if (strcmp(change->member, attr_member(place->attr, &view)) == 0)
        text = shown_last(mount->shown, session_of(request), place->ino, G_MININT64);
    if (text == NULL)
        text = object_text(place->object, change->member);
    return g_strdup(text != NULL ? text : "");
}

gboolean careful_just_showed(const Request *request, const Place *place)
{
    Mount *mount = request->mount;
    gint64 since_us = clock_monotonic(mount->clock) - JUST_S * G_USEC_PER_SEC;
    const char *text;

    if (mount->options->guards.careful)
        return FALSE;
    text = shown_last(mount->shown, session_of(request), place->ino, since_us);
    return text != NULL && strcmp(text, value_of(mount, place)) == 0;
}
