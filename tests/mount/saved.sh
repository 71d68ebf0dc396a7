#!/bin/bash
# SPDX-License-Identifier: MIT
# saved.sh - queries saved as reports/NAME.query: what is one is kept, what is none changes nothing,
# and reports/<range>/NAME.csv is what it asks for.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile saved "$port"
# shellcheck disable=SC2046
service_start "$port" $(tree 2 4 2 2)
mount_adsfs one saved qps=0 qpm=0 ttl=3000 report_ttl=3000
mapfile -t A < <(cd "$MNT" && compgen -G '[0-9]*')
R=$MNT/${A[0]}/reports
C=$(ls -U "$MNT/${A[0]}/campaigns" | grep -m 1 '^[0-9]')
BC=$(ls "$MNT/business-centers" | grep -m 1 '^[0-9]')
KEPT=$T/state/adsfs/saved/queries
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r ".$1"; }
# query METRIC… - by campaign and day
query()
{
    printf '{"report_type":"BASIC","data_level":"AUCTION_CAMPAIGN","dimensions":["campaign_id","stat_time_day"],"metrics":%s}\n' \
        "$(jq -cn '$ARGS.positional' --args "$@")"
}

promise "echo saves a query, in every account of the profile; ls shows it, cat prints it"
mark
want_ok bash -c "echo '$(query spend clicks)' >'$R/mine.query'"
for a in "${A[@]}"; do
    want_output "$(query spend clicks)" cat "$MNT/$a/reports/mine.query"
    want_ok grep -qx mine.query <(ls "$MNT/$a/reports")
done
want_ok grep -qx mine.query <(ls "$MNT/business-centers/$BC/reports")
want_output "600 $(($(query spend clicks | wc -c)))" stat -c '%a %s' "$R/mine.query"
want_output "$(query spend clicks)" cat "$KEPT/mine.query"
want_calls report/integrated/get 0

promise "reports/<range>/NAME and its formats are what the query asks for"
want_output "campaign_id,stat_time_day,spend,clicks" bash -c "head -n 1 '$R/last-7d/mine.csv'"
want_output '["campaign_id","clicks","spend","stat_time_day"]' jq -c '.[0] | keys' "$R/last-7d/mine.json"
want_output "$(wc -l <"$R/last-7d/mine.ndjson")" jq length "$R/last-7d/mine.json"
want_ok test "$(wc -l <"$R/last-7d/mine.tsv")" -gt 1
want_ok cmp "$R/last-7d/mine.csv" <(cut -d, -f 1,3-5 "$R/last-7d/campaign-day@spend,clicks.csv")
want_ok grep -qx mine.csv <(ls "$R/last-7d")

promise "its report of one campaign is in reports/of"
want_output "$C" bash -c "tail -n +2 '$R/of/$C/last-7d/mine.csv' | cut -d, -f1 | sort -u"

promise "rewritten, the next look-up is the new query's report"
want_ok bash -c "echo '$(query impressions)' >'$R/mine.query'"
want_output "campaign_id,stat_time_day,impressions" bash -c "head -n 1 '$R/last-7d/mine.csv'"

promise "a name that was not there is there as soon as it is saved"
want_refused "No such file" cat "$R/yesterday/new.csv"
want_ok bash -c "echo '$(query spend)' >'$R/new.query'"
want_ok grep -q campaign_id "$R/yesterday/new.csv"

promise "filters, breakdowns and metrics that we do not know are the service's to judge"
want_ok bash -c "cat >'$R/one.query'" <<END
{
  "report_type": "BASIC", "data_level": "AUCTION_CAMPAIGN", "dimensions": ["campaign_id"],
  "metrics": ["spend"],
  "filtering": [{"field_name": "campaign_ids", "filter_type": "IN", "filter_value": "[\"$C\"]"}]
}
END
want_output "$C" bash -c "tail -n +2 '$R/last-7d/one.csv' | cut -d, -f1"
want_ok bash -c "echo '{\"report_type\":\"AUDIENCE\",\"data_level\":\"AUCTION_ADVERTISER\",\"dimensions\":[\"gender\"],\"metrics\":[\"spend\"]}' >'$R/who.query'"
want_output "gender,spend" bash -c "head -n 1 '$R/last-7d/who.csv'"
want_ok bash -c "echo '$(query spend a_new_metric)' >'$R/new.query'"
mark
want_refused "Invalid argument" cat "$R/yesterday/new.csv"
want_calls report/integrated/get 1
want_like '.*a_new_metric.*' last_error message

