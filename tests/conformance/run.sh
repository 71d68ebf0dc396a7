#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [BUILD-DIRECTORY [SANDBOX]] - installs the official Node SDK into the directory (never into
# the source tree), starts the sandbox and lets the SDK loose on it. Without npm or node: exit 77.
# SANDBOX may also come as ADSFS_SANDBOX; the directory is then by default beside that program.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sandbox=${2:-${ADSFS_SANDBOX:-}}
[ -n "$sandbox" ] || { echo "usage: $0 BUILD-DIRECTORY SANDBOX" >&2; exit 2; }
build=${1:-$(dirname "$sandbox")/conformance}

for tool in node npm; do
    command -v $tool > /dev/null || { echo "$tool is not installed"; exit 77; }
done

mkdir -p "$build"
cd "$build"
# The marker is written last, so an installation that was cut short is made again.
if ! cmp -s "$here/package.json" installed; then
    rm -rf installed node_modules package.json
    cp "$here/package.json" .
    npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error >&2
    cp package.json installed
fi
cp "$here/check.mjs" .

scratch=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2> /dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

: > "$scratch/url"
"$sandbox" --port 0 --task-delay 1000 > "$scratch/url" &
server=$!
while ! grep -q . "$scratch/url"; do
    kill -0 "$server" 2> /dev/null || { echo "the sandbox did not start" >&2; exit 1; }
    sleep 0.05
done
url=$(cat "$scratch/url")
node check.mjs "${url%/open_api/v1.3}"
