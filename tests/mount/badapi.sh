#!/bin/bash
# SPDX-License-Identifier: MIT
# badapi.sh - a service that answers HTML, garbage, a refused token or nothing: the errno is at the
# file that needed it, the text in .adsfs/errors, and the mount lives on.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# What goes wrong, and what the reader is told. All side by side, since reads are tried again for a
# while before they fail.
faults=(html502 garbage empty 40105 drop closed)
declare -A text=(
    [html502]="No route to host"
    [garbage]="Input/output error"
    [empty]="Input/output error"
    [40105]="Permission denied"
    [drop]="No route to host"
    [closed]="No route to host"
)
declare -A port mount healthy reader

# A healthy service tells which objects there are; the seed is the same for all.
port[ids]=$(free_port)
# shellcheck disable=SC2046
service_start "${port[ids]}" $(tree 1 3 2 1)
profile ids "${port[ids]}"
mount_adsfs ids ids qps=0 qpm=0
budget=$(cd "$MNT" && compgen -G '[0-9]*/campaigns/[0-9]*/budget' | head -n 1)
value=$(cat "$MNT/$budget")
[ -n "$value" ] || give_up "nothing to read in a healthy mount"
unmount
service_stop

for fault in "${faults[@]}"; do
    port[$fault]=$(free_port)
    profile "at-$fault" "${port[$fault]}"
    # shellcheck disable=SC2046
    if [ "$fault" != closed ]; then
        service_start "${port[$fault]}" $(tree 1 3 2 1) --fault "$fault=1"
        healthy[$fault]=$SERVICE
    fi
    mount_adsfs "$fault" "at-$fault" qps=0 qpm=0
    mount[$fault]=$MNT
    (cd "$MNT" && exec cat "$budget") >"$T/$fault.out" 2>"$T/$fault.err" &
    reader[$fault]=$!
done

for fault in "${faults[@]}"; do
    promise "$fault: the file that needed it says ${text[$fault]}"
    wait "${reader[$fault]}" && broken "succeeded: $(cat "$T/$fault.out")"
    want_eq "output" "$(cat "$T/$fault.out")" ""
    [[ $(cat "$T/$fault.err") == *"${text[$fault]}"* ]] || broken "$(cat "$T/$fault.err")"

    promise "$fault: .adsfs/errors has a line with time, path, errno, message and advice"
    want_ok tail -n 1 "${mount[$fault]}/.adsfs/errors"
    echo "$OUT" >"$T/line"
    want_ok jq -e '(.time and .path and .errno and .message) and (.message | length) > 10' "$T/line"

    promise "$fault: the mount lives on"
    want_ok cat "${mount[$fault]}/README.md"
    want_ok jq -e . "${mount[$fault]}/.adsfs/status.json"
done

promise "the token is in no file of the mount, no log and nobody's words"
for fault in "${faults[@]}"; do
    cat "${mount[$fault]}"/.adsfs/* "$T/$fault.log"* >"$T/said" || broken "cat"
    want_status 1 grep -E "$TOKEN|$SECRET" "$T/said"
done
for pid in $(processes_with "$T/mounts"); do
    want_status 1 grep -E "$TOKEN|$SECRET" "/proc/$pid/cmdline"
done

# The services become healthy: what failed is not remembered as data, nor for long.
for fault in "${faults[@]}"; do
    promise "$fault: when the service is well again, so is the mount"
    SERVICE=${healthy[$fault]:-}
    service_stop
    # shellcheck disable=SC2046
    service_start "${port[$fault]}" $(tree 1 3 2 1)
    well() { [ "$(cat "${mount[$fault]}/$budget")" = "$value" ]; }
    until_true well
    want_output "$value" cat "${mount[$fault]}/$budget"
    unmount "${mount[$fault]}"
    service_stop
done
