#!/bin/sh
# SPDX-License-Identifier: MIT
# Business Centers, roles, accounts out of reach, and scopes.
. "$(dirname "$0")/lib.sh"

# An account by its number in rising order, counted from 0; the worlds of one seed have the same.
account() { jq -r ".data.list[$1].advertiser_id" "$WORK/accounts"; }
info() { get advertiser/info/ advertiser_ids="$(jq -nc '$ARGS.positional' --args "$@")"; }
assets() { get bc/asset/get/ asset_type=ADVERTISER page_size=50 "$@"; }
pause() {
    campaign=$(get campaign/get/ advertiser_id="$1" page_size=1 | jq -r '.data.list[0].campaign_id')
    post campaign/status/update/ "{\"advertiser_id\":\"$1\",\"campaign_ids\":[\"$campaign\"],\"operation_status\":\"DISABLE\"}"
}

start
accounts
B=6998877665544332211
get bc/get/ | holds "one center" '.data.page_info == {"page":1,"page_size":10,"total_number":1,"total_page":1} and (.data.list | length) == 1'
get bc/get/ | holds "a center" '.data.list[0] | .bc_info.bc_id == "'$B'" and .bc_info.name == "Alpenrad Group" and
    .bc_info.status == "ENABLE" and .bc_info.type == "NORMAL" and .user_role == "ADMIN" and .ext_user_role == {"finance_role":"MANAGER"}'
get bc/get/ page_size=51 | code "51 centers a page" 40002
get bc/get/ bc_id=$B | holds "one by its id" '.data.list[0].bc_info.bc_id == "'$B'"'
get bc/get/ bc_id=6998877665544332212 | code "somebody else's center" 40001
get bc/get/ bc_id=x | code "no id" 40002
get bc/get/ filtering='{"keyword":"nonsense"}' | holds "no center of that name" '.data.list == [] and .data.page_info.total_page == 0'
info "$A" "$J" | holds "accounts tell their center" '[.data.list[].owner_bc_id] == ["'$B'","'$B'"]'
assets bc_id=$B | holds "assets" "[.data.list[].asset_id] == [\"$A\",\"$J\"] and .data.page_info.total_number == 2"
assets bc_id=$B | holds "an asset" '.data.list[0] == {"asset_type":"ADVERTISER","asset_id":"'"$A"'","asset_name":"Alpenrad US",
    "relation_type":"OWNER_BC","relation_status":"BOUND","advertiser_status":"STATUS_ENABLE","advertiser_account_type":"AUCTION",
    "advertiser_role":"ADMIN","catalog_role":null,"owner_bc_name":"Alpenrad Group"}'
assets bc_id=$B page_size=51 | code "51 assets a page" 40002
assets | code "bc_id is required" 40002
get bc/asset/get/ bc_id=$B | code "asset_type is required" 40002
get bc/asset/get/ bc_id=$B asset_type=NONSENSE | code "an asset_type that is none" 40002
get bc/asset/get/ bc_id=$B asset_type=PIXEL | holds "no pixels" '.data.list == [] and .data.page_info.total_number == 0'
assets bc_id=$B filtering='{"keyword":"Alpenrad U"}' | holds "keyword" "[.data.list[].asset_id] == [\"$A\"]"
assets bc_id=$B filtering='{"user_id":"1"}' | code "a filter that is not simulated" 40009
assets bc_id=$B child_bc_id=1 | code "a parameter that is not simulated" 40009
get bc/member/get/ bc_id=$B | holds "members" '(.data.list | length) == 3 and .data.list[0].user_id == "6912345678901234567" and
    ([.data.list[] | .user_role] - ["ADMIN","STANDARD"]) == [] and [.data.list[].relation_status] == ["BOUND","BOUND","PENDING"] and
    (.data.list[0] | keys) == ["ext_user_role","relation_status","user_email","user_id","user_name","user_role"]'
get bc/member/get/ bc_id=$B page_size=21 | code "21 members a page" 40002
get bc/member/get/ bc_id=$B filtering='{"relation_status":"PENDING"}' | holds "members by state" '(.data.list | length) == 1'
get bc/balance/get/ bc_id=$B | holds "the balance of a center" '.data | .bc_id == "'$B'" and .currency == "EUR" and has("list") == false and
    .account_balance == .valid_account_balance + .frozen_balance + .tax and .cash_balance == .account_balance'
