#!/bin/bash
# SPDX-License-Identifier: MIT
# write.sh - a write that exits 0 was accepted; one that is refused says why and made no call.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 12 4 2)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"

# having PATTERN JQ - the first directory of this form whose info.json says so
having()
{
    local directory
    for directory in $(compgen -G "$1"); do
        jq -e "$2" "$directory/info.json" >/dev/null 2>&1 && { echo "$directory"; return; }
    done
}

A=$(basename "$(compgen -G '[0-9]*')")
want_eq "currency of the account these amounts are for" "$(cat "$A/currency")" USD
daily='.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY"'
C=$(having "$A/campaigns/[0-9]*" "$daily and (.budget_optimize_on | not) and .campaign_automation_type == \"MANUAL\"")
[ -n "$C" ] || give_up "no campaign with a daily budget of its own"
G=$(having "$C/adgroups/[0-9]*" "$daily and .bid_price > 0")
[ -n "$G" ] || G=$(having "$A/campaigns/[0-9]*/adgroups/[0-9]*" "$daily and .bid_price > 0")
[ -n "$G" ] || give_up "no ad group with a daily budget and a bid"
D=$(compgen -G "$G/ads/[0-9]*" | head -n 1)

# The sandbox's campaign/update calls and nothing else that changes something.
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }
want_updates() { want_eq "updates" "$(updates)" "$1"; }

# The session of a person, in each shell. bash and busybox say what went wrong; dash says "I/O
# error" to everything, which is why .adsfs/errors exists.
session()
{
    local shell=$1
    local -A text=([invalid]="Invalid argument" [range]="Numerical result out of range")
    [ "$shell" = dash ] && text=([invalid]="I/O error" [range]="I/O error")
    in_shell() { if [ "$shell" = busybox ]; then busybox sh -c "$1"; else "$shell" -c "$1"; fi; }
    # refused STATUS TEXT COMMAND - and no call was made
    refused()
    {
        mark
        want_status 1 in_shell "$2"
        [[ $ERR == *"$1"* ]] || broken "$2 in $shell" "  said   $ERR" "  wanted $1"
        want_calls any 0
    }

    promise "$shell: echo 750 > budget exits 0, cat says 750.00, and one update was made"
    want_ok in_shell "echo '500!' > $C/budget"
    want_output 500.00 cat "$C/budget"
    mark
    want_ok in_shell "echo 750 > $C/budget"
    want_output 750.00 cat "$C/budget"
    want_calls campaign/update 1
    want_updates 1

    promise "$shell: echo abc > budget is refused without a call"
    refused "${text[invalid]}" "echo abc > $C/budget"
    want_output 750.00 cat "$C/budget"
    want_ok jq -e 'select(.errno == "EINVAL") | .path | endswith("budget")' \
        <(tail -n 1 .adsfs/errors)

    promise "$shell: echo 1 > budget is below the minimum, refused without a call"
    refused "${text[range]}" "echo 1 > $C/budget"

    promise "$shell: printf 750 > budget lacks its newline, refused without a call"
    [ "$shell" = busybox ] && text[invalid]='' # its printf fails without a word
    refused "${text[invalid]}" "printf 760 > $C/budget"
    want_output 750.00 cat "$C/budget"

    promise "$shell: echo 75000 > budget is more than max_increase allows; 75000! does it"
    mark
    want_status 1 in_shell "echo 75000 > $C/budget"
    [[ $ERR == *"${text[range]}"* ]] || broken "said $ERR"
    want_updates 0
    want_output 750.00 cat "$C/budget"
    want_ok in_shell "echo '75000!' > $C/budget"
    want_output 75000.00 cat "$C/budget"
    want_updates 1

    promise "$shell: echo DISABLE > status does it, echo PAUSED is refused without a call"
    mark
    want_ok in_shell "echo DISABLE > $C/status"
    want_output DISABLE cat "$C/status"
    want_calls campaign/status/update 1
    refused "${text[invalid]}" "echo PAUSED > $C/status"
    want_output DISABLE cat "$C/status"
    want_ok in_shell "echo ENABLE > $C/status"
}
for shell in bash dash busybox; do
    if command -v "$shell" >/dev/null; then
        session "$shell"
    else
        skip_promise "the session in $shell" "no $shell here"
    fi
