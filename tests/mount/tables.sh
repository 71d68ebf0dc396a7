#!/bin/bash
# SPDX-License-Identifier: MIT
# tables.sh - campaigns.csv, adgroups.csv and ads.csv: read, edited with what people edit with, and
# written back. Only differences are sent; whatever is wrong with a table, nothing of it is.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 30 2 2)
mount_sandbox ttl=3000
cd "$MNT" || give_up "cd"
A=$(basename "$(compgen -G '[0-9]*')")
cd "$A" || give_up "cd"
want_eq "currency of the account these amounts are for" "$(cat currency)" USD

updates() { tail -n "+$((MARK + 1))" "$CALLS" | jq -c 'select(.method == "POST")'; }
want_updates() { want_eq "updates" "$(updates | wc -l)" "$1"; }
# told TEXT - the last line of .adsfs/errors says so
told()
{
    local line
    line=$(tail -n 1 "$MNT/.adsfs/errors" | jq -r .message)
    [[ $line == *"$1"* ]] || broken ".adsfs/errors:" "  says   $line" "  wanted $1"
}

# table TABLE - as it is now, in $T/now.csv
table() { cat "$1" >"$T/now.csv"; }
# edit TABLE MLR… - as it is now, edited by mlr, in $T/edited.csv
edit()
{
    table "$1"
    shift
    mlr --icsv --ocsv "$@" "$T/now.csv" >"$T/edited.csv"
}

# refused TEXT ERROR TABLE - written back as $T/edited.csv it is refused whole, without a call
refused()
{
    mark
    want_refused "$2" cp "$T/edited.csv" "$3"
    told "$1"
    want_calls any 0
}

# column TABLE COLUMN - its cells, one a line
column() { mlr --icsv --onidx --quote-none cut -f "$2" "$1"; }

promise "a table is listed, can be written, and is as long as stat says"
want_eq "tables" "$(echo [a-z]*s.csv)" "adgroups.csv ads.csv campaigns.csv"
want_eq "modes" "$(stat -c '%a %h' campaigns.csv ads.csv | sort -u)" "600 2"
for table in campaigns.csv adgroups.csv ads.csv campaigns/*/*s.csv campaigns/*/adgroups/*/ads.csv; do
    cat "$table" >"$T/now.csv"
    want_eq "size of $table" "$(stat -c %s "$table")" "$(stat -c %s "$T/now.csv")"
    want_eq "wc -c of $table" "$(wc -c <"$table")" "$(stat -c %s "$T/now.csv")"
    want_ok cmp "$table" "$T/now.csv"
    want_eq "tail" "$(tail -n 1 "$table")" "$(tail -n 1 "$T/now.csv")"
done

promise "its rows are the directory's objects, its cells what the files show"
want_eq "campaigns" "$(column campaigns.csv id | sort)" "$(find campaigns -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort)"
want_eq "ad groups" "$(column adgroups.csv id | sort)" "$(find adgroups -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort)"
want_eq "ads" "$(column ads.csv id | sort)" "$(find ads -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort)"
python3 - >"$T/wrong" <<'END'
import csv, glob, os
for table, directory in (("campaigns.csv", "campaigns"), ("adgroups.csv", "adgroups"), ("ads.csv", "ads")):
    with open(table, newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        files = {name for name in os.listdir(f"{directory}/{row['id']}")
                 if os.path.isfile(f"{directory}/{row['id']}/{name}")
                 and "." not in name and not os.path.islink(f"{directory}/{row['id']}/{name}")}
        if files != set(row) - {"id", "campaign_id", "adgroup_id"}:
            print(table, "has the columns", set(row), "and not", files)
        for name in files:
            with open(f"{directory}/{row['id']}/{name}", newline="") as file:
                if file.read() != row[name] + "\n":
                    print(table, row["id"], name, repr(row[name]))
END
want_output "" head -n 5 "$T/wrong"
C=$(column ads.csv campaign_id | head -n 1)
G=$(column ads.csv adgroup_id | head -n 1)
for campaign in campaigns/[0-9]*; do
    want_eq "ads of $campaign" "$(column "$campaign/ads.csv" id | sort)" \
        "$(find "$campaign"/adgroups/*/ads -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort)"
done
want_eq "ads of an ad group" "$(column "campaigns/$C/adgroups/$G/ads.csv" id | sort)" \
    "$(mlr --icsv --onidx filter "\$adgroup_id == $G" then cut -f id ads.csv | sort)"

