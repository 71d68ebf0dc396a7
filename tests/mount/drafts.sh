#!/bin/bash
# SPDX-License-Identifier: MIT
# drafts.sh - new objects as a person makes them: mkdir, values, create; copies; and never two.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 12 4 2)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"
A=$(basename "$(compgen -G '[0-9]*')")
cd "$A" || give_up "cd"

# having PATTERN JQ - the first directory of this form whose info.json says so
having()
{
    local directory
    for directory in $(compgen -G "$1"); do
        jq -e "$2" "$directory/info.json" >/dev/null 2>&1 && { echo "$directory"; return; }
    done
}

# posts PATH - bodies of those calls since the mark
posts() { tail -n "+$((MARK + 1))" "$CALLS" | jq -c "select(.path == \"/$1/\") | .body"; }
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r .message; }
# entry JQ - of the last entry of the journal
entry() { tail -n 1 "$MNT/.adsfs/journal" | jq -r "$1"; }

C=$(having 'campaigns/[0-9]*' '.objective_type == "TRAFFIC" and .budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL"')
G=$(compgen -G "$C/adgroups/[0-9]*" | head -n 1)
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)
[ -n "$D" ] || give_up "no campaign to begin with"

ls -lR "$C" >/dev/null # roles, currency
in_shell() { if [ "$1" = busybox ]; then busybox sh -c "$2"; else "$1" -c "$2"; fi; }
for shell in bash dash busybox; do
    promise "$shell: mkdir, three values, create: a campaign, paused, under its name"
    mark
    want_ok in_shell "$shell" "mkdir campaigns/$shell && cd campaigns/$shell && echo TRAFFIC > objective && echo BUDGET_MODE_DAY > budget_mode && echo 75.50 > budget"
    want_calls any 0
    want_refused "No such file" cat "campaigns/by-name/$shell/name" # and is there in a moment
    want_ok in_shell "$shell" "echo create > campaigns/$shell/ctl"
    want_calls campaign/create 1
    want_calls any 2
    want_output "$shell" cat "campaigns/by-name/$shell/name"
    want_output DISABLE cat "campaigns/by-name/$shell/status"
    want_output 75.50 cat "campaigns/by-name/$shell/budget"
    want_calls any 2
    want_eq "the draft is gone" "$(ls campaigns | grep -cx "$shell")" 0
    want_eq "by its id" "$(ls -d campaigns/"$(basename "$(readlink "campaigns/by-name/$shell")")" | wc -l)" 1
done

promise "a draft lists all its files, empty where nothing was written, and costs no call"
mark
want_ok mkdir campaigns/spring
want_output "ctl info.json name objective budget_mode status" bash -c 'cd campaigns/spring && echo ctl info.json name objective budget_mode status && ls ctl info.json name objective budget_mode status >/dev/null'
want_output "" cat campaigns/spring/budget
want_output spring cat campaigns/spring/name
want_output DISABLE cat campaigns/spring/status
want_eq "listed" "$(ls campaigns | grep -cx spring)" 1
want_calls any 0

promise "create with something missing is EINVAL and names every missing file; no call"
mark
want_status 1 bash -c 'echo create > campaigns/spring/ctl'
[[ $ERR == *"Invalid argument"* ]] || broken "$ERR"
[[ $(last_error) == *budget_mode:*objective:*"write create again"* ]] || broken "$(last_error)"
want_ok grep -q '^#     objective: missing' campaigns/spring/ctl
want_calls any 0

promise "values are checked as those of objects are, and kept as they were when refused"
want_ok bash -c 'echo BUDGET_MODE_DAY > campaigns/spring/budget_mode; echo 60 > campaigns/spring/budget'
want_status 1 bash -c 'echo 60.005 > campaigns/spring/budget'
[[ $ERR == *"Numerical result out of range"* ]] || broken "$ERR"
want_status 1 bash -c 'echo 7 > campaigns/spring/budget'
want_status 1 bash -c 'echo much > campaigns/spring/budget'
want_status 1 bash -c 'printf 90 > campaigns/spring/budget'
want_status 1 bash -c 'echo "🚀" > campaigns/spring/name'
want_status 1 bash -c 'echo MAYBE > campaigns/spring/status'
want_status 1 bash -c 'echo DELETE > campaigns/spring/status'
want_status 1 bash -c 'echo two words > campaigns/spring/objective'
want_output 60.00 cat campaigns/spring/budget

