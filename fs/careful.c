/* SPDX-License-Identifier: MIT */
/* careful.c - what was shown to whom, in the terms of a commit. */
#include "fs/careful.h"

#include <string.h>

#include "api/process.h"
#include "fs/shown.h"

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

void careful_showed(Mount *mount, pid_t pid, const Place *place)
{
    if (mount->shown != NULL && place->type == PLACE_ATTR && place->attr->commit != NULL)
        shown_note(mount->shown, process_session(pid), place->ino, value_of(mount, place));
}

char *careful_expects(Mount *mount, pid_t pid, const Place *place, const AttrChange *change)
{
    const char *text = NULL;
    AttrView view;

    if (mount->shown == NULL)
        return NULL;
    tree_view(mount, place, &view);
    if (strcmp(change->member, attr_member(place->attr, &view)) == 0)
        text = shown_last(mount->shown, process_session(pid), place->ino);
    if (text == NULL)
        text = object_text(place->object, change->member);
    return g_strdup(text != NULL ? text : "");
}