promise "of a Business Center is what says so, and only there"
want_ok bash -c "echo '{\"report_type\":\"BC\",\"dimensions\":[\"advertiser_id\"],\"metrics\":[\"spend\"]}' >'$MNT/business-centers/$BC/reports/group.query'"
want_output "advertiser_id,spend" bash -c "head -n 1 '$MNT/business-centers/$BC/reports/last-7d/group.csv'"
want_refused "No such file" cat "$R/last-7d/group.csv"
want_like '.*its query is of type BC: it is in business-centers/<id>/reports/' last_error message
want_refused "No such file" cat "$MNT/business-centers/$BC/reports/last-7d/mine.csv"

promise "query_lifetime is in reports/lifetime"
want_ok bash -c "echo '{\"data_level\":\"AUCTION_AD\",\"dimensions\":[\"ad_id\"],\"query_lifetime\":true}' >'$R/ever.query'"
want_output "ad_id,spend,impressions" bash -c "head -n 1 '$R/lifetime/ever.csv'"
want_refused "No such file" cat "$R/last-7d/ever.csv"
want_like '.*it is in reports/lifetime/' last_error message

promise "what is no query is EINVAL in the write, says why, and what was saved is kept"
want_ok bash -c "echo '$(query spend)' >'$R/mine.query'"
while IFS='|' read -r text why; do
    want_refused "Invalid argument" bash -c "echo '$text' >'$R/mine.query'"
    want_like ".*$why.*" last_error message
    want_output "${A[0]}/reports/mine.query" last_error path
    want_output "$(query spend)" cat "$R/mine.query"
    want_refused "Invalid argument" bash -c "echo '$text' >'$R/none.query'"
    want_refused "No such file" cat "$R/none.query"
done <<'END'
spend|not a JSON object
{"data_level":"AUCTION_AD","dimensions":["ad_id"]|ends before its last
{"data_level":"AUCTION_AD"}|dimensions are missing
{"data_level":"AUCTION_AD","dimensions":["ad_id"],"start_date":"2026-11-01"}|leave start_date out
{"data_level":"AUCTION_AD","dimensions":["ad_id"],"colour":1}|there is no colour
|an empty query
END
want_ok test ! -e "$KEPT/none.query"

promise "bash and dash see the error, and so does python in write"
for shell in bash dash; do
    want_refused "rror" "$shell" -c "echo '{\"data_level\":\"AUCTION_AD\"' >'$R/mine.query' || { echo error >&2; exit 1; }"
done
want_output 22 python3 - "$R/mine.query" <<'END'
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
try:
    os.write(fd, b'{"data_level": "AUCTION_AD"}\n')
except OSError as error:
    print(error.errno)
os.close(fd)
END

promise "a writer that is killed half-way, and one that closes half-way, leave what was"
python3 - "$R/mine.query" <<'END'
import os, signal, sys
for killed in True, False:
    pid = os.fork()
    if pid == 0:
        fd = os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC)
        os.write(fd, b'{"data_level": "AUCTION_AD", "dimensions": ["ad_id"]')
        if killed:
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            os.close(fd)
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == (-9 if killed else 22), status
END
want_eq "python's status" $? 0
want_output "$(query spend)" cat "$R/mine.query"
want_output "$(query spend)" cat "$KEPT/mine.query"

promise "many pieces, as programs with buffers write them, are one query"
jq -n '{data_level: "AUCTION_AD", dimensions: ["ad_id"], metrics: [range(99) | "metric_number_\(.)_with_a_long_name_that_takes_many_bytes_so_that_there_are_some_more_of_them"]}' >"$T/long"
want_ok test "$(wc -c <"$T/long")" -gt 8192
for size in 4096 8192; do
    want_ok dd if="$T/long" of="$R/long.query" bs=$size status=none
    want_ok cmp "$T/long" "$R/long.query"
    rm "$R/long.query"
