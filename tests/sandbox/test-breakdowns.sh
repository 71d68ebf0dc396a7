#!/bin/sh
# SPDX-License-Identifier: MIT
# Reports by hour, country, age and so on: the parts are those of the whole, to the last cent, also
# on the days on which clocks change, and what does not go together is refused.
. "$(dirname "$0")/lib.sh"

start --campaigns 12 --adgroups 60 --ads 150 --advertisers 4 --now 2026-11-20T15:10:00Z
accounts
B=$(jq -r '.data.list[2].advertiser_id' "$WORK/accounts") # Europe/Berlin
S=$(jq -r '.data.list[3].advertiser_id' "$WORK/accounts") # Etc/GMT-13, thirteen hours ahead
ADDITIVE='"spend","impressions","gross_impressions","clicks","conversion","real_time_conversion","result","real_time_result","video_play_actions","video_watched_2s","video_watched_6s","video_views_p100","likes","comments","shares","follows","profile_visits","clicks_on_music_disc","total_landing_page_view"'
EVENTS='"billed_cost","engaged_view","complete_payment","total_complete_payment_rate","app_install","total_purchase","total_purchase_value","form","web_event_add_to_cart","vta_conversion"'

# report TYPE LEVEL DIMENSIONS FIRST LAST NAME=VALUE…: the whole of it, in one answer
report() {
    report_type=$1
    level=$2
    dimensions=$3
    first=$4
    last=$5
    shift 5
    get report/integrated/get/ advertiser_id="$A" report_type="$report_type" data_level="AUCTION_$level" dimensions="$dimensions" \
        start_date="$first" end_date="$last" page_size=1000 metrics="[$ADDITIVE]" "$@"
}
# sums NAME: all rows under the same NAME added up, in hundredths; NAME is - for all of them. Objects that did nothing have a
# row where nothing but their id is asked for.
SUMS='def sums: map(.metrics | map_values(tonumber * 100 | round)) | map(to_entries) | add // [] | group_by(.key) | map({(.[0].key): map(.value) | add}) | add;'
sums() { jq -cS "$SUMS"'.data.list | map(select(.metrics.impressions != "0")) | group_by(if "'"$1"'" == "-" then 0 else .dimensions["'"$1"'"] end) | map({key: (.[0].dimensions["'"$1"'"] // "all"), value: sums}) | from_entries'; }
agree() { is "$1" "$2" "$3"; }
some() { holds "$1" '.data.list | length > 0' < "$2"; }

# Hours
hour_day() { # ACCOUNT DAY: hours and the day, of campaigns, in two files
    A=$1
    report BASIC CAMPAIGN '["campaign_id","stat_time_hour"]' "$2" "$2" metrics="[$ADDITIVE,$EVENTS]" > "$WORK/hours"
    report BASIC CAMPAIGN '["campaign_id","stat_time_day"]' "$2" "$2" metrics="[$ADDITIVE,$EVENTS]" > "$WORK/day"
}
US=$A
hour_day "$US" 2026-11-10
some "there are hours" "$WORK/hours"
holds "they look like hours" '[.data.list[].dimensions.stat_time_hour | test("^2026-11-10 ([01][0-9]|2[0-3]):00:00$")] | all' < "$WORK/hours"
holds "no hour without delivery, none twice" '(.data.list | map(.dimensions) | length == (unique | length)) and ([.data.list[].metrics.impressions != "0"] | all)' < "$WORK/hours"
agree "the hours of a day are the day, campaign by campaign" "$(sums campaign_id < "$WORK/day")" "$(sums campaign_id < "$WORK/hours")"
for page in 1 2 3; do
    report BASIC AD '["ad_id","stat_time_hour"]' 2026-11-10 2026-11-10 metrics="[$ADDITIVE,$EVENTS]" page=$page
