#!/bin/sh
# SPDX-License-Identifier: MIT
# The three collections: what they hold, order, pages, fields, filters, deleted objects.
. "$(dirname "$0")/lib.sh"

start --campaigns 40 --adgroups 300 --ads 1500 --advertisers 4
accounts

get campaign/get/ advertiser_id="$A" page_size=1000 > "$WORK/campaigns"
get adgroup/get/ advertiser_id="$A" page_size=1000 > "$WORK/adgroups"
get ad/get/ advertiser_id="$A" page_size=1000 > "$WORK/ads1"
get ad/get/ advertiser_id="$A" page_size=1000 page=2 > "$WORK/ads2"
jq -s '{list: (map(.data.list) | add)}' "$WORK/ads1" "$WORK/ads2" > "$WORK/ads"

jq '.data.list[0]' "$WORK/campaigns" | holds "the first campaign is ordinary" \
    '.budget == 500 and .budget_mode == "BUDGET_MODE_DAY" and .operation_status == "ENABLE" and (has("budget_optimize_on") | not)'
holds "ids have 16 digits and fall" \
    '[.data.list[].campaign_id] | (all(test("^[0-9]{16}$"))) and . == (sort | reverse)' < "$WORK/campaigns"
holds "ids do not follow creation" \
    '[.data.list[].create_time] | . != sort and . != (sort | reverse)' < "$WORK/campaigns"
holds "awkward names are among the first 20" '[.data.list[0:20][].campaign_name] |
    any(test("[가-힣]")) and any(test("[äöü]")) and any(contains("/")) and any(contains("🚀")) and any(startswith(".")) and
    (length != (unique | length))' < "$WORK/campaigns"
holds "each campaign has an ad group, unevenly" \
    '[.data.list[].campaign_id] | group_by(.) | map(length) | length == 40 and (max - min) > 5' < "$WORK/adgroups"
holds "all ads, each once" '[.list[].ad_id] | length == 1500 and (unique | length) == 1500 and . == (sort | reverse)' < "$WORK/ads"
jq -n --slurpfile c "$WORK/campaigns" --slurpfile g "$WORK/adgroups" --slurpfile a "$WORK/ads" '
    ($c[0].data.list | map({(.campaign_id): .}) | add) as $cs | ($g[0].data.list | map({(.adgroup_id): .}) | add) as $gs |
    [($g[0].data.list[] | $cs[.campaign_id].campaign_name == .campaign_name),
     ($a[0].list[] | $gs[.adgroup_id].campaign_id == .campaign_id and $gs[.adgroup_id].adgroup_name == .adgroup_name)] | all' |
    holds "parents exist and names agree" .
jq -n --slurpfile c "$WORK/campaigns" --slurpfile g "$WORK/adgroups" '
    ($c[0].data.list | map({(.campaign_id): .}) | add) as $cs | [$g[0].data.list[] | . as $g | $cs[.campaign_id] as $c |
    if $c.budget_optimize_on then $g.budget_mode == "BUDGET_MODE_INFINITE" and $g.budget == 0
    elif $c.budget_mode == "BUDGET_MODE_DAY" then $g.budget_mode != "BUDGET_MODE_TOTAL" and $g.budget >= 20
    else $g.budget >= 20 end] | all' | holds "budget modes go together" .
holds "SCHEDULE_FROM_NOW has no lifetime budget" \
    '[.data.list[] | select(.schedule_type == "SCHEDULE_FROM_NOW") | .budget_mode != "BUDGET_MODE_TOTAL"] | all' < "$WORK/adgroups"
holds "bids are below budgets" '[.data.list[] | select(.budget > 0) | .bid_price < .budget and .conversion_bid_price < .budget] | all' < "$WORK/adgroups"
holds "bids are there exactly for custom bids" '[.data.list[] | (.bid_type == "BID_TYPE_CUSTOM") == (.bid_price + .conversion_bid_price > 0)] | all' < "$WORK/adgroups"
jq -n --slurpfile c "$WORK/campaigns" --slurpfile g "$WORK/adgroups" '($c[0].data.list | map({(.campaign_id): .operation_status}) | add) as $cs |
    [$g[0].data.list[] | .secondary_status as $s | if $cs[.campaign_id] == "DISABLE" then $s == "ADGROUP_STATUS_CAMPAIGN_DISABLE"
     elif .operation_status == "DISABLE" then $s == "ADGROUP_STATUS_DISABLE" else ($s | endswith("DISABLE") | not) end] | all' |
    holds "secondary_status follows the cascade" .
