/* SPDX-License-Identifier: MIT */
/* args.c - reading parameters: scalars are plain text, arrays and objects are JSON text. */
#include "args.h"

#include <string.h>

#include "fault.h"

G_DEFINE_QUARK(sandbox - refusal, sandbox_refusal)

gboolean refuse(GError **error, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error != NULL)
        *error = g_error_new_valist(SANDBOX_REFUSAL, code, format, args);
    va_end(args);
    return FALSE;
}

const char *arg_text(const Call *call, const char *name)
{
    return call->query != NULL ? g_hash_table_lookup(call->query, name) : NULL;
}

gboolean arg_required(const Call *call, const char *name, const char **ret, GError **error)
{
    *ret = arg_text(call, name);
    if (*ret == NULL || **ret == '\0')
        return refuse(error, CODE_PARAMETER, "Missing required field(s): %s.", name);
    return TRUE;
}

gboolean arg_number(const Call *call, const char *name, gint64 max, gint64 *value, GError **error)
{
    const char *text = arg_text(call, name);

    if (text == NULL)
        return TRUE;
    if (!g_ascii_string_to_signed(text, 10, 1, max, value, NULL))
        return refuse(error, CODE_PARAMETER, "%s: Must be an integer between 1 and %d.", name,
                      (int)max);
    return TRUE;
}

/* type: cJSON_Array or cJSON_Object. */
gboolean arg_json(const Call *call, const char *name, int type, cJSON **ret, GError **error)
{
    const char *text = arg_text(call, name);

    *ret = NULL;
    if (text == NULL)
        return TRUE;

    g_autoptr(cJSON) node = cJSON_ParseWithOpts(text, NULL, TRUE);
    if (node == NULL || (node->type & 0xff) != type)
        return refuse(error, CODE_PARAMETER, "%s: Not a valid %s.", name,
                      type == cJSON_Array ? "list" : "object");

    *ret = g_steal_pointer(&node);
    return TRUE;
}

gboolean strings_of(const cJSON *array, const char *name, GPtrArray **ret, GError **error)
{
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
    const cJSON *node;

    if (!cJSON_IsArray(array))
        return refuse(error, CODE_PARAMETER, "%s: Not a valid list.", name);

    cJSON_ArrayForEach (node, array) {
        if (!cJSON_IsString(node))
            return refuse(error, CODE_PARAMETER, "%s.%u: Not a valid string.", name, strings->len);
        g_ptr_array_add(strings, g_strdup(node->valuestring));
    }
    *ret = g_steal_pointer(&strings);
    return TRUE;
}

gboolean ids_of(const cJSON *array, const char *name, guint max, GPtrArray **ret, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;

    if (!strings_of(array, name, &ids, error))
        return FALSE;
    if (ids->len == 0)
        return refuse(error, CODE_PARAMETER, "%s: Shorter than minimum length 1.", name);
    if (ids->len > max)
        return refuse(error, max == 100 ? CODE_TOO_MANY_IDS : CODE_PARAMETER,
                      "%s: Longer than maximum length %u.", name, max);
    for (guint i = 0; i < ids->len; i++) {
        if (!text_is_id(g_ptr_array_index(ids, i)))
            return refuse(error, CODE_PARAMETER, "%s.%u: Not a valid id.", name, i);
    }
    *ret = g_steal_pointer(&ids);
    return TRUE;
}

gboolean arg_strings(const Call *call, const char *name, GPtrArray **ret, GError **error)
{
    g_autoptr(cJSON) array = NULL;

    *ret = NULL;
    if (!arg_json(call, name, cJSON_Array, &array, error))
        return FALSE;
    return array == NULL || strings_of(array, name, ret, error);
}

gboolean page_read(const Call *call, guint max_size, Page *page, GError **error)
{
    *page = (Page){.page = 1, .size = 10, .faults = call->faults};
    return arg_number(call, "page", G_MAXINT32, &page->page, error) &&
           arg_number(call, "page_size", max_size, &page->size, error);
}

void page_put(Page *page, gint64 total, GString *out)
{
    page->total = total;
    page->from = MIN((page->page - 1) * page->size, total);
    page->to = MIN(page->from + page->size, total);
    g_string_append_printf(
        out,
        "\"page_info\":{\"page\":%" G_GINT64_FORMAT ",\"page_size\":%" G_GINT64_FORMAT
        ",\"total_number\":%" G_GINT64_FORMAT ",\"total_page\":%" G_GINT64_FORMAT "}",
        page->page, page->size, total + ((page->faults & FAULT_TOTAL_HIGH) != 0 ? 1 : 0),
        (total + page->size - 1) / page->size);
}

/* One of the page before comes again in place of the first. */
gint64 page_row(const Page *page, gint64 i)
{
    gboolean moved = (page->faults & FAULT_MOVING) != 0 && i == page->from && i > 0;

    return moved ? i - 1 : i;
}
