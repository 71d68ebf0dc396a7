#!/bin/bash
# SPDX-License-Identifier: MIT
# as-user.sh SCRIPT - the same test as the ordinary user $ADSFS_TEST_USER, for whom modes count and
# fusermount3 mounts. The clone may lie where that user can not look (/root is 0700), so programs
# and scripts are copied to where it can.
set -u
script=$1
user=${ADSFS_TEST_USER:-adsfs-test}

skip() { echo "1..0 # SKIP $1"; exit 0; }

[ "$(id -u)" = 0 ] || skip "only root can become another user"
id "$user" >/dev/null 2>&1 || skip "no user $user (contrib/setup check makes one)"

copy=$(mktemp -d "${TMPDIR:-/tmp}/adsfs-as-user.XXXXXX") || exit 1
child=
trap 'rm -rf "$copy"' EXIT
trap '[ -n "$child" ] && kill -TERM "$child"; wait; exit 1' INT TERM
# The tests where they are in the source, with what they read of contrib/ where that is.
here=$(cd "$(dirname "$script")" && pwd)
mkdir "$copy/tests" "$copy/contrib" && cp "$ADSFS" "$ADSFS_SANDBOX" "$copy" && cp -r "$here" "$copy/tests/mount" &&
    cp -r "$here"/../../contrib/{completions,man,recipes} "$copy/contrib" || exit 1
chmod -R a+rX "$copy"

# Nothing of root's surroundings but what a test is told.
cd "$copy" && env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C.UTF-8 TMPDIR="${TMPDIR:-/tmp}" HOME=/nonexistent \
    ADSFS="$copy/$(basename "$ADSFS")" ADSFS_SANDBOX="$copy/$(basename "$ADSFS_SANDBOX")" \
    setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups \
    bash "$copy/tests/mount/$(basename "$script")" &
child=$!
wait "$child"
