#!/bin/bash
# SPDX-License-Identifier: MIT
# interrupt.sh - whoever waits can leave, at once; who does not want to leave is not disturbed.
#
# The sandbox logs a call when it answers. So "gone before the answer" needs no clock: the process
# has ended and the log has no line yet.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
latency=5000
# shellcheck disable=SC2046
service() { service_stop; service_start "$port" $(tree 1 6 2 1) --latency "$1"; mark; }
profile warm "$port" "writable = true"
profile cold "$port"

# waiting COMMAND… - with signals as at a terminal; returns when it waits for the daemon
waiting()
{
    env --default-signal=INT,TERM "$@" >"$T/waiter.out" 2>"$T/waiter.err" &
    WAITER=$!
    until still_waits "$WAITER"; do
        gone "$WAITER" && { broken "$*" "  did not wait: $(cat "$T/waiter.err")"; return; }
        sleep 0.02
    done
}

# Seen there twice, since any call to a file system waits a little.
still_waits() { in_fuse "$1" && sleep 0.1 && in_fuse "$1"; }
in_fuse() { grep -qE 'request_wait_answer|fuse|d_alloc_parallel|d_wait_lookup' "/proc/$1/wchan"; } 2>/dev/null

# leaves SIGNAL COMMAND… - ends before any call was answered, by the signal or with an error
leaves()
{
    local signal=$1
    shift
    waiting "$@"
    kill -s "$signal" "$WAITER" 2>/dev/null
    wait "$WAITER" 2>/dev/null
    want_eq "status is not 0" "$([ $? != 0 ]; echo $?)" 0
    want_calls any 0
}

# slow NAME - a mount without anything cached, before a slow service
slow()
{
    service "$latency"
    mount_adsfs "$1" cold qps=0 qpm=0 ttl=3000
    mark
}
# Its daemon ends although calls are under way; the next one begins with nothing.
slow_end() { unmount; rm -rf "$XDG_CACHE_HOME/adsfs/cold" "$XDG_STATE_HOME/adsfs/cold"; }

for signal in INT TERM KILL; do
    promise "SIG$signal ends ls while the accounts are listed"
    slow "ls-$signal"
    leaves $signal ls "$MNT"
    slow_end
done

service 0
mount_adsfs warm warm qps=0 qpm=0 ttl=3000
warm=$MNT
find "$warm" >/dev/null
A=$(basename "$(compgen -G "$warm/[0-9]*")")
C=$(grep -lx BUDGET_MODE_DAY "$warm/$A"/campaigns/[0-9]*/budget_mode | while read -r file; do
    jq -e '(.budget_optimize_on | not) and .campaign_automation_type == "MANUAL"' \
        "${file%/*}/info.json" >/dev/null && basename "${file%/*}"
done | head -n 1)
[ -n "$C" ] || give_up "no campaign with a daily budget"
budget=$warm/$A/campaigns/$C/budget
amount=$(cut -d. -f1 "$budget")

for signal in INT TERM KILL; do
    promise "SIG$signal ends cat of a value while its account is listed"
    slow "cat-$signal"
    leaves $signal cat "$MNT/$A/campaigns/$C/budget"
    slow_end
done

promise "a second look-up of the same name ends with the first"
slow twice
env --default-signal=INT cat "$MNT/$A/name" 2>/dev/null &
first=$!
waiting cat "$MNT/$A/name"
kill -INT "$first" "$WAITER"
wait "$first" "$WAITER" 2>/dev/null
want_calls any 0
slow_end
MNT=$warm

service "$latency"
n=0
for signal in INT TERM KILL; do
    n=$((n + 1))
    promise "SIG$signal ends the open of a report, and others are served meanwhile"
    mark
    waiting cat "$warm/$A/reports/$(date -u -d "-1$n days" +%F)/campaign-total.json"
    want_ok cat "$budget" "$warm/$A/name"
    want_ok ls "$warm/$A/campaigns/$C"
    want_calls any 0
    kill -s $signal "$WAITER"
    wait "$WAITER" 2>/dev/null
    want_calls any 0
done

promise "a report that somebody stopped waiting for is there for the next who asks"
want_ok jq -e 'type == "array"' "$warm/$A/reports/$(date -u -d "-11 days" +%F)/campaign-total.json"

