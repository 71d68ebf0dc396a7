#!/bin/bash
# SPDX-License-Identifier: MIT
# progress.sh - with -o progress whoever waits for a report at a terminal reads there what for, and
# nobody else does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

here=$(cd "$(dirname "$0")" && pwd)
port=$(free_port)
profile progress "$port"
# shellcheck disable=SC2046
service_start "$port" $(tree 1 4 2 2) --task-delay 4000
mount_adsfs one progress qps=0 qpm=0 report_mode=async progress
A=$(cd "$MNT" && compgen -G '[0-9]*')
# report N - one that nobody has asked for yet, of one task
report() { echo "$MNT/$A/reports/$(date -d "$((60 + $1)) days ago" +%F)/ad-day.csv"; }
at_terminal() { python3 "$here/progress.py" "$@"; }
line='adsfs: …/ad-day\.csv: task [0-9]+, (QUEUING|PROCESSING) for [0-9]+ s; Ctrl-C leaves it'

promise "a waiting open is explained from the third second on, in place, and is gone before the data"
want_ok at_terminal "stty cols 120; cat $(report 1)" 0
said=$OUT
[[ $said =~ \'\\r$line\ running\\r ]] || broken "said $said"
want_eq "lines at once" "$(grep -oE 'for [0-9]+ s' <<<"$said" | sort -u | wc -l)" \
    "$(grep -oE 'for [0-9]+ s' <<<"$said" | wc -l)"
[[ $said =~ running\\r\ +\\rad_id, ]] || broken "not erased before the first line of data: $said"
[[ $said =~ \ 0$ ]] || broken "status: $said"
want_ok test "$(grep -oE 'for [0-9]+ s' <<<"$said" | head -n 1 | grep -oE '[0-9]+')" -ge 2

promise "Ctrl-C ends the wait, and the line with it; the task goes on"
mark
want_ok at_terminal "trap : INT; stty cols 120; cat $(report 2)" 3.2 $'\x03'
[[ $OUT =~ $line ]] || broken "said $OUT"
[[ $OUT == *'^C\r   '* ]] || broken "not erased: $OUT"
want_output "1 0" jq -rs '"\(length) \(.[0].readers)"' "$MNT/.adsfs/jobs"
want_ok cat "$(report 2)"
want_calls report/task/create 1

promise "what is in the background, has no terminal, or has taken the screen gets nothing"
want_like "[^…]*done[^…]*" at_terminal "set -m; cat $(report 3) >$T/a & wait; echo done" 0
want_like "[^…]*done[^…]*" at_terminal "setsid -w cat $(report 4) >$T/b; echo done" 0
want_like "[^…]*done[^…]*" at_terminal "stty -echo; cat $(report 5) >$T/c; echo done" 0
for i in a b c; do
    want_ok grep -q ad_id, "$T/$i"
done

promise "a redirected reader is explained on its terminal, and its output has none of it"
want_ok at_terminal "stty cols 120; cat $(report 6) >$T/d" 0
[[ $OUT =~ $line ]] || broken "said $OUT"
want_ok bash -c "! grep -q adsfs: '$T/d'"

promise "many who wait at one terminal are one line"
want_ok at_terminal "stty cols 120; cat $(report 7) >$T/e & cat $(report 8) >$T/f & wait" 0
[[ $OUT =~ adsfs:\ …/ad-day\.csv\ and\ 1\ more:\ task ]] || broken "said $OUT"

promise "a narrow terminal is not wrapped"
want_ok at_terminal "stty cols 30; cat $(report 9) >$T/g" 0
[[ $OUT == *"'\\radsfs: …/ad-day.csv: task 1851"* ]] || [[ $OUT =~ \'\\radsfs:\ …/ad-day.csv:\ task\ [0-9]{1,3}\\r ]] ||
    broken "said $OUT"
want_ok python3 -c 'import ast, sys; assert max(len(p) for p in ast.literal_eval(sys.argv[1].rsplit(" ", 1)[0]).split("\r")) <= 29' "$OUT"

promise "without the option nothing is said"
unmount
mount_adsfs two progress qps=0 qpm=0 report_mode=async
want_like "[^…]*done[^…]*" at_terminal "cat $(report 10) >$T/h; echo done" 0
