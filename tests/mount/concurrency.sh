#!/bin/bash
# SPDX-License-Identifier: MIT
# concurrency.sh - a thousand processes that wait keep nobody else from what is known, and all of
# them can leave.
#
# What is timed is compared with itself, in the same run: the best of some rounds, and of some more
# where these were not good enough, since a machine that is busy with something else makes it worse.
# shellcheck source=crowd.sh
. "$(dirname "$0")/crowd.sh"
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$DAEMON/status"; }

service
mount_adsfs crowd test qps=0 qpm=0 ttl=3000
A=$(basename "$(compgen -G "$MNT/[0-9]*")")
find "$MNT/$A" >"$T/all"
service --latency 600000 # nothing is answered any more
reports=()
for day in {1..20}; do
    for name in campaign-total.json adgroup-total.csv; do
        reports+=("$MNT/$A/reports/$(date -u -d "-$day days" +%F)/$name")
    done
done
values=("$MNT/$A"/campaigns/[0-9]*/budget "$MNT/$A"/campaigns/[0-9]*/name)
status=$MNT/.adsfs/status.json
cat "${values[@]}" "$status" >"$T/read"
before=$(peak)

waiting() { jq -e ".waiting_requests == $1" "$status" >"$T/waiting"; }

gathered() { { test -e "$T/crowd" && waiting "$CROWD"; } || gone "$HOLD"; }

# gather - the crowd waits in open
gather()
{
    rm -f "$T/crowd"
    crowd hold "$CROWD" "$T/crowd" "${reports[@]}" >"$T/hold" &
    HOLD=$!
    until_true gathered
    gone "$HOLD" && give_up "the crowd did not wait: $(cat "$T/hold")"
}

# leave SIGNAL… - each gets one of the signals in turn, and all of them end
leave()
{
    local signals=("$@") i=0 pid
    while read -r pid; do
        kill -s "${signals[i++ % $#]}" "$pid"
    done <"$T/crowd" 2>"$T/stderr"
    wait "$HOLD"
    want_output "$CROWD 0 0" cat "$T/hold"
}

# best WHAT - of the ratios of loaded to idle: the greatest of reads, the least of percentiles
best() { awk -v field="$1" -v sign="$2" '
    { ratio = $(field + 2) / $field; if (NR == 1 || sign * ratio > sign * best) best = ratio }
    END { printf "%.2f\n", best }' "$T/rounds"; }

no_slower() { awk -v best="$(best 1 1)" 'BEGIN { exit !(best >= 0.5) }'; }
no_longer() { awk -v best="$(best 2 -1)" 'BEGIN { exit !(best <= 5) }'; }
good() { no_slower && no_longer; }

promise "$CROWD processes that wait in open all end with SIGINT or SIGTERM, before any answer"
for round in {1..7}; do
    [ "$round" -gt 3 ] && good && break
    idle=$(crowd time 1 "${values[@]}")
    gather
    loaded=$(crowd time 1 "${values[@]}")
    echo "$idle $loaded" >>"$T/rounds"
    jq -c .loop "$status" >"$T/loop"
    leave INT TERM
    want_calls report/integrated/get 0
    until_true waiting 0
done
echo "# idle and loaded: reads a second and p99 in us: $(tr '\n' ';' <"$T/rounds")"
echo "# turns: $(jq -c 'del(.turns_up_to_us)' "$T/loop")"

promise "meanwhile others read what is known at no less than half of the speed"
want_ok no_slower
echo "# $(best 1 1) of the reads of an idle mount"

promise "and wait, 99 times of 100, no more than five times as long"
want_ok no_longer
echo "# $(best 2 -1) times the 99th percentile of an idle mount"

promise "status.json is JSON while they come and go"
touch "$T/going"
while [ -e "$T/going" ]; do
    jq -e '.loop.turns > 0 and .waiting_requests >= 0' "$status" || cat "$status"
done >"$T/json" 2>&1 &
reader=$!
gather
leave TERM
gather
rm "$T/going"
wait "$reader"
want_eq "what is not JSON" "$(grep -vx true "$T/json" | head -n 4)" ""
want_ok test "$(wc -l <"$T/json")" -gt 10

after=$(peak)
echo "# peak $before kB, with $CROWD waiting $after kB"
if grep -q libasan "/proc/$DAEMON/maps"; then # keeps what was freed
    skip_promise "what waits takes little memory" "a build with sanitizers"
else
    promise "what waits takes little memory"
    want_ok test "$after" -lt $((before + 16 * 1024))
fi

promise "fusermount3 -u -z ends the mount while they wait, and nobody hangs"
want_ok fusermount3 -u -z "$MNT"
want_eq "mounted" "$(our_mounts)" ""
leave INT TERM KILL
ended "$DAEMON" 0
forget_daemon
want_eq "left" "$(processes_with crowd.py)" ""
want_calls report/integrated/get 0