done

promise "the value that was written is the value the API holds"
echo '612.5!' >"$C/budget" || broken "refused"
want_output 612.50 cat "$C/budget"
want_output 612.5 jq .budget "$C/info.json"
want_eq "budget sent" "$(grep /campaign/update/ "$CALLS" | tail -n 1 | jq .body.budget)" 612.5

promise "writing back what cat prints makes no call"
mark
for file in "$C"/{budget,status,name} "$G"/{budget,bid,status,name} "$D"/{status,name}; do
    cat "$file" >"$T/value"
    cat "$T/value" >"$file" || broken "$file: status $?"
done
want_calls any 0

promise "a name is written, ten more characters and Korean too"
for file in "$C/name" "$G/name" "$D/name"; do
    name="$(cat "$file") 가을 Größe"
    mark
    want_ok bash -c "echo '$name' > $file"
    want_output "$name" cat "$file"
    want_updates 1
done

promise "an ad group's daily budget is written at once"
mark
want_ok bash -c "echo '444!' > $G/budget"
want_output 444.00 cat "$G/budget"
want_updates 1

promise "a bid is written, and an ad group keeps its other members"
jq -S 'del(.bid_price, .modify_time, .secondary_status)' "$G/info.json" >"$T/before"
mark
want_ok bash -c "echo '1.37!' > $G/bid"
want_output 1.37 cat "$G/bid"
want_updates 1
jq -S 'del(.bid_price, .modify_time, .secondary_status)' "$G/info.json" >"$T/after"
want_ok cmp "$T/before" "$T/after"

promise "an ad is switched off and on"
want_ok bash -c "echo DISABLE > $D/status"
want_output DISABLE cat "$D/status"
want_ok bash -c "echo ENABLE > $D/status"

promise "an amount finer than the currency is refused without a call"
mark
want_refused "Numerical result out of range" bash -c "echo 500.001 > $C/budget"
want_calls any 0

promise "malformed amounts are refused without a call"
mark
for value in '' ' ' -750 +750 1e3 0x10 7,50 '750 USD' '7 50' '!' '750!!' NaN; do
    want_refused "Invalid argument" bash -c "echo '$value' > $C/budget"
done
want_calls any 0

promise "a value that was appended is refused without a call"
mark
want_refused "" bash -c "echo 650 >> $C/budget"
want_calls any 0

promise "emptying a file changes nothing"
mark
want_ok bash -c ": > $C/budget"
want_ok touch "$C/budget"
want_output 612.50 cat "$C/budget"
want_calls any 0

promise "two lines in one write are refused without a call"
mark
# Not a shell's own printf: that writes line by line.
want_refused "Invalid argument" bash -c "env printf '650\n660\n' > $C/budget"
want_refused "Invalid argument" bash -c "env printf 'one\ntwo\n' > $C/name"
want_calls any 0

promise "a megabyte is refused without a call"
mark
head -c 1048576 /dev/zero | tr '\0' 7 >"$T/megabyte"
want_refused "" cp "$T/megabyte" "$C/budget"
want_refused "" cp "$T/megabyte" "$C/name"
want_refused "Invalid argument" bash -c "env printf 'a\0b\n' > $C/name"
want_calls any 0
want_output 612.50 cat "$C/budget"

promise "a number and its newline in two writes: the first is refused, nothing is kept, no call"
mark
want_ok python3 - "$C/budget" <<'END'
import errno, os, sys
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
for data in b"700", b"\n":
    try:
        os.write(fd, data)
        sys.exit(f"{data} was accepted")
    except OSError as e:
        assert e.errno == errno.EINVAL, (data, e)
os.close(fd)
END
echo 700 >"$T/value"
want_refused "Invalid argument" dd if="$T/value" of="$C/budget" bs=1 status=none
want_output 612.50 cat "$C/budget"
want_calls any 0

