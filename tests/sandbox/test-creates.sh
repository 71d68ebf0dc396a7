#!/bin/sh
# SPDX-License-Identifier: MIT
# What adgroup/create and ad/create make, want and refuse; what they made is an object like others.
. "$(dirname "$0")/lib.sh"

start --campaigns 20 --adgroups 60 --ads 120 --state "$WORK/state"
accounts
get campaign/get/ advertiser_id="$A" page_size=1000 > "$WORK/campaign"
get adgroup/get/ advertiser_id="$A" page_size=1000 > "$WORK/adgroup"
get ad/get/ advertiser_id="$A" page_size=1000 > "$WORK/ad"

# pick CONDITION: the id of the first campaign that meets it
pick() { jq -r "[.data.list[] | select(.campaign_automation_type == \"MANUAL\" and ($1))][0].campaign_id" "$WORK/campaign"; }
# one KIND ID: the object as the list has it
one() { get "$1/get/" advertiser_id="$A" filtering="{\"$1_ids\":[\"$2\"]}" | jq -c '.data.list[0]'; }
total() { get "$1/get/" advertiser_id="$A" page_size=1 filtering="${2:-{\}}" | jq .data.page_info.total_number; }
C=$(pick '.objective_type == "TRAFFIC" and .budget_mode == "BUDGET_MODE_DAY" and (.budget_optimize_on | not)')
tomorrow=$(date -u -d tomorrow '+%F %T')
body="{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"adgroup_name\":\"Neu / 새\",\"billing_event\":\"CPC\",
 \"budget\":40.5,\"budget_mode\":\"BUDGET_MODE_DAY\",\"optimization_goal\":\"CLICK\",\"pacing\":\"PACING_MODE_SMOOTH\",
 \"schedule_type\":\"SCHEDULE_FROM_NOW\",\"schedule_start_time\":\"$tomorrow\",\"promotion_type\":\"WEBSITE\",
 \"placements\":[\"PLACEMENT_TIKTOK\"],\"location_ids\":[\"2921044\"],\"bid_type\":\"BID_TYPE_CUSTOM\",\"bid_price\":0.4}"
# adgroup JQ: adgroup/create with the body above, changed
adgroup() { post adgroup/create/ "$(echo "$body" | jq -c "$1")"; }

# Ad groups
before=$(total adgroup)
adgroup '.request_id = "7" | .operation_status = "DISABLE"' > "$WORK/made"
holds "adgroup/create answers the whole object" ".code == 0 and .data.adgroup_name == \"Neu / 새\" and .data.budget == 40.5
    and .data.campaign_id == \"$C\" and .data.bid_price == 0.4 and .data.conversion_bid_price == 0 and .data.bid_type == \"BID_TYPE_CUSTOM\"
    and .data.operation_status == \"DISABLE\" and .data.secondary_status == \"ADGROUP_STATUS_DISABLE\" and .data.gender == \"GENDER_UNLIMITED\"
    and .data.schedule_start_time == \"$tomorrow\" and .data.create_time == .data.modify_time" < "$WORK/made"
G=$(jq -r .data.adgroup_id "$WORK/made")
is "get agrees with create" "$(jq -Sc .data "$WORK/made")" "$(one adgroup "$G" | jq -Sc .)"
is "one more is listed" $((before + 1)) "$(total adgroup)"
is "a filter by campaign has it" true "$(get adgroup/get/ advertiser_id="$A" page_size=1000 filtering="{\"campaign_ids\":[\"$C\"]}" | jq "[.data.list[].adgroup_id] | index(\"$G\") != null")"
is "a filter by name has it" 1 "$(total adgroup '{"adgroup_name":"Neu / 새"}')"
is "a filter by billing event has it" true "$(get adgroup/get/ advertiser_id="$A" page_size=1000 filtering='{"billing_events":["CPC"]}' | jq "[.data.list[].adgroup_id] | index(\"$G\") != null")"
is "the same request_id makes no second one" "$G $((before + 1))" "$(adgroup '.request_id = "7"' | jq -r .data.adgroup_id) $(total adgroup)"
adgroup '.request_id = "8"' > "$WORK/other"
is "another one does" $((before + 2)) "$(total adgroup)"
holds "without ads it is not shown" '.data.secondary_status == "ADGROUP_STATUS_CREATE" and .data.operation_status == "ENABLE"' < "$WORK/other"
post adgroup/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$G\",\"budget\":60,\"bid_price\":0.5}" | holds "it can be changed" '.data.budget == 60 and .data.bid_price == 0.5'
while read -r name; do
    adgroup "del(.$name)" | holds "required: $name" ".code == 40002 and .message == \"Missing required field(s): $name.\""
