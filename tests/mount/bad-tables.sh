#!/bin/bash
# SPDX-License-Identifier: MIT
# bad-tables.sh - whatever is wrong with a table, nothing of it reaches the API: the corpus of
# tests/data/bad-tables and that of bad values, as cells, with the sandbox's log to prove it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

DATA=$(realpath "$(dirname "$0")/../data")
WRITE=$(realpath "$(dirname "$0")/bad-tables.py")
TREE=$(tree 1 40 1 1)
mount_sandbox ttl=3000 max_increase=none
cd "$MNT"/[0-9]* || give_up "cd"
want_eq "currency of the account these amounts are for" "$(cat currency)" USD

# Two campaigns as the corpus describes them.
mapfile -t ids < <(for id in $(mlr --icsv --onidx filter \
    '$budget_mode == "BUDGET_MODE_DAY" && $objective == "TRAFFIC"' then cut -f id campaigns.csv); do
    jq -re 'select(.campaign_automation_type == "MANUAL" and (.budget_optimize_on | not)) | .campaign_id' \
        "campaigns/$id/info.json"
done | head -n 2)
[ ${#ids[@]} = 2 ] || give_up "no two campaigns with a daily budget, of traffic"
I=${ids[0]} J=${ids[1]}
want_ok cp /dev/stdin campaigns.csv <<END
id,name,budget,status
$I,Spring,500!,ENABLE
$J,Autumn,500!,ENABLE
END
modified() { cat "campaigns/$1/modified"; }
# Both were changed in one second, or nearly so.
until [ "$(modified "$I")" = "$(modified "$J")" ]; do
    printf 'id,name\n%s,x\n%s,x\n' "$I" "$J" >campaigns.csv
    printf 'id,name\n%s,Spring\n%s,Autumn\n' "$I" "$J" >campaigns.csv
done
cat campaigns.csv >"$T/before"

promise "of hundreds of bad tables none is taken, and nothing of any reaches the API"
mark
want_ok python3 "$WRITE" "$DATA" campaigns.csv "$CALLS" "$I" "$J" "$(modified "$I")" \
    budget=amount.txt budget=budget-usd.txt budget=at-midnight.txt status=status.txt name=name.txt
[ "${OUT:-0}" -gt 1000 ] || broken "only $OUT tables were tried"
want_calls any 0

promise "nothing is other than it was"
want_ok cmp "$T/before" campaigns.csv

promise "errors says of each which line it is, or what of the whole"
want_ok jq -es 'length > 0 and all(.[]; .message |
    test("^line [0-9]+|the table (ends|is empty)|line [0-9]+ of the table"))' "$MNT/.adsfs/errors"
want_ok jq -es 'all(.[]; (.path | endswith("campaigns.csv")) and (.message | test("[[:cntrl:]]") | not))' \
    "$MNT/.adsfs/errors"

promise "the same tables without what is wrong with them are taken"
mark
printf 'id,status\n%s,DISABLE\n' "$I" >campaigns.csv
printf '"status","id"\r\n"DISABLE","%s"\r\n\r\n' "$J" >campaigns.csv
printf 'id,status,modified,objective\n%s,ENABLE,%s,TRAFFIC\n' "$I" "$(modified "$I")" >campaigns.csv
want_eq "status" "$(cat "campaigns/$I/status" "campaigns/$J/status" | tr '\n' ' ')" "ENABLE DISABLE "
want_calls campaign/status/update 3
cd / || give_up "cd"
