#!/bin/bash
# SPDX-License-Identifier: MIT
# truth.sh - what is shown is what the service holds: after a time to live, after a write whose
# outcome is not known, after a rename; and a list that can not be proved whole is no empty list.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 1)
profile ids "$port"
mount_adsfs ids ids qps=0 qpm=0
A=$(cd "$MNT" && compgen -G '[0-9]*' | head -n 1)
C=$(cd "$MNT/$A/campaigns" && for c in [0-9]*; do
    grep -qx BUDGET_MODE_DAY "$c/budget_mode" && echo "$c"; done | tail -n 1)
[ -n "$C" ] || give_up "no campaign with a daily budget"
unmount

# post PATH BODY - past adsfs, as somebody else would
post()
{
    python3 - "$TOKEN" "$port" "$@" <<'END'
import json, sys, urllib.request
token, port, path, body = sys.argv[1:]
request = urllib.request.Request(f"http://127.0.0.1:{port}/open_api/v1.3/{path}/", body.encode(),
    {"Access-Token": token, "Content-Type": "application/json"})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
answer = json.load(opener.open(request))
assert answer["code"] == 0, answer
END
}
set_budget() { post campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":$1}"; }

promise "what others change is shown when the time to live is over, also through an open file"
profile short "$port" "writable = true"
mount_adsfs short short ttl=2 qps=0 qpm=0
exec 9<"$MNT/$A/campaigns/$C/budget"
read -r before <&9
want_ok set_budget 612
shown() { [ "$(cat "$MNT/$A/campaigns/$C/budget")" = 612.00 ]; }
until_true shown
want_output 612.00 python3 -c 'import os; print(os.pread(9, 100, 0).decode(), end="")'
exec 9<&-
[ "$before" != 612.00 ] || broken "was 612.00 before"

promise "what others delete is gone from a listing that the kernel has kept"
want_ok ls "$MNT/$A/campaigns"
gone_one=$(cd "$MNT/$A/campaigns" && compgen -G '[0-9]*' | grep -vx "$C" | head -n 1)
want_ok post campaign/status/update \
    "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$gone_one\"],\"operation_status\":\"DELETE\"}"
vanished() { ! ls "$MNT/$A/campaigns" | grep -qx "$gone_one"; }
until_true vanished
want_refused "No such file or directory" cat "$MNT/$A/campaigns/$gone_one/budget"

promise "a renamed ad group has its new name in every by-name at once"
G=$(cd "$MNT/$A/campaigns/$C/adgroups" && compgen -G '[0-9]*' | head -n 1)
want_ok ls "$MNT/$A/campaigns/$C/adgroups/by-name" "$MNT/$A/adgroups/by-name"
want_ok bash -c "echo 'renamed here' > '$MNT/$A/campaigns/$C/adgroups/$G/name'"
for names in "$MNT/$A/campaigns/$C/adgroups/by-name" "$MNT/$A/adgroups/by-name"; do
    want_ok grep -qx 'renamed here' <(ls "$names")
    want_output "renamed here" cat "$names/renamed here/name"
done

promise "a range that holds a report is listed from then on"
range=$(date -u -d '-5 days' +%F)
want_status 1 grep -qx "$range" <(ls "$MNT/$A/reports")
want_ok cp "$MNT/$A/reports/$range/campaign-total.csv" "$T/report.csv"
want_ok grep -qx "$range" <(ls "$MNT/$A/reports")
want_output campaign-total.csv ls "$MNT/$A/reports/$range"
unmount

promise "what is written is what the service holds then, also where the file showed it before"
mount_adsfs long short ttl=3000 qps=0 qpm=0
shown=$(cat "$MNT/$A/campaigns/$C/status")
[ "$shown" = ENABLE ] && other=DISABLE || other=ENABLE
set_status() { post campaign/status/update \
    "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"$1\"}"; }
want_ok set_status "$other"
want_output "$shown" cat "$MNT/$A/campaigns/$C/status" # as old as ttl
# In a session that was not shown it a moment ago.
later_write() { setsid -w bash -c 'echo "$1" >"$2"' - "$1" "$MNT/$A/campaigns/$C/$2"; }
mark
want_ok later_write "$shown" status
want_calls campaign/status/update 1
want_ok later_write "$shown" status
want_calls campaign/status/update 1 # it is there: it was asked, and nothing was sent
want_ok set_budget 613
want_ok later_write 612 budget
want_calls campaign/update 2 # that of set_budget, and ours
unmount
mount_adsfs new short qps=0 qpm=0
want_output "$shown" cat "$MNT/$A/campaigns/$C/status"
want_output 612.00 cat "$MNT/$A/campaigns/$C/budget"
unmount

promise "an update whose answer is lost is asked about, and not sent again when it took effect"
service_stop
rm -rf "$XDG_CACHE_HOME/adsfs/short"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 1) --fault drop=1:/campaign/update/
mount_adsfs unsure short ttl=3000 qps=0 qpm=0
want_output 612.00 cat "$MNT/$A/campaigns/$C/budget"
mark
want_ok bash -c "echo 650 > '$MNT/$A/campaigns/$C/budget'"
want_calls campaign/update 1
want_output 650.00 cat "$MNT/$A/campaigns/$C/budget"
unmount

for path in campaign/get adgroup/get report/integrated/get oauth2/advertiser/get advertiser/info; do
    promise "an answer of $path without data is an error, never an empty success"
    service_stop
    # shellcheck disable=SC2046
    service_start "$port" $(tree 1 4 2 1) --fault "no-data=1:/$path/"
    rm -rf "$XDG_CACHE_HOME/adsfs/short"
    mount_adsfs "no-data-${path//\//-}" short qps=0 qpm=0
    want_refused "Input/output error" bash -c "
        ls '$MNT' >/dev/null && ls '$MNT/$A' >/dev/null && ls '$MNT/$A/campaigns' >/dev/null &&
        ls '$MNT/$A/adgroups' >/dev/null && cat '$MNT/$A/report.csv'"
    want_ok jq -e '.errno == "EIO"' <(tail -n 1 "$MNT/.adsfs/errors")
    unmount
done

# To libc this errno is the end of a directory, which then is empty.
for code in 40007 40300; do
    promise "a directory that the service does not know ($code) is an error, not an empty one"
    service_stop
    # shellcheck disable=SC2046
    service_start "$port" $(tree 1 4 2 1)
    front=$(free_port)
    python3 "$(dirname "$0")/strange.py" refuse 127.0.0.1 "$front" "$T/$code.heard" \
        "$code" /campaign/get/ "http://127.0.0.1:$port" &
    stranger=$!
    until_true grep -q ready "$T/$code.heard"
    profile "at-$code" "$front"
    mount_adsfs "at-$code" "at-$code" qps=0 qpm=0
    want_refused "Stale file handle" ls "$MNT/$A/campaigns"
    want_refused "Stale file handle" find "$MNT/$A/campaigns"
    want_ok jq -e ".code == $code" <(tail -n 1 "$MNT/.adsfs/errors")
    unmount
    kill "$stranger" && wait "$stranger" 2>/dev/null
done

promise "two mounts of a profile do not share a cache"
service_stop
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 1)
mount_adsfs one short qps=0 qpm=0
one=$MNT
mount_adsfs two short qps=0 qpm=0
want_ok bash -c "echo '700!' > '$one/$A/campaigns/$C/budget'"
want_output 700.00 cat "$one/$A/campaigns/$C/budget"
want_output 700.00 cat "$MNT/$A/campaigns/$C/budget"
unmount
unmount "$one"
