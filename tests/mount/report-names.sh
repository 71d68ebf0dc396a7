#!/bin/bash
# SPDX-License-Identifier: MIT
# report-names.sh - every name of the grammar is there for the asking, and what is none says why: both
# without a call.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE="$(tree 1 3 2 2) --centers 1"
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"
A=$(basename "$(compgen -G '[0-9]*')")
find . -maxdepth 6 >/dev/null
C=$(compgen -G "$A/campaigns/[0-9]*" | head -n 1)
G=$(compgen -G "$C/adgroups/[0-9]*" | head -n 1)
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)
B=$(compgen -G 'business-centers/[0-9]*' | head -n 1)
cat "$A/currency" "$B/name" >/dev/null
today=$(TZ=$(cat "$A/timezone") date +%F)

lines() { wc -l <.adsfs/errors; }
# refused PATH TEXT NEAREST - is not there, the reason is in errors, and names the nearest
refused()
{
    local before after message
    before=$(lines)
    want_refused "No such file or directory" cat "$1"
    after=$(lines)
    want_eq "lines about $1" $((after - before)) 1
    want_eq "path" "$(tail -n1 .adsfs/errors | jq -r '"\(.path) \(.errno)"')" "$1 ENOENT"
    message=$(tail -n1 .adsfs/errors | jq -r .message)
    [[ $message == *"$2"* ]] || broken "$1" "  said   $message" "  wanted $2"
    [[ $message == *"; the nearest is $3" ]] || broken "$1" "  said   $message" "  nearest $3"
}

promise "a name of any range, level, grain, breakdown, list and format is there without a call"
mark
for range in today yesterday last-7d last-30d this-month last-month lifetime last-365d "${today%-??}" \
    "$today" "$(date -d "$today -400 days" +%F)..$(date -d "$today -300 days" +%F)"; do
    want_ok stat "$A/reports/$range/campaign-total.csv"
done
for level in advertiser campaign adgroup ad; do
    for grain in total day hour; do
        want_ok stat "$A/reports/last-7d/$level-$grain.json" "$A/reports/last-7d/$level-$grain-country.tsv" \
            "$A/reports/last-7d/$level-$grain@core,reach.ndjson"
    done
    for by in country age gender age-gender platform language placement province interest device; do
        want_ok stat "$A/reports/last-30d/$level-total-$by.csv" "$A/reports/last-30d/$level-day-$by@spend,clicks.csv"
    done
done
want_ok stat "$A/reports/lifetime/ad-total@video.csv" "$A/reports/today/campaign-total@all-basic.csv"
want_calls any 0

promise "of a campaign, an ad group and an ad there are those of its own level and below"
mark
want_ok stat "$C/reports/today/campaign-hour.csv" "$C/reports/today/ad-total-age.csv" \
    "$G/reports/last-7d/adgroup-day@spend.json" "$D/reports/lifetime/ad-total.csv"
want_calls any 0

promise "a Business Center has report.json, report.csv and reports, of its accounts"
mark
want_output "reports/last-30d/advertiser-day.json" readlink "$B/report.json"
want_output "reports/last-30d/advertiser-day.csv" readlink "$B/report.csv"
want_ok stat "$B/reports/2026-10/advertiser-day@spend.csv" "$B/reports/today/advertiser-total-country.json"
want_eq "listed" "$(ls "$B/reports" | xargs)" \
    "last-30d last-7d last-month lifetime metrics.tsv this-month today yesterday"
want_calls any 0

promise "what can not be answered is not there, and .adsfs/errors says why and what comes nearest"
mark
R=$A/reports
refused "$R/last-7d/campain-day.csv" "must begin with advertiser-, campaign-, adgroup- or ad-" campaign-day.csv
refused "$R/last-7d/campaign-year.csv" "total, day or hour" campaign-day.csv
refused "$R/last-7d/campaign-day-contry.csv" "broken down by" campaign-day-country.csv
refused "$R/last-7d/campaign-day.cvs" "must end in .json, .ndjson, .csv, .tsv or .html" campaign-day.csv
refused "$R/last-7d/campaign-day@spent.csv" "there is no metric spent" campaign-day@spend.csv
refused "$R/last-7d/campaign-day-age@reach,spend.csv" "reach is of single people" campaign-day-age@spend.csv
refused "$R/last-7d/campaign-hour-age.csv" "by hour" campaign-day-age.csv
refused "$A/reports/of/${C##*/}/last-7d/advertiser-day.csv" "above the object" campaign-day.csv
refused "$B/reports/last-7d/campaign-day.csv" "Business Center" advertiser-day.csv
refused "$R/lifetime/campaign-day.csv" "can not be had by day" last-365d/campaign-day.csv
refused "$R/lifetime/campaign-total-age.csv" "lifetime" last-365d/campaign-total-age.csv
refused "$R/2024-01-01..2025-12-31/ad-total.csv" "at most 365 days" "2024-01-01..2025-12-31/ad-day.csv"
refused "$R/2012-01-01..$today/ad-hour.csv" "the app may make 4500 a day" last-365d/ad-hour.csv
refused "$R/yesterdy" "must be like today" yesterday
refused "$R/last-400d" "last-365d at most" last-365d
refused "$R/2026-10-31..2026-10-01" "ends before it begins" 2026-10-01..2026-10-31
refused "$R/$(date -d "$today +2 days" +%F)" "future" today
refused "$R/2026-02-30" "days that exist" 2026-02-28
want_calls any 0

