#!/bin/sh
# SPDX-License-Identifier: MIT
# Time goes on, and reports with it: today grows, conversions come in for a week, then a day is what
# it is for good. And the clock that tests set.
. "$(dirname "$0")/lib.sh"

start --campaigns 12 --adgroups 60 --ads 150 --now '2026-11-20 15:10:00'
accounts # New York: ten past ten in the morning
clock() { curl -s -o /dev/null -w '%{http_code}' -X POST "$URL_OF_CLOCK?now=$1"; }
URL_OF_CLOCK=${URL%/open_api/v1.3}/sandbox/clock
METRICS='["spend","impressions","clicks","conversion","real_time_conversion","video_play_actions","likes","result","complete_payment"]'
report() { # DIMENSIONS FIRST LAST NAME=VALUE…
    dimensions=$1
    first=$2
    last=$3
    shift 3
    get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_CAMPAIGN dimensions="$dimensions" \
        start_date="$first" end_date="$last" page_size=1000 metrics="$METRICS" "$@"
}
days() { report '["campaign_id","stat_time_day"]' "$@"; }
rows() { jq -cS '.data.list' "$1"; }
# grown TEXT METRICS FILE FILE: of each row of the first, none of these is less in the second, and some are more
grown() {
    jq -n --slurpfile a "$3" --slurpfile b "$4" "[$2]"' as $metrics | ($b[0].data.list | map({(.dimensions | tostring): .metrics}) | add) as $later |
        [$a[0].data.list[] | .metrics as $was | $later[.dimensions | tostring] as $is | $metrics[] | ($is[.] | tonumber) - ($was[.] | tonumber)] |
        length > 5 and all(. >= 0) and any(. > 0)' | holds "$1" .
}
# same TEXT METRICS FILE FILE
same() { is "$1" "$(jq -cS "[.data.list[] | [.dimensions, (.metrics | [$2])]]" "$3")" "$(jq -cS "[.data.list[] | [.dimensions, (.metrics | [$2])]]" "$4")"; }
AT_ONCE='.spend, .impressions, .clicks, .real_time_conversion, .video_play_actions, .likes'

# Today
days 2026-11-20 2026-11-20 > "$WORK/at-10"
days 2026-11-20 2026-11-20 > "$WORK/again"
is "the same twice" "$(rows "$WORK/at-10")" "$(rows "$WORK/again")"
is "the clock is set" 200 "$(clock 2026-11-20T15:29:00Z)"
days 2026-11-20 2026-11-20 > "$WORK/again"
is "nothing comes before the hour is half an hour ago" "$(rows "$WORK/at-10")" "$(rows "$WORK/again")"
clock 2026-11-20T15:30:30Z > /dev/null
days 2026-11-20 2026-11-20 > "$WORK/at-1030"
grown "then it does" '"spend","impressions","clicks","real_time_conversion"' "$WORK/at-10" "$WORK/at-1030"
clock 2026-11-20T23:00:00Z > /dev/null
days 2026-11-20 2026-11-20 > "$WORK/at-18"
grown "today grows" '"spend","impressions","clicks","conversion","real_time_conversion","likes","video_play_actions"' "$WORK/at-1030" "$WORK/at-18"
clock 2026-11-20T15:10:00Z > /dev/null
days 2026-11-20 2026-11-20 > "$WORK/again"
is "the clock goes back too, and what was known then is known again" "$(rows "$WORK/at-10")" "$(rows "$WORK/again")"
is "what is no time is refused" 400 "$(clock yesterday)"
days 2026-11-20 2026-11-20 > "$WORK/again"
is "and sets nothing" "$(rows "$WORK/at-10")" "$(rows "$WORK/again")"

# The week after
for days_later in 1 2 4 6 7 8 9 30 200; do
    clock "$(date -u -d "2026-11-20 17:00 UTC $days_later days" +%FT%TZ)" > /dev/null
    days 2026-11-20 2026-11-20 > "$WORK/after-$days_later"
    report '["campaign_id","stat_time_hour"]' 2026-11-20 2026-11-20 > "$WORK/hours-$days_later"
