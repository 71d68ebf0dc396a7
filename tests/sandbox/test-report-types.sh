#!/bin/sh
# SPDX-License-Identifier: MIT
# Reports of a Business Center and of several accounts, and the table of metrics.
. "$(dirname "$0")/lib.sh"

start --campaigns 14 --adgroups 40 --ads 80 --advertisers 12 --centers 2 --now 2026-11-20T15:10:00Z
accounts
get bc/get/ > "$WORK/centers"
BC=$(jq -r '.data.list[0].bc_info.bc_id' "$WORK/centers")
get bc/asset/get/ bc_id="$BC" asset_type=ADVERTISER page_size=50 > "$WORK/assets"
CONFLICT='.code == 40002 and .message == "Conflict occurs. The input params including metrics and dimensions have no relation."'
SUMS='def cents: tonumber * 100 | round; def total(n): map(.metrics[n] | cents) | add;'

# center DIMENSIONS NAME=VALUE…
center() {
    dimensions=$1
    shift
    get report/integrated/get/ report_type=BC bc_id="$BC" dimensions="$dimensions" start_date=2026-11-01 end_date=2026-11-19 page_size=1000 "$@"
}
# basic ID NAME=VALUE…: the same by the account itself
basic() {
    id=$1
    shift
    get report/integrated/get/ advertiser_id="$id" report_type=BASIC data_level=AUCTION_ADVERTISER start_date=2026-11-01 end_date=2026-11-19 page_size=1000 "$@"
}
center '["advertiser_id"]' > "$WORK/center"
is "each account that is bound" "$(jq -c '[.data.list[] | select(.relation_status == "BOUND") | .asset_id] | sort' "$WORK/assets")" "$(jq -c '[.data.list[].dimensions.advertiser_id] | sort' "$WORK/center")"
holds "all metrics by default, no attributes among them" '.data.list[0].metrics | (keys | length) > 20 and has("spend") and has("video_views_p100") and (has("advertiser_name") or has("reach") or has("cash_spend") | not)' < "$WORK/center"
is "figures are the account's own, in its currency" "$(basic "$J" dimensions='["advertiser_id"]' metrics='["spend","conversion"]' | jq -cS '.data.list[0]')" \
    "$(jq -cS ".data.list[] | select(.dimensions.advertiser_id == \"$J\") | .metrics |= {spend, conversion}" "$WORK/center")"