done | jq -s '{data: {list: map(.data.list) | add, page_info: .[0].data.page_info}}' > "$WORK/ads"
holds "three pages are all of them" '.data.page_info.total_number == (.data.list | length)' < "$WORK/ads"
agree "and so are those of the ads" "$(sums - < "$WORK/day")" "$(sums - < "$WORK/ads")"
hour_day "$US" 2026-11-20
agree "also today" "$(sums campaign_id < "$WORK/day")" "$(sums campaign_id < "$WORK/hours")"
holds "which ends half an hour ago: 09:00 has not passed for that long in New York" '[.data.list[].dimensions.stat_time_hour[11:13]] | unique == ["00","01","02","03","04","05","06","07","08"]' < "$WORK/hours"
report BASIC CAMPAIGN '["campaign_id","stat_time_hour"]' 2026-11-21 2026-11-21 | holds "tomorrow has none" '.code == 0 and .data.list == []'
hour_day "$S" 2026-11-21
holds "in Etc/GMT-13 it is tomorrow, three hours long" '[.data.list[].dimensions.stat_time_hour[11:13]] | unique == ["00","01","02"]' < "$WORK/hours"
agree "which add up" "$(sums campaign_id < "$WORK/day")" "$(sums campaign_id < "$WORK/hours")"
hours_of() { jq -c '[.data.list[].dimensions.stat_time_hour[11:13]] | unique | length'; }
hour_day "$B" 2026-03-29
is "clocks go forward in Berlin: 23 hours" 23 "$(hours_of < "$WORK/hours")"
holds "without 02:00" '[.data.list[].dimensions.stat_time_hour[11:13]] | index("02") == null' < "$WORK/hours"
agree "which are the day" "$(sums campaign_id < "$WORK/day")" "$(sums campaign_id < "$WORK/hours")"
hour_day "$B" 2026-10-25
is "they go back: 25 hours in 24 rows" 24 "$(hours_of < "$WORK/hours")"
holds "no two of an object alike" '.data.list | map(.dimensions) | length == (unique | length)' < "$WORK/hours"
holds "02:00 has what was shown in two hours" '[.data.list[] | {h: .dimensions.stat_time_hour[11:13], n: (.metrics.impressions | tonumber)}] | group_by(.h) | map({(.[0].h): map(.n) | add}) | add | .["02"] > 1.1 * .["01"]' < "$WORK/hours"
agree "and they are the day" "$(sums campaign_id < "$WORK/day")" "$(sums campaign_id < "$WORK/hours")"
hour_day "$US" 2026-11-01
is "New York goes back a week later" 24 "$(hours_of < "$WORK/hours")"
holds "at 01:00" '[.data.list[] | {h: .dimensions.stat_time_hour[11:13], n: (.metrics.impressions | tonumber)}] | group_by(.h) | map({(.[0].h): map(.n) | add}) | add | .["01"] > 1.1 * .["00"]' < "$WORK/hours"

# Days and spans
A=$US
report BASIC CAMPAIGN '["campaign_id"]' 2026-10-21 2026-11-19 metrics="[$ADDITIVE,$EVENTS]" > "$WORK/span"
report BASIC CAMPAIGN '["campaign_id","stat_time_day"]' 2026-10-21 2026-11-19 metrics="[$ADDITIVE,$EVENTS]" > "$WORK/days"
agree "the days of a span are the span" "$(sums campaign_id < "$WORK/span")" "$(sums campaign_id < "$WORK/days")"
report BASIC ADVERTISER '["stat_time_day"]' 2026-10-21 2026-11-19 metrics="[$ADDITIVE,$EVENTS]" > "$WORK/dayless"
agree "also without an id" "$(sums stat_time_day < "$WORK/days")" "$(sums stat_time_day < "$WORK/dayless")"
holds "which is one row for each" '.data.list | length == 30 and (.[0].dimensions | keys == ["stat_time_day"])' < "$WORK/dayless"

