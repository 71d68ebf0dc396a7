/* SPDX-License-Identifier: MIT */
#pragma once

/* text.h - small matters of text: JSON strings, ids, and the rules for names. */
#include <cjson/cJSON.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

void text_put_json(GString *out, const char *text); /* quoted and escaped */
/* "name":"text" of an object or a list of members, after a comma where one is due; NULL is null. */
void text_put_member(GString *out, const char *name, const char *text);
char *text_from_json(const char *json); /* of a JSON string; NULL when it is none */
gboolean text_is_id(const char *text);  /* 1-19 digits, fits a signed 64-bit number */
gboolean text_has_emoji(const char *text);
glong text_width(const char *text); /* characters, wide ones (CJK) counted 2 */
