#!/bin/bash
# SPDX-License-Identifier: MIT
# bench.sh [RUNS] - adsfs, a plain copy of its tree, and rclone's mount of that copy, side by side in
# one run; then a cold find against the official Node SDK pulling the same objects.
#
# 200 campaigns, 1,000 ad groups, 5,000 ads. A warm command has been run once before it is measured;
# the three take turns, so that what else the machine does meets all of them. Needs rclone and, for
# the last part, npm.
set -u
export LC_ALL=C.UTF-8
runs=${1:-9}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILD:-$top/build-release}

T=$(mktemp -d "${TMPDIR:-/tmp}/adsfs-bench.XXXXXX") || exit 1
mkdir "$T/adsfs" "$T/rclone" "$T/copy"
service='' daemon='' rclone=''

finish()
{
    cd /
    fusermount3 -u "$T/adsfs" 2>/dev/null || fusermount3 -uz "$T/adsfs" 2>/dev/null
    fusermount3 -u "$T/rclone" 2>/dev/null || fusermount3 -uz "$T/rclone" 2>/dev/null
    for pid in $daemon $rclone $service; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf --one-file-system "$T"
}
trap finish EXIT
trap 'exit 1' INT TERM

fail() { printf 'bench.sh: %s\n' "$*" >&2; exit 1; }
until_true() { until "$@" 2>/dev/null; do sleep 0.05; done; }
is_mounted() { awk -v m="$1" '$5 == m { found = 1 } END { exit !found }' /proc/self/mountinfo; }
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$port"); }
count_calls() { wc -l <"$T/calls"; }

# ---- the three trees ----

if ! [ -f "$build/build.ninja" ]; then
    meson setup "$build" "$top" --buildtype=release -Dtests=false >"$T/setup.log" || fail "meson setup"
fi
ninja -C "$build" >"$T/build.log" || { tail "$T/build.log"; fail "the build"; }

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
touch "$T/calls"
"$build/contrib/sandbox/adsfs-sandbox" --port "$port" --log "$T/calls" --token token --app-id 1 --secret x --advertisers 1 \
    --campaigns 200 --adgroups 1000 --ads 5000 >"$T/service.log" 2>&1 &
service=$!
until_true listening

(umask 077; echo token >"$T/token"; echo x >"$T/secret")
printf '%s\n' "[profile bench]" "app_id = 1" "secret_file = $T/secret" "token_file = $T/token" \
    "business_url = http://127.0.0.1:$port/open_api/v1.3" >"$T/config.ini"
ADSFS_CONFIG=$T/config.ini XDG_CACHE_HOME=$T/cache XDG_STATE_HOME=$T/state \
    "$build/fs/adsfs" bench "$T/adsfs" -f -o "ttl=36000,qps=0,qpm=0,log_file=$T/log" &
daemon=$!
until_true is_mounted "$T/adsfs"

# now - microseconds
now() { echo "${EPOCHREALTIME//[!0-9]/}"; }

calls=$(count_calls)
began=$(now)
find "$T/adsfs" >"$T/found" || fail "find"
cold=$(($(now) - began))
cold_calls=$(($(count_calls) - calls))

cp -a "$T/adsfs/." "$T/copy/" 2>"$T/cp.err" || fail "cp: $(head -n 3 "$T/cp.err")"
if command -v rclone >/dev/null; then
    rclone --config /dev/null mount --links --read-only "$T/copy" "$T/rclone" 2>"$T/rclone.log" &
    rclone=$!
    until_true is_mounted "$T/rclone"
else
    echo "no rclone here (Debian package rclone): its column is empty"
fi

# ---- warm ----

work_find() { find . >/dev/null; }
work_ls() { ls -lR . >/dev/null; }
work_cat() { cat [0-9]*/campaigns/[0-9]*/budget [0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/budget >/dev/null; }

# measure WORK TREE - one run, appended to its list
measure()
{
    local began
    began=$(now)
    (cd "$T/$2" && "work_$1") || fail "$1 in $2"
    echo $(($(now) - began)) >>"$T/times.$1.$2"
}

trees="adsfs copy${rclone:+ rclone}"
for work in find ls cat; do
    for tree in $trees; do
        (cd "$T/$tree" && "work_$work")
    done
    calls=$(count_calls)
    for _ in $(seq "$runs"); do
        for tree in $trees; do
            measure "$work" "$tree"
        done
    done
    [ "$(count_calls)" = "$calls" ] || echo "warm $work made $(($(count_calls) - calls)) calls"
done

median() { sort -n "$T/times.$1.$2" 2>/dev/null | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# row TITLE WORK AIM-OF-PLAIN AIM-OF-RCLONE
row()
{
    awk -v title="$1" -v a="$(median "$2" adsfs)" -v c="$(median "$2" copy)" -v r="$(median "$2" rclone)" \
        -v aim_c="$3" -v aim_r="$4" 'BEGIN {
        printf "%-18s %9.1f %9.1f ", title, a / 1000, c / 1000
        if (r) printf "%9.1f ", r / 1000; else printf "%9s ", "-"
        printf "%12s ", sprintf("%.2f%s", a / c, aim_c ? " (" aim_c ")" : "")
        if (r) printf "%14s", sprintf("%.1f (%s)", r / a, aim_r); else printf "%14s", "-"
        printf "\n" }'
}

echo
echo "$(wc -l <"$T/found") entries for 200 campaigns, 1,000 ad groups, 5,000 ads; milliseconds, median of $runs"
printf '%-18s %9s %9s %9s %12s %14s\n' '' adsfs copy rclone 'adsfs/copy' 'rclone/adsfs'
row 'warm find' find '<=1.2' '>=40'
row 'warm ls -lR' ls '<=1.2' '>=40'
row 'warm cat */budget' cat '' '>=2'

# ---- cold ----

sdk=$top/tests/conformance/node_modules/tiktok-business-api-sdk-official
if ! [ -d "$sdk" ] && command -v npm >/dev/null; then
    mkdir "$T/npm"
    cp "$top"/tests/conformance/package*.json "$T/npm/" &&
        (cd "$T/npm" && npm install --no-audit --no-fund >"$T/npm.log" 2>&1)
    sdk=$T/npm/node_modules/tiktok-business-api-sdk-official
fi
printf '\n%-34s %6s %9s\n' '' calls seconds
printf '%-34s %6s %9s\n' 'cold find' "$cold_calls" "$(awk -v t="$cold" 'BEGIN { printf "%.3f", t / 1e6 }')"
if [ -d "$sdk" ]; then
    calls=$(count_calls)
    pulled=$(node "$(dirname "${BASH_SOURCE[0]}")/pull.js" "$sdk" "http://127.0.0.1:$port" token) || exit 1
    # shellcheck disable=SC2086 # three numbers
    set -- $pulled
    printf '%-34s %6s %9s\n' "Node SDK, the same $3 objects" "$(($(count_calls) - calls))" "$2"
else
    echo "no Node SDK here (needs npm and the registry)"
fi
