/* SPDX-License-Identifier: MIT */
#pragma once

/* endpoint.h - the calls we make, as rows of a table: paths end in a slash (or the edge says 404).
 */
#include <glib.h>

#include "api/object.h"

typedef enum {
    ENDPOINT_ADVERTISERS,     /* oauth2/advertiser/get: needs app id and secret */
    ENDPOINT_ADVERTISER_INFO, /* advertiser/info */
    ENDPOINT_CAMPAIGN_GET,
    ENDPOINT_ADGROUP_GET,
    ENDPOINT_AD_GET,
    ENDPOINT_CAMPAIGN_UPDATE,
    ENDPOINT_ADGROUP_UPDATE,
    ENDPOINT_AD_UPDATE,
    ENDPOINT_CAMPAIGN_STATUS,
    ENDPOINT_ADGROUP_STATUS,
    ENDPOINT_AD_STATUS,
    ENDPOINT_ADGROUP_BUDGET, /* adgroup/budget/update */
    ENDPOINT_REPORT,         /* report/integrated/get */
    ENDPOINT_USER_INFO,      /* user/info: whose token it is */
    ENDPOINT_CENTERS,        /* bc/get: the Business Centers of the token's user */
    ENDPOINT_CENTER_ASSETS,  /* bc/asset/get */
    ENDPOINT_CENTER_MEMBERS, /* bc/member/get */
    ENDPOINT_CENTER_BALANCE, /* bc/balance/get */
    ENDPOINT_REPORT_TASK_CREATE,
    ENDPOINT_AD_CREATE,
    ENDPOINT_REPORT_TASK_CHECK,    /* report/task/check: how far a task is */
    ENDPOINT_REPORT_TASK_DOWNLOAD, /* report/task/download: its rows, or where they are */
    ENDPOINT_REPORT_TASK_CANCEL,
    ENDPOINT_CAMPAIGN_CREATE,
    ENDPOINT_ADGROUP_CREATE,
    N_ENDPOINTS,
} EndpointId;

/* Whose rate a call counts in: all in the app's, some in one of their own as well. */
typedef enum { BUCKET_APP, BUCKET_REPORT_TASK, BUCKET_AD_CREATE, N_BUCKETS } Bucket;

typedef struct {
    const char *path; /* below the base URL: "campaign/get/" */
    gboolean post;
    gboolean app;    /* app_id and secret go into the query */
    guint timeout_s; /* of one transfer, without the time in the queue */
    Bucket bucket;
} Endpoint;

const Endpoint *endpoint_find(EndpointId id);
EndpointId endpoint_get_of(ObjectKind kind); /* campaign, ad group, ad; an advertiser's is info */
EndpointId endpoint_update_of(ObjectKind kind); /* campaign, ad group, ad */
EndpointId endpoint_status_of(ObjectKind kind);
EndpointId endpoint_create_of(ObjectKind kind);

enum {
    PAGE_SIZE = 1000,
    CENTER_PAGE_SIZE = 50,
    MEMBER_PAGE_SIZE = 20,
    FILTER_IDS_MAX = 100,
    UPDATE_IDS_MAX = 20,
    INFO_IDS_MAX = 100,
};
