#!/bin/bash
# SPDX-License-Identifier: MIT
# ages.sh - what is known stays readable: while the service is out of reach, also after a remount, and
# where an account is closed; what never was known fails; names that can not be are asked of nobody.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
TREE=$(tree 2 4 2 1)
profile ages "$port" "writable = true"
start() { service_start "$port" $TREE "$@"; } # shellcheck disable=SC2086
# everything - names and values of all but what is always new, without a word about reports
everything()
{
    (cd "$MNT" && find . -path ./.adsfs -prune -o -name reports -prune -o -type f -not -name README.md \
        -print | sort | while read -r file; do echo "$file $(cat "$file")"; done)
}
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r ".$1"; }
errors() { wc -l <"$MNT/.adsfs/errors"; }
status() { jq -r "$1" "$MNT/.adsfs/status.json"; }

start
mount_adsfs one ages qps=0 qpm=0 ttl=1
mapfile -t A < <(cd "$MNT" && compgen -G '[0-9]*')
C=$(cd "$MNT" && compgen -G "${A[0]}/campaigns/[0-9]*" | head -n 1)
R=${A[0]}/reports/last-7d/campaign-total.csv
cat "$MNT/business-centers/"*/{members.json,balance} >"$T/center"
everything >"$T/before"
cat "$MNT/$R" >"$T/report"
want_ok test "$(wc -l <"$T/before")" -gt 300
service_stop
sleep 1.1 # all of it has expired

promise "what is known is served while the service is out of reach"
everything >"$T/after"
want_ok cmp "$T/before" "$T/after"
want_ok cmp <(ls "$MNT/$C") <(ls "$MNT/$C")
want_ok cat "$MNT/business-centers/"*/members.json

promise "status.json says since when, and how much is served old"
want_like '20..-..-..T..:..:..Z' status .unreachable_since
want_ok test "$(status .cache.served_old)" -ge 6
want_output false status .offline

promise "a failed refresh is a line in .adsfs/errors, not one for each file"
want_ok test "$(errors)" -ge 1
want_ok test "$(errors)" -le 3
want_output EHOSTUNREACH last_error errno
want_like "what was known before is shown: .*" last_error message

promise "a report made before is served old, and has the time of its rows"
before=$(stat -L -c %Y "$MNT/$R")
want_ok cmp "$T/report" "$MNT/$R"
want_eq "mtime" "$(stat -L -c %Y "$MNT/$R")" "$before"

promise "what never was known fails with EHOSTUNREACH"
want_refused "No route to host" cat "$MNT/${A[1]}/reports/yesterday/ad-total.csv"
want_output EHOSTUNREACH last_error errno

promise "a value can not be written: surely not sent"
value=$(cat "$MNT/$C/name")
want_refused "No route to host" bash -c "echo other > '$MNT/$C/name'"
want_output "$value" cat "$MNT/$C/name"

promise "a mount made while the service is down serves what is known, and reports made before"
unmount
mount_adsfs one ages qps=0 qpm=0 ttl=1 report_ttl=1
everything >"$T/after"
want_ok cmp "$T/before" "$T/after"
sleep 1.1
want_ok cmp "$T/report" "$MNT/$R"
want_like "what was known before is shown: .*" last_error message

promise "when it is back, all is asked for again by whoever reads"
start
unmount
mount_adsfs one ages qps=0 qpm=0 ttl=600 report_ttl=600
echo refresh >"$MNT/.adsfs/ctl"
mark
everything >"$T/after"
want_ok cmp "$T/before" "$T/after"
want_ok test "$(calls advertiser/info)" -ge 1
want_ok cmp "$T/report" "$MNT/$R"
want_ok test "$(calls report/integrated/get)" -ge 1
want_output null status .unreachable_since

promise "a closed account keeps its history readable, and says so once for each list"
service_stop
start --forbid "${A[0]}"
echo refresh >"$MNT/.adsfs/ctl"
unmount
mount_adsfs one ages qps=0 qpm=0 ttl=600 report_ttl=1
echo refresh >"$MNT/.adsfs/ctl"
everything >"$T/after"
want_ok cmp "$T/before" "$T/after"
grep -c . "$MNT/.adsfs/errors" >"$T/lines"
everything >"$T/after"
want_ok cmp "$T/before" "$T/after"
want_eq "lines" "$(errors)" "$(cat "$T/lines")"
want_eq "paths" "$(jq -r .path "$MNT/.adsfs/errors" | sort | tr '\n' ' ')" \
    "${A[0]} ${A[0]}/adgroups ${A[0]}/ads ${A[0]}/campaigns "
want_output 3 status .cache.served_old
want_ok cmp "$T/report" "$MNT/$R"

promise "what was never known of it is refused, and not shown as empty"
unmount
rm -rf "$XDG_CACHE_HOME"
mount_adsfs one ages qps=0 qpm=0 ttl=600
want_refused "Permission denied" ls "$MNT/${A[0]}/campaigns"
want_refused "Permission denied" cat "$MNT/${A[0]}/currency"
want_ok ls "$MNT/${A[1]}/campaigns"
unmount
service_stop

promise "with stale= an expired value is shown at once, and the next reader has the new one"
start --latency 300
mount_adsfs one ages qps=0 qpm=0 ttl=1 stale=600
value=$(cat "$MNT/$C/name")
sleep 1.1
mark
want_output "$value" cat "$MNT/$C/name"
cat "$MNT/$C/name" "$MNT/$C/status" >/dev/null
want_ok test "$(calls campaign/get)" -le 1
served() { [ "$(calls campaign/get)" -ge 1 ]; }
until_true served
want_calls campaign/get 1
unmount

promise "what is asked for by its id waits for no outage that a listing has found"
rm -rf "$XDG_CACHE_HOME"
mount_adsfs one ages qps=0 qpm=0 ttl=1 poll=0
cat "$MNT/$C/budget" >/dev/null
ls "$MNT" >/dev/null
service_stop
sleep 1.1
want_ok ls "$MNT" # waits
tries=$(status .api.calls)
want_ok cat "$MNT/$C/budget"
want_output "$tries" status .api.calls
unmount
start

promise "names that can not be cost no call, cold"
rm -rf "$XDG_CACHE_HOME"
mount_adsfs one ages qps=0 qpm=0 ttl=600
ls "$MNT" >/dev/null
mark
for name in .git .hidden HEAD .Trash-1000 autorun.inf '*' x123; do
    for dir in . "${A[0]}" "${A[0]}/campaigns" "${A[0]}/ads" "${A[0]}/reports" "${A[0]}/reports/last-7d" \
        "${A[0]}/reports/of"; do
        [ -e "$MNT/$dir/$name" ] && broken "$dir/$name is there"
    done
done
[ -e "$MNT/${A[0]}/campaigns/by-name/.git" ] && broken "by-name/.git is there"
want_calls any 0

promise "a thousand probes for ids that are not there are one flight, cold, and no call when fresh"
mark
probe() { python3 - "$MNT/${A[0]}/campaigns" <<'END'
import os, sys, threading
there = []
def probe(name):
    if os.path.exists(f"{sys.argv[1]}/{name}"):
        there.append(name)
threads = [threading.Thread(target=probe, args=(n,)) for n in range(1, 1001)]
for t in threads: t.start()
for t in threads: t.join()
sys.exit(len(there))
END
}
want_ok probe
want_calls campaign/get 1
want_ok probe
want_calls campaign/get 1
