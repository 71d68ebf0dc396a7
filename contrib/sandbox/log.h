/* SPDX-License-Identifier: MIT */
#pragma once

/* log.h - one JSON object a line for each call, complete before the caller has its answer. */
#include <cjson/cJSON.h>
#include <gio/gio.h>

typedef struct Log Log;

typedef struct {
    const char *method;
    const char *path;
    GHashTable *query; /* NULL when there is none */
    const cJSON *body; /* NULL when there is none */
    int code;          /* of the envelope; -1 when the answer has none; of a file 0 or the status */
    gboolean done;     /* the call was carried out, whatever the answer says */
    const char *effects; /* of a write that was carried out, see patch.h; "": none */
    guint64 faults;      /* bits of fault.h */
    gint64 began_us;     /* monotonic */
} LogEntry;

Log *log_open(const char *path, GError **error);
void log_close(Log *log);
void log_write(Log *log, const LogEntry *entry); /* log may be NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Log, log_close)
