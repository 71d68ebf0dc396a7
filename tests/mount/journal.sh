#!/bin/bash
# SPDX-License-Identifier: MIT
# journal.sh - what was written and what came of it: .adsfs/journal, undo, adsfs log; two mounts of a
# profile have one journal, and what a killed one meant is settled by the next.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
# min_interval is 0 by itself; doubling is what a guard refuses
profile shop "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 60 2 1)
mount_adsfs one shop qps=0 qpm=0 ttl=3000
ONE=$MNT ONE_DAEMON=$DAEMON
A=$(basename "$(compgen -G "$ONE/[0-9]*")")
want_eq "currency of the account these amounts are for" "$(cat "$ONE/$A/currency")" USD

# campaigns with a budget of their own, set to 500
own='.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY" and (.budget_optimize_on | not) and .campaign_automation_type == "MANUAL"'
mapfile -t C < <(cd "$ONE" && for d in "$A"/campaigns/[0-9]*; do
    jq -e "$own" "$d/info.json" >/dev/null && echo "$d"
done)
[ "${#C[@]}" -ge 4 ] || give_up "too few campaigns with a budget of their own: ${#C[@]}"
for i in 0 1 2 3; do echo '500!' >"$ONE/${C[i]}/budget"; done

journal() { jq -c "$1" "$ONE/.adsfs/journal"; }
newest() { tail -n 1 "${2:-$ONE}/.adsfs/journal" | jq -r "$1"; }
ctl() { echo "$1" >"${2:-$ONE}/.adsfs/ctl"; }
last_error() { tail -n 1 "$ONE/.adsfs/errors" | jq -r ".$1"; }
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }

promise "a write is one line of .adsfs/journal: who, what, before, after, how it ended"
before=$(wc -l <"$ONE/.adsfs/journal")
want_ok bash -c "echo 600 > $ONE/${C[0]}/budget"
want_eq "lines" "$(wc -l <"$ONE/.adsfs/journal")" $((before + 1))
want_eq "the line" "$(newest '[.uid, .command, .path, .field, .before, .after, .outcome, .code, .message, .table, .undoes, .found] | @json')" \
    "[$(id -u),\"bash\",\"${C[0]}/budget\",\"budget\",500,600,\"done\",null,null,null,null,null]"
want_like '20[0-9-]+T[0-9:]+Z' newest .time
want_like '20[0-9-]+T[0-9:]+Z' newest .settled
want_eq "a number" "$(newest '.pid > 1 and .id == '$((before + 1)))" true

promise "tail -n 5, jq and wc -l read it; its size is that of its text, its time that of the last change"
for v in 610 620 600; do echo $v >"$ONE/${C[0]}/budget"; done
want_eq "tail" "$(tail -n 5 "$ONE/.adsfs/journal" | jq -sc '[.[-3:][].after]')" '[610,620,600]'
want_eq "lines of tail" "$(tail -n 2 "$ONE/.adsfs/journal" | wc -l)" 2
want_eq "size" "$(stat -c %s "$ONE/.adsfs/journal")" "$(wc -c <"$ONE/.adsfs/journal")"
touch "$T/now"
sleep 0.05
echo ENABLE >"$ONE/${C[0]}/status"
echo DISABLE >"$ONE/${C[0]}/status"
[ "$ONE/.adsfs/journal" -nt "$T/now" ] || broken "mtime $(stat -c %y "$ONE/.adsfs/journal")"
want_eq "mode" "$(stat -c %a "$ONE/.adsfs/journal")" "$(stat -c %a "$ONE/.adsfs/errors")"
run bash -c "echo x > $ONE/.adsfs/journal"
[ "$STATUS" != 0 ] || broken "it was written to"
mark
cat "$ONE/.adsfs/journal" >/dev/null
want_calls any 0

promise "what a guard refuses was never meant: the journal has no line of it"
lines=$(wc -l <"$ONE/.adsfs/journal")
run bash -c "echo 99999 > $ONE/${C[0]}/budget" # max_increase
want_eq "status" "$STATUS" 1
want_eq "lines" "$(wc -l <"$ONE/.adsfs/journal")" "$lines"

