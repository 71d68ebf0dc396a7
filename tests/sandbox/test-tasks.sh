#!/bin/sh
# SPDX-License-Identifier: MIT
# Reports on order: states by the clock, what the CSV holds, links, whose a task is, what goes wrong.
. "$(dirname "$0")/lib.sh"

END=$(date -u -d '2 days ago' +%F) # today's figures grow, so they stay outside
START=$(date -u -d "$END - 9 days" +%F)
DAYS='"dimensions":["campaign_id","stat_time_day"]'

with() { stop; start --log "$WORK/log" "$@"; accounts; }
# body MEMBERS: of an order; the last of equal members counts
body() {
    printf '%s\n' "{\"advertiser_id\":\"$A\",\"report_type\":\"BASIC\",\"data_level\":\"AUCTION_CAMPAIGN\",$DAYS,\"start_date\":\"$START\",\"end_date\":\"$END\"${1:+,$1}}" | jq -c .
}
create() { post report/task/create/ "$(body "${1:-}")"; }
order() { T=$(create "${1:-}" | jq -r .data.task_id); }
state() { get report/task/check/ advertiser_id="$A" task_id="${1:-$T}" | jq -r '.data.status // .code'; }
download() { get report/task/download/ advertiser_id="$A" task_id="${1:-$T}"; }
cancel() { post report/task/cancel/ "{\"advertiser_id\":\"$A\",\"task_id\":\"${1:-$T}\"}"; }
# ready STATE: waits for the task, some seconds at most
ready() {
    tries=200
    while [ "$(state)" != "${1:-SUCCESS}" ] && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
        sleep 0.02
    done
}
order_csv() { order "$1"; ready; download; }
# pages NAME=VALUE…: all rows of the report by pages, as CSV without head
pages() {
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC page_size=1000 start_date="$START" end_date="$END" "$@" |
        jq -r '.data.list[] | [(.dimensions | to_entries[] | if .key == "stat_time_day" then .value[:10] else .value end), .metrics[]] | map(if test("[,\"\n]") then "\"" + gsub("\""; "\"\"") + "\"" else . end) | join(",")'
}

with --task-delay 2000
order
is "an id of 19 digits" yes "$(echo "$T" | grep -qE '^[0-9]{19}$' && echo yes)"
is "first it is in the queue" QUEUING "$(state)"
download | code "nothing to download yet" 40201
ready PROCESSING
is "then under way" PROCESSING "$(state)"
download | code "nothing yet" 40201
ready
is "then it is done" SUCCESS "$(state)"
get report/task/check/ advertiser_id="$A" task_id="$T" | holds "with nothing to say" '.data == {status: "SUCCESS", message: ""}'
is "the body is CSV" "200 text/csv" "$(curl -s -o "$WORK/csv" -w '%{http_code} %{content_type}' -H "Access-Token: $TOKEN" "$URL/report/task/download/?advertiser_id=$A&task_id=$T")"
is "with titles, and cost and impressions by default" "Campaign ID,By Day,Cost,Impressions" "$(head -n1 "$WORK/csv")"
pages data_level=AUCTION_CAMPAIGN dimensions='["campaign_id","stat_time_day"]' metrics='["spend","impressions"]' > "$WORK/pages"
is "there are rows" yes "$([ "$(wc -l < "$WORK/pages")" -gt 50 ] && echo yes)"
is "the rows of the pages" "$(md5sum < "$WORK/pages")" "$(tail -n +2 "$WORK/csv" | md5sum)"
is "the log has a line for each call" "create 0 download 40201 download 40201 download 0" "$(jq -r '(.path / "/")[3] as $what | select($what == "create" or $what == "download") | $what, .code' "$WORK/log" | tr '\n' ' ' | sed 's/ $//')"

