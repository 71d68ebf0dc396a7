#!/bin/bash
# SPDX-License-Identifier: MIT
# roles.sh - Business Centers as directories; what a role, a scope or a refusal takes away shows in
# the modes, is said by open(), and is never sent.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The accounts of the seed, in the order in which roles are given to them.
port=$(free_port)
service_start "$port" --advertisers 6
mapfile -t A < <(ask "$port" oauth2/advertiser/get "app_id=$APP" "secret=$SECRET" | jq -r '.data.list[].advertiser_id')
service_stop
[ "${#A[@]}" = 6 ] || give_up "accounts: ${A[*]}"

# service PROFILE OPTION… - one with these options, mounted by a profile of its own; we are in it
service()
{
    local name=$1
    shift
    cd /
    [ -z "${MNT:-}" ] || unmount
    service_stop
    service_start "$port" "$@"
    profile "$name" "$port" "writable = true"
    mount_adsfs "$name" "$name" qps=0 qpm=0 "ttl=${TTL:-3000}"
    cd "$MNT" || give_up "cd"
    mark
}

# Two centers; the fourth account is in both, as Analyst and as Operator; the fifth refuses all.
service agency --advertisers 6 --campaigns 4 --adgroups 8 --ads 8 --centers 2 --members 25 \
    --roles ADMIN,OPERATOR,ANALYST,ANALYST,ADMIN,OPERATOR --forbid "${A[4]}"

B=6998877665544332211
admin=${A[0]} operator=${A[1]} analyst=${A[2]} both=${A[3]} closed=${A[4]}

# modes FILE… - as ls shows them
modes() { stat -c %A "$@"; }
campaign_of() { compgen -G "$1/campaigns/[0-9]*" | head -n 1; }
updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -r 'select(.method == "POST") | .path' | wc -l; }
last_error() { tail -n 1 .adsfs/errors | jq -r ".$1"; }

# ---- Business Centers ----

promise "find lists accounts without asking for roles"
mark
find . -maxdepth 2 -path ./business-centers -prune -o -print >"$T/first"
want_eq "accounts" "$(grep -cE '^\./[0-9]+$' "$T/first")" 6
want_calls bc/get 0
want_calls bc/asset/get 0

promise "ls business-centers shows two centers, and by-name/ their names"
want_eq "centers" "$(compgen -G "business-centers/[0-9]*" | wc -l)" 2
want_output "$(printf '%s\n' 'Alpenrad %2F Asia' 'Alpenrad Group')" ls business-centers/by-name
want_output "../$B" readlink "business-centers/by-name/Alpenrad Group"
want_calls bc/get 1

promise "a center has name, role, balance, info.json, members.json, advertisers/ and reports"
want_output "advertisers balance info.json members.json name report.csv report.html report.json reports role" \
    bash -c "ls business-centers/$B | sort | xargs"
want_calls bc/balance/get 0
want_calls bc/member/get 0
want_output "Alpenrad Group" cat "business-centers/$B/name"
want_output ADMIN cat "business-centers/$B/role"
want_like '[0-9]+\.[0-9][0-9]' cat "business-centers/$B/balance"
want_calls bc/balance/get 1
want_output EUR jq -r .bc_info.currency "business-centers/$B/info.json"

promise "members.json is an array of one object a line, asked for when its size is"
want_output 25 jq length "business-centers/$B/members.json"
want_eq "lines" "$(wc -l <"business-centers/$B/members.json")" 27
want_eq "size" "$(stat -c %s "business-centers/$B/members.json")" "$(wc -c <"business-centers/$B/members.json")"
want_output "Ada M" jq -r '.[0].user_name' "business-centers/$B/members.json"
want_calls bc/member/get 2

promise "advertisers/ holds links to the accounts at the root"
want_output "../../../$admin" readlink "business-centers/$B/advertisers/$admin"
want_output "$(cat "$admin/currency")" cat "business-centers/$B/advertisers/$admin/currency"
name=$(cat "$admin/name")
want_output "../$admin" readlink "business-centers/$B/advertisers/by-name/$name"
want_output "$(cat "$admin/currency")" cat "business-centers/$B/advertisers/by-name/$name/currency"

