#!/bin/bash
# SPDX-License-Identifier: MIT
# guards.sh - what a profile lets nobody do by mistake: over remounts, and over two mounts at once.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
# shellcheck disable=SC2046
service_start "$port" $(tree 1 20 3 1)

# guarded LINE… - the profile from now on
guarded() { : >"$ADSFS_CONFIG"; profile test "$port" "writable = true" "$@"; }

# updates - that came since the mark
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -c 'select(.method == "POST")' | wc -l; }

# set_to VALUE FILE
set_to() { echo "$1" >"$2"; }

# refused TEXT ERRNO VALUE FILE [MNT] - no update was made, and errors has the text
refused()
{
    mark
    want_refused "$2" bash -c 'echo "$1" >"$2"' - "$3" "$4"
    want_eq "updates" "$(updates)" 0
    local said
    said=$(tail -n 1 "${5:-$MNT}/.adsfs/errors" | jq -r .message)
    [[ $said == *"$1"* ]] || broken "$3 to $4" "  errors $said" "  wanted $1"
}

guarded 'max_budget = USD:100000' 'max_bid = EUR:5' 'max_increase = none'
mount_adsfs place test qps=0 qpm=0 ttl=3000
cd "$MNT" || give_up "cd"
A=$(compgen -G '[0-9]*')
own='.operation_status != "FROZEN" and .campaign_automation_type == "MANUAL"'
C=() G=
for directory in "$A"/campaigns/[0-9]*; do
    jq -e "$own and .budget_mode == \"BUDGET_MODE_DAY\" and (.budget_optimize_on | not)" "$directory/info.json" >/dev/null &&
        C+=("$directory")
done
for directory in "$A"/campaigns/[0-9]*/adgroups/[0-9]*; do
    jq -e "$own and .bid_type == \"BID_TYPE_CUSTOM\"" "$directory/info.json" >/dev/null && G=$directory && break
done
[ "${#C[@]}" -ge 4 ] && [ -n "$G" ] || give_up "only ${#C[@]} campaigns with a daily budget"
want_eq "currency" "$(cat "$A/currency")" USD

promise "max_budget is a limit that no ! overrides; up to it all is well"
refused "100000 USD (max_budget)" "Numerical result out of range" 100000.01 "${C[0]}/budget"
refused "max_budget" "Numerical result out of range" '100001!' "${C[0]}/budget"
want_ok set_to 100000 "${C[0]}/budget"

promise "a currency that is not named is refused once the option is set"
refused "names no amount of USD" "Numerical result out of range" 0.02 "$G/bid"

promise "status is no amount: no limit keeps anybody from stopping a campaign"
want_ok set_to DISABLE "${C[0]}/status"
want_ok set_to ENABLE "${C[0]}/status"
cd / || give_up "cd"
unmount

guarded 'min_interval = 600' 'max_increase = none'
mount_adsfs place test qps=0 qpm=0 ttl=3000
first=$MNT

promise "min_interval is of one value of one object, EBUSY says until when"
want_ok set_to 99000 "$MNT/${C[1]}/budget"
refused "min_interval" "Device or resource busy" 99001 "$MNT/${C[1]}/budget"
want_like '.* again at [0-9:]+ \(in [0-9]+ s\)' jq -r .message <(tail -n 1 "$MNT/.adsfs/errors")
want_ok set_to DISABLE "$MNT/${C[1]}/status"
want_ok set_to 99000 "$MNT/${C[2]}/budget"

promise "to write the same again is no change"
mark
want_ok set_to 99000.00 "$MNT/${C[1]}/budget"
want_eq "updates" "$(updates)" 0

promise "it holds for another mount of the profile at the same time"
mount_adsfs other test qps=0 qpm=0 ttl=3000
refused "min_interval" "Device or resource busy" 99001 "$MNT/${C[1]}/budget"
unmount
MNT=$first

promise "it holds after a remount"
unmount
mount_adsfs place test qps=0 qpm=0 ttl=3000
refused "min_interval" "Device or resource busy" 99001 "$MNT/${C[1]}/budget"
unmount

promise "an hour sees so many changes, of all mounts; what was refused counts for nothing"
guarded "max_changes_per_hour = 9" 'max_increase = none'
mount_adsfs place test qps=0 qpm=0 ttl=3000
so_far=$(jq -s '[.[] | select(.outcome == "done")] | length' "$MNT/.adsfs/journal")
want_ok test "$so_far" -lt 9
for ((i = so_far; i < 9; i++)); do
    want_ok set_to "$((98000 + i))" "$MNT/${C[3]}/budget"
    bash -c "echo abc >$MNT/${C[3]}/budget" 2>/dev/null && broken "abc is taken"
done
refused "max_changes_per_hour" "Device or resource busy" 98500 "$MNT/${C[3]}/budget"
refused "max_changes_per_hour" "Device or resource busy" DISABLE "$MNT/${C[3]}/status"
want_output "98008.00" cat "$MNT/${C[3]}/budget"
unmount

promise "an hour sees so many enables; to disable is always possible"
guarded "max_enables_per_hour = 1"
mount_adsfs place test qps=0 qpm=0 ttl=3000
want_ok set_to DISABLE "$MNT/${C[2]}/status"
refused "max_enables_per_hour" "Device or resource busy" ENABLE "$MNT/${C[2]}/status"
want_output DISABLE cat "$MNT/${C[2]}/status"
unmount

promise "with allow_delete, DELETE deletes, and counts as a change"
guarded
mount_adsfs place test qps=0 qpm=0 ttl=3000 allow_delete
mark
want_ok set_to DELETE "$MNT/${C[2]}/status"
want_calls campaign/status/update 1
want_eq "word" "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .body.operation_status')" DELETE
want_eq "in the journal" "$(tail -n 1 "$MNT/.adsfs/journal" | jq -r '"\(.after) \(.outcome)"')" "DELETE done"
