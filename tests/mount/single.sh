#!/bin/bash
# SPDX-License-Identifier: MIT
# single.sh - one object out of many costs a few calls, whatever the size of what it is in.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

SIZE=(--advertisers 300 --campaigns 3000 --adgroups 9000 --ads 20000)

port=$(free_port)
profile test "$port" "writable = true"
service_start "$port" "${SIZE[@]}"

# What there is, past adsfs: ids of a kind in the first account, from a page of a hundred.
A=$(ask "$port" oauth2/advertiser/get app_id="$APP" secret="$SECRET" | jq -r '.data.list[0].advertiser_id')
ids() # PATH MEMBER PAGE
{
    ask "$port" "$1" advertiser_id="$A" page="$3" page_size=100 | jq -r ".data.list[].$2"
}
C=$(ids campaign/get campaign_id 29 | head -n 1)
mapfile -t G < <(for page in {41..50}; do ids adgroup/get adgroup_id "$page"; done)
mapfile -t D < <(ids ad/get ad_id 180)
ad=$(ask "$port" ad/get advertiser_id="$A" filtering="{\"ad_ids\":[\"${D[0]}\"]}")
AD_C=$(jq -r '.data.list[0].campaign_id' <<<"$ad") AD_G=$(jq -r '.data.list[0].adgroup_id' <<<"$ad")

# fresh - a mount that knows nothing
fresh()
{
    [ -z "${DAEMON:-}" ] || unmount
    rm -rf "$XDG_CACHE_HOME"
    mount_adsfs place test qps=0 qpm=0 "$@"
    mark
}

promise "one budget of 3,000 in one of 300 accounts costs 3 calls, cold"
fresh ttl=3000
want_ok cat "$MNT/$A/campaigns/$C/budget"
want_calls advertiser/info 1
want_calls campaign/get 2
want_calls any 3

promise "what is known costs none"
mark
want_ok cat "$MNT/$A/campaigns/$C/budget" "$MNT/$A/campaigns/$C/name" "$MNT/$A/currency"
want_calls any 0

promise "it is known after a remount as well"
unmount
mount_adsfs place test qps=0 qpm=0 ttl=3000
mark
want_ok cat "$MNT/$A/campaigns/$C/budget"
want_calls any 0

promise "what is not there is not there, and is not asked for again at once"
mark
for name in .git Thumbs.db "$C.txt"; do
    want_refused "No such file" cat "$MNT/$name" "$MNT/$A/campaigns/$name"
done
want_calls any 0
want_refused "No such file" cat "$MNT/$A/campaigns/1234567890123456/budget"
want_calls campaign/get 2
sleep 6 # the kernel remembers as well
want_refused "No such file" cat "$MNT/$A/campaigns/1234567890123456/budget"
want_calls any 2

promise "an account that is not there is not there"
mark
want_refused "No such file" cat "$MNT/7012345678901234567/name"
want_calls advertiser/info 1
want_calls oauth2/advertiser/get 1
want_calls any 2

promise "an ad is found by its path, and by the link with its id alone"
fresh ttl=3000
want_ok cat "$MNT/$A/campaigns/$AD_C/adgroups/$AD_G/ads/${D[0]}/name"
want_calls adgroup/get 2
want_calls ad/get 2
want_calls any 7
mark
want_output "../campaigns/$AD_C/adgroups/$AD_G/ads/${D[0]}" readlink "$MNT/$A/ads/${D[0]}"
want_calls any 0
want_ok cat "$MNT/$A/ads/${D[1]}/name" "$MNT/$A/ads/${D[1]}/created"
[ "$(calls any)" -le 3 ] || broken "$(calls any) calls for a second ad"

promise "an object is not below the parent of another one"
want_refused "No such file" cat "$MNT/$A/campaigns/$C/adgroups/$AD_G/name"

promise "reports/of/ finds an object by its id alone"
fresh ttl=3000
want_ok test -d "$MNT/$A/reports/of/${D[0]}"
[ "$(calls any)" -le 7 ] || broken "$(calls any) calls"

# So slow that all of them have asked before many answers have come, however busy the machine is.
promise "200 at once go together"
service_stop
service_start "$port" "${SIZE[@]}" --latency 200
fresh ttl=3000
want_ok cat "$MNT/$A/campaigns/$C/name"
mark
readers=()
for id in "${D[@]:0:100}" "${G[@]:0:100}"; do
    cat "$MNT/$A"/{ads,adgroups}/"$id"/name >>"$T/together" 2>/dev/null &
    readers+=($!)
done
wait "${readers[@]}"
want_eq "names" "$(wc -l <"$T/together")" 200
[ "$(calls any)" -le 30 ] || broken "$(calls any) calls for 200 objects"
echo "# $(calls any) calls for 200 objects"
service_stop
service_start "$port" "${SIZE[@]}"

promise "1,000 one after the other cost a few calls, and then the whole list"
fresh ttl=3000
for id in "${G[@]}"; do
    cat "$MNT/$A/adgroups/$id/name"
done >"$T/one-by-one" 2>"$T/one.err"
want_eq "errors" "$(head -n 3 "$T/one.err")" ""
want_eq "names" "$(wc -l <"$T/one-by-one")" 1000
[ "$(calls adgroup/get)" -le 20 ] || broken "$(calls adgroup/get) calls of adgroup/get"
[ "$(calls any)" -le 40 ] || broken "$(calls any) calls"
echo "# $(calls adgroup/get) calls of adgroup/get, $(calls any) in all"

promise "what has expired is asked for singly again"
fresh ttl=2
want_ok cat "$MNT/$A/campaigns/$C/name"
sleep 3
mark
want_ok cat "$MNT/$A/campaigns/$C/name"
want_calls campaign/get 1
want_calls any 2

promise "a list still shows all of them"
fresh ttl=3000
want_ok cat "$MNT/$A/campaigns/$C/name"
want_eq "campaigns" "$(find "$MNT/$A/campaigns" -mindepth 1 -maxdepth 1 -name '[0-9]*' | wc -l)" 3000
mark
want_ok cat "$MNT/$A/campaigns/$C/name"
want_calls any 0
