#!/bin/bash
# SPDX-License-Identifier: MIT
# batching.sh [--long] - what many write at once goes together: few calls, each file told its own outcome,
# and nobody who writes alone waits for company. The calls are counted from the first write on.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
WRITERS=$(cd "$(dirname "$0")" && pwd)/writers.py
LATENCY=100 # ms, so that there is something to wait for, as with the service itself

port=$(free_port)
world=(--advertisers 1 --campaigns 1001 --adgroups 3000 --ads 3000)
profile shop "$port" "writable = true"

# serve [OPTION…] - the same service again, in another mood
serve()
{
    service_stop
    service_start "$port" "${world[@]}" "$@"
}

# quiet_mount [OPTION…] - all is listed already, and nothing ages while this runs
quiet_mount()
{
    [ -z "${MNT:-}" ] || unmount
    mount_adsfs shop shop ttl=36000 poll=0 "$@"
    ls "$MNT/$A/campaigns" "$MNT/$A/adgroups" "$MNT/$A/ads" >/dev/null || give_up "ls"
    mark
}

# all_of KIND - as the service has them
all_of()
{
    local page
    for page in 1 2 3; do
        ask "$port" "$1/get" advertiser_id="$A" page_size=1000 page=$page
    done | jq -c '.data.list[]'
}

# objects KIND CONDITION - the ids of those that are like this and can be written
objects()
{
    [ -s "$T/$1.all" ] || all_of "$1" >"$T/$1.all"
    jq -r "select(.campaign_automation_type == \"MANUAL\") | select($2) | .$1_id" "$T/$1.all"
}

statuses() { all_of "$1" | jq -r "\"\(.$1_id) \(.operation_status)\"" | sort; } # KIND - "id status"

# write_all THREADS FILE-OF-LINES - and how each ended, in $T/ended
write_all() { python3 "$WRITERS" "$1" <"$2" >"$T/ended"; }
outcomes() { cut -f1 "$T/ended" | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }'; }
want_outcomes() { want_eq "outcomes" "$(outcomes)" "$1"; [ -z "$promise_broken" ] || why; }

want_at_most() # PATH N
{
    local n
    n=$(calls "$1")
    echo "# $1: $n of at most $2"
    [ "$n" -le "$2" ] || broken "calls of $1: $n, at most $2"
}

# all_quiet - nothing has been asked for two seconds
all_quiet()
{
    local n
    n=$(calls any)
    sleep 2
    [ "$(calls any)" = "$n" ]
}

want_no_throttling()
{
    want_eq "answers that say too often" \
        "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.code == 40100 or .code == 40016 or .code == 40133) | .path' | sort | uniq -c)" ""
}

serve --latency $LATENCY
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
objects campaign true >"$T/campaigns"
want_eq "campaigns that can be written" "$(wc -l <"$T/campaigns")" 1000
lines() { sed "s|.*|$MNT/$A/campaigns/&/status\t$1|" "$T/campaigns"; }