with --task-delay 100
C=$(get campaign/get/ advertiser_id="$A" page_size=1 | jq -r '.data.list[0].campaign_id')
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"campaign_name\":\"Say \\\"Hi\\\", 서울\"}" | code "a name that has to be quoted" 0
NAMES='"enable_report_title_translation":false'
METRICS='["campaign_name","spend","ctr","cpc","reach","frequency","secondary_goal_result","currency"]'
order_csv "$NAMES,\"metrics\":$METRICS" > "$WORK/csv"
is "names instead of titles" "campaign_id,stat_time_day,$(echo "$METRICS" | tr -d '[]"')" "$(head -n1 "$WORK/csv")"
is "the name is quoted" yes "$(grep -q "^$C,.*,\"Say \"\"Hi\"\", 서울\"," "$WORK/csv" && echo yes)"
is "texts, ratios and counts as in the pages" "$(pages data_level=AUCTION_CAMPAIGN dimensions='["campaign_id","stat_time_day"]' metrics="$METRICS" | md5sum)" "$(tail -n +2 "$WORK/csv" | md5sum)"
METRICS='["spend","adgroup_id","campaign_name","conversion","ad_text"]'
order_csv "$NAMES,\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\"],\"metrics\":$METRICS" > "$WORK/csv"
is "of ads without days" "$(pages data_level=AUCTION_AD dimensions='["ad_id"]' metrics="$METRICS" | md5sum)" "$(tail -n +2 "$WORK/csv" | md5sum)"
order_csv "$NAMES,\"data_level\":\"AUCTION_ADVERTISER\",\"dimensions\":[\"stat_time_day\",\"advertiser_id\"]" > "$WORK/csv"
is "of the account, the day first" "$(pages data_level=AUCTION_ADVERTISER dimensions='["stat_time_day","advertiser_id"]' | md5sum)" "$(tail -n +2 "$WORK/csv" | md5sum)"
is "the day first in the head too" "stat_time_day,advertiser_id,spend,impressions" "$(head -n1 "$WORK/csv")"
order_csv "$NAMES,\"order_field\":\"spend\",\"order_type\":\"ASC\",\"page\":2,\"page_size\":3,\"enable_total_metrics\":true" > "$WORK/csv"
is "in the order asked for, and no pages" "$(pages data_level=AUCTION_CAMPAIGN dimensions='["campaign_id","stat_time_day"]' order_field=spend order_type=ASC | md5sum)" "$(tail -n +2 "$WORK/csv" | md5sum)"
is "no rows: the head alone" "Campaign ID,By Day,Cost,Impressions" "$(order_csv '"start_date":"2001-01-01","end_date":"2001-01-30"')"
is "a lifetime" 21 "$(order_csv '"dimensions":["campaign_id"],"query_lifetime":true' | wc -l)"
is "words for a metric without a title of its own" "Campaign ID,By Day,Add Payment Info" "$(order_csv '"metrics":["add_payment_info"]' | head -n1)"
# same TEXT MEMBERS NAME=VALUE…: the report of these members has the rows of those pages
same() {
    text=$1
    order_csv "$NAMES,$2" > "$WORK/csv"
    shift 2
    is "$text" "$(pages data_level=AUCTION_CAMPAIGN "$@" | md5sum)" "$(tail -n +2 "$WORK/csv" | md5sum)"
    [ "$(wc -l < "$WORK/csv")" -gt 20 ] || is "$text: with rows" "more than 20" "$(wc -l < "$WORK/csv")"
}
METRICS='["spend","impressions","conversion","cost_per_conversion"]'
same "by hour" "\"dimensions\":[\"campaign_id\",\"stat_time_hour\"],\"start_date\":\"$END\",\"metrics\":$METRICS" \
    dimensions='["campaign_id","stat_time_hour"]' start_date="$END" metrics="$METRICS"
