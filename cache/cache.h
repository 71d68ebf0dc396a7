/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * cache.h - what we know of the accounts, and since when; the whole layer as fs sees it.
 *
 * Nothing here blocks. What is asked for is there (CACHE_HIT), or will be (CACHE_WAIT: the waiter
 * is woken once when the thing settles, well or badly, and asks again), or could not be had
 * (CACHE_ERROR, remembered for retry_us). One thread calls all this; answers are stored by the
 * writer thread (writer.h).
 *
 *     EMPTY --want--> FETCHING --stored--> FRESH --ttl--> EMPTY
 *                        |
 *                        `-----failed----> FAILED --retry_us--> EMPTY
 *
 * A row is the number of an object in the store: never reused, kept over restarts. It is the upper
 * part of an inode; row 0 stands for the root.
 */
#include <glib.h>

#include "api/client.h"
#include "api/clock.h"
#include "api/object.h"
#include "api/report.h"
#include "cache/commit.h"

typedef struct Cache Cache;

typedef enum { CACHE_HIT, CACHE_WAIT, CACHE_ERROR } CacheResult;

typedef enum {
    LISTING_ADVERTISERS, /* of row 0: ids and names */
    LISTING_INFO,        /* of row 0: advertiser/info of all of them */
    LISTING_CAMPAIGNS,   /* of an advertiser's row: everything in that account */
    LISTING_ADGROUPS,
    LISTING_ADS,
    LISTING_CENTERS, /* of row 0: the Business Centers */
    LISTING_ROLES,   /* of row 0: the centers, and the accounts of every one; see cache_role() */
    LISTING_ASSETS,  /* the rest: of a center's row. The accounts that it has */
    LISTING_MEMBERS,
    LISTING_FUNDS, /* its balance: one object */
    N_LISTINGS,
} ListingKind;

/* ---- events: what changed, by whomever ---- */

typedef enum {
    EVENT_APPEARED,
    EVENT_VANISHED,
    EVENT_CHANGED,
    EVENT_RENAMED,
    EVENT_MOVED,    /* to another campaign or ad group */
    EVENT_STATE,    /* its status, or what the platform makes of it */
    EVENT_RESTATED, /* a report says something else of days that were over when it was read */
} EventWhat;

/* One difference between what was known and what came: in a listing, or when a commit read back.
   Texts are borrowed; "" where there is none. */
typedef struct {
    gint64 at_us; /* wall, when it was seen */
    EventWhat what;
    ObjectKind kind; /* account, campaign, ad group or ad */
    const char *advertiser_id, *campaign_id, *adgroup_id, *id; /* of itself too */
    const char *name;
    const char *member;         /* as the API names it; NULL: the object as a whole */
    const char *before, *after; /* JSON text of the member; "null": it has none */
    const char *range; /* of EVENT_RESTATED: of an account or center, or of the object of that id;
                          the member is the report, "campaign-day". NULL otherwise */
    gboolean ours;     /* it is what this mount has sent */
} Event;

/* What the kernel may have to be told of: an object, and what shows it in a listing. */
typedef struct {
    gint64 row;        /* it may be gone */
    gint64 advertiser; /* row of its account; 0 of accounts */
    gint64 parent;     /* row of its campaign or ad group; 0: none */
    gboolean listed;   /* it came, went, moved, or is called otherwise */
} Touched;

/* ---- the cache ---- */

typedef struct {
    const char *cache_dir,
        *state_dir;       /* exist; cache.sqlite is made in the one, events in the other */
    const Guards *guards; /* must outlive the cache; NULL: none */
    gboolean read_only;   /* nothing of this mount is to change what the service holds */
    gint64 ttl_us, retry_us, report_ttl_us;
    gint64 stale_us;   /* what expired no longer ago is shown while it is asked for */
    gboolean offline;  /* nothing is asked for, everything known is shown */
    guint settle_days; /* a report's day older than this never changes again */
    ReportMode report_mode;
    guint async_pages;       /* a report of more pages is made by a task; 0: of more than 20 */
    guint task_check_ms;     /* before the first check of a task; 0: half a second */
    gint64 poll_us;          /* what was used lately is listed again when so old; 0: never */
    const char *events_name; /* of their file in state_dir */
    const char *const *advertisers; /* ids instead of oauth2/advertiser/get, or NULL */
    gboolean advertisers_only;      /* no account besides these, whatever centers name */
    const Clock *clock;             /* must outlive the cache; the writer's thread reads it too */

    /* The client below, or a test's: the signatures of client.h. held, stats and windows
       may be NULL. */
    guint64 (*call)(void *client, const Call *call, AnswerFunc done, void *user_data);
    gboolean (*withdraw)(void *client, guint64 id);
    gboolean (*held)(void *client, guint64 id);
    void (*resume)(void *client, guint64 id);
    void (*stats)(void *client, ClientStats *ret);
    guint (*windows)(void *client, ClientWindow *ret, guint most);
    void *client;

    /* Above: run the waiter again; make a name safe as a file name (new string, may be empty;
       pure: it is called in the writer's thread). */
    void (*wake)(void *user_data, void *waiter);
    char *(*file_name)(const char *name);
    /* An event as a line, without newline, a new string; pure, and called in the writer's thread.
       NULL: no file of them is kept. */
    char *(*line)(const Event *event);
    void (*touched)(void *user_data, const Touched *touched); /* on the loop; may be NULL */
    /* Once for each fetch that failed though nobody learns of it, since what is known of before is
       shown: of a listing, of the details of one account alone (LISTING_INFO with its row), or,
       with N_LISTINGS, of a report of the account. May be NULL. */
    void (*kept_old)(void *user_data, ListingKind kind, gint64 of, const GError *error);
    /* A write ended well, and later its object was found to hold another value. May be NULL. */
    void (*differs)(void *user_data, gint64 row, const char *member, const GError *error);
    void *user_data;
} CacheConfig;

/* NULL and error: a directory is not writable, or a store can not be made. */
Cache *cache_new(const CacheConfig *config, GError **error);
/* NULL is fine; waits for the writer; nobody is woken any more. The client goes before, or
   directly after it: a call that it still has must not come back. */
void cache_free(Cache *cache);

typedef struct {
    void *data; /* handed to wake() */
    gint64
        began; /* monotonic: what settled since then is fresh for this waiter, whatever its age */
} Waiter;

/* The waiter was interrupted: it is in no list any more. Fetches go on. */
void cache_forget(Cache *cache, const void *waiter);

/* ---- listings ---- */

/* CACHE_HIT: complete, and fresh or served old: see age.h for when that is. */
CacheResult cache_want_listing(Cache *cache, ListingKind kind, gint64 advertiser,
                               const Waiter *waiter, GError **error);

typedef struct {
    gboolean known; /* was complete at least once; survives a restart */
    gboolean fresh;
    gboolean served_old; /* it has expired, and whoever wants it is given it as it is; why is
                            cache_listing_error(), or that the mount is offline */
    gint64 expires_us;   /* monotonic; only when fresh */
    gint64 fetched_us;   /* wall; 0 = never */
    gint64 changed_us;   /* wall, when its members or names last changed: a directory's mtime */
    gint64 rows;
} ListingState;

void cache_listing_state(Cache *cache, ListingKind kind, gint64 advertiser, ListingState *ret);

/* A person wants it anew: what is known of it is not fresh any more, whatever its age and its size,
   and a failure before puts nobody off. Whoever asks next fetches it. Lasts as long as the cache.
 */
void cache_refresh_listing(Cache *cache, ListingKind kind, gint64 of);
void cache_refresh_all(Cache *cache); /* reports too */

/* How the last fetch failed, also where that is a CACHE_HIT of nothing. NULL: it did not, or there
   was none. Borrowed until the next call of any function here. */
const GError *cache_listing_error(Cache *cache, ListingKind kind, gint64 advertiser);

/* ---- one out of many ---- */

/* One of the members of LISTING_ADVERTISERS to LISTING_ADS, by its id. CACHE_HIT: *ret_row is it,
   fresh by itself or by its listing; 0: there is none. Where the listing is not there and would
   take many calls, the object alone is asked for, together with others. A text that is no id costs
   nothing. */
CacheResult cache_want_object(Cache *cache, ListingKind kind, gint64 advertiser, const char *id,
                              const Waiter *waiter, gint64 *ret_row, GError **error);

/* The details of one account, as LISTING_INFO has those of all. */
CacheResult cache_want_details(Cache *cache, gint64 advertiser, const Waiter *waiter,
                               GError **error);

/* Of whatever says more of it, its listing or the object alone; rows and changed_us are the
   listing's. */
void cache_object_state(Cache *cache, ListingKind kind, gint64 advertiser, const char *id,
                        ListingState *ret);
void cache_details_state(Cache *cache, gint64 advertiser, ListingState *ret);

/* ---- objects ---- */

typedef struct {
    gint64 row;
    ObjectKind kind;
    gint64 advertiser;  /* row of its account, or of its center; of these two its own */
    const char *id;     /* as the API names it */
    const char *parent; /* id of its campaign (ad group) or ad group (ad); "" otherwise */
    gboolean derived;   /* known only from its members: the API does not list it */
    gint64 changed_us;  /* wall: when we last saw it change; 0 = we did not */
    Object *object;     /* borrowed */
} Row;

/* NULL: no such object (any more). Borrowed until the next call of any function here. */
const Row *cache_row(Cache *cache, gint64 row);

/* Which objects: of a kind, in an account or center (0 for these two themselves), below a parent
   (NULL: all). */
typedef struct {
    ObjectKind kind;
    gint64 advertiser;
    const char *parent;
} Scope;

gint64 cache_find_id(Cache *cache, const Scope *scope, const char *id); /* 0: none */

/* By the name shown in by-name/: the object's safe name, or `<name>~<id>` where two in the scope
   share it, where it is empty, or where it ends like that by itself. */
gint64 cache_find_name(Cache *cache, const Scope *scope, const char *name);

/* Call each in the order of rows for all after `after`; each returns FALSE to stop. With `names`,
   name is what by-name/ shows, else it is the id. each() must not list by itself. Here and below a
   file that can not be read looks as if there were no more: see cache_failed(). */
typedef gboolean (*EachFunc)(void *user_data, gint64 row, const char *name);
void cache_each(Cache *cache, const Scope *scope, gboolean names, gint64 after, EachFunc each,
                void *user_data);

/* ---- what may be done with an account ---- */

/* What the centers say of an account that is bound to them: the highest where several have it.
   ROLE_UNKNOWN: none has it, or LISTING_ROLES was not wanted yet or is not to be had. */
typedef enum { ROLE_UNKNOWN, ROLE_ANALYST, ROLE_OPERATOR, ROLE_ADMIN } Role;

Role cache_role(Cache *cache, gint64 advertiser);

/* The row of the account that this row of a center's accounts stands for. 0: the center only asked
   for it or has it no more, or it is none of the accounts. */
gint64 cache_account_of_asset(Cache *cache, gint64 asset);

/* TRUE, and error with the code, the message and the request id of the service: it refuses the
   details of this account, or says nothing of it. What is known of it may be old. Remembered over
   restarts. */
gboolean cache_account_refused(Cache *cache, gint64 advertiser, GError **error);

/* The details of this account are there, of whatever age. FALSE, and error says why not. */
gboolean cache_has_details(Cache *cache, gint64 advertiser, GError **error);

/* ---- nodes: what has an inode but is no object (names below reports/) ---- */

typedef struct {
    gint64 node;
    gint64 owner;     /* row of the object whose reports/ it is in */
    const char *name; /* path below reports/, "last-30d" or "last-30d/campaign-day.csv" */
    gint64 size;      /* bytes when made; before, of the version before; 0 */
    gint64 made_us;   /* wall; 0 = this version was not made yet */
    gint64 shown_us;  /* wall, its mtime: when made; before, of the version before, or of birth */
} Node;

/* The newest version of a name, made if there is none. next: a new version even so, unless the
   newest one was not made yet. ret is borrowed until the next call here. */
CacheResult cache_want_node(Cache *cache, gint64 owner, const char *name, gboolean next,
                            const Waiter *waiter, const Node **ret, GError **error);
const Node *cache_node(Cache *cache, gint64 node); /* NULL: none. Borrowed. */
const Node *cache_find_node(Cache *cache, gint64 owner, const char *name); /* newest, or NULL */
/* Visible at once. of_us: of what time its rows are, if they are old; 0: now. */
void cache_node_made(Cache *cache, gint64 node, gint64 size, gint64 of_us);

/* Of each name below `directory` ("" or "last-30d"), however deep: the newest version made. each()
   must not list by itself. */
typedef gboolean (*EachNodeFunc)(void *user_data, const Node *node);
void cache_each_node(Cache *cache, gint64 owner, const char *directory, gint64 after,
                     EachNodeFunc each, void *user_data);

/* ---- report rows ---- */

typedef struct {
    gint64 advertiser; /* row; of REPORT_CENTER that of the Business Center */
    ReportShape shape;
    const char *start, *end; /* YYYY-MM-DD, account time zone, both included */
} ReportQuery;

/* CACHE_HIT: every row of every day is there, proved by total_number, and fresh enough. */
CacheResult cache_want_report(Cache *cache, const ReportQuery *query, const Waiter *waiter,
                              GError **error);

/* What is known of a report, without asking for it. */
typedef struct {
    gboolean here;     /* to want it takes no call */
    gint64 fetched_us; /* wall: the oldest of the days that can change yet, of others the newest;
                          0: not all of them were */
    char frozen_until[11]; /* the last of its first days that never change again; "": none does */
    guint calls;           /* that it took, if it was fetched after a time */
    gboolean by_task;      /* ... and some of it by tasks */
    guint tasks;           /* ... so many */
} ReportState;

/* How many fetches of reports have begun; one that grows while a report is wanted was for that. */
guint64 cache_reports_begun(const Cache *cache);

void cache_report_state(Cache *cache, const ReportQuery *query, gint64 since_us, ReportState *ret);

/* known: every row of every day is there, of whatever age. fetched_us: when the oldest of what can
   still change came; 0: nothing can. */
void cache_report_age(Cache *cache, const ReportQuery *query, ListingState *ret);
/* Days that can not change any more stay. */
void cache_refresh_report(Cache *cache, const ReportQuery *query);
/* Wall: when it was refreshed last, by itself or with all; 0: it was not. */
gint64 cache_report_refreshed(Cache *cache, const ReportQuery *query);

/* After this failure what was known before is shown, if there is anything. */
gboolean cache_keeps_history(const GError *error);

/* One row, as the shape has it: dimensions, then metrics. Values as the API sent them, but for
   times, which are "2026-11-20" and "2026-11-20 05:00:00"; NULL where it sent none. */
typedef void (*ReportRowFunc)(void *user_data, const char *const *values, guint n_values);

/* Runs `row` for each row, day by day, each ordered by id, breakdown, hour; then `end` - both IN
   ANOTHER THREAD - and at last `done` on the loop. error (borrowed): the rows could not be read,
   `end` did not run. */
void cache_spool_report(Cache *cache, const ReportQuery *query, ReportRowFunc row,
                        void (*end)(void *user_data),
                        void (*done)(void *user_data, const GError *error), void *user_data);

/* The same for a report that is being fetched, in several spans: rows of days that are here already
   are told while others are on their way, so that both threads are busy. done() comes when all are
   told; with API_ERROR_CANCELLED what was told is void, as some of it was fetched anew; or with
   what the fetch failed with. FALSE: there is nothing to gain, and none of it will be called. */
gboolean cache_spool_early(Cache *cache, const ReportQuery *query, ReportRowFunc row,
                           void (*end)(void *user_data),
                           void (*done)(void *user_data, const GError *error), void *user_data);

/* ---- reports that are being fetched ---- */

/* One call of the service after the other, or one task of it. Texts are borrowed for the call. */
typedef struct {
    const char *id;    /* of the task; "": it has none, or none yet */
    const char *state; /* of a task as the service says, or CREATING; else READING, STORING */
    gboolean task;
    gint64 advertiser; /* row */
    const ReportShape *shape;
    const char *start, *end; /* days that it is about */
    gint64 began_us;         /* wall */
    gint64 rows, total_rows; /* that came; -1: it is not known how many there are */
    guint64 bytes;           /* of a task's table, that came */
    guint readers;           /* requests that wait for the whole report */
} ReportJob;

typedef void (*EachJobFunc)(void *user_data, const ReportJob *job);
void cache_each_job(Cache *cache, EachJobFunc each, void *user_data);

/* Ends a task; whoever waits for its report has API_ERROR_STOPPED. FALSE and error: there is none,
   or it is too late. */
gboolean cache_cancel_job(Cache *cache, const char *id, GError **error);

/* ---- events ---- */

/* The lines of all events, as CacheConfig.line() makes them, or those of the file before. They last
   over restarts; when the file is full it becomes the one before, and the size starts again. To
   read them, or to follow them, counts as using what was listed, see CacheConfig.poll_us. -1: they
   can not be read. */
gint64 cache_events_size(Cache *cache, gboolean old);
void cache_events_followed(Cache *cache); /* somebody has them open, and looks at the size */
gint64 cache_events_time_us(Cache *cache, gboolean old); /* wall, of its last line; 0: none */
gssize cache_events_read(Cache *cache, gboolean old, char *to, gsize size, gint64 offset);

/* ---- failure ---- */

/* The store can not be read: that nothing was found there means nothing. NULL: it can. Lasts until
   the cache is made again. Whatever is wanted then is a CACHE_ERROR with this. Borrowed. */
const GError *cache_failed(const Cache *cache);

/* ---- figures for status.json ---- */

typedef struct {
    guint64 hits, waits, errors, stored_rows, commits, refused;
    guint listings, fetching;
    guint served_old;            /* listings and reports that are shown though they have expired */
    gint64 unreachable_since_us; /* wall; 0: the service can be reached, as far as we know */
    ClientStats api;             /* of the client below */
} CacheStats;

void cache_stats(Cache *cache, CacheStats *ret);

/* What limits the calls now, as client_windows(). */
guint cache_windows(const Cache *cache, ClientWindow *ret, guint most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cache, cache_free)
