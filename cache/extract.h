/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * extract.h - the objects in an answer, one after the other, and what says where each belongs. No
 * tree is built and no number is read: ids, amounts and bodies stay the text that was received.
 */
#include <glib.h>

#include "api/json.h"
#include "api/object.h"

/* JSON text, and where in it the objects are: "$.data.list" of an answer, "$" of an array. Of
   KIND_FUNDS the path is that of the object itself. */
typedef struct {
    const char *text;
    gsize length;
    const char *path;
    gint64 asked_us; /* a body committed since then is not touched */
} Bodies;

typedef struct {
    ObjectKind kind;
    JsonIter iter;
    JsonSpan single; /* KIND_FUNDS: the one object */
    gboolean ended;
    GString *id, *parent, *name; /* of the last one; "" where it has none */
    JsonSpan body;               /* of the last one, within the text */
} Extract;

/* bodies must outlive it. FALSE and error: there is no JSON at all. Nothing at the path: no
 * objects. */
gboolean extract_init(Extract *extract, ObjectKind kind, const Bodies *bodies, GError **error);
/* FALSE without error: no more. */
gboolean extract_next(Extract *extract, GError **error);
void extract_clear(Extract *extract);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Extract, extract_clear)
