#!/bin/bash
# SPDX-License-Identifier: MIT
# login.sh - a session that begins with `adsfs login`: through the browser or a pasted address, in
# both dialects; the mount that lives by that token; logging out; and tokens that end by themselves.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

STATE=$XDG_STATE_HOME/adsfs

# account NAME PORT [LINE…] - a profile without a token
account()
{
    local name=$1 port=$2
    shift 2
    (umask 077; echo "$SECRET" >"$T/secret")
    {
        echo "[profile $name]"
        echo "business_url = http://127.0.0.1:$port/open_api/v1.3"
        printf '%s\n' "$@"
    } >>"$ADSFS_CONFIG"
}

business() { account "$@" "portal_url = http://127.0.0.1:$2/portal/auth"; }

login_kit()
{
    account "$@" "auth = login-kit" "open_url = http://127.0.0.1:$2" \
        "portal_url = http://127.0.0.1:$2/v2/auth/authorize/"
}

# ---- a browser ----

# browse URL - follows redirects; the status, and the page
browse()
{
    python3 - "$1" <<'END'
import sys, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    answer = opener.open(sys.argv[1])
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.read().decode())
END
}

# agree URL - where the portal sends the browser, which does not go there
agree()
{
    python3 - "$1" <<'END'
import http.client, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.netloc)
connection.request("GET", f"{url.path}?{url.query}")
print(connection.getresponse().getheader("Location"))
END
}

parameter() # NAME URL
{
    python3 -c 'import sys, urllib.parse as p
print(dict(p.parse_qsl(p.urlsplit(sys.argv[2]).query)).get(sys.argv[1], ""))' "$@"
}

# ---- a login ----

n_logins=0 said=()

# login PROFILE [OPTION…] - in the background until the address is there: sets LOGIN and URL. What is
# written to descriptor $PASTE is pasted.
login()
{
    n_logins=$((n_logins + 1))
    SAID=$T/login-$n_logins
    said+=("$SAID.out" "$SAID.err")
    mkfifo "$SAID.in"
    exec {PASTE}<>"$SAID.in"
    timeout 100 "$ADSFS" login "$@" <"$SAID.in" >"$SAID.out" 2>"$SAID.err" {PASTE}>&- &
    LOGIN=$!
    until_said "?"
    URL=$(grep -o 'http://[^ ]*?[^ ]*' "$SAID.out")
}

# until_said TEXT - or until the login ends, which says it all
until_said() { until_true said_or_gone "$1"; }
said_or_gone() { grep -qF "$1" "$SAID.out" "$SAID.err" || gone "$LOGIN"; }

# login_ends STATUS
login_ends()
{
    local status
    wait "$LOGIN"
    status=$?
    exec {PASTE}>&-
    [ "$status" = "$1" ] || broken "login ended with $status" "$(cat "$SAID.out" "$SAID.err")"
    keep_secrets
}

