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

/* A member to look for, and where in a struct its span goes. */
typedef struct {
    const char *name;
    gsize offset;
} JsonField;

/* Store what is named, and not null, into the spans of a struct; FALSE when the text is not a whole
   object. Of a name sent twice the last counts. */
gboolean json_pick(JsonSpan text, const JsonField *fields, gsize n_fields, void *ret);

/* Just after the value that begins at or after `at`; NULL when there is none that is well formed.
 */
const char *json_value_end(const char *at, const char *end);

/* A string without quotes and escapes, anything else as it is. The copy needs span.length + 1
   bytes at most, and returns the length it has. */
char *json_span_text(JsonSpan span);
gsize json_span_copy(JsonSpan span, char *to);
gboolean json_span_is_null(JsonSpan span);

/* The text as a JSON string, with its quotes. text: UTF-8. */
void json_add_string(GString *out, const char *text);
