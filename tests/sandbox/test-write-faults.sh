#!/bin/sh
# SPDX-License-Identifier: MIT
# Updates that say one thing and do another, that nobody sees at once, or that somebody else is
# quicker than.
. "$(dirname "$0")/lib.sh"

with() { stop; rm -f "$WORK/log"; start --campaigns 40 --adgroups 300 --ads 600 --log "$WORK/log" "$@"; }
one() { get "$1/get/" advertiser_id="$A" filtering="{\"$1_ids\":[\"$2\"],\"primary_status\":\"STATUS_ALL\"}" | jq -c ".data.list[0] | $3"; }
pick() { jq -r "[.data.list[] | select($2)][0].$3" "$WORK/$1"; }
last_update() { grep '/update/"' "$WORK/log" | tail -n1; }
campaign() { post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",$1}"; }
status() { post "$1/status/update/" "{\"advertiser_id\":\"$A\",\"$1_ids\":$2,\"operation_status\":\"$3\"${4:-}}"; }

with
accounts
for kind in campaign adgroup ad; do
    get $kind/get/ advertiser_id="$A" page_size=1000 > "$WORK/$kind"
done
C=$(pick campaign true campaign_id)
L=$(pick adgroup '.budget_mode == "BUDGET_MODE_TOTAL" and .campaign_automation_type == "MANUAL"' adgroup_id)
G=$(pick adgroup '.budget_mode == "BUDGET_MODE_DAY" and .bid_price > 0 and .campaign_automation_type == "MANUAL"' adgroup_id)
D=$(pick ad '.campaign_automation_type == "MANUAL"' ad_id)
DG=$(pick ad '.campaign_automation_type == "MANUAL"' adgroup_id)
LB=$(one adgroup "$L" .budget)
lifetime() { post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"budget\":[{\"adgroup_id\":\"$L\",\"budget\":$1}]}"; }

# lie: OK, and nothing has happened
with --fault lie=1
campaign '"budget":800' | holds "lie: the answer is OK and has the object as it is" '.code == 0 and .data.budget == 500'
last_update | holds "the log says that it was carried out, without an effect" '.done and .code == 0 and .faults == ["lie"] and (has("effects") | not)'
status campaign "[\"$C\"]" DISABLE | holds "lie: a status" ".code == 0 and .data.campaign_ids == [\"$C\"]"
is "nothing has happened" '[500,"ENABLE"]' "$(one campaign "$C" '[.budget, .operation_status]')"
lifetime $((LB + 100)) | code "lie: a lifetime budget" 0
is "nothing has happened" "$LB" "$(one adgroup "$L" .budget)"
get campaign/get/ advertiser_id="$A" page_size=1 > "$WORK/body"
tail -n1 "$WORK/log" | holds "a list does not lie" '.faults == []'
with --fault lie=1x
get campaign/get/ advertiser_id="$A" page_size=1 | code "lie=1x: lists do not use it up" 0
campaign '"budget":800' | holds "lie=1x: the first update" '.data.budget == 500'
campaign '"budget":800' | holds "lie=1x: not the second" '.data.budget == 800'
with --fault lie=1:/campaign/update/
status campaign "[\"$C\"]" DISABLE | code "lie of one path" 0
is "the others are true" '"DISABLE"' "$(one campaign "$C" .operation_status)"

# lie-other: something else
with --fault lie-other=1
campaign '"budget":800.01' | holds "lie-other: half" '.code == 0 and .data.budget == 400'
last_update | holds "the log says so" '.effects[0].now == {"budget":400}'
campaign '"campaign_name":"A \"name\""' | holds "a longer name" '.data.campaign_name == "A \"name\" (1)"'
status campaign "[\"$C\"]" DISABLE | holds "another word, the answer has the one sent" '.code == 0 and .data.status == "DISABLE"'
is "another word" '"ENABLE"' "$(one campaign "$C" .operation_status)"
lifetime $((LB * 4)) | code "a lifetime budget" 0
is "is half" $((LB * 2)) "$(one adgroup "$L" .budget)"
post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",\"scheduled_budget\":[{\"adgroup_id\":\"$G\",\"scheduled_budget\":90}]}" | code "a budget at midnight" 0
is "is half" 45 "$(one adgroup "$G" .scheduled_budget)"
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$G\",\"bid_price\":1.5}" | holds "a bid" '.data.bid_price == 0.75'
post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$DG\",\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$D\",\"ad_name\":\"x\"}]}" | holds "an ad's name" '.data.creatives[0].ad_name == "x (1)"'