is "an hour is written out" yes "$(sed -n 2p "$WORK/csv" | grep -q "^[0-9]*,$END [0-2][0-9]:00:00," && echo yes)"
same "by age and gender" "\"report_type\":\"AUDIENCE\",\"dimensions\":[\"campaign_id\",\"age\",\"gender\"],\"metrics\":$METRICS" \
    report_type=AUDIENCE dimensions='["campaign_id","age","gender"]' metrics="$METRICS"
same "of two accounts" "\"advertiser_ids\":[\"$A\",\"$J\"],\"metrics\":[\"spend\",\"ctr\",\"campaign_name\"]" \
    advertiser_ids="[\"$A\",\"$J\"]" dimensions='["campaign_id","stat_time_day"]' metrics='["spend","ctr","campaign_name"]'
is "which either of them leads to" "SUCCESS SUCCESS" "$(state) $(A=$J state)"
order_csv "$NAMES,\"dimensions\":[\"country_code\",\"stat_time_day\"]" | sort > "$WORK/csv"
pages data_level=AUCTION_CAMPAIGN dimensions='["country_code","stat_time_day"]' | sed 's/^US,/United States,/; s/^DE,/Germany,/; s/^JP,/Japan,/; s/^CH,/Switzerland,/; $acountry_code,stat_time_day,spend,impressions' | sort > "$WORK/pages"
is "countries by name" "$(md5sum < "$WORK/pages")" "$(md5sum < "$WORK/csv")"
is "countries by name, of which there are some" yes "$(grep -q '^United States,' "$WORK/csv" && echo yes)"
for type in BASIC AUDIENCE; do
    create "\"report_type\":\"$type\",\"dimensions\":[\"campaign_id\",\"country_code\"],\"metrics\":[\"result\"]" | code "no results by country, $type" 40002
done
order
ready
download > "$WORK/csv"
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DELETE\"}" | code "delete a campaign" 0
is "what is made stays" "$(md5sum < "$WORK/csv")" "$(download | md5sum)"
order_csv '' > "$WORK/csv"
is "a later report does not have it" 0 "$(grep -c "^$C," "$WORK/csv")"
is "the yen of another account" yes "$(A=$J order_csv '"dimensions":["campaign_id"]' | sed -n 2p | grep -qE '^[0-9]+,[0-9]+,[0-9]+$' && echo yes)"

filter() { printf '"filtering":[{"field_name":"%s","filter_type":"IN","filter_value":"[\\"%s\\"]"}]' "$1" "$2"; }
AD_LEVEL='"data_level":"AUCTION_AD","dimensions":["ad_id"],"query_lifetime":true'
get ad/get/ advertiser_id="$A" page_size=1 > "$WORK/ad"
AD=$(jq -r '.data.list[0].ad_id' "$WORK/ad")
is "by ad_ids" "$AD" "$(order_csv "$AD_LEVEL,$(filter ad_ids "$AD")" | tail -n +2 | cut -d, -f1)"
is "by ad_ids_v2" "$AD" "$(order_csv "$AD_LEVEL,$(filter ad_ids_v2 "$AD")" | tail -n +2 | cut -d, -f1)"
create "$(filter ad_ids "$AD" | sed 's/]$/,/')$(filter ad_ids_v2 "$AD" | sed 's/.*:\[//')" | holds "not by both at once" '.code == 40002 and (.message | contains("exclusive"))'
for field in campaign adgroup; do
    id=$(jq -r ".data.list[0].${field}_id" "$WORK/ad")
    wanted=$(get ad/get/ advertiser_id="$A" page_size=1000 filtering="{\"${field}_ids\":[\"$id\"]}" | jq -r '.data.list[].ad_id' | sort)
    is "by ${field}_ids" "$wanted" "$(order_csv "$AD_LEVEL,$(filter ${field}_ids "$id")" | tail -n +2 | cut -d, -f1 | sort)"