promise "SIGURG, which Go's runtime sends all the time, disturbs nobody"
waiting perl -e 'use Fcntl; $SIG{URG} = sub {};
    sysopen(F, $ARGV[0], O_RDONLY) or die "open: $!\n"; sysread(F, $b, 10) or die "read: $!\n"' \
    "$warm/$A/reports/$(date -u -d "-20 days" +%F)/campaign-total.json"
while kill -URG "$WAITER" 2>/dev/null; do
    sleep 0.05
done
wait "$WAITER" || broken "$(cat "$T/waiter.err")" "$(why)"

promise "a wait that is stopped with Ctrl-Z goes on with fg"
waiting perl -e 'use Fcntl; sysopen(F, $ARGV[0], O_RDONLY) or die "open: $!\n"; sysread(F, $b, 10) or die "read: $!\n"' \
    "$warm/$A/reports/$(date -u -d "-22 days" +%F)/campaign-total.json"
kill -TSTP "$WAITER"
sleep 0.1
kill -CONT "$WAITER"
wait "$WAITER" || broken "$(cat "$T/waiter.err")" "$(why)"

promise "SIGINT after a SIGURG still ends the wait"
mark
waiting perl -e 'use Fcntl; $SIG{URG} = sub {}; sysopen(F, $ARGV[0], O_RDONLY) or die "open: $!\n"' \
    "$warm/$A/reports/$(date -u -d "-21 days" +%F)/campaign-total.json"
kill -URG "$WAITER"
sleep 0.1
kill -INT "$WAITER"
wait "$WAITER" 2>/dev/null
want_calls any 0

for signal in INT TERM KILL; do
    promise "SIG$signal ends a write that was not sent, and it is never sent"
    mark
    waiting bash -c "echo $((amount + 5)) > $budget" # reads the value in force first, for max_increase
    kill -s $signal "$WAITER"
    wait "$WAITER" 2>/dev/null
    want_calls any 0
done
service 0
want_ok bash -c "echo '$((amount + 7))!' > $budget"
want_output "$((amount + 7)).00" cat "$budget"
MARK=0
want_eq "updates sent" "$(grep campaign/update "$CALLS" | grep -c "$((amount + 5))")" 0

promise "an update that was sent is not answered EINTR"
service 2000
# Whatever is read first has been answered when the log has it; then the update is under way.
waiting perl -e 'use Fcntl; $SIG{INT} = sub {}; sysopen(F, $ARGV[0], O_WRONLY | O_TRUNC) or die;
    syswrite(F, "$ARGV[1]\n") or die "write: $!\n"' "$budget" "$((amount + 9))"
read_first() { [ "$(calls campaign/get)" -gt 0 ] || gone "$WAITER"; }
until_true read_first
until_true still_waits "$WAITER"
want_calls campaign/update 0
kill -INT "$WAITER"
wait "$WAITER" || broken "$(cat "$T/waiter.err")" "$(why)"
want_calls campaign/update 1
want_output "$((amount + 9)).00" cat "$budget"

promise "an undo of which a part was done is not answered EINTR, and says how much that was"
unmount
service 0
mount_adsfs undo warm qps=0 qpm=0 ttl=3000
account=$(compgen -G "$MNT/[0-9]*")
since=$(date +%FT%T%:z)
sleep 1.1
for name in "$account"/campaigns/[0-9]*/name; do echo "changed ${name: -10:4}" >"$name"; done
unmount
mount_adsfs undo-slow warm qps=1 qpm=0 ttl=3000
waiting perl -e 'use Fcntl; $SIG{INT} = sub {}; sysopen(F, $ARGV[0], O_WRONLY) or die;
    syswrite(F, "$ARGV[1]\n") or die "write: $!\n"' "$MNT/.adsfs/ctl" "undo since $since"
undone() { [ "$(jq -c 'select(.undoes and .outcome == "done")' "$MNT/.adsfs/journal" | wc -l)" -gt 0 ] || gone "$WAITER"; }
until_true undone
kill -INT "$WAITER"
wait "$WAITER" 2>/dev/null
want_output "write: Device or resource busy" cat "$T/waiter.err"
want_like '.* of 6 values were not written back.*' bash -c "tail -n 1 '$MNT/.adsfs/errors' | jq -r .message"
