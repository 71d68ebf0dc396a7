/* SPDX-License-Identifier: MIT */
#pragma once

/* task-call.h - report/task/create, check, download and cancel. */
#include "args.h"

gboolean task_create(const Call *call, Answer *answer, GError **error);
gboolean task_check(const Call *call, Answer *answer, GError **error);
gboolean task_download(const Call *call, Answer *answer, GError **error);
gboolean task_cancel(const Call *call, Answer *answer, GError **error);