done
create "$(filter campaign_status STATUS_ALL)" | code "deleted ones can not be asked for" 40002
create "$(filter campaign_name x)" | code "nor names" 40002
create "$(filter objective_type TRAFFIC)" | code "nor anything else" 40002
create '"filtering":"[]"' | code "filtering as text" 40002
create '"dimensions":"[\"campaign_id\"]"' | code "dimensions as text" 40002
create '"metrics":"spend"' | code "metrics as text" 40002
create '"query_lifetime":"true"' | code "a boolean as text" 40002
create '"enable_report_title_translation":1' | code "a boolean as a number" 40002
create '"start_date":20261101' | code "a date as a number" 40002
create '"metrics":["nonsense"]' | code "an unknown metric" 40002
create '"report_type":"BC"' | code "no report of a center" 40002
create '"output_format":"XLSX_DOWNLOAD"' | code "no spreadsheet" 40008
create '"output_format":"PDF"' | code "an unknown format" 40002
back() { printf '"start_date":"%s"' "$(date -u -d "$END - $1 days" +%F)"; }
create '"dimensions":["campaign_id","stat_time_hour"]' | code "more than a day by hour" 40002
create "$(back 400),\"dimensions\":[\"campaign_id\"]" | code "more than a year without days" 0
create "\"start_date\":\"$(date -u -d "$END - 30 days" +%F)\"" | code "31 days by day" 40002
create "\"start_date\":\"$(date -u -d "$END - 29 days" +%F)\"" | code "30 days by day" 0
post report/task/create/ '{}' | code "no account" 40002
for path in create cancel; do get report/task/$path/ advertiser_id="$A" task_id="$T" | code "$path is no GET" 40001; done
for path in check download; do post report/task/$path/ "{\"advertiser_id\":\"$A\",\"task_id\":\"$T\"}" | code "$path is no POST" 40001; done
get report/task/check/ advertiser_id="$A" | code "check of nothing" 40002
post report/task/cancel/ "{\"advertiser_id\":\"$A\"}" | code "cancel of nothing" 40002
post report/task/cancel/ "{\"advertiser_id\":\"$A\",\"task_id\":$T}" | code "an id as a number" 40002

link() { download | jq -r .data.download_url; }
order_csv '"output_format":"CSV_DOWNLOAD","file_name":"Q4 été"' > "$WORK/link"
holds "a link, not the rows" '.data.output_format == "CSV_DOWNLOAD" and .data.file_name == "Q4 été.csv" and (.data.download_url | startswith("http://127.0.0.1:"))' < "$WORK/link"
LINK=$(jq -r .data.download_url "$WORK/link")
is "what it leads to" "$(order_csv '' | md5sum) 200 text/csv" "$(curl -s -o "$WORK/csv" -w '200 %{content_type}' "$LINK" | { read -r said; echo "$(md5sum < "$WORK/csv") $said"; })"
is "the token must not come along" 400 "$(curl -s -o "$WORK/body" -w '%{http_code}' -H "Access-Token: $TOKEN" "$LINK")"
tail -n1 "$WORK/log" | holds "the log says so" '.code == 400 and (.path | startswith("/report-files/")) and (.done | not)'
is "another key opens nothing" 403 "$(curl -s -o "$WORK/body" -w '%{http_code}' "$(echo "$LINK" | sed 's:/report-files/[^/]*/:/report-files/0/:')")"
is "nothing is written there" 405 "$(curl -s -o "$WORK/body" -w '%{http_code}' -d x "$LINK")"
is "again another link" no "$([ "$(link)" = "$LINK" ] && echo yes || echo no)"
is "a name of its own" report.csv "$(order_csv '"output_format":"CSV_DOWNLOAD"' | jq -r .data.file_name)"
is "one ending is enough" a.csv "$(order_csv '"output_format":"CSV_DOWNLOAD","file_name":"a.csv"' | jq -r .data.file_name)"
for bad in 'a/b' 'a\tb' 'a\bb' a@b a#b 'a$b' a%b a^b 'a&b' 'a*b' 'a(b' 'a)b' 'a[b' 'a]b' "$(printf '%0256d' 0)"; do
    create "\"file_name\":\"$bad\"" | code "file_name $(echo "$bad" | cut -c1-9)" 40002
