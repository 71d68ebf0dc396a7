#!/bin/bash
# SPDX-License-Identifier: MIT
# meta.sh - F.meta beside every file: how old F is, whether reading it asks the service, what went
# wrong with it last. It is not listed, costs no call, and is there as attributes with -o xattr.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

fact() { jq -c ".$2" "$1.meta"; } # FILE NAME
is() { [ "$(fact "$1" "$2")" = "$3" ]; } # FILE NAME WANTED

port=$(free_port)
profile agency "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 1) --fault 40105=1:/campaign/update/

mount_adsfs first agency qps=0 qpm=0
A=$(cd "$MNT" && compgen -G '[0-9]*' | head -n 1)

promise "what nobody has asked for has no age, and its meta data asks for nothing"
mark
for file in "$A/campaigns" "$A/ads" "$A/info.json" "$A/currency" "$A/report.json" \
    "$A/reports/last-7d/ad-total.csv"; do
    want_output null fact "$MNT/$file" age
    want_output '"api"' fact "$MNT/$file" source
done
want_refused "No such file or directory" cat "$MNT/$A/campaigns/1.meta"
want_refused "No such file or directory" cat "$MNT/$A/ads/by.meta"
want_calls any 0

promise "cat budget.meta says how old the budget is, and that reading it takes no call"
C=$(cd "$MNT/$A/campaigns" && for c in [0-9]*; do
    grep -qx BUDGET_MODE_DAY "$c/budget_mode" && echo "$c"; done | head -n 1)
[ -n "$C" ] || give_up "no campaign with a daily budget"
cd "$MNT/$A/campaigns/$C" || give_up "cd"
want_ok cat budget
mark
want_like '[0-9]+' bash -c 'cat budget.meta | jq .age'
want_output '"cache"' fact budget source
want_output false fact budget stale
want_output null fact budget error
want_like '"20[0-9-]+T[0-9:]+Z"' fact budget fetched
want_ok cat budget
want_calls any 0

promise "it is one JSON object with a final newline, as long as stat says"
want_output 1 bash -c 'jq -c . budget.meta | wc -l'
want_output "" bash -c 'tail -c 1 budget.meta | tr -d "\n"'
want_output "$(stat -c %s info.json.meta)" bash -c 'cat info.json.meta | wc -c'
want_output 400 stat -c %a budget.meta

promise "it is not listed: neither ls -a, nor find, nor a pattern, nor a copy sees it"
want_ok cat budget.meta name.meta report.json.meta adgroups.meta
want_output "" bash -c 'ls -a | sed -n /meta/p'
want_output "" find "$MNT" -name '*meta*'
want_output "*.meta" bash -c 'echo *.meta'
want_ok cp -r "$MNT/$A/campaigns/$C" "$T/copied"
want_output "" find "$T/copied" -name '*meta*'

promise "there is none of what does not exist, none of itself, and it can not be written or removed"
want_refused "No such file or directory" cat bugdet.meta
want_refused "No such file or directory" cat budget.meta.meta
want_refused "No such file or directory" cat .meta
want_refused "Permission denied" bash -c 'echo 5 >budget.meta'
want_refused "Operation not permitted" bash -c 'echo 5 >bugdet.meta'
want_refused "Operation not permitted" rm -f budget.meta

promise "its inode stays, and is not that of the file"
ino=$(stat -c %i budget.meta)
want_output "$ino" stat -c %i "$MNT/$A/campaigns/$C/budget.meta"
[ "$ino" != "$(stat -c %i budget)" ] || broken "both are $ino"

promise "directories, links and the files of adsfs have it too"
cd "$MNT" || give_up "cd"
want_like '[0-9]+' fact "$A/campaigns" age
want_like '[0-9]+' fact "$A/campaigns/by-name" age
want_like '[0-9]+' fact "$A/campaigns/$C" age
for file in README.md .adsfs .adsfs/errors .adsfs/events "$A/reports" "$A/reports/last-30d"; do
    want_output '"local"' fact "$file" source
    want_output null fact "$file" age
done
want_like '[0-9]+' fact "by-name/$(compgen -G 'by-name/*' | head -n 1 | cut -d/ -f2)" age

promise "of a report it says how many rows it has and what it took, also beside a link to it"
want_output false fact "$A/report.json" complete
want_output null fact "$A/report.json" rows
mark
want_ok cat "$A/report.json"
want_calls report/integrated/get "$(fact "$A/report.json" calls)"
rows=$(jq length "$A/report.json")
[ "$rows" -gt 20 ] || broken "$rows rows"
for file in "$A/report.json" "$A/reports/last-30d/campaign-day.json"; do
    want_output "$rows" fact "$file" rows
    want_output true fact "$file" complete
    want_output '"sync"' fact "$file" mode
    want_output '"cache"' fact "$file" source
    want_like '"20[0-9-]+"' fact "$file" frozen_until
