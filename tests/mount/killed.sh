#!/bin/bash
# SPDX-License-Identifier: MIT
# killed.sh [--long] - the daemon is killed while many write, with answers and requests lost on the
# way; the next mount settles what is open, and then everything adds up (killed.py says what).
#
# SEED=N repeats what a failure names.
# shellcheck source=lib.sh
LIMIT=${LIMIT:-$([ "${1:-}" = --long ] && echo 1700 || echo 230)}
. "$(dirname "$0")/lib.sh"
DRIVER=$(dirname "$0")/killed.py

rounds=${ROUNDS:-10} writes=${WRITES:-500}
[ "${1:-}" = --long ] && rounds=50 writes=2000
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "# SEED=$seed"

port=$(free_port)
profile bank "$port" "writable = true"
faults=()
for path in campaign/update campaign/status/update adgroup/update adgroup/status/update adgroup/budget/update \
    ad/update ad/status/update; do
    faults+=(--fault "reset-before=0.04:/$path/" --fault "reset-after=0.04:/$path/")
done
service_start "$port" --advertisers 1 --campaigns 200 --adgroups 800 --ads 900 --latency 10 --seed "$seed" "${faults[@]}"
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')

mount_bank()
{
    mount_adsfs "bank$round" bank qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
    ls "$MNT/$A/campaigns" "$MNT/$A/adgroups" "$MNT/$A/ads" >/dev/null || give_up "ls"
}

coproc PROOF { exec python3 "$DRIVER" "$port" "$TOKEN" "$A" "$CALLS" "$XDG_STATE_HOME/adsfs/bank/state.sqlite" "$seed" 2>"$T/proof.err"; }
# driver COMMAND… - the one line it answers with
driver()
{
    local line
    echo "$*" >&"${PROOF[1]}" || give_up "the driver is gone: $(cat "$T/proof.err")"
    read -r line <&"${PROOF[0]}" || give_up "the driver is gone: $(cat "$T/proof.err")"
    echo "$line"
}

now() { echo "${EPOCHREALTIME//[!0-9]/}"; }
lap() { echo "# $(((($(now)) - began) / 1000)) ms: $*"; }
settled() { [ "$(driver open)" = 0 ]; }

for ((round = 1; round <= rounds; round++)); do
    promise "round $round of $rounds: killed among $writes writes; none is lost, none made twice, all are settled"
    [ "$round" -gt 1 ] || mount_bank
    began=$(now)
    echo "# $(driver write "$MNT" "$DAEMON" "$writes")"
    old=$MNT
    wait "$DAEMON" 2>/dev/null
    forget_daemon
    until_true eval '! is_mounted "$old"'
    lap "$(driver open) are open"
    round=$((round + 1)) mount_bank
    until_true settled
    lap "settled"
    said=$(driver prove)
    want_eq "SEED=$seed" "$said" good
    [ -z "$promise_broken" ] || break
done

promise "in the end nobody is killed; what is in doubt the next mount settles"
echo "# $(driver write "$MNT" 0 "$writes")"
unmount
round=end mount_bank
until_true settled
want_eq "SEED=$seed" "$(driver prove)" good
tail -n 1 "$T/proof.err" | sed 's/^/# /'
exec {PROOF[1]}>&-
wait "$PROOF_PID"
