/* SPDX-License-Identifier: MIT */
/* log.c - the request log. Secrets in a query or a body are masked; headers are not written. */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "text.h"

struct Log {
    FILE *file;
};

Log *log_open(const char *path, GError **error)
{
    FILE *file = fopen(path, "ae");

    if (file == NULL) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "--log %s: %s", path,
                    g_strerror(errno));
        return NULL;
    }

    Log *log = g_new0(Log, 1);
    log->file = file;
    return log;
}

void log_close(Log *log)
{
    fclose(log->file);
    g_free(log);
}

static gboolean is_secret(const char *name)
{
    static const char *const secrets[] = {"secret",        "access_token",  "app_secret",
                                          "client_secret", "auth_code",     "refresh_token",
                                          "code",          "code_verifier", "token"};

    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        if (g_ascii_strcasecmp(secrets[i], name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void put_query(GString *out, GHashTable *query)
{
    GHashTableIter iter;
    void *name, *value;
    gboolean first = TRUE;

    g_string_append_c(out, '{');
    if (query != NULL) {
        g_hash_table_iter_init(&iter, query);
        while (g_hash_table_iter_next(&iter, &name, &value)) {
            if (!first)
                g_string_append_c(out, ',');
            text_put_json(out, name);
            g_string_append_c(out, ':');
            text_put_json(out, is_secret(name) ? "***" : value);
            first = FALSE;
        }
    }
    g_string_append_c(out, '}');
}

static void put_body(GString *out, const cJSON *body)
{
    g_autoptr(cJSON) copy = cJSON_Duplicate(body, TRUE);
    cJSON *member;

    cJSON_ArrayForEach (member, copy) {
        if (member->string != NULL && is_secret(member->string) && cJSON_IsString(member))
            cJSON_SetValuestring(member, "***");
    }

    char *text = copy != NULL ? cJSON_PrintUnformatted(copy) : NULL;
    g_string_append(out, text != NULL ? text : "null");
    cJSON_free(text);
}

void log_write(Log *log, const LogEntry *entry)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    g_autoptr(GString) out = g_string_new(NULL);

    if (log == NULL)
        return;

    g_string_append_printf(out, "{\"time\":\"%s.%03dZ\",\"method\":", time,
                           g_date_time_get_microsecond(now) / 1000);
    text_put_json(out, entry->method);
    g_string_append(out, ",\"path\":");
    text_put_json(out, entry->path);
    g_string_append(out, ",\"query\":");
    put_query(out, entry->query);
    g_string_append(out, ",\"body\":");
    put_body(out, entry->body);
    if (entry->code >= 0)
        g_string_append_printf(out, ",\"code\":%d", entry->code);
    else
        g_string_append(out, ",\"code\":null");

    g_string_append_printf(out, ",\"done\":%s,\"faults\":", entry->done ? "true" : "false");
    faults_put(out, entry->faults);
    if (*entry->effects != '\0')
        g_string_append_printf(out, ",\"effects\":[%s]", entry->effects);

    gint64 us = g_get_monotonic_time() - entry->began_us;
    g_string_append_printf(out, ",\"ms\":%" G_GINT64_FORMAT ".%03d}\n", us / 1000,
                           (int)(us % 1000));
    fputs(out->str, log->file);
    fflush(log->file);
}
