/* SPDX-License-Identifier: MIT */
/* probe.c - a transfer of curl's easy interface, and what it knows afterwards. */
#include "api/probe.h"

#include <string.h>

#include "api/decode.h"
#include "api/http.h"
#include "api/secret.h"
#include "api/transport.h"

enum { BODY_MAX = 1024 * 1024 };

static size_t on_body(char *data, size_t size, size_t n, void *user_data)
{
    GByteArray *body = user_data;

    if (size * n > BODY_MAX - body->len)
        return 0;
    g_byte_array_append(body, (const guint8 *)data, (guint)(size * n));
    return size * n;
}

static gint64 date_of(CURL *easy)
{
    struct curl_header *header;

    if (curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return 0;
    return MAX((gint64)curl_getdate(header->value, NULL), 0);
}

/* Of the first certificate, which is the server's own. */
static gint64 certificate_end_of(CURL *easy)
{
    static const char label[] = "Expire date:";
    struct curl_certinfo *chain = NULL;

    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
        chain->num_of_certs < 1)
        return 0;
    for (struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next)
        if (g_str_has_prefix(line->data, label))
            return MAX((gint64)curl_getdate(line->data + strlen(label), NULL), 0);
    return 0;
}

static GError *error_of(CURLcode result, const char *text)
{
    gboolean untrusted =
        result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_ISSUER_ERROR;

    return api_error_new(untrusted ? API_ERROR_DENIED : API_ERROR_UNREACHABLE, 0, NULL, "%s",
                         *text != '\0' ? text : curl_easy_strerror(result));
}

static struct curl_slist *headers_of(const char *token)
{
    char *access = token != NULL ? g_strconcat("Access-Token: ", token, NULL) : NULL;
    struct curl_slist *headers = access != NULL ? curl_slist_append(NULL, access) : NULL;

    secret_free(access);
    return headers;
}

static void free_headers(struct curl_slist *headers)
{
    if (headers != NULL)
        explicit_bzero(headers->data, strlen(headers->data));
    curl_slist_free_all(headers);
}

static void set_up(CURL *easy, const char *url, guint seconds, GByteArray *body)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)seconds);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "adsfs/" ADSFS_VERSION);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
}

static CURLcode perform(CURL *easy, Probe *ret)
{
    gint64 before_us = g_get_real_time();
    CURLcode result = curl_easy_perform(easy);
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    *ret = (Probe){.status = (guint)status,
                   .date_s = date_of(easy),
                   .asked_s = (before_us + g_get_real_time()) / 2 / G_USEC_PER_SEC,
                   .certificate_s = certificate_end_of(easy)};
    return result;
}

gboolean probe_get(const char *url, const char *token, guint seconds, Probe *ret, GError **error)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    char text[CURL_ERROR_SIZE] = "";
    gboolean loopback;
    CURLcode result;
    CURL *easy;

    if (!http_check_url(url, &loopback, error))
        return FALSE;
    easy = transport_start() ? curl_easy_init() : NULL;
    if (easy == NULL) {
        g_propagate_error(error, api_error_new(API_ERROR_LOCAL, 0, NULL, "libcurl can not start"));
        return FALSE;
    }

    struct curl_slist *headers = headers_of(token);
    transport_set(easy, loopback);
    set_up(easy, url, seconds, body);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, text);
    result = perform(easy, ret);
    curl_easy_cleanup(easy);
    free_headers(headers);
    ret->body = g_byte_array_free_to_bytes(g_steal_pointer(&body));
    if (result == CURLE_OK)
        return TRUE;
    probe_clear(ret);
    g_propagate_error(error, error_of(result, text));
    return FALSE;
}

void probe_clear(Probe *probe)
{
    g_clear_pointer(&probe->body, g_bytes_unref);
    *probe = (Probe){0};
}

GError *probe_refusal(const Probe *probe, const char *token)
{
    GError *error = NULL;

    decoded_free(decode_answer(probe->body, probe->status, &error));
    secret_hide(error, token);
    return error;
}
