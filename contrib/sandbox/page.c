/* SPDX-License-Identifier: MIT */
/* page.c - see page.h; and the portal, where nobody has to be asked. */
#include "page.h"

#include <string.h>

#include "clock.h"
#include "task-link.h"

const char *page_parameter(const Request *request, const char *name)
{
    const char *text = request->query != NULL ? g_hash_table_lookup(request->query, name) : NULL;

    return text != NULL && *text != '\0' ? text : NULL;
}

void page_say(Reply *reply, guint status, const char *text)
{
    g_autofree char *safe = g_markup_escape_text(text, -1);

    reply->status = status;
    reply->type = "text/html";
    reply->body = g_string_new(NULL);
    g_string_append_printf(reply->body,
                           "<!DOCTYPE html>\n<html><head><title>Authorization</title></head>"
                           "<body><p>%s</p></body></html>\n",
                           safe);
}

void page_redirect(Reply *reply, const char *redirect_uri, ...)
{
    GString *uri = g_string_new(redirect_uri);
    char separator = strchr(redirect_uri, '?') != NULL ? '&' : '?';
    const char *name;
    va_list pairs;

    va_start(pairs, redirect_uri);
    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);

        if (value == NULL)
            continue;
        g_string_append_printf(uri, "%c%s=", separator, name);
        g_string_append_uri_escaped(uri, value, NULL, FALSE);
        separator = '&';
    }
    va_end(pairs);

    page_say(reply, 302, "You are being sent back to the application.");
    reply->location = g_string_free(uri, FALSE);
}

gboolean page_is_redirect(const char *uri, gboolean *ret_loopback)
{
    g_autoptr(GUri) parts = g_uri_parse(uri, G_URI_FLAGS_NONE, NULL);

    if (parts == NULL || g_uri_get_fragment(parts) != NULL || g_uri_get_host(parts) == NULL)
        return FALSE;

    const char *host = g_uri_get_host(parts);
    gboolean is_loopback = strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0;
    if (ret_loopback != NULL)
        *ret_loopback = is_loopback;
    return strcmp(g_uri_get_scheme(parts), "https") == 0 ||
           (strcmp(g_uri_get_scheme(parts), "http") == 0 && is_loopback);
}

/* Both names of the code have the same value. */
static void portal(const Service *service, Request *request, Reply *reply)
{
    const char *app_id = page_parameter(request, "app_id");
    const char *state = page_parameter(request, "state");
    const char *redirect_uri = page_parameter(request, "redirect_uri");

    if (app_id == NULL || strcmp(app_id, service->app_id) != 0) {
        page_say(reply, 400, "app_id: there is no such application.");
    } else if (state == NULL) {
        page_say(reply, 400, "state: it is missing.");
    } else if (redirect_uri == NULL || !page_is_redirect(redirect_uri, NULL)) {
        page_say(reply, 400, "redirect_uri: it must be https, or on localhost.");
    } else {
        Grant *grant = tokens_add_grant(service->tokens, DIALECT_BUSINESS);
        const char *code = tokens_add_code(service->tokens, grant, g_get_real_time());

        grant->life_s = service->token_life_s;
        page_redirect(reply, redirect_uri, "auth_code", code, "code", code, "state", state, NULL);
    }
}

/* Tests move the time, forward or back; the world keeps what it has. */
static void set_clock(const Service *service G_GNUC_UNUSED, Request *request, Reply *reply)
{
    const char *text = page_parameter(request, "now");
    gint64 now;

    if (text == NULL || !clock_utc_parse(text, &now)) {
        page_say(reply, 400, "now: it must be like 2026-11-20T05:00:00Z.");
        return;
    }
    clock_set(now);
    page_say(reply, 200, "The clock is set.");
}

/* clang-format off */
static const struct {
    const char *method;
    const char *path;
    void (*run)(const Service *service, Request *request, Reply *reply);
} pages[] = {
    {"GET",  "/portal/auth",        portal},
    {"POST", "/sandbox/clock",      set_clock},
    {"GET",  "/v2/auth/authorize/", login_kit_authorize},
    {"POST", "/v2/oauth/revoke/",   login_kit_revoke},
    {"POST", "/v2/oauth/token/",    login_kit_token},
};
/* clang-format on */

gboolean page_call(const Service *service, Request *request, Reply *reply)
{
    reply->code = -1;
    if (task_link_is(request->path)) {
        task_link_page(service, request, reply);
        return TRUE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (strcmp(pages[i].path, request->path) != 0)
            continue;
        if (strcmp(pages[i].method, request->method) == 0)
            pages[i].run(service, request, reply);
        else
            page_say(reply, 405, "This page has another method.");
        reply->done = reply->status < 400;
        return TRUE;
    }
    return FALSE;
}
