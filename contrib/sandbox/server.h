/* SPDX-License-Identifier: MIT */
#pragma once

/* server.h - HTTP: requests in, replies out after the latency, faults of transport, the log. */
#include <libsoup/soup.h>

#include "answer.h"
#include "log.h"

typedef struct {
    Service service;
    Faults *faults;
    Log *log; /* NULL: none */
    guint latency_ms;
} ServerConfig;

/* Listens on the loopback interface; port 0 is any free one. config is borrowed for life. */
SoupServer *server_new(const ServerConfig *config, guint port, GError **error);
guint server_port(SoupServer *server);
