/* SPDX-License-Identifier: MIT */
/* probe.c - a transfer of curl's easy interface, and what it knows afterwards. */
#include "api/probe.h"

#include <string.h>

#include "api/error.h"
#include "api/http.h"
#include "api/transport.h"

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

static CURLcode perform(CURL *easy, Probe *ret)
{
    gint64 before_us = g_get_real_time();
    CURLcode result = curl_easy_perform(easy);

    *ret = (Probe){.date_s = date_of(easy),
                   .asked_s = (before_us + g_get_real_time()) / 2 / G_USEC_PER_SEC,
                   .certificate_s = certificate_end_of(easy)};
    return result;
}

static GError *error_of(CURLcode result, const char *text)
{
    return api_error_new(result == CURLE_PEER_FAILED_VERIFICATION ? API_ERROR_DENIED
                                                                  : API_ERROR_UNREACHABLE,
                         0, NULL, "%s", *text != '\0' ? text : curl_easy_strerror(result));
}

gboolean probe_url(const char *url, guint seconds, Probe *ret, GError **error)
{
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
    transport_set(easy, loopback);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)seconds);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "adsfs/" ADSFS_VERSION);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, text);
    result = perform(easy, ret);
    curl_easy_cleanup(easy);
    if (result == CURLE_OK)
        return TRUE;
    g_propagate_error(error, error_of(result, text));
    return FALSE;
}
