/* SPDX-License-Identifier: MIT */
/* sender.c - how a transfer failed, as an error. */
#include "api/sender.h"

#include "api/error.h"

GError *sender_error(const TransferResult *result)
{
    /* clang-format off */
    static const ApiErrorKind kinds[] = {
        [TRANSFER_WHOLE]    = API_ERROR_MALFORMED,
        [TRANSFER_NOT_SENT] = API_ERROR_UNREACHABLE,
        [TRANSFER_LOST]     = API_ERROR_UNREACHABLE,
        [TRANSFER_CUT]      = API_ERROR_MALFORMED,
        [TRANSFER_REFUSED]  = API_ERROR_REMOTE,
    };
    /* clang-format on */

    if (result->elsewhere != NULL)
        return api_error_new(API_ERROR_REMOTE, 0, NULL,
                             "HTTP status %u: redirected to %s, which is not followed: check the "
                             "URL in the profile",
                             result->status, result->elsewhere);
    if (result->outcome == TRANSFER_WHOLE)
        return NULL;
    return api_error_new(kinds[result->outcome], 0, NULL, "%s", result->text);
}