# What nobody may ever see, to be looked for at the end.
echo "$SECRET" >"$T/never-seen"
keep_secrets()
{
    cat "$STATE"/*/token 2>/dev/null | jq -r '.access_token, .refresh_token // empty' >>"$T/never-seen"
}

token() { jq -r ".$2" "$STATE/$1/token"; }

want_said() # TEXT
{
    grep -qF -- "$1" "$SAID.out" "$SAID.err" || broken "not said: $1" "$(cat "$SAID.out" "$SAID.err")"
}

P=$(free_port)
# shellcheck disable=SC2046
service_start "$P" $(tree 2 2 1 1) --roles ADMIN,ANALYST

# ---- what is refused before anything is opened ----

promise "a redirect URI that the Login Kit would not take is refused before an address is printed"
long=https://example.com/$(printf '%0500d' 0)
for uri in http://example.com/ ftp://localhost/ localhost https://example.com/?a=1 \
    'https://example.com/#a' "$long"; do
    rm -f "$ADSFS_CONFIG"
    login_kit kit "$P" "client_key = $APP" "client_secret_file = $T/secret" "redirect_uri = $uri"
    run "$ADSFS" login kit
    want_eq "status for $uri" "$STATUS" 1
    [[ $ERR == *redirect* && $OUT != *http* ]] || broken "$uri:" "$OUT" "$ERR"
done
[ ! -e "$STATE/kit/token" ] || broken "a token was stored"

rm -f "$ADSFS_CONFIG"
business agency "$P" "app_id = $APP" "secret_file = $T/secret"

promise "app id and secret are never arguments, and the message says where they come from"
run "$ADSFS" login agency "$APP" not-the-secret
want_eq "status" "$STATUS" 2
[[ $ERR == *secret_file* ]] || broken "$ERR"
want_status 2 "$ADSFS" login
want_refused "needs no login" "$ADSFS" login sandbox
want_refused "adsfs login agency" "$ADSFS" agency "$T/mounts"

promise "what each command is for: --help, -h"
for word in login logout whoami doctor why log; do
    for help in --help -h; do
        want_ok "$ADSFS" "$word" "$help"
        [[ $OUT == "usage: adsfs $word "* && -z $ERR ]] || broken "$word $help" "$OUT" "$ERR"
    done
done
want_ok "$ADSFS" login agency --help

promise "where something is missing and there is no terminal it says so, and names the key"
account bare "$P"
want_refused "has no app_id: write it there, or run this at a terminal" setsid -w "$ADSFS" login bare
account half "$P" "app_id = $APP"
want_refused "has no secret_file: write it there" setsid -w "$ADSFS" login half
want_refused "has no [profile none]: write one, or run this at a terminal" setsid -w "$ADSFS" login none

promise "a token that could not be kept is not asked for: no address is printed"
account nowhere "$P" "app_id = $APP" "secret_file = $T/secret" "token_file = /proc/token"
want_refused "can not be written" "$ADSFS" login nowhere
[[ $OUT != *http* ]] || broken "$OUT"

# ---- the listener ----

promise "the browser comes back to the listener: the accounts are listed, and the token is kept 0600"
login agency
here=$(parameter redirect_uri "$URL")
want_like "404 .*" browse "${here}favicon.ico"
want_like "400 .*Not this login.*" browse "$here?auth_code=x&code=x&state=wrong"
want_like "400 .*Not this login.*" browse "$here"
gone "$LOGIN" && broken "a wrong state ended the wait"
[ ! -e "$STATE/agency/token" ] || broken "a token without a login"
want_like "200 .*Thank you.*" browse "$URL"
login_ends 0
want_said "2 accounts were granted"
want_said "adsfs agency MOUNTPOINT"
want_output 600 stat -c %a "$STATE/agency/token"
want_output 700 stat -c %a "$STATE/agency"
listening "${here//[!0-9]/}" 2>/dev/null && broken "it still listens"

promise "whoami: user, accounts with roles, scopes by name, age and end of the token"
want_ok "$ADSFS" whoami agency
for text in "Ada M" "a\*\*\*@" "2[0-9:+ -]*, [0-9]* second" "works until it is revoked" \
    "44 Consolidated Report" "accounts  2" "[0-9]{16,}  ADMIN " "[0-9]{16,}  ANALYST "; do
    grep -qE -- "$text" "$T/stdout" || broken "not said: $text" "$OUT"
done

promise "whoami takes a token that somebody put there on one line, or into the environment"
(umask 077; echo "$TOKEN" >"$T/one-line")
echo "$TOKEN" >>"$T/never-seen"
business line "$P" "app_id = $APP" "secret_file = $T/secret" "token_file = $T/one-line"
want_ok "$ADSFS" whoami line
[[ $OUT == *"scopes    not known"* && $OUT == *"obtained  not known"* && $OUT == *"Ada M"* ]] ||
    broken "$OUT"
rm "$T/one-line"
run env ADSFS_ACCESS_TOKEN="$TOKEN" "$ADSFS" whoami line
[[ $STATUS = 0 && $OUT == *"of the environment"*"Ada M"* ]] || broken "$OUT" "$ERR"
run env ADSFS_ACCESS_TOKEN=wrong "$ADSFS" whoami line
[[ $STATUS = 1 && $ERR == *"adsfs login line"* ]] || broken "$OUT" "$ERR"

# ---- the pasted address ----

promise "the address, pasted through a pipe, is as good; the old token is replaced, never rewritten"
before=$(stat -c %i "$STATE/agency/token")
old=$(token agency access_token)
login agency --no-browser
there=$(agree "$URL")
echo "http://localhost:1/?auth_code=x&state=wrong" >&"$PASTE"
until_said "can not be used"
echo "$there" >&"$PASTE"
login_ends 0
[ "$(token agency access_token)" != "$old" ] || broken "the old token is still there"
[ "$(stat -c %i "$STATE/agency/token")" != "$before" ] || broken "the file was written over"
want_eq "what lies there" "$(ls -A "$STATE/agency")" "token"

promise "a code that was used already ends the login, and the token that was there stays"
old=$(sha256sum <"$STATE/agency/token")
login agency
echo "${there%%state=*}state=$(parameter state "$URL")" >&"$PASTE"
login_ends 1
want_said "auth_code is canceled"
want_said "adsfs login agency"
want_eq "the token" "$(sha256sum <"$STATE/agency/token")" "$old"

promise "no word with a secret is in the command line or the environment of a login that waits"
login agency
for pid in "$LOGIN" $(cat "/proc/$LOGIN/task/$LOGIN/children"); do
    cat "/proc/$pid/cmdline" "/proc/$pid/environ" | tr '\0' '\n' >"$T/words"
    grep -q adsfs "$T/words" || broken "process $pid is not the one to look at"
    grep -qFf "$T/never-seen" "$T/words" && broken "there is one: $(grep -Ff "$T/never-seen" "$T/words")"
done
agree "$URL" >&"$PASTE"
login_ends 0

# ---- questions ----

# ask_login PROFILE OUTPUT - answers at a terminal; goes where the address says, or interrupts where
# that is not this machine
ask_login()
{
    APP=$APP SECRET=$SECRET python3 - "$ADSFS" "$@" <<'END'
import os, pty, re, sys, urllib.request
adsfs, profile, output = sys.argv[1:]
answers = [(b"make it", b"y"), (b"App id", os.environ.pop("APP").encode()),
           (b"Secret", os.environ.pop("SECRET").encode())]
pid, fd = pty.fork()
if pid == 0:
    os.execv(adsfs, [adsfs, "login", profile])
seen, gone_there = b"", False
while True:
    try:
        seen += os.read(fd, 4096)
    except OSError:
        break
    for question, answer in answers[:]:
        if re.search(question + rb"[^\n]*: $", seen):
            os.write(fd, answer + b"\n")
            answers.remove((question, answer))
    url = re.search(rb"https?://\S*\?\S*\r\n", seen)
    if url and b"Waiting" in seen and not gone_there:
        gone_there = True
        url = url.group().decode().strip()
        if url.startswith("http://127.0.0.1"):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url)
        else:
            os.write(fd, b"\x03")
open(output, "wb").write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
END
}

added() { tail -c +"$(($(stat -c %s "$T/first.ini") + 1))" "$ADSFS_CONFIG"; }

promise "a profile that is not there is made if that is wanted, byte for byte behind what was there"
printf '# mine\n[profile other]\n# keep this\nttl=7\n\n\n' >"$T/first.ini"
cp "$T/first.ini" "$ADSFS_CONFIG"
chmod 640 "$ADSFS_CONFIG"
said+=("$T/terminal-1" "$T/terminal-2")
want_refused "has no [profile fresh]" setsid -w "$ADSFS" login fresh
want_output "" diff "$T/first.ini" "$ADSFS_CONFIG"
run ask_login fresh "$T/terminal-1"
[ "$STATUS" != 0 ] || broken "an interrupted login succeeded"
cmp -s -n "$(stat -c %s "$T/first.ini")" "$T/first.ini" "$ADSFS_CONFIG" || broken "$(cat "$ADSFS_CONFIG")"
want_eq "what was added" "$(added)" $'\n[profile fresh]'
want_eq "what is kept of a login that did not end" "$(ls -A "$STATE/fresh")" ""

promise "app id and secret are asked for, the secret unseen, and kept when they were right"
{
    echo "business_url = http://127.0.0.1:$P/open_api/v1.3"
    echo "portal_url = http://127.0.0.1:$P/portal/auth"
} >>"$ADSFS_CONFIG"
want_ok ask_login fresh "$T/terminal-2"
keep_secrets
grep -q "App id" "$T/terminal-2" || broken "the app id was not asked for" "$(cat "$T/terminal-2")"
want_eq "the first lines" "$(added | head -n 3)" $'\n[profile fresh]\n'"app_id = $APP"
want_output 640 stat -c %a "$ADSFS_CONFIG"
want_output "$SECRET" cat "$STATE/fresh/secret"
want_output 600 stat -c %a "$STATE/fresh/secret"
want_ok "$ADSFS" whoami fresh

# ---- the mount ----

business agency "$P" "app_id = $APP" "secret_file = $T/secret"
list_campaigns() { ls "$MNT"/*/campaigns; }
lists() { list_campaigns >/dev/null; }

