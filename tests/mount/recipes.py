# SPDX-License-Identifier: MIT
"""recipes.py WHAT FILE MOUNT [WORD...] - whether what a recipe has written, as CSV, is what its reports say.

Worked out from the reports as JSON, in Decimal. Ends with an assertion that says what differs.
"""
import csv, glob, json, os, sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal as N

WHAT, FILE, MOUNT, WORDS = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
ROWS = list(csv.DictReader(open(FILE, newline="", encoding="utf-8")))


def value(account, name):
    return open(f"{MOUNT}/{account}/{name}").read().rstrip("\n")


def report(account, name):
    text = open(f"{MOUNT}/{account}/reports/{name}.json")
    return json.load(text, parse_float=N, parse_int=N)


def rounded(number, places):
    return number.quantize(N(1).scaleb(-places), ROUND_HALF_UP)


def same(what, got, wanted):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


ACCOUNTS = sorted(os.path.basename(path) for path in glob.glob(MOUNT + "/[0-9]*"))
CURRENCY = {account: value(account, "currency") for account in ACCOUNTS}


def by_currency(rows):
    ret = defaultdict(list)
    for row in rows:
        ret[row["currency"]].append(row)
    return ret


def top(level, number, name, metric):
    """WORDS: level, number, RANGE/REPORT, the metric to go by."""
    every = defaultdict(list)
    for account in ACCOUNTS:
        for row in report(account, name):
            every[CURRENCY[account]].append(dict(row, advertiser_id=account))
    got = by_currency(ROWS)
    assert len(got) >= 3
    same("currencies", [row["currency"] for row in ROWS], sorted(row["currency"] for row in ROWS))
    for currency, rows in every.items():
        rows = [row for row in rows if row[metric]]
        rows.sort(key=lambda row: -row[metric])
        same("rows", len(got[currency]), min(int(number), len(rows)))
        total = sum(row[metric] for row in rows)
        for line, row in zip(got[currency], rows):
            same("order", N(line[metric]), row[metric])
            mine = [r for r in rows if r[level + "_id"] == line[level + "_id"]]
            same("rows of an id", len(mine), 1)
            for key, cell in mine[0].items():
                same(key, line[key], "" if cell is None else str(cell))
            same("share", line["share"], str(rounded(mine[0][metric] * 100 / total, 1)))


def yesterday(level, *more):
    """WORDS: level, and of each account ACCOUNT=FROM..TO."""
    got = {(row["advertiser_id"], row[level + "_id"]): row for row in ROWS}
    expected = flags = 0
    for account, days in (word.split("=") for word in more):
        sums = defaultdict(lambda: N(0))
        rows = report(account, f"{days}/{level}-day@spend,conversion")
        for row in rows:
            day = "day" if row["stat_time_day"][:10] == days[-10:] else "week"
            for metric in ("spend", "conversion"):
                sums[row[level + "_id"], metric, day] += row[metric]
                sums["all", metric] += row[metric]
        names = {row[level + "_id"]: row[level + "_name"] for row in rows}
        for key, name in names.items():
            if not any(sums[key, m, d] for m in ("spend", "conversion") for d in ("day", "week")):
                continue
            expected += 1
            line, flag = got[account, key], []
            same("name", line[level + "_name"], name)
            same("currency", line["currency"], CURRENCY[account])
            for metric in ("spend", "conversion"):
                day, week = sums[key, metric, "day"], sums[key, metric, "week"]
                same("yesterday", N(line[metric]), day)
                same("before", N(line[metric + "_before"]), rounded(week / 7, 2))
                change = str(rounded((day * 7 - week) * 100 / week, 1)) if week else "new" if day else ""
                same("change", line[metric + "_change"].replace("-0.0", "0.0"), change.replace("-0.0", "0.0"))
                if day + week >= sums["all", metric] / 100 and day * 7 != week:
                    if not week or abs(day * 7 - week) * 100 >= 30 * week:
                        flag.append(f"{metric} {'up' if day * 7 > week else 'down'}")
            same("flag", line["flag"], ",".join(flag))
            flags += bool(flag)
    same("rows", len(ROWS), expected)
    assert 0 < flags < expected, f"{flags} of {expected} are flagged"


def country(name, metric):
    """WORDS: RANGE, metric."""
    sums = defaultdict(lambda: [N(0), N(0)])
    for account in ACCOUNTS:
        for row in report(account, f"{name}/advertiser-total-country@spend,{metric}"):
            mine = sums[CURRENCY[account], row["country_code"]]
            mine[0] += row["spend"]
            mine[1] += row[metric] or 0
    same("rows", len(ROWS), len(sums))
    assert len({currency for currency, _ in sums}) >= 3
    for row in ROWS:
        spend, results = sums[row["currency"], row["country"]]
        same("spend", N(row["spend"]), spend)
        same("results", N(row[metric]), results)
        same("cost", row["cost"], str(rounded(spend / results, 2)) if results else "")


