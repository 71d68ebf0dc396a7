#!/bin/bash
# SPDX-License-Identifier: MIT
# offline.sh - mounted offline nothing is sent: what is known is served, of whatever age, the rest
# fails at once and says how to get it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile away "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 2 3 2 1)
values() { (cd "$MNT" && find . -path ./.adsfs -prune -o -name reports -prune -o -type f -not -name README.md -print | sort | xargs cat); }
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r ".$1"; }

mount_adsfs away away qps=0 qpm=0 ttl=1
mapfile -t A < <(cd "$MNT" && compgen -G '[0-9]*')
ls "$MNT/${A[0]}/campaigns" >/dev/null
C=$(cd "$MNT" && compgen -G "${A[0]}/campaigns/[0-9]*" | head -n 1)
R=${A[0]}/reports/yesterday/campaign-day.json
find "$MNT/${A[0]}" -path '*/reports' -prune -o -print >"$T/before"
cat "$MNT/$C/"{budget,name,info.json} >"$T/values"
cat "$MNT/$R" >"$T/report"
unmount
sleep 1.1

promise "everything known is served after a remount offline, and nothing is sent"
mark
mount_adsfs away away ttl=1 report_ttl=1 offline
find "$MNT/${A[0]}" -path '*/reports' -prune -o -print >"$T/after"
want_ok cmp "$T/before" "$T/after"
cat "$MNT/$C/"{budget,name,info.json} >"$T/values.after"
want_ok cmp "$T/values" "$T/values.after"
want_ok cmp "$T/report" "$MNT/$R"
want_ok cmp "$T/report" "$MNT/$R"
want_ok ls -l "$MNT/$C"
want_calls any 0
want_output true jq .offline "$MNT/.adsfs/status.json"
want_output null jq .unreachable_since "$MNT/.adsfs/status.json"
want_ok test "$(jq .cache.served_old "$MNT/.adsfs/status.json")" -ge 4

promise "what is not known fails at once, and says how to get it"
want_refused "No route to host" ls "$MNT/${A[1]}/ads"
want_output "mounted offline; remount without offline" last_error message
want_output "${A[1]}/ads" last_error path
want_refused "No route to host" ls "$MNT/business-centers"
want_refused "No route to host" cat "$MNT/${A[0]}/reports/2026-01/ad-total.csv"
want_calls any 0

promise "nothing can be written, and that says why"
want_eq "mode" "$(stat -c %a "$MNT/$C/budget")" 400
want_refused "Read-only file system" bash -c "echo 501 > '$MNT/$C/budget'"
want_like "mounted offline: .*remount without offline" last_error message
want_like ".*without ro and offline.*" last_error advice
want_refused "No route to host" bash -c "echo refresh > '$MNT/.adsfs/ctl'"
want_like ".*remount without offline" last_error message
want_calls any 0

promise "a report of days that go on is that of the day it was made"
unmount
mount_adsfs away away qps=0 qpm=0
cat "$MNT/${A[0]}/reports/last-7d/campaign-total.csv" >"$T/report"
unmount
mount_adsfs away away offline
want_ok cmp "$T/report" "$MNT/${A[0]}/reports/last-7d/campaign-total.csv"

promise "offline is a word of the profile as well"
unmount
profile home "$port" "offline = true"
cp -r "$XDG_CACHE_HOME/adsfs/away/." "$XDG_CACHE_HOME/adsfs/home" 2>/dev/null
mark
mount_adsfs home home
want_output true jq .offline "$MNT/.adsfs/status.json"
want_refused "No route to host" ls "$MNT/${A[1]}/ads"
want_calls any 0
