# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# lib.sh - mounts of its own for each test script, and the words to say what is promised.
#
#     . "$(dirname "$0")/lib.sh"
#     mount_sandbox ttl=600
#     promise "a second find makes no call"
#     mark; find "$MNT" >"$T/all"; want_calls any 0
#
# A promise is kept when none of the want_… after it failed; each is a TAP line. Nothing here knows
# how long anything takes: a wait ends with what it waits for, or with the whole script ($LIMIT).
set -u
exec </dev/null
export LC_ALL=C.UTF-8
umask 022

: "${ADSFS:?the program to test}" "${ADSFS_SANDBOX:?the sandbox to test it with}"
LIMIT=${LIMIT:-200} # seconds; meson ends the script a little later
SHELL_PID=$$

[ -c /dev/fuse ] || { echo "1..0 # SKIP no /dev/fuse here"; exit 0; }

T=$(mktemp -d "${TMPDIR:-/tmp}/adsfs-test.XXXXXX") || exit 1
export ADSFS_SANDBOX HOME=$T/home XDG_CONFIG_HOME=$T/config XDG_CACHE_HOME=$T/cache \
    XDG_STATE_HOME=$T/state ADSFS_CONFIG=$T/config.ini
unset ADSFS_ACCESS_TOKEN
export TMPDIR=$T/tmp
mkdir "$HOME" "$T/mounts" "$TMPDIR"
# Into files, since a daemon has no terminal; the sandbox is watched too.
export ASAN_OPTIONS=log_path=$T/sanitizer:detect_leaks=1 LSAN_OPTIONS=log_path=$T/sanitizer
export UBSAN_OPTIONS=log_path=$T/sanitizer:print_stacktrace=1
export G_DEBUG=fatal-criticals

# ---- promises ----

promises=0 broken=0 promise_name='' promise_broken=

promise()
{
    promise_end
    promise_name=$1
}

promise_end()
{
    [ -n "$promise_name" ] || return 0
    promises=$((promises + 1))
    if [ -z "$promise_broken" ]; then
        echo "ok $promises - $promise_name"
    else
        echo "not ok $promises - $promise_name"
        broken=$((broken + 1))
    fi
    promise_name='' promise_broken=
}

# broken TEXT… - the current promise is not kept, and why
broken()
{
    : "${promise_name:=what comes before the first promise}"
    promise_broken=yes
    printf '%s\n' "$@" | sed 's/^/# /' | cut -c1-400
}

# skip_promise NAME REASON - one that can not be tried here
skip_promise()
{
    promise_end
    promises=$((promises + 1))
    echo "ok $promises - $1 # SKIP $2"
}

# give_up TEXT - nothing after this could be tried
give_up()
{
    broken "$@"
    exit 1
}

# run COMMAND… - sets OUT, ERR and STATUS
run()
{
    "$@" >"$T/stdout" 2>"$T/stderr"
    STATUS=$?
    OUT=$(tr -d '\0' <"$T/stdout")
    ERR=$(tr -d '\0' <"$T/stderr")
}

# why - what the mount has to say about the last failure
why() { tail -n 1 "${MNT:-}/.adsfs/errors" | jq -r '"  \(.path): \(.errno): \(.message)"'; } 2>/dev/null

want_eq() # WHAT GOT WANTED
{
    [ "$2" = "$3" ] || broken "$1:" "  got    $2" "  wanted $3"
}

want_status() # N COMMAND…
{
    local wanted=$1
    shift
    run "$@"
    [ "$STATUS" = "$wanted" ] || broken "$*" "  status $STATUS, wanted $wanted" "  $ERR" "$(why)"
}

want_ok() { want_status 0 "$@"; }

want_output() # TEXT COMMAND…
{
    local wanted=$1
    shift
    run "$@"
    [ "$STATUS" = 0 ] || broken "$*" "  status $STATUS" "  $ERR" "$(why)"
    want_eq "$*" "$OUT" "$wanted"
}

want_like() # PATTERN COMMAND… - the output as a whole is like the extended pattern
{
    local pattern=$1
    shift
    run "$@"
    [ "$STATUS" = 0 ] || broken "$*" "  status $STATUS" "  $ERR" "$(why)"
    [[ $OUT =~ ^($pattern)$ ]] || broken "$*:" "  got    $OUT" "  wanted $pattern"
}

want_refused() # TEXT COMMAND… - fails, and says the text
{
    local text=$1
    shift
    run "$@"
    [ "$STATUS" != 0 ] || broken "$*" "  succeeded, wanted: $text"
    [[ $ERR == *"$text"* ]] || broken "$*" "  said   $ERR" "  wanted $text"
}

# ---- what the sandbox was asked ----

CALLS=$T/calls MARK=0

mark() { MARK=$(wc -l 2>/dev/null <"$CALLS" || echo 0); }

# calls PATH - how many since the mark; PATH without what all have in common, `any` for all
calls()
{
    tail -n "+$((MARK + 1))" "$CALLS" 2>/dev/null | jq -r --arg path "$1" \
        'select($path == "any" or .path == "/\($path)/")
         | .path' | wc -l
}