promise "to read what is known costs no call, and what was read is written back without one"
for table in campaigns.csv adgroups.csv ads.csv "campaigns/$C/ads.csv"; do
    mark
    table "$table"
    want_ok cp "$T/now.csv" "$table"
    want_ok dd if="$T/now.csv" of="$table" bs=100 status=none
    (printf '\xef\xbb\xbf' && sed 's/$/\r/' "$T/now.csv") >"$T/edited.csv" # as Excel has it
    want_ok cp "$T/edited.csv" "$table"
    want_ok python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
csv.writer(open(sys.argv[1], "w", newline=""), quoting=csv.QUOTE_ALL).writerows(rows)' "$table"
    mlr --icsv --ocsv reorder -e -f id then sort -nr modified "$T/now.csv" >"$T/edited.csv"
    want_ok cp "$T/edited.csv" "$table"
    want_calls any 0
done

promise "only what differs is sent: one column of two rows"
edit campaigns.csv put 'NR <= 2 { $name = $name . " 2" }'
mark
want_ok cp "$T/edited.csv" campaigns.csv
want_updates 2
want_calls campaign/update 2
want_eq "names" "$(column campaigns.csv name | head -n 2)" "$(column "$T/edited.csv" name | head -n 2)"
want_eq "and a file says so" "$(cat "campaigns/$(column campaigns.csv id | head -n 1)/name")" \
    "$(column campaigns.csv name | head -n 1)"

promise "columns and rows may be missing: what is absent is untouched"
I=$(mlr --icsv --onidx filter '$status == "ENABLE"' then head -n 1 then cut -f id ads.csv)
mark
printf 'status,id\nDISABLE,%s\n' "$I" >ads.csv
want_updates 1
want_eq "status" "$(cat "ads/$I/status")" DISABLE
want_eq "sent" "$(updates | jq -c '.body | if type == "string" then fromjson else . end |
    [.ad_ids, .operation_status]')" "[[\"$I\"],\"DISABLE\"]"

promise "two changes of one row are two commits, and several rows go together"
edit campaigns.csv head -n 3 then cut -f id,budget,status,name,budget_mode \
    then put '$budget_mode == "BUDGET_MODE_DAY" { $budget = $budget + 10 } $name = "N" . NR'
mark
want_ok cp "$T/edited.csv" campaigns.csv
want_eq "rows" "$(mlr --icsv --onidx head -n 3 then cut -f name campaigns.csv | tr '\n' ' ')" "N1 N2 N3 "

# ---- what people edit with ----

promise "mlr and a redirection"
edit adgroups.csv cut -f id,name then head -n 1 then put '$name = "by mlr"'
mark
want_ok bash -c "mlr --csv cat '$T/edited.csv' >adgroups.csv"
want_updates 1
want_eq "name" "$(column adgroups.csv name | head -n 1)" "by mlr"

promise "vim writes it in place, saves again after that, and says what was refused"
want_ok vim -es -u NONE -i NONE -c 'set nobackup noswapfile' -c '2s/by mlr/by vim/' -c 'wq' adgroups.csv
want_eq "name" "$(column adgroups.csv name | head -n 1)" "by vim"
mark
want_status 2 vim -es -u NONE -i NONE -c 'set nobackup noswapfile' \
    -c '2s/BID_TYPE_[A-Z_]*/BID_TYPE_X/' -c 'wq' -c 'cq' adgroups.csv
told "column bid_type"
want_calls any 0

promise "python's csv, in place and with an fsync"
want_ok python3 - <<'END'
import csv, os
with open("ads.csv", newline="") as file:
    rows = list(csv.DictReader(file))
