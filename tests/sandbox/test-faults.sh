#!/bin/sh
# SPDX-License-Identifier: MIT
# Faults on demand, latency that holds nobody else up, and the rate limit.
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
for code in 40100 40105 50000; do
    with --fault $code=1
    user | code "$code" $code
done
with --fault no-data=1
user | holds "no-data" '.code == 0 and (has("data") | not)'
with --fault null-list=1
get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret | holds "null-list" '.code == 0 and .data == {"list":null}'
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

with --qpm 120
codes=$(for _ in 1 2 3 4 5 6; do user | jq -r .code; done | tr '\n' ' ')
is "two a second" yes "$(echo "$codes" | grep -q '^0 0 .*40100' && echo yes || echo "$codes")"
sleep 1.1
user | code "the next second" 0
with --qpm 1
user | code "one a minute" 0
user | holds "then the door is closed" '.code == 40100 and .message == "Too many requests. Please retry in some time."'
sleep 1.2
user | code "for longer than a second" 40100
finish
