#!/bin/sh
# SPDX-License-Identifier: MIT
# HTTP and envelope: paths, methods, tokens, the log, and how the program starts and ends.
. "$(dirname "$0")/lib.sh"

start --log "$WORK/log"
accounts

is "it prints its address" yes "$(grep -Eqx 'http://127\.0\.0\.1:[0-9]+/open_api/v1\.3' "$WORK/url" && echo yes)"
get campaign/get/ advertiser_id="$A" | holds "code and message" '.code == 0 and .message == "OK"'
get campaign/get/ advertiser_id="$A" |
    holds "request_id is 14 digits and 20 hexadecimal ones" '.request_id | test("^[0-9]{14}[0-9A-F]{20}$")'
stamp=$(get user/info/ | jq -r '.request_id[0:14]')
now=$(TZ=UTC-8 date +%Y%m%d%H%M)
is "request_id is in UTC+8" "$(echo "$now" | cut -c1-10)" "$(echo "$stamp" | cut -c1-10)"
is "X-TT-LOGID" 1 "$(curl -s -D - -o /dev/null "$URL/user/info/" | grep -ci '^x-tt-logid: [0-9A-F]\{34\}')"

is "no slash at the end: status and text" "404 404 page not found" \
    "$(curl -s -w ' %{http_code}' -H "Access-Token: $TOKEN" "$URL/campaign/get" | sed 's/\(.*\) \(.*\)/\2 \1/')"
is "unknown path" "404 40400" "$(curl -s -w ' %{http_code}' "$URL/campaign/gett/" | sed 's/.*"code":\([0-9]*\).* \(.*\)/\2 \1/')"
post campaign/get/ '{}' | holds "wrong method" \
    '.code == 40001 and (.message | startswith("Permission error: The access token lacks the required scope for endpoint '"'/campaign/get/(method=POST)'"'. Please"))'
curl -s "$URL/user/info/" | holds "no token" \
    '.code == 40104 and .message == "Access token is null, you should set it in http header with key Access-Token." and .data == {}'
curl -s -H 'Authorization: Bearer sandbox-token' "$URL/user/info/" | code "Bearer is ignored" 40104
curl -s -H 'Access-Token: x' "$URL/user/info/" | holds "wrong token" \
    '.code == 40105 and .message == "Access token is incorrect or has been revoked."'
curl -s -H 'Access-Token: x' "$URL/campaign/get/" | code "the token comes before parameters" 40105
is "errors are HTTP 200" 200 "$(curl -s -o /dev/null -w '%{http_code}' "$URL/user/info/")"

get campaign/get/ | code "advertiser_id is required" 40002
get campaign/get/ advertiser_id=123 | holds "an advertiser that never was" \
    '.code == 40002 and .message == "The advertiser 123 doesn'"'"'t exist or has been deleted."'
get campaign/get/ advertiser_id=7999999999999999999 | holds "somebody else's advertiser" \
    '.code == 40001 and .message == "No permission to operate advertiser: 7999999999999999999"'
get advertiser/info/ advertiser_ids="[\"$A\",\"7999999999999999999\"]" |
    holds "one bad id spoils advertiser/info" '.code == 40001 and (.data | has("list") | not)'
get advertiser/info/ advertiser_ids="[\"$A\",\"$J\"]" fields='["currency","timezone"]' |
    holds "advertiser/info with fields" \
        '.data.list == [{"currency":"USD","timezone":"America/New_York"},{"currency":"JPY","timezone":"Asia/Tokyo"}] or
         .data.list == [{"timezone":"America/New_York","currency":"USD"},{"timezone":"Asia/Tokyo","currency":"JPY"}]'
get advertiser/info/ advertiser_ids="$A" | code "advertiser_ids must be JSON text" 40002
get oauth2/advertiser/get/ app_id=sandbox-app secret=no | code "wrong secret" 40101
get oauth2/advertiser/get/ app_id=sandbox-app | code "missing secret" 40002
get campaign/get/ advertiser_id="$A" fields=campaign_id,budget | code "fields=a,b" 40002
get campaign/get/ advertiser_id="$A" fields='["campaign_id","nonsense"]' | code "unknown field" 40002
get campaign/get/ advertiser_id="$A" nonsense=1 | code "unknown parameters are ignored" 0
post campaign/update/ 'not json' | code "a body that is not JSON" 40002
post campaign/update/ '[]' | code "a body that is no object" 40002

is "the log has one JSON object a line" "$(wc -l < "$WORK/log")" "$(jq -c . "$WORK/log" | wc -l)"
tail -n1 "$WORK/log" | holds "a line of the log" \
    '.method == "POST" and .path == "/campaign/update/" and .body == [] and .code == 40002 and (.ms | type) == "number" and (.query | type) == "object"'
grep '"/campaign/get/"' "$WORK/log" | tail -n1 | holds "the query is decoded" '.query.nonsense == "1" and .body == null'
is "no secret in the log" 0 "$(grep -c -e sandbox-secret -e sandbox-token "$WORK/log")"

port=${URL#http://127.0.0.1:}
port=${port%%/*}
"$SANDBOX" --port "$port" > "$WORK/out2" 2> "$WORK/err2"
is "a busy port: exit status" 1 $?
is "a busy port: one line, naming it" "1 1" "$(wc -l < "$WORK/err2") $(grep -c -- "--port $port" "$WORK/err2")"
"$SANDBOX" --fault nonsense=1 > "$WORK/out2" 2> "$WORK/err2"
is "an unknown fault: exit status" 1 $?
"$SANDBOX" --ads -5 > "$WORK/out2" 2> "$WORK/err2"
is "a negative number: exit status" 1 $?

descriptors() { ls /proc/$SERVER/fd | wc -l; }
before=$(descriptors)
for _ in $(seq 40); do get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret > "$WORK/page"; done
sleep 0.2
is "clients that have left leave no connections behind" "" \
    "$([ "$(descriptors)" -le $((before + 2)) ] || echo "$before descriptors before, $(descriptors) after")"
is "two requests of one connection are both answered" "0 0" "$(curl -s -H "Access-Token: $TOKEN" \
    "$URL/oauth2/advertiser/get/?app_id=sandbox-app&secret=sandbox-secret" \
    "$URL/oauth2/advertiser/get/?app_id=sandbox-app&secret=sandbox-secret" | jq -s -r 'map(.code) | join(" ")')"

kill -TERM $SERVER
wait $SERVER
is "SIGTERM ends it well" 0 $?
SERVER=

mkfifo "$WORK/fifo"
"$SANDBOX" --until-eof < "$WORK/fifo" > "$WORK/url" &
SERVER=$!
exec 3> "$WORK/fifo"
while ! grep -q . "$WORK/url"; do sleep 0.02; done
exec 3>&-
wait $SERVER
is "end of file on stdin ends it with --until-eof" 0 $?
SERVER=
finish