promise "an account of two centers is in both, and at the root once"
want_eq "centers that have it" "$(compgen -G "business-centers/[0-9]*/advertisers/$both" | wc -l)" 2
want_eq "at the root" "$(compgen -G "[0-9]*" | grep -cx "$both")" 1

# ---- roles ----

promise "modes say what each role may: Admin and Operator write, an Analyst does not"
for account in "$admin" "$operator" "$both"; do
    C=$(campaign_of "$account")
    want_output "-rw-------" modes "$C/name"
    want_output "-rw-------" modes "$C/status"
done
C=$(campaign_of "$analyst")
want_output "-r--------" modes "$C/name"
want_output "-r--------" modes "$C/status"
want_output "-r--------" bash -c "ls -l $C | awk '{ print \$1 }' | grep -v total | grep -- '^-' | sort -u"
want_status 1 test -w "$C/status"
want_ok test -r "$C/status"
want_calls bc/get 1
want_calls bc/asset/get 2

promise "a write as Analyst is refused before anything is sent, and says who can change that"
mark
want_refused "Permission denied" bash -c "echo DISABLE > $C/status"
want_eq "updates" "$(updates)" 0
want_calls any 0
want_output "$C/status" last_error path
want_output EACCES last_error errno
want_like '.*Analyst.*Admin of the Business Center [0-9]+.*' last_error message

promise "what an Analyst reads is there"
want_ok cat "$C/name" "$C/status" "$C/info.json" "$analyst/currency"

promise "a write as Operator goes through"
C=$(campaign_of "$operator")
mark
want_ok bash -c "echo 'As Operator' > $C/name"
want_output "As Operator" cat "$C/name"
want_eq "updates" "$(updates)" 1

promise "Operator and Analyst do not see the balance, for root too; the Admin does"
want_output "----------" modes "$operator/balance"
want_output "----------" modes "$analyst/balance"
want_output "-r--------" modes "$admin/balance"
mark
want_refused "Permission denied" cat "$operator/balance"
want_like '.*Operator.*billing.*' last_error message
want_status 1 test -r "$operator/balance"
want_like '[0-9]+(\.[0-9]+)?' cat "$admin/balance"
want_calls any 0

# ---- an account that refuses ----

promise "an account that refuses is there with its name, and the others keep their details"
want_ok test -d "$closed"
want_ok test -n "$(cat "$closed/name")"
for account in "${A[@]}"; do
    [ "$account" = "$closed" ] || want_like '[A-Z]{3}' cat "$account/currency"
done

promise "its details say why: no mode, and the service's words"
want_output "----------" modes "$closed/currency"
want_output "----------" modes "$closed/info.json"
want_output "-r--------" modes "$closed/name"
want_refused "Permission denied" cat "$closed/currency"
want_output 40001 last_error code
want_like "No permission to operate advertiser: $closed.*" last_error message
want_ok test "$(last_error request_id)" != null

promise "a listing in it is an error, not an empty directory"
want_refused "Permission denied" ls "$closed/campaigns"
want_output 40001 last_error code

# ---- another user, with the kernel's own checks ----

name="an ordinary user meets the same modes where the kernel checks them (allow_other)"
if [ "$(id -u)" = 0 ]; then
    promise "$name"
    nobody=$(id -u nobody) others=$MNT
    as_nobody() { setpriv --reuid "$nobody" --regid "$nobody" --clear-groups "$@"; }
    chmod a+x "$T" "$T/mounts"
    mount_adsfs nobody agency qps=0 qpm=0 ttl=3000 allow_other "uid=$nobody" "gid=$nobody"
    cd "$MNT" || give_up "cd"
    mark
    want_ok as_nobody cat "$admin/balance" "$operator/currency"
    want_refused "Permission denied" as_nobody cat "$operator/balance"
    want_refused "Permission denied" as_nobody cat "$closed/currency"
    C=$(campaign_of "$analyst")
    want_ok as_nobody cat "$C/status"
    want_refused "Permission denied" as_nobody sh -c "echo DISABLE > $C/status"
    want_eq "updates" "$(updates)" 0
    C=$(campaign_of "$operator")
    want_ok as_nobody sh -c "echo 'As nobody' > $C/name"
    want_eq "updates" "$(updates)" 1
    cd / && unmount
    MNT=$others
    cd "$MNT" || give_up "cd"
