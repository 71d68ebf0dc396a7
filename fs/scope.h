/* SPDX-License-Identifier: MIT */
#pragma once

/* scope.h - what the numbers of scopes are called. */

/* "Ad Account Management" of "1"; NULL: a scope we do not know, or one that is a name already. */
const char *scope_name(const char *id);
