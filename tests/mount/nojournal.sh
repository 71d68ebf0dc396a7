#!/bin/bash
# SPDX-License-Identifier: MIT
# nojournal.sh - where the journal can not be written nothing is sent: EROFS. Reading goes on, and
# when there is space again so does writing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" = 0 ] || { skip_promise "a full disk under the journal" "only root can make a small one"; exit 0; }
port=$(free_port)
profile shop "$port" "writable = true"
service_start "$port" --advertisers 1 --campaigns 30 --adgroups 80 --ads 80
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
ask "$port" campaign/get advertiser_id="$A" page_size=1000 | jq -r '.data.list[] | select(.campaign_automation_type == "MANUAL"
    and .operation_status == "ENABLE") | .campaign_id' >"$T/campaigns"

state=$XDG_STATE_HOME/adsfs/shop
mkdir -p "$state"
mount -t tmpfs -o size=1200k small "$state" || { skip_promise "a full disk under the journal" "no tmpfs here"; exit 0; }
ended_well()
{
    cd /
    # Whoever was inside may be on its way out still.
    [ -z "${MNT:-}" ] || until_true fusermount3 -u "$MNT"
    [ -z "${DAEMON:-}" ] || until_true gone "$DAEMON"
    umount "$state" || umount -l "$state"
    finish
}
trap ended_well EXIT

mount_adsfs shop shop qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
cd "$MNT/$A" || give_up cd
C=$(head -n 1 "$T/campaigns")
file=campaigns/$C/name
number=0
next() { echo "Name $((number += 1))" >"$file"; } 2>"$T/stderr"
open_entries() { jq -r 'select(.outcome == "intent" or .outcome == "unknown") | .path' "$MNT/.adsfs/journal" | wc -l; }
fill() { dd if=/dev/zero of="$state/fill$number" bs=512 status=none; } 2>/dev/null

promise "with space it is written"
want_ok next
cat campaigns/[0-9]*/budget >/dev/null || broken "cat"

promise "a full disk: EROFS, and not a call"
fill
# What the file has room for inside is used up first, and each of these is true.
while next; do
    want_output "Name $number" cat "$file"
    fill
done
echo "# refused after $((number - 1))"
last=$((number - 1))
mark
for _ in 1 2 3; do
    want_refused "Read-only file system" bash -c "echo 'Name never' > $file"
done
want_refused "Read-only file system" bash -c "echo DISABLE > campaigns/$C/status"
want_calls any 0
want_output "Name $last" cat "$file"
want_ok jq -e 'select(.errno == "EROFS") | .message | length > 10' <(tail -n 1 "$MNT/.adsfs/errors")
echo "# $(tail -n 1 "$MNT/.adsfs/errors" | jq -r .message)"

promise "reading goes on"
want_ok cat "campaigns/$C/status" "campaigns/$C/budget"
want_ok cat reports/yesterday/campaign-total.json
want_ok ls ads

promise "with space again it is written"
rm "$state"/fill*
want_ok bash -c "echo 'Name again' > $file"
want_output "Name again" cat "$file"
want_eq "the journal's last" "$(tail -n 1 "$MNT/.adsfs/journal" | jq -r .outcome)" done
want_eq "what is open in it" "$(open_entries)" 0

promise "the disk is full while it is being sent: it is true, and settled when there is space"
cd / # or the service would be inside
service_stop
service_start "$port" --advertisers 1 --campaigns 30 --adgroups 80 --ads 80 --latency 1000
cd "$MNT/$A" || give_up cd
mark
(echo "Name in between" >"$file") 2>"$T/between" &
writer=$!
meant() { [ "$(open_entries)" -gt 0 ]; }
until_true meant
fill
wait "$writer" || broken "$(cat "$T/between"): $(why)"
want_output "Name in between" cat "$file"
rm "$state"/fill*
want_ok bash -c "echo 'Name at last' > $file"
want_eq "what is open" "$(open_entries)" 0

promise "a disk that is full when it is mounted: it is read, and not written; with space it is"
cd /
unmount
number=0
fill
mount_adsfs shop shop qps=0 qpm=0 ttl=36000 poll=0 max_increase=none
cd "$MNT/$A" || give_up cd
want_output "Name at last" cat "$file"
want_ok ls campaigns adgroups
mark
want_refused "Read-only file system" bash -c "echo 'Name never' > $file"
want_refused "Read-only file system" bash -c "echo DISABLE > campaigns/$C/status"
want_calls campaign/update 0
want_calls campaign/status/update 0
rm "$state"/fill*
want_ok bash -c "echo 'Name after all' > $file"
want_output "Name after all" cat "$file"
want_eq "the journal's last" "$(tail -n 1 "$MNT/.adsfs/journal" | jq -r .outcome)" done
