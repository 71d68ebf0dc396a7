#!/bin/bash
# SPDX-License-Identifier: MIT
# recipes.sh - each recipe of contrib/recipes against what the reports say, worked out another way: right,
# one report an account, no currency mixed with another, names unharmed, wrong words refused.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
RECIPES=$(cd "$HERE/../../contrib/recipes" && pwd)
ALL='top-spenders pause-unconverted yesterday cost-by-country to-parquet pacing alarm'
for tool in jq mlr; do
    command -v "$tool" >/dev/null || { skip_promise "the recipes" "no $tool here"; exit 0; }
done

recipe() { "$RECIPES/$1" "${@:2}"; }
# right WHAT WORD… - what the last recipe wrote
right() { cp "$T/stdout" "$T/table"; want_ok python3 "$HERE/recipes.py" "$1" "$T/table" "$MNT" "${@:2}"; }
reports() { calls report/integrated/get; }
writes() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }
# in_zone ACCOUNT DAYS - the date there, so many days from now
in_zone() { date -u -d "$(TZ=$(cat "$MNT/$1/timezone") date +%F) $2 days" +%F; }

port=$(free_port)
profile test "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 4 8 3 2)
mount_adsfs place test qps=0 qpm=0 ttl=3000 report_ttl=3000 poll=0
mapfile -t ACCOUNTS < <(cd "$MNT" && printf '%s\n' [0-9]*)
N=${#ACCOUNTS[@]}
A=$MNT/${ACCOUNTS[0]}

# Names that a shell, a CSV or a terminal could stumble over; the first must not become a file.
odd=('$(touch here)`touch here`; "x", '\''y'\''' 'comma, "quote", tab	, \n and \\' 'Größe – 서울 50 %' '-n --yes' $'two\nlines')
mapfile -t CAMPAIGNS < <(jq -r 'map(select(.spend > 0))[].campaign_id' "$A/reports/last-7d/campaign-total.json")
odd_json=()
for i in "${!odd[@]}"; do
    odd_json+=("$(jq -n --arg name "${odd[i]}" '$name')")
    code=$(tell "$port" campaign/update "$(jq -n --arg a "${ACCOUNTS[0]}" --arg c "${CAMPAIGNS[i]}" \
        --arg name "${odd[i]}" '{advertiser_id: $a, campaign_id: $c, campaign_name: $name}')" | jq .code)
    want_eq "the service takes the name ${odd[i]}" "$code" 0
done
echo refresh >"$MNT/.adsfs/ctl"
mkdir "$T/work"
cd "$T/work" || give_up "cd"

promise "shellcheck has nothing to say"
if command -v shellcheck >/dev/null; then
    # shellcheck disable=SC2086 # a list of names
    want_ok env -C "$RECIPES" shellcheck -x $ALL recipes.bash
else
    skip_promise "shellcheck has nothing to say" "no shellcheck here"
fi

promise "--help says how a recipe is used, and costs no call"
mark
for name in $ALL; do
    want_like "usage: $name .*Exit: .*  $name .*" recipe "$name" --help
    want_ok recipe "$name" -h
done
want_calls any 0

promise "wrong words end with 2 and say what is wrong, before any report is asked for"
mark
# wrong TEXT RECIPE WORD…
wrong() { local text=$1; shift; want_status 2 recipe "$@"; [[ $ERR == *"$text"* ]] || broken "$*" "  said   $ERR" "  wanted $text"; want_eq "$* prints" "$OUT" ""; }
for name in $ALL; do
    wrong "there is no option -x" "$name" -x "$MNT"
    wrong "there is no option --foo" "$name" --foo "$MNT"
done
for name in top-spenders yesterday cost-by-country pacing "pause-unconverted -s USD:1" "to-parquet -p"; do
    # shellcheck disable=SC2086
    set -- $name
    wrong "which account?" "$@"
    wrong "there is no $T/nowhere" "$@" "$T/nowhere"
    wrong "is no ad account" "$@" "$T"
    wrong "is no ad account" "$@" "$A/campaigns"
done
for name in top-spenders cost-by-country "pause-unconverted -s USD:1" "to-parquet -p"; do
    # shellcheck disable=SC2086
    set -- $name
    wrong "range: '../../../etc' is not like last-7d" "$@" -r ../../../etc "$MNT"
    wrong "range last-9000d: must be like today," "$@" -r last-9000d "$MNT"
    wrong "-r needs a value" "$@" -r
done
wrong "'campain' is none of advertiser campaign adgroup ad" top-spenders -l campain "$MNT"
wrong "there is no metric spent" top-spenders -m spent "$MNT"
wrong "metrics: 'spend/../x' is not like" top-spenders -m spend/../x "$MNT"
wrong "number: '0'" top-spenders -n0 "$MNT"
wrong "output: 'xml' is none of table csv tsv" yesterday -o xml "$MNT"
wrong "reach: there is no sum of it" yesterday -m spend,reach "$MNT"
wrong "threshold: 'many' is not like 25" yesterday -t many "$MNT"
wrong "ctr: there is no sum of it" cost-by-country -m ctr "$MNT"
wrong "--spend is missing" pause-unconverted "$MNT"
wrong "spend: '50' is not like USD:50,JPY:7500" pause-unconverted -s 50 "$MNT"
wrong "--yes and --dry-run at once" pause-unconverted -s USD:1 -y -n "$MNT"
wrong "-o is missing" to-parquet "$MNT"
wrong "name one mount" alarm
wrong "is no mount of adsfs" alarm "$T"
wrong "'bugdet' is none of" alarm -w bugdet "$MNT"
wrong "query: jq: error: syntax error" alarm -q '.foo(' "$MNT"
wrong "there is no command no-such-command" alarm "$MNT" -- no-such-command
want_calls report/integrated/get 0
wrong "sort: reach is no column" top-spenders --sort=reach -r today "$MNT" # a set of metrics might have had it

promise "what is missing on the machine is named, with its package, and ends with 3"
mkdir "$T/few"
for tool in bash dirname realpath; do
    ln -s "$(command -v "$tool")" "$T/few"
done
mark
for name in top-spenders yesterday cost-by-country pacing "pause-unconverted -s USD:1"; do
    # shellcheck disable=SC2086
    set -- $name
    want_status 3 env PATH="$T/few" "$RECIPES/$1" "${@:2}" "$MNT"
    want_eq "$1 says" "$ERR" "$1: this needs mlr, which is not installed (Debian: apt-get install miller)"
done
want_status 3 env PATH="$T/few" "$RECIPES/alarm" "$MNT"
want_eq "alarm says" "$ERR" "alarm: this needs jq, which is not installed (Debian: apt-get install jq)"
want_status 3 env PATH="$T/few" "$RECIPES/to-parquet" -o "$T/x.parquet" "$MNT"
want_eq "to-parquet says" "$(head -n 1 <<<"$ERR")" \
    "to-parquet: this needs duckdb, which is not installed; it is one program, and no package of Debian: see"
want_calls any 0

promise "sums of decimals are exact where doubles are not, and nothing is cut off"
# shellcheck source=../../contrib/recipes/recipes.bash
exact=$(. "$RECIPES/recipes.bash"; printf %s "$EXACT")
for awk in mawk gawk original-awk "busybox awk"; do
    command -v "${awk%% *}" >/dev/null || continue
    # shellcheck disable=SC2086
    want_ok python3 "$HERE/exact.py" "$exact" $awk
done

promise "top-spenders: the greatest of each currency, over all accounts of it"
mark
want_ok recipe top-spenders -o csv -n 4 "$MNT"
want_eq "reports" "$(reports)" "$N"
right top campaign 4 last-7d/campaign-total@spend,impressions,clicks,conversion,cost_per_conversion spend
mark
want_ok recipe top-spenders -o csv -n 4 "$MNT"
want_calls any 0

promise "top-spenders: any level, range, metrics and order, an account named twice counts once"
want_ok recipe top-spenders -o csv -l ad -r this-month -m clicks,spend,ctr -s clicks -n 7 "$MNT" "$A" "$MNT/by-name"/*US
right top ad 7 this-month/ad-total@clicks,spend,ctr clicks
want_ok recipe top-spenders -o tsv -n 1 -l advertiser "$A"
want_eq "rows of one account" "$(wc -l <<<"$OUT")" 2
want_eq "its currency" "$(tail -n 1 <<<"$OUT" | cut -f 1,2)" "$(cat "$A/currency")	${ACCOUNTS[0]}"
center=$(compgen -G "$MNT/business-centers/[0-9]*" | head -n 1)
want_ok recipe top-spenders -o csv -n 4 "$center"
right top campaign 4 last-7d/campaign-total@spend,impressions,clicks,conversion,cost_per_conversion spend

promise "names with quotes, commas, newlines, tabs and emoji come out as they are, and do nothing"
want_ok recipe top-spenders -o csv -n 1000 -r last-7d "$A"
right names campaign "${odd_json[@]}"
want_ok recipe top-spenders -o csv -n 1000 -r last-7d "$MNT"
right names campaign '"\ud83d\ude80 Launch Week"'
want_eq "files made by names" "$(ls -A "$T/work")" ""
want_ok recipe top-spenders -n 1000 -r last-7d "$A"
want_eq "lines of the table" "$(wc -l <<<"$OUT")" "$((${#CAMPAIGNS[@]} + 1))"

promise "yesterday: against the seven days before, in each account's time zone, and what is flagged"
days=()
for account in "${ACCOUNTS[@]}"; do
    days+=("$account=$(in_zone "$account" -8)..$(in_zone "$account" -1)")
done
mark
want_ok recipe yesterday -o csv "$MNT"
want_eq "reports" "$(reports)" "$N"
right yesterday campaign "${days[@]}"
mark
want_ok recipe yesterday -o csv "$MNT"
want_calls any 0
want_ok recipe yesterday -o csv -l ad "$MNT"
right yesterday ad "${days[@]}"

promise "yesterday -f has what is flagged alone, and -e ends with 4 for it"
want_ok recipe yesterday -o tsv "$MNT"
grep -v '	$' "$T/stdout" >"$T/flagged"
want_ok recipe yesterday -o tsv -f "$MNT"
cp "$T/stdout" "$T/table"
want_ok cmp "$T/table" "$T/flagged"
want_status 4 recipe yesterday -e "$MNT"
want_status 0 recipe yesterday -e -m clicks -t 999999 -l advertiser "$MNT"

promise "cost-by-country: spend and results of all accounts of a currency, and what one costs"
mark
want_ok recipe cost-by-country -o csv "$MNT"
want_eq "reports" "$(reports)" "$N"
right country last-30d conversion
mark
want_ok recipe cost-by-country -o csv "$MNT"
want_calls any 0
want_ok recipe cost-by-country -o csv -r this-month -m clicks "$MNT"
right country this-month clicks
want_ok recipe cost-by-country -o tsv -s "$A" "$MNT/${ACCOUNTS[3]}"
want_eq "accounts by themselves" "$(tail -n +2 <<<"$OUT" | cut -f 2 | sort -u)" "${ACCOUNTS[0]}
${ACCOUNTS[3]}"

promise "pacing: budgets, spend and the clock of each account, and where the day will end"
for level in campaign adgroup; do
    mark
    before=$(date +%s)
    want_ok recipe pacing -o csv -l "$level" "$MNT"
    after=$(date +%s)
    opened=$(reports)
    right pacing "$level" "$before" "$after"
    mark
    lifetime=$(find -L "$MNT"/[0-9]*/"${level}s" -mindepth 2 -maxdepth 2 -name info.json -exec jq -r \
        'select(.budget_mode == "BUDGET_MODE_TOTAL" and .budget > 0) | .advertiser_id' {} + | sort -u | wc -l)
    want_eq "reports" "$opened" "$((N + lifetime))"
done
want_status 4 recipe pacing -e "$MNT"
want_ok recipe pacing -f -o tsv "$MNT"
want_eq "not flagged" "$(grep -c '	$' "$T/stdout")" 0
unmount

# What the others would see of a mount: the objects of all levels, on or off.
mount_adsfs place test qps=0 qpm=0 ttl=3000 report_ttl=3000 poll=1
limits=(USD:1 JPY:100 EUR:2)
L=$(IFS=,; echo "${limits[*]}")
status_of_all()
{
    echo refresh >"$MNT/.adsfs/ctl"
    (cd "$MNT" && grep -H . [0-9]*/campaigns/[0-9]*/status [0-9]*/adgroups/[0-9]*/status [0-9]*/ads/[0-9]*/status)
}

promise "pause-unconverted: nothing is written unless it is told to"
status_of_all >"$T/before"
mark
for words in "" -n --dry-run; do
    # shellcheck disable=SC2086
    want_ok recipe pause-unconverted $words -o csv -s "$L" "$MNT"
done
want_eq "writes" "$(writes)" 0
want_eq "results" "$(tail -n +2 "$T/stdout" | grep -vc ',would be paused$')" 0
right pausing adgroup last-7d/adgroup-total@spend,conversion "${limits[@]}"
cp "$T/stdout" "$T/paths"
want_ok test "$(wc -l <"$T/paths")" -gt 3
status_of_all >"$T/after"
want_ok cmp "$T/before" "$T/after"

promise "pause-unconverted --yes pauses exactly those, and reads them back"
want_ok recipe pause-unconverted --yes -o csv -s "$L" "$MNT"
cp "$T/stderr" "$T/said"
want_eq "results" "$(tail -n +2 "$T/stdout" | grep -vc ',paused$')" 0
want_eq "rows" "$(($(wc -l <"$T/stdout") - 1))" "$(wc -l <"$T/paths")"
status_of_all >"$T/after"
want_eq "what has changed" "$(diff "$T/before" "$T/after" | sed -n 's/^> //p' | sort)" \
    "$(sed 's/$/\/status:DISABLE/' "$T/paths" | sort)"

promise "what was paused is not paused again, and the line it says undoes it"
mark
want_ok recipe pause-unconverted --yes -s "$L" "$MNT"
want_eq "table" "$OUT" ""
want_eq "writes" "$(writes)" 0
want_ok bash -c "$(grep ^echo "$T/said")"
status_of_all >"$T/after"
want_ok cmp "$T/before" "$T/after"

promise "an account whose currency has no amount is left alone, and so it says"
mark
want_ok recipe pause-unconverted --yes -l ad -s EUR:0 "$A" "$MNT/${ACCOUNTS[1]}"
want_eq "writes" "$(writes)" 0
want_eq "said" "$(grep -c 'left alone, --spend has no amount in' <<<"$ERR")" 2

# A stand-in where there is no duckdb: what it is given, it keeps.
mkdir "$T/bin"
cat >"$T/bin/duckdb" <<'END'
#!/bin/bash
cat >"$KEPT"
to=${!#}
to=${to##*TO \'}
echo PAR1 >"${to%%\' (*}"
[ -z "${REFUSE:-}" ] || { echo "$REFUSE" >&2; exit 1; }
END
chmod +x "$T/bin/duckdb"
stand_in() { env KEPT="$T/kept" PATH="$T/bin:$PATH" "$RECIPES/to-parquet" "$@"; }

promise "to-parquet hands duckdb all rows of all accounts, behind what is of their account"
mark
want_ok stand_in -o "$T/all.parquet" "$MNT"
want_eq "reports" "$(reports)" "$N"
want_output PAR1 cat "$T/all.parquet"
cp "$T/kept" "$T/stdout"
right parquet last-30d/campaign-day@spend,impressions,clicks,conversion
want_ok stand_in -o "$T/all.parquet" -l ad -g total -r last-7d -m core "$MNT"
cp "$T/kept" "$T/stdout"
right parquet last-7d/ad-total@core

promise "a file that can not be made anew stays as it was"
echo old >"$T/all.parquet"
want_status 1 env REFUSE="no space" KEPT=/dev/null PATH="$T/bin:$PATH" "$RECIPES/to-parquet" -o "$T/all.parquet" "$MNT"
want_eq "said" "$ERR" "no space
to-parquet: $T/all.parquet could not be made"
want_output old cat "$T/all.parquet"
want_eq "left beside it" "$(compgen -G "$T/all.parquet?*")" ""

whole="to-parquet: duckdb reads back what was sent, in the types that are promised"
if command -v duckdb >/dev/null; then
    promise "$whole"
    want_ok recipe to-parquet -o "$T/it's.parquet" "$MNT"
    from=$(sed "s/'/''/g" <<<"$T/it's.parquet")
    want_ok duckdb -c "COPY (SELECT * REPLACE (CASE WHEN currency IN ('JPY', 'KRW') THEN spend::BIGINT::VARCHAR
        ELSE spend::DECIMAL(18,2)::VARCHAR END AS spend) FROM '$from') TO '$T/back.csv' (FORMAT csv, HEADER)"
    cp "$T/back.csv" "$T/stdout"
    right parquet last-30d/campaign-day@spend,impressions,clicks,conversion
    duckdb -c "COPY (SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '$from')) TO '$T/types.csv' (FORMAT csv)" >"$T/out"
    want_output "campaign_name,VARCHAR
stat_time_day,DATE
spend,\"DECIMAL(18,6)\"
impressions,BIGINT" sed -n 7,10p "$T/types.csv"
else
    skip_promise "$whole" "no duckdb here"
fi

# ---- alarms ----

E=$XDG_STATE_HOME/adsfs/test/events
W=${CAMPAIGNS[0]}
turn() # STATUS - somebody else does, past adsfs
{
    want_eq "$1" "$(tell "$port" campaign/status/update "$(jq -n --arg a "${ACCOUNTS[0]}" --arg c "$W" --arg status "$1" \
        '{advertiser_id: $a, campaign_ids: [$c], operation_status: $status}')" | jq .code)" 0
}
alarm_start() # WORD…
{
    "$RECIPES/alarm" -i 0.1 "$@" >"$T/alarms" 2>"$T/alarm.err" &
    ALARM=$!
    until_true grep -q "waiting for" "$T/alarm.err"
}
alarmed() { [ "$(wc -l <"$T/alarms")" -ge "$1" ]; }
alarm_stop()
{
    kill "$ALARM"
    wait "$ALARM"
    want_eq "the alarm's end" "$?" 143
}
ls "$A/campaigns" >/dev/null
turns=(DISABLE ENABLE)
[ "$(cat "$A/campaigns/$W/status")" = ENABLE ] || turns=(ENABLE DISABLE)

promise "alarm runs a command for a change, with a line as its word and the event as its input"
cat >"$T/note" <<'END'
#!/bin/bash
jq -nc '$ARGS.positional' --args "$@" >>"$NOTES"
jq -c . >>"$NOTES"
END
chmod +x "$T/note"
export NOTES=$T/notes
: >"$NOTES"
alarm_start -w status -b other "$MNT" -- "$T/note" "a word"
turn "${turns[0]}"
until_true eval '[ "$(wc -l <"$NOTES")" = 2 ]'
want_ok jq -es --arg after "${turns[0]}" --arg name "${odd[0]}" '(.[0] | length == 2 and .[0] == "a word"
    and (.[1] | startswith($name + ": status ") and contains(" -> " + $after + " (by other, ")))
    and (.[1] | .after == $after and .by == "other" and .name == $name)' "$NOTES"