promise "undo N writes the value before it back, in one update, and is an entry of its own"
n=$(journal "select(.path == \"${C[0]}/budget\" and .after == 600) | .id" | head -n 1)
mark
want_ok ctl "undo $n"
want_eq "updates" "$(updates)" 1
want_output 500.00 cat "$ONE/${C[0]}/budget"
want_eq "the entry" "$(newest '[.undoes, .before, .after, .outcome, .path] | @json')" \
    "[$n,600,500,\"done\",\"${C[0]}/budget\"]"

promise "an undo can be undone, and only once"
u=$(newest .id)
want_ok ctl "undo $u"
want_output 600.00 cat "$ONE/${C[0]}/budget"
want_refused "Invalid argument" bash -c "echo undo $u > $ONE/.adsfs/ctl"
want_like ".*has taken it back already.*" last_error message
want_ok ctl "undo $n" # it is in force again
want_output 500.00 cat "$ONE/${C[0]}/budget"

promise "no such entry, no number, not done: refused without a call"
mark
want_refused "No such file" bash -c "echo undo 4711 > $ONE/.adsfs/ctl"
want_like ".*no entry 4711.*" last_error message
want_refused "Invalid argument" bash -c "echo undo x > $ONE/.adsfs/ctl"
want_refused "Invalid argument" bash -c "echo undo since noon > $ONE/.adsfs/ctl"
want_refused "Invalid argument" bash -c "echo undo > $ONE/.adsfs/ctl"
want_calls any 0

promise "what was changed since then is not undone: by us, as the journal says, and by whom"
echo 700 >"$ONE/${C[1]}/budget"
n=$(newest .id)
bash -c "echo 800 > $ONE/${C[1]}/budget"
mark
want_refused "Stale file handle" bash -c "echo undo $n > $ONE/.adsfs/ctl"
want_like ".*set budget to 800.00 since then \\(bash, uid.*" last_error message
want_calls any 0

promise "... and by somebody else, as the service says"
n=$(newest .id)
tell "$port" campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"${C[1]##*/}\",\"budget\":850}" >/dev/null
mark
want_refused "Stale file handle" bash -c "echo undo $n > $ONE/.adsfs/ctl"
want_eq "updates" "$(updates)" 0
want_ok ctl "refresh"
want_output 850.00 cat "$ONE/${C[1]}/budget"

promise "max_increase does not count for a value that was in force within a day"
echo 500 >"$ONE/${C[2]}/budget"
echo 60 >"$ONE/${C[2]}/budget"
n=$(newest .id)
want_refused "out of range" bash -c "echo 500 > $ONE/${C[2]}/budget"
want_ok ctl "undo $n"
want_output 500.00 cat "$ONE/${C[2]}/budget"

promise "a budget that was planned for midnight is taken back by planning what is in force"
G=$(cd "$ONE" && for d in "$A"/campaigns/[0-9]*/adgroups/[0-9]*; do
    jq -e '.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY"' "$d/info.json" >/dev/null &&
        [ -w "$d/budget" ] && echo "$d" && break
done)
if [ -n "$G" ]; then
    now=$(cat "$ONE/$G/budget")
    want_ok bash -c "echo '$(awk "BEGIN { print $now + 10 }") at midnight' > $ONE/$G/budget"
    n=$(newest .id)
    want_eq "planned" "$(newest .field)" scheduled_budget
    want_ok ctl "undo $n"
    want_output "$now" cat "$ONE/$G/budget"
    want_eq "planned" "$(newest '[.field, .undoes] | @json')" "[\"scheduled_budget\",$n]"
    want_eq "as much as is in force" "$(newest .after | awk '{ printf "%.2f", $1 }')" "$now"
else
    skip_promise "a budget planned for midnight" "no ad group with a daily budget"
fi

