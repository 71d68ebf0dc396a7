#!/bin/bash
# SPDX-License-Identifier: MIT
# rows.sh - a descriptor is of one object for ever: whatever is deleted, made anew or rebuilt, a
# write through it reaches that object or nothing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile test "$port" "writable = true"
service() { service_stop; service_start "$port" --advertisers 1 --campaigns "$1" --adgroups $(($1 * 2)) --ads $(($1 * 4)); }
cache=$XDG_CACHE_HOME/adsfs/test/cache.sqlite

service 12
mount_adsfs first test qps=0 qpm=0 ttl=2
HELD_PY=$(readlink -f "$(dirname "$0")")/held.py
cd "$MNT" || give_up "cd"
A=$(compgen -G '[0-9]*')

# numbers - of the rows of all objects that are listed, one a line
numbers()
{
    local ino
    find "$MNT/$A/campaigns" "$MNT/$A/adgroups" "$MNT/$A/ads" -name '[0-9]*' -printf '%i\n' |
        while read -r ino; do
            echo $((ino >> 8))
        done | sort -nu
}

# A campaign whose files can be written, with an ad group and an ad below; another one to stay.
writable() { for d in "$A"/campaigns/[0-9]*; do
    [ -w "$d/name" ] && [ -w "$d/status" ] && compgen -G "$d/adgroups/[0-9]*/ads/[0-9]*" >"$T/ads" && echo "$d"
done; }
writable >"$T/writable"
C=$(sed -n 1p "$T/writable")
other=$(sed -n 2p "$T/writable")
[ -n "$other" ] || give_up "no two campaigns that can be written"
G=$(compgen -G "$C/adgroups/[0-9]*" | head -n 1)
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)
numbers >"$T/numbers.first"

# updates - the ids in all that was sent to be changed since the mark, a line each
updates()
{
    tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .body |
        (if type == "string" then fromjson else . end) | .. | objects |
        .campaign_id, .adgroup_id, .ad_id, (.campaign_ids, .adgroup_ids, .ad_ids | arrays[]) |
        select(. != null)' | sort -u
}
others() { updates | grep -vxE "${C##*/}|${G##*/}|${D##*/}"; }

# Descriptors of all that can be written in them, in a process of their own.
coproc HELD { exec python3 "$HELD_PY" "$C"/{name,budget,status} "$G"/{name,budget,bid,status} "$D"/{name,status}; }
held_pid=$HELD_PID held_in=${HELD[1]} held_out=${HELD[0]}
read -r n <&"$held_out"
want_ok test "$n" -ge 5

# write_all - through each of the descriptors; sets OUT to how each ended
write_all()
{
    local line
    OUT=
    echo >&"$held_in"
    while read -r line <&"$held_out" && [ -n "$line" ]; do
        OUT+=$line$'\n'
    done
    want_eq "writes" "$(grep -c . <<<"$OUT")" "$n"
}

promise "while it is there, a write through a descriptor reaches it, and nothing else"
mark
write_all
want_eq "not written" "$(grep -v ^written <<<"$OUT")" ""
want_eq "changed" "$(updates)" "$(printf '%s\n' "${C##*/}" "${G##*/}" "${D##*/}" | sort -u)"

promise "a write to an object that was deleted behind the mount's back fails, and changes no other"
want_ok tell "$port" campaign/status/update "{\"advertiser_id\": \"$A\", \"campaign_ids\": [\"${C##*/}\"], \"operation_status\": \"DELETE\"}"
want_eq "answer" "$(jq .code <<<"$OUT")" 0
mark
write_all
want_eq "written" "$(grep ^written <<<"$OUT")" ""
want_eq "changed" "$(others)" ""

promise "and with ESTALE once the mount knows, without a call that changes anything"
# A campaign is shown as long as there are ad groups of it, as far as is known.
gone_from_list() { ls "$A/adgroups" "$A/ads" >"$T/ls"; [ ! -e "$C" ]; }
until_true gone_from_list
mark
write_all
want_eq "not stale" "$(grep -v ^ESTALE <<<"$OUT")" ""
want_eq "changed" "$(updates)" ""
want_eq "value of another" "$(cat "$other/name" | wc -l)" 1

promise "what is new has numbers that nothing had before, and the old descriptors do not reach it"
cd / && service 16 && cd "$MNT" || give_up "cd" # four campaigns more
more() { [ "$(find "$A/campaigns" -maxdepth 1 -name '[0-9]*' | wc -l)" = 15 ]; }
until_true more
numbers >"$T/numbers.second"
last=$(tail -n 1 "$T/numbers.first")
want_eq "new numbers among the old" "$(comm -13 "$T/numbers.first" "$T/numbers.second" | awk -v last="$last" '$1 <= last')" ""
want_ok test "$(comm -13 "$T/numbers.first" "$T/numbers.second" | wc -l)" -ge 16
mark
write_all
want_eq "changed" "$(others)" ""

cd / || exit


# again HOW - the same profile with another cache file; its numbers are above all before
again()
{
    mount_adsfs "$1" test qps=0 qpm=0 ttl=3000
    numbers >"$T/numbers.new"
    want_eq "objects" "$(wc -l <"$T/numbers.new")" "$objects"
    want_ok test "$(head -n 1 "$T/numbers.new")" -gt "$last"
    last=$(tail -n 1 "$T/numbers.new")
}
objects=$(wc -l <"$T/numbers.second")
last=$(tail -n 1 "$T/numbers.second")

promise "a descriptor of a mount that is gone reaches nothing, also while the cache is made anew"
want_ok fusermount3 -u -z "$MNT"
first=$MNT first_daemon=$DAEMON
rm -f "$cache" "$cache"-*
again rebuilt
want_ok test "$MNT" != "$first"
mark
write_all
want_eq "changed" "$(others)" ""
echo end >&"$held_in"
ended "$held_pid" 0
ended "$first_daemon" 0
unmount

promise "a cache that was removed is made anew, with numbers above all before"
rm -f "$cache" "$cache"-*
again removed
unmount

promise "and so is one that is no database any more"
rm -f "$cache"-*
head -c 100000 /dev/urandom >"$cache"
again corrupt
want_ok grep -q "can not be used and is made anew" "$LOG" "$LOG.out"
unmount

promise "or that is one, but with pages that are not"
python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)")' "$cache"
want_ok test "$(stat -c %s "$cache")" -gt 65536
dd if=/dev/urandom of="$cache" bs=4096 seek=1 count=12 conv=notrunc 2>"$T/dd"
again damaged
want_ok grep -q "can not be used and is made anew" "$LOG" "$LOG.out"