promise "the session: 1,000 campaigns are disabled by xargs -P50 in at most 60 updates"
quiet_mount qps=0 qpm=0
cd "$MNT/$A" || give_up cd
# All are on before, so that there are a thousand things to do.
lines ENABLE >"$T/lines"
write_all 100 "$T/lines"
want_outcomes "1000 OK"
mark
# by-name/ is among them, and the one that has an endpoint of its own; these are refused.
# shellcheck disable=SC2012,SC2016
ls -d campaigns/*/ | xargs -P50 -I{} sh -c 'echo DISABLE > {}status' 2>"$T/stderr"
want_eq "xargs says that some were refused" "$?" 123
want_eq "how many" "$(grep -c . "$T/stderr")" 2
want_at_most campaign/status/update 60
until_true all_quiet
session_reads=$(calls campaign/get)
echo "# campaign/get: $session_reads, those that come a little later included"
want_eq "other calls" "$(($(calls any) - $(calls campaign/status/update) - session_reads))" 0
want_eq "disabled" "$(statuses campaign | grep -Ff "$T/campaigns" | grep -c ' DISABLE')" 1000

promise "... and at most 15 reads"
[ "$session_reads" -le 15 ] || broken "campaign/get: $session_reads"

promise "by a hundred at once: at most 60 updates and 15 reads"
lines ENABLE >"$T/lines"
mark
write_all 100 "$T/lines"
want_outcomes "1000 OK"
want_at_most campaign/status/update 60
until_true all_quiet
want_at_most campaign/get 15
want_eq "enabled" "$(statuses campaign | grep -Ff "$T/campaigns" | grep -c ' ENABLE')" 1000
cd /

promise "100 lifetime budgets of ad groups: at most 6 updates; without max_increase one read"
quiet_mount qps=0 qpm=0 max_increase=none
objects adgroup '.budget_mode == "BUDGET_MODE_TOTAL"' | head -n 100 >"$T/ids"
want_eq "enough of them" "$(wc -l <"$T/ids")" 100
n=0
while read -r id; do
    printf '%s\t%s\n' "$MNT/$A/adgroups/$id/budget" $((200000 + (n += 1)))
done <"$T/ids" >"$T/lines"
mark
write_all 100 "$T/lines"
want_outcomes "100 OK"
want_at_most adgroup/budget/update 6
want_at_most adgroup/get 1
want_calls adgroup/update 0
n=0
wrong=$(while read -r id; do
    [ "$(cat "$MNT/$A/adgroups/$id/budget")" = "$((200000 + (n += 1))).00" ] || echo "$id"
done <"$T/ids")
want_eq "ad groups that show another budget" "$wrong" ""

promise "100 daily budgets of ad groups: 100 updates, at most 2 reads"
objects adgroup '.budget_mode == "BUDGET_MODE_DAY"' | head -n 100 >"$T/ids"
want_eq "enough of them" "$(wc -l <"$T/ids")" 100
n=0
while read -r id; do
    printf '%s\t%s\n' "$MNT/$A/adgroups/$id/budget" $((2000 + (n += 1)))
done <"$T/ids" >"$T/lines"
mark
write_all 100 "$T/lines"
want_outcomes "100 OK"
want_calls adgroup/update 100
want_at_most adgroup/get 2

if [ "$(TZ=$(cat "$MNT/$A/timezone") date +%H%M)" -ge 2354 ]; then
    skip_promise "100 daily budgets from midnight on" "the service takes none right before it"
else
    promise "100 daily budgets from midnight on: at most 6 updates"
    n=0
    while read -r id; do
        printf '%s\t%s at midnight\n' "$MNT/$A/adgroups/$id/budget" $((2100 + (n += 1)))
    done <"$T/ids" >"$T/lines"
    mark
    write_all 100 "$T/lines"
    want_outcomes "100 OK"
    want_at_most adgroup/budget/update 6
    want_calls adgroup/update 0
fi

promise "a lone write is never held back: it takes as long as its calls by themselves"
serve --latency 300
id=$(head -n 1 "$T/campaigns")
now() { echo "${EPOCHREALTIME//[!0-9]/}"; }
alone()
{
    local began
    began=$(now)
    echo "$1" >"$MNT/$A/campaigns/$id/status" || broken "refused: $(why)"
    echo $(($(now) - began)) >>"$T/alone"
}
plainly()
{
    local began
    began=$(now)
    curl -sf -H "Access-Token: $TOKEN" -H 'Content-Type: application/json' -o "$T/body" \
        -d "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$id\"],\"operation_status\":\"$1\"}" \
        "http://127.0.0.1:$port/open_api/v1.3/campaign/status/update/" || broken "curl"
    curl -sf -G -H "Access-Token: $TOKEN" -o "$T/body" -d "advertiser_id=$A" \
        --data-urlencode "filtering={\"campaign_ids\":[\"$id\"]}" \
        "http://127.0.0.1:$port/open_api/v1.3/campaign/get/" || broken "curl"
    echo $(($(now) - began)) >>"$T/plainly"
}
best() { sort -n "$T/$1" | head -n 1; }
for word in DISABLE ENABLE DISABLE; do
    alone $word
    [ $word = ENABLE ] && plainly DISABLE || plainly ENABLE
done
percent=$(($(best alone) * 100 / $(best plainly)))
echo "# a status: $(best alone) us, two calls by curl: $(best plainly) us"
[ "$percent" -le 140 ] || broken "alone $percent % of two calls by curl"

promise "the one that somebody else has deleted fails alone"
serve --latency $LATENCY
sed -n 101,140p "$T/campaigns" >"$T/ids"
victim=$(sed -n 17p "$T/ids")
quiet_mount qps=0 qpm=0
tell "$port" campaign/status/update "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$victim\"],\"operation_status\":\"DELETE\"}" >/dev/null
sed "s|.*|$MNT/$A/campaigns/&/status\tDISABLE|" "$T/ids" >"$T/lines"
mark
write_all 40 "$T/lines"
want_eq "refused" "$(grep -v ^OK "$T/ended" | cut -f3)" "$MNT/$A/campaigns/$victim/status"
want_like 'ESTALE|ENOENT' bash -c "grep -v ^OK '$T/ended' | cut -f1"
want_eq "disabled" "$(statuses campaign | grep -Ff "$T/ids" | grep -c ' DISABLE')" 39
want_at_most campaign/status/update 16
grep -v "$victim" "$T/campaigns" >"$T/living" && mv "$T/living" "$T/campaigns"

# among KIND FAULT-OF… - 40 write at once under the fault; those that fail are those whose object
# is not what was written, no more and no less, and .adsfs/errors says so of each.
among() # KIND VALUE FAULT [OPTION…]
{
    local kind=$1 value=$2 fault=$3
    shift 3
    serve --latency $LATENCY --fault "$fault" "$@"
    sed "s|.*|$MNT/$A/${kind}s/&/status\t$value|" "$T/ids" >"$T/lines"
    mark
    write_all 40 "$T/lines"
    echo "# $fault: $(outcomes)"
    grep -v ^OK "$T/ended" | cut -f3 | sed 's|.*/\([0-9]*\)/status|\1|' | sort >"$T/failed"
    statuses "$kind" | grep -Ff "$T/ids" | grep -v " $value\$" | cut -d' ' -f1 >"$T/other"
    want_eq "those that failed and those that are not so" "$(comm -3 "$T/failed" "$T/other" | head -n 3)" ""
    [ -s "$T/failed" ] || broken "none failed"
    [ "$(wc -l <"$T/failed")" -lt 40 ] || broken "all failed"
}