get advertiser/balance/get/ bc_id=$B | holds "balances of its accounts" '(.data | has("list") | not) and .data.page_info.total_number == 2 and
    [.data.advertiser_account_list[].advertiser_id] == ["'"$A"'","'"$J"'"]'
is "the same balance as in advertiser/info" "$(info "$A" | jq '.data.list[0].balance')" \
    "$(get advertiser/balance/get/ bc_id=$B | jq '.data.advertiser_account_list[0].account_balance')"
get user/info/ | holds "user/info" '.data.display_name == "Ada M" and .data.core_user_id == "6912345678901234567"'
post user/info/ '' | holds "user/info by POST" '.data.display_name == "Ada M"'
info 7999999999999999999 | code "advertiser/info of somebody else's" 40001
get advertiser/info/ advertiser_ids="$(jq -nc '[range(101) | 7012000000000000000 + . | tostring]')" | code "101 advertisers" 40002
stop

start --advertisers 4000 --centers 3 --members 45 --roles OPERATOR,ANALYST,ADMIN --unlisted 500 --campaigns 2 --adgroups 2 --ads 2
accounts
holds "unlisted accounts are not named" '.data.list | length == 3500' < "$WORK/accounts"
get bc/get/ page_size=50 | jq -r '.data.list[].bc_info.bc_id' > "$WORK/centers"
for center in $(cat "$WORK/centers"); do
    pages=$(assets bc_id="$center" | jq .data.page_info.total_page)
    for page in $(seq "$pages"); do assets bc_id="$center" page="$page" | jq -c ".data.list[] | .center = \"$center\""; done
done | jq -s . > "$WORK/assets"
holds "bound to three centers: all, and three twice" '[.[] | select(.relation_status == "BOUND") | .asset_id] | length == 4003 and (unique | length) == 4000' < "$WORK/assets"
holds "each center has others that do not count" '[.[] | select(.relation_status != "BOUND")] | (group_by(.center) | length) == 3 and
    length <= 6 and all(.advertiser_role == "ADMIN") and ([.[].relation_status] | unique) - ["PENDING","UNBOUND"] == []' < "$WORK/assets"
stray=$(jq -r '[.[] | select(.relation_status != "BOUND")][0].asset_id' "$WORK/assets")
info "$stray" | code "which are out of reach" 40001
holds "all three roles" '[.[] | select(.relation_status == "BOUND") | .advertiser_role] | group_by(.) | map(length) | length == 3 and min > 1300' < "$WORK/assets"
holds "an account in two centers has two roles" '[.[] | select(.relation_status == "BOUND")] | group_by(.asset_id) | map(select(length > 1)) |
    length == 3 and all(.[0].advertiser_role != .[1].advertiser_role and .[0].owner_bc_name == .[1].owner_bc_name and
    ([.[].relation_type] | sort) == ["OWNER_BC","OWNER_PARTNER"])' < "$WORK/assets"
last=$(jq -r '[.[] | select(.relation_status == "BOUND") | .asset_id] | sort | last' "$WORK/assets")
info "$last" | holds "an unlisted account answers" '.code == 0 and (.data.list | length) == 1'
get campaign/get/ advertiser_id="$last" | holds "so do its campaigns" '(.data.list | length) == 2'
info "$last" "$(account 0)" | holds "each names its owner" "[.data.list[].owner_bc_id] | . == [\"$(sed -n 3p "$WORK/centers")\",\"$B\"]"
get bc/member/get/ bc_id=$B page_size=20 page=3 | holds "45 members" '(.data.list | length) == 5 and .data.page_info.total_page == 3'
for page in 1 2 3; do get bc/member/get/ bc_id=$B page_size=20 page=$page | jq -r '.data.list[].user_id'; done > "$WORK/members"
is "are 45 people" 45 "$(grep -Ex '[0-9]{19}' "$WORK/members" | sort -u | wc -l)"
stop

# The first of each center has another role in the other one: 0 is Analyst there, 3 is Operator.
start --advertisers 6 --centers 2 --roles OPERATOR,ADMIN,ANALYST,ANALYST
accounts
pause "$(account 1)" | code "Admin writes" 0
pause "$(account 4)" | code "Operator writes" 0
pause "$(account 2)" | code "Analyst does not" 40001
pause "$(account 0)" | code "the higher of two roles counts" 0
pause "$(account 3)" | code "whichever comes first" 0
get bc/get/ bc_id=$B | holds "one of two centers" '[.data.list[].bc_info.bc_id] == ["'$B'"] and .data.page_info.total_number == 1'
get ad/get/ advertiser_id="$(account 2)" | code "Analyst reads" 0
info "$(account 2)" "$(account 1)" | holds "Operator and Analyst have a balance" '[.data.list[].balance] | all(. > 0)'
F=$(account 1)
L=$(account 4)
stop

