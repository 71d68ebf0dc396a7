/* SPDX-License-Identifier: MIT */
/* report.c - making a version of a report when it is opened; look-ups are in report-lookup.c. */
#include "fs/report.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "api/error.h"
#include "fs/html-head.h"
#include "fs/query.h"
#include "fs/report-want.h"
#include "fs/spool.h"
#include "fs/version.h"

struct ReportFiles {
    char *directory;
    GHashTable *makings; /* node -> Making */
    GHashTable *newest;  /* "owner/range/name" -> Newest */
};

/* Whose file is in the directory. */
typedef struct {
    gint64 node;
    ReportFacts facts;
} Newest;

/* A version being made, or one whose making failed. */
typedef struct {
    Mount *mount;
    gint64 node;
    char *key;
    Spool *spool;       /* while it is written */
    ReportFacts facts;  /* rows: counted by the writer's thread */
    GPtrArray *waiters; /* of Request; borrowed */
    GError *error;      /* it failed */
    gint64 ended_us;    /* monotonic; 0 = under way */
    gint64 old_us;      /* wall: of what time its rows are; 0: they are fresh */
    /* It was begun before all rows were there: whoever wants it waits for the rows yet. */
    gboolean early, begun_early; /* early: its rows are not all here yet */
    ReportQuery query;           /* borrows from what follows */
    ReportShape *shape;          /* a copy */
    char start[11], end[11];
    gint64 since_us; /* monotonic: when its rows were asked for */
} Making;

static void making_free(void *user_data)
{
    Making *making = user_data;

    g_clear_pointer(&making->spool, spool_free);
    g_ptr_array_unref(making->waiters);
    g_clear_error(&making->error);
    report_shape_free(making->shape);
    g_free(making->key);
    g_free(making);
}

static char *newest_key(gint64 owner, const char *range, const char *name)
{
    return g_strdup_printf("%" G_GINT64_FORMAT "/%s/%s", owner, range, name);
}

static char *spool_path(const ReportFiles *reports, gint64 node)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT, reports->directory, node);
}

ReportFiles *report_files_new(const Options *options, GError **error)
{
    g_autofree char *directory = g_build_filename(options->cache_dir, "spool", NULL);
    const char *name;
    ReportFiles *reports;
    GDir *dir;

    if (g_mkdir_with_parents(directory, 0700) != 0) {
        g_propagate_error(
            error, api_error_new(API_ERROR_LOCAL, 0, NULL, "%s: %s", directory, g_strerror(errno)));
        return NULL;
    }
    dir = g_dir_open(directory, 0, error);
    if (dir == NULL)
        return NULL;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(directory, name, NULL);

        g_unlink(path);
    }
    g_dir_close(dir);
    reports = g_new0(ReportFiles, 1);
    reports->directory = g_steal_pointer(&directory);
    reports->makings = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, making_free);
    reports->newest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return reports;
}

void report_files_free(ReportFiles *reports)
{
    if (reports == NULL)
        return;
    g_hash_table_unref(reports->makings);
    g_hash_table_unref(reports->newest);
    g_free(reports->directory);
    g_free(reports);
}

void report_files_forget(ReportFiles *reports, const void *request)
{
    GHashTableIter iter;
    Making *making;

    g_hash_table_iter_init(&iter, reports->makings);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&making))
        g_ptr_array_remove(making->waiters, (void *)request);
}

/* ---- make ---- */

static void making_end(Making *making, GError *error)
{
    GPtrArray *waiters = g_steal_pointer(&making->waiters);
    Mount *mount = making->mount;

    making->waiters = g_ptr_array_new();
    making->ended_us = clock_monotonic(mount->clock);
    making->error = error;
    g_clear_pointer(&making->spool, spool_free);
    if (error == NULL)
        g_hash_table_remove(mount->reports->makings, &making->node);
    for (guint i = 0; i < waiters->len; i++)
        request_wake(mount, waiters->pdata[i]);
    g_ptr_array_unref(waiters);
}

