/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * check-store.h - what must hold in cache.sqlite, whoever wrote it.
 *
 * store_always: after every transaction. store_settled: of an account, when a complete listing of
 * it was the last thing that was written: a fetch that did not end may leave members that are not
 * sorted yet, and of which parents are not known. ?1: kind of a campaign, of an ad group, ?3 of an
 * ad, ?4 of an account, ?5 of a center; ?6: the account; ?7: all rows of this file are above.
 */
#include <glib.h>

#include "api/object.h"
#include "cache/store.h"

typedef struct {
    const char *text;
    const char *sql; /* how many break it */
} StoreRule;

/* The table child knows it, and so does the table name. */
#define IS_SORTED                                                                                  \
    "m.row <= (SELECT upto FROM sorted s WHERE s.kind = m.kind AND s.advertiser = m.advertiser)"

/* clang-format off */
static const StoreRule store_always[] = {
    {"an id is there once",
     "SELECT count(*) FROM (SELECT 1 FROM object GROUP BY kind, advertiser, id HAVING count(*) > 1)"},
    {"rows are above the base of the file",
     "SELECT count(*) FROM object WHERE row <= ?7"},
    {"no row was given out that is above the last one",
     "SELECT count(*) FROM object WHERE row > (SELECT seq FROM sqlite_sequence WHERE name ="
     " 'object')"},
    {"of a vanished account or center no object remains",
     "SELECT count(*) FROM object m WHERE m.advertiser <> 0 AND NOT EXISTS (SELECT 1 FROM object o"
     " WHERE o.row = m.advertiser AND o.advertiser = 0 AND o.kind = iif(m.kind <= ?3, ?4, ?5))"},
    {"accounts and centers are nobody's",
     "SELECT count(*) FROM object WHERE (advertiser = 0) <> (kind IN (?4, ?5))"},
    {"of a vanished account or center no listing remains",
     "SELECT count(*) FROM listing WHERE advertiser <> 0 AND advertiser NOT IN"
     " (SELECT row FROM object WHERE advertiser = 0)"},
    {"of a vanished account no refusal remains",
     "SELECT count(*) FROM refusal WHERE account NOT IN"
     " (SELECT row FROM object WHERE kind = ?4)"},
    {"campaigns and ad groups alone are known from members",
     "SELECT count(*) FROM object WHERE derived AND kind NOT IN (?1, ?2)"},
    {"accounts alone are listed",
     "SELECT count(*) FROM object WHERE listed AND kind <> ?4"},
    {"every object has a body, and every body its object",
     "SELECT (SELECT count(*) FROM object) + (SELECT count(*) FROM body)"
     " - 2 * (SELECT count(*) FROM object o JOIN body b ON b.row = o.row)"},
    {"what is found by parent is there",
     "SELECT count(*) FROM child c WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.row = c.row"
     " AND o.kind = c.kind AND o.advertiser = c.advertiser AND o.parent = c.parent)"},
    {"what is found by name is there",
     "SELECT count(*) FROM name n WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.row = n.row"
     " AND o.kind = n.kind AND o.advertiser = n.advertiser AND o.parent = n.parent"
     " AND o.file_name = n.file_name)"},
    {"what is sorted has its name",
     "SELECT count(*) FROM object m WHERE " IS_SORTED " AND NOT EXISTS"
     " (SELECT 1 FROM name n WHERE n.row = m.row AND n.kind = m.kind"
     " AND n.advertiser = m.advertiser AND n.file_name = m.file_name)"},
};

static const StoreRule store_settled[] = {
    {"every ad group has its campaign",
     "SELECT count(*) FROM object m WHERE m.kind = ?2 AND m.advertiser = ?6 AND m.parent <> ''"
     " AND " IS_SORTED " AND NOT EXISTS (SELECT 1 FROM object p WHERE p.kind = ?1 AND p.advertiser = ?6"
     " AND p.id = m.parent)"},
    {"every ad has its ad group",
     "SELECT count(*) FROM object m WHERE m.kind = ?3 AND m.advertiser = ?6 AND m.parent <> ''"
     " AND " IS_SORTED " AND NOT EXISTS (SELECT 1 FROM object p WHERE p.kind = ?2 AND p.advertiser = ?6"
     " AND p.id = m.parent)"},
    {"what is known from members only has one",
     "SELECT count(*) FROM object p WHERE p.derived AND p.advertiser = ?6 AND NOT EXISTS"
     " (SELECT 1 FROM object m WHERE m.kind = p.kind + 1 AND m.advertiser = ?6"
     " AND m.parent = p.id)"},
    {"by parent it is found as it is",
     "SELECT count(*) FROM object m WHERE m.advertiser = ?6 AND m.parent <> '' AND " IS_SORTED
     " AND NOT EXISTS (SELECT 1 FROM child c WHERE c.kind = m.kind AND c.advertiser = ?6"
     " AND c.parent = m.parent AND c.row = m.row)"},
};
/* clang-format on */

static inline void store_check_rules(sqlite3 *db, const StoreRule *rules, gsize n, gint64 account,
                                     gint64 base)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        gint64 broken = 0;

        sql_number(db, &broken, &error, rules[i].sql, "iiiiiii", (gint64)KIND_CAMPAIGN,
                   (gint64)KIND_ADGROUP, (gint64)KIND_AD, (gint64)KIND_ADVERTISER,
                   (gint64)KIND_CENTER, account, base);
        g_assert_no_error(error);
        if (broken > 0)
            g_error("the store: it does not hold that %s: %" G_GINT64_FORMAT " break it",
                    rules[i].text, broken);
    }
}

/* base: of this file, 0 when it is not known. */
static inline void store_check(sqlite3 *db, gint64 base)
{
    store_check_rules(db, store_always, G_N_ELEMENTS(store_always), 0, base);
}

static inline void store_check_settled(sqlite3 *db, gint64 account)
{
    store_check_rules(db, store_settled, G_N_ELEMENTS(store_settled), account, 0);
}

/* Right after this listing was complete, and before anything else was. */
static inline void store_check_count(sqlite3 *db, gint64 members, gint64 advertiser, gint64 kind)
{
    g_autoptr(GError) error = NULL;
    gint64 rows = -1, n = 0;

    sql_number(db, &rows, &error,
               "SELECT rows FROM listing WHERE members = ?1 AND advertiser = ?2 AND kind = ?3",
               "iii", members, advertiser, kind);
    g_assert_no_error(error);
    sql_number(db, &n, &error, "SELECT count(*) FROM object WHERE kind = ?1 AND advertiser = ?2",
               "ii", members, advertiser);
    g_assert_no_error(error);
    g_assert_cmpint(rows, ==, n);
}
