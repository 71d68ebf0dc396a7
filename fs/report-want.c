/* SPDX-License-Identifier: MIT */
/* report-want.c - the one place where opening a report may cost calls. */
#include "fs/report-want.h"

#include "fs/backstop.h"
#include "fs/progress.h"
#include "fs/waits.h"

static pid_t caller_of(const Request *request)
{
    return fuse_req_ctx(request->fuse)->pid;
}

static void note_wait(Request *request, const ReportQuery *query)
{
    const struct fuse_ctx *caller = fuse_req_ctx(request->fuse);
    Wait wait = {
        .ino = request->ino, .pid = caller->pid, .uid = caller->uid, .since_us = request->began};

    waits_note(request->mount->waits, request, &wait, query);
    progress_begin(request->mount);
}

/* What the fetch that it has begun took in the end. */
static void settle_account(Request *request, const ReportQuery *query)
{
    Wait *wait = waits_get(request->mount->waits, request);
    ReportState state;

    if (wait == NULL || wait->begun == 0)
        return;
    cache_report_state(request->mount->cache, query, request->began, &state);
    backstop_ended(request->mount, wait->pid, wait->begun, &state);
    wait->begun = 0;
}

CacheResult report_want(Request *request, const ReportQuery *query, GError **error)
{
    Mount *mount = request->mount;
    Waiter waiter = request_waiter(request);
    guint64 before = cache_reports_begun(mount->cache);
    CacheResult result;
    guint begun = 0;

    if (waits_get(mount->waits, request) == NULL &&
        !backstop_allows(mount, caller_of(request), query, error))
        return CACHE_ERROR;
    result = cache_want_report(mount->cache, query, &waiter, error);
    if (cache_reports_begun(mount->cache) > before)
        begun = backstop_begun(mount, caller_of(request), query);
    if (result == CACHE_WAIT) {
        note_wait(request, query);
        waits_get(mount->waits, request)->begun += begun;
    } else {
        settle_account(request, query);
    }
    return result;
}

void report_want_later(Request *request, const ReportQuery *query)
{
    Mount *mount = request->mount;
    guint64 before = cache_reports_begun(mount->cache);

    if (!backstop_allows(mount, caller_of(request), query, NULL))
        return;
    cache_want_report(mount->cache, query, NULL, NULL);
    if (cache_reports_begun(mount->cache) > before)
        backstop_begun(mount, caller_of(request), query);
}
