/* SPDX-License-Identifier: MIT */
#pragma once

/* errno.h - the one table from API errors to errno (design: errors keep their text until here). */
#include <glib.h>

int errno_of(const GError *error);         /* EIO for what the table does not know */
const char *errno_name(int error_code);    /* "EINVAL"; "EIO" for what is never replied */
const char *errno_meaning(int error_code); /* for people: no capital, no full stop */
