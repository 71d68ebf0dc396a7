/* SPDX-License-Identifier: MIT */
#pragma once

/* accounts.h - the ad accounts of a token, as the commands show them. */
#include "fs/command/session.h"

typedef struct {
    char *id, *name, *role; /* name and role may be NULL */
} Account;

/* Of Account: named by oauth2/advertiser/get where there are app id and secret, else the ids that
   are known. NULL and error. */
GPtrArray *accounts_of(Session *session, const Options *options, GError **error);

/* What Business Centers say of them, and accounts that only these know. Where the token may not
   ask, nothing changes. */
void accounts_add_roles(Session *session, GPtrArray *accounts);

void accounts_print(const GPtrArray *accounts, const char *indent);

/* For a terminal: names are somebody's, and may hold what moves a cursor or begins a line. New. */
char *accounts_line(const char *text);
