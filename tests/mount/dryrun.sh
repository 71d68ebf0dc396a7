#!/bin/bash
# SPDX-License-Identifier: MIT
# dryrun.sh - with `dry_run` a write goes through everything but the call: what is wrong is refused
# as ever, what is right ends well, nothing changes, and it is said what would have been sent.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile shop "$port" "writable = true"
service_start "$port" --advertisers 1 --campaigns 20 --adgroups 80 --ads 80
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
first() { ask "$port" "$1/get" advertiser_id="$A" page_size=1000 | jq -r "[.data.list[] | select($2)][0].$1_id"; }
manual='.campaign_automation_type == "MANUAL"'
C=$(first campaign "$manual and .budget_mode == \"BUDGET_MODE_DAY\" and .operation_status == \"ENABLE\"")
G=$(first adgroup "$manual and .budget_mode == \"BUDGET_MODE_DAY\" and .bid_price > 0")
L=$(first adgroup "$manual and .budget_mode == \"BUDGET_MODE_TOTAL\"")
D=$(first ad "$manual and .operation_status == \"ENABLE\"")
all_of() { for kind in campaign adgroup ad; do ask "$port" $kind/get advertiser_id="$A" page_size=1000 | jq -S .data.list; done; }
all_of >"$T/before"

mount_adsfs dry shop qps=0 qpm=0 ttl=36000 poll=0 dry_run
cd "$MNT/$A" || give_up cd
ls campaigns adgroups ads >/dev/null
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }
entry() { tail -n 1 "$MNT/.adsfs/journal"; }

# tries PATH VALUE MEMBER SENT - ends well, changes nothing, and the journal has what would be sent
tries()
{
    local before
    before=$(cat "$1")
    mark
    want_ok bash -c "echo '$2' > '$1'"
    want_eq "updates" "$(updates)" 0
    want_output "$before" cat "$1"
    want_eq "the journal's outcome" "$(entry | jq -r .outcome)" dry_run
    local shows=${1##*/}
    [[ $2 != *"at midnight" ]] || shows=${shows}_next
    want_eq "the journal's path" "$(entry | jq -r .path | sed 's|.*/||')" "$shows"
    entry | jq -r .message >"$T/message"
    grep -qF -- "$3" "$T/message" || broken "it does not name $3: $(cat "$T/message")"
    grep -qF -- "$4" "$T/message" || broken "it does not say $4: $(cat "$T/message")"
}

promise "a campaign's budget, status and name: nothing is sent, and the journal says what would be"
tries "campaigns/$C/budget" 612.5 campaign/update 612.5
tries "campaigns/$C/status" DISABLE campaign/status/update DISABLE
tries "campaigns/$C/name" "Größer" campaign/update "Größer"

promise "an ad group's budget, bid and name, which need to be read before"
tries "adgroups/$G/budget" 61.25 adgroup/update 61.25
tries "adgroups/$G/bid" "0.77!" adgroup/update 0.77
tries "adgroups/$G/name" "An ad group" adgroup/update "An ad group"

promise "an ad group's lifetime budget, and a daily one from midnight on"
lifetime=$(cut -d. -f1 "adgroups/$L/budget")
tries "adgroups/$L/budget" $((lifetime + 100)) adgroup/budget/update $((lifetime + 100))
tries "adgroups/$G/budget" "62 at midnight" adgroup/budget/update 62

promise "an ad's status and name"
tries "ads/$D/status" DISABLE ad/status/update DISABLE
tries "ads/$D/name" "An ad" ad/update "An ad"

promise "what is wrong is refused as without it"
mark
want_refused "Invalid argument" bash -c "echo abc > campaigns/$C/budget"
want_refused "Numerical result out of range" bash -c "echo 1 > campaigns/$C/budget"
want_refused "Numerical result out of range" bash -c "echo 99999 > campaigns/$C/budget" # max_increase
want_eq "updates" "$(updates)" 0

promise "many at once"
mark
writers=()
for campaign in campaigns/[0-9]*; do
    (echo DISABLE >"$campaign/status") 2>>"$T/refused" &
    writers+=($!)
done
wait "${writers[@]}"
want_eq "updates" "$(updates)" 0

promise "in the end the service has what it had"
all_of >"$T/after"
want_ok cmp "$T/before" "$T/after"
cd /
unmount

promise "the next mount, without it, has nothing to settle and writes"
mount_adsfs wet shop qps=0 qpm=0 ttl=36000 poll=0
mark
want_ok bash -c "echo 612.5 > $MNT/$A/campaigns/$C/budget"
want_eq "updates" "$(updates)" 1
want_eq "outcome" "$(entry | jq -r .outcome)" done
