/* SPDX-License-Identifier: MIT */
/*
 * scope.c - the permissions of the Business API, first and second level, and those that adsfs
 * needs.
 *
 * They are a tree, and the short ids spell it: 201 (Create and Update Campaigns) is a part of 20
 * (Campaign), and that of 2 (Ads Management).
 */
#include "fs/scope.h"

#include <string.h>

/* clang-format off */
static const struct {
    const char *id, *name;
} scopes[] = {
    {"1", "Ad Account Management"},
    {"10", "Ad Account Information"}, {"100", "Read Ad Account Information"},
    {"12", "Terms and Agreements"}, {"13", "Pangle Block List Management"},
    {"14", "Pangle Audience Packages"},
    {"15", "Business Center"}, {"150", "Read Business Center"}, {"151", "Create Ad Account"},
    {"152", "Ad Account Balance and Transaction"}, {"153", "Business Center Asset"},
    {"155", "Business Center Partner Management"}, {"156", "Business Center Member Management"},
    {"157", "Business Center Billing Group Management"},
    {"2", "Ads Management"},
    {"20", "Campaign"}, {"200", "Read Campaigns"}, {"201", "Create and Update Campaigns"},
    {"21", "Ad Group"}, {"210", "Read Ad Groups"}, {"211", "Create and Update Ad Groups"},
    {"22", "Ad"}, {"220", "Read Ads"}, {"221", "Create and Update Ads"},
    {"23", "Change Log"}, {"24", "Split Test"},
    {"3", "Audience Management"},
    {"30", "Read Custom Audiences"}, {"31", "Create and Update Custom Audiences"},
    {"32", "Share Custom Audiences"},
    {"4", "Reporting"},
    {"40", "Ad Account Level"}, {"41", "Campaign Level"}, {"42", "Ad Group Level"},
    {"43", "Ad Level"}, {"44", "Consolidated Report"},
    {"5", "Measurement"}, {"50", "Report App Event"}, {"51", "Report Pixel Event"},
    {"6", "Creative Management"},
    {"60", "Image Management"}, {"61", "Video Management"}, {"62", "Video Template"},
    {"63", "Music Management"}, {"64", "Creative Tool"}, {"65", "Get Creative Report"},
    {"66", "Playable Ads"}, {"67", "Creative Material Verification"},
    {"68", "Instant Page Management"}, {"69", "TikTok Posts Management"},
    {"7", "App Management"}, {"8", "Pixel Management"}, {"9", "DPA Catalog Management"},
    {"10000", "Reach & Frequency"}, {"12000000", "Lead Management"},
    {"13000000", "TikTok Creator Marketplace"}, {"14000000", "TikTok Creator"},
    {"15000000", "Ad Comments"}, {"16000000", "TikTok Business Plugin"},
    {"17000000", "Automated Rules"}, {"18000000", "TikTok Accounts"},
    {"19000000", "Onsite Commerce Store"},
    {"7043626160646946818", "Offline Events Management"},
    {"7050363942434013185", "Ad Diagnosis"},
    {"7294180478502830081", "CRM Event Management"},
};
/* clang-format on */

const char *scope_name(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++)
        if (g_str_equal(scopes[i].id, id))
            return scopes[i].name;
    return NULL;
}

static gboolean is_id(const char *scope)
{
    return *scope != '\0' && strspn(scope, "0123456789") == strlen(scope);
}

gboolean scope_is_granted(const char *const *granted, const char *id)
{
    gboolean known = FALSE;

    for (gsize i = 0; granted != NULL && granted[i] != NULL; i++) {
        if (!is_id(granted[i]))
            continue;
        if (g_str_has_prefix(id, granted[i]))
            return TRUE;
        known = TRUE;
    }
    return !known;
}
