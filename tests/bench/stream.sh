#!/bin/bash
# SPDX-License-Identifier: MIT
# stream.sh [RUNS] - a million rows through tasks that the service makes: 4,167 ads by hour for ten
# days. How long until the first byte, beside what curl needs for the same ten downloads; how long
# for all of it, beside `curl … | mlr --icsv --ojson cat`; how fast it is read again; and in how
# much memory.
#
# Both sides have the same tasks, which were ordered before, so that the two creates a second are in
# no figure but those of "from nothing". In those of adsfs are the mount's look at the account, what
# it asks to know that a report is whole, and that it is on the disk in the end. The downloads come
# once as fast as the loopback interface is, and once by a link of 25 MB (200 Mbit) a second.
runs=${1:-3} LIMIT=1500
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ADS=4167 DAYS=10 LINK=${LINK:-25000000} # bytes a second
far_port=$(free_port)
declare -A url_of=([near]=$url [far]=http://127.0.0.1:$far_port/open_api/v1.3)
profile near "$port"
profile far "$far_port"
python3 "$here/slow-link.py" "$far_port" "$port" "$LINK" >>"$T/service.log" 2>&1 &
link=$!
ROWS=$((ADS * 24 * DAYS))
FIRST=$(date -u -d "-$((DAYS + 2)) days" +%F) LAST=$(date -u -d '-3 days' +%F)
METRICS='["ad_name","adgroup_id","adgroup_name","campaign_id","campaign_name","spend","impressions","clicks","ctr","cpc","cpm","conversion","cost_per_conversion"]'

file() { echo "$MNT/$A/reports/$FIRST..$LAST/ad-hour.json"; }
days() { local i; for ((i = 0; i < DAYS; i++)); do date -u -d "$FIRST + $i days" +%F; done; }
many_ads() { begin --advertisers 1 --campaigns 10 --adgroups 100 --ads "$ADS" --always-deliver --task-delay "$1"; }

# ---- as a script does it ----

download() { get "report/task/download/?advertiser_id=$A&task_id=$1" || broken "curl: $?"; }
is_done() { get "report/task/check/?advertiser_id=$A&task_id=$1" | jq -e '.data.status == "SUCCESS"' >/dev/null; }
create()
{
    post report/task/create/ "$(jq -nc --arg a "$A" --arg day "$1" --argjson metrics "$METRICS" '{advertiser_id: $a,
        report_type: "BASIC", data_level: "AUCTION_AD", dimensions: ["ad_id", "stat_time_hour"], $metrics, start_date: $day,
        end_date: $day, output_format: "CSV_STRING", enable_report_title_translation: false}')" | jq -r .data.task_id
}

# Two a second, as the service allows.
create_all() { local day; for day in $(days); do create "$day" >>"$T/tasks"; sleep 0.5; done; }

download_all() { local task; for task in $(cat "$T/tasks"); do download "$task"; done; }
convert_all() { local task; for task in $(cat "$T/tasks"); do download "$task" | mlr --icsv --ojson cat; done; }

# Each as soon as it is there, while the next are being made.
script()
{
    local n task
    : >"$T/tasks"
    create_all &
    for ((n = 1; n <= DAYS; n++)); do
        until task=$(sed -n "${n}p" "$T/tasks") && [ -n "$task" ]; do sleep 0.05; done
        until is_done "$task"; do sleep 0.1; done
        download "$task" | mlr --icsv --ojson cat
    done
    wait $!
}

# timed NAME COMMAND… - a note of how long it takes
timed()
{
    local name=$1 began
    shift
    began=$(now)
    "$@"
    note "$name" $(($(now) - began))
}

# ---- as adsfs does it ----

# read_file NAME - notes NAME.first and NAME.all
read_file()
{
    local first all size
    read -r first all size < <(python3 "$here/first-byte.py" "$(file)") || give_up "no report: $(why)"
    note "$1.first" "$first"
    note "$1.all" "$all"
    note memory "$(peak)"
    BYTES=$size
}

have_created() { [ "$(calls report/task/create)" -ge "$DAYS" ]; }
half_created() { [ "$(calls report/task/create)" -ge $((DAYS / 2)) ]; }

# order_half PROFILE FIRST LAST UNTIL - by a mount that is gone before they are done
order_half()
{
    mount_bench "$1" report_mode=async
    cat "$MNT/$A/reports/$2..$3/ad-hour.json" >"$T/never-read" 2>/dev/null &
    until_true "$4"
    kill $! && wait $! 2>/dev/null
    unmount
}

