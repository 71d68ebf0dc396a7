/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fake-report-service.h - a service that has rows of a report: it gives them by pages, filtered, or makes
 * tasks of them, whose table comes piece by piece. What it does wrong is for the test to say.
 */
#include <cjson/cJSON.h>

#include "tests/unit/report-account.h"

typedef struct {
    char *id, *adgroup, *campaign, *day; /* id: of the level that is asked for */
    char *spend;
    guint clicks;
    gboolean deleted;
    gboolean untasked; /* tasks do not have it, though they should */
} FakeRow;

typedef struct {
    char *id, *body; /* body: that it was created with */
    const char *const *states;
    guint checks;
} FakeTask;

/* The next n calls of an endpoint are refused so, after so many that are not. */
typedef struct {
    guint n, after;
    ApiErrorKind kind;
    int code;
} Refusal;

typedef struct {
    Fixture f;
    GPtrArray *rows;  /* of FakeRow */
    GPtrArray *tasks; /* of FakeTask, all ever made */
    Refusal refusals[N_ENDPOINTS];
    const char *const *states; /* of tasks: one after each check, the last for ever */
    guint cut_ids;             /* pages of more ids than that are cut; 0: none is */
    guint cut_page;            /* from this page on they say so; 0: from page 1 */
    const char *cut_what;      /* all whose query says this are cut */
    gboolean totals;
    gint64 spend_off, clicks_off; /* what totals say too much, in cents and clicks */
    /* Of tables. */
    gboolean titles, turned, extra, linked;
    gboolean open;               /* the last line has no end */
    gsize torn;                  /* so many bytes are missing, of the next */
    gboolean odd;                /* the last line is none */
    const char *created;         /* what the next create says instead */
    const char *lacking, *table; /* a column that is not there; what comes instead of all */
    gsize piece, cut_at;         /* bytes at a time; where it breaks off, once */
    guint dead_links;
    gsize sent, most_held; /* bytes of the table under way; most before it was held */
    void (*on_piece)(void *service);
    ClientWindow window; /* that limits creates */
} Service;

static const char *const soon[] = {"QUEUING", "PROCESSING", "SUCCESS", NULL};

/* ---- what is asked for ---- */

static inline char *get_param(const char *query, const char *name)
{
    g_auto(GStrv) params = g_strsplit(query, "&", -1);
    g_autofree char *key = g_strconcat(name, "=", NULL);

    for (guint i = 0; params[i]; i++)
        if (g_str_has_prefix(params[i], key))
            return g_uri_unescape_string(params[i] + strlen(key), NULL);
    return NULL;
}

typedef struct {
    char *start, *end;
    cJSON *filtering;
    gboolean task;
} Asked;

static inline void asked_clear(Asked *asked)
{
    g_free(asked->start);
    g_free(asked->end);
    cJSON_Delete(asked->filtering);
}

static inline Asked asked_of_query(const char *query)
{
    g_autofree char *filtering = get_param(query, "filtering");

    return (Asked){get_param(query, "start_date"), get_param(query, "end_date"),
                   filtering ? cJSON_Parse(filtering) : NULL, FALSE};
}

static inline Asked asked_of_body(const char *body)
{
    cJSON *json = cJSON_Parse(body);
    Asked asked = {g_strdup(cJSON_GetStringValue(cJSON_GetObjectItem(json, "start_date"))),
                   g_strdup(cJSON_GetStringValue(cJSON_GetObjectItem(json, "end_date"))),
                   cJSON_DetachItemFromObject(json, "filtering"), TRUE};

    cJSON_Delete(json);
    return asked;
}

static inline gboolean is_in(const cJSON *filter, const char *id)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(filter, "filter_value"));
    g_autofree char *quoted = g_strdup_printf("\"%s\"", id);

    return strstr(text, quoted) != NULL;
}

static inline gboolean is_let_through(const Asked *asked, const FakeRow *row)
{
    gboolean status = FALSE;
    const cJSON *filter;

    cJSON_ArrayForEach (filter, asked->filtering) {
        const char *field = cJSON_GetStringValue(cJSON_GetObjectItem(filter, "field_name"));

        if (strcmp(field, "campaign_ids") == 0 && !is_in(filter, row->campaign))
            return FALSE;
        if (strcmp(field, "adgroup_ids") == 0 && !is_in(filter, row->adgroup))
            return FALSE;
        if (!g_str_has_suffix(field, "_status"))
            continue;
        status = TRUE;
        if (is_in(filter, "STATUS_DELETE") && !row->deleted)
            return FALSE;
    }
    return (status || !row->deleted) && !(asked->task && row->untasked);
}

