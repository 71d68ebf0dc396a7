#!/bin/sh
# SPDX-License-Identifier: MIT
# Every write: what is accepted and kept, and what is refused, by whose rule.
. "$(dirname "$0")/lib.sh"

start --campaigns 40 --adgroups 300 --ads 600 --state "$WORK/state"
accounts
for kind in campaign adgroup ad; do
    get $kind/get/ advertiser_id="$A" page_size=1000 > "$WORK/$kind"
done
get campaign/get/ advertiser_id="$J" page_size=1000 > "$WORK/yen"

# pick FILE CONDITION MEMBER: of the first object that meets the condition
pick() { jq -r "[.data.list[] | select($2)][0].$3" "$WORK/$1"; }
C=$(pick campaign true campaign_id)
JC=$(pick yen true campaign_id)
campaign() { post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",$1}"; }
now() { get "$1/get/" advertiser_id="$A" filtering="{\"$1_ids\":[\"$2\"],\"primary_status\":\"STATUS_ALL\"}" | jq -c ".data.list[0].$3"; }

before=$(date -u '+%Y-%m-%d %H:%M:%S')
campaign '"budget":750.5' > "$WORK/reply"
holds "campaign/update answers the whole object" \
    ".code == 0 and .data.campaign_id == \"$C\" and .data.budget == 750.5 and .data.campaign_name == \"DE_Autumn_Traffic\" and .data.modify_time >= \"$before\"" < "$WORK/reply"
is "get agrees with it" "$(jq -S .data "$WORK/reply" | cksum)" "$(now campaign "$C" 'campaign_id' > /dev/null; get campaign/get/ advertiser_id="$A" page_size=1 | jq -S '.data.list[0]' | cksum)"
campaign '"campaign_name":"Frühling / 봄 2"' | holds "a new name; the budget stays" '.code == 0 and .data.campaign_name == "Frühling / 봄 2" and .data.budget == 750.5'
campaign '"budget":500.10' | holds "cents" '.data.budget == 500.1'
while read -r body; do
    campaign "$body" | code "refused: $body" 40002
done << 'END'
"budget":"600"
"budget":49.99
"budget":0
"budget":-5
"budget":600.001
"budget":10000000
"budget":1e300
"budget":true
"budget":[600]
"campaign_name":""
"campaign_name":7
"campaign_name":"🚀 up"
"budget":600,"budget_mode":"BUDGET_MODE_TOTAL"
"budget":600,"operation_status":"DISABLE"
"special_industries":["HOUSING"]
END
is "nothing of what was refused is kept" 500.1 "$(now campaign "$C" budget)"
campaign '"budget":9999999.99' | code "the greatest budget" 0
campaign '"budget":500' | code "back" 0
campaign '"nonsense":1' | code "nothing to update" 40012
wide=$(jq -nr '"가" * 256')
campaign "\"campaign_name\":\"$wide\"" | code "256 wide characters" 0
campaign "\"campaign_name\":\"${wide}x\"" | code "and one more" 40002
campaign '"campaign_name":"DE_Autumn_Traffic"' | code "back" 0
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":$C,\"budget\":600}" | code "an id as a number" 40002
post campaign/update/ "{\"advertiser_id\":$A,\"campaign_id\":\"$C\",\"budget\":600}" | code "an advertiser as a number" 40002
post campaign/update/ "{\"advertiser_id\":\"$A\",\"budget\":600}" | code "no id" 40002
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"1790000000000001\",\"budget\":600}" | code "an id that is not there" 40007
post campaign/update/ "{\"advertiser_id\":\"$J\",\"campaign_id\":\"$C\",\"budget\":60000}" | code "an id of another account" 40007
yen() { post campaign/update/ "{\"advertiser_id\":\"$J\",\"campaign_id\":\"$JC\",\"budget\":$1}"; }
yen 4999 | code "yen: below the minimum" 40002
yen 90000.5 | code "yen: no decimals" 40002
yen 90000 | holds "yen" '.data.budget == 90000'
infinite=$(pick campaign '.budget_mode == "BUDGET_MODE_INFINITE"' campaign_id)
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$infinite\",\"budget\":600}" | code "no budget for BUDGET_MODE_INFINITE" 40002
smart=$(pick campaign '.campaign_automation_type == "UPGRADED_SMART_PLUS"' campaign_id)
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$smart\",\"budget\":600}" | code "upgraded Smart+ is not for this endpoint" 40002

