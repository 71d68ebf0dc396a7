/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * task-link.h - the addresses that the CSV of a task is to be had from, each for an hour. They are
 * on another server in earnest, so the access token must not come with them.
 */
#include "answer.h"

TaskLinks *task_links_new(void);
void task_links_free(TaskLinks *links);
/* The path. The faults are those of link and body. */
char *task_links_add(TaskLinks *links, const Task *task, guint64 faults);
void task_links_forget(TaskLinks *links, const Task *task);

/* The page of such a path. */
gboolean task_link_is(const char *path);
void task_link_page(const Service *service, Request *request, Reply *reply);