# lag: lists show what was, for a second
with --fault lag=1
campaign '"budget":800' | holds "lag: the answer has it" '.data.budget == 800'
was=$(one campaign "$C" '[.budget, .modify_time]')
is "a list does not, nor its time" "[500,$(pick campaign true modify_time | jq -R .)]" "$was"
status campaign "[\"$C\"]" DELETE | code "another one, before the second is over" 0
get campaign/get/ advertiser_id="$A" page_size=1 | holds "it is still listed" ".data.list[0].campaign_id == \"$C\" and .data.list[0].budget == 500"
sleep 1.3
get campaign/get/ advertiser_id="$A" page_size=1 | holds "then it is not" ".data.list[0].campaign_id != \"$C\""
is "and all is as it is" '[800,"CAMPAIGN_STATUS_DELETE"]' "$(one campaign "$C" '[.budget, .secondary_status]')"

# gone: one of them has just been deleted
ids=$(jq -c '[.data.list[] | select(.campaign_automation_type == "MANUAL")][1:4] | map(.campaign_id)' "$WORK/campaign")
middle=$(echo "$ids" | jq -r '.[1]')
with --fault gone=1x
status campaign "$ids" DISABLE | holds "gone: one of three is deleted just before, which refuses all" '.code == 40002 and (.message | contains("deleted"))'
last_update | holds "the log says which" "(.done | not) and [.effects[] | select(.now.deleted).id] == [\"$middle\"]"
is "it is the middle one" '"CAMPAIGN_STATUS_DELETE"' "$(one campaign "$middle" .secondary_status)"
status campaign "$(echo "$ids" | jq -c "map(select(. != \"$middle\"))")" DISABLE | code "the others go without it" 0
groups=$(jq -c '[.data.list[] | select(.campaign_automation_type == "MANUAL")][1:4] | map(.adgroup_id)' "$WORK/adgroup")
with --fault gone=1x
status adgroup "$groups" DISABLE ',"allow_partial_success":true' | holds "gone, partly" ".code == 0 and [.data.error_list[].adgroup_id] == [$(echo "$groups" | jq '.[1]')]"
with --fault gone=1x
lifetime $((LB + 100)) | code "gone: a lifetime budget" 40002
with --fault gone=1x
campaign '"budget":800' | code "gone: a campaign" 40002
with --fault gone=1x
post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$DG\",\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$D\",\"ad_name\":\"x\"}]}" | code "gone: an ad" 40002
with --fault gone=1
status campaign '["x"]' DISABLE | code "gone: no id" 40002
status campaign '[]' DISABLE | code "gone: none at all" 40002
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":7}" | code "gone: a number" 40002

# 20001: what is said to be done is, the rest is not
ids=$(jq -c '[.data.list[] | select(.campaign_automation_type == "MANUAL" and .operation_status == "ENABLE")][0:5] | map(.campaign_id)' "$WORK/campaign")
with --fault 20001=1x
status campaign "$ids" DISABLE > "$WORK/reply"
holds "20001: two of five" ".code == 20001 and .data.campaign_ids == $ids[:2] and [.data.error_list[].campaign_id] == $ids[2:]" < "$WORK/reply"
last_update | holds "the log has as many effects" "[.effects[].id] == $ids[:2] and all(.effects[]; .now == {\"operation_status\":\"DISABLE\"})"

# The answer waits, the effect does not.
with --latency 400
campaign '"budget":800' > "$WORK/reply" &
sleep 0.2
kill $! # nobody waits for the answer any more
wait $! 2> /dev/null
is "after half of the latency a write is in force" 800 "$(one campaign "$C" .budget)"
finish