promise "adsfs why says it too"
want_like '.*the nearest is campaign-day@spend\.csv.*' "$ADSFS" why "$MNT/$R/last-7d/campaign-day@spent.csv"

promise "a name that is looked up again and again is said once"
before=$(lines)
for i in 1 2 3 4 5; do
    stat "$R/last-7d/campaign-weekly.csv" 2>/dev/null && broken "it is there"
done
want_eq "lines" $(($(lines) - before)) 1

promise "what programs look for everywhere is not there, without a call and without a word"
mark
before=$(lines)
for directory in "$R" "$R/last-7d" "$R/of" "$B/reports" "$B/reports/today" "$A/reports/of/${C##*/}/today"; do
    for name in .git .hidden .gitignore .hg index.html desktop.ini Thumbs.db autorun.inf package.json \
        .campaign-day.csv.swp campaign-day.json~ .Trash-0 HEAD '*' campaign; do
        [ -e "$directory/$name" ] && broken "$directory/$name is there"
    done
done
want_eq "lines" $(($(lines) - before)) 0
want_calls any 0

promise "beside a name of the grammar there is what is said of it, beside another there is nothing"
mark
want_output false jq .complete "$R/last-7d/campaign-hour.csv.meta"
want_output null jq .rows "$B/reports/today/advertiser-day.csv.meta"
before=$(lines)
want_refused "No such file or directory" cat "$R/last-7d/campaign-day@spent.csv.meta"
want_refused "No such file or directory" cat "$R/2026-11.meta"
want_eq "lines" $(($(lines) - before)) 0
want_calls any 0

promise "metrics.tsv lists every metric, what it means, its kind, where it is allowed, and whether it adds up"
mark
want_ok awk -F '\t' 'NF != 5 { exit 1 } END { exit NR < 100 }' "$R/metrics.tsv"
want_like 'spend	.*	money	.*' grep '^spend	' "$R/metrics.tsv"
want_eq "size" "$(stat -c %s "$R/metrics.tsv")" "$(wc -c <"$R/metrics.tsv")"
cut -f1 "$R/metrics.tsv" | sed 1d | sort | uniq -d | grep . && broken "twice"
want_ok cmp "$R/metrics.tsv" "$B/reports/metrics.tsv"
want_calls any 0

promise "reports/ lists the named ranges, a range what is made"
want_eq "ranges" "$(ls "$R" | xargs)" \
    "last-30d last-7d last-month lifetime metrics.tsv of this-month today yesterday"
want_output "" ls "$R/last-7d"
want_ok cat "$R/last-7d/campaign-total@spend,clicks.csv"
want_output "campaign-total@spend,clicks.csv" ls "$R/last-7d"
want_output "campaign_id,campaign_name,spend,clicks" head -n 1 "$R/last-7d/campaign-total@spend,clicks.csv"

# opens HEADER PATH - and has a row at least
opens()
{
    want_output "$1" head -n 1 "$2"
    [ "$(wc -l <"$2")" -gt 1 ] || broken "$2 has no rows"
}

promise "reports of each type open: hours, breakdowns, lifetime, of an object and of a center"
opens "ad_id,ad_name,adgroup_id,adgroup_name,campaign_id,campaign_name,stat_time_hour,spend" "$R/yesterday/ad-hour@spend.csv"
opens "campaign_id,country_code,campaign_name,stat_time_day,spend,clicks" "$R/last-7d/campaign-day-country@spend,clicks.csv"
opens "advertiser_id,age,gender,spend" "$R/last-7d/advertiser-total-age-gender@spend.csv"
opens "campaign_id,campaign_name,spend" "$R/lifetime/campaign-total@spend.csv"
opens "adgroup_id,platform,spend" "$C/reports/last-30d/adgroup-total-platform@spend.csv"
opens "advertiser_id,stat_time_day,spend" "$B/reports/last-7d/advertiser-day@spend.csv"
opens "advertiser_id,country_code,spend" "$B/reports/last-7d/advertiser-total-country@spend.csv"
want_ok jq -e 'length > 0' "$B/report.json"
want_output null jq .error "$B/report.json.meta"

promise "a set of metrics of the profile is a word like those that come along"
cd / && unmount
PORT=$(free_port)
# shellcheck disable=SC2086 # words
service_start "$PORT" $TREE
profile agency "$PORT" '@mine = spend, clicks, reach'
mount_adsfs own agency qps=0 qpm=0
cd "$MNT" || give_up "cd"
want_ok stat "$A/reports/today/campaign-total@mine.csv" "$A/reports/today/campaign-total@mine,ctr.csv"
want_refused "No such file" stat "$A/reports/today/campaign-total@mien.csv"
want_output "campaign_id,campaign_name,spend,clicks,reach,ctr" \
    bash -c "head -n 1 '$A/reports/last-7d/campaign-total@mine,ctr.csv'"

cd /
