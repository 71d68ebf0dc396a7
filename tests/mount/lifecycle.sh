#!/bin/bash
# SPDX-License-Identifier: MIT
# lifecycle.sh - a mount begins when it answers and ends without leaving anything behind.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

options="sandbox_options=$TREE,sandbox_log=$CALLS,qps=0,qpm=0"
MNT=$T/mounts/place
mkdir "$MNT"

# daemon NAME [OPTION] - as a person starts it
daemon()
{
    LOG=$T/$1.log
    logs+=("$LOG")
    want_ok "$ADSFS" sandbox "$MNT" -o "$options,log_file=$LOG${2:+,$2}"
    want_eq "output of adsfs" "$OUT$ERR" ""
}

# Not a child: it is gone when no process has our directory in its words.
all_gone()
{
    is_mounted "$MNT" && broken "still mounted"
    nothing_left || broken "left running: $(processes_with "$T" | while read -r pid; do
        tr '\0' ' ' <"/proc/$pid/cmdline"
        echo
    done)"
    want_eq "left in the directories of the user" "$(find "$TMPDIR" "$XDG_CACHE_HOME" "$XDG_STATE_HOME" \
        -name '*.sqlite*' 2>/dev/null)" ""
}

# go_inside - a process of which the mount is the current directory; sets INSIDE
go_inside()
{
    (cd "$MNT" && exec sleep 1000) &
    INSIDE=$!
    until_true is_inside
}
is_inside() { [ "$(readlink "/proc/$INSIDE/cwd")" = "$MNT" ]; }
come_out()
{
    kill "$INSIDE"
    wait "$INSIDE" 2>/dev/null
}

promise "adsfs returns when the mount answers, not before"
daemon first
want_ok ls "$MNT/README.md"
want_ok ls "$MNT"
want_eq "kind of file system" "$(stat -f -c %T "$MNT")" fuseblk
want_ok grep -q " $MNT .* fuse.adsfs " /proc/self/mountinfo

promise "fusermount3 -u ends the daemon, the sandbox and their files"
want_ok fusermount3 -u "$MNT"
all_gone

promise "the same place can be mounted again"
daemon second
want_ok ls "$MNT"

promise "while a process is inside, fusermount3 -u refuses and -uz unmounts"
go_inside
want_refused "busy" fusermount3 -u "$MNT"
want_ok ls "$MNT"
want_ok fusermount3 -uz "$MNT"
come_out
all_gone

promise "whoever reads the output of adsfs sees its end: nothing holds it open"
"$ADSFS" sandbox "$MNT" -o "$options" 2>&1 | timeout 20 cat >"$T/output"
want_eq "status of adsfs and of cat" "${PIPESTATUS[*]}" "0 0"
want_eq "output of adsfs" "$(cat "$T/output")" ""
want_ok ls "$MNT/README.md"
want_ok fusermount3 -u "$MNT"
all_gone

for signal in TERM INT; do
    promise "SIG$signal ends it cleanly, the sandbox too"
    mount_sandbox
    want_ok ls "$MNT"
    kill -s $signal "$DAEMON"
    ended "$DAEMON" 0
    forget_daemon
    all_gone
done

promise "SIGHUP does not: a mount outlives the terminal it was started from"
mount_sandbox
kill -s HUP "$DAEMON"
want_ok ls "$MNT"
unmount

promise "SIGTERM ends it while a process is inside"
mount_sandbox
go_inside
kill -TERM "$DAEMON"
ended "$DAEMON" 0
forget_daemon
come_out
all_gone

promise "after kill -9 the watcher clears the mount and the sandbox ends"
mount_sandbox
want_ok ls "$MNT"
kill -KILL "$DAEMON"
wait "$DAEMON" 2>/dev/null
forget_daemon
unmounted() { ! is_mounted "$MNT"; }
until_true unmounted
want_ok ls -A "$MNT"
all_gone_after_kill() { nothing_left || broken "left running: $(processes_with "$T")"; }
all_gone_after_kill

promise "after kill -9 it is cleared even while a process is inside"
mount_sandbox
go_inside
kill -KILL "$DAEMON"
wait "$DAEMON" 2>/dev/null
forget_daemon
until_true unmounted
come_out
all_gone_after_kill

promise "and the place can be mounted again"
mount_sandbox
want_ok ls "$MNT"
unmount

promise "two mounts of the sandbox live side by side"
mount_adsfs one sandbox "sandbox_options=$TREE" qps=0 qpm=0
one=$MNT
mount_adsfs two sandbox "sandbox_options=$TREE" qps=0 qpm=0
want_ok ls "$one" "$MNT"
unmount "$MNT"
want_ok ls "$one"
unmount "$one"

promise "what the directory held before is covered, and there again afterwards"
MNT=$T/mounts/place
echo before >"$MNT/before"
daemon covering
want_status 1 test -e "$MNT/before"
want_ok fusermount3 -u "$MNT"
all_gone
want_output before cat "$MNT/before"
rm -f "$MNT/before"

promise "a daemon has no terminal, and / for its directory"
daemon alone
for pid in $(processes_with "$MNT"); do
    want_eq "terminal of $pid" "$(awk '{ print $7 }' "/proc/$pid/stat")" 0
    cwd=$(readlink "/proc/$pid/cwd") && want_eq "directory of $pid" "$cwd" /
done
want_ok fusermount3 -u "$MNT"
all_gone
