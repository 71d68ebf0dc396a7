#!/bin/bash
# SPDX-License-Identifier: MIT
# drafts-lost.sh - answers and daemons are lost while objects are created: there is one of each in the
# end, or none. Drafts last; who may not write makes none.
# shellcheck source=lib.sh
LIMIT=${LIMIT:-230}
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile bank "$port" "writable = true" "write_wait = 20"
profile shop "$port"
profile tight "$port" "writable = true" "max_budget = USD:100" "max_changes_per_hour = 1"
profile desk "$port" "writable = true"
profile dry "$port" "writable = true" "dry_run = true"

# serve [OPTION…] - the same objects and changes, with these faults
serve()
{
    local here=$PWD
    service_stop
    cd / # it must not keep the mount busy
    service_start "$port" --advertisers 1 --campaigns 12 --adgroups 40 --ads 80 --seed 3 "$@"
    cd "$here" || give_up "cd"
}

# all KIND NAME - how many are called so at the service
all() { ask "$port" "$1/get" advertiser_id="$A" page_size=1000 | jq "[.data.list[] | select(.$1_name == \"$2\")] | length"; }
# posts PATH - bodies of those calls since the mark
posts() { tail -n "+$((MARK + 1))" "$CALLS" | jq -cS "select(.path == \"/$1/\") | .body // empty"; }
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r .message; }
mount_bank() { mount_adsfs "bank$1" bank qps=0 qpm=0 ttl=3000 poll=0; cd "$MNT/$A/campaigns" || give_up "cd"; ls -lR "$C" >/dev/null; }
# campaign NAME - a draft that can be created
campaign() { mkdir "$1" && echo REACH >"$1/objective" && echo BUDGET_MODE_INFINITE >"$1/budget_mode"; }

serve
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
# One with an ad group whose copy can be created as it is.
C=$(ask "$port" campaign/get advertiser_id="$A" page_size=1000 |
    jq -r '[.data.list[] | select(.objective_type == "TRAFFIC" and .budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL")][0].campaign_id')
G=$(ask "$port" adgroup/get advertiser_id="$A" page_size=1000 | jq -r "[.data.list[] | select(.campaign_id == \"$C\")][0].adgroup_id")
mount_bank 1
D=$(basename "$(compgen -G "$C/adgroups/$G/ads/[0-9]*" | head -n 1)")

promise "the answer is lost, or the call: the same one is sent again, and there is one campaign"
for fault in reset-after reset-before html504 drop; do
    serve --fault "$fault=1x:/campaign/create/"
    campaign "$fault"
    mark
    want_ok bash -c "echo create > $fault/ctl"
    want_calls campaign/create 2
    want_eq "the same call" "$(posts campaign/create | sort -u | wc -l)" 1
    want_eq "campaigns $fault" "$(all campaign "$fault")" 1
    want_output "$fault" cat "by-name/$fault/name"
done

promise "and one ad group"
serve --fault "reset-after=1x:/adgroup/create/"
want_ok cp -r "$C/adgroups/$G" "$C/adgroups/once"
want_ok bash -c "cd $C/adgroups/once; echo now > schedule_start; echo create > ctl"
want_eq "ad groups" "$(all adgroup once)" 1

promise "and one ad, which has no request_id: it is looked for first"
serve --fault "reset-after=1x:/ad/create/"
want_ok cp -r "$C/adgroups/$G/ads/$D" "$C/adgroups/$G/ads/once"
mark
want_ok bash -c "echo create > $C/adgroups/$G/ads/once/ctl"
want_calls ad/create 1
want_eq "ads" "$(all ad once)" 1
serve --fault "reset-before=1x:/ad/create/"
want_ok cp -r "$C/adgroups/$G/ads/$D" "$C/adgroups/$G/ads/twice"
mark
want_ok bash -c "echo create > $C/adgroups/$G/ads/twice/ctl"
want_calls ad/create 2
want_eq "ads" "$(all ad twice)" 1

promise "a service that refuses to repeat itself is asked what it has made"
serve --fault "reset-after=1x:/campaign/create/" --fault "repeat-refused=1"
campaign repeated
want_ok bash -c 'echo create > repeated/ctl'
want_eq "campaigns" "$(all campaign repeated)" 1
want_output repeated cat by-name/repeated/name

promise "an answer with the id alone does"
serve --fault "bare=1"
campaign bare
want_ok bash -c 'echo create > bare/ctl'
want_output REACH cat by-name/bare/objective

promise "a service that says yes and has nothing is not believed"
serve --fault "lie=1:/campaign/create/"
campaign liar
want_status 1 bash -c 'echo create > liar/ctl'
[[ $ERR == *"Input/output error"* || $ERR == *"I/O error"* ]] || broken "$ERR"
want_ok test -d liar

promise "the answers stay away: ETIMEDOUT, the draft is kept as it was sent, and creating it again settles it"
serve --fault "reset-after=1:/campaign/create/"
campaign open
mark
want_status 1 bash -c 'echo create > open/ctl'
[[ $ERR == *"timed out"* ]] || broken "$ERR"
[[ $(last_error) == *"write create to its ctl once more"* ]] || broken "$(last_error)"
want_status 1 bash -c 'echo TRAFFIC > open/objective'
[[ $ERR == *busy* ]] || broken "$ERR"
want_refused busy rmdir open
want_ok grep -q 'what became of that is not known' open/ctl
serve
want_ok bash -c 'echo create > open/ctl'
want_eq "one call, whenever it was sent" "$(posts campaign/create | sort -u | wc -l)" 1
want_eq "campaigns" "$(all campaign open)" 1
want_ok test -L by-name/open

