#!/bin/bash
# SPDX-License-Identifier: MIT
# budgets.sh - whose a budget is, what it can not be, what the profile does not let it be; and what is
# said of it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 4 160 4 1)
mount_sandbox ttl=3000 max_increase=none
cd "$MNT" || give_up "cd"

# having PATTERN JQ - the first directory of this form whose info.json says so
having()
{
    local directory
    for directory in $(compgen -G "$1"); do
        jq -e "$2" "$directory/info.json" >/dev/null 2>&1 && { echo "$directory"; return; }
    done
}

# last_error - what .adsfs/errors says of the last failure
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r .message; }

# refused TEXT FILE VALUE ERRNO… - the write fails with one of them, without a call, and the text says so
refused()
{
    local text=$1 file=$2 value=$3
    mark
    run bash -c 'echo "$1" >"$2"' - "$value" "$file"
    [ "$STATUS" != 0 ] || broken "$file: $value is taken"
    [[ $ERR == *"$4"* ]] || broken "$file: $value" "  said   $ERR" "  wanted $4"
    [[ $(last_error) == *"$text"* ]] || broken "$file: $value" "  errors $(last_error)" "  wanted $text"
    want_calls any 0
}

# Of two zones the one whose day is well under way: then something was spent, and midnight is far.
for A in $(grep -lx USD [0-9]*/currency | cut -d/ -f1); do
    hour=$(TZ=$(cat "$A/timezone") date +%-H)
    [ "$hour" -ge 5 ] && [ "$hour" -lt 23 ] && break
done
manual='.campaign_automation_type == "MANUAL" and .operation_status != "FROZEN"'
daily="$manual and .budget_mode == \"BUDGET_MODE_DAY\""

promise "a mode can not change: budget_mode is 0400, and writing it says so"
C=$(having "$A/campaigns/[0-9]*" "$daily and (.budget_optimize_on | not)")
G=$(having "$A/campaigns/[0-9]*/adgroups/[0-9]*" "$daily")
want_eq "modes" "$(stat -c %a "$C/budget_mode" "$G/budget_mode" | sort -u)" 400
for object in "$C" "$G"; do
    refused "a budget mode can not change" "$object/budget_mode" BUDGET_MODE_TOTAL "Permission denied"
done

promise "who does not own its budget says whose it is, by its path"
O=$(having "$A/campaigns/[0-9]*" ".budget_optimize_on")
[ -n "$O" ] || give_up "no campaign that optimizes its budget"
B=$(compgen -G "$O/adgroups/[0-9]*" | head -n 1)
want_eq "mode" "$(stat -c %a "$B/budget")" 400
refused "write to $O/budget" "$B/budget" 60 "Permission denied"
S=$(having "$A/campaigns/[0-9]*" '.campaign_automation_type == "UPGRADED_SMART_PLUS"')
[ -n "$S" ] || give_up "no upgraded Smart+ campaign"
B=$(compgen -G "$S/adgroups/[0-9]*" | head -n 1)
want_eq "mode" "$(stat -c %a "$B/budget" "$S/budget" "$S/status" | sort -u)" 400
refused "($S/budget)" "$B/budget" 60 "Permission denied"
refused "Ads Manager" "$S/status" DISABLE "Permission denied"

promise "deleting needs an option, which is named"
refused "allow_delete" "$C/status" DELETE "Invalid argument"

promise "a lifetime budget has to do for its days, and does not wait for midnight"
L=$(having "$A/campaigns/[0-9]*/adgroups/[0-9]*" "$manual and .budget_mode == \"BUDGET_MODE_TOTAL\"")
[ -n "$L" ] || give_up "no ad group with a lifetime budget"
refused "scheduled days" "$L/budget" 20 "Numerical result out of range"
refused "a lifetime budget takes effect at once" "$L/budget" "9999 at midnight" "Invalid argument"

if [ "$(TZ=$(cat "$A/timezone") date +%H%M)" -ge 2354 ]; then
    skip_promise "60 at midnight is planned" "it is nearly midnight in $(cat "$A/timezone")"
