/* SPDX-License-Identifier: MIT */
/* diff.c - members come in the same order nearly always, so each is first looked for where it was.
 */
#include "cache/diff.h"

#include <string.h>

#include "api/money.h"

typedef struct {
    JsonSpan name, value;
} Member;

static const JsonSpan nothing = {"null", 4};

static gboolean is_span(JsonSpan one, JsonSpan other)
{
    return one.length == other.length && memcmp(one.at, other.at, one.length) == 0;
}

static GArray *list_members(JsonSpan body)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(Member));
    JsonIter iter;
    Member member;

    if (!json_iter_init(&iter, body.at, body.length) || iter.close != '}')
        return members;
    while (json_iter_next(&iter, &member.name, &member.value))
        g_array_append_val(members, member);
    return members;
}

static JsonSpan find_value(const GArray *members, guint near, JsonSpan name)
{
    for (guint i = 0; i < members->len; i++) {
        const Member *member = &g_array_index(members, Member, (near + i) % members->len);
        if (is_span(member->name, name))
            return member->value;
    }
    return nothing;
}

static gboolean read_amount(JsonSpan span, gint64 *ret)
{
    g_autofree char *text = NULL;

    if (span.length == 0 || !(g_ascii_isdigit(*span.at) || *span.at == '-'))
        return FALSE;
    text = g_strndup(span.at, span.length);
    return money_from_json(text, ret);
}

static gboolean is_same(JsonSpan one, JsonSpan other)
{
    gint64 a, b;

    return is_span(one, other) || (read_amount(one, &a) && read_amount(other, &b) && a == b);
}

static gboolean is_named(JsonSpan name, const char *text)
{
    return name.length == strlen(text) + 2 && memcmp(name.at + 1, text, name.length - 2) == 0;
}

static gboolean is_left_out(ObjectKind kind, JsonSpan name)
{
    if (is_named(name, "modify_time"))
        return TRUE;
    for (ObjectKind above = KIND_ADVERTISER; above < kind && kind <= KIND_AD; above++)
        if (is_named(name, kind_names(above)->name))
            return TRUE;
    return FALSE;
}

void diff_bodies(ObjectKind kind, JsonSpan before, JsonSpan after, DiffFunc each, void *user_data)
{
    g_autoptr(GArray) old = list_members(before);
    g_autoptr(GArray) new = list_members(after);

    for (guint i = 0; i < new->len; i++) {
        const Member *member = &g_array_index(new, Member, i);
        JsonSpan value = find_value(old, i, member->name);
        if (!is_left_out(kind, member->name) && !is_same(value, member->value))
            each(user_data, member->name, value, member->value);
    }
    for (guint i = 0; i < old->len; i++) { /* what is not there any more */
        const Member *member = &g_array_index(old, Member, i);
        gboolean there = find_value(new, i, member->name).at != nothing.at;
        if (!there && !json_span_is_null(member->value) && !is_left_out(kind, member->name))
            each(user_data, member->name, member->value, nothing);
    }
}