# Ordered by mounts that are gone when they are done; the next one finds them. In halves, since no
# mount has all of them under way at once.
order() # PROFILE
{
    local middle
    middle=$(days | sed -n "$((DAYS / 2))p")
    many_ads 20000
    mark
    order_half "$1" "$FIRST" "$middle" half_created
    order_half "$1" "$(date -u -d "$middle + 1 day" +%F)" "$LAST" have_created
    jq -r .task_id "$T/changes.tasks" >"$T/tasks"
    want_eq "tasks" "$(wc -l <"$T/tasks")" "$DAYS"
    plain_url=$url
    for_each_task until_true is_done
}

for_each_task() { local task; for task in $(cat "$T/tasks"); do "$@" "$task"; done; }

# read_tasks PROFILE - the same tasks by curl, by curl and mlr, and by adsfs
read_tasks()
{
    plain_url=${url_of[$1]}
    timed "$1.download" download_all >"$T/downloaded"
    timed "$1.convert" convert_all >/dev/null
    CSV=$(stat -c %s "$T/downloaded")
    mark
    mount_bench "$1" report_mode=async
    read_file "$1"
    want_calls report/task/create 0
    want_calls report/task/download "$DAYS"
}

from_nothing()
{
    say "from nothing"
    many_ads 100
    mark
    mount_bench near report_mode=async
    read_file nothing
    MADE=$(calls any)
    unmount
    many_ads 100
    plain_url=$url
    timed nothing.script script >/dev/null
}

# ---- reading it again; MNT has it ----

again()
{
    local i
    cp "$(file)" "$T/copy"
    for ((i = 0; i < 9; i++)); do
        timed again cat "$(file)" >/dev/null
        timed copy cat "$T/copy" >/dev/null
    done
    rm "$T/copy"
}

# ---- all of it ----

for ((run = 1; run <= runs; run++)); do
    promise "run $run: the same tasks for both, every row, on the disk"
    from_nothing
    say "$run: over loopback"
    order near
    read_tasks near
    want_eq "rows" "$(grep -c '^{' "$(file)")" "$ROWS"
    want_eq "the spool on the disk" "$(find "$XDG_CACHE_HOME" -path '*/spool/*' -printf '%s\n')" "$BYTES"
    again
    unmount
    say "$run: over a link of $LINK bytes a second"
    order far
    read_tasks far
    unmount
done
promise_end

MBS=$((LINK / 1000000))
line() # TITLE ADSFS OTHER AIM
{
    printf '%-58s %9s %9s %9s  %s\n' "$1" "$(seconds "$2")" "$(seconds "$3")" "$(divide "$2" "$3")" "$4"
}

printf '\n%s rows, %s bytes as CSV, %s as JSON; medians of %s runs; seconds\n' "$ROWS" "$CSV" "$BYTES" "$runs"
printf '%-58s %9s %9s %9s  %s\n' '' adsfs script ratio aim
line "loopback: first byte; ten downloads" "$(median near.first)" "$(median near.download)" '<= 2'
line "loopback: all of it; ten downloads | mlr" "$(median near.all)" "$(median near.convert)" '<= 1'
line "$MBS MB/s: first byte; ten downloads" "$(median far.first)" "$(median far.download)" '<= 2'
line "$MBS MB/s: all of it; ten downloads | mlr" "$(median far.all)" "$(median far.convert)" '<= 1'
line "from nothing: all of it; each download | mlr" "$(median nothing.all)" "$(median nothing.script)" '<= 1'
line "read again; cat of a plain copy" "$(median again)" "$(median copy)" '<= 2'
printf '%-58s %9s\n' "calls from nothing" "$MADE" "VmHWM, kB" "$(sort -n "$T/runs.memory" | tail -n 1)"

promise "the first byte comes in twice the time of the downloads"
want_ok at_most "$(divide "$(median near.first)" "$(median near.download)")" 2
promise "... over a link of $LINK bytes a second"
want_ok at_most "$(divide "$(median far.first)" "$(median far.download)")" 2
promise "all of it takes no longer than curl and mlr"
for what in near far; do
    want_ok at_most "$(divide "$(median $what.all)" "$(median $what.convert)")" 1
done
want_ok at_most "$(divide "$(median nothing.all)" "$(median nothing.script)")" 1
promise "it is read again at half the speed of a plain file"
want_ok at_most "$(divide "$(median again)" "$(median copy)")" 2
promise "at most 65536 kB resident"
want_ok at_most "$(sort -n "$T/runs.memory" | tail -n 1)" 65536
kill "$link"
