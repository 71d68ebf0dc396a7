#!/bin/bash
# SPDX-License-Identifier: MIT
# secrets.sh - token and secret of a real profile are nowhere but in their files and in requests to
# the service: not in logs, words, files of the mount, caches, cores; not at another host.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
# Of characters that each way of writing changes.
TOKEN='tok/en+THAT=no&body%may?see~0123456789' SECRET='sec/ret+THAT=no&body%may?see~9876543210'

# leaks FILE… - those that hold one of the two; nothing where there is none
leaks() { python3 "$HERE/leaks.py" "$TOKEN" "$SECRET" -- "$@" 2>&1; }
want_no_leak() { want_eq "leaks" "$(leaks "$@")" ""; }

promise "the search finds what is there"
python3 - "$TOKEN" "$T" <<'END'
import base64, sys, urllib.parse
token, directory = sys.argv[1:]
def write(name, text): open(f"{directory}/control.{name}", "wb").write(text)
write("plain", b"x" + token.encode() + b"y")
write("url", b"secret=" + urllib.parse.quote(token, safe="").encode() + b"&x")
for i in range(3): write(f"base{i}", base64.b64encode(b"a" * i + token.encode() + b"zz"))
write("lines", base64.encodebytes(b"Authorization: " + token.encode() * 3))
write("split", token[:9].encode() + b"\r\n" + token[9:].encode())
END
for file in "$T"/control.*; do
    [ -n "$(leaks "$file")" ] || broken "not found in $file"
done
rm "$T"/control.*

# our_processes - daemons and watchers; not what the test itself does with a mount
our_processes()
{
    local pid program
    for pid in $(processes_with "$T/mounts"); do
        read -r -d '' program <"/proc/$pid/cmdline"
        [ "$program" = "$ADSFS" ] && echo "$pid"
    done 2>/dev/null
}

# ---- servers that are not to be trusted, and mounts that meet them; they take their time ----

strange() { # NAME ROLE ADDRESS [WORD…] - sets port[NAME]
    local name=$1 role=$2 address=$3
    shift 3
    port[$name]=$(free_port)
    python3 "$HERE/strange.py" "$role" "$address" "${port[$name]}" "$T/$name.heard" "$@" 2>"$T/$name.err" &
    strangers+=("$!")
    until_true grep -q ready "$T/$name.heard"
}

declare -A port mount reader
strangers=()
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$T/tls.key" -out "$T/tls.cert" 2>"$T/openssl" || give_up "openssl: $(cat "$T/openssl")"
strange other listen 127.0.0.2
strange redirect redirect 127.0.0.1 "http://127.0.0.2:${port[other]}"
strange quote quote 127.0.0.1
strange tls tls 127.0.0.1 "$T/tls.cert" "$T/tls.key"

mkdir "$T/cores"
cd "$T/cores" || give_up "cd"
export G_MESSAGES_DEBUG=all
FLAG=-d
for name in redirect tls; do
    profile "at-$name" "${port[$name]}" "advertisers = 7012345678901234567"
done
profile at-quote "${port[quote]}" # without ids, so that the secret is sent too
sed -i "s|http://127.0.0.1:${port[tls]}|https://localhost:${port[tls]}|" "$ADSFS_CONFIG"
for name in redirect quote tls; do
    mount_adsfs "$name" "at-$name" qps=0 qpm=0
    mount[$name]=$MNT
    (exec ls "$MNT/7012345678901234567/campaigns") >"$T/$name.out" 2>&1 &
    reader[$name]=$!
done

# ---- a session with a service that does what it should ----

port[real]=$(free_port)
# shellcheck disable=SC2046
service_start "${port[real]}" $(tree 2 4 2 1) --fault 40105=1:/ad/status/update/
profile agency "${port[real]}" "writable = true"
mount_adsfs real agency ttl=3000 qps=0 qpm=0
REAL=$MNT REAL_PID=$DAEMON REAL_LOG=$LOG
ADSFS_ACCESS_TOKEN=$TOKEN mount_adsfs environment agency ttl=3000 qps=0 qpm=0
unset ADSFS_ACCESS_TOKEN
ENVIRONMENT=$MNT ENVIRONMENT_PID=$DAEMON