/* The file of the version before goes; who has it open keeps it. */
static void replace_newest(Making *making)
{
    ReportFiles *reports = making->mount->reports;
    Newest *old = g_hash_table_lookup(reports->newest, making->key);
    g_autofree char *path = old != NULL ? spool_path(reports, old->node) : NULL;
    Newest newest = {making->node, making->facts};

    if (path != NULL)
        g_unlink(path);
    newest.facts.made = TRUE;
    newest.facts.made_us = clock_wall(making->mount->clock);
    g_hash_table_replace(reports->newest, g_strdup(making->key), g_memdup2(&newest, sizeof newest));
}

/* What its rows are, now that all are here. */
static void note_source(Making *making)
{
    ReportState state;

    cache_report_state(making->mount->cache, &making->query, making->since_us, &state);
    making->facts.fetched_us = state.fetched_us;
    making->facts.calls = state.calls;
    making->facts.by_task = state.by_task;
    g_strlcpy(making->facts.frozen_until, state.frozen_until, sizeof making->facts.frozen_until);
}

/* Whoever waits asks again, and learns of the rows what there is to be said. */
static void drop(Making *making)
{
    making_end(making, NULL);
}

static void on_spooled(void *user_data, const GError *error)
{
    Making *making = user_data;
    g_autoptr(GError) failed = NULL;
    gint64 size = 0;

    if (making->begun_early && error != NULL) {
        drop(making);
        return;
    }
    if (making->begun_early)
        note_source(making);
    if (error != NULL)
        failed = g_error_copy(error);
    else
        size = spool_finish(making->spool, &failed);
    if (failed == NULL) {
        replace_newest(making);
        cache_node_made(making->mount->cache, making->node, size, making->old_us);
    }
    making_end(making, g_steal_pointer(&failed));
}

static void on_row(void *user_data, const char *const *values, guint n_values)
{
    Making *making = user_data;

    making->facts.rows++;
    spool_row(making->spool, values, n_values);
}

static void on_end(void *user_data)
{
    spool_end(((Making *)user_data)->spool);
}

static Spool *new_spool(const Making *making, const char *path, const Place *place,
                        const Version *version)
{
    const ReportShape *shape = &version->query.shape;
    g_auto(HtmlHead) head = {0};

    if (version->name.format != FORMAT_HTML)
        return spool_new(path, version->name.format, shape);
    head = html_head_of(making->mount, place, version, making->facts.fetched_us,
                        making->facts.frozen_until);
    return spool_new_page(path, shape, &head);
}

static Making *making_new(const Request *request, const Place *place, const Version *version)
{
    Making *making = g_new0(Making, 1);

    making->mount = request->mount;
    making->node = ino_row(place->ino);
    making->key = newest_key(place->row, place->range, place->name);
    making->waiters = g_ptr_array_new();
    making->since_us = request->began;
    making->shape = report_shape_copy(&version->query.shape);
    g_strlcpy(making->start, version->start, sizeof making->start);
    g_strlcpy(making->end, version->end, sizeof making->end);
    making->query =
        (ReportQuery){version->query.advertiser, *making->shape, making->start, making->end};
    return making;
}

static Making *making_start(Request *request, const Place *place, const Version *version)
{
    ReportFiles *reports = request->mount->reports;
    Making *making = making_new(request, place, version);
    g_autofree char *path = spool_path(reports, making->node);

    note_source(making);
    making->old_us = version_old_us(request->mount, version);
    making->spool = new_spool(making, path, place, version);
    g_hash_table_replace(reports->makings, &making->node, making);
    cache_spool_report(request->mount->cache, &making->query, on_row, on_end, on_spooled, making);
    return making;
}

/* A large report is written while its last days are on their way; a page says above its rows what
   is known below them only. */
static void making_start_early(Request *request, const Place *place, const Version *version)
{
    ReportFiles *reports = request->mount->reports;
    gint64 node = ino_row(place->ino);
    Making *making;
    g_autofree char *path = spool_path(reports, node);

    if (version->name.format == FORMAT_HTML || g_hash_table_contains(reports->makings, &node))
        return;
    making = making_new(request, place, version);
    making->early = making->begun_early = TRUE;
    if (!cache_spool_early(request->mount->cache, &making->query, on_row, on_end, on_spooled,
                           making)) {
        making_free(making);
        return;
    }
    making->spool = new_spool(making, path, place, version);
    g_hash_table_replace(reports->makings, &making->node, making);
}