done
create "\"file_name\":\"$(printf '%0255d' 0)\"" | code "file_name of 255" 0

with --task-delay 2000
order
cancel | holds "cancel in the queue" '.code == 0 and .data == {status: "CANCELED"}'
is "it is so" CANCELED "$(state)"
cancel | code "not twice" 40200
download | code "it has no result" 40200
order
first=$T
order
ready PROCESSING
cancel "$first" | code "cancel under way" 0
ready
cancel | code "what is done is done" 40200
is "the canceled one stays so" CANCELED "$(state "$first")"
is "the other is not touched" 0 "$(download | jq .code 2> /dev/null | grep -c .)"

with --task-delay 100
order
OTHER=$(A=$J state)
is "not in another account" 40002 "$OTHER"
code=$(curl -s -o "$WORK/body" -w '%{redirect_url}' "${URL%/open_api/*}/portal/auth?app_id=sandbox-app&state=x&redirect_uri=http://localhost:7777/" | sed 's/.*[?&]auth_code=\([^&]*\).*/\1/')
another=$(curl -s -H 'Content-Type: application/json' "$URL/oauth2/access_token/" -d "{\"app_id\":\"sandbox-app\",\"secret\":\"sandbox-secret\",\"auth_code\":\"$code\"}" | jq -r .data.access_token)
TOKEN=$another get report/task/check/ advertiser_id="$A" task_id="$T" | holds "not with another token" ".code == 40002 and .message == \"The task $T does not exist.\""
TOKEN=$another get campaign/get/ advertiser_id="$A" | code "which is good otherwise" 0
TOKEN=$another
cancel | code "not even to cancel" 40002
TOKEN=sandbox-token
ready
is "it is as before" SUCCESS "$(state)"
get report/task/check/ advertiser_id="$A" task_id=1850000000000000001 | code "there is none such" 40002
with --scopes 1,2
create | code "without the scope of reports" 40001
with --roles ANALYST
create | code "an analyst may" 0

with --task-delay 100 --fault task-failed=1x
order
ready FAILED
get report/task/check/ advertiser_id="$A" task_id="$T" | holds "task-failed: and why" '.data.status == "FAILED" and (.data.message | length) > 10'
download | code "task-failed: no result" 40200
cancel | code "task-failed: nothing to cancel" 40200
grep create "$WORK/log" | tail -n1 | holds "task-failed: the log says so" '.faults == ["task-failed"] and .code == 0'
order
ready
is "task-failed: the next does not" SUCCESS "$(state)"
for rule in stuck:QUEUING slow:PROCESSING; do
    with --task-delay 0 --fault "task-${rule%:*}=1x"
    order
    sleep 0.3
    is "task-${rule%:*}: it stays" "${rule#*:}" "$(state)"
    download | code "task-${rule%:*}: no result" 40201
    cancel | code "task-${rule%:*}: it can be canceled" 0
done
with --task-delay 2000 --fault task-odd-state=1x
order
ready MERGING
is "task-odd-state: a word nobody knows" MERGING "$(state)"
ready
is "task-odd-state: and then it is done" SUCCESS "$(state)"
with --task-delay 0 --fault task-gone=1x
order
is "task-gone: there is none such" 40002 "$(state)"
is "task-gone: nor will there be" 40002 "$(state)"
with --task-delay 0 --fault task-gone=1x:/report/task/download/
order
ready
download | code "task-gone: or at the download" 40002
is "task-gone: and then it is gone" 40002 "$(state)"

