#!/bin/sh
# SPDX-License-Identifier: MIT
# Faults on demand, and latency that holds nobody else up.
. "$(dirname "$0")/lib.sh"

# user CURL-OPTION…: one small call
user() { curl -s -H "Access-Token: $TOKEN" "$@" "$URL/user/info/"; }
with() { stop; start --log "$WORK/log" "$@"; }

with --fault html502=1
is "html502" "502 text/html" "$(user -o "$WORK/body" -w '%{http_code} %{content_type}')"
is "html502 is HTML" 1 "$(grep -c '<html>' "$WORK/body")"
is "the log says no code" null "$(tail -n1 "$WORK/log" | jq .code)"
with --fault html504=1
is "html504" 504 "$(user -o "$WORK/body" -w '%{http_code}')"
with --fault garbage=1
is "garbage" 200 "$(user -o "$WORK/body" -w '%{http_code}')"
is "garbage is not JSON" no "$(jq . "$WORK/body" > /dev/null 2>&1 && echo yes || echo no)"
with --fault empty=1
is "empty" "200 0" "$(user -o "$WORK/body" -w '%{http_code} %{size_download}')"
with --fault drop=1
user > "$WORK/body"
is "drop: curl says empty reply or reset" yes "$(user; case $? in 52 | 56) echo yes ;; esac)"
with --fault truncate=1
user -o "$WORK/body"
is "truncate: curl says partial" 18 $?
is "truncate sends something" yes "$(head -c 8 "$WORK/body" | grep -q '{"code"' && echo yes)"
for code in 40016 40100 40102 40105 40133 50000 50002 51010; do
    with --fault $code=1x
    user | code "$code" $code
    tail -n1 "$WORK/log" | holds "the log says so" ".code == $code and .faults == [\"$code\"] and .done == ($code == 51010)"
    user | code "$code only once" 0
    tail -n1 "$WORK/log" | holds "and that" '.faults == [] and .done'
done
with --fault 40133=1
user | holds "40133 as recorded" \
    '.message == "Advertiser (872746382648)'"'"'s QPS (21) reaches QPS limit 20 for current path, request is temporarily restricted."'
with --fault 429=1
is "429 is HTML" "429 text/html 1" "$(user -o "$WORK/body" -w '%{http_code} %{content_type}') $(grep -c '<html>' "$WORK/body")"
with --fault redirect=1
is "redirect to another host, the same port" "302 $(echo "$URL" | sed 's/127.0.0.1/127.0.0.2/')/user/info/" \
    "$(user -o "$WORK/body" -w '%{http_code} %{redirect_url}')"
with --fault refused=1x
user > "$WORK/body"
is "refused: the connection goes" yes "$(case $? in 52 | 55 | 56) echo yes ;; esac)"
user > "$WORK/body"
is "and the port is closed" 7 $?
sleep 0.7
user | code "for a while" 0
with --fault stall=1
user -m 1 -o "$WORK/body"
is "stall: curl waits" 28 $?
is "stall sends something" yes "$(head -c 8 "$WORK/body" | grep -q '{"code"' && echo yes)"
open_files() { find "/proc/$SERVER/fd" -lname 'socket:*' | wc -l; }
for fault in stall truncate; do
    with --fault $fault=1
    before=$(open_files)
    for _ in 1 2 3; do user -m 0.2 -o "$WORK/body"; done
    sleep 0.2
    is "$fault: the connection ends with its peer" "$before" "$(open_files)"
done
with --fault no-data=1
user | holds "no-data" '.code == 0 and (has("data") | not)'
with --fault null-list=1
get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret | holds "null-list" '.code == 0 and .data == {"list":null}'

# Right answers, written otherwise. What is equal is said by jq, for which order and text count not.
with
accounts
one() { get campaign/get/ advertiser_id="$A" page_size=3 | jq -S "del(.request_id)${1:-}"; }
one > "$WORK/plain"
with --fault shuffle=1
is "shuffle: the same members" "$(cat "$WORK/plain")" "$(one)"
is "shuffle: not in the same order" yes "$(for _ in 1 2 3 4 5 6 7 8 9; do
    get campaign/get/ advertiser_id="$A" page_size=3 | jq -c 'keys_unsorted'; done | sort -u | wc -l | sed 's/^[2-9]$/yes/')"
