#!/bin/bash
# SPDX-License-Identifier: MIT
# programs.sh - real programs write a value: what the service is asked to set, how they end, and what
# cat says then. The manual has a line for each, and none that was not tried.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
MANUAL=${MANUAL:-$HERE/../../contrib/man/adsfs.1}
TREE=$(tree 1 12 2 1)
mount_sandbox ttl=3000
A=$(cd "$MNT" && compgen -G '[0-9]*')
for C in "$MNT/$A"/campaigns/[0-9]* none; do
    jq -e '.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY"
        and (.budget_optimize_on | not) and .campaign_automation_type == "MANUAL"' \
        "$C/info.json" >/dev/null 2>&1 && break
done
cd "$C" || give_up "no campaign with a daily budget of its own"
want_eq "currency of the account these amounts are for" "$(cat "$MNT/$A/currency")" USD
listed=$(ls -A)
new=$T/new.txt

# What was sent to be set since the mark, one after the other.
sent()
{
    tail -n "+$((MARK + 1))" "$CALLS" | jq -rs '[.[] | select(.method == "POST") | .body
        | .budget // .campaign_name // .operation_status] | if . == [] then "-" else map(tostring) | join(", ") end'
}

# The file as each of them finds it.
begin()
{
    [ "$(cat budget)" = 500.00 ] || echo '500!' >budget || broken "budget: $(why)"
    [ "$(cat name)" = Spring ] || echo Spring >name || broken "name: $(why)"
    echo 600 >"$new"
    rm -f "$T/tried"
    mark
}

tried=()
# wrote LABEL FILE COMMAND… - try it, and look for its line in the manual
wrote()
{
    local label=$1 file=$2 line
    shift 2
    promise "$label"
    begin
    run "$@"
    line=".It $(sent) Ta $STATUS Ta $(cat "$file") Ta Li \"$label\""
    tried+=("$line")
    grep -qxF -e "$line" "$MANUAL" || broken "not in the manual:" "  $line" "  $ERR" "$(why)"
    [ "$STATUS" = 0 ] || want_eq "the last line of .adsfs/errors is about" \
        "$(tail -n 1 "$MNT/.adsfs/errors" | jq -r '.path | split("/")[:3] | join("/")')" "$A/campaigns/${C##*/}"
    want_eq "what is left in the directory" "$(ls -A)" "$listed"
}

# with PROGRAM LABEL FILE COMMAND… - where there is that program
with()
{
    if command -v "$1" >/dev/null; then
        wrote "${@:2}"
    else
        skip_promise "$2" "no $1 here"
        tried+=("skipped")
    fi
}

shell() { wrote "$1" "$2" bash -c "$1"; }
typed() { python3 "$HERE/typed.py" "$@"; }

# ---- shells ----

for shell in bash dash zsh busybox; do
    inside=("$shell" -c)
    [ "$shell" != busybox ] || inside=(busybox sh -c)
    with $shell "$shell: echo 600 > budget" budget "${inside[@]}" 'echo 600 > budget'
    with $shell "$shell: printf 600 > budget" budget "${inside[@]}" 'printf 600 > budget'
    with $shell "$shell: printf Summer > name" name "${inside[@]}" 'printf Summer > name'
done
shell '> budget' budget
shell 'echo 600 >> budget' budget
shell '{ echo 600; echo 700; } > budget' budget
shell 'seq 600 601 > budget' budget
shell 'echo abc > budget' budget
shell 'echo > budget' budget
shell 'echo 600 > bugdet' budget
shell 'yes 600 | head -c 1048576 > budget' budget

# ---- what copies and moves ----

