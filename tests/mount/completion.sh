#!/bin/bash
# SPDX-License-Identifier: MIT
# completion.sh - bash and zsh complete the names of reports behind any command, and the command adsfs;
# no TAB costs a call.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
COMPLETIONS=$(cd "$HERE/../../contrib/completions" && pwd)
PATH=$(dirname "$ADSFS"):$PATH
BASH_COMPLETION=/usr/share/bash-completion/bash_completion
TREE="$(tree 1 2 1 1) --centers 1"
mount_sandbox ttl=0
A=$(cd "$MNT" && compgen -G '[0-9]*')
B=$(cd "$MNT" && compgen -G 'business-centers/[0-9]*')
C=$(cd "$MNT" && compgen -G "$A/campaigns/[0-9]*" | head -n 1)
R=$A/reports/last-30d

profile agency 1
echo ". $COMPLETIONS/adsfs.bash" >"$T/bash.plain"
printf '%s\n' ". $BASH_COMPLETION" ". $COMPLETIONS/adsfs.bash" >"$T/bash.more"
printf '%s\n' "fpath=($COMPLETIONS \$fpath)" "autoload -Uz compinit; compinit -u -D" >"$T/zsh.plain"

# complete TEXT - in SHELL_NAME with RC, in $IN
complete_text()
{
    run python3 "$HERE/complete.py" "$SHELL_NAME" "$RC" "${IN:-$MNT}" "$1"
    [ "$STATUS" = 0 ] || broken "$1: $ERR"
}

# becomes TEXT LINE - the line after two TABs
# zsh puts a comma behind an option, until something else is typed
becomes()
{
    complete_text "$1"
    [[ $(tail -n 1 <<<"$OUT") =~ (^|> )"$2",?"#typed"$ ]] || broken "$SHELL_NAME: $1" "  wanted $2" "$OUT"
}

# lists TEXT WORD… - the words are offered; -WORD: it is not
lists()
{
    local text=$1 word
    complete_text "$text"
    shift
    for word; do
        if [[ $word == -* ]]; then
            grep -qE "(^|[/ ])${word#-}( |\$)" <<<"$OUT" && broken "$SHELL_NAME: $text offers ${word#-}" "$OUT"
        else
            grep -qE "(^|[/ ])$word( |\$)" <<<"$OUT" || broken "$SHELL_NAME: $text does not offer $word" "$OUT"
        fi
    done
}

try_all()
{
    # Everything is old at once here, so whoever looks at anything asks for it.
    promise "$1: cat MOUNT/$R/camp<TAB> is a name of the grammar, without a call"
    mark
    local said
    said=$(wc -l <"$MNT/.adsfs/errors")
    IN=$T becomes "cat $MNT/$R/camp" "cat $MNT/$R/campaign-"
    IN=$T lists "cat $MNT/$R/campaign-" campaign-total campaign-day campaign-hour
    IN=$T lists "cat $MNT/$R/campaign-day@clic" '[^ ]*@clicks.csv'
    IN=$T becomes "cat $MNT/$A/reports/y" "cat $MNT/$A/reports/yesterday/"
    want_calls any 0
    want_eq "lines of errors" "$(wc -l <"$MNT/.adsfs/errors")" "$said"

    promise "$1: metrics that go with the rest of the name, sets, and what ends the name"
    lists "cat $R/campaign-day@sp" '[^ ]*@spend' '[^ ]*@spend_credits'
    becomes "cat $R/campaign-day@spend,impre" "cat $R/campaign-day@spend,impressions"
    becomes "cat $R/campaign-day-age@frequ" "cat $R/campaign-day-age@frequ" # not to be had by age
    becomes "cat $R/campaign-day@spend,clicks.n" "cat $R/campaign-day@spend,clicks.ndjson "
    lists "cat $R/campaign-d" campaign-day-country campaign-day-age-gender campaign-day.csv campaign-day.json 'campaign-day@'

    promise "$1: ranges, and paths as people write them"
    lists "cat $A/reports/" today/ yesterday/ last-7d/ lifetime/ of/ metrics.tsv
    becomes "cat $A/reports/2026-13/camp" "cat $A/reports/2026-13/camp"
    becomes "cat $B/reports/today/adv" "cat $B/reports/today/advertiser-"
    lists "cat $B/reports/today/advertiser-" advertiser-total advertiser-day -advertiser-hour
    IN=$MNT/$A becomes "cat reports/today/ad-t" "cat reports/today/ad-total"
    IN=$MNT/$A/reports/today becomes "cat campaign-total-gen" "cat campaign-total-gender"
    IN=$MNT/$C/reports becomes "cat yesterd" "cat yesterday/"

    promise "$1: elsewhere completion is that of files, and commands keep their own"
    becomes "cat $MNT/READ" "cat $MNT/README.md "
    becomes "cat $A/curr" "cat $A/currency "
    mkdir -p "$T/reports/last-30d"
    touch "$T/reports/last-30d/campers"
    IN=$T becomes "cat reports/last-30d/cam" "cat reports/last-30d/campers "

    promise "$1: adsfs completes commands, profiles and options"
    lists "adsfs " login logout whoami doctor why apply log sandbox agency
    becomes "adsfs whoami ag" "adsfs whoami agency "
    becomes "adsfs agency x -o stal" "adsfs agency x -o stale="
    becomes "adsfs agency x -o ro,offl" "adsfs agency x -o ro,offline"
    becomes "adsfs agency x -o ro,dir_cache=of" "adsfs agency x -o ro,dir_cache=off"
}

SHELL_NAME=bash RC=$T/bash.plain
try_all bash

if [ -f $BASH_COMPLETION ]; then
    RC=$T/bash.more
    try_all "bash with bash-completion"
else
    skip_promise "bash with bash-completion" "bash-completion is not installed"
fi

if command -v zsh >/dev/null; then
    SHELL_NAME=zsh RC=$T/zsh.plain
    try_all zsh
else
    skip_promise "zsh" "zsh is not installed"
fi

promise "adsfs --grammar prints every word there is, and what it is"
want_ok bash -c "'$ADSFS' --grammar | awk -F '\t' 'NF != 2 { exit 1 }'"
for line in "range	last-30d" "level	adgroup" "grain	hour" "breakdown	age-gender" "set	@video" "metric	reach" "format	tsv"; do
    want_ok bash -c "'$ADSFS' --grammar | grep -qxF '$line'"
done
want_status 2 "$ADSFS" --grammar one two
