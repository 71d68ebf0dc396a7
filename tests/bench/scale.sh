#!/bin/bash
# SPDX-License-Identifier: MIT
# scale.sh [--quick] - a million ads, and 4,000 accounts: calls, seconds and memory, cold, warm and
# after a remount; the rate of the store beside that of bare SQLite in the same run; and whether a
# listing at 600 calls a minute takes as long as the limit asks for and no longer.
#
# --quick has a tenth of it. Each limit is a promise in the sense of tests/mount/lib.sh, so that the
# exit status says whether all are kept.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
build=${BUILD:-$top/build-release}
scale=10
case ${1:-} in
'') ;;
--quick) scale=1 ;;
*) echo "usage: scale.sh [--quick]" >&2; exit 2 ;;
esac

say() { printf 'scale.sh: %s\n' "$*" >&2; }

say "building $build"
if ! [ -f "$build/build.ninja" ]; then
    meson setup "$build" "$top" --buildtype=release -Dtests=false >/dev/null || exit 1
fi
ninja -C "$build" >/dev/null || { say "the build failed: ninja -C $build"; exit 1; }

ADSFS=$build/fs/adsfs ADSFS_SANDBOX=$build/contrib/sandbox/adsfs-sandbox LIMIT=$((150 * scale))
# shellcheck source=../mount/lib.sh
. "$here/../mount/lib.sh"

cc -O2 -o "$T/bare-sqlite" "$here/bare-sqlite.c" -lsqlite3 || give_up "bare-sqlite.c does not compile"

port=$(free_port)
profile bench "$port"

MEMORY_KB=65536 AIM_OF_RATE=0.3 AIM_OF_PACE=1.1

# ---- one line of the table ----

now() { echo "${EPOCHREALTIME//[!0-9]/}"; } # microseconds
seconds() { awk -v us="$1" 'BEGIN { printf "%.2f", us / 1e6 }'; }

# turn - the 99.9th percentile of the loop's turns, in microseconds, where the status has it
turn()
{
    jq -r '[.. | objects | to_entries[] | select(.key | test("^p99[._]?9")) | .value] | first // "-"
        | if type == "number" then round else . end' "$MNT/.adsfs/status.json" 2>/dev/null || echo -
}

title()
{
    printf '\n%s\n%-12s %-8s %8s %9s %10s %9s\n' "$1" '' '' calls seconds 'VmHWM kB' 'turn us'
    say "$1"
}

highest=0 # kB, of all daemons of this tree

# step STATE WORK - sets TOOK (microseconds) and MADE (calls)
step()
{
    local began
    say "  $1 $2"
    mark
    began=$(now)
    (cd "$MNT" && "work_$2") || broken "$1 $2: $(why)"
    TOOK=$(($(now) - began)) MADE=$(calls any)
    printf '%-12s %-8s %8s %9s %10s %9s\n' "$2" "$1" "$MADE" "$(seconds $TOOK)" "$(peak)" "$(turn)"
    [ "$(peak)" -le "$highest" ] || highest=$(peak)
}

# free_step STATE WORK - one that must not make a call
free_step()
{
    step "$@"
    [ "$MADE" = 0 ] || broken "$* made $MADE calls"
}

# Nothing ages while this runs.
mount_bench() { mount_adsfs bench bench ttl=360000 "$@"; }

# ---- what is done in a tree; A is the account ----

work_ads() { ls -U "$A/ads" >"$T/links"; }
work_adgroups() { ls -U "$A/adgroups" >"$T/links"; }
work_objects() { find "$A/campaigns" "$A/adgroups" -path '*/ads' -prune -o -print >"$T/found"; }
work_accounts() { ls -U >"$T/links"; }
work_campaigns() { find [0-9]* -maxdepth 2 -path '*/ads' -prune -o -print >"$T/found"; }
work_tenth() { ls -U | grep '^[0-9]' | head -n $((many / 10)) | sed 's,$,/campaigns,' | xargs ls -U >"$T/links"; }
work_cat() { xargs -a "$T/budgets" cat >"$T/values"; }

# listed LS FIND LINKS OBJECTS - cold and warm; leaves 10,000 of the objects, the same in every run
listed()
{
    mount_bench qps=0 qpm=0
    step cold "$1"
    LS_TOOK=$TOOK LS_PEAK=$(peak)
    want_eq "links" "$(grep -c '^[0-9]' "$T/links")" "$3"
    free_step warm "$1"
    step cold "$2"
    FIND_MADE=$MADE
    grep -E '^[0-9]+/campaigns/[0-9]+(/adgroups/[0-9]+)?$' "$T/found" >"$T/objects"
    want_eq "objects" "$(wc -l <"$T/objects")" "$4"
    free_step warm "$2"
    unmount
    shuf -n 10000 --random-source=<(openssl enc -aes-256-ctr -pass pass:1 -nosalt </dev/zero 2>/dev/null) \
        "$T/objects" | sed 's,$,/budget,' >"$T/budgets"
}