else
    skip_promise "$name" "only root can become another user"
fi

# ---- an account that only its center names ----

promise "an account that only a center names is at the root as soon as the center was listed, once"
service unlisted --advertisers 4 --campaigns 4 --adgroups 8 --ads 8 --unlisted 1
for _ in first "second, which the kernel keeps"; do
    want_eq "accounts" "$(compgen -G '[0-9]*' | wc -l)" 3
done
want_eq "of the center" "$(compgen -G "business-centers/$B/advertisers/[0-9]*" | wc -l)" 4
want_eq "accounts" "$(compgen -G '[0-9]*' | wc -l)" 4
want_eq "with details" "$(cat ./*/currency | wc -l)" 4

promise "advertisers of the profile are these and no others, also those that a center had added"
cd / && unmount
for name in unlisted named; do # with the cache of before, and without one
    profile "$name" "$port" "writable = true" "advertisers = ${A[0]}, ${A[1]}"
    mount_adsfs "$name" "$name" qps=0 qpm=0 ttl=3000
    cd "$MNT" || give_up "cd"
    want_eq "of the center" "$(compgen -G "business-centers/$B/advertisers/[0-9]*" | wc -l)" 2
    want_eq "by name" "$(ls "business-centers/$B/advertisers/by-name" | wc -l)" 2
    want_eq "accounts" "$(compgen -G '[0-9]*' | sort | xargs)" "$(printf '%s\n' "${A[@]:0:2}" | sort | xargs)"
    want_refused "No such file or directory" stat "${A[2]}"
    want_output "-rw-------" modes "$(campaign_of "${A[0]}")/name"
    cd / && unmount
done
MNT=

# ---- a token without the scope of Business Centers ----

promise "where the token has no scope for Business Centers there are none, and it says so once"
TTL=1 service noscope --advertisers 2 --campaigns 4 --adgroups 8 --ads 8 --scopes 10,2,4
want_output "by-name" ls business-centers
sleep 1.1
want_output "by-name" ls business-centers
want_eq "lines" "$(jq -r 'select(.path == "business-centers") | .code' .adsfs/errors)" 40001

promise "and writing goes on, since no role is known"
C=$(campaign_of "${A[0]}")
want_output "-rw-------" modes "$C/name"
want_ok bash -c "echo 'Without a center' > $C/name"

# ---- a token whose scopes are known ----

# scoped TOKEN ID… - the token file after a login that granted these scopes
scoped()
{
    local token=$1
    shift
    (umask 077; printf '{"access_token":"%s","scope":[%s]}\n' "$token" "$(IFS=,; echo "$*")" >"$T/token.new")
    mv "$T/token.new" "$T/token"
}

# login - another token of the service
login()
{
    python3 - "http://127.0.0.1:$port" "$APP" "$SECRET" <<'END'
import json, sys, urllib.error, urllib.parse, urllib.request
base, app, secret = sys.argv[1:]
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments): return None
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
query = urllib.parse.urlencode({"app_id": app, "state": "s", "redirect_uri": "http://localhost:1/"})
try:
    opener.open(f"{base}/portal/auth?{query}")
except urllib.error.HTTPError as answer:
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["auth_code"][0]
body = json.dumps({"app_id": app, "secret": secret, "auth_code": code}).encode()
request = urllib.request.Request(f"{base}/open_api/v1.3/oauth2/access_token/", body, {"Content-Type": "application/json"})
print(json.load(opener.open(request))["data"]["access_token"])
END
}

