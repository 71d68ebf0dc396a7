/* SPDX-License-Identifier: MIT */
/* task-link.c - see task-link.h. */
#include "task-link.h"

#include <string.h>

#include "clock.h"
#include "page.h"

enum { LINK_LIFE_S = 3600 };

static const char prefix[] = "/report-files/";

typedef struct {
    const Task *task;
    gint64 created;
    guint64 faults;
} Link;

struct TaskLinks {
    GHashTable *by_key;
};

TaskLinks *task_links_new(void)
{
    TaskLinks *links = g_new0(TaskLinks, 1);

    links->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return links;
}

void task_links_free(TaskLinks *links)
{
    g_hash_table_unref(links->by_key);
    g_free(links);
}

static gboolean is_old(void *key G_GNUC_UNUSED, void *value, void *task)
{
    const Link *link = value;

    return link->task == task || clock_now() - link->created > LINK_LIFE_S;
}

char *task_links_add(TaskLinks *links, const Task *task, guint64 faults)
{
    Link link = {task, clock_now(), faults};
    char *key = g_strdup_printf("%08x%08x%08x%08x", g_random_int(), g_random_int(), g_random_int(),
                                g_random_int());
    g_autofree char *name = g_uri_escape_string(task->file_name, NULL, FALSE);

    g_hash_table_foreach_remove(links->by_key, is_old, NULL);
    g_hash_table_insert(links->by_key, key, g_memdup2(&link, sizeof link));
    return g_strconcat(prefix, key, "/", name, NULL);
}

void task_links_forget(TaskLinks *links, const Task *task)
{
    g_hash_table_foreach_remove(links->by_key, is_old, (void *)task);
}

gboolean task_link_is(const char *path)
{
    return g_str_has_prefix(path, prefix);
}

static Link *find_link(const TaskLinks *links, const char *path)
{
    const char *key = path + strlen(prefix);
    g_autofree char *text = g_strndup(key, strcspn(key, "/"));
    Link *link = g_hash_table_lookup(links->by_key, text);

    return link != NULL && !is_old(NULL, link, NULL) && (link->faults & FAULT_LINK_DEAD) == 0
               ? link
               : NULL;
}

static void say(Reply *reply, guint status, const char *text)
{
    reply->status = status;
    reply->code = (int)status;
    reply->type = "text/plain";
    reply->body = g_string_new(text);
}

void task_link_page(const Service *service, Request *request, Reply *reply)
{
    Link *link = find_link(tasks_links(service->tasks), request->path);

    if (strcmp(request->method, "GET") != 0) {
        say(reply, 405, "There is nothing but GET here.\n");
    } else if (request->token != NULL) {
        say(reply, 400, "An access token must not be sent here.\n");
    } else if (link == NULL) {
        say(reply, 403, "AccessDenied: the link has expired.\n");
    } else {
        reply->status = 200;
        reply->code = 0;
        reply->type = "text/csv";
        reply->part = tasks_part(service->tasks, link->task, link->faults | request->faults);
        reply->done = TRUE;
        link->faults &= ~FAULT_TASK_CUT;
    }
}