total=$(pick campaign '.budget_mode == "BUDGET_MODE_TOTAL"' campaign_id)
spent=$(get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions='["campaign_id"]' \
    query_lifetime=true filtering="[{\"field_name\":\"campaign_ids\",\"filter_type\":\"IN\",\"filter_value\":\"[\\\"$total\\\"]\"}]" | jq -r '.data.list[0].metrics.spend')
less=$(jq -n "$spent * 1.04 * 100 | floor / 100")
more=$(jq -n "$spent * 1.06 * 100 | floor / 100")
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$total\",\"budget\":$less}" | code "104 % of what was spent ($spent)" 40002
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$total\",\"budget\":$more}" | code "106 %" 0

# Ad groups
G=$(pick adgroup '.budget_mode == "BUDGET_MODE_DAY" and .bid_price > 0 and .campaign_automation_type == "MANUAL"' adgroup_id)
adgroup() { post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$G\",$1}"; }
old=$(jq -c ".data.list[] | select(.adgroup_id == \"$G\") | [.location_ids, .bid_price, .schedule_end_time]" "$WORK/adgroup")
adgroup '"adgroup_name":"New name"' | holds "adgroup/update merges" ".data.adgroup_name == \"New name\" and .data.need_audit == false and [.data.location_ids, .data.bid_price, .data.schedule_end_time] == $old"
adgroup '"budget":120,"bid_price":0.4' | holds "budget and bid" '.data.budget == 120 and .data.bid_price == 0.4'
adgroup '"age_groups":["AGE_55_100"]' | holds "targeting is audited" '.data.age_groups == ["AGE_55_100"] and .data.need_audit == true'
get ad/get/ advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" page_size=1 | holds "its ads show the new name" '.data.list[0].adgroup_name == "New name"'
whole=$(get adgroup/get/ advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" | jq -c '.data.list[0] | with_entries(select(.value != null)) | .budget = 130')
post adgroup/update/ "$whole" | holds "the whole object, one member changed" '.code == 0 and .data.budget == 130 and .data.bid_price == 0.4'
while read -r body; do
    adgroup "$body" | code "refused: $body" 40002
done << 'END'
"budget":19.99
"budget":"50"
"bid_price":0
"bid_price":130
"bid_price":0.001
"bid_price":500,"budget":600
"conversion_bid_price":3
"pacing":"FAST"
"budget_mode":"BUDGET_MODE_TOTAL"
"billing_event":"CPM"
"optimization_goal":"REACH"
"placements":["PLACEMENT_PANGLE"]
"operation_status":"DISABLE"
"campaign_id":"1790000000000001"
"schedule_start_time":"2027-06-01 00:00:00"
"schedule_end_time":"2020-01-01 00:00:00"
"schedule_end_time":"tomorrow"
"dayparting":"101"
"age_groups":"AGE_55_100"
"comment_disabled":1
END
is "nothing of what was refused is kept" '[130,0.4]' "$(get adgroup/get/ advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" | jq -c '.data.list[0] | [.budget, .bid_price]')"
adgroup '"schedule_end_time":"2036-05-26T00:00:00Z"' | holds "ISO times are normalised" '.data.schedule_end_time == "2036-05-26 00:00:00"'
cbo=$(jq -r '[.data.list[] | select(.budget_mode == "BUDGET_MODE_INFINITE")][0].adgroup_id' "$WORK/adgroup")
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$cbo\",\"budget\":70}" | holds "a budget under CBO is ignored" '.code == 0 and .data.budget == 0'
bids=$(jq -r ".data.list[] | select(.adgroup_id == \"$cbo\").bid_type" "$WORK/adgroup")
other=$([ "$bids" = BID_TYPE_CUSTOM ] && echo BID_TYPE_NO_BID || echo BID_TYPE_CUSTOM)
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$cbo\",\"bid_type\":\"$other\"}" | code "no change of bid_type under CBO" 40002
ended=$(pick adgroup '.secondary_status == "ADGROUP_STATUS_TIME_DONE" and .campaign_automation_type == "MANUAL"' adgroup_id)
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$ended\",\"schedule_end_time\":\"2037-01-01 00:00:00\"}" | holds "a later end revives it" '.data.secondary_status == "ADGROUP_STATUS_DELIVERY_OK"'