# Countries of basic reports
report BASIC CAMPAIGN '["campaign_id","country_code","stat_time_day"]' 2026-11-06 2026-11-18 > "$WORK/countries"
report BASIC CAMPAIGN '["campaign_id","stat_time_day"]' 2026-11-06 2026-11-18 > "$WORK/days"
some "by country" "$WORK/countries"
holds "countries are codes of two letters, several of them" '[.data.list[].dimensions.country_code] | unique | length >= 3 and all(test("^[A-Z]{2}$"))' < "$WORK/countries"
agree "countries are the whole, by campaign" "$(sums campaign_id < "$WORK/days")" "$(sums campaign_id < "$WORK/countries")"
agree "and by day" "$(sums stat_time_day < "$WORK/days")" "$(sums stat_time_day < "$WORK/countries")"
hour_day "$US" 2026-11-10
report BASIC CAMPAIGN '["campaign_id","country_code","stat_time_hour"]' 2026-11-10 2026-11-10 > "$WORK/country-hours"
agree "countries by hour are the hours" "$(jq '.data.list |= map(.metrics |= with_entries(select(.key | IN('"$ADDITIVE"'))))' "$WORK/hours" | sums stat_time_hour)" "$(sums stat_time_hour < "$WORK/country-hours")"
report BASIC ADVERTISER '["country_code"]' 2026-11-06 2026-11-18 > "$WORK/of-all"
agree "without an id too" "$(sums country_code < "$WORK/countries")" "$(sums country_code < "$WORK/of-all")"
filter='[{"field_name":"country_code","filter_type":"IN","filter_value":"[\"DE\",\"CH\"]"}]'
report BASIC ADVERTISER '["country_code"]' 2026-11-06 2026-11-18 filtering="$filter" |
    holds "some of them only" '[.data.list[].dimensions.country_code] | sort == ["CH","DE"]'
report BASIC CAMPAIGN '["campaign_id","country_code"]' 2026-11-20 2026-11-20 | holds "they are eleven hours behind: nothing of today" '.data.list == []'
get adgroup/get/ advertiser_id="$A" page_size=1000 > "$WORK/adgroups"
report BASIC ADGROUP '["adgroup_id","country_code"]' 2026-11-06 2026-11-18 > "$WORK/placed"
jq -n --slurpfile g "$WORK/adgroups" --slurpfile r "$WORK/placed" '{"6252001":"US","2921044":"DE","1861060":"JP","2658434":"CH"} as $at |
    ($g[0].data.list | map({(.adgroup_id): (.location_ids | map($at[.]))}) | add) as $by |
    [$r[0].data.list[].dimensions | .country_code as $c | $by[.adgroup_id] | index($c) != null] | length > 20 and all' | holds "an ad group delivers where it was made for" .

# Audiences
report BASIC CAMPAIGN '["campaign_id"]' 2026-11-06 2026-11-18 > "$WORK/basic"
report BASIC ADVERTISER '["stat_time_day"]' 2026-11-06 2026-11-18 > "$WORK/basic-days"
PLAIN='"spend","impressions","clicks","conversion","real_time_conversion","video_play_actions","video_watched_6s","likes"'
only() { jq '.data.list |= map(.metrics |= with_entries(select(.key | IN('"$PLAIN"'))))'; }
for dimension in age gender country_code province_id dma_id ac language platform placement interest_category interest_category_tier2 interest_category_tier3 \
    interest_category_tier4 interest_category_v2 additional_interests contextual_tag device_brand_id behavior_id hashtag audience_tags purchase_intention ad_type; do
    report AUDIENCE CAMPAIGN "[\"campaign_id\",\"$dimension\"]" 2026-11-06 2026-11-18 metrics="[$PLAIN]" > "$WORK/audience"
    agree "audiences are the whole: $dimension" "$(only < "$WORK/basic" | sums campaign_id)" "$(sums campaign_id < "$WORK/audience")"