promise "a service that lies: EIO for those in its call, and both values in .adsfs/errors"
serve
quiet_mount qps=0 qpm=0
objects campaign true | head -n 100 | tail -n 40 >"$T/ids"
sed "s|.*|$MNT/$A/campaigns/&/status\tENABLE|" "$T/ids" >"$T/lines"
write_all 40 "$T/lines"
among campaign DISABLE "lie=1x:/campaign/status/update/"
want_eq "their errno" "$(grep -v ^OK "$T/ended" | cut -f1 | sort -u)" EIO
want_eq "of which .adsfs/errors has both values" \
    "$(jq -r 'select(.errno == "EIO" and (.message | contains("ENABLE") and contains("DISABLE"))) | .path' "$MNT/.adsfs/errors" |
        tail -n "$(wc -l <"$T/failed")" | sed 's|.*/\([0-9]*\)/status|\1|' | sort)" "$(cat "$T/failed")"

# In a storm a status is taken at its word for a while, by a service that has kept it before. One
# that begins to lie then is found out: whoever was told that it went well can read otherwise.
promise "a service that lies in the middle of a storm: what it did not do is EIO, or differs in the journal"
serve --latency $LATENCY
quiet_mount qps=0 qpm=0
lines ENABLE >"$T/lines"
write_all 100 "$T/lines"
serve --latency $LATENCY --fault lie=0.2:/campaign/status/update/
mark
lines DISABLE >"$T/lines"
write_all 100 "$T/lines"
grep -v ^OK "$T/ended" | cut -f3 | sed 's|.*/\([0-9]*\)/status|\1|' | sort >"$T/failed"
serve
statuses campaign | grep -Ff "$T/campaigns" | grep ' ENABLE' | cut -d' ' -f1 >"$T/other"
echo "# $(wc -l <"$T/other") were not done; the writers: $(outcomes)"
[ -s "$T/other" ] || broken "it did not lie"
want_eq "failed although it was done" "$(comm -23 "$T/failed" "$T/other" | wc -l)" 0
comm -13 "$T/failed" "$T/other" >"$T/unheard"
found_out()
{
    jq -r 'select(.outcome == "differs") | .path' "$MNT/.adsfs/journal" | sed 's|.*/\([0-9]*\)/status|\1|' | sort -u >"$T/differs"
    [ -z "$(comm -23 "$T/unheard" "$T/differs")" ]
}
until_true found_out
want_eq "how many of them .adsfs/errors does not name" \
    "$(jq -r .path "$MNT/.adsfs/errors" | sed 's|.*/campaigns/\([0-9]*\).*|\1|' | sort -u | comm -23 "$T/other" - | wc -l)" 0

