#!/bin/bash
# SPDX-License-Identifier: MIT
# reports.sh [--quick] - what reports cost: calls, seconds and peak memory of adsfs, of a script over
# the official Node SDK and of a loop of one curl a file, side by side in one run.
#
# --quick has a tenth of it. Everything begins with nothing known; so the calls and the seconds are
# with those that list the accounts and the objects. The script knows its accounts from one call and
# needs no objects; the loop lists these first. See stream.sh for a million rows.
#
# The next day is one for all: the service is told so, and what asks it has libfaketime. All ads
# deliver every day, so that it is known how many rows there are.
scale=10 LIMIT=3000
case ${1:-} in
'') ;;
--quick) scale=1 ;;
*) echo "usage: reports.sh [--quick]" >&2; exit 2 ;;
esac
# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
shopt -s nullglob

profile bench "$port"
sdk=$build/conformance/node_modules/tiktok-business-api-sdk-official
if ! [ -d "$sdk" ]; then
    say "installing the Node SDK in $build/conformance"
    mkdir -p "$build/conformance"
    cp "$top/tests/conformance/package.json" "$build/conformance/"
    (cd "$build/conformance" && npm install --no-audit --no-fund --no-package-lock --ignore-scripts \
        --loglevel=error >&2) || say "no Node SDK (it needs npm and the registry): its lines are missing"
fi
faketime=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1)
[ -n "$faketime" ] || say "no libfaketime (Debian: libfaketime): there is no next day"

# ---- one line ----

title() { printf '\n%s\n%-28s %8s %9s %9s %9s %9s %9s\n' "$1" '' calls seconds 'peak kB' rows 'x calls' 'x seconds'; say "$1"; }

# line WAY - of what was just MADE, which TOOK so long, needed KB and gave ROWS; against the first
line()
{
    [ "$1" != adsfs ] || FIRST_MADE=$MADE FIRST_TOOK=$TOOK
    printf '%-28s %8s %9s %9s %9s %9s %9s\n' "$1" "$MADE" "$(seconds "$TOOK")" "$KB" "$ROWS" \
        "$(divide "$MADE" "$((FIRST_MADE + !FIRST_MADE))" 1)" "$(divide "$TOOK" "$FIRST_TOOK" 1)"
}

# measured COMMAND… - sets MADE, TOOK and ROWS
measured()
{
    local began
    mark
    began=$(now)
    "$@" >"$T/rows" || broken "$*: $? $(why)"
    TOOK=$(($(now) - began)) MADE=$(calls any)
    ROWS=$(grep -cE '^(\{"([a-z]+_id|dimensions)"|[0-9]+,)' "$T/rows")
}

# ---- the three ways ----

daemon=$ADSFS
cat >"$T/adsfs-tomorrow" <<END
#!/bin/sh
LD_PRELOAD=$faketime FAKETIME=+1d FAKETIME_DONT_FAKE_MONOTONIC=1 exec "$daemon" "\$@"
END
chmod +x "$T/adsfs-tomorrow"

# by_adsfs WORK [OPTION…] - from the mount on, which stays
by_adsfs()
{
    measured mount_and "$@"
    KB=$(peak)
    line "adsfs"
}

mount_and()
{
    local work=$1
    shift
    mount_adsfs bench bench qps=0 qpm=0 "$@"
    "$work"
}

# by_sdk LEVEL FIRST LAST
by_sdk()
{
    [ -d "$sdk" ] || return 0
    measured pull_report "$@"
    KB=$(cat "$T/kB")
    line "Node SDK"
}
pull_report() { node "$here/pull-report.js" "$sdk" "${url%/open_api/*}" "$APP" "$SECRET" "$TOKEN" "$@" 2>"$T/kB" || broken "$(cat "$T/kB")"; }

# by_loop LEVEL WINDOW… - a curl for each object and each FIRST,LAST
by_loop()
{
    measured loop "$@"
    KB=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' curl -s "$url/")
    line "curl a file"
}

loop()
{
    local level=$1 id window account
    shift
    for account in $(accounts); do
        for id in $(ids_of "$level" "$account"); do
            for window in "$@"; do
                rows_of "$level" "$account" "$id" "$window"
            done
        done
    done
}

accounts() { get "oauth2/advertiser/get/?app_id=$APP&secret=$SECRET" | jq -r '.data.list[].advertiser_id'; }
ids_of() # LEVEL ACCOUNT
{
    local page=0 pages=1
    [ "$1" != advertiser ] || { echo all; return; }
    while [ $((page += 1)) -le "$pages" ]; do
        get "$1/get/?advertiser_id=$2&page_size=1000&page=$page" >"$T/page"
        pages=$(jq .data.page_info.total_page "$T/page")
        jq -r ".data.list[].${1}_id" "$T/page"
    done
}

