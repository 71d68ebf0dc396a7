#!/bin/bash
# SPDX-License-Identifier: MIT
# size.sh - six times as many ads need six times as many calls, and no more memory. (large.sh has a
# million.)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile small "$port"
profile many "$port"

# links - what ls shows of the account's ads
links() { ls -U "$MNT/$A/ads" | grep -c '^[0-9]'; }

# account NAME ADS - all ads, then all above them, cold; MNT stays mounted
account()
{
    service_start "$port" --advertisers 1 --campaigns 50 --adgroups 500 --ads "$2"
    mark
    mount_adsfs "$1" "$1" qps=0 qpm=0 ttl=3000
    A=$(cd "$MNT" && echo [0-9]*)
    want_eq "ads" "$(links)" "$2"
    want_eq "campaigns and ad groups" "$(find "$MNT/$A/campaigns" -path '*/ads' -prune -o -print |
        grep -cE '/(campaigns|adgroups)/[0-9]+$')" 550
    want_calls ad/get $(($2 / 1000))
    want_calls campaign/get 1
    want_calls adgroup/get 1
}

promise "of 10,000 ads, ls shows each, at 1,000 a call"
account small 10000
small=$(peak)
unmount
service_stop

promise "and of 60,000"
account many 60000
many=$(peak)

promise "a second look makes no call, nor does one after a remount"
mark
want_eq "ads" "$(links)" 60000
unmount
mount_adsfs many many qps=0 qpm=0 ttl=3000
want_eq "ads" "$(links)" 60000
want_calls any 0

name="resident memory is at most 64 MiB, and the same within 10 %"
if sanitized; then
    skip_promise "$name" "a sanitizer keeps freed memory for a while"
else
    promise "$name"
    echo "# peak of 10,000 ads $small kB, of 60,000 ads $many kB, after the remount $(peak) kB"
    want_ok test "$many" -le 65536
    want_ok test $((many * 10)) -le $((small * 11))
    want_ok test "$(peak)" -le "$many"
fi
