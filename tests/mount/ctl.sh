#!/bin/bash
# SPDX-License-Identifier: MIT
# ctl.sh - .adsfs/ctl: what is refreshed is asked for by the next reader and not before, the kernel
# shows it, and what is no command or no path is an error of write(2).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile ctl "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 2 4 2 1)
mount_adsfs one ctl qps=0 qpm=0 ttl=3000 report_ttl=3000
# Not from inside: jq, which counts the calls, looks at the directory it is in.
inside() { (cd "$MNT" && "$@"); }
mapfile -t A < <(inside compgen -G '[0-9]*')
C=$(inside compgen -G "${A[0]}/campaigns/[0-9]*" | head -n 1)
G=$(inside compgen -G "$C/adgroups/[0-9]*" | head -n 1)
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r ".$1"; }
# ctl LINE… - in one write, which printf would not do
ctl() { cat <<<"$(printf '%s\n' "$@")" >"$MNT/.adsfs/ctl"; }
read_all() { find "${A[@]}" -path '*/reports' -prune -o -type f -print | xargs cat >/dev/null; }
used() { inside read_all; }
# behind UPDATE MEMBERS - somebody else changes it, past the mount
behind() { tell "$port" "$@"; }

promise "reading it says which commands there are"
want_like 'Commands.*refresh.*' cat "$MNT/.adsfs/ctl"
want_eq "mode" "$(stat -c %a "$MNT/.adsfs/ctl")" 600

used
promise "refresh costs no call; the next reader of each list asks, once"
mark
want_ok ctl refresh
want_calls any 0
used
used
want_calls campaign/get 2
want_calls adgroup/get 2
want_calls ad/get 2
want_calls oauth2/advertiser/get 1
want_calls advertiser/info 1

promise "the kernel shows what came, in a directory that it keeps"
ls "$MNT/${A[0]}/campaigns" >"$T/list"
made=$(behind campaign/create "{\"advertiser_id\":\"${A[0]}\",\"campaign_name\":\"fresh\",\"objective_type\":\"TRAFFIC\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":60}")
id=$(jq -r '.data.campaign_id // empty' <<<"$made")
if [ -n "$id" ]; then
    want_ok cmp "$T/list" <(ls "$MNT/${A[0]}/campaigns")
    want_ok ctl refresh
    want_ok grep -qx "$id" <(ls "$MNT/${A[0]}/campaigns")
    want_output fresh cat "$MNT/${A[0]}/campaigns/$id/name"
else
    want_ok behind campaign/update "{\"advertiser_id\":\"${A[0]}\",\"campaign_id\":\"${C##*/}\",\"campaign_name\":\"fresh\"}"
    want_ok cmp "$T/list" <(ls "$MNT/${A[0]}/campaigns")
    want_ok ctl refresh
    want_output "../${C##*/}" readlink "$MNT/${A[0]}/campaigns/by-name/fresh"
    want_ok grep -qx fresh <(ls "$MNT/${A[0]}/campaigns/by-name")
fi

promise "refresh of an object asks for its list only, and shows the new value"
used
behind campaign/update "{\"advertiser_id\":\"${A[0]}\",\"campaign_id\":\"${C##*/}\",\"campaign_name\":\"other name\"}" >"$T/answer"
mark
want_ok ctl "refresh $C"
want_eq "size" "$(stat -c %s "$MNT/$C/name")" 11
want_output "other name" cat "$MNT/$C/name"
used
want_calls campaign/get 1
want_calls any 1

promise "a path may be absolute, lead through by-name, or name a file"
for path in "$MNT/$C" "${A[0]}/campaigns/by-name/other name" "$C/budget" "${A[0]}/campaigns" \
    "${A[0]}/campaigns/by-name" "$MNT/${A[0]}/campaigns/"; do
    mark
    want_ok ctl "refresh $path"
    used
    want_calls any 1
    want_calls campaign/get 1
done

promise "refresh of an account is its lists and nobody else's, and the details of those that are used"
mark
want_ok ctl "refresh ${A[0]}"
used
want_calls campaign/get 1
want_calls adgroup/get 1
want_calls ad/get 1
want_calls advertiser/info 2

promise "several lines in one write are carried out, each once"
mark
want_ok ctl "refresh $G" "" "refresh ${A[1]}/ads"
used
want_calls adgroup/get 1
want_calls ad/get 1
want_calls any 2

promise "refresh of a report makes a new version of it alone"
R=$MNT/${A[0]}/reports/yesterday/campaign-total.csv S=$MNT/${A[0]}/report.json
cat "$R" "$S" >/dev/null
mark
ino=$(stat -L -c %i "$R")
want_ok ctl "refresh $R"
want_calls any 0
cat "$R" >/dev/null
want_calls report/integrated/get 1
want_ok test "$(stat -L -c %i "$R")" != "$ino"
cat "$R" "$S" >/dev/null
want_calls report/integrated/get 1
want_ok ctl "refresh $S" # a link
cat "$R" "$S" >/dev/null
want_calls report/integrated/get 2
want_ok ctl "refresh ${A[0]}/reports"
cat "$R" "$S" >/dev/null
want_calls report/integrated/get 4

promise "what is no command is EINVAL, and nothing of that write is carried out"
mark
want_refused "Invalid argument" ctl "refresh ${A[0]}" refersh
want_like 'refersh: no such command; .adsfs/ctl takes: refresh \[PATH\].*' last_error message
want_refused "Invalid argument" bash -c "printf refresh > '$MNT/.adsfs/ctl'"
want_like '.*ends with a newline.*' last_error message
want_refused "Invalid argument" ctl "refresh .adsfs/errors"
want_like '.adsfs/errors: nothing there grows old; refresh takes an object, .*' last_error message
used
want_calls any 0

promise "a path where nothing is known is ENOENT and is named"
want_refused "No such file" ctl "refresh ${A[0]}/campaigns/12345"
want_like "${A[0]}/campaigns/12345: nothing is known there.*" last_error message
want_output .adsfs/ctl last_error path
want_refused "No such file" ctl "refresh /etc"
want_like "/etc: is not below the mount point.*" last_error message
used
want_calls any 0

promise "python sees the error in write, and writes that succeed say how much"
want_output "7 2 22" inside python3 - <<'END'
import os
def write(text):
    fd = os.open(".adsfs/ctl", os.O_WRONLY | os.O_APPEND)
    try:
        return os.write(fd, text)
    except OSError as error:
        return error.errno
    finally:
        os.close(fd)
print(write(b"refresh\n") - 1, write(b"refresh nowhere\n"), write(b"what\n"))
END

promise "a refresh asks again although a list of many pages rests"
unmount
service_stop
port=$(free_port)
profile large "$port"
service_start "$port" --advertisers 1 --campaigns 3 --adgroups 3 --ads 2500
mount_adsfs large large qps=0 qpm=0 ttl=1
A=$(cd "$MNT" && compgen -G '[0-9]*')
want_eq "ads" "$(find "$MNT/$A/ads" -maxdepth 1 -name '[0-9]*' | wc -l)" 2500
sleep 1.1
mark
ls "$MNT/$A/ads" >/dev/null
want_calls ad/get 0
echo "refresh $A/ads" >"$MNT/.adsfs/ctl"
ls "$MNT/$A/ads" >/dev/null
want_calls ad/get 3
