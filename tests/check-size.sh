#!/bin/sh
# SPDX-License-Identifier: MIT
# check-size.sh ROOT - a file of more than 600 lines or a function of more than 70 is one too many.
# Prints each. A function begins at a line "{" and ends at a line "}" in the first column: the house
# style has it so, and tables and structs open their brace at the end of a line.
cd "$1" || exit 2

sources=$(find api cache fs contrib tests -name node_modules -prune -o -name '*.[ch]' -print)
[ -n "$sources" ] || { echo "no sources"; exit 2; }

# shellcheck disable=SC2086 # a list of names without blanks
awk '
FNR == 1 { name = "" }
FNR == 601 { print FILENAME ": more than 600 lines"; bad = 1 }
/^[a-zA-Z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { start = FNR }
/^\}/ && start {
    lines = FNR - start + 1
    if (lines > 70) { print FILENAME ":" start ": " name " has " lines " lines"; bad = 1 }
    start = 0
}
END { exit bad }
' $sources
