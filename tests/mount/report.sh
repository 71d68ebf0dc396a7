#!/bin/bash
# SPDX-License-Identifier: MIT
# report.sh - a report is whole, adds up, is the same for every program, and is made only on demand.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 4 3 2)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"
A=$(basename "$(compgen -G '[0-9]*')")
C=$(compgen -G "$A/campaigns/[0-9]*" | head -n 1)
G=$(compgen -G "$C/adgroups/[0-9]*" | head -n 1)
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)
reports() { calls report/integrated/get; }

promise "ls, find, stat, grep -r, cp -r and tar of the tree open no report"
mark
find . -ls >/dev/null
ls -lR . >/dev/null
stat "$A/report.json" "$C/report.csv" >/dev/null
want_ok grep -r ENABLE "$A/campaigns"
want_ok cp -r "$A/campaigns" "$T/copied"
want_ok tar -cf "$T/copied.tar" "$A/campaigns"
want_calls report/integrated/get 0

promise "below the account, report.json, report.csv and reports are links into its reports/of"
want_like '(\.\./)+reports/of/[0-9]+/last-30d/campaign-day\.json' readlink "$C/report.json"
want_like '(\.\./)+reports/of/[0-9]+/last-30d/adgroup-day\.csv' readlink "$G/report.csv"
want_like '(\.\./)+reports/of/[0-9]+' readlink "$D/reports"

promise "report.json is valid at all four levels and names its object"
for directory in "$A" "$C" "$G" "$D"; do
    want_ok jq -e 'type == "array"' "$directory/report.json"
    want_ok jq -e 'length > 0' "$directory/report.json"
done
want_ok jq -e --arg id "${C##*/}" 'all(.campaign_id == $id)' "$C/report.json"
want_ok jq -e --arg id "${G##*/}" 'all(.adgroup_id == $id)' "$G/report.json"
want_ok jq -e --arg id "${D##*/}" 'all(.ad_id == $id)' "$D/report.json"
want_eq "in the account's, but no campaigns of it" "$(jq -r '.[].campaign_id' "$A/report.json" | sort -u |
    comm -23 - <(cd "$A/campaigns" && printf '%s\n' [0-9]* | sort))" ""

promise "jq prints campaign and spend as the issue has it"
want_ok bash -c "jq -r '.[] | [.campaign_id, .spend] | @tsv' $A/report.json | grep -qE '^[0-9]+	[0-9.]+$'"

promise "JSON has one object a line, ids and names first, then the day, then numbers as sent"
want_eq "lines" "$(grep -c '"campaign_id"' "$A/report.json")" "$(jq length "$A/report.json")"
want_like '.*"campaign_id": ?"[0-9]+",.*"campaign_name": ?".*"stat_time_day": ?".*"spend": ?"?[0-9.]+"?.*' \
    sed -n 2p "$A/report.json"

promise "CSV and JSON say the same"
want_ok python3 - "$A" "$C" "$G" "$D" <<'END'
import csv, json, sys
for directory in sys.argv[1:]:
    raw = json.load(open(directory + "/report.json"), parse_float=str, parse_int=str)
    rows = list(csv.DictReader(open(directory + "/report.csv", newline="", encoding="utf-8")))
    assert len(raw) == len(rows) > 0, (directory, len(raw), len(rows))
    for a, b in zip(raw, rows):
        a = {k: "" if v is None else v for k, v in a.items()}
        assert a == b, (directory, a, b)
END

promise "ctr is clicks by impressions, cpc spend by clicks, in every row"
want_ok python3 - "$A" "$C" "$G" "$D" <<'END'
import json, sys
from decimal import Decimal as N
n = 0
for directory in sys.argv[1:]:
    for row in json.load(open(directory + "/report.json"), parse_float=N, parse_int=N):
        spend, shown, clicks, ctr = (N(row[m]) for m in ("spend", "impressions", "clicks", "ctr"))
        if shown:
            assert abs(ctr - clicks * 100 / shown) <= N("0.011"), row
            n += 1
        if clicks:
            assert abs(N(row["cpc"]) - spend / clicks) <= N("0.011"), row
assert n > 20, n
END

promise "the days add up to the total, the ad groups to the campaign, the campaigns to the account"
want_ok python3 - "$A" <<'END'
import collections, json, sys
from decimal import Decimal as N
base = sys.argv[1] + "/reports/last-30d/"
def load(name):
    return json.load(open(base + name), parse_float=N, parse_int=N)
def add(rows, key):
    sums = collections.defaultdict(lambda: [N(0), N(0), N(0)])
    for row in rows:
        for i, metric in enumerate(("spend", "impressions", "clicks")):
            sums[row[key]][i] += N(row[metric])
    return {k: v for k, v in sums.items() if any(v)}