done << 'END'
campaign_id
adgroup_name
billing_event
budget
budget_mode
optimization_goal
pacing
schedule_type
schedule_start_time
promotion_type
placements
location_ids
bid_price
END
while read -r change; do
    adgroup "$change" | code "refused: $change" 40002
done << 'END'
.adgroup_name = "🚀"
.billing_event = "CPX"
.budget = 19.99
.budget = 40.505
.budget = "40"
.budget_mode = "BUDGET_MODE_INFINITE"
.budget_mode = "BUDGET_MODE_TOTAL" | .budget = 90000
.optimization_goal = "FAME"
.schedule_start_time = "2020-01-01 00:00:00"
.schedule_start_time = "2029-01-01 00:00:00"
.schedule_start_time = "soon"
.schedule_type = "SCHEDULE_START_END"
.schedule_type = "SCHEDULE_START_END" | .schedule_end_time = "2020-01-01 00:00:00"
.placements = ["PLACEMENT_MOON"]
.placements = []
.bid_price = 0
.bid_price = 41
.bid_type = "BID_TYPE_NO_BID"
.conversion_bid_price = 3
.deep_bid_type = "VO_MIN_ROAS"
.dayparting = "101"
.request_id = "one"
.request_id = 7
.request_id = "99999999999999999999"
.operation_status = "DELETE"
END
is "nothing of that was made" $((before + 2)) "$(total adgroup)"
adgroup '.schedule_type = "SCHEDULE_START_END" | .schedule_end_time = "2027-12-01T00:00:00Z" | .request_id = "-9223372036854775808"' |
    holds "a schedule with an end" '.data.schedule_end_time == "2027-12-01 00:00:00" and .data.schedule_type == "SCHEDULE_START_END"'
adgroup '.billing_event = "OCPM" | .conversion_bid_price = 5 | del(.bid_price)' | holds "a bid for a conversion" '.data.conversion_bid_price == 5 and .data.bid_price == 0'
T=$(pick '.budget_mode == "BUDGET_MODE_TOTAL" and (.objective_type == "APP_PROMOTION" or .objective_type == "WEB_CONVERSIONS" | not)')
if [ "$T" != null ]; then
    to=$(date -u -d "$tomorrow UTC + 10 days" '+%F %T')
    adgroup ".campaign_id = \"$T\" | .budget_mode = \"BUDGET_MODE_TOTAL\" | .schedule_type = \"SCHEDULE_START_END\" | .schedule_end_time = \"$to\" | .budget = 199" |
        holds "a lifetime budget is for all its days" '.code == 40002 and (.message | contains("at least 200 USD"))'
    adgroup ".campaign_id = \"$T\" | .budget_mode = \"BUDGET_MODE_TOTAL\" | .schedule_type = \"SCHEDULE_START_END\" | .schedule_end_time = \"$to\" | .budget = 200" |
        holds "and then it is taken" '.code == 0 and .data.budget_mode == "BUDGET_MODE_TOTAL"'
    adgroup ".campaign_id = \"$T\" | .budget_mode = \"BUDGET_MODE_TOTAL\" | .budget = 90000" | code "which needs an end" 40002
fi
post campaign/create/ "{\"advertiser_id\":\"$A\",\"campaign_name\":\"cbo\",\"objective_type\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":80,\"budget_optimize_on\":true}" > "$WORK/cbo"
O=$(jq -r .data.campaign_id "$WORK/cbo")
adgroup ".campaign_id = \"$O\" | del(.budget, .budget_mode, .promotion_type)" | holds "a campaign that optimizes its budget has the only one" '.code == 0 and .data.budget == 0 and .data.budget_mode == "BUDGET_MODE_INFINITE"'
is "what was created has what was created in it" 1 "$(total adgroup "{\"campaign_ids\":[\"$O\"]}")"
adgroup '.campaign_id = "1790000000000001"' | code "a campaign that is not there" 40007
web=$(pick '.objective_type == "WEB_CONVERSIONS"')
adgroup ".campaign_id = \"$web\"" | holds "the objective wants more" '.code == 40002 and .message == "Missing required field(s): pixel_id."'