static inline GPtrArray *select_rows(const Service *service, const Asked *asked)
{
    GPtrArray *found = g_ptr_array_new();

    for (guint i = 0; i < service->rows->len; i++) {
        FakeRow *row = service->rows->pdata[i];
        if (asked->start && row->day &&
            (strcmp(row->day, asked->start) < 0 || strcmp(row->day, asked->end) > 0))
            continue;
        if (is_let_through(asked, row))
            g_ptr_array_add(found, row);
    }
    return found;
}

/* ---- answers ---- */

static inline void give(FakeCall *call, Answer *answer, GString *body) /* takes body */
{
    AnswerFunc done = call->done;

    answer->request_id = "r";
    answer->has_list = TRUE;
    answer->body = g_string_free_to_bytes(body);
    call->done = NULL;
    done(call->user_data, answer, NULL);
    g_bytes_unref(answer->body);
}

static inline void give_data(FakeCall *call, const char *data)
{
    Answer answer = {.page = -1, .total_page = -1, .total_number = -1};
    GString *body = g_string_new("");

    g_string_printf(body, "{\"code\":0,\"data\":%s}", data);
    give(call, &answer, body);
}

static inline gint64 to_cents(const char *spend)
{
    const char *point = strchr(spend, '.');

    return g_ascii_strtoll(spend, NULL, 10) * 100 +
           (point ? g_ascii_strtoll(point + 1, NULL, 10) : 0);
}

static inline void add_totals(const Service *service, const GPtrArray *rows, GString *body)
{
    gint64 cents = service->spend_off, clicks = service->clicks_off;

    for (guint i = 0; i < rows->len; i++) {
        const FakeRow *row = rows->pdata[i];
        cents += to_cents(row->spend);
        clicks += row->clicks;
    }
    g_string_append_printf(body,
                           "\"total_metrics\":{\"spend\":\"%" G_GINT64_FORMAT ".%02d\","
                           "\"clicks\":\"%" G_GINT64_FORMAT "\",\"campaign_name\":\"-\"},",
                           cents / 100, (int)(cents % 100), clicks);
}

static inline guint count_ids(const GPtrArray *rows)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < rows->len; i++)
        g_hash_table_add(ids, ((FakeRow *)rows->pdata[i])->id);
    return g_hash_table_size(ids);
}

static inline void add_row(const Service *service, const FakeRow *row, GString *body)
{
    g_string_append_printf(body, "{\"dimensions\":{\"%s\":\"%s\"", service->f.query.shape.id,
                           row->id);
    if (row->day)
        g_string_append_printf(body, ",\"stat_time_day\":\"%s 00:00:00\"", row->day);
    g_string_append_printf(body,
                           "},\"metrics\":{\"spend\":\"%s\",\"clicks\":\"%u\",\"campaign_name\":"
                           "\"a\\\"b\"}}",
                           row->spend, row->clicks);
}

static inline void give_page(Service *service, FakeCall *call)
{
    Asked asked = asked_of_query(call->query);
    g_autoptr(GPtrArray) rows = select_rows(service, &asked);
    gint64 page = fake_number(call->query, "page"), size = fake_number(call->query, "page_size");
    Answer answer = {
        .page = page, .total_number = rows->len, .total_page = (rows->len + size - 1) / size};
    GString *body = g_string_new("{\"code\":0,\"data\":{");

    if (service->totals && strstr(call->query, "enable_total_metrics=true"))
        add_totals(service, rows, body);
    g_string_append(body, "\"list\":[");
    for (gint64 i = (page - 1) * size; i < MIN(page * size, rows->len); i++) {
        g_string_append(body, answer.n_rows++ ? "," : "");
        add_row(service, rows->pdata[i], body);
    }
    g_string_append(body, "]}}");
    answer.truncated =
        (service->cut_ids > 0 && count_ids(rows) > service->cut_ids && page >= service->cut_page) ||
        (service->cut_what && strstr(call->query, service->cut_what));
    give(call, &answer, body);
    asked_clear(&asked);
}

/* The ids of all campaigns, or of the ad groups of one. */
static inline void give_ids(Service *service, FakeCall *call, ObjectKind kind)
{
    g_autofree char *filtering = get_param(call->query, "filtering");
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    Answer answer = {.page = 1, .total_page = 1};
    GString *body = g_string_new("{\"code\":0,\"data\":{\"list\":[");

    g_assert_nonnull(strstr(filtering, "STATUS_ALL"));
    for (guint i = 0; i < service->rows->len; i++) {
        const FakeRow *row = service->rows->pdata[i];
        g_autofree char *campaign = g_strdup_printf("\"%s\"", row->campaign);
        const char *id = kind == KIND_CAMPAIGN ? row->campaign : row->adgroup;

        if (kind == KIND_ADGROUP && !strstr(filtering, campaign))
            continue;
        if (!g_hash_table_add(ids, (char *)id))
            continue;
        g_string_append_printf(body, "%s{\"%s\":\"%s\"}", answer.n_rows++ ? "," : "",
                               kind_names(kind)->id, id);
    }
    answer.total_number = answer.n_rows;
    g_string_append(body, "]}}");
    give(call, &answer, body);
}

