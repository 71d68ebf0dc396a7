/* SPDX-License-Identifier: MIT */
/*
 * codes.c - the codes of the envelope, ascending. Their text is for people and changes; only the
 * number decides. Codes from 50000 on are faults behind the edge: whether a write was executed
 * before the fault is not known.
 */
#include "api/codes.h"

#include <stdlib.h>

#define NEW_TOKEN "Get a new access token for this profile."
#define APP       "Check app_id and secret of the profile, and the app at the developer portal."
#define SCOPE     "The app lacks the scope: add it at the developer portal, then authorize again."
#define MEMBERS   "The service refuses what this program sent: report it with the request id."
#define SANDBOX   "The service's own sandbox can not do this."
#define PACE      "Lower the tier of the profile, or wait: other programs share the app's limit."
#define LATER     "The service is at fault: try again in a few minutes."
#define FILES     "Correct the file and upload it again."

/* clang-format off */
static const ApiCode codes[] = {
    {20001, API_ERROR_REMOTE,    CODE_FINAL, FALSE,
        "Some of it was done: read the values to see which."},
    {40000, API_ERROR_INVALID,   CODE_FINAL, FALSE, NULL},
    {40001, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40002, API_ERROR_INVALID,   CODE_FINAL, FALSE, NULL},
    {40003, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40006, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40007, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, NULL},
    {40008, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40009, API_ERROR_INVALID,   CODE_FINAL, FALSE, SANDBOX},
    {40010, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Correct business_url of the profile."},
    {40011, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40012, API_ERROR_INVALID,   CODE_FINAL, FALSE,
        "The service sees nothing to change: read the value."},
    {40013, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, SANDBOX},
    {40014, API_ERROR_INVALID,   CODE_FINAL, FALSE, SANDBOX},
    {40016, API_ERROR_BUSY,      CODE_RATE,  TRUE,  PACE},
    {40050, API_ERROR_UNKNOWN,   CODE_FINAL, FALSE, NULL},
    {40051, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Correct business_url of the profile."},
    {40052, API_ERROR_INVALID,   CODE_FINAL, FALSE, NULL},
    {40053, API_ERROR_INVALID,   CODE_FINAL, FALSE, NULL},
    {40061, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40062, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Hash the personal data before uploading it."},
    {40063, API_ERROR_INVALID,   CODE_FINAL, FALSE, NULL},
    {40065, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Change the targeting of people under 18."},
    {40067, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Ask for fewer metrics or days."},
    {40100, API_ERROR_BUSY,      CODE_RATE,  TRUE,  PACE},
    {40101, API_ERROR_TOKEN,     CODE_FINAL, FALSE, APP},
    {40102, API_ERROR_EXPIRED,   CODE_FINAL, FALSE, NULL},
    {40103, API_ERROR_EXPIRED,   CODE_FINAL, FALSE, NEW_TOKEN},
    {40104, API_ERROR_TOKEN,     CODE_FINAL, FALSE,
        "Put an access token into the token file of the profile."},
    {40105, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NEW_TOKEN},
    {40106, API_ERROR_TOKEN,     CODE_FINAL, FALSE,
        "The token is of another user than the account: get one that fits."},
    {40107, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NEW_TOKEN},
    {40108, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40109, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NEW_TOKEN},
    {40110, API_ERROR_TOKEN,     CODE_FINAL, FALSE,
        "A code works once and for an hour: authorize again."},
    {40112, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NULL},
    {40113, API_ERROR_TOKEN,     CODE_FINAL, FALSE, APP},
    {40114, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NEW_TOKEN},
    {40115, API_ERROR_TOKEN,     CODE_FINAL, FALSE, "Check the clock of this machine."},
    {40116, API_ERROR_TOKEN,     CODE_FINAL, FALSE, APP},
    {40117, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40118, API_ERROR_DENIED,    CODE_FINAL, FALSE,
        "Ask the platform to put the app or account on the list for this feature."},
    {40119, API_ERROR_TOKEN,     CODE_FINAL, FALSE,
        "The token is of another company than the account: get one that fits."},
    {40120, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40121, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40122, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40124, API_ERROR_DENIED,    CODE_FINAL, FALSE,
        "Complete the developer profile and wait for its approval."},
    {40125, API_ERROR_DENIED,    CODE_FINAL, FALSE, SCOPE},
    {40126, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40127, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40128, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40129, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40130, API_ERROR_DENIED,    CODE_FINAL, FALSE, SCOPE},
    {40131, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40132, API_ERROR_BUSY,      CODE_RATE,  FALSE, NULL},
    {40133, API_ERROR_BUSY,      CODE_RATE,  FALSE,
        "Too many calls for this account: other programs may use it too; try again later."},
    {40200, API_ERROR_REMOTE,    CODE_FINAL, FALSE, "Ask for it again, or for less."},
    {40201, API_ERROR_BUSY,      CODE_FINAL, FALSE, "It is still being made: try again later."},
    {40202, API_ERROR_BUSY,      CODE_FINAL, FALSE,
        "Somebody else changed it just now: read the value and write it again."},
    {40300, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, NULL},
    {40301, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, NULL},
    {40302, API_ERROR_DENIED,    CODE_FINAL, FALSE, NULL},
    {40309, API_ERROR_TOKEN,     CODE_FINAL, FALSE, NEW_TOKEN},
    {40400, API_ERROR_INVALID,   CODE_FINAL, FALSE, "Correct business_url of the profile."},
    {40502, API_ERROR_DENIED,    CODE_FINAL, FALSE,
        "The ad group holds as many ads as it may: use another."},
    {40700, API_ERROR_REMOTE,    CODE_RETRY, FALSE, NULL},
    {40900, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40901, API_ERROR_BUSY,      CODE_FINAL, FALSE,
        "The video is still being converted: try again later."},
    {40902, API_ERROR_REMOTE,    CODE_RETRY, FALSE, NULL},
    {40903, API_ERROR_REMOTE,    CODE_RETRY, FALSE, NULL},
    {40904, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40905, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, NULL},
    {40906, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40907, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40908, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40909, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {40910, API_ERROR_NOT_FOUND, CODE_FINAL, FALSE, NULL},
    {40911, API_ERROR_INVALID,   CODE_FINAL, FALSE, "The name is taken: use another."},
    {40912, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40913, API_ERROR_REMOTE,    CODE_RETRY, FALSE, NULL},
    {40914, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40915, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {40916, API_ERROR_INVALID,   CODE_FINAL, FALSE, FILES},
    {41000, API_ERROR_DENIED,    CODE_FINAL, FALSE,
        "The service refuses the country of this machine's address."},
    {41001, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {41002, API_ERROR_INVALID,   CODE_FINAL, FALSE, MEMBERS},
    {50000, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {50001, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {50002, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51001, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51002, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51004, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51010, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51039, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {51305, API_ERROR_REMOTE,    CODE_RETRY, FALSE, LATER},
    {60001, API_ERROR_REMOTE,    CODE_RETRY, FALSE,
        "The service is in maintenance: try again in an hour."},
    {61000, API_ERROR_BUSY,      CODE_RATE,  TRUE,  PACE},
    {70001, API_ERROR_REMOTE,    CODE_FINAL, FALSE, NULL},
};

static const ApiCode other_fault   = {0, API_ERROR_REMOTE, CODE_RETRY, FALSE, LATER};
static const ApiCode other_refusal = {0, API_ERROR_REMOTE, CODE_FINAL, FALSE, NULL};
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
