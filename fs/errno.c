/* SPDX-License-Identifier: MIT */
/* errno.c - the one table from errors to errno, and the names to show. */
#include "fs/errno.h"

#include <errno.h>

#include "api/error.h"

static const struct {
    int number;
    const char *name;
} names[] = {
    {EACCES, "EACCES"}, {EBADF, "EBADF"},         {EBUSY, "EBUSY"},
    {EINTR, "EINTR"},   {EINVAL, "EINVAL"},       {EIO, "EIO"},
    {ENOENT, "ENOENT"}, {ENOSPC, "ENOSPC"},       {EPERM, "EPERM"},
    {ERANGE, "ERANGE"}, {EROFS, "EROFS"},         {ESTALE, "ESTALE"},
    {EFBIG, "EFBIG"},   {ETIMEDOUT, "ETIMEDOUT"}, {EHOSTUNREACH, "EHOSTUNREACH"},
    {EAGAIN, "EAGAIN"}, {ENOTCONN, "ENOTCONN"},   {EKEYEXPIRED, "EKEYEXPIRED"},
};

int errno_of(const GError *error)
{
    static const int numbers[N_API_ERRORS] = {
        [API_ERROR_UNREACHABLE] = EHOSTUNREACH,
        [API_ERROR_UNKNOWN] = ETIMEDOUT,
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
    };

    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
        return ENOSPC;
    if (error == NULL || error->domain != API_ERROR || error->code < 0 ||
        error->code >= N_API_ERRORS)
        return EIO;
    return numbers[error->code];
}

const char *errno_name(int error_code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].number == error_code)
            return names[i].name;
    return "EIO";
}
