/* SPDX-License-Identifier: MIT */
/*
 * codes.c - the codes of the envelope, ascending, with meanings of our own. The text that comes
 * with a code is for people and changes; only the number decides. Codes from 50000 on are faults
 * behind the edge: whether a write was executed before the fault is not known.
 */
#include "api/codes.h"

#include <stdlib.h>

#define NEW_TOKEN "Log in again: adsfs login, and the name of the profile."
#define APP       "Check app_id and secret of the profile, and the app at the developer portal."
#define SCOPE     "The scope is missing: add it to the app at the developer portal, then log in again."
#define MEMBERS   "The service refuses what this program sent: report it with the request id."
#define SANDBOX   "The service's own sandbox can not do this."
#define PACE      "Lower the tier of the profile, or wait: other programs share the app's limit."
#define LATER     "The service is at fault: try again in a few minutes."
#define FILES     "Correct the file and upload it again."

/* clang-format off */
static const ApiCode codes[] = {
    {20001, API_ERROR_REMOTE,    CODE_FINAL, "partly done",
        "Some of it was done: read the values to see which."},
    {40000, API_ERROR_INVALID,   CODE_FINAL, "a parameter is wrong", NULL},
    {40001, API_ERROR_DENIED,    CODE_FINAL, "no permission, or the scope is missing", NULL},
    {40002, API_ERROR_INVALID,   CODE_FINAL, "a parameter is wrong, as the message says",
        NULL},
    {40003, API_ERROR_DENIED,    CODE_FINAL, "forbidden", NULL},
    {40006, API_ERROR_INVALID,   CODE_FINAL, "the parameters belong to another API version",
        MEMBERS},
    {40007, API_ERROR_NOT_FOUND, CODE_FINAL, "the object or operation does not exist", NULL},
    {40008, API_ERROR_INVALID,   CODE_FINAL, "the endpoint does not exist", MEMBERS},
    {40009, API_ERROR_INVALID,   CODE_FINAL, "not possible in the service's own sandbox",
        SANDBOX},
    {40010, API_ERROR_INVALID,   CODE_FINAL, "wrong host for this API version",
        "Correct business_url of the profile."},
    {40011, API_ERROR_INVALID,   CODE_FINAL, "too many ids in one request", MEMBERS},
    {40012, API_ERROR_INVALID,   CODE_FINAL, "nothing to change",
        "The service sees nothing to change: read the value."},
    {40013, API_ERROR_NOT_FOUND, CODE_FINAL, "no such account in the service's sandbox",
        SANDBOX},
    {40014, API_ERROR_INVALID,   CODE_FINAL, "not possible in the service's own sandbox",
        SANDBOX},
    {40016, API_ERROR_BUSY,      CODE_RATE,  "the app's limit for this endpoint is reached",
        PACE, PAUSE_ENDPOINT},
    {40050, API_ERROR_UNKNOWN,   CODE_FINAL, "the same request came twice", NULL},
    {40051, API_ERROR_INVALID,   CODE_FINAL, "there is no such API version",
        "Correct business_url of the profile."},
    {40052, API_ERROR_INVALID,   CODE_FINAL, "the creative material is there already", NULL},
    {40053, API_ERROR_INVALID,   CODE_FINAL, "there is no such video", NULL},
    {40061, API_ERROR_INVALID,   CODE_FINAL, "too many rows in one batch", MEMBERS},
    {40062, API_ERROR_INVALID,   CODE_FINAL, "personal data that is not hashed",
        "Hash the personal data before uploading it."},
    {40063, API_ERROR_INVALID,   CODE_FINAL, "the partner's name is wrong", NULL},
    {40065, API_ERROR_INVALID,   CODE_FINAL, "targeting that is not allowed for minors",
        "Change the targeting of people under 18."},
    {40067, API_ERROR_INVALID,   CODE_FINAL, "the query is too large",
        "Ask for fewer metrics or days."},
    {40100, API_ERROR_BUSY,      CODE_RATE,  "the app's limit of requests is reached", PACE, PAUSE_APP},
    {40101, API_ERROR_TOKEN,     CODE_FINAL, "app id, secret or code do not fit together",
        APP},
    {40102, API_ERROR_EXPIRED,   CODE_FINAL, "the access token has expired", NEW_TOKEN},
    {40103, API_ERROR_EXPIRED,   CODE_FINAL, "the refresh token has expired", NEW_TOKEN},
    {40104, API_ERROR_TOKEN,     CODE_FINAL, "no access token was sent",
        NEW_TOKEN},
    {40105, API_ERROR_TOKEN,     CODE_FINAL, "the access token is wrong or was revoked",
        NEW_TOKEN},
    {40106, API_ERROR_TOKEN,     CODE_FINAL, "the token's user has no right to the account",
        "The token is of another user than the account: get one that fits."},
    {40107, API_ERROR_TOKEN,     CODE_FINAL, "the refresh token is wrong", NEW_TOKEN},
    {40108, API_ERROR_INVALID,   CODE_FINAL, "wrong kind of grant", MEMBERS},
    {40109, API_ERROR_TOKEN,     CODE_FINAL, "the token can not be deciphered", NEW_TOKEN},
    {40110, API_ERROR_TOKEN,     CODE_FINAL, "the authorization code is used up or too old",
        "A code works once and for an hour: log in again."},
    {40112, API_ERROR_TOKEN,     CODE_FINAL, "wrong password", NULL},
    {40113, API_ERROR_TOKEN,     CODE_FINAL, "the app is blocked or does not exist", APP},
    {40114, API_ERROR_TOKEN,     CODE_FINAL, "the advertiser is logged out", NEW_TOKEN},
    {40115, API_ERROR_TOKEN,     CODE_FINAL, "the time stamp of the login is too old",
        "Check the clock of this machine."},
    {40116, API_ERROR_TOKEN,     CODE_FINAL, "the signature is wrong", APP},
    {40117, API_ERROR_INVALID,   CODE_FINAL, "the method can not be used", MEMBERS},
    {40118, API_ERROR_DENIED,    CODE_FINAL, "not on the list of those who may use this",
        "Ask the platform to put the app or account on the list for this feature."},
    {40119, API_ERROR_TOKEN,     CODE_FINAL, "app and account are of different companies",
        "The token is of another company than the account: get one that fits."},
    {40120, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40121, API_ERROR_DENIED,    CODE_FINAL, "the user is no marketplace creator", NULL},
    {40122, API_ERROR_DENIED,    CODE_FINAL, "the creator's region is not served", NULL},
    {40124, API_ERROR_DENIED,    CODE_FINAL, "the developer's profile is not approved",
        "Complete the developer profile and wait for its approval."},
    {40125, API_ERROR_DENIED,    CODE_FINAL, "the developer has no permission for this",
        SCOPE},
    {40126, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40127, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40128, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40129, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40130, API_ERROR_DENIED,    CODE_FINAL, "the scope was not granted", SCOPE},
    {40131, API_ERROR_DENIED,    CODE_FINAL, "a matter of creators or brand safety", NULL},
    {40132, API_ERROR_BUSY,      CODE_RATE,  "the limit for a value of a field is reached",
        NULL, PAUSE_VALUE},
    {40133, API_ERROR_BUSY,      CODE_RATE,  "the limit of the ad account is reached",
        "Too many calls for this account: other programs may use it too; try again later.",
        PAUSE_ADVERTISER},
    {40200, API_ERROR_REMOTE,    CODE_FINAL, "the task failed",
        "Ask for it again, or for less."},
    {40201, API_ERROR_BUSY,      CODE_FINAL, "the task is not ready",
        "It is still being made: try again later."},
    {40202, API_ERROR_BUSY,      CODE_FINAL, "somebody else wrote at the same time",
        "Somebody else changed it just now: read the value and write it again."},
    {40300, API_ERROR_NOT_FOUND, CODE_FINAL, "the ad account does not exist or was deleted",
        NULL},
    {40301, API_ERROR_NOT_FOUND, CODE_FINAL, "no ad account fits", NULL},
    {40302, API_ERROR_DENIED,    CODE_FINAL, "the account belongs to another customer",
        NULL},
    {40309, API_ERROR_TOKEN,     CODE_FINAL, "a login is required", NEW_TOKEN},
    {40400, API_ERROR_INVALID,   CODE_FINAL, "there is no such path",
        "Correct business_url of the profile."},
    {40502, API_ERROR_DENIED,    CODE_FINAL, "the ad group is full",
        "The ad group holds as many ads as it may: use another."},
    {40700, API_ERROR_REMOTE,    CODE_RETRY, "the service's own checks failed", NULL},
    {40900, API_ERROR_INVALID,   CODE_FINAL, "the file is not what its MD5 sum says", FILES},
    {40901, API_ERROR_BUSY,      CODE_FINAL, "the video is being converted",
        "The video is still being converted: try again later."},
    {40902, API_ERROR_REMOTE,    CODE_RETRY, "the address could not be fetched", NULL},
    {40903, API_ERROR_REMOTE,    CODE_RETRY, "the image's address could not be fetched",
        NULL},
    {40904, API_ERROR_INVALID,   CODE_FINAL, "the image's format is not allowed", FILES},
    {40905, API_ERROR_NOT_FOUND, CODE_FINAL, "the file does not exist", NULL},
    {40906, API_ERROR_INVALID,   CODE_FINAL, "the file is empty", FILES},
    {40907, API_ERROR_INVALID,   CODE_FINAL, "the file is too large", FILES},
    {40908, API_ERROR_INVALID,   CODE_FINAL, "files of this type are not allowed", FILES},
    {40909, API_ERROR_INVALID,   CODE_FINAL, "wrong kind of check sum", MEMBERS},
    {40910, API_ERROR_NOT_FOUND, CODE_FINAL, "the file has expired", NULL},
    {40911, API_ERROR_INVALID,   CODE_FINAL, "the file's name is taken",
        "The name is taken: use another."},
    {40912, API_ERROR_INVALID,   CODE_FINAL, "the image's address is not usable", FILES},
    {40913, API_ERROR_REMOTE,    CODE_RETRY, "the image could not be fetched", NULL},
    {40914, API_ERROR_INVALID,   CODE_FINAL, "the file is broken", FILES},
    {40915, API_ERROR_INVALID,   CODE_FINAL, "the file does not meet the requirements",
        FILES},
    {40916, API_ERROR_INVALID,   CODE_FINAL, "the video is not allowed", FILES},
    {41000, API_ERROR_DENIED,    CODE_FINAL, "the country of this address is shut out",
        "The service refuses the country of this machine's address."},
    {41001, API_ERROR_INVALID,   CODE_FINAL, "the endpoint was taken out of service",
        MEMBERS},
    {41002, API_ERROR_INVALID,   CODE_FINAL, "the fields were taken out of service",
        MEMBERS},
    {50000, API_ERROR_REMOTE,    CODE_RETRY, "a fault of the service", LATER},
    {50001, API_ERROR_REMOTE,    CODE_RETRY, "a fault of the service", LATER},
    {50002, API_ERROR_REMOTE,    CODE_RETRY, "the service failed while it worked on this",
        LATER},
    {51001, API_ERROR_REMOTE,    CODE_RETRY, "the service's statistics do not answer",
        LATER},
    {51002, API_ERROR_REMOTE,    CODE_RETRY, "a part of the service does not answer", LATER},
    {51004, API_ERROR_REMOTE,    CODE_RETRY, "a part of the service does not answer", LATER},
    {51010, API_ERROR_REMOTE,    CODE_RETRY, "a part of the service took too long", LATER},
    {51039, API_ERROR_REMOTE,    CODE_RETRY, "the service's authorization does not answer",
        LATER},
    {51305, API_ERROR_REMOTE,    CODE_RETRY, "a part of the service does not answer", LATER},
    {60001, API_ERROR_REMOTE,    CODE_RETRY, "the service is in maintenance",
        "The service is in maintenance: try again in an hour."},
    {61000, API_ERROR_BUSY,      CODE_RATE,  "the app sends too many requests", PACE, PAUSE_APP},
    {70001, API_ERROR_REMOTE,    CODE_FINAL, "the app is not authorized for this business",
        NULL},
};

static const ApiCode other_fault   = {0, API_ERROR_REMOTE,    CODE_RETRY,
    "a fault of the service", LATER};
static const ApiCode other_refusal = {0, API_ERROR_REMOTE,    CODE_FINAL,
    "a refusal that is not in the table of this version", NULL};
/* clang-format on */

static int compare(const void *key, const void *row)
{
    int code = *(const int *)key, other = ((const ApiCode *)row)->code;

    return (code > other) - (code < other);
}

const ApiCode *code_find(int code)
{
    const ApiCode *row = bsearch(&code, codes, G_N_ELEMENTS(codes), sizeof codes[0], compare);

    if (row != NULL)
        return row;
    return code >= 50000 && code < 70000 ? &other_fault : &other_refusal;
}

const ApiCode *code_table(gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS(codes);
    return codes;
}