def pausing(level, name, *limits):
    """WORDS: level, RANGE/REPORT with spend and conversion, CURRENCY:AMOUNT... Prints the paths of what
    the rule is for and that is on now, and sees that the table has exactly those."""
    limits = {word[:3]: N(word[4:]) for word in limits}
    got = {(row["advertiser_id"], row[level + "_id"]): row for row in ROWS}
    wanted = set()
    for account in ACCOUNTS:
        for row in report(account, name):
            at_least = limits.get(CURRENCY[account])
            if at_least is not None and row["spend"] >= at_least and row["conversion"] == 0:
                path = f"{account}/{level}s/{row[level + '_id']}"
                if value(path, "status") == "DISABLE":
                    continue
                wanted.add((account, row[level + "_id"]))
                same("spend", got[account, row[level + "_id"]]["spend"], str(row["spend"]))
                print(path)
    same("objects", sorted(got), sorted(wanted))


def pacing(level):
    """WORDS: level, moment before, moment after. The clock of a row says when it was looked at."""
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo
    before, after = (int(word) for word in WORDS[1:])
    expected, kinds = 0, set()
    got = {(row["advertiser_id"], row[level + "_id"]): row for row in ROWS}
    for account in ACCOUNTS:
        zone = ZoneInfo(value(account, "timezone"))
        midnight = datetime.fromtimestamp(before, zone).replace(hour=0, minute=0, second=0)
        length = int((midnight + timedelta(days=1)).timestamp()) - int(midnight.timestamp())
        elapsed = [moment - int(midnight.timestamp()) for moment in (before, after)]
        clocks = [datetime.fromtimestamp(moment, zone).strftime("%H:%M") for moment in (before, after)]
        today = {row[level + "_id"]: row["spend"] for row in report(account, f"today/{level}-total@spend")}
        ever = {row[level + "_id"]: row["spend"] for row in report(account, f"lifetime/{level}-total@spend")}
        for path in glob.glob(f"{MOUNT}/{account}/{level}s/[0-9]*/info.json"):
            info = json.load(open(path), parse_float=N, parse_int=N)
            key, spent, budget = info[level + "_id"], today.get(info[level + "_id"], N(0)), info["budget"]
            off = info["operation_status"] != "ENABLE" or info["secondary_status"].endswith(
                ("DISABLE", "DELETE", "DONE", "NOT_START"))
            if off and not spent:
                assert (account, key) not in got, key
                continue
            expected += 1
            line = got[account, key]
            kind = "none" if not budget else "lifetime" if info["budget_mode"].endswith("TOTAL") else "day"
            kinds.add(kind)
            same("kind", line["kind"], kind)
            same("name", line[level + "_name"], info[level + "_name"])
            assert clocks[0] <= line["clock"][:5] <= clocks[1], (line["clock"], clocks)
            same("today", N(line["today"]), spent)
            if kind != "none":
                same("budget", N(line["budget"]), N(budget))
                used = (ever.get(key, N(0)) if kind == "lifetime" else spent) * 100 / budget
                same("used", line["used"], str(rounded(used, 1)))
            if elapsed[0] < 3600 and not off:
                continue
            full = [spent] * 2 if off else [spent * length / seconds for seconds in reversed(elapsed)]
            unit = N(1).scaleb(-2 if "." in line["today"] else 0)
            assert full[0] - unit <= N(line["projected"]) <= full[1] + unit, (line["projected"], full)
            if kind == "day":
                low, high = (number * 100 / budget for number in full)
                assert low - N("0.1") <= N(line["pace"]) <= high + N("0.1"), (line["pace"], low, high)
                flag = "" if off else "over" if low > 120 else "under" if high < 80 else ""
                same("flag", line["flag"], flag)
            if kind == "lifetime" and full[0] and not off and ever[key] < budget:
                left = budget - ever[key]
                assert left / full[1] - N("0.1") <= N(line["days_left"]) <= left / full[0] + N("0.1")
    same("rows", len(ROWS), expected)
    assert level != "campaign" or kinds == {"day", "lifetime", "none"}, kinds


def parquet(name):
    """WORDS: RANGE/REPORT."""
    wanted = []
    for account in ACCOUNTS:
        own = {"advertiser_id": account, "advertiser_name": value(account, "name"),
               "currency": CURRENCY[account], "timezone": value(account, "timezone")}
        for row in report(account, name):
            wanted.append({**own, **{k: "" if v is None else str(v) for k, v in row.items()}})
    same("rows", len(ROWS), len(wanted))
    for line, row in zip(ROWS, wanted):
        same("row", {k: v for k, v in line.items()}, row)
    same("columns", list(ROWS[0]), list(wanted[0]))


def names(level):
    """WORDS: level, then the names that must be among those of the table, as JSON strings."""
    got = {row[level + "_name"] for row in ROWS}
    for name in WORDS[1:]:
        assert json.loads(name) in got, (name, got)


{"top": lambda: top(*WORDS), "yesterday": lambda: yesterday(*WORDS), "country": lambda: country(*WORDS),
 "pausing": lambda: pausing(*WORDS), "pacing": lambda: pacing(WORDS[0]), "parquet": lambda: parquet(*WORDS),
 "names": lambda: names(WORDS[0])}[WHAT]()
