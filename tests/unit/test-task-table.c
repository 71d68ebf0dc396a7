/* SPDX-License-Identifier: MIT */
/* test-task-table.c - the table of a task on its way home, and those who end it on the way. */
#include "cache/internal.h"
#include "cache/store.h"
#include "tests/unit/fake-reports.h"

static void add_some(Service *service, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *day = g_strdup_printf("2026-11-%02u", 10 + i % 6);
        put(service, 990 + i / 6, day, i % 3 ? "12.34" : "0.05");
    }
    service->f.query.end = "2026-11-15"; /* all over */
}

/* ---- what tables look like ---- */

static void test_pieces(Service *service, gconstpointer data)
{
    static const gsize pieces[] = {1, 7, 100, 4096};

    (void)data;
    add_some(service, 60);
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        service->piece = pieces[i];
        want_all(service);
        fake_later(service->f.fake, 901 * SECOND);
    }
    g_assert_cmpuint(service->tasks->len, ==, G_N_ELEMENTS(pieces));
}

static void test_titles(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 20);
    service->titles = TRUE;
    want_all(service);
    want_calls(service, REPORT, 1);
}

static void test_order(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 20);
    service->turned = service->extra = TRUE;
    want_all(service);
    want_calls(service, REPORT, 1);
}

/* What a column does not say is none; without its dimensions a table says nothing. */
static void test_lacking(Service *service, gconstpointer data)
{
    (void)data;
    put(service, 7, "2026-11-10", "1.00");
    service->f.query.end = "2026-11-10";
    service->lacking = "clicks";
    have(&service->f);
    check_rows(&service->f, "7 2026-11-10 1.00 NULL a\"b\n");
    service->lacking = "campaign_id";
    fake_later(service->f.fake, 901 * SECOND);
    want_all(service);
    want_calls(service, REPORT, 4); /* a day: the same again, then by pages */
}

static void check_table(Service *service, const char *table)
{
    service->table = table;
    want_all(service);
    fake_later(service->f.fake, 901 * SECOND);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

/* Any such table is the fault of the task: the report is read otherwise. */
static void test_broken(Service *service, gconstpointer data)
{
    static const char *const tables[] = {
        "",
        "\r\n",
        "campaign_id,stat_time_day,spend,clicks,campaign_name\r\n1,2026-11-10,1.00",
        "campaign_id,stat_time_day,spend,clicks,campaign_name\r\n1,2026-11-10,1.00,1\r\n",
        "campaign_id,stat_time_day,spend,clicks,campaign_name\r\n1,2026-12-10,1.00,1,a\r\n",
        "campaign_id,stat_time_day,spend,clicks,campaign_name\r\n,2026-11-10,1.00,1,a\r\n",
        "campaign_id,stat_time_day,spend,clicks,campaign_name\r\n1,2026-11-10,1.00,1,\"a\r\n",
        "campaign_id,spend,clicks,campaign_name\r\n1,1.00,1,a\r\n",
        "Kampagne,Kosten,Klicks\r\n1,1.00,1\r\n",
    };

    (void)data;
    add_some(service, 20);
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        service->piece = 0;
        check_table(service, tables[i]);
        service->piece = 1; /* much of it is with the writer when it finds out */
        check_table(service, tables[i]);
    }
}

/* Half a number is a number: what misses the end of its last line is not believed... */
static void test_torn(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 20);
    service->turned = TRUE;
    service->torn = 3; /* a digit of an id */
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 3);
    want_calls(service, REPORT_TASK_DOWNLOAD, 3);
}

/* Much of it is in the store when it turns out that it is none: nothing of it is left. */
static void test_odd(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 90000);
    service->piece = 64 * 1024;
    service->odd = TRUE;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 3);
    want_calls(service, REPORT, 1 + 2 + 90);
}

/* ... unless it is the habit of the service. */
static void test_open(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 20);
    service->open = TRUE;
    want_all(service);
    want_calls(service, REPORT, 5); /* by pages after all */
    fake_later(service->f.fake, 901 * SECOND);
    g_ptr_array_set_size(service->f.fake->calls, 0);
    want_all(service);
    want_calls(service, REPORT, 1);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* ---- how it comes ---- */

static void test_cut(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 60);
    put(service, 7, "2026-11-10", "1.00")->deleted = TRUE; /* a row twice would pass for it */
    service->piece = 50;
    service->cut_at = 700;
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    g_assert_cmpuint(service->cut_at, ==, 0);
}

static void test_link(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 60);
    service->linked = TRUE;
    want_all(service);
    want_calls(service, REPORT_TASK_DOWNLOAD, 2);
    want_calls(service, REPORT, 1);
}

static void test_dead_link(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 60);
    service->linked = TRUE;
    service->dead_links = 2;
    want_all(service);
    want_calls(service, REPORT_TASK_DOWNLOAD, 6);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

static void test_dead_links(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 60);
    service->linked = TRUE;
    service->dead_links = 1000;
    want_all(service);
    want_calls(service, REPORT_TASK_DOWNLOAD, 24); /* four times each, of three tasks */
    want_calls(service, REPORT, 5);
}