# values - cold, in a cache of their own, and warm
values()
{
    mv "$XDG_CACHE_HOME" "$T/cache.listed"
    mount_bench qps=0 qpm=0
    step cold cat
    want_eq "values" "$(wc -l <"$T/values")" "$(wc -l <"$T/budgets")"
    [ "$MADE" -le $((FIND_MADE * 6 / 5 + 20)) ] || broken "cold cat: $MADE calls, find: $FIND_MADE"
    free_step warm cat
    unmount
    rm -rf "$XDG_CACHE_HOME"
    mv "$T/cache.listed" "$XDG_CACHE_HOME"
}

# begin OPTION… - the service, for a mount that knows nothing, neither objects nor calls
begin()
{
    service_start "$port" "$@"
    A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
    rm -rf "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
}

# measure TITLE LS FIND LINKS OBJECTS OPTION… - of the sandbox
measure()
{
    local title=$1 ls=$2 find=$3 links=$4 objects=$5
    shift 5
    highest=0
    title "$title"
    promise "$title: everything is listed and read, and what is fresh costs no call"
    begin "$@"
    listed "$ls" "$find" "$links" "$objects"
    values
    mount_bench qps=0 qpm=0
    free_step remount "$ls"
    free_step remount "$find"
    free_step remount cat
    unmount
    service_stop
    promise "$title: resident memory of at most $MEMORY_KB kB"
    echo "# $highest kB"
    [ "$highest" -le "$MEMORY_KB" ] || broken "$highest kB"
    promise_end
}

# account CAMPAIGNS ADGROUPS ADS
account()
{
    measure "1 account: $1 campaigns, $2 ad groups, $3 ads" ads objects "$3" $(($1 + $2)) \
        --advertisers 1 --campaigns "$1" --adgroups "$2" --ads "$3"
}

# accounts N CAMPAIGNS ADGROUPS
accounts()
{
    measure "$1 accounts: $2 campaigns and $3 ad groups in each" accounts campaigns "$1" $(($1 * $2)) \
        --advertisers "$1" --campaigns "$2" --adgroups "$3" --ads 0
}

# ---- how fast it stores ----

divide() { awk -v a="$1" -v b="$2" -v digits="$3" 'BEGIN { printf "%.*f", digits, a / b }'; }
at_least() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'; }

# rate ADS - of the cold listing, beside that of bare SQLite with what it left in the cache
rate()
{
    local rows took ratio
    say "  bare SQLite"
    read -r rows took < <("$T/bare-sqlite" "$(find "$XDG_CACHE_HOME" -name cache.sqlite)" "$T/bare.sqlite")
    rm -f "$T"/bare.sqlite*
    ratio=$(divide "${took}e6" "$LS_TOOK" 3)
    printf '\n%-30s %10s rows/s\n' "bare SQLite, $rows rows" "$(divide "$rows" "$took" 0)"
    printf '%-30s %10s rows/s\n' "cold ls of $1 ads" "$(divide "${1}e6" "$LS_TOOK" 0)"
    promise "a cold listing stores at >= $AIM_OF_RATE of the rate of bare SQLite: $ratio"
    want_eq "rows of bare SQLite" "$rows" "$1"
    want_ok at_least "$ratio" "$AIM_OF_RATE"
}

# ---- at 600 calls a minute, which are 10 a second ----

# paced WORK PATH OPTION… - cold; only calls of that path count as pages, others against it
paced()
{
    local work=$1 path=$2 pages whole rest
    shift 2
    begin --qpm 600 "$@"
    sleep 1.5 # for our own question, of which the mount does not know
    mount_bench tier=basic
    step 600/min "$work"
    pages=$(calls "$path")
    whole=$(divide "$TOOK" "${pages}e5" 3)
    rest=-
    [ "$pages" -le 10 ] || rest=$(divide "$TOOK" "$((pages - 10))e5" 3)
    promise "$work at 600 a minute: $pages pages in <= $AIM_OF_PACE of their time: $whole (of all but the first ten: $rest)"
    want_ok at_least "$AIM_OF_PACE" "$whole"
    want_eq "calls refused for the rate" \
        "$(tail -n "+$((MARK + 1))" "$CALLS" | grep -cE '"code":(40100|40016|40133)')" 0
    unmount
    service_stop
    promise_end
}

# ---- all of it ----

campaigns=$((200 * scale)) adgroups=$((5000 * scale)) ads=$((100000 * scale)) many=$((400 * scale))

account "$campaigns" "$adgroups" 10000
few=$LS_PEAK
account "$campaigns" "$adgroups" "$ads"
promise "$ads ads need as much memory as 10000, within 10 %: $LS_PEAK kB and $few kB"
[ $((LS_PEAK * 10)) -le $((few * 11)) ] || broken "$LS_PEAK kB is more than 11/10 of $few kB"
rate "$ads"
accounts "$many" 50 10

title "at 600 calls a minute"
of_one=(--advertisers 1 --campaigns "$campaigns" --adgroups "$adgroups" --ads "$ads")
paced adgroups adgroup/get "${of_one[@]}"
paced ads ad/get "${of_one[@]}"
paced tenth any --advertisers "$many" --campaigns 50 --adgroups 0 --ads 0
