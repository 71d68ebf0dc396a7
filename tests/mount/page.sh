#!/bin/bash
# SPDX-License-Identifier: MIT
# page.sh - report.html says what report.csv says, draws it, asks for nothing, and believes no name.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
BROWSER=$(cd "$(dirname "$0")" && pwd)/browser.py

TREE=$(tree 2 4 2 2)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"
A=$(grep -lx USD [0-9]*/currency | head -n 1)
A=${A%/*}
Y=$(grep -lx JPY [0-9]*/currency | head -n 1)
Y=${Y%/*}
# An ad that was shown, and what it is in.
D=$(jq -r 'max_by(.spend) | "campaigns/\(.campaign_id)/adgroups/\(.adgroup_id)/ads/\(.ad_id)"' \
    "$A/reports/last-7d/ad-total.json")
D=$A/$D
G=${D%/ads/*}
C=${D%/adgroups/*}
B=$(compgen -G "business-centers/[0-9]*" | head -n 1)
mkdir "$T/pages"

# keep NAME FILE - a page, as a person would put it elsewhere
keep() { want_ok cp -L --no-preserve=mode "$2" "$T/pages/$1.html"; }

promise "report.html is beside report.json at all four levels, a link as that is"
want_like 'reports/last-30d/campaign-day\.html' readlink "$A/report.html"
for directory in "$C" "$G" "$D"; do
    want_output "$(readlink "$directory/report.json" | sed 's/json$/html/')" readlink "$directory/report.html"
    want_ok grep -q '^<!DOCTYPE html>' "$directory/report.html"
done

promise "its sums are those of report.csv to the last digit: in all, of each day, of each object"
keep account "$A/report.html"
keep ad "$D/report.html"
keep yen "$Y/report.html"
keep year "$A/reports/last-365d/campaign-day.html"
keep totals "$A/reports/last-30d/ad-total.html"
keep one "$A/reports/yesterday/advertiser-total.html"
keep hours "$A/reports/last-7d/campaign-hour.html"
keep countries "$A/reports/last-7d/campaign-day-country.html"
keep center "$B/report.html"
keep none "$A/reports/2020-02/campaign-day.html"
cat >"$T/sums.py" <<'END'
import collections, csv, html, json, re, sys
from decimal import Decimal as N
labels = {"spend": "Spend", "impressions": "Impressions", "clicks": "Clicks", "conversion": "Conversion"}
def digits(text):
    return html.unescape(re.sub("<[^>]*>", "", text))
for word in sys.argv[1:]:
    path, page = word.split("=")
    rows = list(csv.DictReader(open(path, newline="", encoding="utf-8")))
    text = open(page, encoding="utf-8").read()
    if not rows:
        assert "No rows" in text and "<script" not in text, page
        continue
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
    time = next((name for name in ("stat_time_day", "stat_time_hour") if name in rows[0]), None)
    shown = {metric["label"]: metric for metric in data["metrics"]}
    for name, label in labels.items():
        days = collections.defaultdict(N)
        for row in rows:
            days[row[time][:len(data["labels"][0])] if time else ""] += N(row[name] or 0)
        if name == "spend" and page.endswith("/center.html"): # in a currency each
            assert shown[label]["sum"] is None and not any(shown[label]["values"]), page
            continue
        assert N(shown[label]["sum"]) == sum(days.values()), (page, name)
        for day, value in zip(data["labels"], shown[label]["values"]):
            assert not time or N(value or 0) == days[day], (page, name, day)
    objects = collections.defaultdict(N)
    for row in rows:
        objects[next(iter(row.values()))] += N(row["spend"] or 0)
    if "country_code" in rows[0]: # not an object, but its parts
        continue
    table = re.findall(r"<small>(\d+)</small></th>(?:<td class=\"text\">.*?</td>)*<td>(.*?)</td>", text)
    top = sorted(objects.values(), reverse=True)[:20]
    if len(objects) == 1 and time:
        continue
    if "account" in page or "hours" in page:
        assert len(table) == len(top) > 1, page
    assert page.endswith("/center.html") or [N(digits(spend)) for _, spend in table] == top, page
    assert all(N(digits(spend)) == objects[id] for id, spend in table), page
END
want_ok python3 "$T/sums.py" "$A/report.csv=$T/pages/account.html" "$D/report.csv=$T/pages/ad.html" \
    "$Y/report.csv=$T/pages/yen.html" "$A/reports/last-365d/campaign-day.csv=$T/pages/year.html" \
    "$A/reports/last-30d/ad-total.csv=$T/pages/totals.html" \
    "$A/reports/yesterday/advertiser-total.csv=$T/pages/one.html" \
    "$A/reports/last-7d/campaign-hour.csv=$T/pages/hours.html" \
    "$A/reports/last-7d/campaign-day-country.csv=$T/pages/countries.html" "$B/report.csv=$T/pages/center.html" \
    "$A/reports/2020-02/campaign-day.csv=$T/pages/none.html"
[[ $(grep -o '"sum":"[^"]*"' "$T/pages/yen.html" | head -n 1) =~ ^\"sum\":\"[0-9]+\"$ ]] ||
    broken "yen have decimals"

promise "a second look at it makes no call, and it has the size that stat says"
mark
want_eq "size" "$(stat -L -c %s "$A/report.html")" "$(wc -c <"$A/report.html")"
want_ok cmp "$A/report.html" "$T/pages/account.html"
want_calls any 0

promise "a name that would end the script is text"
# shellcheck disable=SC2016
trap_name='</script><img src=x onerror="trapped=1"><!-- &amp; ${x}'
want_ok bash -c 'printf "%s\n" "$1" >"$2"' - "$trap_name" "$C/name"
keep trap "$A/reports/last-7d/adgroup-day.html"
keep trap-title "$C/reports/last-7d/campaign-day.html"
keep trap-totals "$A/reports/last-7d/campaign-total.html"
for name in trap trap-title trap-totals; do
    want_eq "$name: images" "$(grep -c '<img' "$T/pages/$name.html")" 0
    want_eq "$name: ends of scripts" "$(grep -o '</script' "$T/pages/$name.html" | wc -l)" 3
    want_ok grep -q '&lt;/script&gt;&lt;img src=x' "$T/pages/$name.html"
done

cd / || exit 1
if ! command -v chromium >/dev/null; then
    skip_promise "the page in a browser" "chromium is not installed"
    exit
fi

# ---- in a browser ----

# What must be seen, or the rest would prove nothing: pages that do ask, with their policy and without.
ask='<img src="http://127.0.0.1:9/asked.png">'
sed "s|<body>|<body>$ask|" "$T/pages/account.html" >"$T/pages/forbidden.html"
sed '/Content-Security-Policy/d' "$T/pages/forbidden.html" >"$T/pages/asking.html"

export P=$T/pages trap_name # for jq
FACTS=$T/facts
timeout 100 python3 "$BROWSER" "$T/chromium" light-desk:"$P/account.html" dark-desk:"$P/account.html" \
    light-phone:"$P/account.html" dark-desk:"$P/ad.html" light-desk:"$P/yen.html" dark-desk:"$P/year.html" \
    light-phone:"$P/totals.html" dark-desk:"$P/totals.html" light-desk:"$P/one.html" light-desk:"$P/none.html" \
    light-desk:"$P/hours.html" dark-desk:"$P/countries.html" light-desk:"$P/center.html" \
    light-desk:"$P/trap.html" light-desk:"$P/trap-title.html" light-desk:"$P/trap-totals.html" light-desk:"$P/forbidden.html" \
    light-desk:"$P/asking.html" >"$FACTS" 2>"$T/browser.err" || give_up "browser.py:" "$(tail -n 3 "$T/browser.err")"

# want_fact FILTER - true of each page that is ours as it is
want_fact()
{
    local odd
    odd=$(jq -c "select(.page | IN(\"forbidden\", \"asking\") | not) | select(($1) | not)
        | [.page, .scheme, .window]" "$FACTS") || broken "jq: $1"
    [ -z "$odd" ] || broken "not so: $1" "$odd"
}

# want_seen FILTER - true of one page
want_seen() { want_ok jq -es "any(.[]; $1)" "$FACTS"; }

promise "the browser is asked for the page and for nothing else, and has nothing to complain of"
want_eq "pages" "$(jq -c . "$FACTS" | wc -l)" 18
want_fact '.requests == ["file://" + $ENV.P + "/" + .page + ".html"]'
want_fact '.messages == []'

promise "a page that did ask would be seen asking, and its policy keeps it from it"
want_seen '.page == "asking" and (.requests | any(test("asked")))'
want_seen '.page == "forbidden" and (.messages | any(test("Content Security Policy")))'

promise "both charts are drawn in their colours, in light and in dark"
want_fact 'if .page == "none" then .pixels == [] else (.pixels | length) == 2 and all(.pixels[]; . > 500) end'
want_eq "backgrounds" "$(jq -r '[.scheme, .background] | @tsv' "$FACTS" | sort -u | wc -l)" 2
want_fact '([.background, .ink] | map([scan("[0-9]+") | tonumber] | add)) as [$paper, $ink]
    | if .scheme == "dark" then $paper < 150 and $ink > 600 else $paper > 600 and $ink < 150 end'

promise "what is pointed at says its values, beside it, with the digits of the report"
want_fact '.page == "none" or (.first, .middle, .last, .end | .shown and .inside)'
want_fact '.page == "none" or .end.lines == .last.lines'
want_fact '.page == "none" or (.escape.shown | not)'
python3 - "$FACTS" "$P" >"$T/compared" 2>&1 <<'END' || broken "$(tail -n 1 "$T/compared")"
import json, re, sys
n = 0
for line in open(sys.argv[1], encoding="utf-8"):
    seen = json.loads(line)
    text = open(f"{sys.argv[2]}/{seen['page']}.html", encoding="utf-8").read()
    if "first" not in seen:
        continue
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
    for where in ("first", "middle", "last"):
        tip = seen[where]
        i = {"first": 0, "middle": len(data["labels"]) // 2, "last": -1}[where]
        assert data["labels"][i] == tip["label"], (tip, i)
        said = set(line.replace("\u202f", "") for line in tip["lines"][1:])
        for metric in data["metrics"]:
            if not any(metric["values"]): # nothing to be said of any step
                continue
            value = metric["values"][i]
            assert f"{metric['label']} {'–' if value is None else value}" in said, (seen["page"], metric["label"], tip)
            n += 1
assert n > 200, n
END

promise "the second chart shows another metric when one is chosen"
want_fact '.page == "none" or (.clicks | length) > 0 and .clicks != .sums[1]'

promise "on a phone nothing but the table is wider than the screen"
want_fact '.wide | not'

promise "a name that would end the script is shown as it is, and does nothing"
want_fact '.images == 0 and (.trapped | not)'
want_fact '(.page | startswith("trap") | not) or (.text | contains($ENV.trap_name))'

promise "there are pages without rows, with one, and of a year"
want_seen '.page == "none" and (.lines == [] and (.text | contains("No rows")))'
want_seen '.page == "one" and ((.lines | length) == 1 and .first.steps == 1)'
want_seen '.page == "year" and (.first.steps == 365)'