want_eq "files made by names" "$(ls -A "$T/work")" ""
echo "${turns[1]}" >"$A/campaigns/$W/status" # ours, which is not asked for
until_true grep -q '"by":"adsfs"' "$MNT/.adsfs/events"
sleep 0.5
want_eq "alarms" "$(wc -l <"$NOTES")" 2
alarm_stop

promise "alarm lets the mount end, waits for it, and misses and repeats nothing over a rotation"
alarm_start -w status -b other "$MNT"
turn "${turns[0]}"
until_true alarmed 1
unmount
until_true grep -q "is gone" "$T/alarm.err"
# All but full, as if many things had been renamed meanwhile: the next line is its last one.
line='{"time":"2026-01-01T00:00:00Z","event":"renamed","path":"1/name","field":"name","before":"a","after":"b","by":"other","name":"x"}'
yes "$line" | head -n $(((2097152 - $(stat -c %s "$E")) / (${#line} + 1))) >>"$E"
mount_adsfs place test qps=0 qpm=0 ttl=3000 report_ttl=3000 poll=1
until_true grep -q "is back" "$T/alarm.err"
ls "$A/campaigns" >/dev/null
kill -STOP "$ALARM"
turn "${turns[1]}"
until_true eval '[ "$(stat -c %s "$E")" -ge 2097152 ]'
sleep 6 # so long it stays, for who follows it
turn "${turns[0]}"
until_true test -e "$E.1"
want_eq "alarms meanwhile" "$(wc -l <"$T/alarms")" 1
kill -CONT "$ALARM"
until_true alarmed 3
sleep 1
want_eq "alarms" "$(grep -oE '(ENABLE|DISABLE) -> (ENABLE|DISABLE)' "$T/alarms")" \
    "$(printf '%s -> %s\n' "${turns[1]}" "${turns[0]}" "${turns[0]}" "${turns[1]}" "${turns[1]}" "${turns[0]}")"
alarm_stop

promise "alarm -q and -a: a condition, on what is there already too"
alarm_start -a -w all -q '.field == "operation_status" and .name != "x"' "$MNT"
until_true alarmed 1
alarm_stop
want_eq "alarms" "$(wc -l <"$T/alarms")" "$(jq -c 'select(.field == "operation_status")' "$E" | wc -l)"
unmount

# ---- what can not be read or written ----

promise "what can not be written is shown and left alone, and ends with 1"
mount_adsfs place test qps=0 qpm=0 ttl=3000 report_ttl=3000 ro
mark
want_status 1 recipe pause-unconverted --yes -o csv -s "$L" "$MNT"
want_eq "results" "$(tail -n +2 "$T/stdout" | grep -vc ',not writable$')" 0
want_eq "rows" "$(($(wc -l <"$T/stdout") - 1))" "$(wc -l <"$T/paths")"
want_eq "writes" "$(writes)" 0
unmount

promise "an account that is closed is named and ends with 1, the others are shown, and no Parquet is made"
service_stop
rm -rf "$XDG_CACHE_HOME/adsfs/test"
# shellcheck disable=SC2046
service_start "$port" $(tree 4 8 3 2) --forbid "${ACCOUNTS[1]}"
mount_adsfs closed test qps=0 qpm=0 ttl=3000 report_ttl=3000
for name in top-spenders yesterday cost-by-country pacing "pause-unconverted -s USD:3"; do
    # shellcheck disable=SC2086
    set -- $name
    want_status 1 recipe "$@" -o tsv "$MNT"
    [[ $ERR == *"$1: ${ACCOUNTS[1]}: "* ]] || broken "$1 says $ERR"
    [ "$(wc -l <<<"$OUT")" -gt 1 ] || broken "$1 prints $OUT"
    [[ $OUT != *"${ACCOUNTS[1]}"* ]] || broken "$1 prints $OUT"
done
rm "$T/all.parquet"
want_status 1 stand_in -o "$T/all.parquet" "$MNT"
want_ok test ! -e "$T/all.parquet"
want_status 1 stand_in -k -o "$T/all.parquet" "$MNT"
want_eq "accounts in it" "$(mlr --icsv --onidx cut -f advertiser_id "$T/kept" | sort -u)" \
    "$(printf '%s\n' "${ACCOUNTS[@]}" | grep -v "${ACCOUNTS[1]}" | sort)"
unmount

promise "an account with nothing in it: a header and no rows, and status 0"
service_stop
rm -rf "$XDG_CACHE_HOME/adsfs/test"
service_start "$port" --advertisers 1 --campaigns 0 --adgroups 0 --ads 0
mount_adsfs empty test qps=0 qpm=0 ttl=3000
for name in top-spenders yesterday cost-by-country pacing "pause-unconverted -y -s USD:0"; do
    # shellcheck disable=SC2086
    set -- $name
    want_like "currency,[a-z_,]*" recipe "$@" -o csv "$MNT"
    want_output "" recipe "$@" "$MNT"
    want_eq "says" "$ERR" "$1: nothing to show"
done
want_ok stand_in -o "$T/all.parquet" "$MNT"
want_eq "what duckdb is given" "$(wc -l <"$T/kept")" 1
