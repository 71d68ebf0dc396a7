#!/bin/bash
# SPDX-License-Identifier: MIT
# full-report.sh - a report for which the disk has no room: the open fails with ENOSPC and leaves
# nothing behind, and everything else goes on.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p "$XDG_CACHE_HOME"
if ! [ "$(id -u)" = 0 ] || ! mount -t tmpfs -o size=64m none "$XDG_CACHE_HOME" 2>/dev/null; then
    skip_promise "a report on a full disk" "needs root"
    exit 0
fi
trap 'umount -l "$XDG_CACHE_HOME" 2>/dev/null; finish' EXIT
disk() { mount -o "remount,size=$1" "$XDG_CACHE_HOME" || give_up "no disk of $1"; }

# 300 ads by hour for four days: 28,800 rows, 10 MB of JSON, half of that as rows
port=$(free_port)
profile full "$port"
service_start "$port" --advertisers 1 --campaigns 5 --adgroups 20 --ads 300 --always-deliver --task-delay 20
mount_full() { mount_adsfs full full qps=0 qpm=0 ttl=3000 "$@" && A=$(cd "$MNT" && compgen -G '[0-9]*'); }
ago() { date -u -d "-$1 days" +%F; }
mount_full
large="$A/reports/$(ago 6)..$(ago 3)/ad-hour.json"
small="$A/reports/$(ago 5)/campaign-total.json"

# left - what is in the cache besides the cache
left() { find "$XDG_CACHE_HOME" -type f ! -name 'cache.sqlite*' ! -name lock -printf '%P '; }

is_refused()
{
    want_refused "No space left on device" cp "$MNT/$large" "$T/none"
    want_ok test ! -e "$T/none"
    want_like '.*space.*' jq -rs 'map(select(.errno == "ENOSPC"))[-1].message' "$MNT/.adsfs/errors"
    echo "# $OUT"
}

is_alive()
{
    want_ok ls "$MNT/$A/campaigns"
    want_ok cat "$MNT/$A/currency"
    want_ok jq -e 'length == 5' "$MNT/$small"
    want_ok jq -e . "$MNT/.adsfs/status.json"
}

# by MODE - 12 MB do not hold the rows and the file, 6 MB the rows, 2 MB the log of the store
by()
{
    local room readers=() i
    for room in 12m 6m 2m; do
        unmount
        rm -rf "${XDG_CACHE_HOME:?}"/*
        disk "$room"
        mount_full "report_mode=$1"

        promise "$1, a disk of $room: to open a larger report fails with ENOSPC, and why is said"
        is_refused

        promise "$1, $room: nothing of it is left, and all else is there, a smaller report too"
        want_eq "left" "$(left)" ""
        is_alive
        want_eq "left but that" "$(left | wc -w)" 1

        promise "$1, $room: all of many who wait for it are told"
        for i in 1 2 3 4; do
            cat "$MNT/$large" >"$T/read.$i" 2>"$T/said.$i" &
            readers[i]=$!
        done
        for i in 1 2 3 4; do
            wait "${readers[i]}" && broken "reader $i: read $(stat -c %s "$T/read.$i") bytes"
            want_ok grep -q "No space left on device" "$T/said.$i"
            want_eq "bytes of reader $i" "$(stat -c %s "$T/read.$i")" 0
        done
        smaller_left() { [ "$(left | wc -w)" = 1 ]; } # the last of them may just be closing
        until_true smaller_left
    done
}

by sync
by async

promise "when there is room again it is made, without a new mount"
disk 64m
sleep 1.1 # a failure is remembered for a second
want_ok cp "$MNT/$large" "$T/made"
want_ok jq -e 'length == 300 * 24 * 4' "$T/made"
want_eq "left" "$(left | wc -w)" 2

promise "and a mount after that has it as it was"
unmount
mount_full
mark
want_ok cmp "$MNT/$large" "$T/made"
want_calls any 0
is_alive
unmount
