#!/bin/bash
# SPDX-License-Identifier: MIT
# writes.sh - what writing costs: 1,000 statuses by xargs -P50, 100 lifetime budgets at once, and one
# status by itself; each against the same done by curl, an object a call and twenty a call, each
# change asked for again. The service answers after 100 ms, in one run for all.
set -u
LIMIT=900
. "$(dirname "$0")/common.sh"
WRITERS=$here/../mount/writers.py

service_start "$port" --advertisers 1 --campaigns 1001 --adgroups 3000 --ads 3000 --latency 100
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
profile bench "$port" "writable = true"
mount_bench bench max_increase=none
ids_of() # KIND CONDITION
{
    local page
    for page in 1 2 3; do
        ask "$port" "$1/get" advertiser_id="$A" page_size=1000 page=$page
    done >"$T/pages"
    jq -r ".data.list[] | select(.campaign_automation_type == \"MANUAL\" and ($2)) | .$1_id" "$T/pages"
}
ids_of campaign true >"$T/campaigns"
ids_of adgroup '.budget_mode == "BUDGET_MODE_TOTAL"' | head -n 100 >"$T/lifetime"
ls "$MNT/$A/campaigns" "$MNT/$A/adgroups" >/dev/null || give_up ls
before=$(awk '/^VmRSS/ { print $2 }' "/proc/$DAEMON/status")

# ---- the same by curl ----

export TOKEN A url
# shellcheck disable=SC2016
plain_status='curl -sf -o /dev/null -H "Access-Token: $TOKEN" -H "Content-Type: application/json" \
    -d "{\"advertiser_id\":\"$A\",\"campaign_ids\":[$1],\"operation_status\":\"$2\"}" "$url/campaign/status/update/" &&
    curl -sf -o /dev/null -G -H "Access-Token: $TOKEN" -d "advertiser_id=$A" -d page_size=100 \
    --data-urlencode "filtering={\"campaign_ids\":[$1]}" "$url/campaign/get/"'
# shellcheck disable=SC2016
plain_budget='curl -sf -o /dev/null -H "Access-Token: $TOKEN" -H "Content-Type: application/json" \
    -d "{\"advertiser_id\":\"$A\",\"budget\":[$1]}" "$url/adgroup/budget/update/" &&
    curl -sf -o /dev/null -G -H "Access-Token: $TOKEN" -d "advertiser_id=$A" -d page_size=100 \
    --data-urlencode "filtering={\"adgroup_ids\":[$2]}" "$url/adgroup/get/"'
quoted() { sed 's/.*/"&"/'; }

statuses_each() { quoted <"$T/campaigns" | xargs -d '\n' -P50 -I{} bash -c "$plain_status" x {} "$1"; }
statuses_batched() { quoted <"$T/campaigns" | paste -sd',,,,,,,,,,,,,,,,,,,\n' | xargs -d '\n' -P50 -I{} bash -c "$plain_status" x {} "$1"; }
# shellcheck disable=SC2016
statuses_adsfs() { (cd "$MNT/$A" && sed 's|.*|campaigns/&/|' "$T/campaigns" | xargs -P50 -I{} sh -c 'echo '"$1"' > {}status'); }

entries() { awk -v top="$1" '{ printf "{\"adgroup_id\":\"%s\",\"budget\":%d}\n", $1, top + NR }' "$T/lifetime"; }
budgets_each() { entries "$1" | paste - <(quoted <"$T/lifetime") | xargs -d '\n' -P50 -I{} bash -c 'IFS=$'"'\t'"'; set -- $1; '"$plain_budget" x {}; }
budgets_batched()
{
    paste <(entries "$1" | paste -sd',,,,,,,,,,,,,,,,,,,\n') <(quoted <"$T/lifetime" | paste -sd',,,,,,,,,,,,,,,,,,,\n') |
        xargs -d '\n' -P50 -I{} bash -c 'IFS=$'"'\t'"'; set -- $1; '"$plain_budget" x {}
}
budgets_adsfs()
{
    awk -v dir="$MNT/$A/adgroups" -v top="$1" '{ printf "%s/%s/budget\t%d\n", dir, $1, top + NR }' "$T/lifetime" |
        python3 "$WRITERS" 100 | grep -v ^OK && broken "budgets"
    return 0
}
lone=$(head -n 1 "$T/campaigns")
lone_each() { bash -c "$plain_status" x "\"$lone\"" "$1"; }
lone_batched() { lone_each "$1"; }
lone_adsfs() { echo "$1" >"$MNT/$A/campaigns/$lone/status"; }

# ---- in turns ----

# forget - the mount asks for all again, so that what curl wrote is known
forget() { unmount; rm -rf "$XDG_CACHE_HOME"; mount_bench bench max_increase=none; cat "$MNT/$A"/campaigns/[0-9]*/status >"$T/shown"; ls "$MNT/$A/adgroups" >/dev/null; }

measure() # WORK WAY VALUE
{
    local began
    mark
    began=$(now)
    "$1_$2" "$3" || broken "$1 by $2"
    note "$1.$2" $(($(now) - began))
    echo "$(calls any)" >"$T/calls.$1.$2"
}

promise "1,000 statuses take no longer than by curl, a call each, and no more calls than by twenty"
for run in 1 2 3; do
    forget
    measure statuses adsfs DISABLE
    measure statuses each ENABLE
    measure statuses batched DISABLE
    measure statuses each ENABLE
done
at_most "$(median statuses.adsfs)" "$(median statuses.each)" || broken "slower"
promise "100 lifetime budgets"
for run in 1 2 3; do
    measure budgets adsfs $((300000 + run * 1000))
    measure budgets each $((300200 + run * 1000))
    measure budgets batched $((300400 + run * 1000))
done
at_most "$(median budgets.adsfs)" "$(median budgets.each)" || broken "slower"
promise "one status takes no longer than its two calls, by a quarter"
forget
for run in 1 2 3; do
    measure lone adsfs DISABLE
    measure lone each DISABLE
    measure lone batched DISABLE
    measure lone adsfs ENABLE
    measure lone each ENABLE
done
at_most "$(median lone.adsfs)" "$(($(median lone.each) * 5 / 4))" || broken "held back"
promise_end

printf '\n%-22s %18s %18s %18s %9s %9s\n' '' 'adsfs' 'curl, one each' 'curl, twenty' '/one each' '/twenty'
for work in statuses budgets lone; do
    printf '%-22s ' "$work"
    for way in adsfs each batched; do
        printf '%8s s %4s calls ' "$(seconds "$(median $work.$way)")" "$(cat "$T/calls.$work.$way")"
    done
    printf '%8s %9s\n' "$(divide "$(median $work.adsfs)" "$(median $work.each)")" "$(divide "$(median $work.adsfs)" "$(median $work.batched)")"
done
printf 'memory of the daemon: %s kB before the writes, %s kB at most\n' "$before" "$(peak)"