for format in CSV_STRING CSV_DOWNLOAD; do
    # fetch CURL-OPTION…: the body, whichever way it comes
    fetch() {
        case $format in
        CSV_STRING) curl -s -G -H "Access-Token: $TOKEN" --data-urlencode "advertiser_id=$A" --data-urlencode "task_id=$T" "$@" "$URL/report/task/download/" ;;
        *) curl -s "$@" "$(link)" ;;
        esac
    }
    order_one() { order "\"output_format\":\"$format\""; ready; }
    with --task-delay 0 --fault task-short=1x --fault task-torn=0x
    order_one
    fetch -o "$WORK/short"
    fetch -o "$WORK/csv"
    rows=$(($(wc -l < "$WORK/csv") - 1))
    is "task-short: two thirds of the rows, $format" $((rows * 2 / 3 + 1)) "$(wc -l < "$WORK/short")"
    is "task-short: those of the whole, $format" "$(md5sum < "$WORK/short")" "$(head -n $((rows * 2 / 3 + 1)) "$WORK/csv" | md5sum)"
    with --task-delay 0 --fault task-torn=1x
    order_one
    fetch -o "$WORK/torn"
    is "task-torn: good for HTTP, $format" 0 $?
    is "task-torn: the last line has no end, $format" "$(($(wc -c < "$WORK/csv") - 5))" "$(wc -c < "$WORK/torn")"
    is "task-torn: only once, $format" "$(md5sum < "$WORK/csv")" "$(fetch | md5sum)"
    with --task-delay 0 --fault task-cut=1x
    order_one
    fetch -o "$WORK/cut"
    is "task-cut: curl says partial, $format" 18 $?
    is "task-cut: half of it, $format" yes "$(cmp "$WORK/cut" "$WORK/csv" 2>&1 | grep -q EOF && [ "$(wc -c < "$WORK/cut")" -gt 100 ] && echo yes)"
    is "task-cut: only once, $format" "$(md5sum < "$WORK/csv")" "$(fetch | md5sum)"
done
with --task-delay 0 --fault task-cut=1x
order '"output_format":"CSV_DOWNLOAD"'
ready
LINK=$(link)
curl -s -o "$WORK/cut" "$LINK"
is "task-cut: a link that was cut" 18 $?
is "task-cut: is whole when it is tried again" "$(md5sum < "$WORK/csv")" "$(curl -s "$LINK" | md5sum)"
with --task-delay 0 --fault link-dead=1x
order '"output_format":"CSV_DOWNLOAD"'
ready
dead=$(link)
for _ in 1 2; do is "link-dead: 403, and again" 403 "$(curl -s -o "$WORK/body" -w '%{http_code}' "$dead")"; done
is "link-dead: the next is good" 200 "$(curl -s -o "$WORK/body" -w '%{http_code}' "$(link)")"
for rule in truncate:18 stall:28; do
    with --task-delay 0 --fault "${rule%:*}=1x:/report/task/download/"
    order
    ready
    curl -s -m 1 -o "$WORK/body" -H "Access-Token: $TOKEN" "$URL/report/task/download/?advertiser_id=$A&task_id=$T"
    is "${rule%:*} of the rows: curl says so" "${rule#*:}" $?
    is "${rule%:*} of the rows: some come" yes "$(head -n1 "$WORK/body" | grep -q '^Campaign ID' && echo yes)"
done
with --task-delay 0 --fault 51010=1x:/report/task/download/
order
ready
download | code "51010 instead of the rows" 51010

with --task-span-limit
create "$(back 400),\"dimensions\":[\"campaign_id\"]" | code "--task-span-limit: not more than a year" 40002
create "$(back 364),\"dimensions\":[\"campaign_id\"]" | code "--task-span-limit: a year" 0
with --task-delay 100 --tasks-per-hour 2
create | code "--tasks-per-hour: one" 0
create '"metrics":["nonsense"]' | code "--tasks-per-hour: what is refused does not count" 40002
create | code "--tasks-per-hour: two" 0
create | code "--tasks-per-hour: no more" 40133
A=$J create | code "--tasks-per-hour: another account" 0

