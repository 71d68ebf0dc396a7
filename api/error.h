/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * error.h - the one error domain of the program. Text is for the user and names the thing refused;
 * fs/errno.c alone turns a kind into an errno.
 */
#include <glib.h>

#define API_ERROR (api_error_quark())

typedef enum {
    API_ERROR_UNREACHABLE, /* no connection, no name service, a gateway in its place */
    API_ERROR_UNKNOWN,     /* sent, but no whole answer came: a write may have taken effect */
    API_ERROR_LATE,        /* who only wanted to know has waited long enough */
    API_ERROR_MALFORMED,   /* an answer that can not be read */
    API_ERROR_TOKEN,       /* token missing, wrong or revoked (40104, 40105) */
    API_ERROR_EXPIRED,     /* token expired (40102) */
    API_ERROR_DENIED,      /* role, scope, not the owner of the value (40001, 40130) */
    API_ERROR_NOT_FOUND,   /* no such object (40007, 40300) */
    API_ERROR_INVALID,     /* a malformed value, refused by us or by the service (40002) */
    API_ERROR_RANGE,       /* outside our own tables or a guard */
    API_ERROR_READ_ONLY,   /* the mount or the profile does not allow writing */
    API_ERROR_BUSY,        /* surely not sent: quota, or the time to send it passed */
    API_ERROR_INCOMPLETE,  /* a listing or report that can not be proved whole */
    API_ERROR_MISMATCH,    /* the service said yes and holds another value */
    API_ERROR_REMOTE,      /* any other code in the envelope */
    API_ERROR_CANCELLED,   /* whoever asked has gone */
    API_ERROR_LOCAL,       /* this machine: disk full, cache file broken */
    API_ERROR_STOPPED,     /* a person has ended it */
    API_ERROR_OFFLINE,     /* nothing is sent: the mount is to be offline */
    API_ERROR_NAME,        /* no report can have this name */
    API_ERROR_STALE,       /* somebody else has changed it meanwhile */
    API_ERROR_FIXED,       /* nothing there can be made, moved or removed */
    N_API_ERRORS,
} ApiErrorKind;

GQuark api_error_quark(void);

/* code: of the envelope, 404 when the edge knows no such path, 0 when the error is ours. request_id
 * may be NULL. */
GError *api_error_new(ApiErrorKind kind, int code, const char *request_id, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* All accept any GError; borrowed. 0, NULL where there is none. Advice is never NULL: what to do
 * next. */
int api_error_code(const GError *error);
const char *api_error_request_id(const GError *error);
const char *api_error_meaning(const GError *error); /* of the code */
const char *api_error_advice(const GError *error);