promise "python learns of a refusal where it writes"
mark
want_ok python3 - "$C/budget" <<'END'
import errno, os, sys
def refused(data, wanted):
    fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
    try:
        os.write(fd, data)
        got = 0
    except OSError as e:
        got = e.errno
    os.close(fd)
    assert got == wanted, (data, errno.errorcode.get(got), errno.errorcode[wanted])
refused(b"abc\n", errno.EINVAL)
refused(b"1\n", errno.ERANGE)
END
want_calls any 0

promise "coreutils, tee, cp and dd write as well as a shell"
want_ok bash -c "echo 710 | tee $C/budget"
want_output 710.00 cat "$C/budget"
echo 720 >"$T/value"
want_ok cp "$T/value" "$C/budget"
want_output 720.00 cat "$C/budget"
echo 725 >"$T/value"
want_ok dd if="$T/value" of="$C/budget" status=none
want_output 725.00 cat "$C/budget"

promise "what an open file held before does not reach the next value"
want_ok bash -c "{ echo 730; echo 740; } > $C/budget"
want_output 740.00 cat "$C/budget"

promise "writers wait side by side and each is told its own outcome"
mark
n=0
writers=()
for directory in $(compgen -G "$A/campaigns/[0-9]*"); do
    jq -e '.budget_mode == "BUDGET_MODE_DAY" and .campaign_automation_type == "MANUAL"' \
        "$directory/info.json" >/dev/null || continue
    (echo '811!' >"$directory/budget") &
    writers+=($!)
    n=$((n + 1))
done
for writer in "${writers[@]}"; do
    wait "$writer" || broken "one of $n was refused: $(tail -n 1 .adsfs/errors)"
done
want_calls campaign/update "$n"

promise "the budget of an ad group that its campaign owns is 0400 and says EACCES"
G=$(having "$A/campaigns/[0-9]*/adgroups/[0-9]*" '.budget_mode == "BUDGET_MODE_INFINITE"')
owner=$(having "$A/campaigns/[0-9]*" '.budget_optimize_on == true')
if [ -z "$owner" ]; then
    broken "no campaign with campaign budget optimization among these"
else
    G=$(compgen -G "$owner/adgroups/[0-9]*" | head -n 1)
    want_eq "mode" "$(stat -c %a "$G/budget")" 400
    mark
    want_refused "Permission denied" bash -c "echo 600 > $G/budget"
    want_calls any 0
fi

promise "files that are only read can not be written"
mark
for file in "$C/objective" "$C/info.json" "$A/currency"; do
    want_refused "Permission denied" bash -c "echo x > $file"
done
want_calls any 0

cd /
unmount

promise "writable=false: every file but ctl is 0400 and a write is EROFS"
mount_sandbox ttl=3000 writable=false
want_eq "writable files" "$(find "$MNT" -type f -perm /222)" "$MNT/.adsfs/ctl"
mark
C=$(compgen -G "$MNT/[0-9]*/campaigns/[0-9]*" | head -n 1)
for file in budget status name; do
    if [ "$(id -u)" = 0 ]; then
        want_refused "Read-only file system" bash -c "echo 600 > $C/$file"
    else
        want_refused "" bash -c "echo 600 > $C/$file"
    fi
done
want_calls any 0
unmount

promise "ro: nothing can be written, everything read"
mount_sandbox ttl=3000 ro
want_refused "" bash -c "echo 600 > $MNT/${C#"$T/mounts/sandbox/"}/budget"
want_ok cat "$MNT/${C#"$T/mounts/sandbox/"}/budget"

promise "max_increase=none lets any amount through, max_increase=10 little"
unmount
mount_sandbox ttl=3000 max_increase=10
C=$MNT/${C#"$T/mounts/sandbox/"}
amount=$(cut -d. -f1 "$C/budget")
if [ "$amount" -gt 0 ]; then
    want_refused "Numerical result out of range" bash -c "echo $((amount * 12 / 10)) > $C/budget"
    want_ok bash -c "echo $((amount * 105 / 100)) > $C/budget"
    unmount
    mount_sandbox ttl=3000 max_increase=none
    want_ok bash -c "echo $((amount * 9)) > $C/budget"
    want_output "$((amount * 9)).00" cat "$C/budget"
fi
