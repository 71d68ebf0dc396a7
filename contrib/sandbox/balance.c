/* SPDX-License-Identifier: MIT */
/* balance.c - bc/balance/get and advertiser/balance/get. */
#include "bc.h"

#include "clock.h"
#include "mix.h"

/* All of it is cash: account = valid + frozen + tax. */
static void put_balance(GString *out, gint64 micros, gint64 frozen)
{
    const struct {
        const char *name;
        gint64 micros;
    } members[] = {
        {"account_balance", micros}, {"valid_account_balance", micros - frozen},
        {"frozen_balance", frozen},  {"tax", 0},
        {"cash_balance", micros},    {"valid_cash_balance", micros - frozen},
        {"grant_balance", 0},        {"valid_grant_balance", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        g_string_append_printf(out, ",\"%s\":", members[i].name);
        currency_put(out, members[i].micros);
    }
}

gboolean balance_center(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(cJSON) filtering = NULL;
    const Center *center = NULL;

    if (!bc_read_filtering(call, &filtering, error) || !bc_find(call, &center, error))
        return FALSE;

    const Currency *currency = currency_find(center->currency);
    guint64 hash = mix_hash(call->world->seed, 0xba1, g_ascii_strtoull(center->id, NULL, 10));
    gint64 cents = currency->decimals > 0 ? (gint64)(hash % 100) * (MICRO / 100) : 0;
    gint64 whole = (gint64)(5000 + hash % 900000) * currency->ratio * MICRO;

    text_put_member(answer->rest, "bc_id", center->id);
    text_put_member(answer->rest, "currency", currency->code);
    put_balance(answer->rest, whole + cents, 100 * currency->ratio * MICRO);
    return TRUE;
}

static void put_account(GString *out, const Account *account)
{
    gint64 days = (clock_now() - account->created) / DAY;

    g_string_append_c(out, '{');
    text_put_member(out, "advertiser_id", account->id);
    text_put_member(out, "advertiser_name", account->name);
    text_put_member(out, "advertiser_status", account->status);
    text_put_member(out, "advertiser_type", "AUCTION");
    text_put_member(out, "timezone", account->timezone);
    text_put_member(out, "currency", account->currency->code);
    text_put_member(out, "company", account->company);
    text_put_member(out, "contact_name", "A****d");
    text_put_member(out, "contact_email", "a***@alpenrad.example");
    g_string_append_printf(out, ",\"account_open_days\":%" G_GINT64_FORMAT, days);
    g_string_append_printf(out, ",\"create_time\":%" G_GINT64_FORMAT, account->created);
    g_string_append(out, ",\"balance_reminder\":false");
    put_balance(out, account->balance, 0);
    text_put_member(out, "budget_mode", "UNLIMITED");
    g_string_append(out, ",\"budget\":0,\"budget_cost\":0,\"budget_remaining\":0}");
}

/* Only what the center holds, and what the token's user may see. */
gboolean balance_accounts(const Call *call, Answer *answer, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autoptr(cJSON) filtering = NULL;
    const Center *center = NULL;
    Page page;

    if (!page_read(call, 50, &page, error) || !bc_read_filtering(call, &filtering, error) ||
        !bc_find(call, &center, error))
        return FALSE;

    for (guint i = 0; i < center->assets->len; i++) {
        const Asset *asset = &g_array_index(center->assets, Asset, i);

        if (asset->account != NULL && !asset->account->forbidden &&
            bc_has_keyword(filtering, asset->name, asset->id))
            g_ptr_array_add(found, (Account *)asset->account);
    }

    g_string_append(answer->rest, "\"advertiser_account_list\":[");
    page_put(&page, found->len, answer->list);
    for (gint64 i = page.from; i < page.to; i++) {
        if (i > page.from)
            g_string_append_c(answer->rest, ',');
        put_account(answer->rest, g_ptr_array_index(found, page_row(&page, i)));
    }
    g_string_append_printf(answer->rest, "],%s", answer->list->str);
    g_string_truncate(answer->list, 0);
    return TRUE;
}
