/* SPDX-License-Identifier: MIT */
/* account.c - the advertisers. The first is in US dollars, the second in yen: without decimals. */
#include "account.h"

#include <string.h>

#include "clock.h"
#include "mix.h"
#include "text.h"

typedef struct {
    const char *name;
    const char *company;
    const char *country;
    const char *currency;
    const char *timezone;
    const char *display_timezone;
    const char *language;
    const char *status;
} Kind;

/* clang-format off */
static const Kind kinds[] = {
    {"Alpenrad US", "Alpenrad Inc.",  "US", "USD", "America/New_York", "America/New_York", "en", "STATUS_ENABLE"},
    {"Alpenrad 日本", "Alpenrad KK",   "JP", "JPY", "Asia/Tokyo",       "Asia/Tokyo",       "ja", "STATUS_ENABLE"},
    {"Alpenrad DE", "Alpenrad GmbH",  "DE", "EUR", "Europe/Berlin",    "Europe/Berlin",    "de", "STATUS_ENABLE"},
    {"Alpenrad Samoa", "Alpenrad Ltd", "WS", "USD", "Etc/GMT-13",      "Pacific/Apia",     "en", "STATUS_ENABLE"},
    {"Alpenrad 한국", "Alpenrad Korea", "KR", "KRW", "Asia/Seoul",      "Asia/Seoul",       "ko", "STATUS_ENABLE"},
    {"Alpenrad UK", "Alpenrad Ltd.",  "GB", "GBP", "Europe/London",    "Europe/London",    "en", "STATUS_ENABLE"},
    {"Alpenrad São Paulo", "Alpenrad Ltda.", "BR", "BRL", "America/Sao_Paulo", "America/Sao_Paulo", "pt", "STATUS_LIMIT"},
    {"Alpenrad CH", "Alpenrad AG",    "CH", "CHF", "Europe/Zurich",    "Europe/Zurich",    "de", "STATUS_ENABLE"},
};
/* clang-format on */

/* Ids of 19 digits: each account has its own 10^14 numbers above 7 x 10^18. */
static const guint64 id_base = G_GUINT64_CONSTANT(7012000000000000000);
static const guint64 id_span = G_GUINT64_CONSTANT(100000000000000);

static void account_free(void *data)
{
    Account *account = data;

    g_free(account->name);
    g_time_zone_unref(account->zone);
    g_free(account->owner_bc_id);
    g_free(account);
}

static Account *account_new(guint64 seed, guint index, gint64 epoch)
{
    const Kind *kind = &kinds[index % G_N_ELEMENTS(kinds)];
    guint64 hash = mix_hash(seed, 0xacc, index);
    Account *account = g_new0(Account, 1);

    account->index = index;
    account->role = ROLE_ADMIN;
    g_snprintf(account->id, sizeof account->id, "%" G_GUINT64_FORMAT,
               id_base + index * id_span + hash % id_span);
    account->name = index < G_N_ELEMENTS(kinds) ? g_strdup(kind->name)
                                                : g_strdup_printf("%s %u", kind->name, index);
    account->company = kind->company;
    account->country = kind->country;
    account->timezone = kind->timezone;
    account->display_timezone = kind->display_timezone;
    account->language = kind->language;
    account->status = kind->status;
    account->currency = currency_find(kind->currency);
    account->zone = clock_zone(kind->timezone);
    account->created = epoch - 90 * DAY + (gint64)(hash % (30 * DAY));
    account->balance = (gint64)(1000 + hash % 90000) * account->currency->ratio * MICRO +
                       (account->currency->decimals > 0 ? (gint64)(hash % 100) * (MICRO / 100) : 0);
    return account;
}

GPtrArray *accounts_new(guint64 seed, guint n, gint64 epoch)
{
    GPtrArray *accounts = g_ptr_array_new_with_free_func(account_free);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(accounts, account_new(seed, i, epoch));
    return accounts;
}

Account *accounts_find(const GPtrArray *accounts, const char *id)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(id, 10, id_base, G_MAXINT64, &number, NULL) ||
        (number - id_base) / id_span >= accounts->len)
        return NULL;

    Account *account = g_ptr_array_index(accounts, (number - id_base) / id_span);
    return strcmp(account->id, id) == 0 ? account : NULL;
}

static void put_balance(GString *out, const Account *account)
{
    currency_put(out, account->balance);
}

static void put_created(GString *out, const Account *account)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, account->created);
}

static void put_currency(GString *out, const Account *account)
{
    text_put_json(out, account->currency->code);
}

static void put_owner(GString *out, const Account *account)
{
    if (account->owner_bc_id != NULL)
        text_put_json(out, account->owner_bc_id);
    else
        g_string_append(out, "null");
}

static void put_id(GString *out, const Account *account)
{
    text_put_json(out, account->id);
}

typedef struct {
    const char *name;
    void (*put)(GString *out, const Account *account); /* NULL: text at offset, or the constant */
    gsize offset;
    const char *constant;
} Member;

#define TEXT(member)   NULL, G_STRUCT_OFFSET(Account, member), NULL
#define CONSTANT(json) NULL, 0, json

/* clang-format off */
static const Member members[] = {
    {"advertiser_id",             put_id, 0, NULL},
    {"name",                      TEXT(name)},
    {"status",                    TEXT(status)},
    {"role",                      CONSTANT("\"ROLE_ADVERTISER\"")},
    {"rejection_reason",          CONSTANT("null")},
    {"timezone",                  TEXT(timezone)},
    {"display_timezone",          TEXT(display_timezone)},
    {"company",                   TEXT(company)},
    {"industry",                  CONSTANT("\"291905\"")},
    {"address",                   CONSTANT("null")},
    {"country",                   TEXT(country)},
    {"advertiser_account_type",   CONSTANT("\"AUCTION\"")},
    {"currency",                  put_currency, 0, NULL},
    {"contacter",                 CONSTANT("\"A****d\"")},
    {"email",                     CONSTANT("\"a***@alpenrad.example\"")},
    {"cellphone_number",          CONSTANT("null")},
    {"telephone_number",          CONSTANT("\"+49301****63\"")},
    {"language",                  TEXT(language)},
    {"license_no",                CONSTANT("\"\"")},
    {"license_url",               CONSTANT("null")},
    {"license_city",              CONSTANT("null")},
    {"license_province",          CONSTANT("null")},
    {"description",               CONSTANT("\"\"")},
    {"balance",                   put_balance, 0, NULL},
    {"create_time",               put_created, 0, NULL},
    {"owner_bc_id",               put_owner, 0, NULL},
    {"promotion_area",            CONSTANT("\"0\"")},
    {"promotion_center_city",     CONSTANT("null")},
    {"promotion_center_province", CONSTANT("null")},
    {"brand",                     CONSTANT("null")},
};
/* clang-format on */

gboolean account_has_field(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        if (strcmp(members[i].name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

void account_put(GString *out, const Account *account, GHashTable *fields)
{
    gboolean first = TRUE;

    g_string_append_c(out, '{');
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
        const Member *member = &members[i];

        if (fields != NULL && !g_hash_table_contains(fields, member->name))
            continue;
        g_string_append_printf(out, "%s\"%s\":", first ? "" : ",", member->name);
        first = FALSE;
        if (member->put != NULL)
            member->put(out, account);
        else if (member->constant != NULL)
            g_string_append(out, member->constant);
        else
            text_put_json(out, *(char *const *)((const char *)account + member->offset));
    }
    g_string_append_c(out, '}');
}
