#!/bin/bash
# SPDX-License-Identifier: MIT
# bad-values.sh - nothing that is not a plain valid value ever reaches the API: the whole corpus of
# tests/data/bad-values is written to real files, and the sandbox tells what came.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

CORPORA=$(realpath "$(dirname "$0")/../data/bad-values")
WRITE=$(realpath "$(dirname "$0")/bad-values.py")
TREE=$(tree 8 6 3 1)
mount_sandbox ttl=3000 max_increase=none
cd "$MNT" || give_up "cd"

# updates - since the mark, whatever they change
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -c 'select(.method == "POST")'; }

# of_currency CODE - an account
of_currency() { grep -lx "$1" [0-9]*/currency | head -n 1 | cut -d/ -f1; }

# having PATTERN JQ - the first directory of this form whose info.json says so
having()
{
    local directory
    for directory in $(compgen -G "$1"); do
        jq -e "$2" "$directory/info.json" >/dev/null 2>&1 && { echo "$directory"; return; }
    done
}

daily='.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL" and .operation_status != "FROZEN"'
U=$(of_currency USD) J=$(of_currency JPY) K=$(of_currency KRW)
C=$(having "$U/campaigns/[0-9]*" "$daily and (.budget_optimize_on | not)")
G=$(having "$U/campaigns/[0-9]*/adgroups/[0-9]*" "$daily and .bid_type == \"BID_TYPE_CUSTOM\" and .billing_event == \"CPC\"")
[ -n "$C" ] && [ -n "$G" ] || give_up "no campaign or ad group with a daily budget and a bid"
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)
files=("$C/budget=amount.txt" "$C/budget=budget-usd.txt" "$C/budget=at-midnight.txt"
    "$C/status=status.txt" "$C/name=name.txt"
    "$G/budget=amount.txt" "$G/budget=at-midnight.txt" "$G/bid=amount.txt" "$G/bid=bid.txt"
    "$G/bid=at-midnight.txt" "$G/status=status.txt" "$G/name=name.txt"
    "$D/status=status.txt" "$D/name=name.txt")
for currency in jpy krw; do
    A=$J
    [ $currency = krw ] && A=$K
    [ -n "$A" ] && B=$(having "$A/campaigns/[0-9]*" "$daily and (.budget_optimize_on | not)") && [ -n "$B" ] &&
        files+=("$B/budget=amount.txt" "$B/budget=budget-$currency.txt" "$B/budget=at-midnight.txt")
done
# What the corpus is written for.
echo '50!' >"$G/budget" || give_up "the ad group can not have 50.00"
for pair in "${files[@]}"; do cat "${pair%=*}"; done >"$T/before"

promise "of thousands of bad values not one reaches the API, and each is an error"
mark
want_ok python3 "$WRITE" "$CORPORA" refuse "${files[@]}"
[ "${OUT:-0}" -gt 5000 ] || broken "only $OUT values were tried"
want_eq "updates" "$(updates)" ""
want_calls any 0

promise "nothing is other than it was, as far as anybody can read"
for pair in "${files[@]}"; do cat "${pair%=*}"; done >"$T/after"
want_ok cmp "$T/before" "$T/after"

promise "errors names the file and what to write"
want_ok jq -es 'length > 0 and all(.[]; .message | test("^(budget|bid|name|status): .*write |value|NUL|newline"))' .adsfs/errors

promise "plain valid values reach the API, and are what it holds"
mark
want_ok python3 "$WRITE" "$CORPORA" take "$C/budget=budget-good.txt" "$C/status=status-good.txt" \
    "$C/name=name-good.txt" "$G/bid=bid-good.txt" "$G/budget=at-midnight-good.txt" "$D/name=name-good.txt"
[ "$(updates | wc -l)" -gt 100 ] || broken "$(updates | wc -l) updates"

promise "what is sent of an amount is digits and a point, and within the range"
want_ok jq -es '[.[] | .body | .. | objects | (.budget?, .bid_price?, .scheduled_budget?) | numbers]
    | length > 30 and all(. >= 0 and . < 10000000)' <(updates)
want_eq "amounts that are no plain number" "$(updates | grep -oE '"(budget|bid_price|scheduled_budget)":[^,}\[]+' |
    grep -vE '^"[a-z_]*":[0-9]+(\.[0-9]+)?$')" ""