want_calls() # PATH N
{
    local n
    n=$(calls "$1")
    [ "$n" = "$2" ] || broken "calls of $1: $n, wanted $2" "$(tail -n "+$((MARK + 1))" "$CALLS" |
        jq -r '"\(.method) \(.path) \(.query // "") \(.body // "") -> \(.code)"' | head -n 12)"
}

# ---- waiting ----

# until_true COMMAND… - the script's own limit ends what never comes
until_true()
{
    until "$@" 2>/dev/null; do
        sleep 0.05
    done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# ---- processes and mounts: only our own are ever ended ----

pids=() mounts=() logs=()

# Reading this table never enters a mount, so a dead or slow one can not hold us up.
our_mounts() { awk -v t="$T/" 'index($5, t) == 1 { print $5 }' /proc/self/mountinfo; }
is_mounted() { our_mounts | grep -qxF "$1"; }

# processes_with TEXT - pids of those with the text (our temporary directory, say) in their words
processes_with()
{
    local file words pid
    for file in /proc/[0-9]*/cmdline; do
        pid=${file//[!0-9]/}
        words=$( (tr '\0' ' ' <"$file") 2>/dev/null) || continue
        [[ $words == *"$1"* && $pid != "$$" && $pid != "$BASHPID" ]] && echo "$pid"
    done
}

# mount_adsfs NAME PROFILE [OPTION…] - in the foreground, for its exit status; sets MNT LOG DAEMON
mount_adsfs()
{
    local name=$1 profile=$2 options
    shift 2
    MNT=$T/mounts/$name LOG=$T/$name.log
    mkdir -p "$MNT"
    options=$(IFS=,; echo "log_file=$LOG${*:+,$*}")
    "$ADSFS" "$profile" "$MNT" "${FLAG:--f}" -o "$options" >>"$LOG.out" 2>&1 </dev/null &
    DAEMON=$!
    pids+=("$DAEMON") mounts+=("$MNT") logs+=("$LOG" "$LOG.out")
    until is_mounted "$MNT" && [ -e "$MNT/README.md" ]; do
        gone "$DAEMON" && give_up "adsfs $profile does not mount:" "$(cat "$LOG.out" "$LOG" 2>/dev/null)"
        sleep 0.05
    done
}

# tree ADVERTISERS CAMPAIGNS ADGROUPS ADS - each in each of the one before, on average; as options of
# the sandbox, which counts in all of an advertiser
tree() { echo "--advertisers $1 --campaigns $2 --adgroups $(($2 * $3)) --ads $(($2 * $3 * $4))"; }

# mount_sandbox [OPTION…] - the built-in profile at full speed, $TREE in it
TREE=$(tree 1 6 2 2)
mount_sandbox()
{
    mount_adsfs sandbox sandbox "sandbox_options=$TREE" "sandbox_log=$CALLS" qps=0 qpm=0 "$@"
    mark
}

# peak - the most memory that the daemon ever had resident, in kB
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$DAEMON/status"; }

# sanitized - whether the programs are built with a sanitizer, which keeps freed memory for a while
sanitized() { ldd "$ADSFS" | grep -q libasan; }

# unmount [MNT] - as a person does; the daemon must end well
unmount()
{
    local mnt=${1:-$MNT} i
    for i in "${!mounts[@]}"; do
        [ "${mounts[i]}" = "$mnt" ] || continue
        fusermount3 -u "$mnt" 2>"$T/stderr" || broken "fusermount3 -u: $(cat "$T/stderr")"
        ended "${pids[i]}" 0
        unset "pids[i]" "mounts[i]"
    done
}

# ended PID STATUS - wait for it, and how it ended
ended()
{
    local status
    wait "$1"
    status=$?
    [ "$status" = "$2" ] || broken "the daemon's exit status: $status, wanted $2"
}

# forget_daemon - the test ended it itself, in its own way
forget_daemon()
{
    local i
    for i in "${!pids[@]}"; do
        [ "${pids[i]}" = "$DAEMON" ] && unset "pids[i]" "mounts[i]"
    done
}

# abort_mount MNT - the last resort: the kernel drops exactly this connection
abort_mount()
{
    local number
    number=$(awk -v mnt="$1" '$5 == mnt { sub(/.*:/, "", $3); print $3 }' /proc/self/mountinfo)
    [ -n "$number" ] && echo 1 >"/sys/fs/fuse/connections/$number/abort"
    fusermount3 -uz "$1"
} 2>/dev/null

# ---- a service of our own, for profiles with a URL ----

SERVICE='' APP=7300000000000000001
TOKEN=token-that-nobody-may-see SECRET=secret-that-nobody-may-see

# service_start PORT [OPTION…] - the sandbox at a known port; the same seed and the same changes as
# one before it, so the same objects
service_start()
{
    local port=$1
    shift
    "$ADSFS_SANDBOX" --port "$port" --log "$CALLS" --state "$T/changes" --token "$TOKEN" \
        --app-id "$APP" --secret "$SECRET" "$@" >>"$T/service.log" 2>&1 &
    SERVICE=$!
    until_true listening "$port"
}

service_stop()
{
    [ -n "$SERVICE" ] || return 0
    kill "$SERVICE" && wait "$SERVICE"
    SERVICE=
} 2>/dev/null

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

free_port()
{
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# ask PORT PATH NAME=VALUE… - the answer itself, past adsfs; the sandbox logs it like any other
ask() { past_adsfs GET "$@"; }

# tell PORT PATH JSON - the same with a body
tell() { past_adsfs POST "$@"; }

past_adsfs()
{
    python3 - "$TOKEN" "$@" <<'END'
import sys, urllib.parse, urllib.request
token, method, port, path, *rest = sys.argv[1:]
url = f"http://127.0.0.1:{port}/open_api/v1.3/{path}/"
body, headers = None, {"Access-Token": token}
if method == "POST":
    body = rest[0].encode()
    headers["Content-Type"] = "application/json"
else:
    url += "?" + urllib.parse.urlencode([tuple(word.split("=", 1)) for word in rest])
request = urllib.request.Request(url, body, headers)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.stdout.buffer.write(opener.open(request).read())
END
}

# profile NAME PORT [LINE…] - a section of the configuration, with what a profile needs
profile()
{
    local name=$1 port=$2
    shift 2
    (umask 077; echo "$TOKEN" >"$T/token"; echo "$SECRET" >"$T/secret")
    {
        echo "[profile $name]"
        echo "app_id = $APP"
        echo "secret_file = $T/secret"
        echo "token_file = $T/token"
        echo "business_url = http://127.0.0.1:$port/open_api/v1.3"
        [ $# = 0 ] || printf '%s\n' "$@"
    } >>"$ADSFS_CONFIG"
}

# ---- the end, however it comes ----

# Frees the script from a wait that never ends: without its daemon every call on a mount fails.
watchdog()
{
    local i
    trap - EXIT
    read -r -t "$LIMIT" <>"$T/never"
    echo "# not done after $LIMIT s"
    for i in $(our_mounts); do
        abort_mount "$i"
    done
    for i in $(processes_with "$T"); do
        kill -KILL "$i"
    done
    kill -TERM "$SHELL_PID"
}

finish()
{
    local i file
    trap - EXIT INT TERM
    cd /
    kill "$WATCHDOG" 2>/dev/null
    promise "every mount ends with fusermount3 -u, status 0 and a clean log"
    for i in "${!mounts[@]}"; do
        finish_mount "${mounts[i]}" "${pids[i]}"
    done
    service_stop
    nothing_left || for i in $(processes_with "$T"); do
        broken "left running: $(tr '\0' ' ' <"/proc/$i/cmdline" 2>/dev/null)"
        kill -KILL "$i" 2>/dev/null
    done
    for file in "${logs[@]}" "$T/service.log" "$T"/sanitizer.*; do
        clean_log "$file"
    done
    promise_end
    echo "1..$promises"
    if [ -n "${KEEP:-}" ]; then
        echo "# kept: $T"
    else
        rm -rf --one-file-system "$T"
    fi
    exit $((broken > 0))
}

# What ends with the daemon needs a moment to see that it ended.
nothing_left()
{
    local tries
    for tries in {1..100}; do
        [ -z "$(processes_with "$T")" ] && return 0
        sleep 0.05
    done
    echo "# after $tries looks"
    return 1
}

# Mounts and daemons a script did not end itself.
finish_mount()
{
    local tries=0
    # A process of the test that is on its way out may hold the mount for a moment.
    until fusermount3 -u "$1" 2>"$T/stderr" || [ $((tries += 1)) = 40 ]; do
        sleep 0.05
    done
    if [ "$tries" = 40 ] && is_mounted "$1"; then
        broken "fusermount3 -u: $(cat "$T/stderr")"
        fusermount3 -uz "$1" 2>/dev/null
    fi
    tries=0
    until gone "$2" || [ $((tries += 1)) = 400 ]; do
        sleep 0.05
    done
    if ! gone "$2"; then
        broken "the daemon lives on without its mount"
        abort_mount "$1"
        kill -KILL "$2"
    fi
    ended "$2" 0
}

clean_log()
{
    local line
    [ -f "$1" ] || return 0
    line=$(grep -nE 'CRITICAL|WARNING|ERROR: (Address|Leak)Sanitizer|runtime error:|Segmentation' "$1" |
        head -n 5)
    [ -z "$line" ] || broken "${1##*/}:" "$line" "$(grep -A25 -E 'Sanitizer|runtime error' "$1" | head -n 40)"
}

mkfifo "$T/never"
touch "$CALLS"
trap finish EXIT
trap 'promise_broken=yes; exit 1' INT TERM
watchdog &
WATCHDOG=$!