promise "a word that is not known is passed on, and what the service says of it is said"
mark
want_ok bash -c 'echo NEXT_MONTHS_OBJECTIVE > campaigns/spring/objective'
want_status 1 bash -c 'echo create > campaigns/spring/ctl'
want_calls campaign/create 1
[[ $(last_error) == *NEXT_MONTHS_OBJECTIVE* ]] || broken "$(last_error)"
want_output NEXT_MONTHS_OBJECTIVE cat campaigns/spring/objective
want_output 60.00 cat campaigns/spring/budget
want_eq "the journal" "$(entry '.field + " " + .after + " " + .outcome')" "create spring refused"

promise "a value can be taken away again, and words need no newline"
want_ok bash -c 'printf TRAFFIC > campaigns/spring/objective'
want_output TRAFFIC cat campaigns/spring/objective
want_ok bash -c 'echo > campaigns/spring/objective'
want_output "" cat campaigns/spring/objective
want_ok bash -c 'echo REACH > campaigns/spring/objective; rm campaigns/spring/objective'
want_output "" cat campaigns/spring/objective

promise "names: no digits, no point before; typing errors are caught; flat indexes take none"
want_refused "Invalid argument" mkdir campaigns/123
want_refused "Invalid argument" mkdir campaigns/.git
want_refused "File exists" mkdir campaigns/by-name
want_refused "File exists" mkdir campaigns/spring
want_status 1 bash -c 'echo 5 > campaigns/spring/bugdet'
[[ $(last_error) == *"did you mean budget"* ]] || broken "$(last_error)"
want_refused "not permitted" mkdir adgroups/x
want_refused "not permitted" mkdir ads/x
want_refused "not permitted" mkdir x
want_refused "not permitted" mkdir campaigns/spring/x
want_status 1 bash -c 'echo creat > campaigns/spring/ctl'
[[ $(last_error) == *"takes: create"* ]] || broken "$(last_error)"

promise "mv gives a draft another name, and nothing else"
mark
want_ok bash -c "echo 71 > campaigns/spring/budget"
want_ok mv campaigns/spring campaigns/early
want_eq "there" "$(ls campaigns | grep -x -e spring -e early)" early
want_refused "No such file" cat campaigns/spring/name
want_output 71.00 cat campaigns/early/budget
want_ok mkdir campaigns/other
want_refused "File exists" mv -T campaigns/other campaigns/early
want_refused "not permitted" mv campaigns/other campaigns/1234
[[ $(last_error) == *"digits alone"* ]] || broken "$(last_error)"
want_refused "not permitted" mv campaigns/other campaigns/early
[[ $(last_error) == *"stays in its directory"* ]] || broken "$(last_error)"
want_refused "not permitted" mv "$C" campaigns/mine
want_ok rmdir campaigns/other
want_ok mv campaigns/early campaigns/spring
want_calls any 0

promise "rmdir and rm -r discard a draft, and nothing else"
mark
want_ok rmdir campaigns/spring
want_refused "No such file" cat campaigns/spring/name
want_ok mkdir campaigns/spring
want_ok bash -c 'echo 70 > campaigns/spring/budget'
want_ok rm -r campaigns/spring
want_eq "gone" "$(ls campaigns | grep -cx spring)" 0
want_refused "not permitted" rmdir "$C"
[[ $(last_error) == *allow_delete* ]] || broken "$(last_error)"
want_calls any 0

promise "status ENABLE creates it enabled, and the journal says so"
want_ok mkdir campaigns/loud
want_ok bash -c 'cd campaigns/loud; echo REACH > objective; echo BUDGET_MODE_INFINITE > budget_mode; echo ENABLE > status; echo "Loud & clear" > name; echo create > ctl'
want_output ENABLE cat "campaigns/by-name/Loud & clear/status"
want_eq "the journal" "$(entry '.field + " " + .after + " " + .outcome')" "create_enabled Loud & clear done"
want_eq "an event, and whose" "$(tail -n 1 "$MNT/.adsfs/events" | jq -r .by)" adsfs

# ---- copies ----