done
want_ok cat "$A/report.csv" # of the same rows
want_output 0 fact "$A/report.csv" calls
want_output "$rows" fact "$A/report.csv" rows
want_output null fact "$A/reports/today/campaign-day.json" frozen_until
want_output '"api"' fact "$A/campaigns/$C/reports/2026-01-05/campaign-total.csv" source
want_refused "No such file or directory" cat "$A/reports/last-7d/campaign-year.csv.meta"

promise "a report of days that are over for good is frozen to its last day"
want_ok cat "$A/reports/2026-01-05..2026-01-09/campaign-day.csv"
want_output '"2026-01-09"' fact "$A/reports/2026-01-05..2026-01-09/campaign-day.csv" frozen_until

promise "what went wrong is in the meta data of the file, with the request id that the service gave"
want_status 1 bash -c "echo '600!' >$A/campaigns/$C/budget"
want_output '"EACCES"' fact "$A/campaigns/$C/budget" error.errno
want_output 40105 fact "$A/campaigns/$C/budget" error.code
want_like '"[0-9A-Za-z-]{8,}"' fact "$A/campaigns/$C/budget" error.request_id
want_output "$(tail -n 1 .adsfs/errors | jq -c '[.time, .message, .request_id]')" \
    jq -c '.error | [.time, .message, .request_id]' "$A/campaigns/$C/budget.meta"
want_output null fact "$A/campaigns/$C/name" error
want_status 1 bash -c "echo 5 >$A/campaigns/$C/budget"
want_output '"ERANGE"' fact "$A/campaigns/$C/budget" error.errno
want_refused "Permission denied" cat "$A/reports/2025-01-05/ad-total@spend.csv"
want_output '"EACCES"' fact "$A/reports/2025-01-05/ad-total@spend.csv" error.errno

promise "what adsfs makes itself is local"
for file in status.json errors quota ctl events; do
    want_output '"local"' fact "$MNT/.adsfs/$file" source
done

promise "without -o xattr there are no attributes"
want_refused "Operation not supported" getfattr -d "$A/campaigns/$C/budget"
cd / && unmount

promise "with -o xattr getfattr -d shows the same facts, without a call"
mount_adsfs second agency qps=0 qpm=0 xattr
cd "$MNT/$A/campaigns/$C" || give_up "cd"
want_ok cat budget "$MNT/$A/report.json"
mark
want_like '# file: budget
user\.adsfs\.age="[0-9]+"
user\.adsfs\.fetched="20[0-9-]+T[0-9:]+Z"
user\.adsfs\.source="cache"
user\.adsfs\.stale="false"' getfattr -d budget
want_like '[0-9]+' getfattr -n user.adsfs.age --only-values adgroups
want_output "$(jq .rows "$MNT/$A/report.json.meta")" \
    getfattr -n user.adsfs.rows --only-values "$MNT/$A/report.json"
for name in user.adsfs.nonsense user.age security.capability system.posix_acl_access trusted.x; do
    want_refused "No such attribute" getfattr -n "$name" budget
done
want_output "" getfattr -d budget.meta
want_ok ls -l .
want_calls any 0

promise "links have no attributes, so that rsync -X can copy them"
want_output "" getfattr -h -d report.json
want_ok rsync -aX adgroups/by-name "$T/links"

promise "attributes tell of an error, and can not be written"
want_status 1 bash -c "echo '600!' >budget"
want_output "$(jq -r .error.request_id budget.meta)" \
    getfattr -n user.adsfs.request_id --only-values budget
want_output "$(jq -r .error.message budget.meta)" \
    getfattr -n user.adsfs.error --only-values budget
want_refused "Operation not supported" setfattr -n user.adsfs.age -v 0 budget
cd / && unmount

promise "no secret is in it"
mount_adsfs third agency ttl=1 qps=0 qpm=0
cd "$MNT/$A/campaigns/$C" || give_up "cd"
want_ok cat name
for file in name report.json "$MNT/$A" "$MNT/.adsfs/status.json"; do
    want_status 1 grep -e "$TOKEN" -e "$SECRET" "$file.meta"
done

promise "what has expired is said to be asked for by whoever reads it, and is not asked for by that"
cd /
# A path, and bash in its directory, would look at directories that have expired, which asks.
exec 9<"$MNT/$A/campaigns/$C"
name=/proc/self/fd/9/name
want_ok cat "$name"
mark
is_expired() { is "$name" source '"api"'; }
until_true is_expired
want_output false fact "$name" stale
want_calls any 0

promise "a value that is shown old because the service can not be reached is stale"
service_stop
want_output "$(cat "$T/copied/name")" cat "$name"
want_output true fact "$name" stale
want_output '"cache"' fact "$name" source
want_like '[1-9][0-9]*' fact "$name" age
exec 9<&-
unmount
