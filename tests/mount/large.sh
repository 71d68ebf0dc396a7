#!/bin/bash
# SPDX-License-Identifier: MIT
# large.sh - accounts of any size, and any number of them: as many calls as there are pages, and no
# more memory. LARGE_ADS and LARGE_ACCOUNTS are the sizes; a sanitizer gets a tenth of it.
LIMIT=800
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

many=${LARGE_ADS:-$(sanitized && echo 100000 || echo 1000000)}
accounts=${LARGE_ACCOUNTS:-$(sanitized && echo 400 || echo 4000)}

promise "a small account is read whole"
TREE=$(tree 1 200 5 5)
mount_sandbox ttl=3000
want_eq "ads" "$(find "$MNT" | grep -cE '/adgroups/[0-9]+/ads/[0-9]+$')" 5000
small=$(peak)
unmount

promise "of 100,000 ads, find sees every one, at 1,000 a call"
TREE=$(tree 1 200 10 50)
mount_sandbox ttl=3000
want_eq "ads" "$(find "$MNT" | grep -cE '/adgroups/[0-9]+/ads/[0-9]+$')" 100000
want_calls campaign/get 1
want_calls adgroup/get 2
want_calls ad/get 100
large=$(peak)

promise "a second find makes no call"
mark
find "$MNT" >/dev/null
want_calls any 0

promise "resident memory does not grow with the account"
echo "# peak of 5,000 ads $small kB, of 100,000 ads $large kB"
want_ok test "$large" -lt $((small * 3 / 2))

promise "nor with a report: 2,000 ad groups by day"
account=$(echo "$MNT"/[0-9]*)
want_ok cp "$account/reports/last-30d/adgroup-day.csv" "$T/report.csv"
want_ok test "$(wc -l <"$T/report.csv")" -gt 10000
echo "# peak after a report of $(wc -l <"$T/report.csv") lines: $(peak) kB"
want_ok test "$(peak)" -lt $((small * 2))

promise "a report of more ids than the service answers for is cut by campaign, and whole"
impressions() { mlr --icsv --onidx stats1 -a sum -f impressions "$account/reports/last-30d/$1-total.csv"; }
want_ok cp "$account/reports/last-30d/ad-total.csv" "$T/report.csv"
want_eq "ads" "$(mlr --icsv --onidx uniq -n -g ad_id "$T/report.csv")" 100000
want_eq "impressions" "$(impressions ad)" "$(impressions campaign)"
unmount

# ---- a million ads ----

port=$(free_port)
profile few "$port"
profile many "$port"
profile accounts "$port"

mount_large() { mount_adsfs "$1" "$1" qps=0 qpm=0 ttl=30000; }

# links - what ls shows of the account's ads
links() { ls -U "$MNT/$(cd "$MNT" && echo [0-9]*)/ads" | grep -c '^[0-9]'; }

# account NAME CAMPAIGNS ADGROUPS ADS - all of it, cold; MNT stays mounted. Sets PEAK, of the ads: that
# of all depends on how many of the larger pages of ad groups are on their way at once.
account()
{
    service_start "$port" --advertisers 1 --campaigns "$2" --adgroups "$3" --ads "$4"
    mark
    mount_large "$1"
    want_eq "ads" "$(links)" "$4"
    PEAK=$(peak)
    want_eq "campaigns and ad groups" "$(find "$MNT"/[0-9]*/campaigns -path '*/ads' -prune -o -print |
        grep -cE '/(campaigns|adgroups)/[0-9]+$')" $(($2 + $3))
    want_calls ad/get $(($4 / 1000))
    want_calls adgroup/get $((($3 + 999) / 1000))
    want_calls campaign/get $((($2 + 999) / 1000))
}

promise "of 10,000 ads, ls shows each, at 1,000 a call"
account few 2000 50000 10000
few=$PEAK
unmount
service_stop

promise "and of $many, with 2,000 campaigns and 50,000 ad groups"
account many 2000 50000 "$many"
large=$PEAK
all=$(peak)

promise "a second ls makes no call, nor does one after a remount"
mark
want_eq "ads" "$(links)" "$many"
unmount
mount_large many
want_eq "ads" "$(links)" "$many"
want_calls any 0

if sanitized; then
    skip_promise "resident memory is at most 64 MiB" "a sanitizer keeps freed memory for a while"
else
    promise "resident memory is at most 64 MiB, and the same within 10 %"
    echo "# peak of 10,000 ads $few kB, of $many ads $large kB, of all $all kB, after the remount $(peak) kB"
    want_ok test "$all" -le 65536
    want_ok test $((large * 10)) -le $((few * 11))
    want_ok test "$(peak)" -le "$large"
fi
unmount
service_stop

# ---- many accounts ----

promise "of $accounts accounts of 50 campaigns, find sees every one"
service_start "$port" --advertisers "$accounts" --campaigns 50 --adgroups 0 --ads 0
mark
mount_large accounts
(cd "$MNT" && find . -maxdepth 3) >"$T/found" || broken "find: $(why)"
want_eq "accounts" "$(grep -cE '^\./[0-9]+$' "$T/found")" "$accounts"
want_eq "campaigns" "$(grep -cE '^\./[0-9]+/campaigns/[0-9]+$' "$T/found")" $((accounts * 50))
want_calls campaign/get "$accounts"

promise "in as little memory as one account"
echo "# peak of $accounts accounts $(peak) kB"
sanitized || want_ok test "$(peak)" -le 65536
