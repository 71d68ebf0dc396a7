#!/bin/bash
# SPDX-License-Identifier: MIT
# waits.sh [--long] - writes that wait: who is told EBUSY or leaves was surely not sent and never is; who is
# told ETIMEDOUT may have been, and the journal says in the end what became of it.
LIMIT=${LIMIT:-$([ "${1:-}" = --long ] && echo 390 || echo 200)}
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
WRITERS=$(cd "$(dirname "$0")" && pwd)/writers.py

port=$(free_port)
profile slow "$port" "writable = true"
serve()
{
    service_stop
    service_start "$port" --advertisers 1 --campaigns 61 --adgroups 80 --ads 80 "$@"
}
serve
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
ask "$port" campaign/get advertiser_id="$A" page_size=1000 | jq -r '.data.list[] | select(.campaign_automation_type == "MANUAL"
    and .operation_status == "ENABLE") | .campaign_id' >"$T/campaigns"
G=$(ask "$port" adgroup/get advertiser_id="$A" page_size=1000 |
    jq -r '[.data.list[] | select(.campaign_automation_type == "MANUAL")][0].adgroup_id')
# The lists are kept from one mount to the next, which then has all of its calls for the writes.
known=0
slow_mount()
{
    [ -z "${MNT:-}" ] || unmount
    mount_adsfs "slow$((known += 1))" slow ttl=36000 poll=0 qpm=0 "$@"
    cat "$MNT/$A"/campaigns/[0-9]*/name "$MNT/$A/adgroups/$G/name" >/dev/null || give_up "cat"
    mark
}
effects() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r '.effects // [] | .[] | .now | to_entries[] | .value' | sort; }
journal() { jq -r "select(.path | endswith(\"$1\")) | .outcome" "$MNT/.adsfs/journal" | tail -n 1; } # PATH - its last outcome

promise "write_wait passes: EBUSY, and none of those is ever sent; the others are, once"
slow_mount qps=0
slow_mount qps=2 write_wait=4
head -n 30 "$T/campaigns" | awk -v top="$MNT/$A/campaigns" '{ print top "/" $1 "/name\tName " NR }' >"$T/lines"
python3 "$WRITERS" 30 <"$T/lines" >"$T/ended"
echo "# $(cut -f1 "$T/ended" | sort | uniq -c | xargs)"
want_eq "what else is said" "$(cut -f1 "$T/ended" | grep -vxE 'OK|EBUSY' | sort | uniq -c)" ""
[ "$(grep -c ^EBUSY "$T/ended")" -gt 5 ] || broken "few had to wait"
[ "$(grep -c ^OK "$T/ended")" -gt 2 ] || broken "few were sent"
calls=$(calls any)
sleep 6 # longer than what waited would have to wait
want_eq "calls that came later" "$(calls any)" "$calls"
want_eq "effects and what was accepted" "$(effects)" "$(awk -F'\t' '$1 == "OK" { print $4 }' "$T/ended" | sort)"
want_eq "of them in the journal" "$(jq -r 'select(.outcome == "withdrawn") | .path' "$MNT/.adsfs/journal" | grep -c /name)" \
    "$(grep -c ^EBUSY "$T/ended")"

promise "who leaves the queue with Ctrl-C is not sent; those who would have gone along are"
serve --latency 1500
slow_mount qps=1
echo "Before all others" >"$MNT/$A/adgroups/$G/name" & # has the only place for the next seconds
first=$!
until_true eval '[ "$(calls adgroup/get)" -gt 0 ]'
writers=()
while read -r id; do
    env --default-signal=INT bash -c "echo DISABLE > '$MNT/$A/campaigns/$id/status'" 2>>"$T/left" &
    writers+=($!)
done < <(head -n 20 "$T/campaigns")
waits() { grep -qE 'request_wait_answer|fuse' "/proc/$1/wchan"; } 2>/dev/null
for writer in "${writers[@]}"; do
    until_true eval "waits $writer || gone $writer"
done
want_calls campaign/status/update 0
kill -INT "${writers[@]:0:10}"
stayed=0
for n in "${!writers[@]}"; do
    wait "${writers[n]}" 2>/dev/null && stayed=$((stayed + 1))
