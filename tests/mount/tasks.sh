#!/bin/bash
# SPDX-License-Identifier: MIT
# tasks.sh - what tasks of the service make is what its pages say, whatever goes wrong on the way,
# and a task is found again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
SIZE=(--advertisers 1 --campaigns 6 --adgroups 18 --ads 36)
DAYS=$(date -u -d '55 days ago' +%F)..$(date -u -d '46 days ago' +%F)
OTHERS=$(date -u -d '70 days ago' +%F)..$(date -u -d '61 days ago' +%F)
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
    "of/$kept/$OTHERS/ad-day.csv")
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

# ---- it is found again ----

# begin - a reader that waits for a task; sets READER
begin()
{
    mark
    env --default-signal=INT cat "$R/${NAMES[0]}" >"$T/got" 2>"$T/stderr" &
    READER=$!
    until_true has_task
}
has_task() { [ "$(calls report/task/check)" -ge 1 ]; }

# again - a mount with the cache of the one before
again()
{
    mount_adsfs "p$number" "p$number" qps=0 qpm=0 report_mode=async
    R=$MNT/$A/reports
}

found()
{
    cat "$R/${NAMES[0]}" >"$T/got" || broken "cat: $(why)"
    same "$T/got" "$T/wanted.0"
    made 1
    want_calls report/task/cancel 0
}

service --task-delay 4000
promise "Ctrl-C ends the reader and not the task; the next open has what it makes"
fresh report_mode=async
begin
kill -INT "$READER"
ended "$READER" 130
found
unmount

promise "a mount that was ended finds its task again, whether it is made by then or not"
fresh report_mode=async
begin
kill -TERM "$READER"
wait "$READER" 2>/dev/null
unmount
again
found
unmount
promise "... and so does one after kill -9"
fresh report_mode=async
begin
kill -KILL "$DAEMON"
wait "$DAEMON" "$READER" 2>/dev/null
forget_daemon
until_true bash -c "! grep -q ' $MNT ' /proc/self/mountinfo"
sleep 4
again
found
unmount

# ---- what is read again ----

service
fresh report_mode=async report_ttl=1
promise "days that were over and say something else when they are read again are events"
WEEK=$(date -u -d '6 days ago' +%F)..$(date -u -d '4 days ago' +%F)
restated() { jq -r 'select(.event == "restated") | .path' "$MNT/.adsfs/events"; }
cat "$R/$WEEK/ad-day.csv" >"$T/before" || broken "cat: $(why)"
want_output "" restated
curl -s -X POST "http://127.0.0.1:$port/sandbox/clock?now=$(date -u -d '2 days' +%FT%TZ)" >/dev/null
sleep 1.1
cat "$R/$WEEK/ad-day.csv" >"$T/after" || broken "cat: $(why)"
want_refused "" cmp "$T/before" "$T/after"
want_ok test "$(restated | wc -l)" -ge 1
for path in $(restated); do
    want_ok cat "$MNT/$path/ad-day.csv"
done
want_output ad-day bash -c "jq -r 'select(.event == \"restated\") | .field' '$MNT/.adsfs/events' | sort -u"
unmount

# ---- a full disk ----

# nothing_stored - no rows of reports are in the store
nothing_stored()
{
    python3 - "$CACHE/cache.sqlite" <<'END'
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
sys.exit(db.execute("SELECT count(*) FROM report_chunk").fetchone()[0])
END
}

read_all() { cat "$R/${NAMES[0]}" >"$T/got"; }
has_room() { [ "$(df --output=used "$CACHE" | tail -n 1)" -lt 1024 ]; }

number=$((number + 1))
CACHE=$XDG_CACHE_HOME/adsfs/p$number
mkdir -p "$CACHE"
if mount -t tmpfs -o size=5m none "$CACHE" 2>/dev/null; then
    trap 'umount -l "$CACHE"; finish' EXIT
    SIZE=(--advertisers 1 --campaigns 100 --adgroups 500 --ads 3000 --always-deliver)
    rm -f "$T/changes"
    service
    A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" |
        jq -r '.data.list[0].advertiser_id')
    profile "p$number" "$port"
    again
    promise "a full disk is ENOSPC, and nothing is left behind"
    mark
    want_refused "No space left on device" cat "$R/${NAMES[0]}"
    made 1
    until_true nothing_stored
    want_eq "spool" "$(ls "$CACHE/spool")" ""
    until_true has_room
    promise "... and when there is room, the task that was made is enough"
    want_ok mount -o remount,size=200m "$CACHE"
    until_true read_all # the failure is remembered for a moment
    want_eq "lines" "$(wc -l <"$T/got")" 30001
    made 1
    unmount
else
    skip_promise "a full disk is ENOSPC, and nothing is left behind" "no tmpfs can be mounted here"
fi