center '["advertiser_id","stat_time_day"]' metrics='["spend","impressions","cash_spend","advertiser_name","currency"]' > "$WORK/days"
is "by day too" "$(basic "$J" dimensions='["advertiser_id","stat_time_day"]' metrics='["spend","impressions","cash_spend","advertiser_name","currency"]' | jq -cS '.data.list')" \
    "$(jq -cS "[.data.list[] | select(.dimensions.advertiser_id == \"$J\")]" "$WORK/days")"
holds "with what the account says of itself" "[.data.list[] | select(.dimensions.advertiser_id == \"$J\") | .metrics.currency] | unique == [\"JPY\"]" < "$WORK/days"
center '["advertiser_id","country_code"]' metrics='["spend","impressions"]' > "$WORK/countries"
is "by country" "$(basic "$J" dimensions='["advertiser_id","country_code"]' metrics='["spend","impressions"]' | jq -cS '.data.list')" \
    "$(jq -cS "[.data.list[] | select(.dimensions.advertiser_id == \"$J\")]" "$WORK/countries")"
center '["stat_time_day"]' metrics='["spend","impressions"]' > "$WORK/all-days"
is "all accounts together, day by day" "$(jq -c "$SUMS"'[.data.list | group_by(.dimensions.stat_time_day)[] | total("impressions")]' "$WORK/days")" "$(jq -c "$SUMS"'[.data.list[] | .metrics.impressions | cents]' "$WORK/all-days")"
center '["country_code"]' metrics='["impressions"]' > "$WORK/all-countries"
is "or by country" "$(jq -cS "$SUMS"'.data.list | group_by(.dimensions.country_code) | map({(.[0].dimensions.country_code): total("impressions")}) | add' "$WORK/countries")" \
    "$(jq -cS "$SUMS"'.data.list | map({(.dimensions.country_code): (.metrics.impressions | cents)}) | add' "$WORK/all-countries")"
jq -n --slurpfile d "$WORK/days" --slurpfile a "$WORK/all-days" "$SUMS"'{JPY: 100, KRW: 1000} as $rate |
    [$d[0].data.list[] | .metrics | (.spend | tonumber) / ($rate[.currency] // 1)] | (add * 100 | round) - ($a[0].data.list | total("spend")) | fabs < 12' | holds "amounts in dollars, as currencies differ" .
get report/integrated/get/ report_type=BC bc_id="$BC" dimensions='["stat_time_day"]' start_date=2025-11-21 end_date=2026-11-20 page_size=1000 | holds "365 days by day" '.code == 0 and (.data.list | length) == 365'
get report/integrated/get/ report_type=BC bc_id="$BC" dimensions='["stat_time_day"]' start_date=2025-11-20 end_date=2026-11-20 | code "366 are too many" 40002
center '["advertiser_id"]' order_field=impressions order_type=ASC metrics='["impressions"]' | holds "in order" '[.data.list[].metrics.impressions | tonumber] | . == sort and length > 5'
center '["advertiser_id"]' page_size=3 page=2 metrics='["spend"]' > "$WORK/page"
is "page by page" "$(jq -c '[.data.list[3:6][].dimensions.advertiser_id]' "$WORK/center")" "$(jq -c '[.data.list[].dimensions.advertiser_id]' "$WORK/page")"

filter() { printf '[{"field_name":"%s","filter_type":"%s","filter_value":"%s"}]' "$1" "$2" "$3"; }
ids() { jq -c '[.data.list[].dimensions.advertiser_id]'; }
filtered() { center '["advertiser_id"]' metrics='["spend"]' filtering="$(filter "$@")"; }
is "filtered by id" "[\"$J\"]" "$(filtered advertiser_id IN "[\\\"$J\\\"]" | ids)"
is "by name" "[\"$J\"]" "$(filtered advertiser_name MATCH 日本 | ids)"
is "by currency" "[\"$J\"]" "$(filtered currency_of_account IN '[\"JPY\"]' | ids)"
filtered account_status IN '[\"SUSPENDED\"]' | ids | holds "by status" 'length == 1'
filtered registered_area IN '[\"US\",\"DE\"]' | ids | holds "by place" 'length == 2'
filtered owner_of_account IN '[\"SHARED_BY_OTHER_BUSINESS_CENTER\"]' | ids | holds "by owner" 'length == 1'
filtered platform_of_account IN '[\"RAP\"]' | ids | holds "by platform" 'length == 0'
cost=$(jq -n --slurpfile d "$WORK/days" '{JPY: 100, KRW: 1000} as $rate | [$d[0].data.list | group_by(.dimensions.advertiser_id)[] | (map(.metrics.spend | tonumber) | add) / ($rate[.[0].metrics.currency] // 1)] | sort | .[length / 2 | floor] | floor')
filtered cost GREATER_EQUAL "$cost" | ids | holds "by cost in dollars" "length == $(jq '[.data.list[].dimensions.advertiser_id] | length / 2 | ceil' "$WORK/center")"
filtered nonsense IN '[\"1\"]' | code "by nothing else" 40002

center '["campaign_id"]' | holds "no campaigns" "$CONFLICT"
center '["advertiser_id","stat_time_day","country_code"]' | holds "no three" "$CONFLICT"
center '["stat_time_day","country_code"]' | holds "no days by country" "$CONFLICT"
center '["stat_time_hour"]' | holds "no hours" "$CONFLICT"
center '["advertiser_id"]' query_lifetime=true | holds "no lifetime" "$CONFLICT"
center '["advertiser_id"]' metrics='["reach"]' | holds "no people" "$CONFLICT"
center '["advertiser_id"]' metrics='["nonsense"]' | code "nor what nobody knows" 40002
center '["advertiser_id"]' data_level=AUCTION_ADVERTISER | code "no level" 40002
get report/integrated/get/ report_type=BC dimensions='["advertiser_id"]' start_date=2026-11-01 end_date=2026-11-19 | code "a center has to be named" 40002
get report/integrated/get/ report_type=BC bc_id=6912345678901234567 dimensions='["advertiser_id"]' start_date=2026-11-01 end_date=2026-11-19 | code "one of one's own" 40001
get report/integrated/get/ report_type=BASIC bc_id="$BC" data_level=AUCTION_CAMPAIGN dimensions='["campaign_id"]' start_date=2026-11-01 end_date=2026-11-19 | code "and other reports are not of it" 40002

# Several accounts
several() { # IDS DIMENSIONS NAME=VALUE…
    accounts=$1
    dimensions=$2
    shift 2
    get report/integrated/get/ advertiser_ids="$accounts" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions="$dimensions" start_date=2026-11-01 end_date=2026-11-19 \
        page_size=1000 metrics='["spend","clicks"]' "$@"
}
several "[\"$A\",\"$J\"]" '["campaign_id"]' > "$WORK/several"
holds "two accounts in one report, with their currencies and zones" "[.data.list[].metrics | [.advertiser_id, .currency, .timezone]] | unique == [[\"$A\",\"USD\",\"America/New_York\"],[\"$J\",\"JPY\",\"Asia/Tokyo\"]]" < "$WORK/several"
holds "each with all its campaigns" '.data.list | length == 28' < "$WORK/several"
holds "amounts without decimals" '[.data.list[].metrics.spend | test("^[0-9]+$")] | all' < "$WORK/several"
one() { get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions='["campaign_id"]' start_date=2026-11-01 end_date=2026-11-19 page_size=1000 metrics='["spend","clicks"]'; }
is "which are those of the account, rounded" "$(one | jq -c '[.data.list[].metrics | (.spend | tonumber | round | tostring), .clicks]')" \
    "$(jq -c "[.data.list[] | select(.metrics.advertiser_id == \"$A\") | .metrics | .spend, .clicks]" "$WORK/several")"
several "[\"$A\",\"$J\"]" '["campaign_id","advertiser_id"]' | holds "the account may be a dimension beside" "[.data.list[].dimensions.advertiser_id] | unique | length == 2"
several "[\"$A\",\"$J\"]" '["stat_time_day"]' | holds "without an id no amounts" '.data.list | length == 19 and all(.metrics.spend == "-" and .metrics.currency == "0" and .metrics.advertiser_id == "0" and (.metrics.clicks | tonumber) > 0)'
several "[\"$A\",\"$J\"]" '["campaign_id"]' enable_total_metrics=true | holds "totals say - to what differs" '.data.total_metrics | .currency == "-" and .timezone == "-" and .advertiser_id == "-" and (.clicks | tonumber) > 0'
several "[\"$A\",\"$J\"]" '["campaign_id"]' advertiser_id=1 | code "advertiser_id is passed over" 0
several "$(jq -c '[.data.list[:6][].advertiser_id]' "$WORK/accounts")" '["campaign_id"]' | code "six are too many" 40002
several '[]' '["campaign_id"]' | code "none too few" 40002
several "[\"$A\",\"7012999999999999999\"]" '["campaign_id"]' | code "one that is not there spoils it" 40001
several "$A" '["campaign_id"]' | code "it is a list" 40002

# Metrics, and their filters
all() { get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_AD dimensions='["ad_id"]' start_date=2026-10-01 end_date=2026-11-10 page_size=1000 "$@"; }
NAMES='["spend","billed_cost","impressions","gross_impressions","clicks","ctr","cpc","cpm","reach","frequency","cost_per_1000_reached","conversion","cost_per_conversion","conversion_rate","conversion_rate_v2",
"real_time_conversion","real_time_cost_per_conversion","real_time_conversion_rate","result","cost_per_result","result_rate","secondary_goal_result","cost_per_secondary_goal_result","secondary_goal_result_rate","skan_result","skan_conversion",
"video_play_actions","video_watched_2s","video_watched_6s","video_views_p25","video_views_p50","video_views_p75","video_views_p100","average_video_play","average_video_play_per_user","engaged_view","engaged_view_15s","engagements","engagement_rate",
"likes","comments","shares","follows","profile_visits","profile_visits_rate","clicks_on_music_disc","anchor_clicks","duet_clicks","stitch_clicks","live_views","live_unique_views","live_product_clicks","app_install","cost_per_app_install","real_time_app_install",
"registration","purchase","checkout","view_content","add_payment_info","login","subscribe","start_trial","launch_app","cost_per_registration","registration_rate","total_registration","cost_per_total_registration","cost_per_purchase","purchase_rate","total_checkout",
"cost_per_total_checkout","total_checkout_value","total_view_content_value","total_subscribe_value","cost_per_login","total_login","total_purchase","total_purchase_value","total_active_pay_roas","complete_payment","cost_per_complete_payment","complete_payment_rate",
"total_complete_payment_rate","value_per_complete_payment","complete_payment_roas","web_event_add_to_cart","cost_per_web_event_add_to_cart","web_event_add_to_cart_rate","value_per_web_event_add_to_cart","total_web_event_add_to_cart_value","initiate_checkout",
"cost_per_initiate_checkout","on_web_order","total_on_web_order_value","form","user_registration","page_event_search","total_landing_page_view","cost_per_landing_page_view","landing_page_view_rate","total_pageview","onsite_shopping","onsite_shopping_roas",
"total_onsite_shopping_value","onsite_form","onsite_download_start","vta_conversion","cta_conversion","engaged_view_through_conversions","cost_per_vta_conversion","cost_per_cta_conversion","offline_shopping_events","offline_shopping_events_value",
"cost_per_offline_shopping_event","messaging_total_conversation_tiktok_direct_message","sales_lead","total_sales_lead","total_sales_lead_value","advertiser_name","advertiser_id","campaign_name","campaign_id","objective_type","split_test","campaign_budget",
"campaign_dedicate_type","app_promotion_type","adgroup_name","adgroup_id","placement_type","promotion_type","opt_status","budget","smart_target","billing_event","bid_strategy","bid","bid_secondary_goal","ad_name","ad_id","ad_text","call_to_action",
"ad_profile_image","ad_url","tt_app_id","tt_app_name","mobile_app_id","image_mode","currency","is_aco","is_smart_creative","campaign_automation_type"]'
all metrics="$NAMES" > "$WORK/all"
holds "every metric of the reference is known, and a string" '.code == 0 and ([.data.list[].metrics[] | type] | unique == ["string"]) and (.data.list[0].metrics | length) > 150' < "$WORK/all"
near() { holds "$1" "[.data.list[].metrics | select(.impressions != \"0\") | $2] | length > 20 and all" < "$WORK/all"; }
SAME='def same(a; b; c; d): (a | tonumber) as $a | (b | tonumber) as $b | (c | tonumber) as $c | if $c == 0 then $a == 0 else ($a - $b * d / $c | fabs) < 0.0051 end;'
near "costs are the spend by the count" "$SAME"'same(.cost_per_complete_payment; .spend; .complete_payment; 1) and same(.cost_per_app_install; .spend; .app_install; 1) and same(.cost_per_web_event_add_to_cart; .spend; .web_event_add_to_cart; 1) and same(.cost_per_total_checkout; .spend; .total_checkout; 1) and same(.cost_per_landing_page_view; .spend; .total_landing_page_view; 1) and same(.cost_per_vta_conversion; .spend; .vta_conversion; 1)'
near "rates are percentages" "$SAME"'same(.complete_payment_rate; .complete_payment; .clicks; 100) and same(.conversion_rate_v2; .conversion; .impressions; 100) and same(.registration_rate; .registration; .app_install; 100) and same(.landing_page_view_rate; .total_landing_page_view; .clicks; 100) and same(.engagement_rate; .engagements; .impressions; 100)'
near "returns are values by the spend" "$SAME"'same(.complete_payment_roas; .total_complete_payment_rate; .spend; 1) and same(.value_per_complete_payment; .total_complete_payment_rate; .complete_payment; 1) and same(.total_active_pay_roas; .total_purchase_value; .spend; 1)'
near "a cost of a result has four decimals" '(.cost_per_result | test("^[0-9]+\\.[0-9]{4}$")) and (if .result == "0" then .cost_per_result == "0.0000" else ((.cost_per_result | tonumber) - (.spend | tonumber) / (.result | tonumber) | fabs < 0.00006) end)'
near "conversions are by click or by view" '(.cta_conversion | tonumber) + (.vta_conversion | tonumber) == (.conversion | tonumber)'
jq -c '[.data.list[].metrics | select(.objective_type == "Traffic") | .result == .clicks] | length > 0 and all' "$WORK/all" | holds "clicks for traffic" .
jq -c '[.data.list[].metrics | select(.objective_type == "Web conversions") | .result == .conversion and .complete_payment == .conversion and .app_install == "0"] | length > 0 and all' "$WORK/all" | holds "payments for web conversions" .
jq -c '[.data.list[].metrics | select(.objective_type == "App promotion") | .app_install == .conversion and .complete_payment == "0"] | length > 0 and all' "$WORK/all" | holds "installations for apps" .
bound() { all metrics='["spend","clicks","cost_per_result"]' filtering="$(filter "$@")"; }
half=$(jq '[.data.list[].metrics.spend | tonumber] | sort | .[length / 2 | floor]' "$WORK/all")
is "rows by a bound of a metric" "$(jq -c "[.data.list[] | select((.metrics.spend | tonumber) >= $half) | .dimensions.ad_id]" "$WORK/all")" "$(bound spend GREATER_EQUAL "$half" | jq -c '[.data.list[].dimensions.ad_id]')"
is "by what is above it" "$(jq -c "[.data.list[] | select((.metrics.spend | tonumber) > $half) | .dimensions.ad_id]" "$WORK/all")" "$(bound spend GREATER_THAN "$half" | jq -c '[.data.list[].dimensions.ad_id]')"
is "below it" "$(jq -c "[.data.list[] | select((.metrics.clicks | tonumber) < 300) | .dimensions.ad_id]" "$WORK/all")" "$(bound clicks LOWER_THAN 300 | jq -c '[.data.list[].dimensions.ad_id]')"
is "between" "$(jq -c "[.data.list[] | select((.metrics.clicks | tonumber) | . >= 200 and . <= 300) | .dimensions.ad_id]" "$WORK/all")" "$(bound clicks BETWEEN '[200,300]' | jq -c '[.data.list[].dimensions.ad_id]')"
bound spend IN '[\"1\"]' | code "a bound compares" 40002
bound spend GREATER_EQUAL much | code "with a number" 40002
bound objective_type IN '[\"TRAFFIC\"]' | holds "by what campaigns are for" '.code == 0 and (.data.list | length) > 0' 
is "as many as there are" "$(jq -c '[.data.list[] | select(.metrics.objective_type == "Traffic")] | length' "$WORK/all")" "$(bound objective_type IN '[\"TRAFFIC\"]' | jq -c '.data.list | length')"
bound nonsense IN '[\"1\"]' | code "an unknown field" 40002
bound promotion_type IN '[\"APP\"]' | code "what is not done here says so" 40008
bound ad_name IN '[\"x\"]' | code "a name is matched" 40002
ids=$(jq -c '[.data.list[:3][].dimensions.ad_id]' "$WORK/all")
all metrics='["spend"]' filtering="[{\"field_name\":\"ad_ids_v2\",\"filter_type\":\"IN\",\"filter_value\":$(echo "$ids" | jq -R .)}]" | holds "ads by the newer name" '.data.list | length == 3'
all metrics='["spend"]' filtering="[{\"field_name\":\"ad_ids_v2\",\"filter_type\":\"IN\",\"filter_value\":$(echo "$ids" | jq -R .)},{\"field_name\":\"ad_ids\",\"filter_type\":\"IN\",\"filter_value\":$(echo "$ids" | jq -R .)}]" | code "not by both" 40002
all metrics='["spend"]' dimensions='["ad_id_v2"]' | holds "and as a dimension" '.data.list | length == 80 and all(.dimensions.ad_id_v2 | test("^18[0-9]{14}$"))'
finish