# adgroup/budget/update
L=$(pick adgroup '.budget_mode == "BUDGET_MODE_TOTAL"' adgroup_id)
LB=$(pick adgroup '.budget_mode == "BUDGET_MODE_TOTAL"' budget)
budgets() { post adgroup/budget/update/ "{\"advertiser_id\":\"$A\",$1}"; }
budgets "\"budget\":[{\"adgroup_id\":\"$L\",\"budget\":$((LB + 1000))}]" | holds "a lifetime budget at once" '.code == 0 and .data == {}'
is "it is in force" $((LB + 1000)) "$(now adgroup "$L" budget)"
budgets "\"budget\":[{\"adgroup_id\":\"$G\",\"budget\":200}]" | code "not for daily ones" 40002
budgets "\"scheduled_budget\":[{\"adgroup_id\":\"$L\",\"scheduled_budget\":99999}]" | code "no schedule for lifetime ones" 40002
budgets "\"scheduled_budget\":[{\"adgroup_id\":\"$G\",\"scheduled_budget\":222.5}]" | code "a daily budget at midnight" 0
is "until then both are shown" '[130,222.5]' "$(get adgroup/get/ advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" | jq -c '.data.list[0] | [.budget, .scheduled_budget]')"
budgets "\"budget\":[{\"adgroup_id\":\"$L\",\"budget\":$((LB + 2000))},{\"adgroup_id\":\"$G\",\"budget\":200}]" | code "one bad entry" 40002
is "refuses all" $((LB + 1000)) "$(now adgroup "$L" budget)"
budgets '"nonsense":[]' | code "neither list" 40002

# Status
status() { post "$1/status/update/" "{\"advertiser_id\":\"$A\",\"$1_ids\":$2,\"operation_status\":\"$3\"${4:-}}"; }
status campaign "[\"$C\"]" DISABLE | holds "campaign/status/update" ".code == 0 and .data == {\"campaign_ids\":[\"$C\"],\"status\":\"DISABLE\",\"campaign_list\":[]}"
is "disabled" '"CAMPAIGN_STATUS_DISABLE"' "$(now campaign "$C" secondary_status)"
CG=$(pick adgroup ".campaign_id == \"$C\" and .operation_status == \"ENABLE\"" adgroup_id)
is "its ad groups follow" '"ADGROUP_STATUS_CAMPAIGN_DISABLE"' "$(now adgroup "$CG" secondary_status)"
is "but were not modified" "$(pick adgroup ".adgroup_id == \"$CG\"" modify_time)" "$(now adgroup "$CG" modify_time | tr -d '"')"
status campaign "[\"$C\"]" ENABLE | code "enabled again" 0
is "its ad groups follow" '"ADGROUP_STATUS_DELIVERY_OK"' "$(now adgroup "$CG" secondary_status)"
status campaign "[\"$C\"]" PAUSED | code "unknown word" 40002
status campaign "[]" DISABLE | code "no id" 40002
status campaign "$(jq -c '[.data.list[0:21][].campaign_id]' "$WORK/campaign")" DISABLE | code "21 ids" 40002
status campaign "[\"$C\",\"1790000000000001\"]" DISABLE | code "one that is not there" 40007
is "refuses all" '"ENABLE"' "$(now campaign "$C" operation_status)"
status ad "[\"$(pick ad true ad_id)\"]" DISABLE | holds "ad/status/update" '.code == 0 and .data.status == "DISABLE" and .data.aco_ad_ids == []'
status adgroup "[\"$CG\",\"1790000000000002\"]" DISABLE ',"allow_partial_success":true' |
    holds "partial success" ".code == 0 and .data.adgroup_ids == [\"$CG\"] and (.data.error_list | length) == 1 and .data.error_list[0].adgroup_id == \"1790000000000002\""