else
    promise "60 at midnight is planned: one call, budget stays, budget_next shows it"
    before=$(cat "$G/budget") amount=$(($(cut -d. -f1 "$G/budget") + 7))
    mark
    want_ok bash -c "echo '$amount at midnight' >$G/budget"
    want_calls adgroup/budget/update 1
    want_eq "updates" "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -c 'select(.method == "POST") | .body.scheduled_budget[0].scheduled_budget')" \
        "$amount"
    want_output "$before" cat "$G/budget"
    want_output "$amount.00" cat "$G/budget_next"
    mark
    want_ok bash -c "echo '$amount.0 at midnight' >$G/budget"
    want_calls any 0
    refused "write \"60 at midnight\" to budget" "$G/budget_next" 60 "Permission denied"
    refused "minimum of 20.00 USD" "$G/budget" "19 at midnight" "Numerical result out of range"
    refused "exactly as in" "$G/budget" "$amount at Midnight" "Invalid argument"
fi

promise "a bid is below the campaign's budget too"
P=$(having "$A/campaigns/[0-9]*/adgroups/[0-9]*" \
    "$manual and .budget_mode == \"BUDGET_MODE_INFINITE\" and .bid_type == \"BID_TYPE_CUSTOM\"")
[ -n "$P" ] || give_up "no bid below a campaign's budget"
refused "the campaign's budget" "$P/bid" "$(cat "${P%/adgroups/*}/budget")" "Numerical result out of range"

# lower DIRECTORY - a budget is set below what was spent; where the service says no, what it says
lower()
{
    echo '900000!' >"$1/budget" 2>/dev/null || return 1
    mark
    echo 50 >"$1/budget" 2>/dev/null && return 1
    want_eq "calls beside the update and what it reads" "$(calls report/integrated/get)" 0
    last_error
}

# late_account - the one whose day is farthest: of New York, Berlin and GMT+13 one is past noon
late_account()
{
    local account
    for account in [0-9]*; do
        grep -qx -e USD -e EUR "$account/currency" &&
            echo "$(TZ=$(cat "$account/timezone") date +%H%M) $account"
    done | sort -n | tail -n 1 | cut -d' ' -f2
}

promise "what can not be lowered names the rule and the report, and the least where it is known"
late=$(late_account)
text=
for C in "$late"/campaigns/[0-9]*; do
    jq -e "$daily" "$C/info.json" >/dev/null && text=$(lower "$C") && break
done
[ -n "$text" ] || give_up "every budget can be lowered"
report=$late/reports/of/${C##*/}/today/campaign-total.csv
[[ $text == *"105 %"*"spent today: see $report" ]] || broken "said $text"
want_ok cat "$report"
spent=$(python3 -c 'import csv, sys; print(next(csv.DictReader(open(sys.argv[1])))["spend"])' "$report")
text=$(lower "$C")
least=$(python3 -c 'import decimal as d, sys
print((d.Decimal(sys.argv[1]) * d.Decimal("1.05")).quantize(d.Decimal("0.01"), d.ROUND_UP))' "$spent")
[[ $text == *"$spent $(cat "$late/currency"), so write at least $least" ]] ||
    broken "said $text" "  wanted $spent and $least"
want_ok bash -c "echo $least >$C/budget"

promise "a lifetime budget is measured by all that was ever spent"
text=
for L in "$A"/campaigns/[0-9]*; do
    jq -e "$manual and .budget_mode == \"BUDGET_MODE_TOTAL\"" "$L/info.json" >/dev/null &&
        text=$(lower "$L") && break
done
[ -n "$text" ] || give_up "every lifetime budget can be lowered"
[[ $text == *"spent: see $A/reports/of/${L##*/}/lifetime/campaign-total.csv" ]] || broken "said $text"

promise "status.json says which guards are in force"
want_output null jq .guards.max_increase "$MNT/.adsfs/status.json"
want_output false jq .guards.dry_run "$MNT/.adsfs/status.json"
cd / || give_up "cd"
unmount
mount_sandbox ttl=3000 max_increase=50 'max_budget=USD:2000 JPY:100000' max_enables_per_hour=7 careful
want_output '"USD:2000.00 JPY:100000"' jq .guards.max_budget "$MNT/.adsfs/status.json"
want_output '[50,null,7,true]' jq -c '.guards | [.max_increase, .max_bid, .max_enables_per_hour, .careful]' \
    "$MNT/.adsfs/status.json"