promise "the mount lives by the login's token"
mark
mount_adsfs agency agency ttl=0 qps=0 qpm=0
want_ok list_campaigns
want_eq "accounts" "$(printf '%s\n' "$OUT" | grep -c "^$MNT")" 2

promise "after a logout the mount says EACCES, and whoami how to log in"
want_ok "$ADSFS" logout agency
[[ $OUT == *"revoked and forgotten"* ]] || broken "$OUT"
[ ! -e "$STATE/agency/token" ] || broken "the token is still there"
run ls "$MNT" # whose * would not even be looked for: no account can have that name
[[ $STATUS != 0 && $ERR == *"Permission denied"* ]] || broken "status $STATUS" "$OUT" "$ERR"
want_refused "adsfs login agency" "$ADSFS" whoami agency
want_like ".*nothing to do.*" "$ADSFS" logout agency

promise "a new login is picked up without a new mount"
login agency
agree "$URL" >&"$PASTE"
login_ends 0
until_true lists
unmount

promise "a token that somebody else revoked is forgotten too; one that could not be revoked is kept"
cp "$STATE/agency/token" "$T/copy"
want_ok "$ADSFS" logout agency
mv "$T/copy" "$STATE/agency/token"
want_ok "$ADSFS" logout agency
[ ! -e "$STATE/agency/token" ] || broken "the token is still there"
login agency
agree "$URL" >&"$PASTE"
login_ends 0
service_stop
want_refused "is kept" "$ADSFS" logout agency
want_output 600 stat -c %a "$STATE/agency/token"
want_ok "$ADSFS" logout --force agency
[ ! -e "$STATE/agency/token" ] || broken "the token is still there"