is "the winner has changed" '"DISABLE"' "$(now adgroup "$CG" operation_status)"
status adgroup "[\"$CG\"]" DELETE | code "delete an ad group" 0
status adgroup "[\"$CG\"]" ENABLE | holds "it is final" '.code == 40002 and (.message | contains("deleted"))'
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$CG\",\"budget\":70}" | code "and can not be changed" 40002
status adgroup "[\"$CG\"]" ENABLE ',"allow_partial_success":true' | holds "nor partly" '.data.adgroup_ids == [] and .data.error_list[0].error_message == "The ad group has been deleted."'

# Ads
AD=$(pick ad "(.campaign_automation_type == \"MANUAL\") and .adgroup_id != \"$CG\" and .secondary_status == \"AD_STATUS_DELIVERY_OK\"" ad_id)
AG=$(jq -r ".data.list[] | select(.ad_id == \"$AD\").adgroup_id" "$WORK/ad")
ad() { post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$AG\",$1}"; }
ad "\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$AD\",\"ad_name\":\"Neu\"}]" | holds "patch_update of the name" ".code == 0 and .data.ad_ids == [\"$AD\"] and .data.creatives[0].ad_name == \"Neu\" and .data.creatives[0].secondary_status == \"AD_STATUS_DELIVERY_OK\""
ad "\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$AD\",\"landing_page_url\":\"https://x.example/\"}]" | code "patch_update of anything else" 40002
ad "\"creatives\":[{\"ad_id\":\"$AD\",\"ad_name\":\"Neu\"}]" | holds "a replacement needs everything" '.code == 40002 and (.message | test("^creatives\\.0\\.[a-z_]+: Missing data for required field"))'
ad "\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$AD\",\"ad_text\":\"Other words\"}]" | holds "new text is reviewed" '.data.creatives[0].secondary_status == "AD_STATUS_REAUDIT"'
ad "\"creatives\":[{\"ad_id\":\"$AD\",\"ad_name\":\"Neu\",\"ad_format\":\"SINGLE_VIDEO\",\"ad_text\":\"x\",\"identity_type\":\"TT_USER\",\"identity_id\":\"1\"}]" | holds "a replacement drops what is not sent" '.code == 0 and .data.creatives[0].landing_page_url == null'
ad "\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$(pick ad ".adgroup_id != \"$AG\" and .adgroup_id != \"$CG\" and .campaign_automation_type == \"MANUAL\"" ad_id)\",\"ad_name\":\"x\"}]" | code "an ad of another ad group" 40002
ad "\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$AD\",\"ad_name\":\"🚀\"}]" | code "emoji" 40002
ad '"creatives":[]' | code "no creative" 40002

# A campaign that was not there
create() { post campaign/create/ "{\"advertiser_id\":\"$A\",$1}"; }
new='"campaign_name":"Neu / 새","objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY","budget":80.5'
first() { get campaign/get/ advertiser_id="$A" page_size=1 "$@" | jq -c '[.data.page_info.total_number, .data.list[0].campaign_id]'; }
total=$(first | jq '.[0]')
create "$new,\"operation_status\":\"DISABLE\",\"request_id\":\"7\"" > "$WORK/created"
holds "campaign/create answers the whole object" '.code == 0 and .data.campaign_name == "Neu / 새" and .data.budget == 80.5
    and .data.objective_type == "REACH" and .data.objective == "REACH" and .data.operation_status == "DISABLE"
    and .data.secondary_status == "CAMPAIGN_STATUS_DISABLE" and .data.create_time == .data.modify_time
    and (.data | has("budget_optimize_on") | not)' < "$WORK/created"
N=$(jq -r .data.campaign_id "$WORK/created")
holds "its id is the highest" "[.data.list[].campaign_id] | max < \"$N\"" < "$WORK/campaign"
is "it is listed, and first" "[$((total + 1)),\"$N\"]" "$(first)"
is "get agrees with create" "$(jq -S .data "$WORK/created" | cksum)" \
    "$(get campaign/get/ advertiser_id="$A" filtering="{\"campaign_ids\":[\"$N\"]}" | jq -S '.data.list[0]' | cksum)"
