/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * internal.h - what the files of this layer share: the cache itself, and the flight, which is how
 * every thing that is got from elsewhere waits, fails and is remembered.
 */
#include "cache/age.h"
#include "cache/cache.h"
#include "cache/events.h"
#include "cache/journal-read.h"
#include "cache/journal.h"
#include "cache/pages.h"
#include "cache/poll.h"
#include "cache/rows.h"
#include "cache/store.h"
#include "cache/writer.h"

/* ---- flights: one thing being got; embedded in the thing ---- */

struct Flight {
    gboolean flying;
    GPtrArray *waiters; /* the data of each; NULL when none ever waited */
    GError *error;      /* how it ended last; NULL: well, or never */
    gint64 failed_us;   /* monotonic, with error */
    gint64 settled_us;  /* monotonic, when it last ended well; G_MININT64: never */
};

void flight_init(Flight *flight);
void flight_clear(Flight *flight);

/* TRUE: *ret says it all (on CACHE_WAIT the waiter is in the list). FALSE: it has to be started, by
   flight_start(). fresh: what is there will do. A waiter of NULL waits for nothing, one
   without data is not woken. */
gboolean flight_decided(Cache *cache, Flight *flight, const Waiter *waiter, gboolean fresh,
                        CacheResult *ret, GError **error);
CacheResult flight_start(Cache *cache, Flight *flight, const Waiter *waiter);

gboolean flight_is_wanted(const Flight *flight); /* somebody waits for it */

/* Wakes its waiters in the middle of it: whoever can do without asks for something else. */
void flight_nudge(Cache *cache, Flight *flight);

/* Ends it with nothing that would be remembered, and wakes its waiters. */
void flight_end(Cache *cache, Flight *flight);

/* Ends it and wakes its waiters, who may ask again from inside wake(). The flight may be gone
   when this returns. */
void flight_settle(Cache *cache, Flight *flight, const GError *error);

/* ---- the cache ---- */

typedef struct Collection Collection;
typedef struct Centers Centers;
typedef struct Drafts Drafts;
typedef struct Nodes Nodes;
typedef struct Reports Reports;
typedef struct Singles Singles;
typedef struct Lookups Lookups;
typedef struct Offline Offline;
typedef struct Recover Recover;

struct Cache {
    CacheConfig config; /* advertisers are a copy of its own; the directories are not kept */
    Store *store;
    Writer *writer;
    Writer *spooler; /* reads reports out */
    EventLog *events;
    Journal *journal;
    Drafts *drafts;
    GHashTable *creates; /* of Create: under way, or somebody has one */
    guint recreating;    /* source: those that were left open are due */
    JournalText *journal_text;
    Recover *recover; /* NULL: the mount is offline */
    Poll *poll;
    PageGate *gate;
    RowCache *rows;
    GHashTable *collections; /* gint64 (advertiser << 4 | kind) -> Collection */
    Centers *centers;
    Nodes *nodes;
    Reports *reports;
    Singles *singles;
    Lookups *lookups;
    Offline *offline;    /* NULL: the client is asked */
    GPtrArray *flying;   /* of Flight, borrowed */
    GHashTable *commits; /* under way */
    GHashTable *writing; /* gint64 row -> GQueue of Commit, borrowed: the first is under way */
    GHashTable *desks;
    GQueue due;    /* of Collection: to poll next */
    guint polls;   /* of them under way */
    GQueue waking; /* data of waiters that are about to be woken */
    Outage outage;
    gint64 refreshes;    /* how often a person asked for anything anew */
    gint64 all_refresh;  /* which of these was for everything; 0: none */
    gint64 refreshed_us; /* monotonic, when that was; 0: never */
    CacheStats stats;
};

gint64 cache_now(const Cache *cache); /* monotonic */

/* FALSE and error: see cache_failed(). To be asked after reading, before it is relied on. */
gboolean cache_is_readable(const Cache *cache, GError **error);

/* ---- collection.c, node.c, partition.c: made and freed by cache.c ---- */