with --task-delay 300 --state "$WORK/state"
RISING='"metrics":["conversion","spend"]' # the former still do
order "$RISING"
kept=$T
order
canceled=$T
cancel | code "keep a task and a canceled one" 0
order "$RISING,\"output_format\":\"CSV_DOWNLOAD\""
linked=$T
sleep 0.5
T=$kept
download > "$WORK/csv"
order
with --task-delay 300 --state "$WORK/state"
is "after a restart the last is in the queue, or further" yes "$(case $(state) in QUEUING | PROCESSING | SUCCESS) echo yes ;; esac)"
is "the first can be downloaded at once" "$(md5sum < "$WORK/csv")" "$(download "$kept" | md5sum)"
is "the canceled one is canceled" CANCELED "$(state "$canceled")"
is "the link is another, the rows the same" "$(md5sum < "$WORK/csv")" "$(curl -s "$(T=$linked link)" | md5sum)"
ready
is "the last becomes ready" SUCCESS "$(state)"
clock() { curl -s -o "$WORK/body" -X POST "${URL%/open_api/*}/sandbox/clock?now=$(date -u -d "$1" +%FT%TZ)"; }
T=$linked
LINK=$(link)
clock '59 minutes'
is "a link after 59 minutes" 200 "$(curl -s -o "$WORK/body" -w '%{http_code}' "$LINK")"
clock '61 minutes'
is "but not after an hour" 403 "$(curl -s -o "$WORK/body" -w '%{http_code}' "$LINK")"
clock '29 days'
is "a report after 29 days" "$(md5sum < "$WORK/csv")" "$(curl -s "$(link)" | md5sum)"
clock '31 days'
is "but not after 30" 40002 "$(state)"
T=$kept
with --task-delay 100 --state "$WORK/state" --now "$(date -u -d '3 days' +%FT%TZ)"
is "made again, with what was known at the time" "$(md5sum < "$WORK/csv")" "$(download | md5sum)"
stop
sed -i "s/\"created\":\"[0-9]*\"/\"created\":\"$(($(date +%s) - 30 * 86400 - 60))\"/" "$WORK/state.tasks"
printf '{"task_id":"18' >> "$WORK/state.tasks"
with --state "$WORK/state"
is "after 30 days it is gone" 40002 "$(state "$kept")"
order
with --state "$WORK/state"
is "half a line before it is no harm" SUCCESS "$(ready; state)"

with --task-delay 0 --campaigns 100 --adgroups 1000 --ads 10000
order "$(back 29),\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\",\"stat_time_day\"],\"metrics\":[\"ad_name\",\"ad_text\",\"adgroup_name\",\"campaign_name\",\"ad_url\",\"spend\"]"
ready
memory() { sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$SERVER/status"; }
parts() { grep -c ' (deleted)' "/proc/$SERVER/maps"; } # of the file that all CSV is in
download > "$WORK/csv"
is "a report that no socket holds" yes "$([ "$(wc -c < "$WORK/csv")" -gt 15000000 ] && echo yes || wc -c < "$WORK/csv")"
before=$(memory)
readers=
for _ in 1 2 3 4 5 6 7 8; do
    # shellcheck disable=SC2216 # that nothing is read is the point
    { download 2> /dev/null | sleep 2; } &
    readers="$readers $!"
done
sleep 1
is "slow readers wait, each for a part" 8 "$(parts)"
is "and hold nobody up" "$(md5sum < "$WORK/csv")" "$(download | md5sum)"
is "eight cost less memory than one report" yes "$([ $(($(memory) - before)) -lt 8000 ] && echo yes || echo "$(memory) after $before kB")"
wait $readers
sleep 0.3
is "and then hang up" 0 "$(parts)"
is "nothing comes of it" "$(md5sum < "$WORK/csv")" "$(download | md5sum)"
finish