get campaign/get/ advertiser_id="$J" page_size=1000 | holds "yen have no decimals and are at least 5000" \
    '[.data.list[].budget | . == floor and (. == 0 or . >= 5000)] | all'

get campaign/get/ advertiser_id="$A" | holds "ten by default" '.data.page_info == {"page":1,"page_size":10,"total_number":40,"total_page":4} and (.data.list | length) == 10'
get campaign/get/ advertiser_id="$A" page=9 | holds "a page behind the end" '.code == 0 and .data.list == [] and .data.page_info.page == 9'
for bad in page=0 page=x page_size=1001 page_size=0 page_size=-1; do
    get campaign/get/ advertiser_id="$A" $bad | code "$bad" 40002
done
p1=$(for page in 1 2 3 4; do get campaign/get/ advertiser_id="$A" page=$page | jq -r '.data.list[].campaign_id'; done)
is "pages of ten make the page of a thousand" "$(jq -r '.data.list[].campaign_id' "$WORK/campaigns")" "$p1"

get campaign/get/ advertiser_id="$A" page_size=1 fields='["campaign_id","budget"]' | holds "fields" '.data.list[0] | keys == ["budget","campaign_id"]'
get campaign/get/ advertiser_id="$A" page_size=1 | holds "null members by default" '.data.list[0] | has("rta_id") and .rta_id == null'
get adgroup/get/ advertiser_id="$A" page_size=1 exclude_field_types_in_response='["NULL_FIELD"]' | holds "NULL_FIELD drops them" '.data.list[0] | all(. != null)'
is "money has no trailing zeros" 0 "$(get adgroup/get/ advertiser_id="$A" page_size=1000 | grep -Ec '"(budget|bid_price)":[0-9]*\.[0-9]*0[,}]')"

