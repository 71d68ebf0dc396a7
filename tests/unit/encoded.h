/* SPDX-License-Identifier: MIT */
#pragma once

/* encoded.h - what is sent, compared to the byte. */
#include <glib.h>
#include <string.h>

static inline void check(char *got, const char *expected)
{
    g_assert_cmpstr(got, ==, expected);
    g_free(got);
}

/* Decoded again, since percent signs are hard to read; raw brackets must not be in the original. */
static inline void check_query(char *got, const char *expected)
{
    g_autofree char *plain = g_uri_unescape_string(got, NULL);

    g_assert_null(strpbrk(got, "[]{}\", :"));
    g_assert_cmpstr(plain, ==, expected);
    g_free(got);
}
