/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * json.h - walking over JSON text without a tree. Values stay where they are, as the bytes
 * received; the grammar is RFC 8259, checked as far as the walk gets. Any bytes may be walked over.
 */
#include <glib.h>

enum { JSON_DEPTH_MAX = 256 };

/* A part of somebody's text, with quotes where it is a string. */
typedef struct {
    const char *at;
    gsize length;
} JsonSpan;

typedef struct {
    const char *at, *end;
    char close; /* '}' or ']'; 0 when the walk is over */
    gboolean first, whole;
} JsonIter;

/* FALSE when the text does not begin with an object or array. */
gboolean json_iter_init(JsonIter *iter, const char *text, gsize length);

/* The next member; name is empty in an array. FALSE at the end and at a mistake. */
gboolean json_iter_next(JsonIter *iter, JsonSpan *name, JsonSpan *value);

/* After a FALSE: the text was well formed to its last byte, rather than a mistake. */
gboolean json_iter_whole(const JsonIter *iter);

/* Just after the value that begins at or after `at`; NULL when there is none that is well formed.
 */
const char *json_value_end(const char *at, const char *end);

/* A string without quotes and escapes, anything else as it is. The copy needs span.length + 1
   bytes at most, and returns the length it has. */
char *json_span_text(JsonSpan span);
gsize json_span_copy(JsonSpan span, char *to);
gboolean json_span_is_null(JsonSpan span);