promise "a session: reads, writes, failures, a report"
cd "$REAL" || give_up "cd"
find . -type f -path './[0-9]*' -exec cat {} + >"$T/session" || broken "not everything could be read"
A=$(basename "$(compgen -G '[0-9]*' | head -n 1)")
for file in "$A"/campaigns/[0-9]*/budget; do
    (echo abc >"$file") 2>/dev/null && broken "abc is a budget"
    (cat "$file" && echo 77777 >"$file" && echo '7777!' >"$file") >/dev/null 2>&1
done
for file in "$A"/campaigns/[0-9]*/name; do
    echo "new name" >"$file" || broken "$file can not be written"
    break
done
cat "$A/report.csv" "$A/reports/yesterday/ad-total.json" >>"$T/session" || broken "$(why)"
for file in "$A"/campaigns/[0-9]*/adgroups/[0-9]*/ads/[0-9]*/status; do
    value=ENABLE
    [ "$(cat "$file")" = ENABLE ] && value=DISABLE
    (echo "$value" >"$file") 2>/dev/null && broken "the service took $file"
    break
done
[ "$(wc -l <.adsfs/errors)" -gt 2 ] || broken "nothing failed"
[ "$(calls any)" -gt 5 ] || broken "the service was hardly asked"
cd "$T/cores" || give_up "cd"

promise "files of the mount, those about it included"
find "$REAL" "$ENVIRONMENT" -type f ! -path '*/reports/*' -size -2M >"$T/files"
for dir in "$REAL" "$ENVIRONMENT"; do
    for file in "$dir"/.adsfs/*; do
        [ -f "$file" ] && echo "$file"
    done
    compgen -G "$dir/[0-9]*/*.meta"
done >>"$T/files"
files=()
while read -r file; do
    cat "$file" >"$T/words" 2>/dev/null && files+=("$file") # not what the role does not let us see
done <"$T/files"
[ "${#files[@]}" -gt 50 ] || broken "only ${#files[@]} files"
want_no_leak "${files[@]}" "$T/session"

promise "words and surroundings of all its processes, as ps shows them"
n=0
for pid in $(our_processes); do
    cat "/proc/$pid/cmdline" "/proc/$pid/comm" >"$T/words" 2>/dev/null || continue
    n=$((n + 1))
    want_no_leak "$T/words"
    if cat "/proc/$pid/environ" >"$T/words" 2>/dev/null; then
        want_no_leak "$T/words"
        want_eq "variables of $pid with a token" "$(tr '\0' '\n' <"$T/words" | grep -c '^ADSFS_ACCESS_TOKEN=.')" 0
    fi
done
[ "$n" -ge 4 ] || broken "only $n processes: a daemon and a watcher for each mount"
# shellcheck disable=SC2009 # it is ps that is tested
ps axeww -o args= | grep -F "$T/mounts" >"$T/words"
want_no_leak "$T/words"

