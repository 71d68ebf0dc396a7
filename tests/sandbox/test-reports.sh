#!/bin/sh
# SPDX-License-Identifier: MIT
# Reports: arithmetic between rows, days and levels; formats; what is refused.
. "$(dirname "$0")/lib.sh"

start --campaigns 25 --adgroups 120 --ads 400 --advertisers 3
accounts
END=$(date -u -d '2 days ago' +%F) # today's figures grow, so they stay outside
START=$(date -u -d "$END - 9 days" +%F)
METRICS='["spend","impressions","clicks","ctr","cpc","cpm","conversion","cost_per_conversion","reach"]'

# report LEVEL DIMENSIONS NAME=VALUE…
report() {
    level=$1
    dimensions=$2
    shift 2
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level="AUCTION_$level" \
        dimensions="$dimensions" page_size=1000 "$@"
}
# The last of equal parameters counts, so a check may bring its own.
span() {
    span_level=$1
    span_dimensions=$2
    shift 2
    report "$span_level" "$span_dimensions" start_date="$START" end_date="$END" metrics="$METRICS" "$@"
}

span CAMPAIGN '["campaign_id","stat_time_day"]' > "$WORK/campaign-day"
span CAMPAIGN '["campaign_id"]' enable_total_metrics=true > "$WORK/campaign"
span ADGROUP '["adgroup_id"]' > "$WORK/adgroup"
span AD '["ad_id"]' > "$WORK/ad"
span AD '["ad_id"]' metrics='["spend","adgroup_id","campaign_id"]' > "$WORK/ad-parents"
span ADVERTISER '["advertiser_id"]' > "$WORK/advertiser"
span ADVERTISER '["advertiser_id","stat_time_day"]' > "$WORK/advertiser-day"
SUM='def cents: (tonumber * 100 | round); def sums: {spend: map(.metrics.spend | cents) | add, impressions: map(.metrics.impressions | tonumber) | add,
    clicks: map(.metrics.clicks | tonumber) | add, conversion: map(.metrics.conversion | tonumber) | add};'

holds "there are figures" "$SUM"'.data.list | length > 50 and sums.spend > 0 and sums.conversion > 0' < "$WORK/campaign-day"
holds "all figures are strings" '[.data.list[].metrics[] | type] | unique == ["string"]' < "$WORK/campaign-day"
holds "spend has two decimals, counts none" '[.data.list[].metrics | (.spend | test("^[0-9]+\\.[0-9]{2}$")) and (.clicks | test("^[0-9]+$"))] | all' < "$WORK/campaign-day"
holds "days look like days" '[.data.list[].dimensions.stat_time_day | test("^[0-9]{4}-[0-9]{2}-[0-9]{2} 00:00:00$")] | all' < "$WORK/campaign-day"
holds "ratios follow from the counts" '[.data.list[].metrics | map_values(tonumber) |
    (.ctr - 100 * .clicks / .impressions | fabs < 0.0051) and (.cpm - 1000 * .spend / .impressions | fabs < 0.0051) and
    (if .clicks == 0 then .cpc == 0 else (.cpc - .spend / .clicks | fabs < 0.0051) end) and
    (if .conversion == 0 then .cost_per_conversion == 0 else (.cost_per_conversion - .spend / .conversion | fabs < 0.0051) end)] | all' < "$WORK/campaign-day"
holds "a divisor of nothing is 0.00" '[.data.list[].metrics | select(.conversion == "0") | .cost_per_conversion == "0.00"] | length > 0 and all' < "$WORK/campaign-day"
holds "no row without delivery" '[.data.list[].metrics | .impressions != "0"] | all' < "$WORK/campaign-day"
holds "days are missing" '.data.page_info.total_number < 250' < "$WORK/campaign-day"
total=$(jq -c "$SUM .data.list | sums" "$WORK/campaign-day")
for level in campaign adgroup ad advertiser advertiser-day; do
    is "sums agree: $level" "$total" "$(jq -c "$SUM .data.list | sums" "$WORK/$level")"