promise "undo since: of each value the one before the first change, one write each"
sleep 1.1
since=$(date +%H:%M:%S) day=$(date +%F)
sleep 0.1
for v in 510 520 530; do echo "$v" >"$ONE/${C[2]}/budget"; done
echo 540 >"$ONE/${C[3]}/budget"
was=$(cat "$ONE/${C[3]}/status")
[ "$was" = ENABLE ] && other=DISABLE || other=ENABLE
echo $other >"$ONE/${C[3]}/status"
mark
want_ok ctl "undo since $day $since"
want_output 500.00 cat "$ONE/${C[2]}/budget"
want_output 500.00 cat "$ONE/${C[3]}/budget"
want_output "$was" cat "$ONE/${C[3]}/status"
want_eq "updates" "$(updates)" 3

promise "... again, it is there already: no call; of a time without changes it says so"
mark
want_ok ctl "undo since $day $since"
want_eq "updates" "$(updates)" 0
sleep 1.1
run ctl "undo since $(date +%FT%T%:z)"
want_eq "status" "$STATUS" 1
want_like ".*nothing was changed since then.*" last_error message

promise "where some can not be undone the others are, and each has its line in .adsfs/errors"
since=$(date +%FT%T%:z)
sleep 0.1
echo 510 >"$ONE/${C[2]}/budget"
echo 510 >"$ONE/${C[3]}/budget"
tell "$port" campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"${C[3]##*/}\",\"budget\":555}" >/dev/null
errors=$(wc -l <"$ONE/.adsfs/errors")
want_refused "Stale file handle" bash -c "echo undo since $since > $ONE/.adsfs/ctl"
want_output 500.00 cat "$ONE/${C[2]}/budget"
want_eq "lines of errors" "$(tail -n "+$((errors + 1))" "$ONE/.adsfs/errors" | jq -r .path | sort | paste -sd' ')" \
    ".adsfs/ctl ${C[3]}/budget"
want_like "1 of 2 values were not written back.*" last_error message
ctl refresh

promise "two mounts of a profile have one journal, and each shows what the other wrote"
mount_adsfs two shop qps=0 qpm=0 ttl=3000
TWO=$MNT
cat "$TWO/${C[0]}/budget" >/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do
    echo "51$((i % 10))" >"$ONE/${C[0]}/budget" &
    writers[i]=$!
    echo "52$((i % 10))" >"$TWO/${C[2]}/budget" &
    others[i]=$!
done
for i in 1 2 3 4 5 6 7 8 9 10; do
    wait "${writers[i]}" || broken "a writer of the first: $(why)"
    wait "${others[i]}" || broken "a writer of the second: $(why)"
done
want_ok cmp "$ONE/.adsfs/journal" "$TWO/.adsfs/journal"
want_eq "open entries" "$(journal 'select(.outcome == "intent")' | wc -l)" 0
want_eq "each number once" "$(journal .id | sort -n | uniq -d | wc -l)" 0
want_ok ctl "undo $(newest .id "$TWO")" "$ONE"

promise "adsfs log prints it for people, while it is mounted: who, where, from what to what, how"
log() { "$ADSFS" log shop "$@"; }
want_eq "lines" "$(log | wc -l)" "$(wc -l <"$ONE/.adsfs/journal")"
want_eq "the last one" "$(log -n 1 | awk '{ print $1 }')" "$(newest .id)"
want_like " *[0-9]+  20[0-9: -]+  $(id -un)/[a-z]+ +${C[0]}/budget  500(\\.[0-9]+)? -> 600.00  done" \
    bash -c "'$ADSFS' log shop | grep -m1 -- '-> 600.00'"
want_eq "lines since a time" "$(log --since "$since" | head -n 1 | awk '{ print $1 }')" \
    "$(journal "select(.time >= \"$(date -u -d "$since" +%FT%TZ)\") | .id" | head -n 1)"
want_refused "no time" "$ADSFS" log shop --since yesterdayish
want_refused "has no [profile nosuch]" "$ADSFS" log nosuch
want_status 2 "$ADSFS" log
want_ok "$ADSFS" log --help

