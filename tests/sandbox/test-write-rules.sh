#!/bin/sh
# SPDX-License-Identifier: MIT
# The rules of writes that need a time, a switch, or an object of its own kind; and what is kept of
# them: the effects in the log, and the state file, line by line.
. "$(dirname "$0")/lib.sh"

with() { stop; rm -f "$WORK/log"; start --campaigns 40 --adgroups 300 --ads 600 --log "$WORK/log" "$@"; }
one() { get "$1/get/" advertiser_id="$A" filtering="{\"$1_ids\":[\"$2\"],\"primary_status\":\"STATUS_ALL\"}" | jq -c ".data.list[0] | $3"; }
pick() { jq -r "[.data.list[] | select($2)][0].$3" "$WORK/$1"; }
lists() {
    accounts
    for kind in campaign adgroup ad; do
        get $kind/get/ advertiser_id="$A" page_size=1000 > "$WORK/$kind"
    done
}
clock() { curl -s -X POST -o "$WORK/page" "${URL%/open_api/v1.3}/sandbox/clock?now=$1"; }
status() { post "$1/status/update/" "{\"advertiser_id\":\"$A\",\"$1_ids\":$2,\"operation_status\":\"$3\"${4:-}}"; }
budgets() { post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"$1\":[{\"adgroup_id\":\"$2\",\"$1\":$3}]}"; }
effects() { tail -n1 "$WORK/log" | jq -c .effects; }

# The night: this account is in New York, five hours behind UTC in winter.
with --now 2026-01-15T04:54:58Z
lists
is "the zone that these times are for" America/New_York "$(get advertiser/info/ advertiser_ids="[\"$A\"]" | jq -r '.data.list[0].timezone')"
G=$(pick adgroup '.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL" and .bid_price > 0' adgroup_id)
Y=$(pick adgroup '.budget_mode == "BUDGET_MODE_DYNAMIC_DAILY_BUDGET" and .campaign_automation_type == "MANUAL"' adgroup_id)
old=$(one adgroup "$G" .budget)
budgets scheduled_budget "$G" 60 | code "a daily budget from midnight on, at 23:54:58" 0
budgets scheduled_budget "$Y" 61 | code "and one of a dynamic one" 0
clock 2026-01-15T04:55:00Z
budgets scheduled_budget "$G" 65 | holds "not at 23:55:00" '.code == 40002 and (.message | contains("23:55"))'
clock 2026-01-15T04:59:58Z
budgets scheduled_budget "$G" 65 | code "not at 23:59:58" 40002
is "until midnight both are shown" "[$old,60]" "$(one adgroup "$G" '[.budget, .scheduled_budget]')"
clock 2026-01-15T05:00:00Z
is "from midnight on it is the budget" "[60,0]" "$(one adgroup "$G" '[.budget, .scheduled_budget]')"
is "of the dynamic one too" "[61,0]" "$(one adgroup "$Y" '[.budget, .scheduled_budget]')"
budgets scheduled_budget "$G" 65 | code "and there may be another one" 0
is "for the next midnight" "[60,65]" "$(one adgroup "$G" '[.budget, .scheduled_budget]')"
budgets scheduled_budget "$G" 0.5 | code "no scheduled budget below the bid or the minimum" 40002

