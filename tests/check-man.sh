#!/bin/sh
# SPDX-License-Identifier: MIT
# check-man.sh MANUAL ADSFS - the manual is well formed, and has each option and command as `adsfs
# --help` has it, and none that is not there. Prints what differs: the lines that begin with > are
# those to put into the manual.
manual=$1 adsfs=$2
bad=0

# Well formed, to whichever of the two programs is here.
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$manual" || bad=1
fi
if command -v man >/dev/null; then
    said=$(LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings -l "$manual" 2>&1 >/dev/null)
    [ -z "$said" ] || { echo "$said"; bad=1; }
fi

# items FIRST LAST - of the help between two lines: `.It Li NAME` and what it is, on a line each
items()
{
    "$adsfs" --help | awk -v first="$1" -v last="$2" '
        $0 ~ first { on = 1; next }
        $0 ~ last { on = 0 }
        !on || /^ *$/ { next }
        /^  [^ ]/ {
            line = substr($0, 3)
            at = index(line, "  ")
            name = at > 0 ? substr(line, 1, at - 1) : line
            text = at > 0 ? substr(line, at) : ""
            sub(/^ +/, "", text)
            print ".It Li " name
            if (text != "") print text
            next
        }
        { sub(/^ +/, ""); print }'
}

# listed HEADING - the same of the manual: the first list below the heading
listed()
{
    awk -v heading="$1" '
        $0 ~ "^[.]S[sh] " heading "$" { below = 1 }
        below && /^[.]Bl / { on = 1; next }
        on && /^[.]El/ { exit }
        on' "$manual"
}

# compare HEADING FIRST LAST
compare()
{
    items "$2" "$3" >"$work/help"
    listed "$1" >"$work/manual"
    [ -s "$work/help" ] || { echo "$1: nothing found in adsfs --help"; bad=1; }
    diff "$work/manual" "$work/help" >"$work/diff" || { echo "$1:"; cat "$work/diff"; bad=1; }
}

work=$(mktemp -d) || exit 1
trap 'rm -r "$work"' EXIT
compare "Flags" "^ends a mount" "^commands:"
compare "COMMANDS" "^commands:" "^options"
compare "Mount options" "^options" "^The usual words"
exit $bad