promise "a logout waits for whoever renews the token, or that one would be left over"
# shellcheck disable=SC2046
service_start "$P" $(tree 1 1 1 1)
login agency
agree "$URL" >&"$PASTE"
login_ends 0
mark
exec {LOCK}>"$STATE/agency/token.lock"
flock "$LOCK"
"$ADSFS" logout agency >"$T/waiting" 2>&1 {LOCK}>&- &
waiting=$!
for _ in {1..20}; do gone "$waiting" || sleep 0.05; done
gone "$waiting" && broken "it did not wait" "$(cat "$T/waiting")"
want_calls any 0
exec {LOCK}>&-
wait "$waiting" || broken "$(cat "$T/waiting")"
[ ! -e "$STATE/agency/token" ] || broken "the token is still there"
want_calls oauth2/revoke_token 1
service_stop

promise "a token that can not be kept after all is revoked"
# shellcheck disable=SC2046
service_start "$P" $(tree 1 1 1 1)
login agency
mkdir -p "$STATE/agency/token/in-its-place"
mark
agree "$URL" >&"$PASTE"
login_ends 1
want_said "can not be written"
want_calls oauth2/access_token 1
want_calls oauth2/revoke_token 1
rm -r "$STATE/agency/token"
service_stop

promise "with a token that expired its refresh token is ended too, or the logout says that it lives on"
# shellcheck disable=SC2046
service_start "$P" $(tree 1 1 1 1) --expires 3600 --fault 40102=2x:/oauth2/revoke_token/ \
    --fault 50000=1x:/oauth2/refresh_token/
login agency
agree "$URL" >&"$PASTE"
login_ends 0
old=$(token agency refresh_token)
mark
want_refused "its refresh token may live on until 2" "$ADSFS" logout agency
[[ $ERR == *"is kept"* ]] || broken "$ERR"
want_eq "the token" "$(token agency refresh_token)" "$old"
want_ok "$ADSFS" logout agency
want_calls oauth2/refresh_token 2
want_calls oauth2/revoke_token 3
[ ! -e "$STATE/agency/token" ] || broken "the token is still there"
service_stop

