#!/bin/bash
# SPDX-License-Identifier: MIT
# pace.sh - two mounts of one application at full load, for PACE_SECONDS (300), against a service
# that refuses whatever is over its limit of 10 calls a second and 600 a minute.
PACE_SECONDS=${PACE_SECONDS:-300}
LIMIT=$((PACE_SECONDS + 200))
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

ACCOUNTS=8 READERS=6 # of each mount

# read_reports MOUNT READER - one report after the other, none of them twice: a call each
read_reports()
{
    local day accounts=("$1"/[0-9]*)
    for day in $(seq $((100 + $2)) "$READERS" 3000); do
        day=$(date -u -d "-$day days" +%F)
        for account in "${accounts[@]}"; do
            [ -e "$T/stop" ] && return
            cat "$account/reports/$day/campaign-total.json" >/dev/null 2>>"$T/readers.err"
        done
    done
}

# write_at MOUNT VALUE - into the budget of some campaign; says when write(2) was called. It was
# opened before, so that the daemon learns of the value at once.
write_at()
{
    python3 - "$1" "$2" <<'EOF'
import glob, os, sys, time
path = sorted(glob.glob(sys.argv[1] + "/[0-9]*/campaigns/[0-9]*/budget"))[int(sys.argv[2]) % 7]
before = float(open(path).read())
file = os.open(path, os.O_WRONLY | os.O_TRUNC)
time.sleep(0.3)
now = time.time()
os.write(file, b"%.2f\n" % (before + int(sys.argv[2])))
os.close(file)
print(now)
EOF
}

# judge BEGAN ENDED - what the service saw in that time, and at each write
judge()
{
    python3 - "$CALLS" "$@" <<'EOF'
import datetime, json, sys
log, began, ended, writes = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]
calls = []
for line in open(log):
    call = json.loads(line)
    call["at"] = datetime.datetime.fromisoformat(call["time"].replace("Z", "+00:00")).timestamp()
    calls.append(call)
seen = [call for call in calls if began <= call["at"] < ended]
print("refused", sum(call["code"] != 0 for call in calls))
print("used", len(seen), "of", round((ended - began) * 10))
for text in writes:
    # Neither what was on its way when the write came was sent after it, nor what the service found
    # at its door together with it before it.
    after = [call for call in calls if call["at"] > float(text) + 0.005]
    first = next(call for call in after if call["path"] == "/campaign/get/")
    last = next(call for call in after if call["method"] == "POST")
    print("ahead", sum(call["at"] < first["at"] - 0.005 for call in after),
          "waited", round(first["at"] - float(text), 3), "done", round(last["at"] - float(text), 3))
EOF
}

# Another application meanwhile, whose write is refused until everything has to wait for five minutes.
port=$(free_port) APP=7300000000000000002 CALLS=$T/calls-refused
service_start "$port" --fault 40100=3x:/campaign/update/
OTHER=$SERVICE
profile refused "$port" "writable = true" "write_wait = 10"
mount_adsfs refused refused
REFUSED=$MNT
(echo 321 >"$(printf '%s\n' "$REFUSED"/[0-9]*/campaigns/[0-9]*/budget | head -n 1)") 2>"$T/refused"

port=$(free_port) APP=7300000000000000001 CALLS=$T/calls
service_start "$port" --tier basic --latency 0 --advertisers "$ACCOUNTS" --campaigns 2 --adgroups 2 --ads 2
profile one "$port" "writable = true"
profile two "$port" "writable = true"
mount_adsfs one one ttl=36000
ONE=$MNT
mount_adsfs two two ttl=36000
TWO=$MNT

promise "two mounts at full load for $PACE_SECONDS s"
for mnt in "$ONE" "$TWO"; do
    want_ok test "$(find "$mnt" -maxdepth 4 -path '*/campaigns/[0-9]*/budget' | wc -l)" = $((ACCOUNTS * 2))
    want_ok cat "$mnt"/[0-9]*/reports/yesterday/campaign-total.json
done
readers=()
for mnt in "$ONE" "$TWO"; do
    for reader in $(seq "$READERS"); do
        read_reports "$mnt" "$reader" &
        readers+=($!)
    done
done
sleep 5
began=$(date +%s.%N) writes=()
for part in 1 2 3 4; do
    sleep $((PACE_SECONDS / 5))
    mnt=$ONE
    [ $((part % 2)) = 0 ] && mnt=$TWO
    writes+=("$(write_at "$mnt" "$part")")
    [ "$part" = 2 ] && cp "$ONE/.adsfs/quota" "$T/quota"
done
rest=$(python3 -c "import time; print(max(0, $began + $PACE_SECONDS - time.time()))")
sleep "$rest"
ended=$(date +%s.%N)
touch "$T/stop"
wait "${readers[@]}"
judge "$began" "$ended" "${writes[@]}" >"$T/verdict"
sed 's/^/# /' "$T/verdict" "$T/quota"
want_eq "readers say" "$(sort "$T/readers.err" | uniq -c | head -n 3)" ""

promise "none of their calls is refused"
want_output 0 awk '/^refused/ { print $2 }' "$T/verdict"

promise "98 % of the limit are used"
want_output yes awk '/^used/ { print ($2 >= 0.98 * $4) ? "yes" : "no" }' "$T/verdict"

promise "a write is the next call that is sent"
want_eq "writes" "$(grep -c ^ahead "$T/verdict")" 4
want_output 0 awk '/^ahead/ { n += $2 } END { print n }' "$T/verdict"

promise "the quota is the same in both mounts, and says that calls wait"
want_ok grep -qE '^app +second +[0-9]+ +10 +[1-9][0-9]* ' "$T/quota"
[ "$PACE_SECONDS" -lt 200 ] || want_like "app +minute +(5[5-9][0-9]|600) +600 .*" grep -E "^app +minute" "$T/quota"
used() { awk '$1 == "app" && $2 == "day" { print $3 }' "$1/.adsfs/quota"; }
want_eq "calls of the day" "$(used "$ONE")" "$(used "$TWO")"
want_output "$(wc -l <"$CALLS")" used "$TWO"

promise "a write that could not be sent for a pause is never sent"
want_eq "it said" "$(grep -c 'Device or resource busy' "$T/refused")" 1
if [ "$PACE_SECONDS" -lt 300 ]; then
    echo "# PACE_SECONDS is $PACE_SECONDS: not waited for"
else
    want_ok cat "$REFUSED"/[0-9]*/reports/yesterday/campaign-total.json # waits until they have
    sleep 2
fi
want_eq "writes" "$(jq -r 'select(.method == "POST") | .code' "$T/calls-refused" | xargs)" "40100 40100 40100"
kill "$OTHER"
wait "$OTHER"
