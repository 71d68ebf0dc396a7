#!/bin/sh
# SPDX-License-Identifier: MIT
# Logging in: the portal, codes, tokens that stay and tokens that end, and Login Kit.
. "$(dirname "$0")/lib.sh"

# page PATH NAME=VALUE…: a GET outside of the API; the status and the Location.
page() {
    path=$1
    shift
    for pair in "$@"; do
        set -- "$@" --data-urlencode "$pair"
        shift
    done
    curl -s -G -o "$WORK/page" -w '%{http_code} %{redirect_url}' "$HOST$path" "$@"
}
# member NAME URL: of its query, as it is there.
member() { printf '%s\n' "$2" | tr '?&' '\n\n' | sed -n "s/^$1=//p"; }
plain() { sed 's/%2A/*/g; s/%21/!/g'; }
portal() { page /portal/auth app_id=sandbox-app state=a%b redirect_uri=http://localhost:7777/ "$@"; }
new_code() { member auth_code "$(portal)"; }
# oauth NAME JSON-MEMBERS [SECRET]: a token call.
oauth() { post "oauth2/$1/" "{\"app_id\":\"sandbox-app\",\"secret\":\"${3:-sandbox-secret}\",$2}"; }
# with TOKEN PATH NAME=VALUE…: a GET with another token.
with() {
    TOKEN=$1
    shift
    get "$@"
    TOKEN=sandbox-token
}

start --log "$WORK/log" --unlisted 1 --advertisers 3
HOST=${URL%/open_api/v1.3}

portal > "$WORK/answer"
to=$(cut -d' ' -f2 "$WORK/answer")
is "the portal sends back" 302 "$(cut -d' ' -f1 "$WORK/answer")"
is "to the redirect_uri, with the state" "http://localhost:7777/ a%25b" "${to%%\?*} $(member state "$to")"
is "with both names of the code" "$(member auth_code "$to")" "$(member code "$to")"
is "not without a state" "400 " "$(page /portal/auth app_id=sandbox-app redirect_uri=http://localhost:7777/)"
is "not for another application" "400 " "$(page /portal/auth app_id=other state=s redirect_uri=http://localhost:7777/)"
for uri in '' http://example.org/ javascript:x 'https://example.org/#x' /here; do
    is "nor to '$uri'" "400 " "$(page /portal/auth app_id=sandbox-app state=s "redirect_uri=$uri")"
done
is "a page for a person" 1 "$(grep -c '<p>redirect_uri: ' "$WORK/page")"
is "https goes anywhere" "302 https://example.org/back?x=1&" "$(page /portal/auth app_id=sandbox-app state=s 'redirect_uri=https://example.org/back?x=1' | sed 's/auth_code.*//')"
is "no page below the API" 404 "$(curl -s -o /dev/null -w '%{http_code}' "$URL/portal/auth?app_id=sandbox-app&state=s&redirect_uri=https://example.org/")"
is "no other pages" 404 "$(curl -s -o /dev/null -w '%{http_code}' "$HOST/nonsense")"

code=$(new_code)
oauth access_token "\"auth_code\":\"$code\"" wrong | code "a wrong secret" 40101
post oauth2/access_token/ "{\"app_id\":\"x\",\"secret\":\"sandbox-secret\",\"auth_code\":\"$code\"}" | holds "a wrong app_id" \
    '.code == 40113 and .message == "The app_id is inconsistent with the token'"'"'s app information. Please retry after correcting it. "'
post oauth2/access_token/ '{"app_id":"sandbox-app","secret":"sandbox-secret"}' | holds "a missing code" '.code == 40002 and .message == "Missing required field(s): auth_code."'
oauth access_token '"auth_code":1' | code "a code that is no text" 40002
oauth access_token "\"auth_code\":\"$code\",\"return_advertiser_ids\":1" | code "return_advertiser_ids that is no boolean" 40002
curl -s "$URL/oauth2/access_token/" -d "{\"app_id\":\"sandbox-app\",\"secret\":\"sandbox-secret\",\"auth_code\":\"$code\"}" > "$WORK/token"
get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret > "$WORK/accounts"
holds "no token is needed to get one" '.code == 0 and (.data | keys) == ["access_token","advertiser_ids","scope"] and .data.scope == [1,2,20,21,22,4,44]' < "$WORK/token"
is "it names the accounts that are listed" "$(jq -c '[.data.list[].advertiser_id]' "$WORK/accounts")" "$(jq -c .data.advertiser_ids "$WORK/token")"
oauth access_token "\"auth_code\":\"$code\"" | holds "a code is good once" \
    '.code == 40110 and .message == "The auth_code is canceled. Please re-authorize and try again with a new auth_code."'
oauth access_token "\"auth_code\":\"$(new_code)\",\"return_advertiser_ids\":false" > "$WORK/token2"
holds "no accounts when they are not wanted" '.code == 0 and .data.advertiser_ids == []' < "$WORK/token2"
T=$(jq -r .data.access_token "$WORK/token")
T2=$(jq -r .data.access_token "$WORK/token2")
with "$T" user/info/ | code "the new token works" 0
with "$T" oauth2/advertiser/get/ app_id=other secret=sandbox-secret | code "with its own application" 40113
oauth refresh_token "\"refresh_token\":\"$T\"" | code "it is not refreshed" 40107
oauth revoke_token "\"access_token\":\"$T\"" wrong | code "not revoked with a wrong secret" 40101
oauth revoke_token "\"access_token\":\"$T\"" | holds "revoked" '.code == 0 and .data.app_id == "sandbox-app" and (.data.advertiser_ids | length) == 2'
with "$T" user/info/ | code "it is dead" 40105
with "$T2" user/info/ | code "the other one is not" 0
oauth revoke_token "\"access_token\":\"$T\"" | code "revoked once" 40105
get user/info/ | code "the first token goes on" 0
oauth revoke_token '"access_token":"sandbox-token"' | code "until it is revoked" 0
get user/info/ | code "then it is dead too" 40105
stop

start --log "$WORK/log" --expires 2
HOST=${URL%/open_api/v1.3}
oauth access_token "\"auth_code\":\"$(new_code)\"" > "$WORK/token"
holds "tokens that end say so" '.data | .expires_in == 2 and .refresh_token_expires_in == 31536000 and .refresh_token != .access_token' < "$WORK/token"
T=$(jq -r .data.access_token "$WORK/token")
R=$(jq -r .data.refresh_token "$WORK/token")
with "$T" user/info/ | code "at first it works" 0
with "$R" user/info/ | code "a refresh token opens nothing" 40105
oauth refresh_token "\"refresh_token\":\"$R\"" > "$WORK/token2"
holds "refreshed" '.code == 0 and .data.expires_in == 2 and (.data.scope | length) == 7 and (.data.advertiser_ids | length) == 2' < "$WORK/token2"
T2=$(jq -r .data.access_token "$WORK/token2")
is "with other tokens" 4 "$(printf '%s\n' "$T" "$R" "$T2" "$(jq -r .data.refresh_token "$WORK/token2")" | sort -u | wc -l)"
with "$T2" user/info/ | code "the new one works" 0
oauth refresh_token "\"refresh_token\":\"$R\"" | code "the old refresh token is dead" 40107
sleep 2.1
with "$T" user/info/ | code "after its time" 40102
get user/info/ | code "the first token stays" 0
oauth refresh_token "\"refresh_token\":\"$(jq -r .data.refresh_token "$WORK/token2")\"" > "$WORK/token"
T=$(jq -r .data.access_token "$WORK/token")
with "$T" user/info/ | code "refreshed late" 0
oauth revoke_token "\"access_token\":\"$T\"" | code "revoked" 0
oauth refresh_token "\"refresh_token\":\"$(jq -r .data.refresh_token "$WORK/token")\"" | code "and its refresh token with it" 40107
stop

# Login Kit
start --log "$WORK/log"
HOST=${URL%/open_api/v1.3}
verifier=abcdefghijklmnopqrstuvwxyz0123456789-._~ABCDE
challenge=$(printf %s $verifier | sha256sum | cut -d' ' -f1)
web=https://example.org/back/
# login NAME=VALUE…: the page of a web application.
login() { page /v2/auth/authorize/ client_key=sandbox-app response_type=code state=s%3D scope=user.info.basic,video.list "redirect_uri=$web" "$@"; }
desktop() { page /v2/auth/authorize/ client_key=sandbox-app response_type=code state=s scope=user.info.basic redirect_uri=http://127.0.0.1:3455/callback/ "$@"; }
kit_code() { member code "${1#* }" | plain; }
form() {
    path=$1
    shift
    for pair in "$@"; do
        set -- "$@" --data-urlencode "$pair"
        shift
    done
    curl -s -w '\n{"status":%{http_code}}' "$HOST/v2/oauth/$path/" "$@" | jq -s add
}
token() { form token client_key=sandbox-app client_secret=sandbox-secret "$@"; }

to=$(login disable_auto_auth=1)
is "Login Kit sends back" "302 $web?code" "${to%%=*}"
is "with scopes and state" "user.info.basic%2Cvideo.list s%253D" "$(member scopes "$to") $(member state "$to")"
is "the code must be decoded" 1 "$(member code "$to" | grep -c '%2A.*%21')"
for uri in http://example.org/back/ https://example.org/?a=b https://example.org/#a example.org http://localhost/ "https://example.org/$(printf '%0500d' 0)"; do
    is "not to $(echo "$uri" | cut -c1-30)" "400 " "$(page /v2/auth/authorize/ client_key=sandbox-app response_type=code state=s scope=video.list "redirect_uri=$uri")"
done
is "not for another application" "400 " "$(page /v2/auth/authorize/ client_key=x response_type=code state=s scope=video.list "redirect_uri=$web")"
error() { member error "$1"; }
is "another response_type" unsupported_response_type "$(error "$(page /v2/auth/authorize/ client_key=sandbox-app response_type=token state=s scope=video.list "redirect_uri=$web")")"
to=$(page /v2/auth/authorize/ client_key=sandbox-app response_type=code state=s scope=nonsense "redirect_uri=$web")
is "an unknown scope, with its state and a text" "invalid_scope s 1" "$(error "$to") $(member state "$to") $(member error_description "$to" | grep -c '^scope%20is')"
is "no scope" invalid_scope "$(error "$(page /v2/auth/authorize/ client_key=sandbox-app response_type=code state=s "redirect_uri=$web")")"
is "no state" invalid_request "$(error "$(page /v2/auth/authorize/ client_key=sandbox-app response_type=code scope=video.list "redirect_uri=$web")")"
is "a desktop without challenge" invalid_request "$(error "$(desktop)")"
is "a challenge of another method" invalid_request "$(error "$(desktop code_challenge=x code_challenge_method=plain)")"
is "disable_auto_auth" invalid_request "$(error "$(login disable_auto_auth=yes)")"

code=$(kit_code "$(login)")
token grant_type=authorization_code "code=$code" "redirect_uri=$web" > "$WORK/token"
holds "a token of Login Kit" '.status == 200 and .token_type == "Bearer" and .expires_in == 86400 and .refresh_expires_in == 31536000 and
    .scope == "user.info.basic,video.list" and (.access_token | startswith("act.")) and (.refresh_token | startswith("rft.")) and has("open_id")' < "$WORK/token"
token grant_type=authorization_code "code=$code" "redirect_uri=$web" | holds "a code is good once" '.status == 400 and .error == "invalid_grant" and
    .error_description == "Authorization code is expired." and (.log_id | length) == 34'
oauth access_token "\"auth_code\":\"$(kit_code "$(login)")\"" | code "the other family does not take it" 40110
token grant_type=authorization_code "code=$(new_code)" "redirect_uri=$web" | holds "nor the reverse" '.error == "invalid_grant"'
token grant_type=authorization_code "code=$(kit_code "$(login)")" redirect_uri=https://example.org/ | holds "another redirect_uri" '.status == 400 and .error == "invalid_request"'
desktop_code() { kit_code "$(desktop "code_challenge=$challenge" code_challenge_method=S256)"; }
back=redirect_uri=http://127.0.0.1:3455/callback/
token grant_type=authorization_code "code=$(desktop_code)" $back code_verifier=$verifier | holds "a desktop with its verifier" '.status == 200 and .scope == "user.info.basic"'
token grant_type=authorization_code "code=$(desktop_code)" $back | holds "without" '.status == 400 and .error == "invalid_request"'
token grant_type=authorization_code "code=$(desktop_code)" $back code_verifier=x$verifier | holds "with another" '.error == "invalid_request"'

T=$(jq -r .access_token "$WORK/token")
R=$(jq -r .refresh_token "$WORK/token")
with "$T" user/info/ | code "its token works for the calls" 0
token grant_type=refresh_token "refresh_token=$R" > "$WORK/token2"
holds "refreshed" ".status == 200 and .refresh_token != \"$R\" and .scope == \"user.info.basic,video.list\"" < "$WORK/token2"
token grant_type=refresh_token "refresh_token=$R" | holds "the old refresh token is dead" '.status == 400 and .error == "invalid_grant"'
oauth refresh_token "\"refresh_token\":\"$(jq -r .refresh_token "$WORK/token2")\"" | code "the other family does not refresh it" 40107
token grant_type=client_credentials > "$WORK/client"
holds "a client token" '.status == 200 and .expires_in == 7200 and (.access_token | startswith("clt.")) and (has("refresh_token") | not)' < "$WORK/client"
with "$(jq -r .access_token "$WORK/client")" user/info/ | code "works too" 0
token grant_type=password | holds "another grant" '.status == 400 and .error == "unsupported_grant_type"'
token | holds "no grant" '.error == "invalid_request"'
form token client_key=sandbox-app client_secret=wrong grant_type=client_credentials | holds "a wrong secret" '.status == 401 and .error == "invalid_client"'
form token grant_type=client_credentials | holds "no client" '.status == 400 and .error == "invalid_request"'
curl -s -H 'Content-Type: application/json' "$HOST/v2/oauth/token/" -d '{"client_key":"sandbox-app","client_secret":"sandbox-secret","grant_type":"client_credentials"}' |
    holds "a JSON body" '.error == "invalid_request" and (.error_description | startswith("Only `application/x-www-form-urlencoded`"))'
is "a GET" 405 "$(curl -s -o /dev/null -w '%{http_code}' "$HOST/v2/oauth/token/?client_secret=sandbox-secret")"
form revoke client_key=sandbox-app client_secret=sandbox-secret "token=$(jq -r .access_token "$WORK/token2")" | holds "revoked, and nothing to say" '. == {"status":200}'
with "$T" user/info/ | code "all tokens of a login die together" 40105
form revoke client_key=sandbox-app client_secret=sandbox-secret "token=$T" | holds "again" '.status == 200'
form revoke client_key=sandbox-app client_secret=wrong "token=$T" | holds "with a wrong secret" '.status == 401 and .error == "invalid_client"'
form revoke client_key=sandbox-app client_secret=sandbox-secret | holds "without a token" '.status == 400 and .error == "invalid_request"'
stop

is "the log has all of it" "true true true true" "$(for path in /portal/auth /v2/auth/authorize/ /v2/oauth/token/ /oauth2/refresh_token/; do
    jq -s "any(.path == \"$path\")" "$WORK/log"; done | xargs)"
jq -s '[.[] | select(.path == "/v2/oauth/token/" and .body.code)]' "$WORK/log" | holds "a form in the log" \
    'length > 3 and all(.[]; .body.code == "***" and .body.client_secret == "***" and .body.grant_type == "authorization_code" and .code == null)'
jq -s '[.[] | select(.path == "/v2/oauth/token/" or .path == "/portal/auth")] | group_by(.done)' "$WORK/log" | holds "and whether it was carried out" \
    'length == 2 and all(.[0][]; .done == false) and any(.[1][]; .path == "/portal/auth") and any(.[1][]; .body.grant_type == "refresh_token")'
for file in "$WORK/token" "$WORK/token2" "$WORK/client"; do jq -r '.. | .access_token?, .refresh_token? | select(. != null)' "$file"; done > "$WORK/secrets"
printf '%s\n' sandbox-secret "$verifier" "$code" "$R" "$T" >> "$WORK/secrets"
is "and no secret" 0 "$(grep -c -F -f "$WORK/secrets" "$WORK/log")"

start --expires 1
HOST=${URL%/open_api/v1.3}
token grant_type=client_credentials | holds "--expires is for Login Kit too" '.expires_in == 1'
token grant_type=authorization_code "code=$(kit_code "$(login)")" "redirect_uri=$web" > "$WORK/token"
sleep 1.1
with "$(jq -r .access_token "$WORK/token")" user/info/ | code "after its time" 40102
finish
