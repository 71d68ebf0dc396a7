/* SPDX-License-Identifier: MIT */
#pragma once

/* scope.h - what the numbers of scopes are called, and what they grant. */
#include <glib.h>

/* "Ad Account Management" of "1"; NULL: a scope we do not know, or one that is a name already. */
const char *scope_name(const char *id);

/* granted: of a token, NULL: not known, then all are. A scope is granted by itself and by what it
   is a part of: 201 by 20 and by 2. Names are of the other family of tokens and say nothing. */
gboolean scope_is_granted(const char *const *granted, const char *id);