static void check_refused(Service *service, ApiErrorKind kind, int code, guint n_created)
{
    add_some(service, 20);
    service->refusals[ENDPOINT_REPORT_TASK_DOWNLOAD] = (Refusal){1, 0, kind, code};
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, n_created);
}

static void test_not_ready(Service *service, gconstpointer data)
{
    (void)data;
    check_refused(service, API_ERROR_BUSY, 40201, 1);
    want_calls(service, REPORT_TASK_DOWNLOAD, 2);
}

static void test_gone(Service *service, gconstpointer data)
{
    (void)data;
    check_refused(service, API_ERROR_INVALID, 40002, 2);
}

static void test_refused(Service *service, gconstpointer data)
{
    (void)data;
    check_refused(service, API_ERROR_REMOTE, 40200, 3);
}

static void test_unreachable(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 20);
    service->refusals[ENDPOINT_REPORT_TASK_DOWNLOAD] = (Refusal){1, 0, API_ERROR_UNREACHABLE, 0};
    want_failure(service, API_ERROR_UNREACHABLE, "refused");
    fake_later(service->f.fake, 2 * SECOND);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
}

/* ---- a slow writer, a full disk ---- */

typedef struct {
    GMutex lock;
    GCond go;
    gboolean open;
} Door;

static gboolean run_door(sqlite3 *db, void *job, GError **error)
{
    Door *door = job;

    (void)db, (void)error;
    g_mutex_lock(&door->lock);
    while (!door->open)
        g_cond_wait(&door->go, &door->lock);
    g_mutex_unlock(&door->lock);
    return TRUE;
}

static const JobType door_job = {run_door, NULL, NULL};

static void open_door(Door *door)
{
    g_mutex_lock(&door->lock);
    door->open = TRUE;
    g_cond_signal(&door->go);
    g_mutex_unlock(&door->lock);
}

static const FakeCall *download_of(const Service *service)
{
    const GPtrArray *calls = service->f.fake->calls;

    for (guint i = calls->len; i-- > 0;) {
        const FakeCall *call = calls->pdata[i];
        if (call->endpoint == ENDPOINT_REPORT_TASK_DOWNLOAD && call->done)
            return call;
    }
    return NULL;
}

/* While nothing is stored, a few megabytes come and no more. */
static void test_slow(Service *service, gconstpointer data)
{
    Door door = {.open = FALSE};
    const FakeCall *call;

    (void)data;
    g_mutex_init(&door.lock);
    g_cond_init(&door.go);
    add_some(service, 120000); /* some four megabytes */
    service->piece = 16 * 1024;
    begin_until(service, count(service, ENDPOINT_REPORT_TASK_CHECK) >= 3);
    writer_push(service->f.fake->cache->writer, &door_job, &door, FALSE);
    run_until(service, (call = download_of(service)) && call->held);
    for (guint i = 0; i < 20; i++)
        step(service->f.fake);
    g_assert_true(call->held);
    g_assert_cmpuint(service->sent, >=, 2 * 1024 * 1024);
    g_assert_cmpuint(service->sent, <, 3 * 1024 * 1024);
    open_door(&door);
    want_all(service);
    want_calls(service, REPORT_TASK_DOWNLOAD, 1);
    g_mutex_clear(&door.lock);
    g_cond_clear(&door.go);
}

static gboolean run_limit(sqlite3 *db, void *job, GError **error)
{
    const gint64 *most = job;
    g_autofree char *sql = NULL;
    gint64 pages = 0;

    if (!sql_number(db, &pages, error, "PRAGMA page_count", ""))
        return FALSE;
    sql = g_strdup_printf("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                          *most ? pages + *most : G_MAXUINT32 - 1);
    return sql_run(db, error, sql, "");
}

static const JobType limit_job = {run_limit, NULL, NULL};

static gint64 count_stored(Service *service)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = store_open_reader(service->f.fake->cache->store, &error);
    gint64 n = -1;

    g_assert_true(sql_number(db, &n, NULL, "SELECT count(*) FROM report_chunk", ""));
    sqlite3_close_v2(db);
    return n;
}

