/* SPDX-License-Identifier: MIT */
/* endpoint.c - the table of calls. A synchronous report may take tens of seconds, hence its time.
 */
#include "api/endpoint.h"

enum { LIST_S = 60, WRITE_S = 60, REPORT_S = 300 };

/* clang-format off */
static const Endpoint endpoints[N_ENDPOINTS] = {
    /*                           path                      post   app    timeout_s  bucket */
    [ENDPOINT_ADVERTISERS]     = {"oauth2/advertiser/get/", FALSE, TRUE,  LIST_S},
    [ENDPOINT_ADVERTISER_INFO] = {"advertiser/info/",       FALSE, FALSE, LIST_S},
    [ENDPOINT_CAMPAIGN_GET]    = {"campaign/get/",          FALSE, FALSE, LIST_S},
    [ENDPOINT_ADGROUP_GET]     = {"adgroup/get/",           FALSE, FALSE, LIST_S},
    [ENDPOINT_AD_GET]          = {"ad/get/",                FALSE, FALSE, LIST_S},
    [ENDPOINT_CAMPAIGN_UPDATE] = {"campaign/update/",       TRUE,  FALSE, WRITE_S},
    [ENDPOINT_ADGROUP_UPDATE]  = {"adgroup/update/",        TRUE,  FALSE, WRITE_S},
    [ENDPOINT_AD_UPDATE]       = {"ad/update/",             TRUE,  FALSE, WRITE_S},
    [ENDPOINT_CAMPAIGN_STATUS] = {"campaign/status/update/", TRUE, FALSE, WRITE_S},
    [ENDPOINT_ADGROUP_STATUS]  = {"adgroup/status/update/", TRUE,  FALSE, WRITE_S},
    [ENDPOINT_AD_STATUS]       = {"ad/status/update/",      TRUE,  FALSE, WRITE_S},
    [ENDPOINT_ADGROUP_BUDGET]  = {"adgroup/budget/update/", TRUE,  FALSE, WRITE_S},
    [ENDPOINT_REPORT]          = {"report/integrated/get/", FALSE, FALSE, REPORT_S},
    [ENDPOINT_USER_INFO]       = {"user/info/",             FALSE, FALSE, LIST_S},
    [ENDPOINT_CENTERS]         = {"bc/get/",                FALSE, FALSE, LIST_S},
    [ENDPOINT_CENTER_ASSETS]   = {"bc/asset/get/",          FALSE, FALSE, LIST_S},
    [ENDPOINT_CENTER_MEMBERS]  = {"bc/member/get/",         FALSE, FALSE, LIST_S},
    [ENDPOINT_CENTER_BALANCE]  = {"bc/balance/get/",        FALSE, FALSE, LIST_S},
    [ENDPOINT_REPORT_TASK_CREATE] = {"report/task/create/", TRUE, FALSE, WRITE_S, BUCKET_REPORT_TASK},
    [ENDPOINT_AD_CREATE]       = {"ad/create/",             TRUE,  FALSE, WRITE_S, BUCKET_AD_CREATE},
    [ENDPOINT_REPORT_TASK_CHECK] = {"report/task/check/",   FALSE, FALSE, LIST_S},
    [ENDPOINT_REPORT_TASK_DOWNLOAD] = {"report/task/download/", FALSE, FALSE, REPORT_S},
    [ENDPOINT_REPORT_TASK_CANCEL] = {"report/task/cancel/", TRUE,  FALSE, WRITE_S},
    [ENDPOINT_CAMPAIGN_CREATE] = {"campaign/create/",       TRUE,  FALSE, WRITE_S},
    [ENDPOINT_ADGROUP_CREATE]  = {"adgroup/create/",        TRUE,  FALSE, WRITE_S},
};

static const struct {
    EndpointId get, update, status, create;
} of_kind[KIND_AD + 1] = {
    [KIND_ADVERTISER] = {ENDPOINT_ADVERTISER_INFO, N_ENDPOINTS, N_ENDPOINTS, N_ENDPOINTS},
    [KIND_CAMPAIGN] = {ENDPOINT_CAMPAIGN_GET, ENDPOINT_CAMPAIGN_UPDATE, ENDPOINT_CAMPAIGN_STATUS,
        ENDPOINT_CAMPAIGN_CREATE},
    [KIND_ADGROUP] = {ENDPOINT_ADGROUP_GET, ENDPOINT_ADGROUP_UPDATE, ENDPOINT_ADGROUP_STATUS,
        ENDPOINT_ADGROUP_CREATE},
    [KIND_AD] = {ENDPOINT_AD_GET, ENDPOINT_AD_UPDATE, ENDPOINT_AD_STATUS,
        ENDPOINT_AD_CREATE},
};
/* clang-format on */

const Endpoint *endpoint_find(EndpointId id)
{
    g_assert(id < N_ENDPOINTS);
    return &endpoints[id];
}

EndpointId endpoint_get_of(ObjectKind kind)
{
    g_assert(kind > KIND_NONE && kind <= KIND_AD);
    return of_kind[kind].get;
}

EndpointId endpoint_update_of(ObjectKind kind)
{
    g_assert(kind > KIND_ADVERTISER && kind <= KIND_AD);
    return of_kind[kind].update;
}

EndpointId endpoint_status_of(ObjectKind kind)
{
    g_assert(kind > KIND_ADVERTISER && kind <= KIND_AD);
    return of_kind[kind].status;
}

EndpointId endpoint_create_of(ObjectKind kind)
{
    g_assert(kind > KIND_ADVERTISER && kind <= KIND_AD);
    return of_kind[kind].create;
}
