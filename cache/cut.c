/* SPDX-License-Identifier: MIT */
/* cut.c - a text that names one of several tells whom to take out; the text decides no more. */
#include "cache/cut.h"

#include <string.h>

#include "api/codes.h"
#include "api/error.h"

enum { NAMED_MAX = 8 }; /* a text that names more is not about some of them */

/* Refused for the account, the address or the version, that is for all of them. */
static gboolean is_about_all(int code)
{
    static const int codes[] = {40006, 40008, 40010, 40013, 40051, 40108,
                                40117, 40300, 40301, 40400, 41001, 70001};

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i] == code)
            return TRUE;
    return FALSE;
}

/* A role or scope that is missing is missing for all of them, mostly. A code without a row in the
   table may be about anything. */
gboolean cut_is_about_some(const GError *error)
{
    int code = api_error_code(error);
    const ApiCode *row = code_find(code);

    if (code == 0 || row->action != CODE_FINAL || is_about_all(code))
        return FALSE;
    return row->code == 0 || g_error_matches(error, API_ERROR, API_ERROR_INVALID) ||
           g_error_matches(error, API_ERROR, API_ERROR_NOT_FOUND);
}

/* 40001 is "no permission for the operation or object" (API 7.1), 40003 says even less. */
gboolean cut_may_be_about_some(const GError *error)
{
    int code = api_error_code(error);

    return code == 40001 || code == 40003 || cut_is_about_some(error);
}

static gboolean is_named(const char *text, const char *id)
{
    gsize length = strlen(id);

    for (const char *at = strstr(text, id); at != NULL; at = strstr(at + 1, id))
        if ((at == text || !g_ascii_isdigit(at[-1])) && !g_ascii_isdigit(at[length]))
            return TRUE;
    return FALSE;
}

guint cut_parts(const char *const *ids, guint n, const char *text, guint *ret_parts)
{
    guint named = 0;

    for (guint i = 0; i < n; i++)
        ret_parts[i] = is_named(text, ids[i]) ? ++named : 0;
    if (named > 0 && named < n && named <= NAMED_MAX)
        return named + 1;
    for (guint i = 0; i < n; i++)
        ret_parts[i] = i >= (n + 1) / 2;
    return 2;
}