# Of all campaigns of an account, or of one object.
rows_of() # LEVEL ACCOUNT ID FIRST,LAST
{
    local level=$1 filter=()
    if [ "$level" = advertiser ]; then
        level=campaign
    else
        filter=(--data-urlencode "filtering=[{\"field_name\":\"${1}_ids\",\"filter_type\":\"IN\",\"filter_value\":\"[$3]\"}]")
    fi
    curl -sfG -H "Access-Token: $TOKEN" "$url/report/integrated/get/" -d "advertiser_id=$2" -d report_type=BASIC \
        -d "data_level=AUCTION_${level^^}" --data-urlencode "dimensions=[\"${level}_id\",\"stat_time_day\"]" \
        --data-urlencode "metrics=[\"${level}_name\",\"spend\",\"impressions\",\"clicks\",\"ctr\",\"cpc\",\"cpm\",\"conversion\",\"cost_per_conversion\"]" \
        -d "start_date=${4%,*}" -d "end_date=${4#*,}" -d page_size=1000 "${filter[@]}" |
        sed 's/{"dimensions"/\n&/g'
}

# ---- what is asked for ----

# day N - so many days from today, in the zone of the account
day() { TZ=$ZONE date -d "$(($1 + LATER)) days" +%F; }

# world OPTION… - the service, with its clock and the account's
world()
{
    begin --always-deliver "$@"
    ZONE=$(ask "$port" advertiser/info advertiser_ids="[\"$A\"]" | jq -r '.data.list[0].timezone')
    ADSFS=$daemon LATER=0
}

tomorrow()
{
    ADSFS=$T/adsfs-tomorrow LATER=1
    curl -sf -X POST "http://127.0.0.1:$port/sandbox/clock?now=$(date -u -d '1 day' +%FT%TZ)" >/dev/null || broken "clock: $?"
}

work_ads() { cat "$MNT/$A/reports/last-30d/ad-day.ndjson"; }
work_campaigns() { (cd "$MNT/$A" && cat campaigns/[0-9]*/report.json); }
work_year() { cat "$MNT/$A/reports/last-365d/campaign-day.ndjson"; }
work_accounts() { (cd "$MNT" && cat [0-9]*/report.csv); }

ads=$((100 * scale)) campaigns=$((1000 * scale)) of_a_year=$((20 * scale)) many=$((10 * scale))

# asked_since - the first day of all that was asked for
asked_since()
{
    tail -n "+$((MARK + 1))" "$CALLS" | jq -r '.query.start_date // .body.start_date // empty' | sort | head -n 1
}

# next_day SETTLE - with what the first day has left
next_day()
{
    unmount
    promise "the next day, settle=$1: no day is asked for that can not change any more"
    by_adsfs work_ads "settle=$1"
    want_eq "the first day asked for" "$(asked_since)" "$(day "-$1")"
    promise_end
}

# most WHAT - of calls for reports that many rows may cost
most()
{
    local n
    n=$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.path | startswith("/report/")) | .path' | wc -l)
    promise "$1: $n calls for the $ROWS rows of reports, at most a call for 1,000 and 5"
    [ "$n" -le $((ROWS / 1000 + 5)) ] || broken "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r .path | sort | uniq -c)"
    promise_end
}

# ---- 30 days of ads, and the next day ----

small=(--advertisers 1 --campaigns 20 --adgroups 100 --ads "$ads")
world "${small[@]}"
title "$ads ads by day, 30 days"
by_adsfs work_ads
most "$ads ads by day"
by_sdk ad "$(day -29)" "$(day 0)"
by_loop ad "$(day -29),$(day 0)"
if [ -n "$faketime" ]; then
    title "the same the next day"
    tomorrow
    next_day 28
    by_sdk ad "$(day -29)" "$(day 0)"
    by_loop ad "$(day -29),$(day 0)"
    unmount
    world "${small[@]}"
    title "the same where a day is settled after a week (settle=7)"
    by_adsfs work_ads settle=7
    tomorrow
    next_day 7
fi
unmount

# ---- one report of each of many campaigns ----

world --advertisers 1 --campaigns "$campaigns" --adgroups "$campaigns" --ads "$campaigns"
for mode in auto sync; do
    title "cat campaigns/*/report.json of $campaigns campaigns, report_mode=$mode"
    rm -rf "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
    by_adsfs work_campaigns "report_mode=$mode"
    most "$campaigns campaigns, $mode"
    unmount
done
by_sdk campaign "$(day -29)" "$(day 0)"
by_loop campaign "$(day -29),$(day 0)"

# ---- a year ----

world --advertisers 1 --campaigns "$of_a_year" --adgroups "$of_a_year" --ads "$of_a_year"
title "a year of $of_a_year campaigns by day"
by_adsfs work_year
unmount
by_sdk campaign "$(day -364)" "$(day 0)"
windows=()
for ((i = -364; i <= 0; i += 30)); do
    windows+=("$(day $i),$(day $((i + 29 < 0 ? i + 29 : 0)))")
done
by_loop campaign "${windows[@]}"

# ---- many accounts ----

world --advertisers "$many" --campaigns 20 --adgroups 20 --ads 20
title "cat */report.csv of $many accounts, 20 campaigns in each"
by_adsfs work_accounts
unmount
by_sdk campaign "$(day -29)" "$(day 0)"
by_loop advertiser "$(day -29),$(day 0)"
