#!/bin/bash
# SPDX-License-Identifier: MIT
# tasks.sh - what tasks of the service make is what its pages say, whatever goes wrong on the way,
# and a task is found again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
SIZE=(--advertisers 1 --campaigns 6 --adgroups 18 --ads 36)
DAYS=$(date -u -d '55 days ago' +%F)..$(date -u -d '46 days ago' +%F)
creates() { calls report/task/create; }

# service OPTION… - anew, with the same objects and the same changes
service()
{
    service_stop
    service_start "$port" "${SIZE[@]}" --task-delay 100 "$@"
}

# made N - so many creates since the mark
made()
{
    local n
    n=$(creates)
    [ "$n" = "$1" ] || broken "$n tasks were created, wanted $1"
}

# same FILE FILE - the same rows
same() { want_ok cmp <(sort "$1") <(sort "$2"); }

service
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
kept=$(ask "$port" campaign/get advertiser_id="$A" | jq -r '.data.list[1].campaign_id')
gone=$(ask "$port" campaign/get advertiser_id="$A" | jq -r '.data.list[0].campaign_id')
tell "$port" campaign/status/update \
    "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$gone\"],\"operation_status\":\"DELETE\"}" >/dev/null

# number NAME [OPTION…] - a mount with a cache of its own
number=0
fresh()
{
    number=$((number + 1))
    profile "p$number" "$port"
    mount_adsfs "p$number" "p$number" qps=0 qpm=0 "$@"
    R=$MNT/$A/reports
    mark
}

NAMES=("$DAYS/ad-day.csv" "$DAYS/campaign-total.csv" "${DAYS%%..*}/adgroup-hour.csv"
    "last-30d/ad-day.csv" "$DAYS/ad-day-age.csv" "$DAYS/advertiser-day.csv"
    "of/$kept/$DAYS/ad-day.csv")
fresh report_mode=sync
for i in "${!NAMES[@]}"; do
    cat "$R/${NAMES[i]}" >"$T/wanted.$i" || broken "cat ${NAMES[i]}: $(why)"
done
made 0
want_like '"sync"' jq .mode "$R/${NAMES[0]}.meta"
unmount

promise "a report made by tasks is the one read by pages, deleted objects included"
fresh report_mode=async
for i in "${!NAMES[@]}"; do
    mark
    cat "$R/${NAMES[i]}" >"$T/got" || broken "cat ${NAMES[i]}: $(why)"
    want_ok test "$(wc -l <"$T/got")" -gt 5
    same "$T/got" "$T/wanted.$i"
    made 1
    want_like '"async"' jq .mode "$R/${NAMES[i]}.meta"
done
want_ok grep -q "$gone" "$T/wanted.1"
mark
cat "$R/${NAMES[0]}" >/dev/null
want_calls any 0
unmount

# fault OPTIONS TASKS - the report is whole, after so many tasks
fault()
{
    # shellcheck disable=SC2086
    service $1
    fresh report_mode=async
    cat "$R/${NAMES[0]}" >"$T/got" || broken "cat: $(why)"
    same "$T/got" "$T/wanted.0"
    made "$2"
    unmount
}

promise "a task that fails is made again in two, and where these fail pages do"
fault "--fault task-failed=1x" 3
fault "--fault task-failed=1" 3
promise "a state that nobody knows is waited for"
fault "--fault task-odd-state=1" 1
promise "a download that is cut begins again, a torn table is made again"
fault "--fault task-cut=1x" 1
fault "--fault task-torn=1x" 3
promise "a table that lacks rows is made again, a task that is gone is created once more"
fault "--fault task-short=1x" 2
fault "--fault task-gone=1x" 2
promise "creating, checking and downloading outlive faults of the service"
fault "--fault 50000=1x:/report/task/check/ --fault html504=1x:/report/task/download/" 1
fault "--fault drop=1x:/report/task/create/" 3
promise "pages are read where no task can be created"
fault "--fault 50002=1:/report/task/create/" 3

promise "a report that can not be proved whole is EIO, and .adsfs/errors says why"
service --fault task-short=1
fresh report_mode=async
want_refused "Input/output error" cat "$R/${NAMES[0]}"
want_like '.*can not be proved complete: [0-9]+ different rows came of [0-9]+, read 3 times.*' why
made 3
unmount
promise "... unless pages may be read instead"
fresh async_pages=1
cat "$R/${NAMES[0]}" >"$T/got" || broken "cat: $(why)"
same "$T/got" "$T/wanted.0"
unmount
