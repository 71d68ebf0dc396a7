# SPDX-License-Identifier: MIT
# Sourced by the sandbox tests: starts the server, calls it, and counts what is true (TAP).
# Usage of a test: test-NAME.sh PATH-OF-adsfs-sandbox

set -u
SANDBOX=$1
for tool in curl jq; do
    command -v $tool > /dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done

WORK=$(mktemp -d)
: > "$WORK/results" # a file, since many checks run at the end of a pipe, in a subshell
SERVER=
TOKEN=sandbox-token
trap 'stop; rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM

# start OPTION…: a server on a free port. Sets URL, A (first advertiser, USD) and J (second, JPY).
start() {
    : > "$WORK/url"
    "$SANDBOX" "$@" > "$WORK/url" 2> "$WORK/err" &
    SERVER=$!
    while ! grep -q . "$WORK/url"; do
        kill -0 $SERVER 2> /dev/null || { echo "Bail out! $(cat "$WORK/err")"; exit 1; }
        sleep 0.02
    done
    URL=$(cat "$WORK/url")
}

accounts() {
    get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret > "$WORK/accounts"
    A=$(jq -r '.data.list[0].advertiser_id' "$WORK/accounts")
    J=$(jq -r '.data.list[1].advertiser_id' "$WORK/accounts")
}

# What sanitizers or GLib say is a failure of the test, whatever else it found.
stop() {
    [ -n "$SERVER" ] || return 0
    kill $SERVER 2> /dev/null
    wait $SERVER
    SERVER=
    if grep -E 'ERROR: |runtime error|CRITICAL|WARNING' "$WORK/err"; then
        is "nothing in the server's error output" "" "$(cat "$WORK/err")"
    fi
}

# get PATH NAME=VALUE…: a GET with encoded parameters.
get() {
    path=$1
    shift
    for pair in "$@"; do
        set -- "$@" --data-urlencode "$pair"
        shift
    done
    curl -s -G -H "Access-Token: $TOKEN" "$URL/$path" "$@"
}

post() { curl -s -H "Access-Token: $TOKEN" -H 'Content-Type: application/json' "$URL/$1" -d "$2"; }

# is TEXT WANTED GOT
is() {
    number=$(($(wc -l < "$WORK/results") + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1" | tee -a "$WORK/results"
    else
        echo "not ok $number - $1" | tee -a "$WORK/results"
        printf '%s\n' "wanted: $2" "got:    $3" | cut -c1-600 | sed 's/^/# /'
    fi
}

# holds TEXT JQ-CONDITION < JSON: true is wanted.
holds() {
    cat > "$WORK/json"
    got=$(jq -e "$2" "$WORK/json" 2>&1 | head -3)
    [ "$got" = true ] || got="$got of $(head -c 400 "$WORK/json")"
    is "$1" true "$got"
}

# code TEXT WANTED < JSON
code() {
    cat > "$WORK/json"
    got=$(jq -r .code "$WORK/json" 2>&1)
    [ "$got" = "$2" ] || got="$got: $(head -c 400 "$WORK/json")"
    is "$1" "$2" "$got"
}

finish() {
    stop
    echo "1..$(wc -l < "$WORK/results")"
    ! grep -q '^not ok' "$WORK/results"
}