/* ---- tasks ---- */

static inline FakeTask *find_task(const Service *service, const char *text)
{
    for (guint i = 0; i < service->tasks->len; i++) {
        FakeTask *task = service->tasks->pdata[i];
        if (strstr(text, task->id))
            return task;
    }
    return NULL;
}

static inline void create_task(Service *service, FakeCall *call)
{
    const char *created = g_steal_pointer(&service->created);
    g_autofree char *data = NULL;
    FakeTask *task;

    if (created) {
        give_data(call, created);
        return;
    }
    task = g_new0(FakeTask, 1);
    task->id = g_strdup_printf("18500000000000%05u", service->tasks->len + 1);
    task->body = g_strdup(call->body);
    task->states = service->states;
    g_ptr_array_add(service->tasks, task);
    data = g_strdup_printf("{\"task_id\":\"%s\"}", task->id);
    give_data(call, data);
}

static inline void check_task(Service *service, FakeCall *call)
{
    FakeTask *task = find_task(service, call->query);
    g_autofree char *data = NULL;

    g_assert_nonnull(task);
    data = g_strdup_printf("{\"status\":\"%s\",\"message\":\"%s\"}", task->states[task->checks],
                           strcmp(task->states[task->checks], "FAILED") == 0 ? "too much" : "");
    task->checks += task->states[task->checks + 1] != NULL;
    give_data(call, data);
}

static inline void cancel_task(Service *service, FakeCall *call)
{
    static const char *const cancelled[] = {"CANCELED", NULL};
    FakeTask *task = find_task(service, call->body);

    g_assert_nonnull(task);
    task->states = cancelled;
    task->checks = 0;
    give_data(call, "{\"status\":\"CANCELED\"}");
}

/* ---- tables ---- */

static inline void add_line(const Service *service, GString *csv, const char *const *cells,
                            const char *const *names, gboolean head)
{
    g_autoptr(GPtrArray) line = g_ptr_array_new();

    for (guint i = 0; names[i]; i++)
        if (g_strcmp0(names[i], service->lacking) != 0 &&
            (strcmp(names[i], "stat_time_day") != 0 || head || *cells[i]))
            g_ptr_array_insert(line, service->turned ? 0 : -1, (char *)cells[i]);
    if (service->extra)
        g_ptr_array_insert(line, 0, (char *)"x");
    g_ptr_array_add(line, NULL);
    g_autofree char *text = g_strjoinv(",", (char **)line->pdata);
    g_string_append_printf(csv, "%s\r\n", text);
}

static inline GBytes *make_table(const Service *service, const FakeTask *task)
{
    static const char *const titles[] = {"Campaign ID", "By Day", "Cost", "Clicks", "Name"};
    const char *const names[] = {
        service->f.query.shape.id, "stat_time_day", "spend", "clicks", "campaign_name", NULL};
    Asked asked = asked_of_body(task->body);
    g_autoptr(GPtrArray) rows = select_rows(service, &asked);
    GString *csv = g_string_new("");

    add_line(service, csv, service->titles ? titles : names, names, TRUE);
    for (guint i = 0; i < rows->len; i++) {
        const FakeRow *row = rows->pdata[i];
        g_autofree char *clicks = g_strdup_printf("%u", row->clicks);
        const char *const cells[] = {row->id, row->day ? row->day : "", row->spend, clicks,
                                     "\"a\"\"b\""};
        add_line(service, csv, cells, names, FALSE);
    }
    asked_clear(&asked);
    if (service->table)
        g_string_assign(csv, service->table);
    if (service->open)
        g_string_truncate(csv, csv->len - 2);
    g_string_truncate(csv, csv->len - service->torn);
    if (service->odd)
        g_string_append(csv, "?\r\n");
    return g_string_free_to_bytes(csv);
}

/* A piece at a time, for as long as they are taken. */
static inline void send_table(Service *service, FakeCall *call, GBytes *table)
{
    gsize size = g_bytes_get_size(table);
    gsize n = service->piece ? MIN(service->piece, size - service->sent) : size - service->sent;
    g_autoptr(GBytes) piece = NULL;
    Answer answer = {.streamed = TRUE, .streamed_bytes = size};
    AnswerFunc done = call->done;

    if (service->sent == 0)
        call->sink->begin(call->user_data);
    if (service->cut_at > 0 && service->sent >= service->cut_at) {
        service->sent = service->cut_at = 0; /* the client begins again by itself */
        return;
    }
    if (n > 0) {
        piece = g_bytes_new_from_bytes(table, service->sent, n);
        service->sent += n;
        call->held = !call->sink->write(call->user_data, piece);
        if (service->on_piece)
            service->on_piece(service);
        return;
    }
    service->sent = service->torn = 0;
    call->done = NULL;
    done(call->user_data, &answer, NULL);
}

