#!/bin/bash
# SPDX-License-Identifier: MIT
# calls.sh - the number of calls grows with rows by page size, not with the files looked at.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 200 5 5)
mount_sandbox ttl=3000

promise "find over 200 campaigns, 1,000 ad groups and 5,000 ads makes 7 list calls and 2 others"
find "$MNT" -path "$MNT/business-centers" -prune -o -print >"$T/first" 2>"$T/find.err"
want_eq "find says" "$(head -n 3 "$T/find.err")" ""
want_calls campaign/get 1
want_calls adgroup/get 1
want_calls ad/get 5
want_calls oauth2/advertiser/get 1
want_calls advertiser/info 1
want_calls any 9

promise "find saw all of them"
want_eq "campaigns" "$(grep -cE '/campaigns/[0-9]+$' "$T/first")" 200
want_eq "ad groups" "$(grep -cE '/campaigns/[0-9]+/adgroups/[0-9]+$' "$T/first")" 1000
want_eq "ads" "$(grep -cE '/campaigns/[0-9]+/adgroups/[0-9]+/ads/[0-9]+$' "$T/first")" 5000

promise "find over the Business Centers makes a call for them, and one for the accounts of each 50"
mark
find "$MNT/business-centers" >>"$T/first"
want_calls bc/get 1
want_calls bc/asset/get 1
want_calls any 2

promise "a second find makes no call and sees the same"
mark
find "$MNT" >"$T/second"
want_calls any 0
want_eq "lines" "$(sort "$T/second" | sha256sum)" "$(sort "$T/first" | sha256sum)"

promise "reading every budget and name makes no call"
mark
cat "$MNT"/*/campaigns/*/budget "$MNT"/*/campaigns/*/adgroups/*/name >/dev/null
want_calls any 0

# Whether this user sees a center's money is known when it was asked for: the mode says so. And how
# long the list of its members is.
promise "ls -lR makes none but for the balance and the members of each Business Center"
mark
ls -lR "$MNT" >/dev/null
want_calls bc/balance/get 1
want_calls bc/member/get 1
want_calls any 2

promise "a name that is not there costs no call"
mark
for name in .git .hidden Thumbs.db 1234567890123456; do
    [ -e "$MNT/$name" ] && broken "$name is there"
    [ -e "$(echo "$MNT"/[0-9]*/campaigns)/$name" ] && broken "campaigns/$name is there"
done
want_calls any 0

promise "no report was asked for"
MARK=0
want_calls report/integrated/get 0