done
same "a day later what was shown is settled" "$AT_ONCE" "$WORK/after-1" "$WORK/after-7"
grown "and conversions come in" '"conversion"' "$WORK/after-1" "$WORK/after-2"
grown "on the second day" '"conversion"' "$WORK/after-2" "$WORK/after-4"
grown "and the fourth" '"conversion"' "$WORK/after-4" "$WORK/after-7"
grown "results and payments with them" '"result","complete_payment"' "$WORK/after-1" "$WORK/after-7"
grown "also hour by hour" '"conversion"' "$WORK/hours-1" "$WORK/hours-4"
holds "the costs of one fall" '[.data.list[].metrics | select(.conversion != .real_time_conversion)] | length > 0' < "$WORK/after-2"
is "a week after it has ended it has all" "$(rows "$WORK/after-8")" "$(rows "$WORK/after-9")"
holds "which is what came by its hour" '[.data.list[].metrics | .conversion == .real_time_conversion] | length > 5 and all' < "$WORK/after-8"
is "and never changes again" "$(rows "$WORK/after-8")" "$(rows "$WORK/after-200")"
is "nor do its hours" "$(rows "$WORK/hours-8")" "$(rows "$WORK/hours-200")"
grown "there were days with some to come" '"conversion"' "$WORK/after-6" "$WORK/after-8"

# An audience is behind
clock 2026-11-21T15:10:00Z > /dev/null
audience() { get report/integrated/get/ advertiser_id="$A" report_type=AUDIENCE data_level=AUCTION_ADVERTISER dimensions='["gender"]' start_date=2026-11-20 end_date=2026-11-20 metrics='["spend","conversion"]' |
    jq -c '[.data.list[].metrics | map_values(tonumber * 100 | round)] | {spend: map(.spend) | add, conversion: map(.conversion) | add}'; }
whole() { days 2026-11-20 2026-11-20 | jq -c '[.data.list[].metrics | {spend, conversion} | map_values(tonumber * 100 | round)] | {spend: map(.spend) | add, conversion: map(.conversion) | add}'; }
echo "[$(audience), $(whole)]" | holds "ten hours after midnight an audience lacks the evening" '.[0].spend > 0 and .[0].spend < 0.7 * .[1].spend'
clock 2026-11-21T21:35:00Z > /dev/null
is "sixteen and a half hours after it, it has the whole day, and its conversions" "$(whole)" "$(audience)"

# What is deleted has spent, and spends no more
C=$(jq -r '.data.list | max_by(.metrics.spend | tonumber) | .dimensions.campaign_id' "$WORK/after-8")
clock 2026-11-22T15:00:00Z > /dev/null
post campaign/status/update/ "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DELETE\"}" | code "a campaign is deleted" 0
clock 2026-12-20T15:00:00Z > /dev/null
all='filtering=[{"field_name":"campaign_status","filter_type":"IN","filter_value":"[\"STATUS_ALL\"]"}]'
deleted='filtering=[{"field_name":"campaign_status","filter_type":"IN","filter_value":"[\"STATUS_DELETE\"]"}]'
days 2026-11-16 2026-11-30 "$all" | jq -c "[.data.list[] | select(.dimensions.campaign_id == \"$C\")]" > "$WORK/spent"
holds "it has spent until then" 'length >= 3 and all(.metrics.spend != "0.00") and (map(.dimensions.stat_time_day) | max <= "2026-11-22 00:00:00")' < "$WORK/spent"
days 2026-11-16 2026-11-30 | holds "it is hidden" "[.data.list[] | select(.dimensions.campaign_id == \"$C\")] == []"
is "STATUS_DELETE has it alone" "$(cat "$WORK/spent")" "$(days 2026-11-16 2026-11-30 "$deleted" | jq -c .data.list)"
adgroups() { get report/integrated/get/ advertiser_id="$A" report_type=BASIC data_level=AUCTION_ADGROUP dimensions='["adgroup_id"]' start_date=2026-11-16 end_date=2026-11-30 metrics='["spend","campaign_id"]' page_size=1000 "$@"; }
adgroups | holds "what is below it is deleted with it" "[.data.list[] | select(.metrics.campaign_id == \"$C\")] == []"
adgroups filtering='[{"field_name":"adgroup_status","filter_type":"IN","filter_value":"[\"STATUS_ALL\"]"}]' | holds "and is there with all" "[.data.list[] | select(.metrics.campaign_id == \"$C\")] | length > 0"
stop

# How far behind is an option
start --campaigns 12 --adgroups 60 --ads 150 --now 2026-11-20T15:10:00Z --report-delay 7200
accounts
report '["campaign_id","stat_time_hour"]' 2026-11-20 2026-11-20 | holds "two hours behind: 07:00 is the last hour" '[.data.list[].dimensions.stat_time_hour[11:13]] | max == "07"'
holds "the world is that of the time" '.data.list | length == 2' < "$WORK/accounts"
finish
