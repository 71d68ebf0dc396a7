#!/bin/sh
# SPDX-License-Identifier: MIT
# A million ads: no memory, quick pages, and the 20,000 objects of a report.
. "$(dirname "$0")/lib.sh"

start --campaigns 10000 --adgroups 100000 --ads 1000000
accounts
rss() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$SERVER/status; }

before=$(rss)
for page in 1 500 1000; do
    get ad/get/ advertiser_id="$A" page_size=1000 page=$page > "$WORK/page$page"
    holds "page $page is full" '(.data.list | length) == 1000 and .data.page_info.total_number == 1000000' < "$WORK/page$page"
done
holds "and sorted" '[.data.list[].ad_id] | . == (sort | reverse)' < "$WORK/page500"
last=$(jq -r '.data.list[-1].ad_id' "$WORK/page1000")
get ad/get/ advertiser_id="$A" filtering="{\"ad_ids\":[\"$last\"]}" > "$WORK/one"
is "one by its id" "$(jq -S '.data.list[-1]' "$WORK/page1000" | cksum)" "$(jq -S '.data.list[0]' "$WORK/one" | cksum)"
jq -s '[.[].data.list[].ad_id] | length == 3000 and (unique | length) == 3000' "$WORK/page1" "$WORK/page500" "$WORK/page1000" | holds "no ad twice" .
grown=$(($(rss) - before))
# A sanitizer keeps freed memory for a while, so its figures say nothing.
grep -q libasan "/proc/$SERVER/maps" || is "it grew by less than 20 MB" yes "$([ $grown -lt 20000 ] && echo yes || echo "$grown kB")"

day=$(date -u -d '3 days ago' +%F)
report() {
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_AD dimensions='["ad_id"]' \
        start_date="$day" end_date="$day" page_size=1 "$@"
}
report | holds "a report stops at 20,000 ads" '.data.page_info.total_number == 20000'
is "and says so" 1 "$(curl -s -G -D - -o /dev/null -H "Access-Token: $TOKEN" "$URL/report/integrated/get/" -d advertiser_id="$A" -d report_type=BASIC \
    -d data_level=AUCTION_AD --data-urlencode 'dimensions=["ad_id"]' -d start_date="$day" -d end_date="$day" | grep -ci '^x-tt-ads-throttle: number of ad ids is equal or more than 20k')"
finish
