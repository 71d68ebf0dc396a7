#!/bin/bash
# SPDX-License-Identifier: MIT
# remount.sh - what is known and fresh is known after a remount: no call, and the same numbers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile test "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 2 8 3 2)

# numbers - inode and name of all but the control directory
numbers() { (cd "$MNT" && find . -path ./.adsfs -prune -o -printf '%i %y %p\n' | sort -k 3); }

mount_adsfs place test qps=0 qpm=0 ttl=3000
numbers >"$T/before"
C=$(cd "$MNT" && compgen -G '[0-9]*/campaigns/[0-9]*' | head -n 1)
cat "$MNT/$C/budget" "$MNT/$C/name" >"$T/values"
cat "$MNT/$C/reports/last-30d/campaign-day.csv" >"$T/report"
want_ok test -s "$T/report"
size=$(stat -L -c %s "$MNT/$C/reports/last-30d/campaign-day.csv")
# The flat by-name shows the very link of the nested one again: same text, same number.
grep -vE '^[^/]*/[^/]*/(adgroups|ads)/by-name/.' "$T/before" | sort |
    awk '$1 "" == number { print line; print $0 } { number = $1; line = $0 }' >"$T/twice"

promise "no two files have the same inode"
want_eq "inodes seen twice" "$(head -n 3 "$T/twice")" ""
unmount

promise "a remount makes no call for what is fresh"
mark
mount_adsfs place test qps=0 qpm=0 ttl=3000
numbers >"$T/after"
cat "$MNT/$C/budget" "$MNT/$C/name" >"$T/values.after"
want_ok cmp "$T/values" "$T/values.after"
want_calls any 0

promise "inode numbers survive it"
want_ok test "$(wc -l <"$T/before")" -gt 500
want_eq "changed numbers" "$(diff <(grep -v /reports/ "$T/before") <(grep -v /reports/ "$T/after") | head -n 4)" ""

promise "the report's last size is known before it is opened, and it is read without a call"
want_eq "size" "$(stat -L -c %s "$MNT/$C/reports/last-30d/campaign-day.csv")" "$size"
want_ok cmp "$T/report" "$MNT/$C/reports/last-30d/campaign-day.csv"
want_calls any 0

promise "a value written is the value after a remount"
echo '777!' >"$MNT/$C/name" || broken "refused"
unmount
mount_adsfs place test qps=0 qpm=0 ttl=3000
want_output '777!' cat "$MNT/$C/name"

promise "expired lists are asked for again, and numbers stay"
unmount
mark
mount_adsfs place test qps=0 qpm=0 ttl=0
numbers >"$T/after"
[ "$(calls campaign/get)" -ge 2 ] || broken "campaign/get: $(calls campaign/get)"
want_eq "changed numbers" "$(diff <(grep -vE '/(reports|by-name)/' "$T/before") \
    <(grep -vE '/(reports|by-name)/' "$T/after") | head -n 4)" ""

promise "a cache that is gone is made anew"
unmount
rm -rf "$XDG_CACHE_HOME"
mount_adsfs place test qps=0 qpm=0 ttl=3000
want_output '777!' cat "$MNT/$C/name"

promise "a cache file that is broken is made anew, or the mount says which"
unmount
find "$XDG_CACHE_HOME" -name '*-wal' -delete -o -name '*-shm' -delete
file=$(find "$XDG_CACHE_HOME" -name cache.sqlite)
want_ok test -f "$file"
head -c 20000 /dev/urandom >"$file"
mount_adsfs place test qps=0 qpm=0 ttl=3000
want_output '777!' cat "$MNT/$C/name"

promise "cache and state are for this user only"
want_eq "cache" "$(stat -c %a "$XDG_CACHE_HOME/adsfs/test")" 700
want_eq "state" "$(stat -c %a "$XDG_STATE_HOME/adsfs/test")" 700