is "a filter that looks at all finds it" "[1,\"$N\"]" "$(first filtering='{"campaign_name":"Neu / 새"}')"
is "another account does not have it" 0 "$(get campaign/get/ advertiser_id="$J" filtering="{\"campaign_ids\":[\"$N\"]}" | jq .data.page_info.total_number)"
is "nothing is below it" 0 "$(get adgroup/get/ advertiser_id="$A" filtering="{\"campaign_ids\":[\"$N\"]}" | jq .data.page_info.total_number)"
create "$new,\"request_id\":\"7\"" > "$WORK/again"
is "the same request_id makes no second one" "$(jq -S .data "$WORK/created" | cksum)" "$(jq -S .data "$WORK/again" | cksum)"
M=$(create "$new,\"request_id\":\"8\",\"budget_optimize_on\":true" | jq -r '.data | select(.budget_optimize_on).campaign_id')
is "another one does, before it" "[$((total + 2)),\"$M\"]" "$(first)"
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$N\",\"budget\":90}" | holds "what was created can be changed" '.data.budget == 90'
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$M\"],\"operation_status\":\"DELETE\"}" | code "and deleted" 0
is "then it is not listed" "[$((total + 1)),\"$N\"]" "$(first)"
get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions='["campaign_id"]' \
    start_date="$(date -u +%F)" end_date="$(date -u +%F)" page_size=1000 | holds "a report has nothing of it" ".code == 0 and ([.data.list[].dimensions.campaign_id] | index(\"$N\") == null)"
while read -r body; do
    create "$body" | code "refused: $body" 40002
done << 'END'
"objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY","budget":80
"campaign_name":"","objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY","budget":80
"campaign_name":"x","budget_mode":"BUDGET_MODE_DAY","budget":80
"campaign_name":"x","objective_type":"FAME","budget_mode":"BUDGET_MODE_DAY","budget":80
"campaign_name":"x","objective_type":"REACH","budget_mode":"BUDGET_MODE_WEEK","budget":80
"campaign_name":"x","objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY"
"campaign_name":"x","objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY","budget":49.99
"campaign_name":"x","objective_type":"REACH","budget_mode":"BUDGET_MODE_DAY","budget":80,"operation_status":"DELETE"
END
create '"campaign_name":"x","objective_type":"REACH","budget_mode":"BUDGET_MODE_INFINITE"' | holds "no budget where the mode wants none" '.code == 0 and .data.budget == 0'

# The state file
for kind in campaign adgroup ad; do
    get $kind/get/ advertiser_id="$A" page_size=1000 filtering='{"primary_status":"STATUS_ALL"}' | jq -S .data > "$WORK/$kind.before"
done
stop
start --campaigns 40 --adgroups 300 --ads 600 --state "$WORK/state"
for kind in campaign adgroup ad; do
    is "$kind: changes outlive the program" "$(cksum < "$WORK/$kind.before")" \
        "$(get $kind/get/ advertiser_id="$A" page_size=1000 filtering='{"primary_status":"STATUS_ALL"}' | jq -S .data | cksum)"
done
stop
jq --arg g "$G" '.[$g]._scheduled_at = "1000"' "$WORK/state" > "$WORK/state2" # its midnight has passed
start --campaigns 40 --adgroups 300 --ads 600 --state "$WORK/state2"
is "a scheduled budget takes effect" '[222.5,0]' "$(get adgroup/get/ advertiser_id="$A" filtering="{\"adgroup_ids\":[\"$G\"]}" | jq -c '.data.list[0] | [.budget, .scheduled_budget]')"
adgroup '"budget":140' | holds "and can be changed at once" '.data.budget == 140 and .data.scheduled_budget == 0'
stop
echo nonsense > "$WORK/state"
"$SANDBOX" --state "$WORK/state" > "$WORK/out2" 2> "$WORK/err2" < /dev/null
is "a state file that is none" "1 1" "$? $(wc -l < "$WORK/err2")"

start --campaigns 40 --adgroups 300 --ads 600 --strict
T=$(pick adgroup '(.age_groups | length) > 0 and .campaign_automation_type == "MANUAL"' adgroup_id)
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$T\",\"adgroup_name\":\"x\"}" | holds "--strict empties what is not sent" '.data.age_groups == [] and .data.location_ids != []'
finish
