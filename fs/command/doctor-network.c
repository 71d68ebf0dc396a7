/* SPDX-License-Identifier: MIT */
/* doctor-network.c - the way to the service: names, TLS, and its clock. */
#include <gio/gio.h>
#include <netdb.h>
#include <sys/socket.h>

#include "api/error.h"
#include "fs/command/doctor.h"
#include "fs/command/timed.h"

enum { SKEW_MAX_S = 60, CERTIFICATE_LEFT_S = 14 * 86400 };

typedef struct {
    char *host, *top; /* top: "https://host:port/" */
    gboolean plain;
} Place;

static void place_free(void *data)
{
    Place *place = data;

    g_free(place->host);
    g_free(place->top);
    g_free(place);
}

static void add_place(GPtrArray *places, const char *url)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    Place *place;

    if (host == NULL || *host == '\0')
        return;
    place = g_new0(Place, 1);
    place->host = g_strdup(host);
    place->top = g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL, host,
                            g_uri_get_port(uri), "/", NULL, NULL);
    place->plain = g_str_equal(g_uri_get_scheme(uri), "http");
    g_ptr_array_add(places, place);
}

/* Of the other family only where the profile has to do with it. */
static GPtrArray *places_of(const Doctor *doctor)
{
    const Options *options = &doctor->options;
    GPtrArray *places = g_ptr_array_new_with_free_func(place_free);

    add_place(places, options->business_url);
    if (options->auth == DIALECT_LOGIN_KIT ||
        (doctor->keys != NULL && g_hash_table_contains(doctor->keys, "open_url")))
        add_place(places, options->open_url);
    return places;
}

static const char *proxy(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_getenv(names[i]) != NULL && *g_getenv(names[i]) != '\0')
            return names[i];
    return NULL;
}

/* ---- names ---- */

static char *resolve(const char *host, GError **error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(host, "443", &hints, &found);
    g_autoptr(GString) ret = g_string_new(NULL);
    char address[NI_MAXHOST];

    if (failure != 0) {
        g_propagate_error(
            error, api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "%s", gai_strerror(failure)));
        return NULL;
    }
    for (const struct addrinfo *one = found; one != NULL; one = one->ai_next)
        if (getnameinfo(one->ai_addr, one->ai_addrlen, address, sizeof(address), NULL, 0,
                        NI_NUMERICHOST) == 0)
            g_string_append_printf(ret, " %s", address);
    freeaddrinfo(found);
    return g_string_free(g_steal_pointer(&ret), FALSE);
}

static void check_host(Doctor *doctor, const char *name, const char *host)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *addresses = NULL;

    if (g_hostname_is_ip_address(host)) {
        doctor_say(doctor, DOCTOR_OK, name, "%s is an address", host);
        return;
    }
    addresses = timed_run(resolve, host, DOCTOR_WAIT_S, &error);
    if (addresses != NULL)
        doctor_say(doctor, DOCTOR_OK, name, "%s is%s", host, addresses);
    else if (proxy() != NULL)
        doctor_say(doctor, DOCTOR_WARN, name,
                   "%s: %s; the proxy of %s may know it, if not, correct the name service", host,
                   error->message, proxy());
    else
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "%s: %s; connect this machine to the network, and look at /etc/resolv.conf",
                   host, error->message);
}

void doctor_dns(Doctor *doctor, const char *name)
{
    g_autoptr(GPtrArray) places = places_of(doctor);

    for (guint i = 0; i < places->len; i++)
        check_host(doctor, name, ((Place *)places->pdata[i])->host);
    if (places->len == 0)
        doctor_say(doctor, DOCTOR_SKIP, name, "no host is known; correct the profile");
}

/* ---- TLS ---- */

static char *day_of(gint64 unix_s)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(unix_s);

    return at != NULL ? g_date_time_format(at, "%Y-%m-%d") : g_strdup("?");
}

static void tell_certificate(Doctor *doctor, const char *name, const Place *place,
                             const Probe *probe)
{
    gint64 ends_s = probe->certificate_s;
    g_autofree char *day = day_of(ends_s);

    if (place->plain)
        doctor_say(doctor, DOCTOR_SKIP, name, "%s is this machine, by plain http", place->host);
    else if (ends_s > 0 && ends_s - probe->asked_s < CERTIFICATE_LEFT_S)
        doctor_say(
            doctor, DOCTOR_WARN, name,
            "%s is verified, but its certificate ends on %s; whoever runs it has to renew it",
            place->host, day);
    else
        doctor_say(doctor, DOCTOR_OK, name, "%s is verified%s%s", place->host,
                   ends_s > 0 ? ", by a certificate until " : "", ends_s > 0 ? day : "");
}

static void check_place(Doctor *doctor, const char *name, const Place *place)
{
    g_autoptr(GError) error = NULL;
    Probe probe;

    if (probe_url(place->top, DOCTOR_WAIT_S, &probe, &error)) {
        tell_certificate(doctor, name, place, &probe);
        doctor->probe = doctor->answered ? doctor->probe : probe;
        doctor->answered = TRUE;
    } else if (g_error_matches(error, API_ERROR, API_ERROR_DENIED)) {
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "%s is not verified: %s; install ca-certificates, look at the clock, and find "
                   "out who answers in its place",
                   place->host, error->message);
    } else {
        doctor_say(doctor, DOCTOR_FAIL, name,
                   "%s does not answer: %s; look at the network, a firewall, and %s", place->host,
                   error->message, proxy() != NULL ? proxy() : "https_proxy if there is a proxy");
    }
}

void doctor_tls(Doctor *doctor, const char *name)
{
    g_autoptr(GPtrArray) places = places_of(doctor);

    for (guint i = 0; i < places->len; i++)
        check_place(doctor, name, places->pdata[i]);
    if (places->len == 0)
        doctor_say(doctor, DOCTOR_SKIP, name, "no host is known; correct the profile");
}

/* ---- its clock ---- */

void doctor_clock(Doctor *doctor, const char *name)
{
    gint64 ahead_s = doctor->probe.asked_s - doctor->probe.date_s;

    if (!doctor->answered || doctor->probe.date_s == 0)
        doctor_say(doctor, DOCTOR_SKIP, name, "the service told no time to compare with; see tls");
    else if (ABS(ahead_s) > SKEW_MAX_S)
        doctor_say(doctor, DOCTOR_WARN, name,
                   "is %" G_GINT64_FORMAT " s %s that of the service, so limits of a day and ages "
                   "are wrong; turn NTP on",
                   ABS(ahead_s), ahead_s > 0 ? "ahead of" : "behind");
    else
        doctor_say(doctor, DOCTOR_OK, name, "agrees with that of the service");
}
