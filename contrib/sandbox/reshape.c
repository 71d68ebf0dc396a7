/* SPDX-License-Identifier: MIT */
/* reshape.c - goes through the text once; what it meets was written by this program. */
#include "reshape.h"

#include <string.h>

#include "fault.h"
#include "mix.h"

/* Names and codes that mean something elsewhere: who looks for them anywhere is led astray. */
static const char unknown[] = "\"unheard_of\":{\"code\":40105,\"list\":[{\"campaign_id\":\"1\"}],"
                              "\"page_info\":{\"total_number\":0,\"total_page\":1}}";

typedef struct {
    guint64 drawn;
    guint64 seed;
    guint64 objects; /* so far */
} Reshape;

static const char *put_value(Reshape *reshape, GString *out, const char *at, guint depth);

/* The end of the string, number or word. */
static const char *skip_scalar(const char *at)
{
    if (*at != '"')
        return at + strcspn(at, ",]}");
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
    }
    return at + 1;
}

static const char *put_scalar(const Reshape *reshape, GString *out, const char *at, guint depth)
{
    const char *end = skip_scalar(at);
    gboolean quote =
        (reshape->drawn & FAULT_STRINGS) != 0 && depth > 1 && (g_ascii_isdigit(*at) || *at == '-');

    if (quote)
        g_string_append_c(out, '"');
    g_string_append_len(out, at, end - at);
    if (quote)
        g_string_append_c(out, '"');
    return end;
}

static const char *put_array(Reshape *reshape, GString *out, const char *at, guint depth)
{
    g_string_append_c(out, '[');
    for (at++; *at != ']'; at += *at == ',' ? 1 : 0) {
        if (out->str[out->len - 1] != '[')
            g_string_append_c(out, ',');
        at = put_value(reshape, out, at, depth);
    }
    g_string_append_c(out, ']');
    return at + 1;
}

static void put_members(const Reshape *reshape, GString *out, const GPtrArray *members)
{
    gboolean shuffled = (reshape->drawn & FAULT_SHUFFLE) != 0;

    g_string_append_c(out, '{');
    for (guint i = 0; i < members->len; i++) {
        guint64 from =
            shuffled ? mix_permute(reshape->seed ^ reshape->objects, members->len, i) : i;

        if (i > 0)
            g_string_append_c(out, ',');
        g_string_append(out, g_ptr_array_index(members, (guint)from));
    }
    g_string_append_c(out, '}');
}

static const char *put_object(Reshape *reshape, GString *out, const char *at, guint depth)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func(g_free);

    if ((reshape->drawn & FAULT_UNKNOWN) != 0)
        g_ptr_array_add(members, g_strdup(unknown));
    for (at++; *at != '}'; at += *at == ',' ? 1 : 0) {
        GString *member = g_string_new(NULL);
        const char *colon = skip_scalar(at);

        g_string_append_len(member, at, colon + 1 - at);
        at = put_value(reshape, member, colon + 1, depth);
        g_ptr_array_add(members, g_string_free(member, FALSE));
    }
    reshape->objects++;
    put_members(reshape, out, members);
    return at + 1;
}

static const char *put_value(Reshape *reshape, GString *out, const char *at, guint depth)
{
    if (*at == '{')
        return put_object(reshape, out, at, depth + 1);
    if (*at == '[')
        return put_array(reshape, out, at, depth + 1);
    return put_scalar(reshape, out, at, depth);
}

void reshape(GString *out, const char *json, guint64 drawn, guint64 seed)
{
    Reshape run = {.drawn = drawn, .seed = seed};

    put_value(&run, out, json, 0);
}
