#!/bin/bash
# SPDX-License-Identifier: MIT
# tools.sh - git, rsync, tar, cp and grep over a tree that was never looked at before: all of them
# get through with the status they promise, and none asks for a report.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 2 6 2 2)
no_report() { want_calls report/integrated/get 0; }

# Nothing of what was known in a mount before is known in this one.
cold() { mount_sandbox ttl=3000; }

# later - in another second than when it was called
later() { local now=$SECONDS; until [ "$SECONDS" -gt $((now + 1)) ]; do sleep 0.1; done; }

promise "cp -r copies the tree, without a report"
cold
want_ok cp -r "$MNT" "$T/cp"
want_eq "cp says" "$ERR" ""
no_report
unmount

promise "tar cf archives it, and sees nothing change meanwhile"
cold
want_ok tar cf "$T/all.tar" -C "$MNT" .
want_eq "tar says" "$ERR" ""
no_report
unmount
mkdir "$T/tar"
want_ok tar xf "$T/all.tar" -C "$T/tar"

promise "rsync -a copies it to a plain directory"
cold
later # than the mount: what only comes to be known has not changed
want_ok rsync -a "$MNT/" "$T/rsync/"
want_eq "rsync says" "$ERR" ""
no_report

promise "the second rsync -a transfers no file"
mark
for again in a b; do
    later # and the mount is at work in between
    cat "$MNT"/[0-9]*/campaigns/[0-9]*/name "$MNT/.adsfs/status.json" >"$T/read.$again"
    want_ok rsync -a --itemize-changes --stats "$MNT/" "$T/rsync/"
    want_eq "transferred" "$(grep -E '^[<>ch][fLdDS]' <<<"$OUT" | head -n 4)" ""
    want_eq "files transferred" "$(sed -n 's/^Number of regular files transferred: //p' <<<"$OUT")" 0
done
want_calls any 0

promise "what has changed is taken by the next one: the value, and the tables of its account"
account=$(cd "$MNT" && compgen -G '[0-9]*' | head -n 1)
campaign=$(grep -lx ENABLE "$MNT/$account"/campaigns/[0-9]*/status | head -n 1)
want_ok bash -c "echo 'changed since' >${campaign%/*}/name"
later
want_ok rsync -a --itemize-changes --dry-run "$MNT/" "$T/rsync/"
taken() { grep -cE "^>f.* $account/$1$" <<<"$OUT"; }
want_eq "values" "$(taken 'campaigns/[0-9]+/name')" 1
want_eq "tables" "$(taken '(campaigns|adgroups|ads)\.csv')" 3
want_eq "of the other account" "$(grep '^>f' <<<"$OUT" | grep -v '/\?\.adsfs/' | grep -vc " $account/")" 0
unmount

# The control files are about the mount itself. What moves all the time has no size, as in /proc:
# tar and rsync take 0 bytes of it, cp reads what is there.
promise "the three copies are the same, and whole"
# Rows of a table are in the order in which a mount came to know of the objects.
same_copies()
{
    local table
    want_ok diff -r --no-dereference --exclude=.adsfs --exclude='*s.csv' "$1" "$2"
    (cd "$1" && find . -name '*s.csv' -type f) >"$T/tables"
    while read -r table; do
        want_ok test -s "$2/$table"
        want_ok cmp <(sort "$1/$table") <(sort "$2/$table")
    done <"$T/tables"
}
same_copies "$T/cp" "$T/tar"
same_copies "$T/cp" "$T/rsync"
want_eq "ads" "$(find "$T/rsync" -path '*/adgroups/[0-9]*/ads/[0-9]*/landing_page' -size +0 | wc -l)" 48
want_eq "budgets without a value" "$(find "$T/tar" -name budget -size 0)" ""
want_ok jq -e '.loop.turns > 0' "$T/cp/.adsfs/status.json"
want_ok test -e "$T/tar/.adsfs/status.json" -a -e "$T/rsync/.adsfs/status.json"

promise "grep -r finds what is there, and ends with 1 where nothing is"
cold
want_ok grep -rl --include=status ENABLE "$MNT"
want_ok test "$(wc -l <<<"$OUT")" -gt 10
want_status 1 grep -r "no name has this" "$MNT"
want_eq "grep says" "$ERR" ""
no_report
unmount

promise "git status and git add -A work, with the repository elsewhere"
cold
export GIT_DIR=$T/repository GIT_WORK_TREE=$MNT
want_ok git init -q
want_ok git status --short
want_eq "accounts" "$(grep -cE '^\?\? [0-9]+/$' <<<"$OUT")" 2
want_ok git add -A
no_report

promise "what was added is the tree, and nothing in it has changed since"
git ls-files >"$T/files"
want_eq "files" "$(wc -l <"$T/files")" "$(find "$MNT" ! -type d | wc -l)"
later
cat "$MNT"/[0-9]*/name "$MNT/.adsfs/status.json" >"$T/read"
want_ok git status --porcelain
want_eq "changed since" "$(grep -v '^A  ' <<<"$OUT" | head -n 4)" ""
want_ok git -c user.name=test -c user.email=test@localhost commit -qm all
want_output "" git status --porcelain
want_ok git diff --exit-code
budget=$(cd "$MNT" && compgen -G '[0-9]*/campaigns/[0-9]*/budget' | head -n 1)
want_output "$(cat "$MNT/$budget")" git show "HEAD:$budget"
unset GIT_DIR GIT_WORK_TREE
no_report
