/* SPDX-License-Identifier: MIT */
/* transport.c - the options of curl that keep a token where it belongs. */
#include "api/transport.h"

#include "api/secret.h"

/* Its buffers hold whatever went through: headers, forms, URLs, answers. */
static CURLcode init_curl(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, secret_block_new, secret_block_free,
                                secret_block_resize, secret_block_strdup, secret_block_new0);
}

gboolean transport_start(void)
{
    static gsize started;

    if (g_once_init_enter(&started))
        g_once_init_leave(&started, init_curl() == CURLE_OK ? 1 : 2);
    return started == 1;
}

void transport_set(CURL *easy, gboolean loopback)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (loopback)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
}
