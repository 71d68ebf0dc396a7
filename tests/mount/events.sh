#!/bin/bash
# SPDX-License-Identifier: MIT
# events.sh - what others change is told in .adsfs/events and shown, although nobody asked for it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# change PATH BODY - somebody else does, past adsfs
change()
{
    want_eq "$1" "$(tell "$port" "$1" "$2" | jq .code)" 0
}

port=$(free_port)
profile test "$port" "writable = true"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 8 3 2)
mount_adsfs place test qps=0 qpm=0 ttl=3000 poll=1
E=$MNT/.adsfs/events
A=$(basename "$(echo "$MNT"/[0-9]*)")
C=$(for i in "$MNT/$A"/campaigns/[0-9]*; do
    jq -e '.budget_mode == "BUDGET_MODE_DAY" and .budget > 50 and .operation_status == "ENABLE"' "$i/info.json" >/dev/null &&
        basename "$i"
done | head -n 1)
here=$MNT/$A/campaigns
ls "$here" >"$T/campaigns"
ls "$here"/*/adgroups "$here"/*/adgroups/*/ads >/dev/null
old=$(jq .budget "$here/$C/info.json")

# event JQ - one of the lines is like this
event() { jq -es "map(select($1)) | length > 0" "$E" >/dev/null; }

promise "what is seen for the first time is no event"
want_output "" cat "$E"

promise "a budget that somebody else changes becomes an event, with whose it is"
exec 7<"$here/$C/budget"
want_output "$old.00" cat <&7
tail -f -n +1 "$E" >"$T/followed" 2>"$T/tail.err" &
follower=$!
change campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"budget\":$((old + 11))}"
until_true event ".field == \"budget\" and .path == \"$A/campaigns/$C/budget\" and .before == $old
    and .after == $((old + 11)) and .event == \"changed\" and .by == \"other\""

promise "who holds the file open reads the new value from its start, and so does cat, without a call"
mark
want_eq "held open" "$(python3 -c 'import os; print(os.pread(7, 100, 0).decode(), end="")')" "$((old + 11)).00"
exec 7<&-
want_output "$((old + 11)).00" cat "$here/$C/budget"
want_eq "mtime" "$(stat -c %s "$here/$C/budget")" "$(echo "$((old + 11)).00" | wc -c)"

promise "a campaign that somebody makes is told of and listed within a poll, though the ttl is long"
made=$(tell "$port" campaign/create "{\"advertiser_id\":\"$A\",\"campaign_name\":\"made by hand\",\
\"objective_type\":\"TRAFFIC\",\"budget_mode\":\"BUDGET_MODE_DAY\",\"budget\":77}" | jq -r .data.campaign_id)
if [ "$made" != null ] && [ -n "$made" ]; then
    until_true event ".event == \"appeared\" and .path == \"$A/campaigns/$made\" and .name == \"made by hand\""
    until_true eval 'ls "$here" | grep -qx "$made"'
    want_output "77.00" cat "$here/$made/budget"
    want_ok test -L "$here/by-name/made by hand"
else
    broken "the service made no campaign"
fi

promise "one that somebody removes is told of and listed no more"
change campaign/status/update "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$made\"],\"operation_status\":\"DELETE\"}"
until_true event ".event == \"vanished\" and .path == \"$A/campaigns/$made\""
until_true eval '! ls "$here" | grep -qx "$made"'

promise "a name and a state are events of their own kind"
change campaign/update "{\"advertiser_id\":\"$A\",\"campaign_id\":\"$C\",\"campaign_name\":\"other name\"}"
until_true event ".event == \"renamed\" and .path == \"$A/campaigns/$C/name\" and .after == \"other name\""
until_true test -L "$here/by-name/other name"
change campaign/status/update "{\"advertiser_id\":\"$A\",\"campaign_ids\":[\"$C\"],\"operation_status\":\"DISABLE\"}"
until_true event ".event == \"state\" and .path == \"$A/campaigns/$C/status\" and .before == \"ENABLE\" and .after == \"DISABLE\""

promise "what this mount changes is told of as its own"
echo ENABLE >"$here/$C/status" || broken "refused"
until_true event ".field == \"operation_status\" and .after == \"ENABLE\" and .by == \"adsfs\""
want_eq "told as another's" "$(jq -s 'map(select(.after == "ENABLE" and .by == "other" and .field == "operation_status")) | length' "$E")" 0

promise "tail -f has followed all of it, line by line"
until_true cmp "$E" "$T/followed"
kill "$follower"; wait "$follower" 2>/dev/null
followed=$(wc -c <"$T/followed") # more may come: what was below a changed campaign changes too
want_ok cmp -n "$followed" "$E" "$T/followed"
want_ok test "$(stat -c %s "$E")" -ge "$followed"
want_eq "lines that are no JSON" "$(jq -c . "$T/followed" 2>&1 >/dev/null)" ""
want_eq "tail -c +N" "$(tail -c +100 "$E" | head -c $((followed - 99)))" "$(tail -c +100 "$T/followed")"

promise "a poll costs the calls of the listings and no more"
unmount
mount_adsfs place test qps=0 qpm=0 ttl=3000 poll=1
ls "$MNT/$A/campaigns" >/dev/null
mark
until_true eval '[ "$(calls campaign/get)" -ge 2 ]'
want_eq "calls of what nobody used since" "$(($(calls adgroup/get) + $(calls ad/get) + $(calls report/integrated/get)))" 0
others=$(($(calls any) - $(calls campaign/get) - $(calls oauth2/advertiser/get) - $(calls advertiser/info) - $(calls bc/get)))
want_eq "other calls" "$others" 0

promise "the file has the time of its last line, over a remount too"
want_eq "mtime" "$(stat -c %Y "$MNT/.adsfs/events")" "$(stat -c %Y "$XDG_STATE_HOME/adsfs/test/events")"
want_ok test "$MNT/.adsfs/events" -ot "$MNT/.adsfs/status.json" # which is of the mount

promise "events last over a remount, and are told no second time"
want_ok cmp -n "$followed" "$MNT/.adsfs/events" "$T/followed"
want_eq "told twice" "$(sort "$MNT/.adsfs/events" | uniq -d)" ""
want_eq "kept by this user alone" "$(stat -c %a "$XDG_STATE_HOME/adsfs/test/events")" 600

promise "poll=0 asks for nothing by itself"
unmount
mount_adsfs place test qps=0 qpm=0 ttl=3000 poll=0
ls "$MNT/$A/campaigns" >/dev/null
mark
sleep 2.5
want_calls any 0
