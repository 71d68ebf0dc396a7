# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# recipes.bash - what the recipes have in common: words of the command line, accounts, one report of
# each account, exact sums, a table at the end.
#
# Rows are passed on as TSV in which tab, newline and backslash of a name are \t, \n and \\ (mlr's
# TSV), so that awk and sort can split lines and fields. Names never become code, nor part of a path.
set -u -o pipefail
export LC_ALL=C.UTF-8 LC_NUMERIC=C

RECIPE=${0##*/}
FAILED=      # not empty: something could not be read or done, which was said
FORMAT=table # or csv, tsv

say() { printf '%s: %s\n' "$RECIPE" "$*" >&2; }

# failed TEXT - go on without it, and end with 1
failed()
{
    say "$1"
    FAILED=yes
}

# misused TEXT - the command line is wrong
misused()
{
    say "$1"
    say "'$RECIPE --help' shows how it is used"
    exit 2
}

# need COMMAND PACKAGE
need()
{
    command -v "$1" >/dev/null && return
    say "this needs $1, which is not installed (Debian: apt-get install $2)"
    exit 3
}

# the_end - by what has happened
the_end() { exit $((${#FAILED} > 0)); }

# ---- the command line ----

# parse_words WORD… - calls the recipe's own_option OPTION VALUE for each option, which returns 1 for
# one that it does not know; other words become PATHS. --help is the same in all recipes, so is -o
# where the recipe has no other.
parse_words()
{
    PATHS=()
    while [ $# -gt 0 ]; do
        TAKES=1
        case $1 in
        --) PATHS+=("${@:2}"); return ;;
        -h | --help) usage; exit 0 ;;
        --?*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
        -[a-z]?*) set -- "${1:0:2}" "${1:2}" "${@:2}"; continue ;;
        -?*) own_option "$@" || common_option "$@" ;;
        *) PATHS+=("$1") ;;
        esac
        shift "$TAKES"
    done
}

common_option()
{
    case $1 in
    -o | --output) take_value "$@"; one_of output "$2" table csv tsv; FORMAT=$2 ;;
    *) misused "there is no option $1" ;;
    esac
}