promise "cp -r of a campaign makes a draft of a copy: called otherwise, paused, and created"
want_ok bash -c "echo ENABLE > $C/status"
want_ok cp -r "$C" campaigns/copy
want_output copy cat campaigns/copy/name
want_output DISABLE cat campaigns/copy/status
want_eq "what can be set" "$(cat campaigns/copy/{objective,budget_mode,budget})" "$(cat "$C"/{objective,budget_mode,budget})"
want_eq "nothing of what can not" "$(ls campaigns/copy | grep -cE 'created|delivery|modified|report|adgroups')" 0
want_ok bash -c 'echo create > campaigns/copy/ctl'
want_eq "made" "$(cat campaigns/by-name/copy/{name,status,objective})" "copy
DISABLE
TRAFFIC"
want_eq "without what was in it" "$(ls campaigns/by-name/copy/adgroups)" by-name

promise "cp -a, tar and python copy as well"
want_ok cp -a "$C" campaigns/copy-a
want_ok bash -c "mkdir $T/out; tar -C $C -cf - . | (mkdir campaigns/copy-t; tar --no-same-owner -C campaigns/copy-t -xf -)"
want_ok python3 -c "import shutil; shutil.copytree('$C', 'campaigns/copy-p', symlinks=True)"
for i in copy-a copy-t copy-p; do
    want_eq "$i" "$(cat campaigns/$i/{objective,budget,status})" "$(cat "$C"/{objective,budget})
DISABLE"
    want_output $i cat campaigns/$i/name
    want_ok rm -r campaigns/$i
done

promise "a draft can be copied too"
want_ok mkdir campaigns/one
want_ok bash -c 'echo 99 > campaigns/one/budget; echo ENABLE > campaigns/one/status'
want_ok cp -r campaigns/one campaigns/two
want_output 99.00 cat campaigns/two/budget
want_output two cat campaigns/two/name
want_ok rm -r campaigns/one campaigns/two

promise "an ad group: copied, put right, created in its campaign with all it is targeted at"
want_ok cp -r "$G" "$C/adgroups/second"
want_status 1 bash -c "echo create > $C/adgroups/second/ctl"
[[ $(last_error) == *schedule_start:*"12 hours ago"* ]] || broken "$(last_error)"
mark
want_ok bash -c "echo now > $C/adgroups/second/schedule_start; echo create > $C/adgroups/second/ctl"
want_calls adgroup/create 1
N=$C/adgroups/by-name/second
want_eq "targeting" "$(jq -cS '[.location_ids, .age_groups, .gender, .placements, .promotion_type, .bid_price, .conversion_bid_price, .budget]' "$N/info.json")" \
    "$(jq -cS '[.location_ids, .age_groups, .gender, .placements, .promotion_type, .bid_price, .conversion_bid_price, .budget]' "$G/info.json")"
want_output DISABLE cat "$N/status"
want_eq "a member of its campaign" "$(jq -r .campaign_id "$N/info.json")" "$(basename "$C")"
want_eq "and of the flat index" "$(basename "$(readlink adgroups/by-name/second)")" "$(basename "$(readlink "$N")")"

promise "an ad: copied into another ad group and created there, after a look at who is there"
want_ok cp -r "$D" "$N/ads/first"
mark
want_ok bash -c "echo create > $N/ads/first/ctl"
want_calls ad/create 1
want_calls ad/get 2
want_output "$(cat "$D/text")" cat "$N/ads/by-name/first/text"
want_output "$(cat "$D/landing_page")" cat "$N/ads/by-name/first/landing_page"
want_output DISABLE cat "$N/ads/by-name/first/status"

promise "what was created is an object like any other"
want_ok bash -c "echo 80 > campaigns/by-name/copy/budget"
want_output 80.00 cat campaigns/by-name/copy/budget
want_ok bash -c "echo 'first 2' > $N/ads/by-name/first/name"
want_output "first 2" cat "$N/ads/by-name/first 2/name"

promise "undo says that a creation can not be undone"
number=$(jq -r 'select(.field == "create" and .outcome == "done") | .id' "$MNT/.adsfs/journal" | head -n 1)
want_status 1 bash -c "echo 'undo $number' > '$MNT/.adsfs/ctl'"

cd /
