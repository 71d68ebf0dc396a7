#!/bin/bash
# SPDX-License-Identifier: MIT
# report-calls.sh [--large] - reports cost as many calls as their rows fill pages, whatever the number
# of files, and a day that can not change any more is never asked for again.
#
# --large has the sizes of the benchmark (tests/bench/reports.sh); a sanitizer gets a tenth of it.
large=$([ "${1:-}" = --large ] && echo yes)
LIMIT=${large:+800}
LIMIT=${LIMIT:-200}
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

campaigns=200 ads=150 of_a_year=20 many=20
if [ -n "$large" ]; then
    scale=$(sanitized && echo 1 || echo 10)
    campaigns=$((1000 * scale)) ads=$((100 * scale)) of_a_year=$((20 * scale)) many=$((10 * scale))
fi

port=$(free_port)
profile calls "$port"
mount_calls() { mount_adsfs calls calls qps=0 qpm=0 "$@"; }

# world OPTION… - of which the next mount knows nothing
world()
{
    service_stop
    rm -rf "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
    service_start "$port" --advertisers 1 --always-deliver --task-delay 20 "$@"
    A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
    ZONE=$(ask "$port" advertiser/info advertiser_ids="[\"$A\"]" | jq -r '.data.list[0].timezone')
    mark
}

# Counted in UTC: across the end of summer time `date` is an hour off, and late in the evening a day.
day() { date -u -d "$(TZ=$ZONE date +%F) $1 days" +%F; }
rows() { grep -cE '^(\{"[a-z]+_id"|[0-9]+,)' "$1"; }
asked() { tail -n "+$((MARK + 1))" "$CALLS" | jq -c 'select(.path | startswith("/report/"))'; }

# want_reports N - at most so many calls for reports
want_reports()
{
    local n
    n=$(asked | wc -l)
    echo "# $n calls for reports"
    [ "$n" -le "$1" ] || broken "$n calls for reports, at most $1 wanted" "$(asked | jq -r .path | uniq -c)"
}

# want_since DAY [OR] - nothing older was asked for, and that was
want_since()
{
    want_like "$1|${2:-$1}" jq -rs 'map(.query.start_date // .body.start_date | values) | min' <(asked)
}

for mode in sync auto; do
    world --campaigns "$campaigns" --adgroups "$campaigns" --ads "$campaigns"
    mount_calls "report_mode=$mode"
    promise "cat campaigns/*/report.json of $campaigns campaigns, $mode: a call for 1,000 rows and 5 at most"
    (cd "$MNT/$A" && cat campaigns/[0-9]*/report.json) >"$T/rows" || broken "cat: $? $(why)"
    n=$(rows "$T/rows")
    [ "$n" -ge $((campaigns * 29)) ] || broken "$n rows"
    want_reports $((n / 1000 + 5))

    promise "and again, $mode: none"
    mark
    (cd "$MNT/$A" && cat campaigns/[0-9]*/report.json) >"$T/again" || broken "cat: $? $(why)"
    want_calls any 0
    want_ok cmp "$T/rows" "$T/again"
    unmount
done

promise "30 days of $ads ads by day: a call for 1,000 rows"
world --campaigns 5 --adgroups 20 --ads "$ads"
mount_calls report_mode=sync settle=7 report_ttl=1
cat "$MNT/$A/reports/last-30d/ad-day.ndjson" >"$T/rows" || broken "cat: $? $(why)"
n=$(rows "$T/rows")
want_reports $(((n + 999) / 1000))
want_since "$(day -29)"

open=$(date -u -d '-7 days' +%F)
promise "when they have expired, only days that can still change are asked for"
sleep 1.1
mark
cat "$MNT/$A/reports/last-30d/ad-day.ndjson" >"$T/rows" || broken "cat: $? $(why)"
want_eq "rows" "$(rows "$T/rows")" "$n"
want_reports $((ads * 8 / 1000 + 1))
want_since "$(day -7)" "$open" # whether the account or UTC counts the days
unmount

# The mount is another day's, the service too.
faketime=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1)
if [ -z "$faketime" ] || sanitized; then
    skip_promise "the next day" "$([ -n "$faketime" ] && echo "not with a sanitizer" || echo "no libfaketime")"
else
    promise "the next day, too: the new one and those before it that can change, the others from here"
    want_ok curl -sf --noproxy '*' -X POST "http://127.0.0.1:$port/sandbox/clock?now=$(date -u -d '1 day' +%FT%TZ)"
    mark
    printf '#!/bin/sh\nLD_PRELOAD=%s FAKETIME=+1d FAKETIME_DONT_FAKE_MONOTONIC=1 exec %s "$@"\n' \
        "$faketime" "$ADSFS" >"$T/adsfs-tomorrow"
    chmod +x "$T/adsfs-tomorrow"
    ADSFS=$T/adsfs-tomorrow mount_calls report_mode=sync settle=7
    cat "$MNT/$A/reports/last-30d/ad-day.ndjson" >"$T/rows" || broken "cat: $? $(why)"
    want_eq "first day" "$(head -n 1 "$T/rows" | jq -r '.stat_time_day[:10]')" "$(day -28)"
    want_like "$(day 0)|$(day 1)" tail -n 1 <(jq -r '.stat_time_day[:10]' "$T/rows" | sort)
    want_reports $((ads * 9 / 1000 + 1))
    want_since "$(day -7)" "$open"
    unmount
fi

promise "a year of $of_a_year campaigns by day is cut at 30 days"
world --campaigns "$of_a_year" --adgroups "$of_a_year" --ads "$of_a_year"
mount_calls report_ttl=1 settle=7
year="$MNT/$A/reports/$(day -364)..$(day 0)/campaign-day.csv"
cat "$year" >"$T/rows" || broken "cat: $? $(why)"
n=$(rows "$T/rows")
[ "$n" -ge $((of_a_year * 364)) ] || broken "$n rows"
want_reports $((13 * ((of_a_year * 30 + 999) / 1000)))
want_eq "the longest span" "$(asked | jq '.query | select(.start_date) |
    ((.end_date | strptime("%Y-%m-%d") | mktime) - (.start_date | strptime("%Y-%m-%d") | mktime)) / 86400 + 1' | sort -n | tail -n 1)" 30

promise "and costs but the days that can change when it has expired"
sleep 1.1
mark
cat "$year" >"$T/rows" || broken "cat: $? $(why)"
want_eq "rows" "$(rows "$T/rows")" "$n"
want_reports $((of_a_year * 8 / 1000 + 1))
unmount

promise "one glob over $many accounts: a call for each report, and those that list the accounts"
world --advertisers "$many" --campaigns 20 --adgroups 20 --ads 20
mount_calls
(cd "$MNT" && cat [0-9]*/report.csv) >"$T/rows" || broken "cat: $? $(why)"
want_eq "accounts" "$(grep -c '^campaign_id' "$T/rows")" "$many"
want_reports "$many"
want_calls campaign/get 0
unmount