rows[0]["name"] = 'by "python", twice'
with open("ads.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    file.flush()
    os.fsync(file.fileno())
END
want_eq "name" "$(column ads.csv name | head -n 1)" 'by "python", twice'

promise "python, a piece of the text replaced where it is"
want_ok python3 - <<'END'
with open("ads.csv", "r+b") as file:
    text = file.read()
    at = text.index(b'by ""python"", twice')
    file.seek(at)
    file.write(b'by ""PYTHON"", twice')
END
want_eq "name" "$(column ads.csv name | head -n 1)" 'by "PYTHON", twice'

promise "dd in small blocks, tee and cat"
edit ads.csv head -n 1 then cut -f id,name then put '$name = "by dd"'
want_ok dd if="$T/edited.csv" of=ads.csv bs=7 status=none
want_eq "name" "$(column ads.csv name | head -n 1)" "by dd"
edit ads.csv head -n 1 then cut -f id,name then put '$name = "by tee"'
want_ok bash -c "tee ads.csv <'$T/edited.csv'"
want_eq "name" "$(column ads.csv name | head -n 1)" "by tee"
edit ads.csv head -n 1 then cut -f id,name then put '$name = "by cat"'
want_ok bash -c "cat '$T/edited.csv' >ads.csv"
want_eq "name" "$(column ads.csv name | head -n 1)" "by cat"

promise "several programs that write one after the other into one redirection"
edit ads.csv head -n 2 then put '$name = "part " . NR'
want_ok bash -c "{ head -n 1 '$T/edited.csv'; sed -n 2p '$T/edited.csv'; sed -n 3p '$T/edited.csv'; } >ads.csv"
want_eq "names" "$(column ads.csv name | head -n 2 | tr '\n' ' ')" "part 1 part 2 "

promise "mlr -I, sed -i and perl -i: what is renamed onto the table is taken in"
want_ok mlr -I --csv put 'NR == 1 { $name = "by mlr -I" }' ads.csv
want_eq "name" "$(column ads.csv name | head -n 1)" "by mlr -I"
want_ok sed -i 's/by mlr -I/by sed -i/' ads.csv
want_eq "name" "$(column ads.csv name | head -n 1)" "by sed -i"
want_ok perl -pi -e 's/by sed -i/by perl -i/' ads.csv
want_eq "name" "$(column ads.csv name | head -n 1)" "by perl -i"
mark
want_refused "Permission denied" sed -i '2s/,[A-Z_]*VIDEO,/,X,/; 2s/,[A-Z_]*IMAGE,/,X,/' ads.csv
told "line 2, column format"
want_calls any 0
want_eq "left behind" "$(find . -maxdepth 1 -name '*sed*')" ""

promise "LibreOffice's ways to save: a new file onto the table, or a copy into it"
cat >"$T/office.py" <<'END'
import os, sys
how, source = sys.argv[1:]
text = open(source, "rb").read()
lock = os.open(".~lock.ads.csv#", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
os.pwrite(lock, b",somebody,here,28.11.2026 03:46,file:///;", 0)
os.close(lock)
made = os.open("lu1774fgrr1.tmp", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
os.pwrite(made, text, 0)
try:
    os.open("ads.csv", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
except FileExistsError:
    pass
try:
    if how == "rename":
        os.fsync(made)
        os.close(made)
        os.rename("lu1774fgrr1.tmp", "ads.csv")
    else:
        os.close(made)
        into = os.open("ads.csv", os.O_RDWR)
        os.ftruncate(into, 0)
        os.pwrite(into, text, 0)
        os.close(into)
        os.unlink("lu1774fgrr1.tmp")
    again = os.open("ads.csv", os.O_RDWR)
    os.fsync(again)
    os.close(again)
finally:
    if os.path.exists("lu1774fgrr1.tmp"):
        os.unlink("lu1774fgrr1.tmp")
    os.unlink(".~lock.ads.csv#")
END
for how in rename copy; do
    edit ads.csv --quote-all put 'NR == 1 { $name = "by office, '$how'" }'
    mark
    want_ok python3 "$T/office.py" $how "$T/edited.csv"
    want_updates 1
    want_eq "name" "$(column ads.csv name | head -n 1)" "by office, $how"
    edit ads.csv put 'NR == 1 { $format = "X" }'
    mark
    want_refused "Permission denied" python3 "$T/office.py" $how "$T/edited.csv"
    told "line 2, column format"
    want_calls any 0
done
want_eq "left behind" "$(find . -maxdepth 1 -name 'lu*' -o -maxdepth 1 -name '.~*')" ""

# ---- refused ----

promise "a row that somebody changed since is stale: nothing of the table is sent"
edit campaigns.csv put 'NR <= 2 { $name = "new " . NR }'
I=$(column campaigns.csv id | tail -n 1)
echo "changed since" >"campaigns/$I/name"
refused "line 31, column modified" "Stale file handle" campaigns.csv
want_eq "name" "$(cat "campaigns/$I/name")" "changed since"
want_eq "others" "$(column campaigns.csv name | grep -c '^new')" 0

promise "an unknown id, an id twice, and what is in another directory"
edit campaigns.csv put 'NR == 3 { $id = 17 }'
refused "line 4, column id: there is no campaign 17" "Invalid argument" campaigns.csv
edit campaigns.csv put 'NR == 3 { $id = '"$(column campaigns.csv id | head -n 1)"' }'
refused "line 4, column " "" campaigns.csv
edit ads.csv cut -f id,status
refused "here" "Invalid argument" "campaigns/$C/ads.csv"

promise "a column that is read-only, each of them"
for name in campaign_id bid_type billing_event budget_mode budget_next created delivery modified \
    optimization_goal pacing schedule_end schedule_start; do
    edit adgroups.csv put "NR == 2 { \$$name = \"7\" }"
    refused "line 3, column $name" "" adgroups.csv
done

promise "a column that there is not, one that is there twice, and none that is id"
edit campaigns.csv rename budget,bugdet
refused "'bugdet'; is it budget?" "Invalid argument" campaigns.csv
sed '1s/objective/name/' "$T/now.csv" >"$T/edited.csv"
refused "column name: is here twice" "Invalid argument" campaigns.csv
edit campaigns.csv cut -x -f id
refused "no column id" "Invalid argument" campaigns.csv
sed 1d "$T/now.csv" >"$T/edited.csv"
refused "The first line names the columns" "Invalid argument" campaigns.csv
sed 's/,/;/g' "$T/now.csv" >"$T/edited.csv"
refused "semicolons" "Invalid argument" campaigns.csv

promise "values that are none"
while read -r name value text error; do
    edit adgroups.csv filter '$budget != ""' then put "NR == 2 { \$$name = \"$value\" }"
    refused "line 3, column $name" "$error" adgroups.csv
    told "${text//_/ }"
done <<'END'
status PAUSED ENABLE_or_DISABLE Invalid argument
status enable ENABLE_or_DISABLE Invalid argument
budget abc budget Invalid argument
budget 0.01 at_least Numerical result
budget 50.001 decimals Numerical result
budget 1e3 exponent Invalid argument
budget -50 sign Invalid argument
END
edit campaigns.csv put 'NR == 2 { $name = "" }'
refused "line 3, column name" "Invalid argument" campaigns.csv

promise "a table that was cut off, is empty, or has a row too many or too few"
table campaigns.csv
for bytes in 1 50 200 1000; do
    head -c "$bytes" "$T/now.csv" >"$T/edited.csv"
    refused "" "Invalid argument" campaigns.csv
done
printf '\n' >"$T/edited.csv"
refused "" "Invalid argument" campaigns.csv
sed '3s/$/,x/' "$T/now.csv" >"$T/edited.csv"
refused "line 3" "Invalid argument" campaigns.csv
sed '3s/,[A-Z]*$//' "$T/now.csv" >"$T/edited.csv"
refused "line 3" "Invalid argument" campaigns.csv
sed '3s/^/"/' "$T/now.csv" >"$T/edited.csv"
refused "line 3" "Invalid argument" campaigns.csv

promise "> alone and an empty table change nothing; >> is refused"
mark
want_ok bash -c ': >campaigns.csv'
want_ok truncate -s 0 campaigns.csv
want_ok cp /dev/null campaigns.csv
want_refused "Invalid argument" bash -c 'echo 1 >>campaigns.csv'
want_calls any 0
want_eq "rows" "$(column campaigns.csv id | wc -l)" 30

promise "a writer that dies leaves nothing, one whose pipe was cut no half line"
edit campaigns.csv put '$name = "dying " . NR'
mark
python3 - "$T/edited.csv" <<'END' 2>/dev/null
import os, signal, sys
text = open(sys.argv[1], "rb").read()
for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        file = os.open("campaigns.csv", os.O_WRONLY | os.O_TRUNC)
        os.write(file, text)
        os.kill(os.getpid(), how)
    os.waitpid(child, 0)
END
(head -c 700 "$T/edited.csv"; kill -KILL "$BASHPID") 2>/dev/null | cat >campaigns.csv 2>/dev/null
want_calls any 0
want_eq "names" "$(column campaigns.csv name | grep -c dying)" 0

promise "a child that inherited the file and closes it commits nothing"
mark
want_ok python3 - "$T/edited.csv" <<'END'
import os, sys
text = open(sys.argv[1], "rb").read()
file = os.open("campaigns.csv", os.O_WRONLY | os.O_TRUNC)
half = text.index(b"\n", len(text) // 2) + 1
os.write(file, text[:half])
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
os.ftruncate(file, 0)
os.close(file)
END
want_calls any 0
want_eq "names" "$(column campaigns.csv name | grep -c dying)" 0

promise "a program with threads that just exits has written all the same"
edit ads.csv head -n 1 then cut -f id,name then put '$name = "by threads"'
want_ok bash -c 'python3 - "$0" >ads.csv' "$T/edited.csv" <<'END'
import os, sys, threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
os.write(1, open(sys.argv[1], "rb").read())
os._exit(0)
END
want_eq "name" "$(column ads.csv name | head -n 1)" "by threads"

promise "what is refused is said once for each line, the first of them last"
edit campaigns.csv put '$status = "X"'
lines=$(wc -l <"$MNT/.adsfs/errors")
want_refused "Invalid argument" cp "$T/edited.csv" campaigns.csv
want_eq "lines" "$(($(wc -l <"$MNT/.adsfs/errors") - lines))" 5
told "line 2, column status"
told "5 or more problems"

# ---- row by row ----


promise "what some of the rows are refused for keeps none of the others"
edit campaigns.csv head -n 2 then cut -f id,name,budget then put '$budget = NR == 1 ? 5000000 : $budget' \
    then put '$name = "row " . NR'
mark
want_refused "" cp "$T/edited.csv" campaigns.csv
want_eq "names" "$(column campaigns.csv name | head -n 2 | tr '\n' ' ')" "row 1 row 2 "
told "2 of 3 changes were made; the first of the others: line 2, column budget"

promise "the journal has what came of each row, by the number of the table"
number=$(jq -s 'last.table' "$MNT/.adsfs/journal")
want_eq "rows" "$(jq -c "select(.table == $number) | [.path, .field, .after, .outcome]" "$MNT/.adsfs/journal" | sort)" \
    "$(column campaigns.csv id | head -n 2 | awk -v a="$A" '{ printf "[\"%s/campaigns/%s/name\",\"campaign_name\",\"row %d\",\"done\"]\n", a, $1, NR }' | sort)"

promise "adsfs apply shows the result row by row, and its status is that of all"
edit campaigns.csv head -n 2 then cut -f id,name then put '$name = "apply " . NR'
I=$(column campaigns.csv id | head -n 1)
want_ok "$ADSFS" apply "$T/edited.csv" campaigns.csv
want_eq "rows" "$(grep -c '  done$' <<<"$OUT")" 2
want_eq "row" "$(grep "^$I " <<<"$OUT")" "$I name: row 1 -> apply 1  done"
want_eq "summary" "$(tail -n 1 <<<"$OUT")" "2 changes were made"
want_ok bash -c "'$ADSFS' apply - campaigns.csv <'$T/edited.csv'"
want_eq "summary" "$OUT" "nothing differs: nothing was sent"
want_ok "$ADSFS" apply "$T/edited.csv" "$MNT/by-name/$(cat name)/campaigns.csv"

promise "adsfs apply says why a table was refused, and what of it was"
printf 'id,status\n%s,PAUSED\n17,ENABLE\n' "$I" >"$T/edited.csv"
mark
want_refused "line 2, column status, 'PAUSED'" "$ADSFS" apply "$T/edited.csv" campaigns.csv
want_refused "line 3, column id: there is no campaign 17" "$ADSFS" apply "$T/edited.csv" campaigns.csv
want_calls any 0
printf 'id,name,budget\n%s,applied,5000000\n' "$I" >"$T/edited.csv"
want_refused "1 of 2 changes were made" "$ADSFS" apply "$T/edited.csv" campaigns.csv
want_eq "rows" "$(grep -cE "^$I (name: apply 1 -> applied  done|budget  refused: .*)" <<<"$OUT")" 2
want_eq "summary" "$(tail -n 1 <<<"$OUT")" "1 of 2 changes were made; 1 failed"

promise "adsfs apply of what is no file and onto what is no table"
want_refused "No such file" "$ADSFS" apply "$T/nowhere" campaigns.csv
want_refused "is empty" "$ADSFS" apply /dev/null campaigns.csv
want_refused "is no table" "$ADSFS" apply "$T/edited.csv" name
want_refused "does not lie on a mount" "$ADSFS" apply "$T/edited.csv" "$T/campaigns.csv"
want_status 2 "$ADSFS" apply campaigns.csv

cd / || give_up "cd"
unmount

promise "with -o dry_run a table says what it would send, and sends nothing"
mount_sandbox dry_run ttl=3000
cd "$MNT/$A" || give_up "cd"
edit campaigns.csv head -n 3 then cut -f id,name then put '$name = "would be " . NR'
mark
want_ok "$ADSFS" apply "$T/edited.csv" campaigns.csv
want_eq "updates" "$(updates | wc -l)" 0
want_eq "summary" "$(tail -n 1 <<<"$OUT")" "3 changes would be made; nothing was sent (dry_run)"
want_eq "bodies" "$(grep -c 'dry_run: POST campaign/update/ .*"campaign_name":"would be ' <<<"$OUT")" 3
want_eq "names" "$(column campaigns.csv name | grep -c 'would be')" 0
cd / || give_up "cd"
unmount

promise "a table that may not be written is 0400, and opening it says why"
mount_sandbox writable=false ttl=3000
want_eq "mode" "$(stat -c %a "$MNT/$A/campaigns.csv")" 400
want_refused "Read-only file system" bash -c "echo id >$MNT/$A/campaigns.csv"
unmount

# ordinary N [COLUMN VALUE] - $T/edited.csv: all campaigns, and of the first N that can be written that
# value, or another name
ordinary()
{
    python3 - campaigns.csv "$T/edited.csv" "$@" <<'END'
import csv, sys
source, target, left, column, value = sys.argv[1:4] + (sys.argv[4:] or ["name", "row"])
left = int(left)
with open(source, newline="") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    with open(f"campaigns/{row['id']}/info.json") as file:
        if left > 0 and row[column] != value and "UPGRADED_SMART_PLUS" not in file.read():
            row[column] = value + (str(left) if column == "name" else "")
            left -= 1
with open(target, "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
END
}

promise "10,000 rows with 500 status changes: at most 25 updates and 5 reads"
TREE=$(tree 1 10000 0 0)
mount_sandbox ttl=3000
cd "$MNT"/[0-9]* || give_up "cd"
table campaigns.csv
want_eq "rows" "$(wc -l <"$T/now.csv")" 10001
mark
want_ok cp "$T/now.csv" campaigns.csv
want_calls campaign/get 0
ordinary 500 status DISABLE
mark
want_ok cp "$T/edited.csv" campaigns.csv
all=$(calls any) sent=$(calls campaign/status/update) read=$(calls campaign/get)
want_eq "no other calls" "$all" $((sent + read))
most_reads=5

[ "$sent" -le 25 ] && [ "$read" -le $most_reads ] || broken "$sent updates and $read reads"
want_eq "changed" "$(mlr --icsv --onidx filter '$status == "DISABLE"' then cut -f id campaigns.csv | wc -l)" \
    "$(mlr --icsv --onidx filter '$status == "DISABLE"' then cut -f id "$T/edited.csv" | wc -l)"

promise "whoever is interrupted while it is sent: nothing new is started, what was sent is journaled"
cd / || give_up "cd"
unmount
TREE=$(tree 1 600 0 0)
mount_sandbox ttl=3000 "sandbox_options=$TREE --latency 200" qps=5
cd "$MNT"/[0-9]* || give_up "cd"
ordinary 600
python3 - "$T/edited.csv" <<'END' &
import sys
text = open(sys.argv[1], "rb").read()
with open("campaigns.csv", "wb", buffering=0) as file:
    file.write(text)
END
writer=$!
done_rows() { jq -c 'select(.outcome == "done")' "$MNT/.adsfs/journal" | wc -l; }
some_done() { [ "$(done_rows)" -gt 0 ]; }
until_true some_done
kill -INT $writer
kill -KILL $writer
wait $writer 2>/dev/null
sleep 1
done_1=$(done_rows)
sleep 1
done_2=$(done_rows)
want_eq "after it has gone" "$done_2" "$done_1"
[ "$done_1" -gt 0 ] && [ "$done_1" -lt 300 ] || broken "$done_1 were sent"
want_eq "names" "$(column campaigns.csv name | grep -c '^row')" "$done_1"

cd / || give_up "cd"