done
is "total_metrics" "$total" "$(jq -c "$SUM [{metrics: .data.total_metrics}] | sums" "$WORK/campaign")"
jq -n --slurpfile c "$WORK/campaign" --slurpfile a "$WORK/ad-parents" "$SUM"'
    ($a[0].data.list | group_by(.metrics.campaign_id) | map({(.[0].metrics.campaign_id): map(.metrics.spend | cents) | add}) | add) as $by |
    [$c[0].data.list[] | (.metrics.spend | cents) == ($by[.dimensions.campaign_id] // 0)] | all' | holds "each campaign is the sum of its ads" .
jq -n --slurpfile c "$WORK/campaign" --slurpfile d "$WORK/campaign-day" "$SUM"'
    ($d[0].data.list | group_by(.dimensions.campaign_id) | map({(.[0].dimensions.campaign_id): map(.metrics.spend | cents) | add}) | add) as $by |
    [$c[0].data.list[] | (.metrics.spend | cents) == ($by[.dimensions.campaign_id] // 0)] | all' | holds "each campaign is the sum of its days" .
holds "reach does not add up" '[.data.list[].metrics.reach | tonumber] | add as $all | length > 1 and all(. <= $all)' < "$WORK/campaign"
get campaign/get/ advertiser_id="$A" page_size=1000 > "$WORK/campaigns"
jq -n --slurpfile c "$WORK/campaigns" --slurpfile d "$WORK/campaign-day" '
    ($c[0].data.list | map({(.campaign_id): .}) | add) as $by |
    [$d[0].data.list[] | $by[.dimensions.campaign_id] as $c | $c.budget_mode != "BUDGET_MODE_DAY" or (.metrics.spend | tonumber) < 0.8 * $c.budget] | all' |
    holds "no day spends 80 % of its budget" .

C=$(jq -r '.data.list[0].campaign_id' "$WORK/campaigns")
ids="[{\"field_name\":\"campaign_ids\",\"filter_type\":\"IN\",\"filter_value\":\"[\\\"$C\\\"]\"}]"
bare="[{\"field_name\":\"campaign_ids\",\"filter_type\":\"IN\",\"filter_value\":\"[$C]\"}]"
one=$(jq -cS ".data.list[] | select(.dimensions.campaign_id == \"$C\")" "$WORK/campaign-day")
is "filtering by id" "$one" "$(span CAMPAIGN '["campaign_id","stat_time_day"]' filtering="$ids" | jq -cS '.data.list[]')"
is "by a bare id" "$one" "$(span CAMPAIGN '["campaign_id","stat_time_day"]' filtering="$bare" | jq -cS '.data.list[]')"
span AD '["ad_id"]' filtering="$ids" | holds "ads of a campaign" "$SUM (.data.list | sums.spend) == $(echo "$one" | jq -s "$SUM sums.spend")"
span CAMPAIGN '["campaign_id","stat_time_day"]' order_field=spend | holds "order_field, descending by default" '[.data.list[].metrics.spend | tonumber] | . == (sort | reverse)'
span CAMPAIGN '["campaign_id","stat_time_day"]' order_field=ctr order_type=ASC | holds "order_type ASC" '[.data.list[].metrics.ctr | tonumber] | . == sort'
span CAMPAIGN '["campaign_id"]' metrics='["campaign_name","campaign_budget","objective_type","spend"]' filtering="$ids" enable_total_metrics=true |
    holds "attributes are text, and - in totals" '.data.list[0].metrics.campaign_name == "DE_Autumn_Traffic" and .data.list[0].metrics.campaign_budget == "500.0" and .data.total_metrics.campaign_name == "-"'
report CAMPAIGN '["campaign_id"]' start_date="$START" end_date="$END" | holds "default metrics" '.data.list[0].metrics | keys == ["impressions","spend"]'
report CAMPAIGN '["campaign_id","stat_time_day"]' start_date=2001-01-01 end_date=2001-01-30 | holds "before the account: no rows by day" '.data.list == [] and .data.page_info.total_number == 0'
report CAMPAIGN '["campaign_id"]' start_date=2001-01-01 end_date=2001-01-30 | holds "but zeros without days" '.data.list | length == 25 and all(.metrics.spend == "0.00")'
report CAMPAIGN '["campaign_id","stat_time_day"]' start_date="$(date -d '2 days' +%F)" end_date="$(date -d '9 days' +%F)" | holds "no rows in the future" '.data.list == []'
report CAMPAIGN '["campaign_id"]' query_lifetime=true metrics='["spend"]' > "$WORK/lifetime"
holds "a lifetime is more than ten days" "$SUM"'[.data.list[].metrics.spend | cents] | add > '"$(echo "$total" | jq .spend)" < "$WORK/lifetime"
pages=$(for page in 1 2 3; do get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions='["campaign_id"]' start_date="$START" end_date="$END" metrics="$METRICS" page=$page; done | jq -c '.data.list[]')
is "pages of ten make the whole" "$(jq -c '.data.list[]' "$WORK/campaign")" "$pages"

CONFLICT='.code == 40002 and .message == "Conflict occurs. The input params including metrics and dimensions have no relation."'
span CAMPAIGN '["adgroup_id"]' | holds "a dimension of another level" "$CONFLICT"
span AD '["ad_id","adgroup_id"]' | holds "two ids" "$CONFLICT"
span CAMPAIGN '["campaign_id"]' metrics='["ad_name"]' | holds "an attribute of a lower level" "$CONFLICT"
span CAMPAIGN '["campaign_id"]' metrics='["spend","conversions"]' | code "an unknown metric" 40002
span CAMPAIGN '["campaign_id","nonsense"]' | code "an unknown dimension" 40002
span NONSENSE '["campaign_id"]' | code "an unknown level" 40002
span CAMPAIGN '["campaign_id"]' order_field=campaign_name | code "no order by attributes" 40002
span CAMPAIGN 'campaign_id' | code "dimensions must be JSON text" 40002
span CAMPAIGN '["campaign_id"]' report_type=NONSENSE | code "an unknown type" 40002
span CAMPAIGN '["campaign_id"]' filtering='{"campaign_ids":[]}' | code "filtering must be an array" 40002
span CAMPAIGN '["campaign_id"]' filtering='[{"field_name":"campaign_ids","filter_type":"IN","filter_value":["1"]}]' | code "filter_value must be text" 40002
dates() { report CAMPAIGN "$1" start_date="$2" end_date="$3"; }
dates '["campaign_id","stat_time_day"]' 2026-01-01 2026-01-30 | code "30 days by day" 0
dates '["campaign_id","stat_time_day"]' 2026-01-01 2026-01-31 | code "31 days by day" 40002
dates '["campaign_id"]' 2025-01-01 2025-12-31 | code "365 days" 0
dates '["campaign_id"]' 2025-01-01 2026-01-01 | code "366 days" 40002
dates '["campaign_id"]' 2026-02-02 2026-02-01 | code "the wrong way round" 40002
dates '["campaign_id"]' 2026-02-30 2026-03-01 | code "no such day" 40002
report CAMPAIGN '["campaign_id"]' | code "no dates" 40002
report CAMPAIGN '["campaign_id","stat_time_day"]' query_lifetime=true | code "a lifetime by day" 40002

post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DELETE\"}" | code "delete a campaign" 0
span CAMPAIGN '["campaign_id"]' | holds "it vanishes from its level" "([.data.list[].dimensions.campaign_id] | index(\"$C\")) == null and (.data.list | length) == 24"
all='[{"field_name":"campaign_status","filter_type":"IN","filter_value":"[\"STATUS_ALL\"]"}]'
is "STATUS_ALL has it" "$total" "$(span CAMPAIGN '["campaign_id"]' filtering="$all" | jq -c "$SUM .data.list | sums")"
is "the advertiser's total has it" "$total" "$(span ADVERTISER '["advertiser_id"]' | jq -c "$SUM .data.list | sums")"
A=$J
span CAMPAIGN '["campaign_id","stat_time_day"]' | holds "yen have no decimals" '[.data.list[].metrics.spend | test("^[0-9]+$")] | length > 0 and all'

# Ten days around the first of this world, when most ads are yet to be made.
LAST=$(($(date -u +%Y) - 1))-01-05
world() { stop; start --advertisers 2 --campaigns 9 --adgroups 20 --ads 97 "$@"; accounts; }
# rows HOUR-OR-DAY START: of all ads
rows() { report AD "[\"ad_id\",\"stat_time_$1\"]" start_date="$2" end_date="$LAST" page_size=1 | jq .data.page_info.total_number; }
world
is "most ads are yet to be made" yes "$([ "$(rows hour "$LAST")" -lt $((97 * 12)) ] && echo yes)"
world --always-deliver
is "--always-deliver: each ad in each hour" $((97 * 24)) "$(rows hour "$LAST")"
is "and on each day" $((97 * 10)) "$(rows day "$(date -d "$LAST - 9 days" +%F)")"
A=$J
is "in yen, too" $((97 * 24)) "$(rows hour "$LAST")"
finish