with
lists
# What a day has spent does not bind the next one, but the day itself.
today=$(date -u +%F)
clock "${today}T22:00:00Z"
D=$(get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_ADGROUP dimensions='["adgroup_id"]' metrics='["spend"]' \
    start_date="$today" end_date="$today" order_field=spend order_type=DESC page_size=300 |
    jq -c '[.data.list[] | [.dimensions.adgroup_id, (.metrics.spend | tonumber)]]' |
    jq -c --slurpfile groups "$WORK/adgroup" '[.[] | . as [$id, $spend] | select($spend > 21) |
        select($groups[0].data.list[] | .adgroup_id == $id and .budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL")][0]')
S=$(echo "$D" | jq -r '.[0]')
SPENT=$(echo "$D" | jq -r '.[1]')
adgroup() { post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$1\",$2}"; }
adgroup "$S" "\"budget\":$(jq -n "$SPENT * 1.04 * 100 | floor / 100")" | holds "104 % of today's spending ($SPENT) is refused" '.code == 40002 and (.message | contains("105%"))'
adgroup "$S" "\"budget\":$(jq -n "$SPENT * 1.06 * 100 | ceil / 100")" | code "106 % is not" 0
budgets scheduled_budget "$S" 20 | code "tomorrow it may be less" 0

L=$(pick adgroup '.budget_mode == "BUDGET_MODE_TOTAL" and .campaign_automation_type == "MANUAL"' adgroup_id)
days=$(one adgroup "$L" '((.schedule_end_time | strptime("%Y-%m-%d %H:%M:%S") | mktime) - (.schedule_start_time | strptime("%Y-%m-%d %H:%M:%S") | mktime)) / 86400')
budgets budget "$L" $((days * 20 - 1)) | holds "a lifetime budget is at least the daily minimum for each of its $days days" ".code == 40002 and (.message | contains(\"$((days * 20)) USD\"))"
B=$(pick adgroup '.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL" and .bid_price > 0' adgroup_id)
adgroup "$B" '"bid_price":19.99' | code "a bid just below" 0
adgroup "$B" '"budget":60' | code "its budget" 0
adgroup "$B" '"bid_price":59.99' | code "a bid below the budget" 0
budgets scheduled_budget "$B" 59.99 | holds "a budget that is not above the bid" '.code == 40002 and (.message | contains("bid"))'
adgroup "$B" '"budget":59.99' | code "nor at once" 40002
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"budget\":[{\"adgroup_id\":\"$L\",\"budget\":\"99999\"}]}" | code "an amount as a text" 40002
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"budget\":[{\"adgroup_id\":$L,\"budget\":99999}]}" | code "an id as a number" 40002
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[$(pick campaign true campaign_id)],\"operation_status\":\"DISABLE\"}" | code "ids as numbers" 40002
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"schedule_budget\":[{\"adgroup_id\":\"$B\",\"schedule_budget\":99}]}" | code "the wrong name" 40002
many=$(jq -c '[.data.list[] | select(.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL" and .bid_price < 10)][0:21] | map({adgroup_id, scheduled_budget: 77})' "$WORK/adgroup")
is "enough of them for what follows" 21 "$(echo "$many" | jq length)"
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"scheduled_budget\":$many}" | code "21 budgets" 40002
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"scheduled_budget\":$(echo "$many" | jq -c '.[:20]')}" | code "20 budgets" 0
is "20 effects in the log" 20 "$(effects | jq length)"
cbo=$(jq -r '[.data.list[] | select(.budget_mode == "BUDGET_MODE_INFINITE")][0].adgroup_id' "$WORK/adgroup")
budgets budget "$cbo" 70 | code "no budget where the campaign has it" 40002
budgets scheduled_budget "$cbo" 70 | code "nor at midnight" 40002
smart=$(pick campaign '.campaign_automation_type == "UPGRADED_SMART_PLUS"' campaign_id)
smart_group=$(pick adgroup ".campaign_id == \"$smart\"" adgroup_id)
smart_ad=$(pick ad ".campaign_id == \"$smart\"" ad_id)
status campaign "[\"$smart\"]" DISABLE | code "no status of an upgraded Smart+ campaign" 40002
status adgroup "[\"$smart_group\"]" DISABLE | code "nor of its ad groups" 40002
status ad "[\"$smart_ad\"]" DISABLE | code "nor of its ads" 40002
adgroup "$smart_group" '"adgroup_name":"x"' | code "nor their names" 40002
post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$smart_group\",\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$smart_ad\",\"ad_name\":\"x\"}]}" | code "nor those of ads" 40002

# One second is the finest that modify_time shows: two writes in one have the same.
C=$(pick campaign true campaign_id)
campaign() { post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",$1}"; }
clock 2026-06-01T12:00:00Z
first=$(campaign '"budget":900' | jq -r .data.modify_time)
second=$(campaign '"budget":901' | jq -r .data.modify_time)
is "modify_time has whole seconds" "yes yes" "$(for time in "$first" "$second"; do echo "$time" | grep -qE '^2026-06-01 12:00:0[0-9]$' && echo yes; done | xargs)"
is "the log has what was and what is" "[{\"id\":\"$C\",\"was\":{\"budget\":900},\"now\":{\"budget\":901}}]" "$(effects)"
campaign '"budget":901' | code "the same again" 0
is "an effect that changes nothing is one all the same" "[{\"id\":\"$C\",\"was\":{},\"now\":{}}]" "$(effects)"
campaign '"budget":1' | code "refused" 40002
is "and has no effect" null "$(effects)"

# What is deleted
group=$(pick adgroup ".campaign_id == \"$C\"" adgroup_id)
ad=$(pick ad ".adgroup_id == \"$group\"" ad_id)
modified=$(one adgroup "$group" .modify_time)
status campaign "[\"$C\"]" DELETE | code "a campaign is deleted" 0
is "the log says so" true "$(effects | jq '.[0].now.deleted')"
for kind in campaign adgroup ad; do
    case $kind in campaign) id=$C ;; adgroup) id=$group ;; ad) id=$ad ;; esac
    get $kind/get/ advertiser_id="$A" filtering="{\"${kind}_ids\":[\"$id\"]}" | holds "its $kind is hidden" '.data.page_info.total_number == 0'
    status $kind "[\"$id\"]" ENABLE | code "and can not be changed" 40002
    status $kind "[\"$id\"]" DELETE | code "nor deleted" 40002