promise "what the login did not grant is closed, named, and not asked for"
TTL=1 service scoped --advertisers 2 --campaigns 4 --adgroups 8 --ads 8
cd / && unmount
scoped "$TOKEN" 1 200 210 4
mount_adsfs scoped scoped qps=0 qpm=0 ttl=1
cd "$MNT" || give_up "cd"
mark
want_output "d---------" modes "${A[0]}/ads"
want_output "drwx------" modes "${A[0]}/campaigns"
want_refused "Permission denied" ls "${A[0]}/ads"
want_like '.*scope 220 \(Read Ads\).*adsfs login scoped.*' last_error message
want_refused "Permission denied" cat "${A[0]}/ads/by-name/x"
want_calls ad/get 0
C=$(campaign_of "${A[0]}")
want_ok cat "$C/name"
want_output "-r--------" modes "$C/name"
want_refused "Permission denied" bash -c "echo New > $C/name"
want_like '.*scope 201 \(Create and Update Campaigns\).*' last_error message
want_eq "updates" "$(updates)" 0

promise "a login that grants more opens it, without a new mount"
token=$(login)
scoped "$token" 1 2 4
until_true test -w "$C/name"
want_output "drwx------" modes "${A[0]}/ads"
want_ok bash -c "echo New > $C/name"
want_ok ls "${A[0]}/ads"

# ---- roles that can not be had just now ----

promise "when the roles can not be had, values are read and written all the same: the service decides"
service noroles --advertisers 2 --campaigns 4 --adgroups 8 --ads 8 --roles ADMIN,ANALYST \
    --fault garbage=1:/bc/asset/get/
C=$(campaign_of "${A[0]}")
mark
want_ok cat "$C/name"
want_calls bc/get 0
want_output "-rw-------" modes "$C/name"
want_ok bash -c "echo New > $C/name"
want_output New cat "$C/name"
want_refused "Permission denied" bash -c "echo New > $(campaign_of "${A[1]}")/name"
want_eq "the service's code" "$(tail -n1 .adsfs/errors | jq .code)" 40001

promise "when they do not come, ls -l waits for them once, not for each file"
service late --advertisers 2 --campaigns 4 --adgroups 8 --ads 8 --fault stall=1:/bc/asset/get/
want_output "-r-------- -rw-------" bash -c "ls -lR ${A[0]}/campaigns | awk '{ print \$1 }' | grep -- '^-' | sort -u | paste -sd' '"
want_ok cat "$(campaign_of "${A[0]}")/name"

# ---- 4,000 accounts ----

promise "4,000 accounts: the first ls of all of them with details makes at most 45 calls"
service many --advertisers 4000 --centers 3 --campaigns 2 --adgroups 2 --ads 2
ls >"$T/root"
cat [0-9]*/currency >"$T/currencies"
want_eq "accounts" "$(grep -c '^[0-9]' "$T/root")" 4000
want_eq "currencies" "$(wc -l <"$T/currencies")" 4000
n=$(calls any)
echo "# calls: $n"
want_ok test "$n" -le 45

promise "with all roles at most 130, and none for campaigns"
stat -c %A [0-9]*/balance | sort | uniq -c >"$T/modes"
n=$(calls any)
echo "# calls: $n"
want_ok test "$n" -le 130
want_calls campaign/get 0
want_eq "accounts" "$(compgen -G '[0-9]*' | wc -l)" 4000

promise "advertisers/ leaves out what a center asked for, or has no more"
for center in business-centers/[0-9]*; do
    echo "$center"/advertisers/[0-9]* | tr ' ' '\n'
done >"$T/links"
ask "$port" bc/asset/get bc_id=$B asset_type=ADVERTISER page_size=50 filtering='{"keyword":"Alpenrad Former"}' |
    jq -r '.data.list[].asset_id' >"$T/former"
want_ok test -s "$T/former"
want_eq "former" "$(grep -cFf "$T/former" "$T/links")" 0
want_eq "links" "$(wc -l <"$T/links")" 4003
want_eq "of them lead nowhere" "$(while read -r link; do [ -e "$link" ] || echo "$link"; done <"$T/links")" ""
cd /
