/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * encode-create.h - the calls that make an object: what is sent, how it is looked for when no
 * answer came, and what an answer says was made. Pure; texts are new.
 */
#include <glib.h>

#include "api/object.h"

/* campaign|adgroup|ad/create. parent_id: of the campaign or ad group it goes into, NULL of a
   campaign. members: as the API names them, sent as they are. request_id: NULL, or where the call
   has none, which is ad/create: it is not sent. */
char *encode_create(ObjectKind kind, const char *advertiser_id, const char *parent_id,
                    const Object *members, const char *request_id);

/* A page of …/get: what is called like that within its parent, and perhaps more: the service
   compares parts of names, and those of ads not at all. */
char *encode_named(ObjectKind kind, const char *advertiser_id, const char *parent_id,
                   const char *name, guint page, guint page_size);

/* The id in the answer of a create. NULL: it has none. */
char *decode_created(ObjectKind kind, const char *body, gsize length);
