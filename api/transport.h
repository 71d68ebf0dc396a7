/* SPDX-License-Identifier: MIT */
#pragma once

/* transport.h - what is asked of curl for every transfer, whoever makes it: TLS is verified,
   nothing is followed, a request to this machine uses no proxy. */
#include <curl/curl.h>
#include <glib.h>

/* Once for the process; FALSE: curl can not start. */
gboolean transport_start(void);

void transport_set(CURL *easy, gboolean loopback);