promise "a code of 20001 fails exactly those that it names"
sed "s|.*|$MNT/$A/campaigns/&/status\tDISABLE|" "$T/ids" >"$T/lines"
write_all 40 "$T/lines"
among campaign ENABLE "20001=1x:/campaign/status/update/"

promise "the same of ad groups"
objects adgroup true | head -n 40 >"$T/ids"
serve
sed "s|.*|$MNT/$A/adgroups/&/status\tENABLE|" "$T/ids" >"$T/lines"
write_all 40 "$T/lines"
among adgroup DISABLE "20001=1x:/adgroup/status/update/"

# partly OPTION… - one that is deleted meanwhile, in the answers that ad groups have for it
partly()
{
    serve
    sed "s|.*|$MNT/$A/adgroups/&/status\tENABLE|" "$T/ids" >"$T/lines"
    write_all 40 "$T/lines"
    serve --latency $LATENCY --fault gone=1x:/adgroup/status/update/ "$@"
    sed "s|.*|$MNT/$A/adgroups/&/status\tDISABLE|" "$T/ids" >"$T/lines"
    write_all 40 "$T/lines"
    echo "# $(outcomes)"
    want_eq "failed" "$(grep -vc ^OK "$T/ended")" 1
    want_like 'ESTALE|ENOENT|EIO' bash -c "grep -v ^OK '$T/ended' | cut -f1"
    local id
    id=$(grep -v ^OK "$T/ended" | cut -f3 | sed 's|.*/\([0-9]*\)/status|\1|')
    want_eq "it is the one that is gone" "$(statuses adgroup | grep -c "^$id")" 0
    grep -v "^$id" "$T/ids" >"$T/rest"
    want_eq "the rest is off" "$(statuses adgroup | grep -Ff "$T/rest" | grep -c ' DISABLE')" "$(wc -l <"$T/rest")"
    mv "$T/rest" "$T/ids"
}
promise "error_list fails exactly the one it names, with the code 0"
partly
promise "and with the code 20001"
partly --partial-20001

promise "a list that lags behind by a second is waited for"
objects campaign true | head -n 20 >"$T/ids"
serve
sed "s|.*|$MNT/$A/campaigns/&/status\tENABLE|" "$T/ids" >"$T/lines"
write_all 20 "$T/lines"
serve --fault lag=1
sed "s|.*|$MNT/$A/campaigns/&/status\tDISABLE|" "$T/ids" >"$T/lines"
write_all 20 "$T/lines"
want_outcomes "20 OK"

# What the limits do to many: a quarter of the time of all this.
[ "${1:-}" = --long ] || exit 0

promise "at the rate of a new application: 1,000 campaigns, at most 60 updates, never too often"
serve --latency $LATENCY --tier basic
quiet_mount
for word in DISABLE ENABLE; do
    lines $word >"$T/lines"
    mark
    write_all 100 "$T/lines"
    want_outcomes "999 OK"
    want_at_most campaign/status/update 60
    want_no_throttling
done

promise "at two calls a second: 200 campaigns, at most 20 updates, never too often"
serve --latency $LATENCY --qps 2
quiet_mount qps=2
tail -n 200 "$T/campaigns" | sed "s|.*|$MNT/$A/campaigns/&/status\tDISABLE|" >"$T/lines"
mark
write_all 100 "$T/lines"
want_outcomes "200 OK"
want_at_most campaign/status/update 20
want_no_throttling
