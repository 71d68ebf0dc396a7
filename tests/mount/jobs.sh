#!/bin/bash
# SPDX-License-Identifier: MIT
# jobs.sh - reports that are being fetched can be seen in .adsfs/jobs, and a task can be ended.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile jobs "$port"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 2) --task-delay 3600000
mount_adsfs one jobs qps=0 qpm=0 report_mode=async
A=$(cd "$MNT" && compgen -G '[0-9]*')
DAYS=$(date -d '50 days ago' +%F)..$(date -d '41 days ago' +%F) # one task
R=$A/reports/$DAYS/ad-day.csv
jobs() { jq -r "$1" "$MNT/.adsfs/jobs"; }
has_state() { jobs .state | grep -qx "$1"; }
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r ".$1"; }
readers=()
# read_later PATH - in the background; ended() of its pid is its end, $T/read.PID what it said
read_later()
{
    cat "$MNT/$1" >"$T/read" 2>"$T/read.err" &
    readers+=($!)
}
# reader_ended STATUS [TEXT]
reader_ended()
{
    wait "${readers[-1]}"
    want_eq "the reader's status" $? "$1"
    [[ $(<"$T/read.err") == *"${2:-}"* ]] || broken "the reader said $(<"$T/read.err")"
}

promise ".adsfs/jobs is listed, has no size and nothing in it while no report is fetched"
want_ok grep -qx jobs <(ls "$MNT/.adsfs")
want_output "0 400" stat -c '%s %a' "$MNT/.adsfs/jobs"
want_output "" cat "$MNT/.adsfs/jobs"

promise "a task is a line: its id, the file that waits for it, its days, state, age and readers"
read_later "$R"
until_true has_state QUEUING
want_output "$R async ad ad_id,stat_time_day $DAYS null 1" jobs \
    '"\(.path) \(.mode) \(.level) \(.dimensions | join(",")) \(.start)..\(.end) \(.percent) \(.readers)"'
want_ok jq -e --arg a "$A" '.advertiser == $a and (.id | test("^[0-9]+$")) and .rows == 0 and
    .total_rows > 0 and .bytes == 0 and (.age | type) == "number" and
    (.metrics | index("spend"))' "$MNT/.adsfs/jobs"
want_output 0 stat -c %s "$MNT/.adsfs/jobs"

promise "to look costs no call"
mark
cat "$MNT/.adsfs/jobs" "$MNT/.adsfs/jobs" >/dev/null
want_calls report/integrated/get 0
want_calls report/task/create 0

promise "an id that is none is ENOENT, none at all is EINVAL, and both say what to do"
want_refused "No such file" bash -c "echo cancel 12 > '$MNT/.adsfs/ctl'"
want_like 'cancel 12: there is no such report task; take an id of .adsfs/jobs' last_error message
want_refused "Invalid argument" bash -c "echo cancel > '$MNT/.adsfs/ctl'"
want_like 'cancel: which\? an id is missing; take an id of .adsfs/jobs' last_error message
want_eq "tasks" "$(jobs .id | wc -l)" 1

promise "cancel ends the task, there and here; its reader has ECANCELED and the reason"
mark
id=$(jobs .id)
want_ok bash -c "echo cancel $id > '$MNT/.adsfs/ctl'"
reader_ended 1 "Operation canceled"
want_calls report/task/cancel 1
want_like "The report task $id was cancelled" last_error message
want_output "$R" last_error path
want_output "" cat "$MNT/.adsfs/jobs"
want_eq "as the service has it" \
    "$(ask "$port" report/task/check "advertiser_id=$A" "task_id=$id" | jq -r .data.status)" CANCELED
want_refused "No such file" bash -c "echo cancel $id > '$MNT/.adsfs/ctl'"
want_like 'cancel .*; no report is being fetched, see .adsfs/jobs' last_error message

promise "opened again it is a new task, which a reader that is interrupted leaves running"
sleep 1.1 # a failure is remembered for a second
mark
read_later "$R"
until_true has_state QUEUING
want_calls report/task/create 1
want_ok test "$(jobs .id)" != "$id"
id=$(jobs .id)
kill -TERM "${readers[-1]}"
reader_ended 143
until_true test "$(jobs '"\(.readers) \(.path)"')" = "0 null"
want_output "$id" jobs .id

promise "after a remount the task is found, and can be cancelled"
unmount
mount_adsfs two jobs qps=0 qpm=0 report_mode=async
mark
read_later "$R"
until_true has_state QUEUING
want_output "$id" jobs .id
want_calls report/task/create 0
want_ok bash -c "echo cancel $id > '$MNT/.adsfs/ctl'"
reader_ended 1 "Operation canceled"

promise "what is read by pages is a line without an id, and can not be cancelled"
unmount
service_stop
port=$(free_port)
profile slow "$port"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 2) --latency 400
mount_adsfs three slow qps=0 qpm=0
read_later "$R"
until_true has_state READING
want_refused "No such file" bash -c "echo cancel 12 > '$MNT/.adsfs/ctl'"
want_like '.*; what is read by pages has no id, and ends with its reader \(Ctrl-C\)' last_error message
reader_ended 0
want_output "" cat "$MNT/.adsfs/jobs"
