/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * page.h - what is outside of the Business API, on the same port: the portal where people let an
 * application in, and Login Kit. Here the HTTP status counts and there is no envelope.
 */
#include "answer.h"

/* FALSE: there is no such page. */
gboolean page_call(const Service *service, Request *request, Reply *reply);

/* What the pages answer with. */
void page_say(Reply *reply, guint status, const char *text); /* a page for a person */
/* redirect_uri with NAME=VALUE pairs, NULL at the end; a value that is NULL is left out. */
void page_redirect(Reply *reply, const char *redirect_uri, ...) G_GNUC_NULL_TERMINATED;
const char *page_parameter(const Request *request, const char *name); /* NULL when empty too */

/* https, or http on this machine; absolute and without fragment. ret_loopback may be NULL. */
gboolean page_is_redirect(const char *uri, gboolean *ret_loopback);

void login_kit_authorize(const Service *service, Request *request, Reply *reply);
void login_kit_token(const Service *service, Request *request, Reply *reply);
void login_kit_revoke(const Service *service, Request *request, Reply *reply);
