/* SPDX-License-Identifier: MIT */
/*
 * error.c - errors that carry the code and the request id of the envelope beside their text, so
 * that whoever reports one need not take the text apart.
 */
#include "api/error.h"

#include "api/codes.h"

typedef struct {
    int code;
    char *request_id;
} ApiErrorPrivate;

static void api_error_private_init(ApiErrorPrivate *private)
{
    private->code = 0;
    private->request_id = NULL;
}

static void api_error_private_copy(const ApiErrorPrivate *from, ApiErrorPrivate *to)
{
    to->code = from->code;
    to->request_id = g_strdup(from->request_id);
}

static void api_error_private_clear(ApiErrorPrivate *private)
{
    g_free(private->request_id);
}

G_DEFINE_EXTENDED_ERROR(ApiError, api_error)

/* clang-format off */
static const char *const advice_of_kind[N_API_ERRORS] = {
    [API_ERROR_UNREACHABLE] =
        "Check the network, the name service and the URL of the profile, then try again.",
    [API_ERROR_UNKNOWN] =
        "The change may have taken effect: read the value before you write it again.",
    [API_ERROR_LATE] =
        "Try again later: .adsfs/quota says whether calls wait for the app's limit, and until when.",
    [API_ERROR_MALFORMED] =
        "The service, or whatever answered in its place, is at fault: try again in a few minutes.",
    [API_ERROR_TOKEN]       = "Log in again: adsfs login, and the name of the profile.",
    [API_ERROR_EXPIRED]     = "Log in again: adsfs login, and the name of the profile.",
    [API_ERROR_DENIED] =
        "Ask whoever owns the account for the right, or the app for the scope.",
    [API_ERROR_NOT_FOUND]   = "It was deleted, or the id is wrong: list the directory again.",
    [API_ERROR_INVALID]     = "Correct the value and write it again.",
    [API_ERROR_RANGE]       = "Write a value inside the limits named.",
    [API_ERROR_READ_ONLY]   = 
        "The text says why: mount again without ro and offline, with writable set, or make room.",
    [API_ERROR_BUSY]        = "Nothing was sent or done: try again later.",
    [API_ERROR_INCOMPLETE]  = "It changed while it was read: try again.",
    [API_ERROR_MISMATCH]    = "Read the value: the service holds another one than it accepted.",
    [API_ERROR_REMOTE]      = "The service is at fault: try again in a few minutes.",
    [API_ERROR_CANCELLED]   = "Nothing to do: whoever asked has gone.",
    [API_ERROR_LOCAL] =
        "Look at this machine: free space, and the rights on the cache and state directories.",
    [API_ERROR_STOPPED]     = "Open it again if it is wanted after all.",
    [API_ERROR_OFFLINE]     = "Unmount, then mount without offline: only what is known is shown.",
    [API_ERROR_NAME] =
        "Correct the name: README.md at the mount point has the words, reports/metrics.tsv the metrics.",
    [API_ERROR_STALE] = "It was changed since: read it again, then write what is still meant.",
    [API_ERROR_FIXED] = "Write to one of the files that are listed: echo VALUE > FILE.",
};
/* clang-format on */

GError *api_error_new(ApiErrorKind kind, int code, const char *request_id, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    GError *error = g_error_new_valist(API_ERROR, (gint)kind, format, args);
    va_end(args);

    ApiErrorPrivate *private = api_error_get_private(error);
    private->code = code;
    private->request_id = g_strdup(request_id);
    return error;
}

static const ApiErrorPrivate *private_of(const GError *error)
{
    return error != NULL && error->domain == API_ERROR ? api_error_get_private(error) : NULL;
}

int api_error_code(const GError *error)
{
    const ApiErrorPrivate *private = private_of(error);

    return private != NULL ? private->code : 0;
}

const char *api_error_request_id(const GError *error)
{
    const ApiErrorPrivate *private = private_of(error);

    return private != NULL ? private->request_id : NULL;
}

const char *api_error_meaning(const GError *error)
{
    int code = api_error_code(error);

    return code != 0 ? code_find(code)->meaning : NULL;
}

/* The outcome of a write matters more than the code that left it unknown. */
const char *api_error_advice(const GError *error)
{
    const ApiErrorPrivate *private = private_of(error);

    if (private == NULL || error->code < 0 || error->code >= N_API_ERRORS)
        return "Try again; the text says what failed.";

    const char *advice = code_find(private->code)->advice;
    if (advice != NULL && error->code != API_ERROR_UNKNOWN)
        return advice;
    if (error->code == API_ERROR_DENIED && private->code == 0)
        return "The service was not asked: the text says what it belongs to, or who can change it.";
    return advice_of_kind[error->code];
}