/* ---- open ---- */

static gboolean open_spool(Request *request, const Place *place, Outcome *ret)
{
    g_autofree char *path = spool_path(request->mount->reports, ino_row(place->ino));

    request->file->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (request->file->fd <
        0) /* superseded since: ESTALE makes the kernel look the name up again */
        *ret = reply_errno(request, errno == ENOENT ? ESTALE : EIO);
    return request->file->fd >= 0;
}

static gboolean making_blocks(Request *request, Making *making, Outcome *ret)
{
    if (making == NULL || making->early)
        return FALSE;
    if (making->ended_us == 0) {
        g_ptr_array_add(making->waiters, request);
        *ret = PARK;
        return TRUE;
    }
    if (making->ended_us < request->began)
        return FALSE; /* failed before this one asked: try again */
    *ret = reply_error(request, request->ino, NULL, making->error);
    return TRUE;
}

/* A version that has had its time is shown since no newer one is to be had, perhaps not yet. */
static void ask_again(Request *request, const Place *place)
{
    Mount *mount = request->mount;
    gint64 ttl_us = (gint64)mount->options->report_ttl_s * G_USEC_PER_SEC;
    g_auto(Version) version = {0};

    if (clock_wall(mount->clock) - place->made_us > ttl_us &&
        version_init(mount, place, clock_wall(mount->clock), &version, NULL))
        report_want_later(request, &version.query);
}

/* TRUE: the rows are there. FALSE: the request parked or was replied. */
static gboolean has_rows(Request *request, const Place *place, Version *version, Outcome *ret)
{
    g_autoptr(GError) error = NULL;
    CacheResult result;

    if (!version_choose(request->mount, place, version, &error)) {
        *ret = reply_error(request, request->ino, NULL, error);
        return FALSE;
    }
    result = report_want(request, &version->query, &error);
    if (result == CACHE_ERROR && version_fall_back(request->mount, place, error, version))
        return TRUE;
    return request_have(request, result, error, ret);
}

gboolean report_open(Request *request, const Place *place, Outcome *ret)
{
    ReportFiles *reports = request->mount->reports;
    gint64 node = ino_row(place->ino);
    g_auto(Version) version = {0};

    if (place->made_us > 0) {
        ask_again(request, place);
        return open_spool(request, place, ret);
    }
    if (making_blocks(request, g_hash_table_lookup(reports->makings, &node), ret))
        return FALSE;
    if (has_rows(request, place, &version, ret)) {
        Making *making = g_hash_table_lookup(reports->makings, &node);

        if (making == NULL || !making->early)
            making = making_start(request, place, &version);
        making->early = FALSE;
        making_blocks(request, making, ret);
    } else if (*ret == PARK) {
        making_start_early(request, place, &version);
    }
    return FALSE;
}

/* ---- facts ---- */

/* The version made last; of one that is not, what its rows were if they are still here. */
void report_facts(Mount *mount, const Place *report, ReportFacts *ret)
{
    g_autofree char *key = newest_key(report->row, report->range, report->name);
    const Newest *newest =
        mount->reports != NULL ? g_hash_table_lookup(mount->reports->newest, key) : NULL;
    gint64 now_us = clock_wall(mount->clock);
    ReportState state = {0};
    ListingState age = {0};
    g_auto(Version) version = {0};

    if (version_init(mount, report, now_us, &version, NULL)) {
        cache_report_state(mount->cache, &version.query, 0, &state);
        cache_report_age(mount->cache, &version.query, &age);
    }
    *ret = (ReportFacts){.fetched_us = state.fetched_us};
    g_strlcpy(ret->frozen_until, state.frozen_until, sizeof ret->frozen_until);
    if (newest != NULL)
        *ret = newest->facts;
    ret->here = state.here || (ret->made && !version_is_past(mount, report, ret->made_us));
    ret->old = age.served_old && !age.fresh;
}