# take_value OPTION VALUE… - and the option is two words
take_value()
{
    [ $# -gt 1 ] || misused "$1 needs a value"
    TAKES=2
}

# one_of WHAT WORD ALLOWED…
one_of()
{
    local what=$1 word=$2 allowed
    shift 2
    for allowed; do
        [ "$word" = "$allowed" ] && return
    done
    misused "$what: '$word' is none of $*"
}

# like WHAT WORD PATTERN EXAMPLE - the word is like the extended pattern as a whole
like() { [[ $2 =~ ^($3)$ ]] || misused "$1: '$2' is not like $4"; }

want_range() { like "$1" "$2" '[0-9a-z][0-9a-z.-]*' 'last-7d, yesterday, 2026-11 or 2026-10-01..2026-10-31'; }
want_metrics() { like "$1" "$2" '[a-z0-9_-]+(,[a-z0-9_-]+)*' 'spend,conversion (reports/metrics.tsv has them all)'; }
# want_level WHAT WORD [MORE-LEVEL…]
want_level() { one_of "$1" "$2" "${@:3}" campaign adgroup ad; }
want_percent() { like "$1" "$2" '[0-9]{1,6}(\.[0-9]{1,2})?' 25; }

# ---- accounts ----

# find_accounts PATH… - sets ACCOUNTS to their real paths, each once. A path is an account, a mount
# (all of its accounts) or a business center (those of it).
find_accounts()
{
    local path real account
    [ $# -gt 0 ] || misused "which account? Name its directory, or a mount for all of them"
    ACCOUNTS=()
    for path; do
        real=$(realpath -e -- "$path" 2>/dev/null) || misused "there is no $path"
        if [ -e "$real/.adsfs/errors" ]; then
            set -- "$real"/[0-9]*
        elif [ -e "$real/../.adsfs/errors" ] && [[ ${real##*/} =~ ^[0-9]+$ ]]; then
            set -- "$real"
        elif [ -e "$real/../../.adsfs/errors" ] && [ -d "$real/advertisers" ]; then
            set -- "$real"/advertisers/[0-9]*
        else
            misused "$path is no ad account, no mount and no business center"
        fi
        for account; do
            [ -e "$account" ] || [ -L "$account" ] || misused "there is no account in $path"
            add_account "$account"
        done
    done
}

add_account()
{
    local account real
    real=$(realpath -m -- "$1")
    for account in "${ACCOUNTS[@]}"; do
        [ "$account" != "$real" ] || return 0
    done
    ACCOUNTS+=("$real")
}

# use_account N - what follows is about this one
ACCOUNT=
use_account() { ACCOUNT=${ACCOUNTS[$1]}; }

# reason PATH - what the mount says about the last failure there, or nothing
reason()
{
    local mount=${ACCOUNT%/*}
    tail -n 200 "$mount/.adsfs/errors" 2>/dev/null |
        jq -rn --arg path "${1#"$mount"/}" '[inputs | select(.path as $p
            | $p == $path or ($path | startswith($p + "/")))] | last | .message // empty' 2>/dev/null
}

# get_currency - sets CURRENCY, or says that it can not be had
get_currency()
{
    CURRENCY=$(cat -- "$ACCOUNT/currency" 2>/dev/null) && [[ $CURRENCY =~ ^[A-Z]+$ ]] && return
    failed "${ACCOUNT##*/}: its currency can not be read: $(reason "$ACCOUNT/currency")"
    return 1
}

# ---- reports ----

TMP=
make_tmp()
{
    TMP=$(mktemp -d "${TMPDIR:-/tmp}/adsfs-recipe.XXXXXX") || exit 1
    trap 'rm -rf -- "$TMP"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# fetch_reports WHICH - opens one report of each account, up to 16 at a time, which the mount asks
# for in parallel. The recipe's report_of WHICH prints its name below reports/ for $ACCOUNT, nothing
# where none is wanted. Leaves $TMP/WHICH.N.csv for account N, or has said why not; READ is the
# numbers of those that are there.
fetch_reports()
{
    local i running=0
    [ -n "$TMP" ] || make_tmp
    for i in "${!ACCOUNTS[@]}"; do
        [ $((running += 1)) -le 16 ] || wait -n
        use_account "$i"
        fetch_one "$1" "$TMP/$1.$i" &
    done
    wait
    READ=()
    for i in "${!ACCOUNTS[@]}"; do
        if [ -e "$TMP/$1.$i.csv" ]; then
            READ+=("$i")
        elif [ -e "$TMP/$1.$i.misused" ]; then
            say "$(cat "$TMP/$1.$i.misused")"
            exit 2
        elif [ -e "$TMP/$1.$i.failed" ]; then
            failed "${ACCOUNTS[i]##*/}: $(cat "$TMP/$1.$i.failed")"
        fi
    done
}

# fetch_one WHICH FILE
fetch_one()
{
    local name path text
    name=$(report_of "$1" 2>"$2.text") || { mv "$2.text" "$2.failed"; return; }
    [ -n "$name" ] || return
    path=$ACCOUNT/reports/$name
    if cat -- "$path" >"$2.part" 2>"$2.text"; then
        mv "$2.part" "$2.csv"
        return
    fi
    text=$(reason "$path")
    [ -n "$text" ] || text=$(sed 's/^cat: //' "$2.text")
    # A name that can not be answered is the command line's fault, found before anything was asked.
    if grep -q 'No such file' "$2.text"; then
        echo "$text" >"$2.misused"
    else
        echo "$text" >"$2.failed"
    fi
}

# header WHICH N - the names of the columns, as TSV; none has a quote
header() { head -n 1 "$TMP/$1.$2.csv" | tr , '\t'; }

# rows WHICH N - the rows without the header, as TSV
rows() { mlr -S --icsv --otsv --headerless-csv-output cat "$TMP/$1.$2.csv"; }

# whole WHICH N
whole() { header "$@" && rows "$@"; }

# is_additive METRIC - whether it has a sum over days and objects
is_additive()
{
    [ "$(awk -F '\t' -v metric="$1" '$1 == metric { print $5 }' "${ACCOUNTS[0]}/reports/metrics.tsv")" = yes ]
}

# need_additive METRICS - before days or objects are added up
need_additive()
{
    local metric
    for metric in ${1//,/ }; do
        is_additive "$metric" || misused "$metric: there is no sum of it over days or objects (reports/metrics.tsv says of which there is)"
    done
}

# ---- days ----

# zone_of_account - date(1) takes a zone that it does not know for UTC.
zone_of_account()
{
    local zone
    zone=$(cat -- "$ACCOUNT/timezone") || return
    [[ $zone != *..* && -f /usr/share/zoneinfo/$zone ]] || {
        echo "its time zone '$zone' is not known on this machine (Debian: apt-get install tzdata)" >&2
        return 1
    }
    printf '%s' "$zone"
}

# One moment for all accounts and all of the run.
printf -v NOW '%(%s)T' -1

# day_of ZONE DAYS - the date there, so many days from now
day_of() { date -u -d "$(TZ=$1 date -d "@$NOW" +%F) $2 days" +%F; }

# start_of ZONE DAYS - when that day begins; where summer time begins at midnight, at one
start_of()
{
    local day
    day=$(day_of "$1" "$2")
    TZ=$1 date -d "$day 00:00" +%s 2>/dev/null || TZ=$1 date -d "$day 01:00" +%s
}

# ---- numbers ----

# Decimals in awk, which knows doubles only: whole units and millionths are summed apart, each a
# whole number, and exact up to 9e15. Ratios of two sums are rounded half up, exact up to 9e9 units.
# A number with more than 6 decimals ends the recipe: nothing is cut off.
# shellcheck disable=SC2016,SC2034 # awk's dollars
EXACT='
function add(sum, key, text,    sign, point, whole, part) {
    if (text == "") return
    if (text !~ /^-?[0-9]+(\.[0-9]+)?$/ || (point = index(text, ".")) && length(text) - point > 6) {
        print "not a number of at most 6 decimals: " text | "cat >&2"
        exit broken = 1
    }
    sign = text ~ /^-/ ? -1 : 1
    whole = point ? substr(text, 1, point - 1) : text
    # A zero in front would make it octal for busybox.
    part = point ? ("1" substr(substr(text, point + 1) "000000", 1, 6)) - 1000000 : 0
    sub(/^-?0*/, "", whole)
    sum[key, "whole"] += sign * whole
    sum[key, "part"] += sign * part
    if (point && length(text) - point > sum[key, "digits"]) sum[key, "digits"] = length(text) - point
}
# millionths, for comparing and dividing
function units(sum, key) { return sum[key, "whole"] * 1000000 + sum[key, "part"] }
# as text, with as many decimals as the longest that went in
function total(sum, key,    whole, part, sign) {
    whole = sum[key, "whole"] + 0; part = sum[key, "part"] + 0; sign = ""
    whole += int(part / 1000000); part -= int(part / 1000000) * 1000000
    if (whole > 0 && part < 0) { whole--; part += 1000000 }
    if (whole < 0 && part > 0) { whole++; part -= 1000000 }
    if (whole < 0 || part < 0) { sign = "-"; whole = 0 - whole; part = 0 - part } # -0 has a sign
    return sign sprintf("%.0f", whole) \
        (sum[key, "digits"] ? "." substr(sprintf("%06d", part), 1, sum[key, "digits"]) : "")
}
# a / b with so many decimals; both are whole numbers
function ratio(a, b, decimals,    sign, scale, number, rest, i) {
    if (b < 0) { a = -a; b = -b }
    sign = a < 0 ? "-" : ""; if (a < 0) a = -a
    number = int(a / b); rest = a - number * b; scale = 1
    if (rest < 0) { number--; rest += b }
    for (i = 0; i < decimals; i++) {
        rest *= 10; scale *= 10
        number = number * 10 + int(rest / b); rest -= int(rest / b) * b
    }
    if (rest * 2 >= b) number++
    if (number == 0) sign = ""
    return sign sprintf("%.0f", int(number / scale)) \
        (decimals ? sprintf(".%0" decimals "d", number - int(number / scale) * scale) : "")
}
'

# ---- what is printed ----

# show HEADER - TSV rows of standard input, as -o says
show()
{
    local rows=$TMP/shown
    cat >"$rows" || exit 1
    if [ "$FORMAT" = table ] && ! [ -s "$rows" ]; then
        say "nothing to show"
    elif ! [ -s "$rows" ]; then
        tr '\t' "$([ "$FORMAT" = csv ] && echo , || printf '\t')" <<<"$1"
    else
        printf '%s\n' "$1" | cat - "$rows" | "as_$FORMAT"
    fi
}

as_tsv() { cat; }
as_csv() { mlr -S --itsv --ocsv cat; }
# One line a row: what is escaped in a name stays so.
as_table() { sed 's/\\/\\\\/g' | mlr -S --itsv --opprint cat; }
