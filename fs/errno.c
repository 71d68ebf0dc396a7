/* SPDX-License-Identifier: MIT */
/* errno.c - the one table from errors to errno, and the names to show. */
#include "fs/errno.h"

#include <errno.h>

#include "api/error.h"

/* clang-format off */
static const struct {
    int number;
    const char *name, *meaning;
} names[] = {
    {EACCES,       "EACCES",       "not allowed: role, scope, token or mode"},
    {EAGAIN,       "EAGAIN",       "not now"},
    {EBADF,        "EBADF",        "the file is not open for this"},
    {EBUSY,        "EBUSY",        "surely not sent"},
    {ECANCELED,    "ECANCELED",    "ended by a person"},
    {EFBIG,        "EFBIG",        "longer than any value"},
    {EHOSTUNREACH, "EHOSTUNREACH", "the service can not be reached"},
    {EINTR,        "EINTR",        "interrupted"},
    {EINVAL,       "EINVAL",       "not a value of this file"},
    {EIO,          "EIO",          "no answer that can be trusted"},
    {EKEYEXPIRED,  "EKEYEXPIRED",  "the access token has expired"},
    {ENOENT,       "ENOENT",       "no such object or report"},
    {ENOSPC,       "ENOSPC",       "no space left on this machine"},
    {ENOTCONN,     "ENOTCONN",     "the mount is ending"},
    {EPERM,        "EPERM",        "not possible with this file"},
    {ERANGE,       "ERANGE",       "out of the range that is allowed"},
    {EROFS,        "EROFS",        "read-only"},
    {ESTALE,       "ESTALE",       "deleted while its file was open, or changed by somebody else"},
    {ETIMEDOUT,    "ETIMEDOUT",    "no answer in time: if it was a write, its outcome is unknown"},
};
/* clang-format on */

int errno_of(const GError *error)
{
    static const int numbers[N_API_ERRORS] = {
        [API_ERROR_UNREACHABLE] = EHOSTUNREACH,
        [API_ERROR_UNKNOWN] = ETIMEDOUT,
        [API_ERROR_LATE] = ETIMEDOUT,
        [API_ERROR_MALFORMED] = EIO,
        [API_ERROR_TOKEN] = EACCES,
        [API_ERROR_EXPIRED] = EKEYEXPIRED,
        [API_ERROR_DENIED] = EACCES,
        [API_ERROR_NOT_FOUND] = ENOENT,
        [API_ERROR_INVALID] = EINVAL,
        [API_ERROR_RANGE] = ERANGE,
        [API_ERROR_READ_ONLY] = EROFS,
        [API_ERROR_BUSY] = EBUSY,
        [API_ERROR_INCOMPLETE] = EIO,
        [API_ERROR_MISMATCH] = EIO,
        [API_ERROR_REMOTE] = EIO,
        [API_ERROR_CANCELLED] = EINTR,
        [API_ERROR_LOCAL] = EIO,
        [API_ERROR_STOPPED] = ECANCELED,
        [API_ERROR_OFFLINE] = EHOSTUNREACH,
        [API_ERROR_NAME] = ENOENT,
        [API_ERROR_STALE] = ESTALE,
        [API_ERROR_FIXED] = EPERM,
    };

    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
        return ENOSPC;
    if (error == NULL || error->domain != API_ERROR || error->code < 0 ||
        error->code >= N_API_ERRORS)
        return EIO;
    return numbers[error->code];
}

static gsize row_of(int error_code)
{
    gsize other = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].number == error_code)
            return i;
        other = names[i].number == EIO ? i : other;
    }
    return other;
}

const char *errno_name(int error_code)
{
    return names[row_of(error_code)].name;
}

const char *errno_meaning(int error_code)
{
    return names[row_of(error_code)].meaning;
}
