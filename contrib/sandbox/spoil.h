/* SPDX-License-Identifier: MIT */
#pragma once

/* spoil.h - faults of transport: replies that are no envelope, or not whole, or never come. */
#include <libsoup/soup.h>

#include "fault.h"

/* TRUE: the message has such a reply; no other may be set. body is the right one, NULL when the
   path is none of the API's. */
gboolean spoil_reply(SoupServerMessage *message, guint64 drawn, const GString *body);

/* The body, whole or, for the faults that end or stop it, in its first half. */
void spoil_append(SoupServerMessage *message, GBytes *body, guint64 drawn);

/* The reply that is not JSON. */
void spoil_set_body(SoupServerMessage *message, guint status, const char *type, const char *text);
