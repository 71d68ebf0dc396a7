#!/bin/bash
# SPDX-License-Identifier: MIT
# why.sh - `adsfs why` finds the last failure of a path, however the path is written, and ends in
# time, whatever the mount does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
# The status of a campaign and reports are what the service refuses here.
# shellcheck disable=SC2046
service_start "$port" $(tree 1 6 2 2) --fault 40105=1:/campaign/status/update/ \
    --fault 40105=1:/report/integrated/get/
profile agency "$port" "writable = true"
mount_adsfs why agency ttl=3000 qps=0 qpm=0
cd "$MNT" || give_up "cd"
A=$(basename "$(compgen -G '[0-9]*')")
C=$(compgen -G "$A/campaigns/[0-9]*" | sed -n 2p)
G=$(compgen -G "$A/campaigns/[0-9]*/adgroups/[0-9]*" | head -n 1)
find . >/dev/null # every name is known from here on
BY_NAME=$(find "$A/campaigns/by-name" -lname "../${C##*/}" | head -n 1)
[ -L "$BY_NAME" ] || give_up "no link to $C"

fail_at() { (echo "$2" >"$1") 2>/dev/null && broken "writing $2 to $1 succeeded"; }

# said LABEL - what OUT has behind a label
said() { sed -n "s/^ *$1 \+//p" <<<"$OUT"; }

# want_failure FILE ERRNO TEXT COMMAND… - tells of exactly this one
want_failure()
{
    local head=$1 number=$2 text=$3
    shift 3
    want_ok "$@"
    want_eq "$* tells first" "$(head -n 1 <<<"$OUT")" "$head:"
    want_eq "$*: errno" "$(said errno)" "$number"
    [[ $(said message) == *"$text"* ]] || broken "$*" "  message $(said message)" "  wanted $text"
    [ -n "$(said advice)" ] && [ -n "$(said time)" ] && [ -n "$(said meaning)" ] ||
        broken "$*: a line is missing:" "$OUT"
}

promise "where nothing failed it says so and exits 0"
want_like '.*: nothing went wrong there since the mount.*' "$ADSFS" why "$C/budget"
want_eq "stderr" "$ERR" ""

promise "a refused value: errno, meaning, message, advice, time; no code, since none was sent"
fail_at "$C/budget" abc
want_failure "$C/budget" EINVAL "'abc'" "$ADSFS" why "$C/budget"
want_eq "code" "$(said code)$(said request_id)" ""

promise "the last failure counts"
fail_at "$C/budget" 0.001
want_failure "$C/budget" ERANGE "0.001" "$ADSFS" why "$C/budget"

promise "it makes no call"
mark
want_ok "$ADSFS" why "$C/budget" "$BY_NAME/budget" "$A/adgroups/${G##*/}/name"
want_calls any 0

promise "through by-name, from elsewhere, with an absolute path, through a link outside"
want_failure "$BY_NAME/budget" ERANGE 0.001 "$ADSFS" why "$BY_NAME/budget"
want_failure "$MNT/$C/budget" ERANGE 0.001 "$ADSFS" why "$MNT/$C/budget"
ln -s "$MNT/$A" "$T/link"
ln -s link "$T/second"
cd "$T" || give_up "cd"
want_failure "second/${C#*/}/budget" ERANGE 0.001 "$ADSFS" why "second/${C#*/}/budget"
want_failure "./second/../$C/budget" ERANGE 0.001 "$ADSFS" why "./second/../$C/budget"
cd "$MNT/$C" || give_up "cd"
want_failure budget ERANGE 0.001 "$ADSFS" why budget
want_failure "../../campaigns/${C##*/}/budget" ERANGE 0.001 "$ADSFS" why "../../campaigns/${C##*/}/budget"
cd "$MNT" || give_up "cd"

promise "through the flat links of ad groups"
fail_at "$G/status" NEVER
want_failure "$A/adgroups/${G##*/}/status" EINVAL NEVER "$ADSFS" why "$A/adgroups/${G##*/}/status"

promise "a directory names the last failure below it, a file that of a directory above"
want_like ".*: nothing went wrong there itself; the last failure below it is that of $G/status:.*" \
    "$ADSFS" why "$A"
want_like '.*: nothing went wrong there itself; the last failure below it is that of .*' "$ADSFS" why .
want_eq "errno" "$(said errno)" EINVAL

promise "several paths, one after the other; one that is not ours makes the exit status 1"
want_ok "$ADSFS" why "$C/budget" "$G/status"
want_eq "failures" "$(said errno | tr '\n' ' ')" "ERANGE EINVAL "
want_status 1 "$ADSFS" why "$C/budget" "$T" "$G/status"
want_eq "failures" "$(said errno | tr '\n' ' ')" "ERANGE EINVAL "
[[ $ERR == *"$T: does not lie on a mount of adsfs"* ]] || broken "$ERR"

promise "a path that leads out of the mount again is looked at where it leads"
for path in "$MNT/.." "$MNT/$A/../../x"; do
    want_status 1 "$ADSFS" why "$path"
    [[ $ERR == *"$path: does not lie on a mount of adsfs"* && -z $OUT ]] || broken "$path" "$OUT" "$ERR"
done
want_failure "../${MNT##*/}/$C/budget" ERANGE 0.001 "$ADSFS" why "../${MNT##*/}/$C/budget"

promise "without a path it says how it is used, and exits 2"
want_status 2 "$ADSFS" why
[[ $ERR == usage:*"why PATH"* ]] || broken "$ERR"

promise "a refusal of the service: code, its meaning, request id, and a new login as advice"
fail_at "$C/status" "$([ "$(cat "$C/status")" = ENABLE ] && echo DISABLE || echo ENABLE)"
want_failure "$C/status" EACCES "" "$ADSFS" why "$C/status"
want_eq "code" "$(said code)" 40105
want_eq "meaning" "$(said meaning)" "the access token is wrong or was revoked"
[[ $(said request_id) =~ ^[0-9]{14}[0-9A-F]{20}$ ]] || broken "request_id: $(said request_id)"
want_eq "the same in .adsfs/errors" "$(said request_id)" \
    "$(jq -r 'select(.code == 40105) | .request_id' .adsfs/errors | tail -n 1)"

promise "a report, by the link that leads to it"
cat "$C/report.json" 2>/dev/null && broken "there is a report"
want_failure "$C/report.json" EACCES "" "$ADSFS" why "$C/report.json"
want_eq "code" "$(said code)" 40105

promise "a name that does not exist"
cat "$C/bugdet" 2>/dev/null && broken "there is a $C/bugdet"
want_ok "$ADSFS" why "$C/bugdet"
want_ok "$ADSFS" why "$A/campaigns/by-name/no such name/budget"

promise "a daemon that is stopped holds it up for a bounded time, also where its output is awaited"
cd / || give_up "cd"
stopped=$MNT MNT='' # nothing of the test may look into it
kill -STOP "$DAEMON"
want_status 1 timeout 60 "$ADSFS" why "$stopped/$C/budget"
[[ $ERR == *"the mount at $stopped does not tell"* ]] || broken "$ERR"
text=$(timeout 60 "$ADSFS" why "$stopped/$C/budget" 2>&1)
[[ $text == *"no answer within"* ]] || broken "$text"
kill -CONT "$DAEMON"
MNT=$stopped
want_failure "$MNT/$C/budget" ERANGE 0.001 "$ADSFS" why "$MNT/$C/budget"

unmount
service_stop
