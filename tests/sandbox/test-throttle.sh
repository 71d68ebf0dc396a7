#!/bin/sh
# SPDX-License-Identifier: MIT
# How often one may call: the app, endpoints with limits of their own, each advertiser. What takes
# minutes or a day is in test-parts.
. "$(dirname "$0")/lib.sh"

user() { curl -s -H "Access-Token: $TOKEN" "$@" "$URL/user/info/"; }
with() { stop; start --log "$WORK/log" "$@"; }
# codes N COMMAND… - of N calls, the codes and how often each came
codes()
{
    n=$1
    shift
    seq "$n" | while read -r _; do "$@" | jq -r .code; done | sort | uniq -c | awk '{ printf "%s%sx%s", sep, $2, $1; sep = " " }'
}

with --qpm 120
is "--qpm alone: two a second" yes "$(for _ in 1 2 3 4 5 6; do user | jq -r .code; done | tr '\n' ' ' | grep -q '^0 0 .*40100' && echo yes)"
sleep 1.1
user | code "the next second" 0
with --qpm 1
user | code "one a minute" 0
user | holds "then the door is closed" '.code == 40100 and .message == "Too many requests. Please retry in some time."'
sleep 1.2
user | code "for longer than a second" 40100

with --qps 3
curl -s -H "Access-Token: $TOKEN" "$URL/user/info/?[1-8]" > "$WORK/all"
is "--qps: three of eight in a second" "0x3 40100x5" "$(jq -r .code "$WORK/all" | sort | uniq -c | awk '{ printf "%s%sx%s", sep, $2, $1; sep = " " }')"
sleep 1.1
user | code "--qps: the next second" 0

with --qps 1000 --qpd 4
is "--qpd: four, and no more" "0x4 40100x2" "$(codes 6 user)"
sleep 1.2
user | code "not the next second either" 40100

for tier in basic:10 advanced:20 premium:30 ultimate:50; do
    with --tier "${tier%:*}"
    curl -s -H "Access-Token: $TOKEN" "$URL/user/info/?[1-60]" > "$WORK/all"
    is "--tier ${tier%:*}" "${tier#*:}" "$(jq -r 'select(.code == 0) | .code' "$WORK/all" | wc -l)"
done
"$SANDBOX" --tier golden > "$WORK/out2" 2> "$WORK/err2"
is "an unknown tier: exit status" 1 $?

task() { post report/task/create/ '{}'; }
create() { post ad/create/ '{}'; }
with --tier basic
is "report/task/create: two a second, then 40016" "40002x2 40016x3" "$(codes 5 task)"
user | code "other paths are open" 0
with --tier basic --qps 100
is "ad/create: five a second, then 40016" "40002x5 40016x2" "$(codes 7 create)"
is "its limit is not the other's" "40002x2 40016x1" "$(codes 3 task)"
with
is "without limits there are none" "40002x9" "$(codes 9 task)"

with --advertiser-qps 2
accounts
list() { get campaign/get/ advertiser_id="$A" page_size=1; }
is "--advertiser-qps: two a second, then 40133" "0x2 40133x2" "$(codes 4 list)"
list | holds "with its id and figures" \
    ".code == 40133 and .message == \"Advertiser ($A)'s QPS (3) reaches QPS limit 2 for current path, request is temporarily restricted.\""
get adgroup/get/ advertiser_id="$A" page_size=1 | code "another path is open" 0
get campaign/get/ advertiser_id="$J" page_size=1 | code "another advertiser too" 0
sleep 1.1
list | code "the next second" 0
finish
