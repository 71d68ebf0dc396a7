#!/bin/bash
# SPDX-License-Identifier: MIT
# values.sh - a value reads as a person expects it: money in the decimals of its currency.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 8 6 3 1)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"

with_currency() { grep -lx "$1" [0-9]*/currency | head -n 1 | cut -d/ -f1; }

promise "amounts in USD have two decimals"
A=$(with_currency USD)
want_ok test -n "$A"
want_eq "other than 500.00" "$(cat "$A"/campaigns/[0-9]*/budget "$A"/campaigns/[0-9]*/adgroups/[0-9]*/budget \
    "$A"/campaigns/[0-9]*/adgroups/[0-9]*/bid | grep -vE '^([0-9]+\.[0-9]{2})?$')" ""

promise "amounts in JPY or KRW have none"
A=$(with_currency JPY)
[ -n "$A" ] || A=$(with_currency KRW)
want_ok test -n "$A"
want_eq "other than 500" "$(cat "$A"/campaigns/[0-9]*/budget "$A"/campaigns/[0-9]*/adgroups/[0-9]*/budget |
    grep -vE '^[0-9]*$')" ""

promise "an amount is the API's own, to the last digit"
want_ok python3 - <<'END'
import decimal, glob, json
n = 0
for info in glob.glob("[0-9]*/campaigns/[0-9]*/info.json") + \
        glob.glob("[0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/info.json"):
    values = json.load(open(info), parse_float=decimal.Decimal, parse_int=decimal.Decimal)
    wanted = values["budget"]
    text = open(info[:-len("info.json")] + "budget").read()
    if text == "\n": # where there is none, and nowhere else
        assert values["budget_mode"] == "BUDGET_MODE_INFINITE" and wanted == 0, info
        continue
    got = decimal.Decimal(text)
    assert got == wanted, f"{info}: budget {got}, the API has {wanted}"
    n += 1
assert n > 100, n
END

promise "words are the API's own"
want_ok python3 - <<'END'
import glob, json
fields = {
    "[0-9]*/campaigns/[0-9]*/": {"name": "campaign_name", "status": "operation_status",
        "delivery": "secondary_status", "budget_mode": "budget_mode", "objective": "objective_type"},
    "[0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/": {"name": "adgroup_name", "status": "operation_status",
        "delivery": "secondary_status", "budget_mode": "budget_mode", "bid_type": "bid_type",
        "pacing": "pacing", "optimization_goal": "optimization_goal", "billing_event": "billing_event"},
    "[0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/ads/[0-9]*/": {"name": "ad_name", "format": "ad_format",
        "status": "operation_status", "delivery": "secondary_status", "text": "ad_text",
        "landing_page": "landing_page_url"},
    "[0-9]*/": {"currency": "currency", "timezone": "timezone", "status": "status", "role": "role"},
}
for pattern, members in fields.items():
    directories = glob.glob(pattern)
    assert directories, pattern
    for directory in directories:
        info = json.load(open(directory + "info.json"))
        for file, member in members.items():
            got = open(directory + file, encoding="utf-8").read()
            wanted = (info.get(member) or "") + "\n"
            assert got == wanted, f"{directory}{file}: {got!r}, the API has {wanted!r}"
END

promise "a value's time is when the platform changed it, or later"
D=$(echo "$A"/campaigns/[0-9]*/budget | cut -d' ' -f1)
want_ok python3 - "$D" <<'END'
import datetime, json, os, sys
info = json.load(open(os.path.dirname(sys.argv[1]) + "/info.json"))
changed = datetime.datetime.fromisoformat(info["modify_time"] + "+00:00").timestamp()
assert os.stat(sys.argv[1]).st_mtime >= changed
END

cd /
