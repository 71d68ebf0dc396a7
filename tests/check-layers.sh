#!/bin/sh
# SPDX-License-Identifier: MIT
# check-layers.sh ROOT - fs -> cache -> api, and no arrow back. Prints each offending include.
cd "$1" || exit 2
bad=0

# refuse TEXT PATTERN EXCEPT DIRECTORY… - no line of a source there is like PATTERN, unless like EXCEPT
refuse()
{
    text=$1 pattern=$2 except=$3
    shift 3
    for directory; do
        found=$(grep -nE "^ *# *include *$pattern" "$directory"/*.[ch] /dev/null |
            grep -vE "$except")
        [ -n "$found" ] || continue
        printf '%s\n%s\n' "$text" "$found"
        bad=1
    done
}

none='^$'
refuse 'api includes a layer above it:' '"(cache|fs)/' "$none" api
refuse 'cache includes a layer above it:' '"fs/' "$none" cache
# main.c builds the stack: the only file that names all three layers. Commands have a session in its
# place, which is the client alone.
refuse 'fs knows of api its vocabulary only:' '"api/' '^fs/(main|command/session)\.[ch]:|"api/(object|error|money|clock|token|login|auth|secret|endpoint|json|probe|process|nearest|csv|report|metric|breakdown|report-rules)\.h"' fs fs/command
refuse 'FUSE belongs to fs:' '<fuse' "$none" api cache
refuse 'curl belongs to api:' '<curl' "$none" cache fs fs/command
refuse 'SQLite belongs to cache:' '<sqlite' "$none" api fs fs/command
refuse 'the sandbox shares no code with the program:' '"(api|cache|fs)/' "$none" contrib/sandbox

# A pattern that matched nothing because there was nothing to read would prove nothing.
for directory in api cache fs fs/command contrib/sandbox; do
    ls "$directory"/*.c >/dev/null 2>&1 || { echo "no sources in $directory"; bad=1; }
done
exit $bad