static inline void give_table(Service *service, FakeCall *call)
{
    const FakeTask *task = find_task(service, call->url ? call->url : call->query);
    g_autoptr(GBytes) table = NULL;
    g_autofree char *data = NULL;

    g_assert_nonnull(task);
    if (service->linked && !call->url) {
        data = g_strdup_printf("{\"download_url\":\"https://files.test/%s.csv\"}", task->id);
        give_data(call, data);
        return;
    }
    if (call->url && service->dead_links > 0) {
        service->dead_links--;
        fake_refuse(call, API_ERROR_NOT_FOUND, 0, "The link has died");
        return;
    }
    table = make_table(service, task);
    while (call->done && !call->held)
        send_table(service, call, table);
}

static inline void service_call(Fake *fake, FakeCall *call)
{
    Service *service = fake->data;
    Refusal *refusal = &service->refusals[call->endpoint];

    if (call->held)
        return;
    if (refusal->n > 0 && refusal->after > 0) {
        refusal->after--;
    } else if (refusal->n > 0) {
        refusal->n--;
        fake_refuse(call, refusal->kind, refusal->code, "refused");
        return;
    }
    if (call->endpoint == ENDPOINT_REPORT) {
        give_page(service, call);
    } else if (call->endpoint == ENDPOINT_CAMPAIGN_GET) {
        give_ids(service, call, KIND_CAMPAIGN);
    } else if (call->endpoint == ENDPOINT_ADGROUP_GET) {
        give_ids(service, call, KIND_ADGROUP);
    } else if (call->endpoint == ENDPOINT_REPORT_TASK_CREATE) {
        create_task(service, call);
    } else if (call->endpoint == ENDPOINT_REPORT_TASK_CHECK) {
        check_task(service, call);
    } else if (call->endpoint == ENDPOINT_REPORT_TASK_CANCEL) {
        cancel_task(service, call);
    } else if (call->endpoint == ENDPOINT_REPORT_TASK_DOWNLOAD) {
        give_table(service, call);
    }
}

/* ---- set up ---- */

static inline guint service_windows(void *client, ClientWindow *ret, guint most)
{
    const Service *service = ((Fake *)client)->data;

    g_assert_cmpuint(most, >, 0);
    ret[0] = service->window;
    return service->window.name != NULL;
}

static inline void fake_row_free(void *data)
{
    FakeRow *row = data;

    g_free(row->id);
    g_free(row->adgroup);
    g_free(row->campaign);
    g_free(row->day);
    g_free(row->spend);
    g_free(row);
}

static inline void fake_task_free(void *data)
{
    FakeTask *task = data;

    g_free(task->id);
    g_free(task->body);
    g_free(task);
}

/* Tasks are for whatever is of more than one page; the 18th of November is not over. */
static inline void service_set_up(Service *service, gconstpointer data)
{
    memset(service, 0, sizeof *service);
    set_up(&service->f, data);
    service->rows = g_ptr_array_new_with_free_func(fake_row_free);
    service->tasks = g_ptr_array_new_with_free_func(fake_task_free);
    service->states = soon;
    service->f.fake->on_call = service_call;
    service->f.fake->data = service;
    service->f.fake->config.windows = service_windows;
    service->f.fake->config.task_check_ms = 1;
    service->f.fake->config.async_pages = 1;
    service->f.fake->config.report_mode = REPORT_ASYNC;
    fake_reopen(service->f.fake);
    g_ptr_array_set_size(service->f.fake->calls, 0);
}

/* What the client still has does not come back. */
static inline void service_close(Service *service)
{
    fake_close(service->f.fake);
    for (guint i = 0; i < service->f.fake->calls->len; i++)
        ((FakeCall *)service->f.fake->calls->pdata[i])->done = NULL;
}

static inline void service_tear_down(Service *service, gconstpointer data)
{
    tear_down(&service->f, data);
    g_ptr_array_unref(service->rows);
    g_ptr_array_unref(service->tasks);
}

static inline FakeRow *put(Service *service, guint id, const char *day, const char *spend)
{
    FakeRow *row = g_new0(FakeRow, 1);

    row->id = g_strdup_printf("%u", id);
    row->campaign = g_strdup(row->id);
    row->adgroup = g_strdup_printf("7%u", id);
    row->day = g_strdup(day);
    row->spend = g_strdup(spend);
    row->clicks = id % 7;
    g_ptr_array_add(service->rows, row);
    return row;
}