done
report AUDIENCE CAMPAIGN '["campaign_id","age","gender"]' 2026-11-06 2026-11-18 > "$WORK/pairs"
agree "age and gender" "$(sums campaign_id < "$WORK/basic")" "$(sums campaign_id < "$WORK/pairs")"
report AUDIENCE CAMPAIGN '["campaign_id","age"]' 2026-11-06 2026-11-18 > "$WORK/ages"
report AUDIENCE CAMPAIGN '["gender","campaign_id"]' 2026-11-06 2026-11-18 > "$WORK/genders"
agree "each age is the sum of its pairs" "$(sums age < "$WORK/ages")" "$(sums age < "$WORK/pairs")"
agree "each gender too" "$(sums gender < "$WORK/genders")" "$(sums gender < "$WORK/pairs")"
holds "the service's names of ages" '[.data.list[].dimensions.age] | unique == ["AGE_13_17","AGE_18_24","AGE_25_34","AGE_35_44","AGE_45_54","AGE_55_100","NONE"]' < "$WORK/ages"
holds "and of genders" '[.data.list[].dimensions.gender] | unique == ["FEMALE","MALE","NONE"]' < "$WORK/genders"
report AUDIENCE ADVERTISER '["age","stat_time_day"]' 2026-11-06 2026-11-18 > "$WORK/age-days"
agree "audiences by day are the days" "$(sums stat_time_day < "$WORK/basic-days")" "$(sums stat_time_day < "$WORK/age-days")"
agree "and without an id the same ages" "$(sums age < "$WORK/ages")" "$(sums age < "$WORK/age-days")"
report AUDIENCE ADGROUP '["adgroup_id","gender"]' 2026-11-06 2026-11-18 > "$WORK/adgroup-genders"
jq -n --slurpfile g "$WORK/adgroups" --slurpfile r "$WORK/adgroup-genders" '($g[0].data.list | map({(.adgroup_id): .gender}) | add) as $by |
    [$r[0].data.list[].dimensions | [$by[.adgroup_id], .gender] | IN(["GENDER_FEMALE","MALE"],["GENDER_MALE","FEMALE"]) | not] | length > 20 and all' | holds "an ad group for women is shown to no man" .
report AUDIENCE ADVERTISER '["age"]' 2026-11-20 2026-11-20 | holds "sixteen hours behind: nothing of today" '.data.list == []'
report AUDIENCE ADVERTISER '["country_code"]' 2026-11-06 2026-11-18 metrics='["spend","cpc","cpm","ctr","result","cost_per_result","average_video_play"]' | holds "ratios follow too" '[.data.list[].metrics | map_values(tonumber)] | length > 2 and all(.ctr > 0.4 and .ctr < 4 and .cost_per_result > 0)'