promise "open files without a name, such as what waits to be read of a report"
for pid in $REAL_PID $ENVIRONMENT_PID; do
    for file in "/proc/$pid/fd"/*; do
        [[ $(readlink "$file") == *"(deleted)" || $(readlink "$file") == /memfd:* ]] || continue
        cat "$file" >"$T/words" 2>/dev/null && want_no_leak "$T/words"
    done
done

# ---- cores ----

promise "no core: the limit is 0, and the filter leaves all memory out, of the watcher too"
for pid in $(our_processes); do
    limits=$(cat "/proc/$pid/limits" 2>/dev/null) || continue # it has ended
    want_eq "limit of $pid" "$(awk '/^Max core file size/ { print $5, $6 }' <<<"$limits")" "0 0"
    filter=$(cat "/proc/$pid/coredump_filter" 2>/dev/null) || continue # not ours to read
    want_eq "filter of $pid" "$filter" 00000000
done

if [ "$(id -u)" = 0 ] && command -v gcore >/dev/null; then
    promise "a debugger's core holds nothing"
    for pid in $REAL_PID $ENVIRONMENT_PID; do
        gcore -o "$T/cores/gcore" "$pid" >"$T/gcore" 2>&1
        [ -s "$T/cores/gcore.$pid" ] || broken "gcore: $(tail -n 3 "$T/gcore")"
    done
    want_no_leak "$T"/cores/gcore.*
    rm -f "$T"/cores/gcore.*
else
    skip_promise "a debugger's core holds nothing" "needs root and gcore"
fi

promise "the core of a daemon that aborts holds nothing, also with the limit raised"
prlimit --core=unlimited --pid "$ENVIRONMENT_PID" 2>/dev/null # as root only
kill -ABRT "$ENVIRONMENT_PID"
DAEMON=$ENVIRONMENT_PID
wait "$ENVIRONMENT_PID" 2>/dev/null
forget_daemon
cleared() { ! is_mounted "$ENVIRONMENT"; }
until_true cleared
find "$T/cores" -type f >"$T/files"
mapfile -t files <"$T/files"
want_no_leak "${files[@]}"

# ---- other hosts ----

# ended_with NAME TEXT - the reader failed, and .adsfs/errors says why
ended_with()
{
    wait "${reader[$1]}" && broken "succeeded: $(cat "$T/$1.out")"
    MNT=${mount[$1]}
    [[ $(why) == *"$2"* ]] || broken "said   $(why)" "wanted $2"
}

promise "a redirect to another host is refused; nothing reaches that host"
ended_with redirect 127.0.0.2
want_eq "what happened there" "$(cat "$T/other.heard")" ready

promise "a server that can not be verified gets no byte of a request"
ended_with tls certificate
grep -q ^connection "$T/tls.heard" || broken "it was never reached"
want_status 1 grep -aE 'HTTP|Access-Token' "$T/tls.heard"
want_no_leak "$T/tls.heard"

promise "a service that quotes what it was sent does not bring it into errors and logs"
wait "${reader[quote]}" && broken "succeeded: $(cat "$T/quote.out")"
MNT=${mount[quote]}
[[ $(why) == *"wrong:"* || $(why) == *"502"* ]] || broken "said $(why)"
want_no_leak "$MNT/.adsfs/errors" "$MNT/.adsfs/status.json" "$T/quote.out"

promise "http to anything but this machine is refused at the start"
profile plain 80
sed -i 's|http://127.0.0.1:80/|http://192.0.2.1/|' "$ADSFS_CONFIG"
mkdir -p "$T/mounts/plain"
want_refused "must be https" "$ADSFS" plain "$T/mounts/plain" -f

# ---- what is left ----

promise "logs at the highest level, caches and states, while mounted"
find "$XDG_CACHE_HOME" "$XDG_STATE_HOME" "$TMPDIR" -type f >"$T/files"
mapfile -t files <"$T/files"
[ "${#files[@]}" -ge 4 ] || broken "only ${#files[@]} files of caches and states"
grep -q 'LOOKUP\|unique:' "$REAL_LOG" || broken "the log is not at the highest level"
want_no_leak "${files[@]}" "${logs[@]}"

promise "and after the end"
unmount "$REAL"
for name in redirect quote tls; do
    unmount "${mount[$name]}"
done
find "$XDG_CACHE_HOME" "$XDG_STATE_HOME" "$TMPDIR" -type f >"$T/files"
mapfile -t files <"$T/files"
want_no_leak "${files[@]}" "${logs[@]}"

service_stop
for pid in "${strangers[@]}"; do
    kill "$pid" && wait "$pid"
done 2>/dev/null
