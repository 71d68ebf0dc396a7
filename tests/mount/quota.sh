#!/bin/bash
# SPDX-License-Identifier: MIT
# quota.sh - .adsfs/quota, and that all mounts of an application share one rate and its pauses.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# row MOUNT NAME WINDOW - used, limit, waiting
row() { awk -v name="$2" -v window="$3" '$1 == name && $2 == window { print $3, $4, $5 }' "$1/.adsfs/quota"; }

port=$(free_port)
service_start "$port" --advertisers 2 --campaigns 2 --adgroups 2 --ads 2 \
    --fault 40100=3x:/campaign/update/
profile one "$port" "writable = true" "write_wait = 6" "qpd = 1000"
profile two "$port" "tier = advanced"
mount_adsfs one one ttl=0
ONE=$MNT
mount_adsfs two two
TWO=$MNT

promise "a header, and a line for each window of the app and of endpoints with their own"
want_output "name window used limit waiting next free" awk 'NR == 1 { $1 = $1; print }' "$ONE/.adsfs/quota"
want_output "10 600 1000 2 60 4500 5 150 86400" sh -c "awk 'NR > 1 { print \$4 }' '$ONE/.adsfs/quota' | xargs"
want_output "20 1200 1728000 2 60 4500 10 200 86400" sh -c "awk 'NR > 1 { print \$4 }' '$TWO/.adsfs/quota' | xargs"

promise "it is right at each read, and the same in both mounts"
for account in "$ONE"/[0-9]*; do
    ls "$account/campaigns" >/dev/null
    want_eq "calls of the day" "$(row "$ONE" app day)" "$(wc -l <"$CALLS") 1000 0"
    want_eq "calls of the day" "$(row "$TWO" app day)" "$(wc -l <"$CALLS") 1728000 0"
done

promise "a second mount has the slots that the first one leaves"
for try in {1..8}; do
    ls "$ONE"/[0-9]*/campaigns >/dev/null
done
want_like "(2[0-9]|[3-9][0-9]|[1-9][0-9][0-9]) 600 0" row "$ONE" app minute
want_eq "the other mount's" "$(row "$TWO" app minute | cut -d' ' -f1)" "$(row "$ONE" app minute | cut -d' ' -f1)"

promise "a write that is refused for its rate waits until its time is over, then it is busy"
report=$(printf '%s\n' "$TWO"/[0-9]*/report.json | head -n 1)
budget=$(printf '%s\n' "$ONE"/[0-9]*/campaigns/[0-9]*/budget | head -n 1)
mark
want_refused "Device or resource busy" bash -c "echo 321 >'$budget'"
want_calls campaign/update 3
want_output "EBUSY 40100" sh -c "tail -n 1 '$ONE/.adsfs/errors' | jq -r '\"\\(.errno) \\(.code)\"'"

promise "five minutes then go by without a call, in all mounts of the application"
want_like 'everything +back-off +0 +- +0 +20..-..-..T..:..:..Z \(in 29[0-9] s\)' grep ^everything "$ONE/.adsfs/quota"
want_ok grep -q '^everything' "$TWO/.adsfs/quota"
mark
want_status 124 timeout -s INT 1 cat "$report"
want_calls any 0

promise "who looks meanwhile is told so after half a minute"
account=$(dirname "$report")
want_refused "Connection timed out" stat "$account/adgroups/1"
want_like 'ETIMEDOUT .*\.adsfs/quota.*' sh -c "tail -n 1 '$TWO/.adsfs/errors' | jq -r '\"\\(.errno) \\(.advice)\"'"

promise "and over a restart"
unmount "$ONE"
unmount "$TWO"
mount_adsfs one one
want_ok grep -q '^everything' "$MNT/.adsfs/quota"
want_eq "calls of the day" "$(row "$MNT" app day)" "$(wc -l <"$CALLS") 1000 0"
want_calls any 0

promise "the file is nobody else's"
want_output 600 sh -c "stat -c %a '$XDG_STATE_HOME/adsfs/app-$APP'/pace-*"