done
is "and is named for it" '["CAMPAIGN_STATUS_DELETE","ADGROUP_STATUS_CAMPAIGN_DELETE","AD_STATUS_CAMPAIGN_DELETE"]' \
    "[$(one campaign "$C" .secondary_status),$(one adgroup "$group" .secondary_status),$(one ad "$ad" .secondary_status)]"
is "but was not modified" "$modified" "$(one adgroup "$group" .modify_time)"
campaign '"campaign_name":"x"' | code "not its name either" 40002
post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$group\",\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$ad\",\"ad_name\":\"x\"}]}" | code "nor that of an ad of it" 40002

# The two codes of a partial success
G2=$(pick adgroup ".campaign_id != \"$C\" and .campaign_automation_type == \"MANUAL\"" adgroup_id)
partly() { status adgroup "[\"$G2\",\"$group\"]" "$1" ',"allow_partial_success":true'; }
partly DISABLE | holds "a partial success is 0" ".code == 0 and .data.adgroup_ids == [\"$G2\"] and [.data.error_list[].adgroup_id] == [\"$group\"]"
is "one effect" "[\"$G2\"]" "$(effects | jq -c '[.[].id]')"
status adgroup "[\"$G2\",\"$group\"]" ENABLE | code "without it one refuses all" 40002
is "no effect" null "$(effects)"
with --partial-20001
status adgroup "[\"$(pick adgroup '.adgroup_id != null' adgroup_id)\",\"1790000000000002\"]" DISABLE ',"allow_partial_success":true' |
    holds "--partial-20001: or 20001" '.code == 20001 and (.data.adgroup_ids | length) == 1 and (.data.error_list | length) == 1'
status adgroup "[\"$(pick adgroup '.adgroup_id != null' adgroup_id)\"]" DISABLE ',"allow_partial_success":true' | code "which a whole one is not" 0

with --reservation
lists
R=$(pick campaign '.objective_type == "RF_REACH"' campaign_id)
RG=$(pick adgroup ".campaign_id == \"$R\"" adgroup_id)
for word in ENABLE DISABLE; do
    status adgroup "[\"$RG\"]" $word | holds "--reservation: its ad groups take no $word" '.code == 40002 and (.message | contains("Frequency"))'
done
status campaign "[\"$R\"]" DISABLE | code "the campaign does" 0
status adgroup "[\"$RG\"]" DELETE | code "and they can be deleted" 0

# The state file grows by a line for each write, and what is on it survives kill -9.
with --state "$WORK/kept"
lists
C=$(pick campaign true campaign_id)
campaign '"budget":710' | code "a write" 0
campaign '"budget":720' | code "and another" 0
is "are a line each" 2 "$(grep -c budget "$WORK/kept")"
kill -KILL $SERVER
wait $SERVER 2> /dev/null
SERVER=
printf '{"%s":{"_budget":"73' "$C" >> "$WORK/kept"
with --state "$WORK/kept"
is "after kill -9 the last whole one counts" 720 "$(one campaign "$C" .budget)"
campaign '"budget":740' | code "and the next" 0
with --state "$WORK/kept"
is "is read again" 740 "$(one campaign "$C" .budget)"
stop
printf '{}\nnonsense\n' > "$WORK/kept"
"$SANDBOX" --state "$WORK/kept" > "$WORK/out2" 2> "$WORK/err2" < /dev/null
is "a line that is none" "1 1" "$? $(wc -l < "$WORK/err2")"
finish
