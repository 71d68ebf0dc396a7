#!/bin/bash
# SPDX-License-Identifier: MIT
# twomounts.sh - two mounts, and somebody else, write the same objects: they end in one of the values
# that were written, never in a mixture; with `careful` nobody overwrites what he has not seen.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
WRITERS=$(cd "$(dirname "$0")" && pwd)/writers.py

port=$(free_port)
profile one "$port" "writable = true"
profile other "$port" "writable = true"
service_start "$port" --advertisers 1 --campaigns 20 --adgroups 80 --ads 80 --latency 20
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
C=$(ask "$port" campaign/get advertiser_id="$A" page_size=1000 |
    jq -r '[.data.list[] | select(.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL")][0].campaign_id')
# An ad group with everything that one can have.
G=$(ask "$port" adgroup/get advertiser_id="$A" page_size=1000 | jq -r '[.data.list[] | select(.bid_price > 0
    and .budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL" and (.age_groups | length) > 0)][0].adgroup_id')

# both FIRST SECOND - two mounts with these profiles
both()
{
    mount_adsfs "$1-a" "$1" qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
    ONE=$MNT
    mount_adsfs "$2-b" "$2" qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
    TWO=$MNT
    ls "$ONE/$A/adgroups" "$TWO/$A/adgroups" >/dev/null || give_up ls
    mark
}

# The effects since the mark, as "member value", in the order in which they were made.
effects()
{
    tail -n "+$((MARK + 1))" "$CALLS" | jq -r --arg id "$1" '.effects // [] | .[] | select(.id == $id) | .now | to_entries[] |
        "\(.key) \(.value)"'
}
value_of() { ask "$port" "$1/get" advertiser_id="$A" filtering="{\"$1_ids\":[\"$2\"]}" | jq -r ".data.list[0].$3"; }

# storm FILE-OF-LINES KIND ID MEMBER… - all written by eight at once; what was accepted was made
# once, what was refused not at all, nothing else was done, and the last of it is what holds.
storm()
{
    local lines=$1 kind=$2 id=$3 member
    shift 3
    python3 "$WRITERS" 8 <"$lines" >"$T/ended"
    echo "# $(cut -f1 "$T/ended" | sort | uniq -c | xargs)"
    effects "$id" | sort >"$T/made"
    want_eq "made twice" "$(uniq -d "$T/made")" ""
    awk -F'\t' '$1 == "OK" { print $3 "\t" $4 }' "$T/ended" |
        sed 's|.*/budget\t|budget |; s|.*/bid\t|bid_price |; s|.*/name\t|'"$kind"'_name |' | sort >"$T/accepted"
    want_eq "made and not accepted, or the other way round" "$(comm -3 "$T/made" "$T/accepted" | head -n 4)" ""
    [ -s "$T/accepted" ] || broken "nothing was accepted: $(why)"
    for member in "$@"; do
        want_eq "$member holds what was made last" "$(value_of "$kind" "$id" "$member")" \
            "$(effects "$id" | sed -n "s/^$member //p" | tail -n 1)"
    done
}

campaign_lines()
{
    for n in $(seq 60); do
        printf '%s\t%s\n' "$ONE/$A/campaigns/$C/budget" $(($1 + n * 2)) "$TWO/$A/campaigns/$C/budget" $(($1 + n * 2 + 1))
    done
}
adgroup_lines()
{
    for n in $(seq 40); do
        printf '%s\t%s\n' "$ONE/$A/adgroups/$G/name" "$1 name $n" "$TWO/$A/adgroups/$G/bid" "$2.$((10 + n))" \
            "$TWO/$A/adgroups/$G/budget" "$((3000 + $2 * 100 + n))"
    done | sed 's/\(bid\t.*\)0$/\1/'
}

for pair in "one one" "one other"; do
    # shellcheck disable=SC2086
    both $pair
    promise "mounts of $pair: a budget that both write ends as one of what was written"
    start=$((${#pair} * 1000))
    campaign_lines $start >"$T/lines"
    storm "$T/lines" campaign "$C" budget
    now=$(value_of campaign "$C" budget)
    grep -qP "\t$now\$" "$T/lines" || broken "it is $now, which nobody wrote"
    if [ "$pair" = "one one" ]; then
        promise "mounts of one profile: a name by one, a bid and a budget by the other, in one call each that sends all"
        adgroup_lines X 4 >"$T/lines"
        before=$(ask "$port" adgroup/get advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" |
            jq -S '.data.list[0] | del(.adgroup_name, .bid_price, .budget, .modify_time)')
        storm "$T/lines" adgroup "$G" adgroup_name bid_price budget
        want_eq "all the rest is as it was" "$(ask "$port" adgroup/get advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" |
            jq -S '.data.list[0] | del(.adgroup_name, .bid_price, .budget, .modify_time)')" "$before"
    fi
    unmount "$ONE"
    unmount "$TWO"
done

# ---- careful ----

behind() { tell "$port" campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":$1}" >/dev/null; }
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }

promise "careful: what somebody else has changed since it was shown is refused with ESTALE, and not sent"
behind 9100
rm -rf --one-file-system "$XDG_CACHE_HOME/adsfs/one" # what was shown by the mounts before
mount_adsfs careful one qps=0 qpm=0 ttl=36000 poll=0 max_increase=none careful
file=$MNT/$A/campaigns/$C/budget
want_output 9100.00 cat "$file"
behind 9200
mark
want_refused "Stale file handle" bash -c "echo 9300 > $file"
want_eq "updates" "$(updates)" 0
want_eq "what holds" "$(value_of campaign "$C" budget)" 9200
want_ok jq -e 'select(.errno == "ESTALE") | .message | contains("9200")' <(tail -n 1 "$MNT/.adsfs/errors")

promise "careful: who has been shown it again may write"
want_output 9200.00 cat "$file"
want_ok bash -c "echo 9300 > $file"
want_eq "what holds" "$(value_of campaign "$C" budget)" 9300

promise "careful: one's own write is seen"
want_ok bash -c "echo 9400 > $file; echo 9500 > $file"
want_eq "what holds" "$(value_of campaign "$C" budget)" 9500

promise "careful: a status and an ad group's bid are asked for too"
status=$MNT/$A/campaigns/$C/status bid=$MNT/$A/adgroups/$G/bid
want_ok cat "$status" "$bid"
tell "$port" campaign/status/update "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DISABLE\"}" >/dev/null
tell "$port" adgroup/update "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$G\",\"bid_price\":7.77}" >/dev/null
mark
want_refused "Stale file handle" bash -c "echo 7.5 > $bid"
want_eq "updates" "$(updates)" 0
tell "$port" campaign/status/update "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"ENABLE\"}" >/dev/null
mark
want_ok bash -c "echo DISABLE > $status" # it is again what was shown
want_eq "updates" "$(updates)" 1
unmount

promise "the default reads it again and goes on"
mount_adsfs easy one qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
file=$MNT/$A/campaigns/$C/budget
want_ok cat "$file"
behind 9600
want_ok bash -c "echo 9700 > $file"
want_eq "what holds" "$(value_of campaign "$C" budget)" 9700
want_output 9700.00 cat "$file"
unmount

promise "the default: max_increase is measured from what holds, not from what was shown"
mount_adsfs measured one qps=0 qpm=0 ttl=36000 poll=0
file=$MNT/$A/campaigns/$C/budget
want_ok cat "$file"
behind 3000
mark
want_refused "Numerical result out of range" bash -c "echo 9800 > $file"
want_eq "updates" "$(updates)" 0
want_ok bash -c "echo 5900 > $file"
