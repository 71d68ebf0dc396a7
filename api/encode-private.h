/* SPDX-License-Identifier: MIT */
#pragma once

/* encode-private.h - the parts that queries and bodies are made of. */
#include <cjson/cJSON.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

void add_param(GString *query, const char *name, const char *value);
void add_json_param(GString *query, const char *name, const cJSON *json);
void add_array_param(GString *query, const char *name, const char *const *strings);
void add_page(GString *query, guint page, guint page_size);

char *print_json(const cJSON *json); /* new */
cJSON *string_array(const char *const *strings);
cJSON *body_new(const char *advertiser_id);
