/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * decode.h - an answer's envelope: its code decides, whatever HTTP says. Pure, and safe in any
 * thread. What the rows hold is not looked at.
 */
#include <glib.h>

#include "api/client.h"

typedef struct {
    Answer answer; /* its pointers are into this struct */
    char *request_id;
    GBytes *body; /* as received; bytes that are not UTF-8 became U+FFFD */
} Decoded;

/* Codes 0 and 20001 are answers, every other is an error that carries it. */
Decoded *decode_answer(GBytes *body, guint status, GError **error);
void decoded_free(Decoded *decoded); /* NULL is fine */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoded, decoded_free)
