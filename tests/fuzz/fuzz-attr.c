/* SPDX-License-Identifier: MIT */
/* fuzz-attr.c - what may be written to the files of an object. What is taken is the same when it is
   written once more, and what is sent of an amount is digits and perhaps a point. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "api/error.h"
#include "cache/update.h"
#include "tests/unit/attr-subject.h"

const char *const fuzz_words[] = {"60 at midnight",
                                  " at midnight",
                                  "!",
                                  "ENABLE",
                                  "DISABLE",
                                  "DELETE",
                                  "500.00",
                                  "7,500",
                                  "USD",
                                  "\xe2\x82\xac",
                                  "\xd9\xa5",
                                  "\xef\xbc\x95",
                                  "\xf0\x9f\x8e\x89",
                                  "\xe2\x80\xae",
                                  "\\u0030",
                                  "\"",
                                  "\xe6\xbc\xa2",
                                  "\xe2\x80\xa8",
                                  "e9",
                                  "0x",
                                  NULL};

static const char lifetime[] =
    "{\"adgroup_id\":\"2\",\"campaign_id\":\"1\",\"budget_mode\":\"" TOTAL
    "\",\"budget\":500,\"operation_status\":\"ENABLE\","
    "\"schedule_start_time\":\"2026-10-02 09:00:00\","
    "\"schedule_end_time\":\"2026-10-05 09:00:00\"}";
static const char ad[] = "{\"ad_id\":\"3\",\"adgroup_id\":\"2\",\"operation_status\":\"ENABLE\"}";

static const Subject subjects[] = {
    {KIND_CAMPAIGN, "USD", "budget", campaign}, {KIND_CAMPAIGN, "JPY", "budget", campaign},
    {KIND_CAMPAIGN, "KRW", "budget", campaign}, {KIND_CAMPAIGN, "XXX", "budget", campaign},
    {KIND_ADGROUP, "USD", "budget", adgroup},   {KIND_ADGROUP, "EUR", "budget", lifetime},
    {KIND_ADGROUP, "USD", "bid", adgroup},      {KIND_ADGROUP, "JPY", "bid", adgroup},
    {KIND_CAMPAIGN, "USD", "status", campaign}, {KIND_AD, "USD", "name", ad},
};

/* `{…"budget":750.5}`: what follows the name is digits, perhaps a point and digits. */
static void check_sent(const char *body, const char *member)
{
    g_autofree char *name = g_strdup_printf("\"%s\":", member);
    const char *at = g_strrstr(body, name), *end;
    gsize whole, part = 0;

    g_assert_nonnull(at);
    at += strlen(name);
    whole = strspn(at, "0123456789");
    if (at[whole] == '.')
        part = strspn(at + whole + 1, "0123456789");
    end = at + whole + (at[whole] == '.') + part;
    g_assert_cmpuint(whole, >, 0);
    g_assert_true(*end == ',' || *end == '}');
    g_assert_true(at[whole] != '.' || part > 0);
}

static void check_amount(const Subject *subject, const AttrView *view, const Object *object,
                         const AttrChange *change)
{
    g_autofree char *body = NULL;
    gint64 micros;
    Update update = {.kind = subject->kind,
                     .id = (char *)"9007199254740993",
                     .advertiser_id = (char *)"7012345678901234567",
                     .member = (char *)change->member,
                     .value = change->value,
                     .amount = TRUE,
                     .current = (Object *)object};
    const Update *alone = &update;

    g_assert_true(money_parse(change->value, &micros, NULL));
    g_assert_true(money_fits(micros, view->currency) || attr_is_same(change, object));
    body = update_encode(&alone, 1);
    check_sent(body, change->member);
}

/* What was taken, written in its plain form, is taken and is the same. */
static void check_again(const AttrRow *row, const AttrView *view, const AttrChange *first)
{
    g_auto(AttrChange) again = {0};
    gboolean later = strcmp(first->member, "scheduled_budget") == 0;
    g_autofree char *text = g_strconcat(first->value, later ? " at midnight" : "", NULL);

    g_assert_true(attr_change(row, view, text, &again, NULL));
    g_assert_cmpstr(again.member, ==, first->member);
    g_assert_cmpstr(again.value, ==, first->value);
    g_assert_false(again.force);
}

static void try_one(const Subject *subject, const Object *object, const char *text)
{
    const AttrRow *row = attr_find(subject->kind, subject->file);
    AttrView view = subject_view(subject, object);
    g_auto(AttrChange) change = {0};
    g_autoptr(GError) error = NULL;

    if (!attr_change(row, &view, text, &change, &error)) {
        g_assert_true(error != NULL && change.value == NULL);
        g_assert_true(g_str_has_prefix(error->message, subject->file));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return;
    }
    fuzz_taken++;
    g_assert_no_error(error);
    g_assert_true(g_utf8_validate(change.value, -1, NULL));
    g_assert_null(strpbrk(change.value, "\n\r\t"));
    check_again(row, &view, &change);
    if (change.amount)
        check_amount(subject, &view, object, &change);
    else
        g_assert_cmpstr(change.value, ==, text);
}

void fuzz_one(const char *text, gsize size)
{
    static Object *objects[G_N_ELEMENTS(subjects)];

    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        if (objects[i] == NULL)
            objects[i] = subject_object(&subjects[i]);
        try_one(&subjects[i], objects[i], text);
    }
}