start --advertisers 6 --forbid "$F,$L" --centers 2
accounts
holds "forbidden accounts are listed" "[.data.list[].advertiser_id] | length == 6 and index(\"$F\") == 1" < "$WORK/accounts"
info "$(account 0)" "$F" "$(account 2)" | holds "one of them spoils the batch" ".code == 40001 and .message == \"No permission to operate advertiser: $F\" and .data == {}"
info "$(account 0)" "$(account 2)" | code "without it" 0
get campaign/get/ advertiser_id="$L" | holds "nor do they answer elsewhere" ".code == 40001 and .message == \"No permission to operate advertiser: $L\""
pause "$F" | code "nor to writes" 40001
assets bc_id=$B | holds "their center has them" "[.data.list[].asset_id] | index(\"$F\") != null"
stop

start --centers 0
accounts
get bc/get/ | holds "no center" '.code == 0 and .data.list == []'
info "$A" | holds "an account outside any" '.data.list[0].owner_bc_id == null'
stop

start --scopes 1,21,220,20
accounts
post ad/status/update/ "{\"advertiser_id\":\"$A\"}" | holds "a scope that is missing" \
    '.code == 40001 and (.message | startswith("Permission error: The access token lacks the required scope for endpoint '"'/ad/status/update/(method=POST)'"'. Please"))'
post ad/status/update/ '{}' | code "comes before parameters" 40001
get ad/get/ advertiser_id="$A" | code "it is for reading" 0
pause "$A" | code "a scope of the second level opens both" 0
get adgroup/get/ advertiser_id="$A" | code "of each that was granted" 0
get report/integrated/get/ advertiser_id="$A" | code "no reports" 40001
for path in bc/get/ bc/balance/get/ advertiser/balance/get/ bc/member/get/; do
    get $path bc_id=$B | code "1 opens $path" 0
done
assets bc_id=$B | code "and assets" 0
info "$A" | code "and accounts" 0
stop
start --scopes 2,153,10
accounts
get ad/get/ advertiser_id="$A" | code "the first level opens all below it" 0
info "$A" | code "10 is enough for accounts" 0
assets bc_id=$B | code "153 is for assets" 0
for path in bc/get/ bc/balance/get/ advertiser/balance/get/ bc/member/get/; do
    get $path bc_id=$B | code "not for $path" 40001
done
stop
start --scopes 2,15
get oauth2/advertiser/get/ app_id=sandbox-app secret=sandbox-secret | code "not even the list of accounts" 40001
get user/info/ | code "some calls need none" 0
stop

# Rows move there as they do in the three collections.
start --advertisers 6 --members 6 --centers 6 --fault moving=1
moves() { jq -r --arg id "$2" '[.data | (.list // .advertiser_account_list)[] | .asset_id // .user_id // .bc_info.bc_id // .advertiser_id][0] == $id' "$1"; }
for call in "bc/get/ page_size=3" "bc/member/get/ bc_id=$B page_size=3" "bc/asset/get/ bc_id=$B asset_type=ADVERTISER page_size=1" "advertiser/balance/get/ bc_id=$B page_size=1"; do
    # shellcheck disable=SC2086 # words
    first=$(get $call page=1 | jq -r '.data | (.list // .advertiser_account_list)[-1] | .asset_id // .user_id // .bc_info.bc_id // .advertiser_id')
    # shellcheck disable=SC2086 # words
    get $call page=2 > "$WORK/page2"
    is "a row comes twice in ${call%% *}" true "$(moves "$WORK/page2" "$first")"
done
stop

# A wrong option is refused in one line that names it.
for bad in '--roles BOSS' '--forbid 1' '--scopes a' '--unlisted 3' '--centers 1001' '--members -1' '--expires -1' '--advertisers 4001'; do
    # shellcheck disable=SC2086 # two words
    "$SANDBOX" $bad > "$WORK/out2" 2> "$WORK/err2"
    is "$bad: status, lines, name" "1 1 1" "$? $(wc -l < "$WORK/err2") $(grep -c -- "${bad% *}" "$WORK/err2")"
done
finish
