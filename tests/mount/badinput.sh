#!/bin/bash
# SPDX-License-Identifier: MIT
# badinput.sh - what is wrong on the command line or in a file is named in one line, and that is all.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

MNT=$T/mounts/here
mkdir "$MNT"
touch "$T/file"

# refused TEXT WORD… - adsfs with these words says one line with the text in it, ends with 1
refused()
{
    local text=$1
    shift
    run timeout -k 5 60 "$ADSFS" "$@" </dev/null
    want_eq "status of: adsfs $*" "$STATUS" 1
    want_eq "standard output of: adsfs $*" "$OUT" ""
    [ "$(wc -l <"$T/stderr")" = 1 ] || broken "not one line: adsfs $*" "$ERR"
    [[ $ERR == *"$text"* ]] || broken "adsfs $*" "  said   $ERR" "  without $text"
    [[ $ERR == *Error:* || $ERR == *error:* ]] && broken "says error: $ERR"
    [ -z "$(our_mounts)" ] || broken "mounted: $(our_mounts)"
}

# config LINE… - the whole configuration; profile `good` is one of which only the named part is wrong
(umask 077; echo "$TOKEN" >"$T/token"; echo "$SECRET" >"$T/secret")
config() { printf '%s\n' "$@" >"$ADSFS_CONFIG"; }
good=("[profile good]" "app_id = 7300000000000000001" "secret_file = $T/secret" "token_file = $T/token")

promise "no words, or too many"
refused "PROFILE"
refused "MOUNTPOINT" sandbox
refused "$T/file" sandbox "$MNT" "$T/file"

promise "an option that does not exist is named"
refused nonsense sandbox "$MNT" -o nonsense=1
refused nonsense sandbox "$MNT" -o ttl=5,nonsense
refused --frobnicate sandbox "$MNT" --frobnicate
refused Z sandbox "$MNT" -Z
refused -o sandbox "$MNT" -o

promise "a value that can not be is named with its option"
for option in ttl=soon ttl=-1 ttl= ttl=5x ttl=99999999999999999999 max_increase=-5 max_increase=lots \
    qps=many qpm=-1 dir_cache=perhaps writable=maybe umask=999 uid=nobody-at-all report_ttl=x; do
    refused "${option%%=*}" sandbox "$MNT" -o "$option"
    [[ $ERR == *"${option#*=}"* ]] || broken "$option: the value is not named: $ERR"
done

promise "a profile that does not exist is named"
refused nowhere nowhere "$MNT"
config "${good[@]}"
refused nowhere nowhere "$MNT"

promise "a configuration that can not be read is named"
rm -f "$ADSFS_CONFIG"
refused "$ADSFS_CONFIG" good "$MNT"
mkdir "$ADSFS_CONFIG"
refused "$ADSFS_CONFIG" good "$MNT"
rmdir "$ADSFS_CONFIG"
config "this is not a configuration"
refused "$ADSFS_CONFIG" good "$MNT"
config "${good[@]}"
if [ "$(id -u)" != 0 ]; then
    chmod 000 "$ADSFS_CONFIG"
    refused "$ADSFS_CONFIG" good "$MNT"
    chmod 600 "$ADSFS_CONFIG"
fi

promise "a wrong name or value in a profile is named"
config "${good[@]}" "tttl = 5"
refused tttl good "$MNT"
config "${good[@]}" "ttl = never"
refused ttl good "$MNT"

promise "a token file that can not be used is named"
config "${good[@]}" "token_file = $T/nothing"
refused "$T/nothing" good "$MNT"
: >"$T/empty"
chmod 600 "$T/empty"
config "${good[@]}" "token_file = $T/empty"
refused "$T/empty" good "$MNT"
cp "$T/token" "$T/open"
chmod 644 "$T/open"
config "${good[@]}" "token_file = $T/open"
refused "$T/open" good "$MNT"
mkdir "$T/directory"
config "${good[@]}" "token_file = $T/directory"
refused "$T/directory" good "$MNT"
if [ "$(id -u)" != 0 ]; then
    cp "$T/token" "$T/closed"
    chmod 000 "$T/closed"
    config "${good[@]}" "token_file = $T/closed"
    refused "$T/closed" good "$MNT"
fi

promise "a secret file that is not there is named, a profile without a token too"
config "${good[@]}" "secret_file = $T/nothing"
refused "$T/nothing" good "$MNT"
config "[profile good]" "app_id = 1" "secret_file = $T/secret"
refused token good "$MNT"

promise "a URL that can not be is named"
for url in ftp://business-api.tiktok.com/ nonsense http://example.com/open_api/v1.3 https:// \
    http://127.0.0.1:99999/ "http://127.0.0.1.example.com/"; do
    config "${good[@]}" "business_url = $url"
    refused "$url" good "$MNT"
done

promise "a mount point that can not be is named"
refused "$T/missing" sandbox "$T/missing"
refused "$T/file" sandbox "$T/file"

promise "a mount point that is in use is named"
mount_adsfs busy sandbox "sandbox_options=$TREE"
run timeout -k 5 60 "$ADSFS" sandbox "$MNT" </dev/null
want_eq "status" "$STATUS" 1
[[ $ERR == *"$MNT"* && $(wc -l <"$T/stderr") = 1 ]] || broken "said $ERR"
want_ok ls "$MNT"
want_eq "mounts" "$(our_mounts | wc -l)" 1
unmount
MNT=$T/mounts/here

promise "a log file that can not be written is named"
refused "$T/missing/log" sandbox "$MNT" -o "log_file=$T/missing/log"

promise "a sandbox that can not be started is named"
ADSFS_SANDBOX=$T/no-such-program refused "no-such-program" sandbox "$MNT"
refused "" sandbox "$MNT" -o "sandbox_options=--nonsense 5"

promise "no secret is printed"
config "${good[@]}" "business_url = ftp://nowhere/"
refused "" good "$MNT"
[[ $ERR == *"$TOKEN"* || $ERR == *"$SECRET"* ]] && broken "it is: $ERR"
ADSFS_ACCESS_TOKEN=$TOKEN refused "" good "$MNT"
[[ $ERR == *"$TOKEN"* ]] && broken "it is: $ERR"

promise "--help names every option with its default, --version says one line"
want_ok "$ADSFS" --help
for option in ttl writable ro max_increase max_budget max_bid min_interval max_changes_per_hour max_enables_per_hour \
    dry_run careful allow_delete qps qpm sandbox_options sandbox_log log_file dir_cache; do
    [[ $OUT == *"$option"* ]] || broken "--help does not name $option"
done
want_like 'adsfs [0-9.]+' "$ADSFS" --version

promise "the words of fstab are accepted"
mount_adsfs fstab sandbox "sandbox_options=$TREE" rw,dev,suid,nodev,exec,auto,user,nofail,_netdev,x-systemd.automount
want_ok ls "$MNT"