# What does not go together
CONFLICT='.code == 40002 and .message == "Conflict occurs. The input params including metrics and dimensions have no relation."'
conflict() { what=$1; shift; report "$@" | holds "refused: $what" "$CONFLICT"; }
SPAN='2026-11-06 2026-11-18'
# shellcheck disable=SC2086 # two words
{
conflict "an audience dimension in a basic report" BASIC CAMPAIGN '["campaign_id","age"]' $SPAN
conflict "an audience report without any" AUDIENCE CAMPAIGN '["campaign_id"]' $SPAN
conflict "two that are no pair" AUDIENCE CAMPAIGN '["age","platform"]' $SPAN
conflict "three" AUDIENCE CAMPAIGN '["age","gender","platform"]' $SPAN
conflict "an audience by hour" AUDIENCE CAMPAIGN '["age","stat_time_hour"]' 2026-11-18 2026-11-18
conflict "hours and days" BASIC CAMPAIGN '["campaign_id","stat_time_day","stat_time_hour"]' 2026-11-18 2026-11-18
conflict "an account beside a campaign" BASIC CAMPAIGN '["campaign_id","advertiser_id"]' $SPAN
conflict "people by age" AUDIENCE CAMPAIGN '["age"]' $SPAN metrics='["spend","reach"]'
conflict "frequency by gender" AUDIENCE CAMPAIGN '["campaign_id","gender"]' $SPAN metrics='["frequency"]'
conflict "watching for each person" AUDIENCE CAMPAIGN '["gender"]' $SPAN metrics='["average_video_play_per_user"]'
conflict "an attribute in an audience report" AUDIENCE CAMPAIGN '["campaign_id","age"]' $SPAN metrics='["spend","campaign_name"]'
conflict "an attribute without an id" BASIC CAMPAIGN '["stat_time_day"]' $SPAN metrics='["spend","campaign_budget"]'
conflict "the currency without an id" BASIC ADVERTISER '["stat_time_day"]' $SPAN metrics='["currency"]'
conflict "payments by country" AUDIENCE CAMPAIGN '["country_code"]' $SPAN metrics='["complete_payment"]'
conflict "results by hashtag" AUDIENCE CAMPAIGN '["hashtag"]' $SPAN metrics='["result"]'
conflict "cash of campaigns" BASIC CAMPAIGN '["campaign_id","stat_time_day"]' $SPAN metrics='["cash_spend"]'
conflict "cash not by day" BASIC ADVERTISER '["advertiser_id"]' $SPAN metrics='["voucher_spend"]'
conflict "cash by hour" BASIC ADVERTISER '["advertiser_id","stat_time_hour"]' 2026-11-18 2026-11-18 metrics='["cash_spend"]'
conflict "a lifetime by day" BASIC CAMPAIGN '["campaign_id","stat_time_day"]' $SPAN query_lifetime=true
conflict "a lifetime by country" BASIC CAMPAIGN '["campaign_id","country_code"]' $SPAN query_lifetime=true
conflict "a lifetime of an audience" AUDIENCE CAMPAIGN '["age"]' $SPAN query_lifetime=true
conflict "a filter by country that is no dimension" BASIC CAMPAIGN '["campaign_id"]' $SPAN filtering="$filter"
report BASIC CAMPAIGN '["campaign_id","stat_time_hour"]' 2026-11-17 2026-11-18 | code "two days by hour" 40002
report AUDIENCE CAMPAIGN '["age","stat_time_day"]' 2026-10-01 2026-10-31 | code "31 days of an audience" 40002
report AUDIENCE CAMPAIGN '["age"]' $SPAN metrics='["spend","conversions"]' | code "an unknown metric spoils the request" 40002
report BASIC CAMPAIGN '["campaign_id","image_id"]' $SPAN | code "what is not done here says so" 40008
report BASIC CAMPAIGN '["campaign_id","page_id"]' $SPAN | holds "what nobody has is an empty list" '.code == 0 and .data.list == [] and .data.page_info.total_number == 0'
report AUDIENCE CAMPAIGN '["age"]' $SPAN metrics='["registration","purchase"]' | code "events of apps by age" 0
report BASIC ADVERTISER '["advertiser_id","stat_time_day"]' $SPAN metrics='["spend","cash_spend","voucher_spend"]' | holds "cash and vouchers are the cost, a day later" '[.data.list[].metrics | (.cash_spend | tonumber) + (.voucher_spend | tonumber) == (.spend | tonumber)] | length == 13 and all'
report BASIC ADVERTISER '["advertiser_id","stat_time_day"]' 2026-11-20 2026-11-20 metrics='["spend","cash_spend","billed_cost"]' | holds "and of today not yet" '.data.list[0].metrics | .spend != "0.00" and .cash_spend == "0.00" and .billed_cost == "0.00"'
}
total='enable_total_metrics=true'
report BASIC CAMPAIGN '["campaign_id","stat_time_day"]' 2026-11-18 2026-11-18 $total | holds "totals by id and day" '.data.total_metrics.spend | tonumber > 0'
report BASIC ADVERTISER '["stat_time_day"]' 2026-11-18 2026-11-18 $total | holds "by day" '.data.total_metrics != null'
report BASIC CAMPAIGN '["campaign_id","country_code"]' 2026-11-18 2026-11-18 $total | holds "but not by country" '.code == 0 and (.data | has("total_metrics") | not)'
report BASIC CAMPAIGN '["campaign_id","stat_time_hour"]' 2026-11-18 2026-11-18 $total | holds "by hour" '.code == 0 and (.data | has("total_metrics") | not)'
report AUDIENCE CAMPAIGN '["age"]' 2026-11-18 2026-11-18 $total | holds "or of an audience" '.code == 0 and (.data | has("total_metrics") | not)'
finish