static void want_no_space(Service *service)
{
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(want(&service->f, &error), ==, CACHE_ERROR);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

/* Nothing is left behind, and the task is as good when there is room. */
static void test_full(Service *service, gconstpointer data)
{
    static gint64 few = 600, many = 0;

    (void)data;
    add_some(service, 120000);
    service->piece = 16 * 1024;
    writer_push(service->f.fake->cache->writer, &limit_job, &few, FALSE);
    want_no_space(service);
    run_until(service, count_stored(service) == 0);
    writer_push(service->f.fake->cache->writer, &limit_job, &many, FALSE);
    fake_later(service->f.fake, 2 * SECOND);
    want_all(service);
    want_calls(service, REPORT_TASK_CREATE, 1);
    want_calls(service, REPORT_TASK_DOWNLOAD, 2);
}

/* ---- at any moment ---- */

/* The cache goes in the middle of it; the next one makes it whole. */
static void test_freed(Service *service, gconstpointer data)
{
    (void)data;
    add_some(service, 60);
    service->piece = 700;
    for (guint n = 0; n < 40; n++) {
        begin_until(service, fake_pending(service->f.fake) > 0);
        for (guint i = 0; i < n; i++)
            step(service->f.fake);
        service_close(service);
        service->sent = 0;
        fake_open(service->f.fake);
        want_all(service);
        fake_later(service->f.fake, G_GINT64_CONSTANT(3601) * SECOND);
    }
}

static void keep_id(void *user_data, const ReportJob *job)
{
    char **ret = user_data;

    g_assert_true(job->rows >= 0 && job->state && job->readers <= 1);
    if (job->task && *job->id && !*ret)
        *ret = g_strdup(job->id);
}

static char *job_id(Service *service)
{
    char *id = NULL;

    cache_each_job(service->f.fake->cache, keep_id, &id);
    return id;
}

static const char *state_of(const FakeTask *task)
{
    return task->states[task->checks];
}

/* Cancelled after so many steps, if there is a task then. */
static gboolean cancel_after(Service *service, guint n)
{
    g_autofree char *id = NULL;
    g_autoptr(GError) error = NULL;
    const FakeTask *task;

    begin_until(service, fake_pending(service->f.fake) > 0);
    for (guint i = 0; i < n; i++)
        step(service->f.fake);
    id = job_id(service);
    if (id && cache_cancel_job(service->f.fake->cache, id, &error)) {
        g_assert_false(cache_cancel_job(service->f.fake->cache, id, NULL)); /* twice is too late */
        want_failure(service, API_ERROR_STOPPED, id);
        task = find_task(service, id);
        g_assert_true(strcmp(state_of(task), "CANCELED") == 0 ||
                      strcmp(state_of(task), "SUCCESS") == 0);
        fake_later(service->f.fake, 2 * SECOND);
        want_all(service); /* it is not found again */
        g_assert_cmpint(count_stored(service), >, 0);
        return TRUE;
    }
    g_assert_true(!id || g_error_matches(error, API_ERROR, API_ERROR_INVALID));
    want_all(service);
    return FALSE;
}

static void test_cancelled(Service *service, gconstpointer data)
{
    guint n_cancelled = 0;

    (void)data;
    add_some(service, 60);
    service->piece = 700;
    for (guint n = 0; n < 40; n++) {
        n_cancelled += cancel_after(service, n);
        fake_later(service->f.fake, G_GINT64_CONSTANT(3601) * SECOND);
    }
    g_assert_cmpuint(n_cancelled, >, 3);
    g_assert_cmpuint(count(service, ENDPOINT_REPORT_TASK_CANCEL), >, 2);
    g_assert_false(cache_cancel_job(service->f.fake->cache, "", NULL));
    g_assert_false(cache_cancel_job(service->f.fake->cache, "1850", NULL));
}

/* While an answer is on its way, and while there is none. */
static void test_cancelled_waiting(Service *service, gconstpointer data)
{
    static const char *const processing[] = {"PROCESSING", NULL};
    g_autofree char *id = NULL;

    (void)data;
    add_some(service, 6);
    service->states = processing;
    for (guint i = 0; i < 2; i++) {
        begin_until(service, newest(service, ENDPOINT_REPORT_TASK_CHECK));
        if (i == 1)
            step(service->f.fake);
        g_free(id);
        id = job_id(service);
        g_assert_true(cache_cancel_job(service->f.fake->cache, id, NULL));
        want_failure(service, API_ERROR_STOPPED, id);
        g_assert_cmpstr(state_of(find_task(service, id)), ==, "CANCELED");
        want_calls(service, REPORT_TASK_CANCEL, i + 1);
        fake_later(service->f.fake, 2 * SECOND);
    }
    want_calls(service, REPORT_TASK_CREATE, 2);
}

#define ADD(name, test)                                                                            \
    g_test_add("/task-table/" name, Service, NULL, service_set_up, test, service_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("pieces-of-any-size", test_pieces);
    ADD("translated-titles", test_titles);
    ADD("columns-in-another-order", test_order);
    ADD("columns-that-are-not-there", test_lacking);
    ADD("broken-is-read-otherwise", test_broken);
    ADD("torn-in-its-last-line", test_torn);
    ADD("broken-when-it-is-stored", test_odd);
    ADD("last-lines-that-never-end", test_open);
    ADD("cut-begins-again", test_cut);
    ADD("by-a-link", test_link);
    ADD("a-dead-link-is-asked-for-again", test_dead_link);
    ADD("links-that-are-always-dead", test_dead_links);
    ADD("not-ready-after-all", test_not_ready);
    ADD("gone-is-created-once-more", test_gone);
    ADD("refused-is-read-otherwise", test_refused);
    ADD("outlives-the-network", test_unreachable);
    ADD("a-slow-writer-holds-it", test_slow);
    ADD("a-full-disk", test_full);
    ADD("cache-freed-at-any-moment", test_freed);
    ADD("cancelled-at-any-moment", test_cancelled);
    ADD("cancelled-while-it-is-made", test_cancelled_waiting);
    return g_test_run();
}