with --fault unknown=1
is "unknown: some more members" "$(cat "$WORK/plain")" "$(one ' | del(.. | .unheard_of?)')"
one | holds "unknown: everywhere" 'has("unheard_of") and (.data | has("unheard_of")) and (.data.list[0] | has("unheard_of"))'
with --fault strings=1
is "strings: as text they are the same" "$(jq -S '.data |= walk(if type == "number" then tostring else . end)' "$WORK/plain")" "$(one)"
one | holds "strings: also in page_info, but not the code" '.code == 0 and (.data.page_info | all(type == "string"))'
with --fault total-high=1
one | holds "total-high: one too many" '.data.page_info.total_number == 21'
with --fault 20001=1
is "20001 on a list: the data is there" "$(jq -S '.code = 20001 | .message = "Partially successful."' "$WORK/plain")" "$(one)"
ids() { for page in 1 2 3; do get campaign/get/ advertiser_id="$A" page_size=8 page=$page | jq -r '.data.list[].campaign_id'; done; }
with
ids > "$WORK/ids"
with --fault moving=1x
ids > "$WORK/moved"
is "moving: one row comes twice" "$(sed -n 8p "$WORK/ids")" "$(sort "$WORK/moved" | uniq -d)"
is "moving: and one not at all" "$(sed -n 9p "$WORK/ids")" "$(grep -vxFf "$WORK/moved" "$WORK/ids")"
is "moving: a later reading is right" "$(cat "$WORK/ids")" "$(ids)"
with --fault 40100-page=1
get campaign/get/ advertiser_id="$A" page_size=8 | code "40100-page: not on page 1" 0
get campaign/get/ advertiser_id="$A" page_size=8 page=2 | code "40100-page: on page 2" 40100
with --fault moving=1x
report() { get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN service_type=AUCTION \
    dimensions='["campaign_id"]' metrics='["spend"]' query_lifetime=true page_size=8 page="$1"; }
report 1 > "$WORK/body"
report 2 | holds "moving: rows of a report too" ".data.list[0] == $(jq -c '.data.list[7]' "$WORK/body")"
with --fault delay=1
took=$(user -o "$WORK/body" -w '%{time_total}')
is "delay adds two seconds" yes "$(jq -n "$took >= 2 and $took < 4" | sed 's/true/yes/')"
with --fault html502=1:/campaign/get/
user | code "a fault of another path" 0

draw() { for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do user | jq -r .code; done | tr '\n' ' '; }
with --fault 50000=0.5 --seed 7
first=$(draw)
with --fault 50000=0.5 --seed 7
is "faults come from the seed" "$first" "$(draw)"
is "and at their rate" yes "$(n=$(echo "$first" | grep -o 50000 | wc -l); [ "$n" -ge 4 ] && [ "$n" -le 16 ] && echo yes)"

with
accounts
C=$(get campaign/get/ advertiser_id="$A" page_size=1 | jq -r '.data.list[0].campaign_id')
with --fault drop=1:/campaign/update/
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":600}"
get campaign/get/ advertiser_id="$A" page_size=1 | holds "a dropped write has happened" '.data.list[0].budget == 600'
with --fault html502=1:/campaign/update/
post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":600}" > "$WORK/body"
get campaign/get/ advertiser_id="$A" page_size=1 | holds "after html502 it has not" '.data.list[0].budget == 500'


update() { post campaign/update/ "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":$1}"; }
budget_is() { get campaign/get/ advertiser_id="$A" page_size=1 | holds "$1" ".data.list[0].budget == $2"; }
amount=600
for fault in reset-after 51010 stall; do
    amount=$((amount + 10))
    with --state "$WORK/state" --fault "$fault=1:/campaign/update/"
    update $amount > "$WORK/body" &
    sleep 0.2
    budget_is "after $fault it has happened" $amount
    stop
    wait
    grep '"/campaign/update/"' "$WORK/log" | tail -n1 | holds "the log says so" ".done and .faults == [\"$fault\"]"
done
for fault in reset-before refused 429 50002 40016; do
    with --state "$WORK/state" --fault "$fault=1x:/campaign/update/"
    update 700 > "$WORK/body"
    grep '"/campaign/update/"' "$WORK/log" | tail -n1 | holds "the log says that it was not done" '.done == false'
    [ $fault != refused ] || sleep 0.7
    budget_is "after $fault it has not" $amount
done

with --fault 20001=1
statuses() { get campaign/get/ advertiser_id="$A" page_size=3 | jq -c '[.data.list[].operation_status]'; }
ids=$(get campaign/get/ advertiser_id="$A" page_size=3 | jq -c '[.data.list[].campaign_id]')
before=$(statuses)
other=$(echo "$before" | jq -r '.[0] | if . == "ENABLE" then "DISABLE" else "ENABLE" end')
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":$ids,\"operation_status\":\"$other\"}" |
    holds "20001 on a status update: a part, and the rest by name" \
        ".code == 20001 and .data.campaign_ids == $ids[:1] and [.data.error_list[].campaign_id] == $ids[1:]"
is "only that part has happened" "$(echo "$before" | jq -c ".[0] = \"$other\"")" "$(statuses)"
before=$(statuses)
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":$ids,\"operation_status\":\"$other\"}" > "$WORK/body"
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":$(echo "$ids" | jq -c '.[2:]'),\"operation_status\":\"DELETE\"}" |
    holds "of one, nothing" '.code == 20001 and .data.campaign_ids == [] and (.data.error_list | length) == 1'
is "nothing has happened" "$before" "$(statuses)"

with --latency 400
before=$(date +%s%N)
pids=
for _ in 1 2 3 4 5 6 7 8; do
    user -o /dev/null &
    pids="$pids $!"
done
wait $pids
took=$((($(date +%s%N) - before) / 1000000))
is "eight calls wait for the latency together" yes "$([ $took -ge 400 ] && [ $took -lt 1600 ] && echo yes || echo "$took ms")"
tail -n1 "$WORK/log" | holds "ms has the latency in it" '.ms >= 400'
user -m 0.1
sleep 0.6
user | code "a caller that hangs up does no harm" 0
finish
