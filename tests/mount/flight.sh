#!/bin/bash
# SPDX-License-Identifier: MIT
# flight.sh - as many as want the same thing, it is fetched once.
# shellcheck source=crowd.sh
. "$(dirname "$0")/crowd.sh"

# asked - what the sandbox was asked since the mark
asked() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r '"\(.path) \(.query // "")"' | sort; }

# cold - a mount that knows nothing, before a service slow enough for all to be there
cold()
{
    rm -rf "$XDG_CACHE_HOME/adsfs/test" "$XDG_STATE_HOME/adsfs/test"
    mount_adsfs "$1" test qps=0 qpm=0 ttl=3000
    mark
}

# One answer wakes them all: not in one turn, in which nobody else would be served.
short_turns() { want_ok jq -e '.loop.p99_9_us <= 10000' "$MNT/.adsfs/status.json"; }

# once ACTION PATH - a crowd gets what one process gets, with the calls of one
once()
{
    cold one
    want_output "1 0" crowd "$1" 1 "$MNT/$2"
    asked >"$T/asked.one"
    unmount
    cold many
    want_output "1 0" crowd "$1" "$CROWD" "$MNT/$2"
    want_ok test -s "$T/asked.one"
    want_eq "asked" "$(asked | diff "$T/asked.one" - | head -n 8)" ""
    short_turns
    echo "# turns: $(jq -c '.loop | del(.turns_up_to_us)' "$MNT/.adsfs/status.json")"
}

service --latency 200
mount_adsfs warm test qps=0 qpm=0 ttl=3000
warm=$MNT
A=$(basename "$(compgen -G "$warm/[0-9]*")")
C=$(find "$warm/$A/campaigns" -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort | head -n 1)
find "$warm/$A" >"$T/all"
unmount

promise "$CROWD processes that read the same cold budget cause the calls of one"
once read "$A/campaigns/$C/budget"
want_calls campaign/get 1
unmount

promise "$CROWD processes that list the same cold directory cause the calls of one"
once list "$A/adgroups"
want_calls adgroup/get 1
unmount

promise "$CROWD processes that open the same cold report cause the calls of one"
once read "$A/reports/last-7d/campaign-day.csv"
want_calls report/integrated/get 1
unmount

promise "64 find at once all see the same, with the calls of one, and status.json is JSON meanwhile"
cold find
want_ok find "$MNT" -name .adsfs -prune -o -print
asked >"$T/asked.one"
cd "$MNT" && find . -name .adsfs -prune -o -print | sort >"$T/one.find"; cd /
unmount
cold finds
cd "$MNT" || exit
for i in {1..64}; do
    find . -name .adsfs -prune -o -print >"$T/$i.found" 2>&1 &
    finds[i]=$!
done
cd /
json() { jq -e '.loop.turns > 0 and .cache.fetching >= 0' "$MNT/.adsfs/status.json" >"$T/jq" 2>&1; }
for i in {1..30}; do
    json || broken "status.json: $(cat "$T/jq" "$MNT/.adsfs/status.json")"
done
for i in {1..64}; do
    wait "${finds[i]}" || broken "find: status $?"
    sort "$T/$i.found" | cmp - "$T/one.find" || broken "find $i saw something else"
done
want_ok test "$(wc -l <"$T/one.find")" -gt 5000
want_eq "asked" "$(asked | diff "$T/asked.one" - | head -n 8)" ""
unmount
