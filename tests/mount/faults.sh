#!/bin/bash
# SPDX-License-Identifier: MIT
# faults.sh - the main session (find, cat, ls -l, a report, echo of a budget, a status and a name)
# under every fault that the service may have, and under all of them together. What is shown is
# true, what is listed is whole, a write is carried out once or not at all and its errno says which;
# and when the fault is over, all can be read. What a session may never show is in faults.py.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
FAULTS_PY=$(dirname "$0")/faults.py

gets="oauth2/advertiser/get advertiser/info campaign/get adgroup/get ad/get report/integrated/get"
updates="campaign/update campaign/status/update adgroup/update ad/update"

# once FAULT [PATH…] - the first call of each path meets it
once()
{
    local fault=$1 path
    shift
    # shellcheck disable=SC2086
    [ $# -gt 0 ] || set -- $gets $updates
    for path in "$@"; do
        printf ' --fault %s=1x:/%s/' "$fault" "$path"
    done
}

# lasting FAULT… - every call meets it
lasting() { printf ' --fault %s=1' "$@"; }

# KIND is `well` where nothing may fail: what can be tried again is, what is only written in another
# way is understood. SIZE is `big` for lists of several pages.
names=()
declare -A kind size options mount
try() # NAME KIND SIZE OPTIONS
{
    names+=("$1")
    kind[$1]=$2 size[$1]=$3 options[$1]=$4
}

for fault in shuffle unknown strings; do
    try $fault well small "$(lasting $fault)"
done
# What the service did in part is asked about.
try 20001-get well small "$(for path in $gets; do printf ' --fault 20001=1:/%s/' "$path"; done)"
try 20001 fails small "$(lasting 20001)"
for fault in html502 html504 429 garbage truncate empty drop reset-before reset-after refused \
    40016 40100 40133 50000 50002 51010; do
    try $fault well small "$(once $fault)"
done
try delay well small "$(once delay campaign/get report/integrated/get campaign/update)"
try stall well small "$(once stall report/integrated/get campaign/update)"
# shellcheck disable=SC2086
for fault in no-data null-list total-high; do
    try $fault well small "$(once $fault $gets)"
    try $fault-ever fails small "$(lasting $fault)"
done
for fault in moving 40100-page; do
    try $fault well big "$(once $fault ad/get report/integrated/get)"
done
try moving-ever fails big "$(lasting moving)"
try total-high-list fails big "$(lasting total-high)"
# What is not tried again: only what needed it fails.
for fault in redirect 40105; do
    try $fault fails small "$(once $fault ad/get report/integrated/get campaign/update)"
done
# All at once, each at 5 %. They are drawn by their order, so another order makes another day of it.
all() { "$ADSFS_SANDBOX" --help | sed -n 's/^Faults: \(.*\)\.$/\1/p' | tr -d ' ' | tr ',' '\n'; }
try all fails small "$(all | sed 's/.*/ --fault &=0.05/' | tr -d '\n')"
try all-reversed fails small "$(all | tac | sed 's/.*/ --fault &=0.05/' | tr -d '\n')"
[ $# = 0 ] || names=("$@")

# With this seed no three refusals for the rate follow each other: that would be five minutes.
declare -A trees=([small]="--seed 1433 $(tree 1 3 2 2)" [big]="--seed 1433 $(tree 1 2 2 275)")

mapfile -t ports < <(python3 - $((${#names[@]} + 2)) <<'END'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
END
)

# serve NAME PORT OPTION… - with a log and a state of its own
serve()
{
    local name=$1 at=$2
    shift 2
    service_start "$at" --log "$T/$name.calls" --state "$T/$name.state" "$@"
}

for each in small big; do
    promise "a healthy mount shows what is there ($each)"
    port=${ports[0]} ports=("${ports[@]:1}")
    # shellcheck disable=SC2086
    serve $each "$port" ${trees[$each]}
    profile $each "$port"
    mount_adsfs $each $each qps=0 qpm=0
    want_ok python3 "$FAULTS_PY" plan "$MNT" "$T/$each.plan" $each
    [ -s "$T/$each.plan" ] || give_up "no plan"
    unmount
    service_stop
done
want_ok jq -e '[.files[] | split("\n") | length > 1001] == [true]' "$T/big.plan" # two pages

# go_through NAME PORT MNT - the session under the fault, and then without; all have theirs side by side
go_through()
{
    local name=$1 at=$2 mnt=$3 plan=$T/${size[$1]}.plan
    trap - EXIT INT TERM
    # shellcheck disable=SC2086
    serve "$name" "$at" ${trees[${size[$name]}]} ${options[$name]}
    python3 "$FAULTS_PY" session "$mnt" "$plan" "$T/$name.out" "${kind[$name]}"
    service_stop
    # shellcheck disable=SC2086
    serve "$name" "$at" ${trees[${size[$name]}]}
    python3 "$FAULTS_PY" heal "$mnt" "$plan" "$T/$name.out"
    service_stop
}

sessions=()
for name in "${names[@]}"; do
    port=${ports[0]} ports=("${ports[@]:1}")
    profile "at-$name" "$port" "writable = true"
    mount_adsfs "$name" "at-$name" qps=0 qpm=0
    mount[$name]=$MNT
    go_through "$name" "$port" "$MNT" &
    sessions+=($!)
done
wait "${sessions[@]}"

for name in "${names[@]}"; do
    promise "$name: nothing wrong is shown, nothing is lost or done twice, and afterwards all is well"
    run python3 "$FAULTS_PY" judge "$T/${size[$name]}.plan" "$T/$name.out" "$T/$name.state" \
        "$T/$name.calls" "${kind[$name]}"
    [ "$STATUS" = 0 ] || broken "$OUT" "$ERR"
    want_ok jq -e . "${mount[$name]}/.adsfs/status.json"
    unmount "${mount[$name]}"
done
