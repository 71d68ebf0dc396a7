/* SPDX-License-Identifier: MIT */
/* http-url.c - which URLs a token may be sent to. */
#include <gio/gio.h>
#include <string.h>

#include "api/error.h"
#include "api/http.h"

static gboolean is_loopback(const char *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    if (address == NULL)
        return g_ascii_strcasecmp(host, "localhost") == 0;
    return g_inet_address_get_is_loopback(address);
}

static const char *refusal_of(GUri *uri, gboolean loopback)
{
    const char *scheme = g_uri_get_scheme(uri);

    if (g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
        g_uri_get_fragment(uri) != NULL)
        return "it may hold a host, a port and a path, nothing else";
    if (strcmp(scheme, "https") == 0)
        return NULL;
    if (strcmp(scheme, "http") != 0)
        return "it must begin with https://";
    return loopback ? NULL : "http is for this machine only, elsewhere it must be https";
}

gboolean http_check_url(const char *url, gboolean *ret_loopback, GError **error)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    gboolean loopback = host != NULL && is_loopback(host);
    const char *refusal = "it is not a URL with a host";

    if (host != NULL && *host != '\0')
        refusal = refusal_of(uri, loopback);
    if (refusal != NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_INVALID, 0, NULL, "URL '%s': %s",
                                               url != NULL ? url : "", refusal));
        return FALSE;
    }
    *ret_loopback = loopback;
    return TRUE;
}

gboolean http_is_loopback(const char *url)
{
    gboolean loopback;

    return http_check_url(url, &loopback, NULL) && loopback;
}

char *http_base_url(const char *url)
{
    gsize length = strlen(url);

    while (length > 0 && url[length - 1] == '/')
        length--;
    return g_strndup(url, length);
}
