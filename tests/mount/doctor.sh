#!/bin/bash
# SPDX-License-Identifier: MIT
# doctor.sh - `adsfs doctor` says a line for each thing, with the remedy, whatever is broken and
# whether or not there is a network; it exits 0 when nothing fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY

# strange NAME ROLE [WORD…] - a server as of strange.py; sets port[NAME]
declare -A port
strangers=()
strange()
{
    local name=$1 role=$2
    shift 2
    port[$name]=$(free_port)
    python3 "$HERE/strange.py" "$role" 127.0.0.1 "${port[$name]}" "$T/$name.heard" "$@" &
    strangers+=("$!")
    until_true grep -q ready "$T/$name.heard"
}

# doctor STATUS WORD… - runs it
doctor()
{
    want_status "$1" timeout 120 "$ADSFS" doctor "${@:2}"
    want_eq "stderr" "$ERR" ""
}

# says VERDICT THING TEXT - a line of OUT
says()
{
    grep -qE "^$1 +$2  .*$3" <<<"$OUT" || broken "no line: $1 $2 … $3" "$(grep -E "^.{6}$2 " <<<"$OUT")"
}

port[real]=$(free_port)
service_start "${port[real]}" --advertisers 1
profile agency "${port[real]}"

promise "a profile that works: every line is ok or skipped with a reason, and the status is 0"
mkdir "$T/here"
doctor 0 agency "$T/here"
for thing in config permissions fuse kernel allow_other "mount point" space "time zones" clock token; do
    says ok "$thing" .
done
says skip tls "plain http"
says ok answer "takes the token"
says skip scopes "adsfs login agency"
want_eq "lines that fail" "$(grep -c ^FAIL <<<"$OUT")" 0

promise "it asks the service once with the token, and never prints it"
mark
doctor 0 agency
want_calls user/info 1
want_eq "leaks" "$(python3 "$HERE/leaks.py" "$TOKEN" "$SECRET" -- "$T/stdout" "$T/stderr")" ""

promise "the built-in profile needs no account"
doctor 0 sandbox
says ok config "built in"
[[ $OUT != *token* ]] || broken "$OUT"

promise "used wrongly it says how it is used, and exits 2"
want_status 2 "$ADSFS" doctor
want_status 2 "$ADSFS" doctor a b c
[[ $ERR == usage:* ]] || broken "$ERR"

promise "no such profile, no file: the rest is looked at all the same"
doctor 1 nobody
says FAIL config "has no \[profile nobody\]; it has agency"
says ok fuse .
run env ADSFS_CONFIG="$T/nothing.ini" "$ADSFS" doctor agency
want_eq status "$STATUS" 1
says FAIL config "does not exist"
says ok "time zones" .

promise "every unknown key is named, with what was meant"
printf '[profile typos]\ntoken_fil = x\nttll = 3\nbusiness_url = http://127.0.0.1:1/x\n' >>"$ADSFS_CONFIG"
doctor 1 typos
says FAIL config "token_fil: .*did you mean token_file"
says FAIL config "ttll: .*did you mean ttl"
says FAIL tls "127.0.0.1 does not answer"

promise "files that others may read or change"
chmod 640 "$T/token"
chmod 644 "$T/secret"
chmod 666 "$ADSFS_CONFIG"
doctor 1 agency
says FAIL permissions "$T/token: others can read it; chmod go-rwx $T/token"
says FAIL permissions "$T/secret: others can read it; chmod"
says FAIL permissions "$ADSFS_CONFIG: others can change it; chmod go-w"
chmod 600 "$T/token" "$T/secret" "$ADSFS_CONFIG"

promise "no token, and one that is over"
profile tokenless "${port[real]}"
sed -i '/^\[profile tokenless/,$s|^token_file.*|token_file = nothing|' "$ADSFS_CONFIG"
doctor 1 tokenless
says FAIL token "there is none; adsfs login tokenless"
says skip answer token
(umask 077; printf '{"access_token":"%s","obtained_at":1,"expires_at":1000,"scope":["1","20"]}\n' "$TOKEN" >"$T/nothing")
doctor 1 tokenless
says FAIL token "expired 1970-01-01T00:16:40Z; adsfs login tokenless"