promise "drafts last over remounts"
want_ok bash -c 'mkdir later && echo 77.70 > later/budget && echo "Später/ヾ" > later/name'
cd /
unmount
mount_bank 2
want_output 77.70 cat later/budget
want_output "Später/ヾ" cat later/name
want_ok bash -c 'cd later; echo REACH > objective; echo BUDGET_MODE_DAY > budget_mode; echo create > ctl'
want_ok test -L "by-name/Später%2Fヾ"

# crash PATH WHERE - the daemon is killed while that create waits for its answer
crash()
{
    local old=$MNT
    bash -c "echo create > $1/ctl" 2>/dev/null &
    until_true eval "tail -n +$((MARK + 1)) '$CALLS' | grep -q '\"path\":\"/$2/\"'"
    cd /
    kill -KILL "$DAEMON"
    wait "$DAEMON" 2>/dev/null
    forget_daemon
    wait $! 2>/dev/null
    until_true eval '! is_mounted "$old"'
}

promise "kill -9 between call and answer: the next mount has one campaign, and no draft"
serve --fault "stall=1:/campaign/create/"
campaign killed
mark
crash killed campaign/create
serve
mount_bank 3
want_ok test -d killed
until_true eval '! test -d killed'
want_eq "campaigns" "$(all campaign killed)" 1
want_output killed cat by-name/killed/name
want_eq "the same call" "$(posts campaign/create | grep '"killed"' | sort -u | wc -l)" 1
want_eq "the journal" "$(jq -r 'select(.after == "killed") | .outcome' "$MNT/.adsfs/journal")" done

promise "kill -9 before it arrived: the next mount creates it, once"
serve --fault "reset-before=1:/campaign/create/"
campaign killed2
mark
crash killed2 campaign/create
serve
mount_bank 4
until_true eval '! test -d killed2'
want_eq "campaigns" "$(all campaign killed2)" 1

promise "kill -9 while an ad is created: one ad"
serve --fault "stall=1:/ad/create/"
want_ok cp -r "$C/adgroups/$G/ads/$D" "$C/adgroups/$G/ads/killed"
mark
crash "$C/adgroups/$G/ads/killed" ad/create
serve
mount_bank 5
until_true eval '! test -d "$C/adgroups/$G/ads/killed"'
want_eq "ads" "$(all ad killed)" 1
cd /
unmount

# ---- who may not ----

promise "without writable, and with ro, no draft is made"
mount_adsfs shop shop qps=0 qpm=0 ttl=3000 poll=0
want_refused "Read-only" mkdir "$MNT/$A/campaigns/x"
[[ $(last_error) == *writable* ]] || broken "$(last_error)"
unmount
mount_adsfs bankro bank qps=0 qpm=0 ttl=3000 poll=0 ro
want_refused "Read-only" mkdir "$MNT/$A/campaigns/x"
unmount

promise "an Analyst makes none either"
serve --roles ANALYST
mount_adsfs desk desk qps=0 qpm=0 ttl=3000 poll=0
want_refused "Permission denied" mkdir "$MNT/$A/campaigns/x"
[[ $(last_error) == *Analyst* ]] || broken "$(last_error)"
unmount
serve

promise "max_budget holds for drafts, and max_changes_per_hour counts what was created"
mount_adsfs tight tight qps=0 qpm=0 ttl=3000 poll=0
cd "$MNT/$A/campaigns" || give_up "cd"
campaign rich
want_ok bash -c 'echo BUDGET_MODE_DAY > rich/budget_mode; echo 101 > rich/budget'
mark
want_status 1 bash -c 'echo create > rich/ctl'
[[ $ERR == *"Numerical result out of range"* ]] || broken "$ERR"
[[ $(last_error) == *max_budget* ]] || broken "$(last_error)"
want_ok bash -c 'echo 100 > rich/budget; echo create > rich/ctl'
campaign next
want_status 1 bash -c 'echo create > next/ctl'
[[ $ERR == *busy* ]] || broken "$ERR"
[[ $(last_error) == *max_changes_per_hour* ]] || broken "$(last_error)"
want_calls campaign/create 1
cd /
unmount

promise "dry_run says what would be sent, sends nothing, and keeps the draft"
mount_adsfs dry dry qps=0 qpm=0 ttl=3000 poll=0
cd "$MNT/$A/campaigns" || give_up "cd"
campaign thought
mark
want_ok bash -c 'echo create > thought/ctl'
want_calls campaign/create 0
want_ok test -d thought
want_eq "the journal" "$(tail -n 1 "$MNT/.adsfs/journal" | jq -r '.outcome + " " + .after')" "dry_run thought"
want_eq "what would be sent" "$(tail -n 1 "$MNT/.adsfs/journal" | jq -r .message | grep -c '"campaign_name":"thought"')" 1
cd /