C=$(jq -r '.data.list[0].campaign_id' "$WORK/campaigns")
C2=$(jq -r '.data.list[1].campaign_id' "$WORK/campaigns")
f() { get "$1/get/" advertiser_id="$A" page_size=1000 filtering="$2"; }
f campaign "{\"campaign_ids\":[\"$C2\",\"$C\",\"1790000000000001\"]}" | holds "campaign_ids" "[.data.list[].campaign_id] == [\"$C\",\"$C2\"] and .data.page_info.total_number == 2"
f adgroup "{\"campaign_ids\":[\"$C\"]}" | holds "ad groups of a campaign" "(.data.list | length) == $(jq "[.data.list[] | select(.campaign_id == \"$C\")] | length" "$WORK/adgroups") and ([.data.list[].campaign_id] | unique) == [\"$C\"]"
f ad "{\"campaign_ids\":[\"$C\"]}" | holds "ads of a campaign" "(.data.list | length) == $(jq "[.list[] | select(.campaign_id == \"$C\")] | length" "$WORK/ads") and ([.data.list[].ad_id] | . == (sort | reverse))"
f campaign '{"campaign_name":"raum"}' | holds "names that do not exist" '.data.list == [] and .data.page_info.total_number == 0 and .data.page_info.total_page == 0'
f campaign '{"campaign_name":"lways O"}' | holds "a part of a name" '[.data.list[].campaign_name] == ["Always On","Always On"]'
f campaign '{"primary_status":"STATUS_DISABLE"}' | holds "primary_status" '(.data.list | length) > 0 and ([.data.list[].operation_status] | unique) == ["DISABLE"]'
f adgroup '{"secondary_status":"ADGROUP_STATUS_TIME_DONE"}' | holds "secondary_status" '(.data.list | length) > 0 and ([.data.list[].secondary_status] | unique) == ["ADGROUP_STATUS_TIME_DONE"]'
f campaign '{"objective_type":"REACH"}' | holds "objective_type" '([.data.list[].objective_type] | unique) == ["REACH"]'
f adgroup '{"billing_events":["CPC","CPM"]}' | holds "billing_events" '([.data.list[].billing_event] | unique) - ["CPC","CPM"] == []'
f ad '{"modified_after":"2199-01-01 00:00:00"}' | holds "modified_after" '.data.list == []'
f campaign '{"nonsense":1,"operation_status":"DISABLE"}' | holds "unknown filters are ignored" '(.data.list | length) == 40'
f campaign '{"primary_status":"STATUS_NONSENSE"}' | code "unknown words are not" 40002
f campaign '{"objective_type":"NONSENSE"}' | code "nor unknown objectives" 40002
f campaign '{"campaign_ids":["abc"]}' | code "ids must be digits" 40002
f campaign '{"campaign_ids":[12]}' | code "ids must be text" 40002
f campaign "{\"campaign_ids\":$(jq -nc '[range(100) | 1790000000000000 + . | tostring]')}" | code "100 ids" 0
f campaign "{\"campaign_ids\":$(jq -nc '[range(101) | 1790000000000000 + . | tostring]')}" | code "101 ids" 40011
f campaign '[]' | code "filtering must be an object" 40002

post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DELETE\"}" | code "delete a campaign" 0
n=$(jq "[.data.list[] | select(.campaign_id == \"$C\")] | length" "$WORK/adgroups")
get campaign/get/ advertiser_id="$A" page_size=1000 | holds "it is gone" "([.data.list[].campaign_id] | length) == 39 and .data.page_info.total_number == 39 and .data.list[0].campaign_id == \"$C2\""
f campaign "{\"campaign_ids\":[\"$C\",\"$C2\"]}" | holds "also from a filter without a status" "[.data.list[].campaign_id] == [\"$C2\"]"
f campaign '{"primary_status":"STATUS_DELETE"}' | holds "STATUS_DELETE shows it" "[.data.list[] | [.campaign_id, .secondary_status]] == [[\"$C\",\"CAMPAIGN_STATUS_DELETE\"]]"
f campaign '{"primary_status":"STATUS_ALL"}' | holds "STATUS_ALL too" '(.data.list | length) == 40'
get adgroup/get/ advertiser_id="$A" page_size=1000 | holds "its ad groups are gone" ".data.page_info.total_number == 300 - $n and ([.data.list[].campaign_id] | index(\"$C\")) == null and (.data.list | length) == 300 - $n"
f adgroup '{"primary_status":"STATUS_DELETE"}' | holds "with their status" "(.data.list | length) == $n and ([.data.list[].secondary_status] | unique) == [\"ADGROUP_STATUS_CAMPAIGN_DELETE\"]"
p1=$(for page in 1 2 3 4; do get campaign/get/ advertiser_id="$A" page=$page | jq -r '.data.list[].campaign_id'; done)
is "pages step over it" "$(jq -r '.data.list[1:][].campaign_id' "$WORK/campaigns")" "$p1"
get campaign/get/ advertiser_id="$J" page_size=1000 | holds "the other account is untouched" '.data.page_info.total_number == 40'

stop
start --campaigns 40 --adgroups 300 --ads 1500 --advertisers 4
get ad/get/ advertiser_id="$A" page_size=1000 | jq -S .data > "$WORK/again"
is "the same seed makes the same world" "$(jq -S .data "$WORK/ads1" | cksum)" "$(cksum < "$WORK/again")"
stop
start --campaigns 40 --adgroups 300 --ads 1500 --seed 2
accounts
get ad/get/ advertiser_id="$A" page_size=1000 | jq -S .data > "$WORK/again"
is "another seed makes another" no "$([ "$(jq -S .data "$WORK/ads1" | cksum)" = "$(cksum < "$WORK/again")" ] && echo yes || echo no)"
stop
start --campaigns 0 --adgroups 0 --ads 0
accounts
get ad/get/ advertiser_id="$A" | holds "an empty account" '.data.list == [] and .data.page_info.total_page == 0'
finish
