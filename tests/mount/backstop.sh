#!/bin/bash
# SPDX-License-Identifier: MIT
# backstop.sh - a session that opens every report there is does not use up the day of the others.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile backstop "$port"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 30 1 1)
mount_adsfs one backstop qps=0 qpm=0 qpd=100 ttl=30000 # a share of 20
A=$(cd "$MNT" && compgen -G '[0-9]*')
R=$MNT/$A/reports
ls "$MNT/$A/campaigns" >/dev/null
# day N - a report of one call that nobody has opened
day() { echo "$R/$(date -d "$((60 + $1)) days ago" +%F)/campaign-total.csv"; }
# open_days FIRST LAST - in a session of their own; how many could be opened, and what was said
open_days()
{
    local n
    for ((n = $1; n <= $2; n++)); do
        day "$n"
    done >"$T/days"
    # shellcheck disable=SC2016
    setsid -w bash -c 'n=0; while read -r file; do cat "$file" >/dev/null && n=$((n + 1)); done; echo $n' \
        <"$T/days" 2>"$T/said"
}

promise "a session has a fifth of the day's calls for reports, and then EBUSY; no call is made"
mark
want_eq "opened" "$(open_days 1 24)" 20
want_calls report/integrated/get 20
want_eq "busy" "$(grep -c 'Device or resource busy' "$T/said")" 4

promise ".adsfs/errors names the process, the session and the next step"
want_like "cat \(process [0-9]+, session [0-9]+\): the reports that this session has opened took 20 calls today, this one takes 1 or more, and a session may take 20 \(20 % of the day's\); open only reports that are needed.*setsid -w COMMAND\)" \
    bash -c "tail -n 1 '$MNT/.adsfs/errors' | jq -r .message"
want_output "$(day 24 | sed "s|^$MNT/||") EBUSY" bash -c "tail -n 1 '$MNT/.adsfs/errors' | jq -r '\"\(.path) \(.errno)\"'"

promise "what is here can be read, by the same session too"
mark
want_output "20 1" setsid -w bash -c "n=0; for i in $(for n in {1..20}; do day "$n"; done | xargs); do cat \$i >/dev/null && n=\$((n + 1)); done; echo \$n \$(cat $(day 3) | wc -l | sed 's/[1-9][0-9]*/1/')"
want_calls any 0

promise "another session has a share of its own"
mark
want_eq "opened" "$(open_days 21 30)" 10
want_calls report/integrated/get 10

promise "many files out of one fetch are on the account once"
mark
want_eq "opened" "$(setsid -w bash -c "printf '%s\n' $MNT/$A/campaigns/[0-9]*/report.csv | xargs -P 8 -n 1 wc -l | wc -l")" 30
want_ok test "$(calls report/integrated/get)" -le 6

promise "a report that takes more than the whole share is not begun"
mark
want_refused "Device or resource busy" setsid -w cat "$R/last-30d/campaign-hour.csv"
want_calls report/integrated/get 0
want_like ".*took 0 calls today, this one takes 30 or more.*" \
    bash -c "tail -n 1 '$MNT/.adsfs/errors' | jq -r .message"

promise "where the day is not limited there is no share"
unmount
mount_adsfs two backstop qps=0 qpm=0 qpd=0 ttl=30000
R=$MNT/$A/reports
want_eq "opened" "$(open_days 31 60)" 30
