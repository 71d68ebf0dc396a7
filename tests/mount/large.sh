#!/bin/bash
# SPDX-License-Identifier: MIT
# large.sh - twenty times as many objects need twenty times as many calls, and no more memory.
LIMIT=800
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

promise "a small account is read whole"
TREE=$(tree 1 200 5 5)
mount_sandbox ttl=3000
want_eq "ads" "$(find "$MNT" | grep -cE '/adgroups/[0-9]+/ads/[0-9]+$')" 5000
small=$(peak)
unmount

promise "of 100,000 ads, find sees every one, at 1,000 a call"
TREE=$(tree 1 200 10 50)
mount_sandbox ttl=3000
want_eq "ads" "$(find "$MNT" | grep -cE '/adgroups/[0-9]+/ads/[0-9]+$')" 100000
want_calls campaign/get 1
want_calls adgroup/get 2
want_calls ad/get 100
large=$(peak)

promise "a second find makes no call"
mark
find "$MNT" >/dev/null
want_calls any 0

promise "resident memory does not grow with the account"
echo "# peak of 5,000 ads $small kB, of 100,000 ads $large kB"
want_ok test "$large" -lt $((small * 3 / 2))

promise "nor with a report: 2,000 ad groups by day"
account=$(echo "$MNT"/[0-9]*)
want_ok cp "$account/reports/last-30d/adgroup-day.csv" "$T/report.csv"
want_ok test "$(wc -l <"$T/report.csv")" -gt 10000
echo "# peak after a report of $(wc -l <"$T/report.csv") lines: $(peak) kB"
want_ok test "$(peak)" -lt $((small * 2))

promise "a report of more ids than the service answers for is an error, not a shorter report"
want_refused "Input/output error" cat "$account/reports/last-30d/ad-total.csv"
