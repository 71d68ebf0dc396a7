/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * decode.h - an answer's envelope: its code decides, whatever HTTP says. Pure, and safe in any
 * thread. What the rows hold is not looked at.
 */
#include <glib.h>

#include "api/client.h"
#include "api/json.h"

typedef struct {
    Answer answer; /* its pointers are into this struct */
    char *request_id;
    GBytes *body; /* as received; bytes that are not UTF-8 became U+FFFD */
} Decoded;

/* Codes 0 and 20001 are answers, every other is an error that carries it. */
Decoded *decode_answer(GBytes *body, guint status, GError **error);
void decoded_free(Decoded *decoded); /* NULL is fine */

/* A whole number, also as 37.0 or "37"; fallback for anything else. */
gint64 decode_whole(JsonSpan span, gint64 fallback);

/* One line for people, of the first bytes of text that may be anything. New. */
char *decode_line(const char *text, gsize length, gsize most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoded, decoded_free)
