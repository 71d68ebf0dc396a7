/* SPDX-License-Identifier: MIT */
#pragma once

/* token-private.h - what the token file and the token endpoints have in common: the members. */
#include "api/json.h"
#include "api/token.h"

/* The tokens, scopes and advertisers of a JSON object; times are 0. NULL and error: no token that
   can be used, nothing is said of its text. */
Token *token_of_members(JsonSpan object, GError **error);

/* An error as OAuth names it: one of its words, and a description that may be empty. */
GError *token_error(const char *word, const char *description, const char *log_id);
