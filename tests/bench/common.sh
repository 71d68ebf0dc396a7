# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# common.sh - what the measurements of reports share: a release build, the words of the mount tests
# (so that each aim is a promise and the exit status says whether all are kept), clocks and medians.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
build=${BUILD:-$top/build-release}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

for tool in curl jq python3 mlr; do
    command -v $tool >/dev/null || { say "$tool is missing (Debian: ${tool/mlr/miller})"; exit 1; }
done
say "building $build"
if ! [ -f "$build/build.ninja" ]; then
    meson setup "$build" "$top" --buildtype=release -Dtests=false >/dev/null || exit 1
fi
ninja -C "$build" >/dev/null || { say "the build failed: ninja -C $build"; exit 1; }

# shellcheck disable=SC2034 # for lib.sh
ADSFS=$build/fs/adsfs ADSFS_SANDBOX=$build/contrib/sandbox/adsfs-sandbox
# shellcheck source=../mount/lib.sh
. "$here/../mount/lib.sh"

port=$(free_port)
url=http://127.0.0.1:$port/open_api/v1.3
now() { echo "${EPOCHREALTIME//[!0-9]/}"; } # microseconds
seconds() { awk -v us="$1" 'BEGIN { printf "%.2f", us / 1e6 }'; }
divide() { awk -v a="$1" -v b="$2" -v digits="${3:-2}" 'BEGIN { printf "%.*f", digits, a / b }'; }
at_most() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'; }
at_least() { at_most "$2" "$1"; }

# note NAME VALUE - one of several runs
note() { echo "$2" >>"$T/runs.$1"; }
median() { sort -n "$T/runs.$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# begin OPTION… - the service, and a mount that would know nothing of it; sets A, the account
begin()
{
    service_stop
    rm -rf "$XDG_CACHE_HOME" "$XDG_STATE_HOME" "$T"/changes*
    service_start "$port" "$@"
    A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
}

# Nothing ages while this runs, and nothing is asked for that nobody asked for.
mount_bench() # PROFILE [OPTION…]
{
    local profile=$1
    shift
    mount_adsfs bench "$profile" ttl=360000 poll=0 qps=0 qpm=0 "$@"
}

# get PATH?QUERY - as a plain script asks
get() { curl -sf -H "Access-Token: $TOKEN" "${plain_url:-$url}/$1"; }
post() { curl -sf -H "Access-Token: $TOKEN" -H 'Content-Type: application/json' -d "$2" "${plain_url:-$url}/$1"; }