shell 'echo 600 | tee budget' budget
wrote 'cp new.txt budget' budget cp "$new" budget
wrote 'cp -p new.txt budget' budget cp -p "$new" budget
wrote 'cp --remove-destination new.txt budget' budget cp --remove-destination "$new" budget
wrote 'install new.txt budget' budget install "$new" budget
wrote 'mv new.txt budget' budget mv "$new" budget
wrote 'mv budget.tmp budget' budget bash -c "cat $new > budget.tmp && mv budget.tmp budget"
wrote 'mv budget old' budget mv budget old
wrote 'rm budget' budget rm budget
wrote 'dd if=new.txt of=budget' budget dd if="$new" of=budget status=none
wrote 'dd if=new.txt of=budget bs=1' budget dd if="$new" of=budget bs=1 status=none
wrote 'dd if=new.txt of=budget seek=1 bs=4' budget dd if="$new" of=budget seek=1 bs=4 status=none
wrote 'truncate -s 0 budget' budget truncate -s 0 budget
wrote 'truncate -s 3 budget' budget truncate -s 3 budget
wrote 'touch budget' budget touch budget
with rsync 'rsync new.txt budget' budget rsync "$new" budget
with rsync 'rsync --inplace new.txt budget' budget rsync --inplace "$new" budget

# ---- what edits ----

shell 'sed -i s/500.00/600/ budget' budget
shell 'sed -i s/500.00/abc/ budget' budget
shell 'sed -i.bak s/500.00/600/ budget' budget
with busybox 'busybox sed -i s/500.00/600/ budget' budget busybox sed -i s/500.00/600/ budget
shell 'perl -i -pe s/500.00/600/ budget' budget
with ed 'ed budget' budget ed -s budget <<<$',s/.*/600/\nw\nq'
with vim 'vim budget' budget typed 500.00 ':%s/.*/600/\r:wq\r' vim budget
with vim 'vim -u NONE budget' budget typed 500.00 ':%s/.*/600/\r:wq\r' vim -u NONE budget
with vim 'vim, set backupcopy=no' budget vim -u NONE -es -c 'set backupcopy=no' -c '%s/.*/600/' -c wq budget
with nano 'nano budget' budget typed 500.00 '\x0b600\x0f\r\x18' nano budget
with emacs 'emacs budget' budget typed 500.00 '\x18h\x7f600\r\x18\x13\x18\x03' emacs -Q -nw budget
with emacs 'emacs --batch budget' budget emacs -Q --batch budget --eval '(progn (erase-buffer) (insert "600\n") (save-buffer))'

with busybox 'busybox vi budget' budget typed 500.00 ':%s/.*/600/\r:wq\r' busybox vi budget

# ---- what programs write themselves ----

python() { wrote "python: $1" budget python3 -c "import os; $1"; }
python "print(600, file=open('budget', 'w'))"
python "print(600, file=open('budget', 'r+'))"
python "open('budget', 'w').write('600')"
python "open('budget', 'wb', 0).write(b'600')"
wrote 'python: with open, write 600 without a newline' budget python3 -c '
with open("budget", "w") as f:
    f.write("600")'
wrote 'python: os.write 600, then its newline' budget python3 -c '
import os
fd = os.open("budget", os.O_WRONLY | os.O_TRUNC)
os.write(fd, b"600")
os.write(fd, b"\n")'
wrote 'python: os.replace tmpXXXXXXXX, budget' budget python3 -c '
import os, tempfile
with tempfile.NamedTemporaryFile("w", dir=".", delete=False) as new:
    new.write("600\n")
os.replace(new.name, "budget")'
with jq 'jq -n 600 > budget' budget bash -c 'jq -n 600 > budget'
with awk 'awk: print 600 > FILE' budget awk 'BEGIN { print 600 > "budget" }'
with curl 'curl -o budget URL' budget curl -s -o budget "file://$new"

promise "the manual has no line of what was not tried here"
if [[ " ${tried[*]} " == *" skipped "* ]]; then
    skip_promise "the manual has no line of what was not tried here" "not all of the programs are here"
else
    diff <(printf '%s\n' "${tried[@]}") <(grep '^\.It .* Ta .* Ta .* Ta Li ' "$MANUAL") >"$T/diff" ||
        broken "$(cat "$T/diff")"
fi
[ -z "${SHOW:-}" ] || printf '%s\n' "${tried[@]}" >"$SHOW"