promise "what a killed mount meant is settled by one that lives: asked for, and once"
unmount "$TWO"
was=$(cat "$ONE/${C[1]}/status")
[ "$was" = ENABLE ] && other=DISABLE || other=ENABLE
kill -STOP "$SERVICE" # of a status nothing is read before it is meant
bash -c "echo $other > $ONE/${C[1]}/status" 2>/dev/null &
writer=$!
until_true sh -c "'$ADSFS' log shop -n 1 | grep -q -- '-> $other  intent'"
kill -9 "$ONE_DAEMON"
wait "$ONE_DAEMON" 2>/dev/null
DAEMON=$ONE_DAEMON forget_daemon
wait "$writer" 2>/dev/null
kill -CONT "$SERVICE"
until_true sh -c "! grep -q ' $ONE ' /proc/self/mountinfo"
mark
mount_adsfs three shop qps=0 qpm=0 ttl=3000
ONE=$MNT
want_eq "before it is asked for" "$(newest .outcome)" intent
until_true sh -c "! tail -n 1 '$ONE/.adsfs/journal' | grep -q '\"intent\"'"
holds=$(ask "$port" campaign/get "advertiser_id=$A" "filtering={\"campaign_ids\":[\"${C[1]##*/}\"]}" | jq -r '.data.list[0].operation_status')
case $(newest .outcome) in
done) want_eq "the service" "$holds" "$other" ;;
refused) want_eq "the service" "$holds" "$was" ;;
*) broken "$(newest .)" ;;
esac
want_like ".*later mount found.*" newest .message
want_output "$holds" cat "$ONE/${C[1]}/status"
mark
sleep 1
want_calls any 0

promise "adsfs log reads it when nothing is mounted, too"
unmount
want_eq "the last one" "$(log -n 1 | grep -c -- "-> $other")" 1

state=$XDG_STATE_HOME/adsfs/shop
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1m,mode=700 none "$state" 2>/dev/null; then
    trap 'umount -l "$state" 2>/dev/null; finish' EXIT
    promise "a full disk: nothing is sent, EROFS; reading goes on; with room again so does writing"
    mount_adsfs full shop qps=0 qpm=0 ttl=3000
    was=$(cat "$MNT/${C[1]}/status")
    [ "$was" = ENABLE ] && other=DISABLE || other=ENABLE
    head -c 4m /dev/zero >"$state/fill" 2>/dev/null
    mark
    want_refused "Read-only file system" bash -c "echo $other > $MNT/${C[1]}/status"
    want_like ".*nothing was sent.*" bash -c "tail -n 1 '$MNT/.adsfs/errors' | jq -r .message"
    want_calls any 0
    want_output "$was" cat "$MNT/${C[1]}/status"
    want_output "" cat "$MNT/.adsfs/journal"
    rm "$state/fill"
    want_ok bash -c "echo $other > $MNT/${C[1]}/status"
    want_output "[\"$other\",\"done\"]" jq -c '[.after, .outcome]' "$MNT/.adsfs/journal"
    unmount
    umount -l "$state"
else
    skip_promise "a full disk" "needs root"
fi

promise "the journal of a sandbox goes with its mount: adsfs log asks that"
mount_sandbox
C0=$(cd "$MNT" && for d in [0-9]*/campaigns/[0-9]*; do [ -w "$d/status" ] && echo "$d" && break; done)
[ "$(cat "$MNT/$C0/status")" = ENABLE ] && v=DISABLE || v=ENABLE
want_ok bash -c "echo $v > $MNT/$C0/status"
others=$(awk '/ - fuse.adsfs sandbox /' /proc/self/mountinfo | wc -l)
if [ "$others" = 1 ]; then
    want_like ".*$C0/status .* -> $v  done" "$ADSFS" log sandbox
else
    want_refused "each mount has a journal of its own" "$ADSFS" log sandbox
fi

promise_end
