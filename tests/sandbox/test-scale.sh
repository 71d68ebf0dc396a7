#!/bin/sh
# SPDX-License-Identifier: MIT
# A million ads and 4,000 accounts: no memory, quick pages, changes that are seen at once, and the
# 20,000 objects of a report. Times are held against each other, the best of several each.
. "$(dirname "$0")/lib.sh"

peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$SERVER/status; }
# quick TEXT SECONDS SECONDS - the first is at most the second
quick() { is "$1" yes "$(awk -v a="$2" -v b="$3" 'BEGIN { if (a <= b) print "yes"; else print a " s, wanted " b " s" }')"; }
product() { awk -v a="$1" -v b="$2" 'BEGIN { print a * b }'; }
# best PATH NAME=VALUE… - seconds of the quickest of seven calls
best() {
    for try in 1 2 3 4 5 6 7; do
        get "$@" -o /dev/null -w '%{time_total}\n'
    done | sort -n | head -n 1
}
# Like lib.sh's, with words for curl itself behind the parameters.
get() {
    path=$1
    shift
    for word in "$@"; do
        case $word in
        -* | /* | %*) set -- "$@" "$word" ;;
        *) set -- "$@" --data-urlencode "$word" ;;
        esac
        shift
    done
    curl -s -G -H "Access-Token: $TOKEN" "$URL/$path" "$@"
}

start --advertisers 2 --campaigns 2000 --adgroups 50000 --ads 1000000
accounts
page() { get ad/get/ advertiser_id="$A" page_size=1000 page="$1"; }

for page in 1 500 1000; do
    page $page > "$WORK/page$page"
    holds "page $page is full" '(.data.list | length) == 1000 and .data.page_info.total_number == 1000000' < "$WORK/page$page"
done
holds "and sorted" '[.data.list[].ad_id] | . == (sort | reverse)' < "$WORK/page500"
last=$(jq -r '.data.list[-1].ad_id' "$WORK/page1000")
get ad/get/ advertiser_id="$A" filtering="{\"ad_ids\":[\"$last\"]}" > "$WORK/one"
is "one by its id" "$(jq -S '.data.list[-1]' "$WORK/page1000" | cksum)" "$(jq -S '.data.list[0]' "$WORK/one" | cksum)"
jq -s '[.[].data.list[].ad_id] | length == 3000 and (unique | length) == 3000' "$WORK/page1" "$WORK/page500" "$WORK/page1000" | holds "no ad twice" .

# What a call costs
first=$(best ad/get/ advertiser_id="$A" page_size=1000 page=1)
quick "page 1000 is as quick as page 1" "$(best ad/get/ advertiser_id="$A" page_size=1000 page=1000)" "$(product "$first" 4)"
# best_by_ids KIND MEMBER - the same by 100 ids that page 500 has; others each time, since the last matches are remembered
best_by_ids() {
    for try in 1 2 3 4 5 6 7; do
        get "$1/get/" advertiser_id="$A" page_size=100 -o /dev/null -w '%{time_total}\n' \
            filtering="{\"$2s\":$(jq -c "[.data.list[].$2] | unique | .[$try:$try + 100]" "$WORK/page500")}"
    done | sort -n | head -n 1
}
quick "100 ads by their ids cost less than a page of 1,000" "$(best_by_ids ad ad_id)" "$first"
quick "so do 100 ad groups" "$(best_by_ids adgroup adgroup_id)" "$first"
quick "and 100 campaigns" "$(best_by_ids campaign campaign_id)" "$first"
quick "the ads of 100 ad groups cost no look at a million" "$(best_by_ids ad adgroup_id)" "$(product "$first" 2)"

# What somebody else changes is seen by the next listing, in whatever page
deep=$(jq -c '[.data.list[] | select(.campaign_automation_type == "MANUAL")][0]' "$WORK/page500")
id() { echo "$deep" | jq -r ".$1"; }
status() { post "$1/status/update/" "{\"advertiser_id\":\"$A\",\"$1_ids\":[\"$2\"],\"operation_status\":\"$3\"}"; }
status ad "$(id ad_id)" "$([ "$(id operation_status)" = ENABLE ] && echo DISABLE || echo ENABLE)" | code "an ad of page 500 is switched" 0
page 500 > "$WORK/page"
holds "page 500 shows it" "[.data.list[] | select(.ad_id == \"$(id ad_id)\")][0] | .operation_status != \"$(id operation_status)\" and .modify_time > \"$(id modify_time)\"" < "$WORK/page"
is "and nothing else moved" "$(jq -c '[.data.list[].ad_id]' "$WORK/page500" | cksum)" "$(jq -c '[.data.list[].ad_id]' "$WORK/page" | cksum)"
status ad "$(id ad_id)" DELETE | code "it is deleted" 0
page 500 > "$WORK/page"
holds "page 500 has the next one in its place" "(.data.list | length) == 1000 and .data.page_info.total_number == 999999 and ([.data.list[].ad_id] | index(\"$(id ad_id)\") == null)" < "$WORK/page"
quick "and is as quick as before" "$(best ad/get/ advertiser_id="$A" page_size=1000 page=500)" "$(product "$first" 4)"
C=$(get campaign/get/ advertiser_id="$A" page_size=1000 page=2 | jq -c '[.data.list[] | select(.campaign_automation_type == "MANUAL" and .budget_mode == "BUDGET_MODE_DAY" and .budget_optimize_on == null)][0]')
budget=$(echo "$C" | jq '.budget + 1000')
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":$(echo "$C" | jq .campaign_id),\"budget\":$budget}" | code "a budget on page 2 is changed" 0
get campaign/get/ advertiser_id="$A" page_size=1000 page=2 | holds "page 2 shows it" "[.data.list[] | select(.campaign_id == $(echo "$C" | jq .campaign_id))][0] | .budget == $budget and .modify_time > $(echo "$C" | jq .modify_time)"
before=$(get campaign/get/ advertiser_id="$A" page_size=1000 page=1 | jq -r '.data.list[-1].campaign_id')
post campaign/create/ "{\"advertiser_id\":\"$A\",\"campaign_name\":\"x\",\"objective_type\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":80}" | code "a campaign is created" 0
get campaign/get/ advertiser_id="$A" page_size=1000 page=2 | holds "all move by one" ".data.page_info.total_number == 2001 and .data.list[0].campaign_id == \"$before\""
get campaign/get/ advertiser_id="$J" page_size=1 | holds "the other account is as it was" '.data.page_info.total_number == 2000'

day=$(date -u -d '3 days ago' +%F)
report() {
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_AD dimensions='["ad_id"]' \
        start_date="$day" end_date="$day" page_size=1 "$@"
}
report | holds "a report stops at 20,000 ads" '.data.page_info.total_number == 20000'
is "and says so" 1 "$(curl -s -G -D - -o /dev/null -H "Access-Token: $TOKEN" "$URL/report/integrated/get/" -d advertiser_id="$A" -d report_type=BASIC \
    -d data_level=AUCTION_AD --data-urlencode 'dimensions=["ad_id"]' -d start_date="$day" -d end_date="$day" | grep -ci '^x-tt-ads-throttle: number of ad ids is equal or more than 20k')"

# A sanitizer keeps freed memory for a while, so its figures say nothing.
small() { grep -q libasan "/proc/$SERVER/maps" || is "$1" yes "$([ "$(peak)" -le 65536 ] && echo yes || echo "$(peak) kB")"; }
small "64 MiB were enough"
for name in a b c d e f; do
    get ad/get/ advertiser_id="$A" page_size=1 filtering="{\"primary_status\":\"STATUS_ALL\",\"creation_filter_start_time\":\"2020-01-01 00:00:0$(printf $name | tr a-f 0-5)\"}" > "$WORK/page"
done
holds "a filter that all ads meet" '.data.page_info.total_number == 1000000' < "$WORK/page"
small "also when several are remembered"
stop

# 4,000 accounts
began=$(date +%s%N)
start --advertisers 4000 --campaigns 50 --adgroups 0 --ads 0
quick "4,000 accounts are there within a second" "$(product $(($(date +%s%N) - began)) 1e-9)" 1
accounts
holds "all are listed" '(.data.list | length) == 4000 and ([.data.list[].advertiser_id] | unique | length) == 4000' < "$WORK/accounts"
quick "in less than five pages of ads" "$(best oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret)" "$(product "$first" 5)"
jq -c '[.data.list[-100:][].advertiser_id]' "$WORK/accounts" > "$WORK/ids"
get advertiser/info/ advertiser_ids="$(cat "$WORK/ids")" | holds "the details of the last 100" '(.data.list | length) == 100'
quick "in less than two pages of ads" "$(best advertiser/info/ advertiser_ids="$(cat "$WORK/ids")")" "$(product "$first" 2)"
Z=$(jq -r '.[-1]' "$WORK/ids")
get campaign/get/ advertiser_id="$Z" page_size=1000 > "$WORK/last"
holds "the last one has its campaigns" '(.data.list | length) == 50' < "$WORK/last"
post campaign/create/ "{\"advertiser_id\":\"$Z\",\"campaign_name\":\"x\",\"objective_type\":\"REACH\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":8000000}" > "$WORK/created"
holds "and can have one more" ".code == 0 and (.data.campaign_id > $(jq '[.data.list[].campaign_id] | max' "$WORK/last"))" < "$WORK/created"
small "64 MiB were enough for them"
stop

# 20,000 ads on 30 days: summed up once, for all pages
start --advertisers 2 --campaigns 200 --adgroups 4000 --ads 20000
accounts
report() {
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_AD dimensions='["ad_id","stat_time_day"]' \
        metrics='["spend","impressions","clicks","ctr","cpc","cpm","conversion","cost_per_conversion"]' \
        start_date="$(date -u -d '32 days ago' +%F)" end_date="$(date -u -d '3 days ago' +%F)" page_size=1000 "$@"
}
once=$(report -o "$WORK/page" -w '%{time_total}\n')
holds "20,000 ads by day" '.data.page_info.total_number > 200000 and (.data.list | length) == 1000' < "$WORK/page"
later() {
    for page in 50 90 130 170 200 220 240; do
        report page=$page -o "$WORK/page" -w '%{time_total}\n'
    done | sort -n | head -n 1
}
page=$(later)
quick "a later page costs less than a third of the first" "$page" "$(product "$once" 0.33)"
quick "and no more than twice a page of ads" "$page" "$(product "$(best ad/get/ advertiser_id="$A" page_size=1000)" 2)"
holds "it is another one" '.data.page_info.page == 240 and (.data.list | length) == 1000' < "$WORK/page"
finish
