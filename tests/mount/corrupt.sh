#!/bin/bash
# SPDX-License-Identifier: MIT
# corrupt.sh - a cache file that can not be used is put aside with a message and made anew; a full
# disk keeps nobody from mounting, and ends nobody's mount.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile store "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 2 4 2 1)
dir=$XDG_CACHE_HOME/adsfs/store
file=$dir/cache.sqlite

mount_store() { mount_adsfs store store qps=0 qpm=0 ttl=3000 "$@"; }
all() { (cd "$MNT" && find [0-9]* -path '*/reports' -prune -o -print | sort); }
sql() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())' "$file" "$1"; }

mount_store
all >"$T/all"
want_ok test "$(wc -l <"$T/all")" -gt 300
unmount

# settle - what is in the log goes to the file, which is what is to be spoilt
settle() { sql "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null; }

spoil_version() { sql "PRAGMA user_version = 1" >/dev/null; }
spoil_newer() { sql "PRAGMA user_version = 1000" >/dev/null; }
spoil_garbage() { head -c 200000 /dev/urandom >"$file"; }
spoil_text() { echo "this is no database" >"$file"; }
spoil_truncated() { truncate -s 12288 "$file"; }
spoil_page() { dd if=/dev/urandom of="$file" bs=4096 seek=3 count=40 conv=notrunc status=none; }
spoil_directory() { rm "$file" && mkdir "$file" && touch "$file/inside"; }
spoil_readonly() { chmod 400 "$file"; }

# Once more each, since what is broken deep inside is found only when it is read.
for what in version newer garbage text truncated page directory directory readonly; do
    promise "$what: the cache is put aside with a message, the mount comes up and shows all"
    [ -f "$file" ] || give_up "no cache file"
    settle
    "spoil_$what"
    mount_store
    all >"$T/after" 2>/dev/null || { unmount; mount_store; all >"$T/after"; }
    want_ok cmp "$T/all" "$T/after"
    if [ "$what" != readonly ] || [ "$(id -u)" != 0 ]; then # root may write what is read-only
        want_ok grep -q "cache.sqlite can not be used and is made anew; the old one is .*cache.sqlite.bad" "$LOG.out"
        want_ok test -e "$file.bad"
    fi
    want_eq "old ones" "$(find "$dir" -maxdepth 1 -name '*.bad*' | wc -l)" 1
    unmount
    : >"$LOG.out"
done

promise "an empty file and a log that is garbage are no loss"
: >"$file"
rm -rf "$file.bad"
mount_store
all >"$T/after"
want_ok cmp "$T/all" "$T/after"
unmount
settle
head -c 100000 /dev/urandom >"$file-wal"
mount_store
mark
all >"$T/after"
want_ok cmp "$T/all" "$T/after"
want_calls any 0
want_ok test ! -e "$file.bad"
unmount

promise "a cache that can not be put aside is said, and what to do"
rm -rf "$dir/cache.sqlite"*
mkdir -p "$file.bad/full" "$file/full"
run "$ADSFS" store "$MNT" -o "log_file=$LOG"
if is_mounted "$MNT"; then # it found another name
    fusermount3 -u "$MNT"
else
    [[ $STATUS != 0 && $ERR == *"cache.sqlite"* ]] || broken "$STATUS" "$ERR"
fi
rm -rf "$dir/cache.sqlite"*

if ! [ "$(id -u)" = 0 ] || ! mount -t tmpfs -o size=1m none "$dir" 2>/dev/null; then
    skip_promise "a full disk at the mount" "needs root"
    skip_promise "a full disk later" "needs root"
    exit 0
fi
trap 'umount -l "$dir" 2>/dev/null; finish' EXIT
fill() { head -c 4m /dev/zero >"$dir/fill" 2>/dev/null; }

promise "with a full disk the mount comes up all the same, and says where it keeps what it reads"
fill
mount_store
all >"$T/after"
want_ok cmp "$T/all" "$T/after"
want_ok grep -q "no space" "$LOG"
want_like '.*no space.*' jq -r .cache_notice "$MNT/.adsfs/status.json"
unmount
want_eq "left over" "$(find "$T/tmp" /dev/shm "${XDG_RUNTIME_DIR:-/nowhere}" -maxdepth 1 -name 'adsfs-cache-*' 2>/dev/null | wc -l)" 0

promise "and again with a cache from before on it, which is kept"
rm -f "$dir/fill"
mount_adsfs store store qps=0 qpm=0 ttl=3000
ls "$MNT" >/dev/null
unmount
sum=$(sha256sum <"$file")
fill
mount_store
all >"$T/after"
want_ok cmp "$T/all" "$T/after"
unmount
want_eq "the file" "$(sha256sum <"$file")" "$sum"

promise "a disk that fills up later is an error or what is known, and not the end"
rm -f "$dir/fill"
mount_store
cat "$MNT"/[0-9]*/currency >/dev/null
fill
mapfile -t A < <(cd "$MNT" && compgen -G '[0-9]*')
refused=0
for path in "${A[0]}/campaigns" "${A[0]}/adgroups" "${A[0]}/ads" "${A[1]}/ads"; do
    ls "$MNT/$path" >"$T/list" 2>"$T/stderr" || {
        refused=1
        grep -q "No space left on device" "$T/stderr" || broken "$path" "$(cat "$T/stderr")"
    }
done
want_eq "refused" "$refused" 1
want_ok ls "$MNT"
want_ok cat "$MNT/${A[0]}/currency"
want_like '.*space.*' jq -rs 'map(select(.errno == "ENOSPC"))[-1].message' "$MNT/.adsfs/errors"

promise "when there is space again, all is well again, without a new mount"
rm -f "$dir/fill"
sleep 1.1
all >"$T/after"
want_ok cmp "$T/all" "$T/after"
unmount