done
wait "$first" || broken "the first: $(why)"
want_eq "who ended well" "$stayed" 10
want_eq "who was disabled" "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r '.effects // [] | .[] | select(.now.operation_status) | .id' | sort)" \
    "$(sed -n 11,20p "$T/campaigns" | sort)"
[ "$(calls campaign/status/update)" -le 2 ] || broken "calls: $(calls campaign/status/update)"

promise "an update that was sent is not given up with Ctrl-C, in company neither"
cat >"$T/stays.py" <<'END'
import os, signal, sys
signal.signal(signal.SIGINT, lambda *_: None)
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
assert os.write(fd, b"ENABLE\n") == 7
END
mark
writers=()
while read -r id; do
    python3 "$T/stays.py" "$MNT/$A/campaigns/$id/status" &
    writers+=($!)
done < <(sed -n 11,14p "$T/campaigns")
# It is logged when it is answered; that it is on its way is known when it is in force.
enabled() { jq -e '[.[] | .operation_status] | index("ENABLE")' <(ask "$port" campaign/get advertiser_id="$A" \
    filtering="{\"campaign_ids\":[\"$(sed -n 11p "$T/campaigns")\"]}" | jq .data.list) >/dev/null; }
until_true enabled
kill -INT "${writers[@]}"
for writer in "${writers[@]}"; do
    wait "$writer" || broken "one was told otherwise"
done
want_eq "enabled" "$(effects | grep -c ENABLE)" 4

# lost FAULT WORD - the answer of an update is lost, as are those to the questions about it
lost()
{
    local fault=$1 word=$2 file=$MNT/$A/campaigns/$C/name name="Name of $1"
    serve --fault "$fault=1:/campaign/update/" --fault drop=1:/campaign/get/
    mark
    want_refused "Connection timed out" bash -c "echo '$name' > '$file'"
    want_eq "the journal" "$(journal "$C/name")" unknown
    serve
    # What nobody has seen may still come, for a daemon that waits five minutes for it.
    [ "$word" = done ] || slow_mount qps=0
    file=$MNT/$A/campaigns/$C/name
    known_now() { [ "$(journal "$C/name")" != unknown ]; }
    until_true known_now
    want_eq "the journal, when it can be asked" "$(journal "$C/name")" "$word"
    want_eq "the service has it" "$(ask "$port" campaign/get advertiser_id="$A" filtering="{\"campaign_ids\":[\"$C\"]}" |
        jq -r --arg name "$name" '.data.list[0].campaign_name == $name')" "$([ "$word" = done ] && echo true || echo false)"
    [ "$word" != done ] || want_output "$name" cat "$file"
}
slow_mount qps=0
C=$(tail -n 1 "$T/campaigns")
promise "an answer is lost after the effect: ETIMEDOUT, and later the journal says that it was done"
lost reset-after done
promise "a request is lost before it: ETIMEDOUT, and the next mount says that it was not"
lost reset-before refused

# Till the minute is over in which an answer may still come.
if [ "${1:-}" != --long ]; then
    skip_promise "a service that stops for a while" "only with --long"
    exit
fi
promise "a service that stops for a while: the writer is told ETIMEDOUT, the next mount says what it was"
file=$MNT/$A/campaigns/$C/status
want_output ENABLE cat "$file"
kill -STOP "$SERVICE"
want_refused "Connection timed out" bash -c "echo DISABLE > '$file'"
kill -CONT "$SERVICE"
slow_mount qps=0
file=$MNT/$A/campaigns/$C/status
settled() { [[ $(journal "$C/status") =~ ^(done|refused)$ ]]; }
until_true settled
echo "# $(journal "$C/status")"
want_eq "the service" "$(ask "$port" campaign/get advertiser_id="$A" filtering="{\"campaign_ids\":[\"$C\"]}" |
    jq -r '.data.list[0].operation_status')" "$([ "$(journal "$C/status")" = done ] && echo DISABLE || echo ENABLE)"
want_output "$([ "$(journal "$C/status")" = done ] && echo DISABLE || echo ENABLE)" cat "$file"