for level in ("campaign", "adgroup", "ad"):
    days, total = load(level + "-day.json"), load(level + "-total.json")
    assert days and add(days, level + "_id") == add(total, level + "_id"), level
parents = {}
import glob
for path in glob.glob(sys.argv[1] + "/campaigns/*/adgroups/[0-9]*"):
    parents[path.split("/")[-1]] = path.split("/")[2]
groups = load("adgroup-total.json")
for row in groups:
    row["campaign_id"] = parents[row["adgroup_id"]]
assert add(groups, "campaign_id") == add(load("campaign-total.json"), "campaign_id")
account = load("advertiser-total.json")
assert len(account) == 1
for metric in ("spend", "impressions", "clicks"):
    assert N(account[0][metric]) == sum(N(row[metric]) for row in load("campaign-total.json")), metric
END

promise "a second read makes no call"
mark
for directory in "$A" "$C" "$G" "$D"; do
    cat "$directory/report.json" "$directory/report.csv" >"$T/again" || broken "cat: $?"
done
want_calls any 0

promise "wc, tail, head, grep, cp, cat, jq and python mmap agree on size and content"
file=$A/report.csv
cat "$file" >"$T/report"
want_eq "stat" "$(stat -L -c %s "$file")" "$(stat -c %s "$T/report")"
want_eq "wc -c" "$(wc -c <"$file")" "$(wc -c <"$T/report")"
want_eq "tail -n1" "$(tail -n1 "$file")" "$(tail -n1 "$T/report")"
want_eq "head -n3" "$(head -n3 "$file")" "$(head -n3 "$T/report")"
want_eq "grep -c" "$(grep -c "${C##*/}" "$file")" "$(grep -c "${C##*/}" "$T/report")"
want_ok test "$(wc -l <"$T/report")" -gt 20
want_ok cp "$file" "$T/copy"
want_ok cmp "$T/copy" "$T/report"
want_ok python3 - "$file" "$T/report" <<'END'
import mmap, shutil, sys
wanted = open(sys.argv[2], "rb").read()
with open(sys.argv[1], "rb") as f:
    assert mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:] == wanted, "shared mmap"
    assert mmap.mmap(f.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)[:] == wanted
shutil.copyfile(sys.argv[1], sys.argv[2] + ".sendfile")
assert open(sys.argv[2] + ".sendfile", "rb").read() == wanted, "sendfile"
END

promise "the first program to open a report sees its true size, whichever it is"
want_eq "wc -c" "$(wc -c <"$A/reports/last-7d/campaign-day.csv")" "$(cat "$A/reports/last-7d/campaign-day.csv" | wc -c)"
want_ok cp "$A/reports/last-7d/adgroup-day.csv" "$T/copy.first" # read-only, like what it copies
want_ok cmp "$T/copy.first" "$A/reports/last-7d/adgroup-day.csv"
want_eq "tail -n1" "$(tail -n1 "$A/reports/last-7d/ad-day.csv")" "$(cat "$A/reports/last-7d/ad-day.csv" | tail -n1)"
want_ok python3 - "$A/reports/last-7d/ad-total.json" <<'END'
import mmap, sys
with open(sys.argv[1], "rb") as f:
    text = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:]
assert text == open(sys.argv[1], "rb").read() and len(text) > 100
END

promise "reports of every campaign cost no more calls than one level of the account"
mark
cat "$A"/campaigns/[0-9]*/reports/last-30d/campaign-total.json >"$T/all" || broken "cat: $?"
[ "$(reports)" -le 2 ] || broken "$(reports) calls for 4 campaigns"

promise "a name that is no report of this grammar is not there"
mark
for name in last-31x campaign last-30d/nonsense-day.json last-30d/campaign-year.json \
    last-30d/campaign-day.xml 2026-13 2026-11-05..2026-11-01; do
    want_refused "No such file or directory" cat "$A/reports/$name"
done
want_refused "No such file or directory" cat "$G/reports/last-30d/campaign-day.json"
want_calls any 0

promise "named ranges, a day, a month and a span of days are answered"
for range in today yesterday last-7d last-30d this-month last-month \
    "$(date -u -d '-3 days' +%F)" "$(date -u -d '-9 days' +%F)..$(date -u -d '-2 days' +%F)"; do
    want_ok jq -e 'type == "array"' "$A/reports/$range/campaign-total.json"
done

promise "the directories of reports do not change while nothing is made"
want_output "" tar cf /dev/null "$A/reports"
before=$(stat -c %y "$A/reports" "$A/reports/last-7d" "$A/reports/yesterday")
want_eq "mtimes" "$(stat -c %y "$A/reports" "$A/reports/last-7d" "$A/reports/yesterday")" "$before"

promise "a report can not be written"
want_refused "Permission denied" bash -c "echo > $A/report.json"

cd /
