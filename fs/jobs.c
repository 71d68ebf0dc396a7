/* SPDX-License-Identifier: MIT */
/* jobs.c - a line for each report that is being fetched. */
#include "fs/jobs.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "api/error.h"
#include "fs/tree.h"
#include "fs/waits.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

typedef struct {
    Mount *mount;
    GString *out;
} Lines;

int job_percent(const ReportJob *job)
{
    if (job->total_rows <= 0 || (job->task && job->rows == 0))
        return -1;
    return (int)(MIN(job->rows, job->total_rows) * 100 / job->total_rows);
}

static void add_text(cJSON *line, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        cJSON_AddStringToObject(line, name, text);
    else
        cJSON_AddNullToObject(line, name);
}

/* -1 and below: it is not known. */
static void add_number(cJSON *line, const char *name, gint64 number)
{
    if (number >= 0)
        cJSON_AddNumberToObject(line, name, (double)number);
    else
        cJSON_AddNullToObject(line, name);
}

static void add_words(cJSON *line, const char *name, const char *const *words)
{
    cJSON *list = cJSON_AddArrayToObject(line, name);

    for (; words != NULL && *words != NULL; words++)
        cJSON_AddItemToArray(list, cJSON_CreateString(*words));
}

static char *path_of(Mount *mount, const Wait *wait)
{
    g_auto(Place) place = {0};

    return wait != NULL && tree_place(mount, wait->ino, &place) ? tree_path(mount, &place) : NULL;
}

static void add_report(Mount *mount, cJSON *line, const ReportJob *job)
{
    const Row *account = cache_row(mount->cache, job->advertiser);
    g_autoptr(GPtrArray) dimensions = report_dimensions(job->shape);

    add_text(line, "advertiser", account != NULL ? account->id : NULL);
    add_text(line, "type", report_type_word(job->shape->type));
    add_text(line, "level", kind_names(job->shape->level)->word);
    add_text(line, "object", job->shape->object_id);
    add_words(line, "dimensions", (const char *const *)dimensions->pdata);
    add_words(line, "metrics", job->shape->metrics);
    add_text(line, "start", job->start);
    add_text(line, "end", job->end);
}

static void add_line(void *user_data, const ReportJob *job)
{
    const Lines *lines = user_data;
    Mount *mount = lines->mount;
    g_autofree char *path = path_of(mount, waits_find(mount->waits, job));
    g_autoptr(cJSON) line = cJSON_CreateObject();
    char *json;

    add_text(line, "id", job->id);
    add_text(line, "path", path);
    add_report(mount, line, job);
    add_text(line, "mode", job->task ? "async" : "sync");
    add_text(line, "state", job->state);
    add_number(line, "age", MAX(clock_wall(mount->clock) - job->began_us, 0) / G_USEC_PER_SEC);
    add_number(line, "rows", job->rows);
    add_number(line, "total_rows", job->total_rows);
    add_number(line, "bytes", (gint64)job->bytes);
    add_number(line, "percent", job_percent(job));
    add_number(line, "readers", job->readers);
    json = cJSON_PrintUnformatted(line);
    g_string_append_printf(lines->out, "%s\n", json);
    cJSON_free(json);
}

void jobs_text(Mount *mount, GString *out)
{
    Lines lines = {mount, out};

    cache_each_job(mount->cache, add_line, &lines);
}

/* ---- for cancel ---- */

typedef struct {
    const char *id;
    gboolean found;
    guint n_tasks, n_pages;
} Search;

static void look(void *user_data, const ReportJob *job)
{
    Search *search = user_data;

    search->found = search->found || strcmp(job->id, search->id) == 0;
    search->n_tasks += *job->id != '\0';
    search->n_pages += !job->task;
}

gboolean jobs_check(Mount *mount, const char *id, GError **error)
{
    Search search = {.id = id != NULL ? id : ""};
    const char *next;

    cache_each_job(mount->cache, look, &search);
    if (*search.id != '\0' && search.found)
        return TRUE;
    if (search.n_tasks > 0)
        next = "take an id of .adsfs/jobs";
    else if (search.n_pages > 0)
        next = "what is read by pages has no id, and ends with its reader (Ctrl-C)";
    else
        next = "no report is being fetched, see .adsfs/jobs";
    g_propagate_error(error, *search.id != '\0'
                                 ? api_error_new(API_ERROR_NOT_FOUND, 0, NULL,
                                                 "cancel %s: there is no such report task; %s",
                                                 search.id, next)
                                 : api_error_new(API_ERROR_INVALID, 0, NULL,
                                                 "cancel: which? an id is missing; %s", next));
    return FALSE;
}
