/* SPDX-License-Identifier: MIT */
/*
 * reach.c - the addresses that a link which the service gave us may lead to. A name may resolve to
 * anything, so what counts is the address that curl connects to, each time.
 */
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/error.h"
#include "api/http-private.h"
#include "api/transport.h"

/* Nothing that everybody can reach is here: RFC 6890 and its successors, and the tunnels that an
   IPv4 address hides in. */
static const char *const private_nets[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/96",         "64:ff9b:1::/48",  "100::/64",       "2001::/23",      "2001:db8::/32",
    "2002::/16",     "fc00::/7",        "fe80::/10",      "fec0::/10",      "ff00::/8",
};

/* IPv4 in the form of IPv6, and what leads to IPv4 through a translator where there is no other way
   to it. */
#define MAPPED     "::ffff:0:0/96"
#define TRANSLATED "64:ff9b::/96"

/* Inside that net an address is the IPv4 address at its end. New. */
static GInetAddress *unwrap(GInetAddress *address, const char *net)
{
    g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string(net, NULL);

    if (!g_inet_address_mask_matches(mask, address))
        return g_object_ref(address);
    return g_inet_address_new_from_bytes(g_inet_address_to_bytes(address) + 12,
                                         G_SOCKET_FAMILY_IPV4);
}

static gboolean is_private(GInetAddress *wrapped)
{
    g_autoptr(GInetAddress) address = unwrap(wrapped, TRANSLATED);

    for (gsize i = 0; i < G_N_ELEMENTS(private_nets); i++) {
        g_autoptr(GInetAddressMask) net =
            g_inet_address_mask_new_from_string(private_nets[i], NULL);

        if (g_inet_address_mask_matches(net, address))
            return TRUE;
    }
    return FALSE;
}

gboolean reach_allows(TransferReach reach, GInetAddress *wrapped)
{
    g_autoptr(GInetAddress) address = unwrap(wrapped, MAPPED);

    switch (reach) {
    case REACH_PUBLIC:
        return !is_private(address);
    case REACH_LOOPBACK:
        return g_inet_address_get_is_loopback(address);
    case REACH_SERVICE:
        break;
    }
    return TRUE;
}

/* ---- links ---- */

static gboolean is_this_machine(const char *host)
{
    return g_ascii_strcasecmp(host, "localhost") == 0 || g_str_has_suffix(host, ".localhost");
}

static const char *refusal_of(const char *scheme, const char *host, gboolean loopback,
                              TransferReach *ret)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    gboolean local =
        address != NULL ? reach_allows(REACH_LOOPBACK, address) : is_this_machine(host);

    *ret = local && loopback ? REACH_LOOPBACK : REACH_PUBLIC;
    if (*ret == REACH_LOOPBACK)
        return NULL;
    if (strcmp(scheme, "https") != 0)
        return "it does not begin with https://";
    if (local || (address != NULL && !reach_allows(REACH_PUBLIC, address)))
        return "it leads to this machine or to a private network";
    return NULL;
}

/* Without the brackets of an IPv6 address. New. */
static char *part_of(CURLU *parts, CURLUPart which)
{
    char *text = NULL;

    if (curl_url_get(parts, which, &text, 0) != CURLUE_OK)
        return NULL;

    gboolean bracketed = text[0] == '[' && g_str_has_suffix(text, "]");
    char *copy = bracketed ? g_strndup(text + 1, strlen(text) - 2) : g_strdup(text);
    curl_free(text);
    return copy;
}

/* Taken apart as curl does it: what is looked at must be what is connected to. */
gboolean reach_of_link(const char *url, gboolean loopback, TransferReach *ret, GError **error)
{
    const char *refusal = "it is not a URL with a host";
    CURLU *parts = transport_start() ? curl_url() : NULL;

    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK) {
        g_autofree char *scheme = part_of(parts, CURLUPART_SCHEME);
        g_autofree char *host = part_of(parts, CURLUPART_HOST);
        g_autofree char *user = part_of(parts, CURLUPART_USER);

        if (scheme != NULL && host != NULL && *host != '\0')
            refusal =
                user != NULL ? "it holds a user's name" : refusal_of(scheme, host, loopback, ret);
    }
    curl_url_cleanup(parts);
    if (refusal == NULL)
        return TRUE;
    g_propagate_error(error, api_error_new(API_ERROR_REMOTE, 0, NULL,
                                           "the download link is not used: %s", refusal));
    return FALSE;
}

/* ---- for curl ---- */

static gboolean allows_native(TransferReach reach, struct curl_sockaddr *address)
{
    g_autoptr(GSocketAddress) socket_address =
        g_socket_address_new_from_native(&address->addr, address->addrlen);

    return G_IS_INET_SOCKET_ADDRESS(socket_address) &&
           reach_allows(reach,
                        g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(socket_address)));
}

static curl_socket_t open_checked(TransferReach reach, gboolean *refused,
                                  struct curl_sockaddr *address)
{
    if (allows_native(reach, address))
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    *refused = TRUE;
    return CURL_SOCKET_BAD;
}

static curl_socket_t open_public(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    return open_checked(REACH_PUBLIC, data, address);
}

static curl_socket_t open_loopback(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    return open_checked(REACH_LOOPBACK, data, address);
}

static gboolean has_proxy(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);

        if (value != NULL && *value != '\0')
            return TRUE;
    }
    return FALSE;
}

/*
 * Such a transfer has a connection of its own: one that is kept might lead anywhere. Where there is
 * a proxy it takes all of them, whatever no_proxy says: we connect to the proxy alone, and where it
 * connects to is its own business.
 */
void reach_set(CURL *easy, TransferReach reach, gboolean *refused)
{
    if (reach == REACH_SERVICE)
        return;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    if (reach == REACH_PUBLIC && has_proxy()) {
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
        return;
    }
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, refused);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
                     reach == REACH_PUBLIC ? open_public : open_loopback);
}