done
{ printf '{%4094s\n' ""; query spend | cut -c2-; } >"$T/padded" # a piece that ends in a newline
want_ok dd if="$T/padded" of="$R/padded.query" bs=4096 status=none
want_ok cmp "$T/padded" "$R/padded.query"
want_ok cp "$T/long" "$R/long.query"
want_ok cmp "$T/long" "$R/long.query"
want_ok python3 -c "open('$R/py.query', 'w').write('''$(query clicks)''')"
want_output "$(query clicks)" cat "$R/py.query"
want_ok python3 -c "open('$R/py.query', 'w', newline='').write('''$(query spend)''' + '\n' * 3)"

promise "more than 16 KiB, >> and other names are refused"
want_refused "Invalid argument" bash -c "(printf '{\"a\":\"'; head -c 17000 /dev/zero | tr '\\0' a) | dd of='$R/big.query' bs=1M iflag=fullblock status=none"
want_like '.*longer than a value may be \(16 KiB\)' last_error message
want_refused "Invalid argument" bash -c "echo '$(query spend)' >>'$R/mine.query'"
for name in ad-day.query 'a b.query' .query ä.query; do
    want_refused "Invalid argument" bash -c "echo '$(query spend)' >'$R/$name'"
done
want_like 'a query is called by .*|.*is how reports are called that need no query.*' last_error message
for name in mine.json mine; do
    want_refused "not permitted" bash -c "echo '$(query spend)' >'$R/$name'"
done
want_refused "not permitted" bash -c "echo '$(query spend)' >'$R/last-7d/mine.query'"
want_refused "not permitted" bash -c "echo '$(query spend)' >'$R/of/$C/mine.query'"
want_refused "not permitted" rm "$R/metrics.tsv"

promise "rm removes it, and its reports with it"
want_ok rm "$R/mine.query"
want_refused "No such file" cat "$R/mine.query"
want_refused "No such file" cat "$R/last-7d/mine.csv"
want_ok bash -c "! ls '$R' | grep -qx mine.query"
want_ok bash -c "! ls '$R/last-7d' | grep -q '^mine'"
want_ok ls -l "$R" "$R/last-7d"
want_ok test ! -e "$KEPT/mine.query"

promise "touch alone saves nothing, and leaves nothing"
want_ok touch "$R/empty.query"
want_refused "No such file" cat "$R/empty.query"

promise "vim writes one, and rewrites it"
if command -v vim >/dev/null; then
    query spend >"$T/text"
    want_ok vim -u NONE -n -es -c ":w $R/vim.query" -c ':q' "$T/text"
    want_output "$(query spend)" cat "$R/vim.query"
    want_ok vim -u NONE -n -es -c ':%s/spend/clicks/' -c ':wq' "$R/vim.query"
    want_output "$(query clicks)" cat "$R/vim.query"
fi

promise "they are there after kill -9 and a remount, as is what others saved in their directory"
ls "$R" | grep query >"$T/before"
kill -KILL "$DAEMON"
wait "$DAEMON" 2>/dev/null
forget_daemon
until_true bash -c "! grep -q '$MNT' /proc/self/mountinfo"
query clicks >"$KEPT/theirs.query"
echo '{"half' >"$KEPT/half.query"
mount_adsfs two saved qps=0 qpm=0 ttl=3000
R=$MNT/${A[0]}/reports
want_eq "queries" "$(ls "$R" | grep query | sort)" "$(sort - "$T/before" <<<theirs.query)"
want_output "campaign_id,stat_time_day,clicks" bash -c "head -n 1 '$R/last-7d/theirs.csv'"

promise "a second mount of the profile sees what the first one saves"
first=$R
mount_adsfs three saved qps=0 qpm=0 ttl=3000
want_ok bash -c "echo '$(query spend)' >'$first/late.query'"
until_true test -e "$MNT/${A[0]}/reports/late.query"
want_output "$(query spend)" cat "$MNT/${A[0]}/reports/late.query"
want_ok rm "$MNT/${A[0]}/reports/late.query"
until_true test ! -e "$first/late.query"

promise "a mount that is read-only takes none, one that is offline or not writable does"
unmount
unmount "$T/mounts/two"
mount_adsfs four saved ro qps=0 qpm=0
want_refused "Read-only" bash -c "echo '$(query spend)' >'$MNT/${A[0]}/reports/ro.query'"
unmount
mount_adsfs five saved offline qps=0 qpm=0
want_ok bash -c "echo '$(query spend)' >'$MNT/${A[0]}/reports/off.query'"