promise "a token that has ended and that a mount renews is no failure"
cp -p "$T/nothing" "$T/over"
(umask 077; jq -c '.refresh_token = "r"' "$T/over" >"$T/nothing")
doctor 0 tokenless
says ok token "expired 1970-01-01T00:16:40Z, renewed by itself"
says skip answer "before the token is renewed"
mv "$T/over" "$T/nothing"
doctor 1 tokenless

promise "scopes that are not granted"
says warn scopes "1, 20: not granted is reading ad groups \(210\), .*reports \(44\); let the app ask"
[[ $OUT != *"changing campaigns"* ]] || broken "20 grants 201: $(grep scopes <<<"$OUT")"

promise "a token that the service does not take"
(umask 077; echo another-token >"$T/nothing")
doctor 1 tokenless
says FAIL answer "40105.*; "

promise "no way to know the accounts"
printf '[profile poor]\ntoken_file = token\nbusiness_url = http://127.0.0.1:%s/open_api/v1.3\n' "${port[real]}" >>"$ADSFS_CONFIG"
doctor 1 poor
says FAIL config "accounts are not known; adsfs login poor"
says ok answer .

promise "a mount point that is not there, hides something, is mounted"
doctor 1 agency "$T/nowhere"
says FAIL "mount point" "does not exist; mkdir it first"
doctor 0 agency "$T"
says warn "mount point" "hidden while it is mounted"
mount_adsfs agency agency
doctor 1 agency "$MNT"
says FAIL "mount point" "mounted there already; fusermount3 -u"

promise "below a daemon that is stopped it ends in time"
stopped=$MNT MNT='' # nothing of the test may look into it
kill -STOP "$DAEMON"
doctor 1 agency "$stopped/campaigns"
says FAIL "mount point" "no answer within .*; if a mount that died is there, fusermount3 -uz"
kill -CONT "$DAEMON"
unmount "$stopped"

promise "what this machine lacks: time zones, fusermount3"
run env TZDIR="$T/nothing" "$ADSFS" doctor agency
says FAIL "time zones" "install tzdata"
run env PATH=/nonexistent "$ADSFS" doctor agency
says "(warn|FAIL)" fuse "no fusermount3 in PATH; install fuse3"

promise "a clock that is wrong is a warning"
strange past clock "Mon, 01 Jan 2024 00:00:00 GMT"
profile past "${port[past]}"
doctor 1 past
says warn clock "s ahead of that of the service.*; turn NTP on"

promise "a server that can not be verified, and a certificate"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$T/tls.key" -out "$T/tls.cert" 2>"$T/openssl" || give_up "openssl: $(cat "$T/openssl")"
strange tls tls "$T/tls.cert" "$T/tls.key"
profile tls "${port[tls]}"
sed -i "s|http://127.0.0.1:${port[tls]}|https://localhost:${port[tls]}|" "$ADSFS_CONFIG"
doctor 1 tls
says ok dns "localhost is .*(127.0.0.1|::1)"
says FAIL tls "localhost is not verified: .*certificate"
says skip answer tls

promise "without a network: what needs it fails, in time, and the rest is as ever"
profile far "${port[real]}"
sed -i '/^\[profile far/,$s|http://[^/]*/|https://nobody.invalid/|' "$ADSFS_CONFIG"
doctor 1 far
says FAIL dns "nobody.invalid: .*; connect this machine"
says FAIL tls "nobody.invalid does not answer"
says skip clock tls
says ok token .
run env https_proxy=http://127.0.0.1:1 "$ADSFS" doctor far
says warn dns "the proxy of https_proxy"
service_stop
doctor 1 agency
says FAIL tls "127.0.0.1 does not answer"

for pid in "${strangers[@]}"; do
    kill "$pid" && wait "$pid"
done 2>/dev/null