# Ads
creative='{"ad_name":"Erste","ad_format":"SINGLE_VIDEO","identity_type":"CUSTOMIZED_USER","identity_id":"7080121820963422209",
 "video_id":"v10033g50000d8an0000000000000001","image_ids":["ad-site-i18n-sg/202610025d0d0000000000000000"],"ad_text":"Jetzt Probe fahren",
 "call_to_action":"LEARN_MORE","landing_page_url":"https://alpenrad.example/"}'
# ad JQ: ad/create with one creative, changed
ad() { post ad/create/ "$(jq -nc --argjson c "$creative" "{advertiser_id: \"$A\", adgroup_id: \"$G\", creatives: [\$c]} | $1")"; }
ads=$(total ad)
ad . > "$WORK/made"
holds "ad/create answers ids and objects" ".code == 0 and (.data.ad_ids | length) == 1 and .data.creatives[0].ad_id == .data.ad_ids[0]
    and .data.creatives[0].ad_name == \"Erste\" and .data.creatives[0].adgroup_id == \"$G\" and .data.creatives[0].campaign_id == \"$C\"
    and .data.need_audit == true" < "$WORK/made"
D=$(jq -r '.data.ad_ids[0]' "$WORK/made")
is "get agrees with create" "$(jq -Sc '.data.creatives[0]' "$WORK/made")" "$(one ad "$D" | jq -Sc .)"
post adgroup/status/update/ "{\"advertiser_id\":\"$A\",\"adgroup_ids\":[\"$G\"],\"operation_status\":\"ENABLE\"}" | code "its ad group is enabled" 0
is "it is reviewed first" '"AD_STATUS_AUDIT"' "$(one ad "$D" | jq .secondary_status)"
is "its ad group waits for no ad any more" '"ADGROUP_STATUS_NOT_START"' "$(one adgroup "$G" | jq .secondary_status)"
is "a filter by ad group has it" 1 "$(total ad "{\"adgroup_ids\":[\"$G\"]}")"
is "a filter by campaign too" true "$(get ad/get/ advertiser_id="$A" page_size=1000 filtering="{\"campaign_ids\":[\"$C\"]}" | jq "[.data.list[].ad_id] | index(\"$D\") != null")"
is "and one by status" true "$(get ad/get/ advertiser_id="$A" page_size=1000 filtering='{"primary_status":"STATUS_NOT_DELIVERY"}' | jq "[.data.list[].ad_id] | index(\"$D\") != null")"
ad . | code "the same again" 0
is "makes a second one" $((ads + 2)) "$(total ad)"
ad '.creatives = [.creatives[0], (.creatives[0] | .ad_name = "")]' > "$WORK/two"
holds "two at once; one without a name is called by its id" '.code == 0 and (.data.creatives | length) == 2 and .data.creatives[1].ad_name == .data.ad_ids[1]' < "$WORK/two"
seedling=$(jq -r '[.data.list[] | select(.campaign_automation_type == "MANUAL")][0].adgroup_id' "$WORK/adgroup")
ad ".adgroup_id = \"$seedling\"" | holds "in an ad group of the seed" ".code == 0 and .data.creatives[0].adgroup_id == \"$seedling\""
have=$(total ad)
while read -r change; do
    ad "$change" | code "refused: $change" 40002
done << 'END'
.creatives = []
.creatives = "x"
.creatives = [range(21) as $i | .creatives[0]]
.creatives[0].ad_name = "🚀"
del(.creatives[0].ad_name)
del(.creatives[0].ad_format)
del(.creatives[0].identity_type)
del(.creatives[0].identity_id)
del(.creatives[0].video_id)
del(.creatives[0].image_ids)
del(.creatives[0].ad_text)
.creatives[0].ad_text = ""
.creatives[0].ad_text = "봄" * 51
.creatives[0].image_ids = ["a", "b"]
.creatives[0].ad_format = "HOLOGRAM"
.creatives[0].ad_format = "CAROUSEL_ADS"
.creatives[0].call_to_action_id = "7"
.creatives[0].landing_page_url = "alpenrad"
.creatives[0].identity_type = "BC_AUTH_TT"
.creatives = [.creatives[0], (.creatives[0] | del(.ad_text))]
del(.adgroup_id)
END
is "nothing of that was made" "$have" "$(total ad)"
ad '.creatives[0] |= (.ad_format = "CAROUSEL_ADS" | .image_ids = ["a", "b"] | .music_id = "7" | del(.video_id))' | code "a carousel" 0
ad '.creatives[0] |= (.tiktok_item_id = "7" | .identity_type = "TT_USER" | del(.video_id, .image_ids, .ad_text))' | code "what was posted before" 0
ad '.adgroup_id = "1830000000000001"' | code "an ad group that is not there" 40007
post ad/update/ "{\"advertiser_id\":\"$A\",\"adgroup_id\":\"$G\",\"patch_update\":true,\"creatives\":[{\"ad_id\":\"$D\",\"ad_text\":\"Other\"}]}" |
    holds "a change of what was created is reviewed" '.code == 0 and .data.creatives[0].ad_text == "Other" and .data.creatives[0].secondary_status == "AD_STATUS_REAUDIT"'
days="start_date=$(date -u +%F) end_date=$(date -u +%F)"
# shellcheck disable=SC2086
get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_AD dimensions='["ad_id","stat_time_day"]' $days \
    page_size=1000 filtering="[{\"field_name\":\"ad_ids\",\"filter_type\":\"IN\",\"filter_value\":\"[\\\"$D\\\"]\"}]" |
    holds "a report of it has no row" '.code == 0 and .data.list == []'
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DELETE\"}" | code "its campaign is deleted" 0
is "and so is all that was created in it" 0 "$(total ad "{\"adgroup_ids\":[\"$G\"]}")"
is "of which nothing is listed" false "$(get ad/get/ advertiser_id="$A" page_size=1000 | jq "[.data.list[].ad_id] | index(\"$D\") != null")"
ad . | code "and nothing can be created" 40002
adgroup . | code "nor an ad group" 40002

# The state file
for kind in campaign adgroup ad; do
    get $kind/get/ advertiser_id="$A" page_size=1000 filtering='{"primary_status":"STATUS_ALL"}' | jq -S .data > "$WORK/$kind.before"
done
stop
start --campaigns 20 --adgroups 60 --ads 120 --state "$WORK/state" --fault repeat-refused=1
for kind in campaign adgroup ad; do
    is "$kind: what was created outlives the program" "$(cksum < "$WORK/$kind.before")" \
        "$(get $kind/get/ advertiser_id="$A" page_size=1000 filtering='{"primary_status":"STATUS_ALL"}' | jq -S .data | cksum)"
done
adgroup ".campaign_id = \"$O\" | .request_id = \"70\"" | code "--fault repeat-refused: the first is made" 0
adgroup ".campaign_id = \"$O\" | .request_id = \"70\"" | code "and the second is refused" 40050
stop

start --campaigns 20 --adgroups 60 --ads 120 --fault bare=3x --fault lie=1:/adgroup/create/
O=$(post campaign/create/ "{\"advertiser_id\":\"$A\",\"campaign_name\":\"bare\",\"objective_type\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_INFINITE\"}" |
    jq -r '.data | select(keys == ["campaign_id"]) | .campaign_id')
is "--fault bare: an id and nothing else" '"bare"' "$(one campaign "$O" | jq .campaign_name)"
before=$(total adgroup)
adgroup ".campaign_id = \"$O\" | del(.promotion_type)" | holds "--fault lie: an id" '.code == 0 and (.data | keys) == ["adgroup_id"]'
is "of nothing" "$before" "$(total adgroup)"
stop

start --campaigns 2 --adgroups 4 --ads 4 --tier basic
G=$(get adgroup/get/ advertiser_id="$A" | jq -r '.data.list[0].adgroup_id')
for i in 1 2 3 4 5 6; do
    ad ".creatives[0].ad_name = \"$i\"" | jq .code
done > "$WORK/codes"
is "ad/create has a rate of its own" "5 of 0, 1 of 40016" "$(grep -cx 0 "$WORK/codes") of 0, $(grep -cx 40016 "$WORK/codes") of 40016"
finish