void collection_free(void *collection);
/* Lists again, in the background, what is old enough and was used since then; see poll.h. */
void collections_poll(Cache *cache, gint64 used_since_us);
void collections_poll_next(Cache *cache); /* when one of them has ended */
void collection_note_used(Cache *cache, ListingKind kind, gint64 advertiser);
guint collections_count_old(Cache *cache); /* that are shown though they are old */
Nodes *nodes_new(Cache *cache);
void nodes_attach(Nodes *nodes); /* when the store is there */
void nodes_free(Nodes *nodes);
Reports *reports_new(void);
void reports_free(Reports *reports);
/* What the last fetch of the days of a query took, when it ended well since then, is added. */
void report_add_flight(Cache *cache, const ReportQuery *query, gint64 since_us, ReportState *to);
Lookups *lookups_new(void);
void lookups_free(Lookups *lookups);
guint reports_count_old(Cache *cache);
void reports_refresh(Cache *cache); /* all of them */

/* offline.c: in place of the client. Nothing leaves the process. */
Offline *offline_new(CacheConfig *config);
void offline_free(Offline *offline); /* NULL is fine; who was not answered is not any more */
GError *offline_error(void);

/* TRUE and error: the service has refused this listing (listing_is_refusal()) no longer than ttl
   ago, or since then. Who wants it has a CACHE_HIT; of LISTING_ASSETS LISTING_ROLES alone. */
gboolean listing_refused(Cache *cache, ListingKind kind, gint64 owner, gint64 since_us,
                         GError **error);

/* ---- collection.c, for those who need one of its members only ---- */

/* A list of no more pages is read whole for one of its members: that costs no more calls than page
   1 and a call for the id. */
enum { FEW_PAGES = 2 };

/* A list of several pages is not read again before this much time a page has passed. */
#define PAGE_PAUSE_US (6 * G_USEC_PER_SEC)

typedef struct {
    gint64 began_us;
    gint64 newest_row; /* of all objects, then: those after it came since */
} ListingFlight;

/* It is old, and shown all the same; asked for in the background if it is time. See age.h. */
gboolean collection_shows_old(Cache *cache, ListingKind kind, gint64 advertiser,
                              const Waiter *waiter);
/* It is fresh, or complete since the waiter (may be NULL) began. */
gboolean collection_has(Cache *cache, ListingKind kind, gint64 advertiser, const Waiter *waiter);
guint collection_pages(Cache *cache, ListingKind kind, gint64 advertiser); /* 0: not known */
/* All of it is being read. ret may be NULL. */
gboolean collection_is_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               ListingFlight *ret);
/* As cache_want_listing(), but where it has more than FEW_PAGES only page 1 is read. */
CacheResult collection_want_few(Cache *cache, ListingKind kind, gint64 advertiser,
                                const Waiter *waiter, GError **error);
/* The id of an account or center, a new string. NULL and error: it is not there (any more). */
char *collection_owner_id(Cache *cache, ObjectKind kind, gint64 row, GError **error);
void collection_nudge(Cache *cache, ListingKind kind, gint64 advertiser);

/* What is known of this object may be wrong: its listing is asked for again by the next who wants
   it, also after a restart. A fetch that is under way was asked for too early, and begins again. */
void cache_expire(Cache *cache, gint64 row);

/* ---- for commit.c ---- */

GHashTable *commits_new(void);         /* owns them */
GHashTable *commits_of_rows_new(void); /* borrows them */
/* Before the writer ends: what came of those that were sent will not be learnt. */
void commits_give_up(Cache *cache);

/* On the loop, when readers see the body, or it could not be stored. */
typedef void (*StoredFunc)(void *user_data, const GError *error);

/*
 * Stores the newest body of one object, ahead of all pages. json: the JSON text of the object, as
 * the service sent it; ref'd. asked_us: monotonic, when the call was made that this answers, no
 * earlier than the yes to the update. From now on nothing asked for before asked_us is stored over
 * it, and if something asked for later is there already, this body is not stored over that.
 * API_ERROR_NOT_FOUND: the row has vanished.
 */
void cache_store_object(Cache *cache, gint64 row, GBytes *json, gint64 asked_us, StoredFunc done,
                        void *user_data);