# ---- the Login Kit ----

# shellcheck disable=SC2046
service_start "$P" $(tree 1 1 1 1) --expires 3600
login_kit kit "$P" "client_key = $APP" "client_secret_file = $T/secret" "scope = user.info.basic" \
    "disable_auto_auth = true"

promise "Login Kit: a round trip with PKCE, and a mount by its token"
login kit
want_eq "method" "$(parameter code_challenge_method "$URL")" S256
want_eq "auto auth" "$(parameter disable_auto_auth "$URL")" 1
want_eq "scope" "$(parameter scope "$URL")" user.info.basic
want_like "200 .*Thank you.*" browse "$URL"
login_ends 0
want_like "[^ ]+" token kit refresh_token
want_ok "$ADSFS" whoami kit
[[ $OUT == *"user.info.basic"* && $OUT == *"renewable "* ]] || broken "$OUT"
mount_adsfs kit kit qps=0 qpm=0
want_ok ls "$MNT"
unmount
want_ok "$ADSFS" logout kit

promise "Login Kit: an app's own token needs no browser"
login_kit own "$P" "client_key = $APP" "client_secret_file = $T/secret" "grant = client_credentials"
want_ok "$ADSFS" login own
keep_secrets
[[ $OUT != *http* ]] || broken "$OUT"
want_output 600 stat -c %a "$STATE/own/token"

# ---- renewal ----

# age PROFILE - its token ended a moment ago, as far as its file knows
age()
{
    jq --argjson now "$(date +%s)" '.obtained_at = $now - 100 | .expires_at = $now - 1' \
        "$STATE/$1/token" >"$T/aged" && chmod 600 "$T/aged" && mv "$T/aged" "$STATE/$1/token"
}

renewals() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r .path | grep -c '^/oauth2/refresh_token/'; }

promise "a token that ended is renewed once for 50 readers and two mounts; nothing is sent before"
login agency
agree "$URL" >&"$PASTE"
login_ends 0
old=$(token agency refresh_token)
age agency
want_refused "a mount renews it" "$ADSFS" whoami agency
mark
mount_adsfs one agency ttl=0 qps=0 qpm=0
one=$MNT
mount_adsfs two agency ttl=0 qps=0 qpm=0
readers=()
for i in {1..50}; do
    [ $((i % 2)) = 0 ] && MNT=$one
    ls "$MNT" >"$T/reader-$i" 2>&1 &
    readers+=($!)
    MNT=$T/mounts/two
done
for i in "${!readers[@]}"; do
    wait "${readers[i]}" || broken "reader $i: $(cat "$T/reader-$((i + 1))")"
done
want_eq "renewals" "$(renewals)" 1
want_eq "the first call" "$(tail -n "+$((MARK + 1))" "$CALLS" | head -n 1 | jq -r .path)" \
    /oauth2/refresh_token/
keep_secrets
[ "$(token agency refresh_token)" != "$old" ] || broken "the rotated refresh token is not stored"
want_output 600 stat -c %a "$STATE/agency/token"
unmount "$one"
unmount "$T/mounts/two"
service_stop

promise "tokens that end every few seconds are renewed ahead of time, again and again"
# shellcheck disable=SC2046
service_start "$P" $(tree 1 1 1 1) --expires 5
login agency
agree "$URL" >&"$PASTE"
login_ends 0
mark
mount_adsfs short agency ttl=0 qps=0 qpm=0
until [ "$(renewals)" -ge 3 ]; do
    want_ok ls "$MNT"
    keep_secrets
    sleep 0.1
done
want_eq "refused calls" "$(tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.code != 0) | .path' | wc -l)" 0
unmount

# ---- secrets ----

promise "no token, code or secret in what was said, in logs, or in any file but those for them"
keep_secrets
grep -q . "$T/never-seen" || broken "nothing to look for"
for file in "${said[@]}" "$CALLS" "$ADSFS_CONFIG" "$T"/*.log "$T"/*.log.out; do
    [ -f "$file" ] && grep -qFf "$T/never-seen" "$file" && broken "in ${file##*/}"
done
left=$(grep -rlFf "$T/never-seen" "$XDG_STATE_HOME" "$XDG_CACHE_HOME" | grep -v -e '/token$' -e '/secret$')
want_eq "in other files" "$left" ""
