/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * task-order.h - the body of report/task/create: the members of report/integrated/get as JSON
 * instead of text, and what is asked for or refused of a report on order only.
 */
#include "task.h"

/* Sets account, query and wishes. NULL: refused. */
Task *task_order_new(const Call *call, GError **error);
