#!/bin/bash
# SPDX-License-Identifier: MIT
# scratch.sh - what programs write beside a file: under which names, who sees it, how much of it there
# may be, and what becomes of it when it is renamed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 60 2 1)
mount_sandbox ttl=3000
A=$(cd "$MNT" && compgen -G '[0-9]*')
cd "$MNT/$A/campaigns" || give_up "cd"
own=()
for C in [0-9]*; do
    jq -e '.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY"
        and (.budget_optimize_on | not) and .campaign_automation_type == "MANUAL"' \
        "$C/info.json" >/dev/null 2>&1 && own+=("$C")
done
[ ${#own[@]} -ge 8 ] || give_up "only ${#own[@]} campaigns with a daily budget of their own"
cd "${own[0]}" || give_up "cd"
echo '500!' >budget || give_up "budget"
listed=$(ls -A)
there() { ls -A | grep -vxF "$listed" | tr '\n' ' '; }
sent() { tail -n "+$((MARK + 1))" "$CALLS" | jq -rs '[.[] | select(.method == "POST") | .body.budget] | join(" ")'; }
last_error() { tail -n 1 "$MNT/.adsfs/errors" | jq -r "$1"; }
# replaces TEXT - budget.tmp with it, renamed onto budget
replaces() { printf %s "$1" >budget.tmp && mv budget.tmp budget; }

promise "a name that no program makes is refused, and .adsfs/errors says what was meant"
mark
want_refused "Operation not permitted" bash -c 'echo 5 > bugdet'
want_output "true" last_error '.message | contains("did you mean budget?")'
want_output "EPERM" last_error .errno
want_output "$A/campaigns/${own[0]}/bugdet" last_error .path
want_refused "Operation not permitted" bash -c 'echo 5 > zzzzzzzz'
want_output "true" last_error '.message | contains("budget, name, status")'
for name in budget2 .budget sedabc tmp new.txt objective.tmp info.json~ .objective.swp 1234; do
    want_refused "Operation not permitted" touch $name
done
# Letters that a program makes up are those of a file that may not be there.
want_refused "Operation not permitted" bash -c 'echo 5 > sedAbCdEf'
want_refused "Operation not permitted" bash -c 'echo 5 > budgetAbCdEf'
want_refused "Operation not permitted" touch "$MNT/$A/budget.tmp" "$MNT/$A/campaigns/budget.tmp" "$MNT/budget.tmp"
want_refused "Operation not permitted" mkdir budget.tmp
want_refused "Operation not permitted" mkfifo budget.tmp
want_refused "Operation not permitted" ln -s budget budget.tmp
want_refused "Operation not permitted" ln budget budget.tmp
want_output "" there
want_calls any 0

promise "a scratch file holds what is written to it, and can be set like any other"
mark
want_ok bash -c 'echo 600 > budget.tmp; echo 700 >> budget.tmp'
want_output $'600\n700' cat budget.tmp
want_ok chmod 640 budget.tmp
want_ok touch -d 2020-01-01T00:00:00Z budget.tmp
want_output "640 8 1 1577836800" stat -c '%a %s %h %Y' budget.tmp
want_ok truncate -s 4 budget.tmp
want_output 600 cat budget.tmp
want_ok truncate -s 0 budget.tmp
want_output "" cat budget.tmp
[ "$(id -u)" != 0 ] || want_ok chown 1:1 budget.tmp
want_ok python3 -c '
import os
fd = os.open("budget.tmp", os.O_RDWR)
os.pwrite(fd, b"x" * 10, 5)
os.fsync(fd)
assert os.pread(fd, 100, 3) == b"\0\0" + b"x" * 10
os.unlink("budget.tmp")
assert os.fstat(fd).st_nlink == 0
os.write(fd, b"1")
assert os.pread(fd, 1, 0) == b"1"'
want_output "" there
want_calls any 0

promise "it is listed where it was made, and nowhere else"
mark
want_ok touch budget.tmp .name.swp status~
want_output ".name.swp budget.tmp status~ " there
want_output "$listed" ls -A "../${own[1]}"
want_refused "No such file or directory" cat "../${own[1]}/budget.tmp"
want_refused "No such file or directory" cat budget.tmp.meta
want_eq "inodes" "$(find . -maxdepth 1 -type f -printf '%i\n' | sort | uniq -d)" ""
want_ok rm budget.tmp
want_output ".name.swp status~ " there
want_ok rm .name.swp status~
want_output "" there
want_calls any 0

promise "the directory lists all of them, many as they are, and no more than 64"
mark
want_ok python3 -c '
import errno, os
for i in range(64):
    os.close(os.open(f"sed{i:06}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
try:
    os.open("budget.tmp", os.O_CREAT | os.O_WRONLY)
    raise SystemExit("65 files")
except OSError as e:
    assert e.errno == errno.ENOSPC, e
made = [name for name in os.listdir(".") if name.startswith("sed")]
assert sorted(made) == [f"sed{i:06}" for i in range(64)], made
for name in made:
    os.unlink(name)'
want_output "" there
want_calls any 0

promise "what is longer than 64 KiB is refused, and so is what is missing a part of it"
want_refused "No space left on device" dd if=/dev/zero of=budget.tmp bs=65537 count=1 status=none
want_ok bash -c 'echo 600 | dd of=budget.tmp conv=notrunc status=none'
want_refused "" mv budget.tmp budget
want_output 500.00 cat budget
want_ok bash -c 'echo 600 > budget.tmp'
want_ok rm budget.tmp

promise "renamed onto a value it is a write, and the value's own file is there at once"
ino=$(stat -c %i budget)
mark
for value in 600 610 620 630; do # also without a look at the file in between
    want_ok replaces "$value
"
done
want_output "$ino 2" stat -c '%i %h' budget
want_output 630.00 cat budget
want_eq "sent" "$(sent)" "600 610 620 630"
want_output "" there
want_ok replaces $'500\n'

promise "... also for who still has the other one open, which goes on as a file without a name"
want_ok python3 -c '
import os
new = open("budget.tmp", "w+")
new.write("600\n")
new.flush()
assert os.stat("budget.tmp").st_ino == os.fstat(new.fileno()).st_ino
value = os.stat("budget").st_ino
os.rename("budget.tmp", "budget")
assert os.stat("budget").st_ino == value
assert open("budget").read() == "600.00\n"
assert os.fstat(new.fileno()).st_nlink == 0
new.write("700\n")
new.seek(0)
assert new.read() == "600\n700\n"
new.close()
assert open("budget").read() == "600.00\n"'
want_output "" there
want_ok replaces $'500\n'

promise "it is a write of the whole: what is no value is refused by the rename, and stays"
mark
for text in '' 600 $'600\n700\n' $'\n' $'abc\n' $'600\n\n' "$(printf '%5000s' 1)"; do
    want_refused "" replaces "$text" # mv says that budget is below budget.tmp, as it does of any EINVAL
    want_output EINVAL last_error .errno
    want_output "budget.tmp " there
    want_output "$A/campaigns/${own[0]}/budget" last_error .path
done
want_refused "Numerical result out of range" replaces $'1\n'
want_refused "Numerical result out of range" replaces $'100000\n'
want_output 500.00 cat budget
want_calls campaign/update 0
want_ok replaces $'500.00\n' # what it holds
want_calls campaign/update 0
want_output "" there

promise "a name needs no newline"
want_ok bash -c 'printf Summer > name.tmp && mv name.tmp name'
want_output Summer cat name

promise "from one scratch name to another it is a file as before"
mark
want_ok bash -c 'echo 600 > budget.tmp; echo 700 > budget.new; mv budget.tmp budget~'
want_output 600 cat budget~
want_ok mv budget.new budget~
want_output 700 cat budget~
want_output "budget~ " there
want_refused "Operation not permitted" mv budget~ old
want_refused "Operation not permitted" mv budget~ "../${own[1]}/budget~"
want_refused "" mv budget~ "../${own[1]}/budget"
want_ok rm budget~
want_calls any 0

promise "renameat2: not onto what is there, and nothing is exchanged"
mark
want_ok python3 -c '
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def rename(old, new, flags):
    return 0 if libc.renameat2(-100, old, -100, new, flags) == 0 else ctypes.get_errno()
NOREPLACE, EXCHANGE = 1, 2
for name in "budget.tmp", "budget.new":
    open(name, "w").write("600\n")
assert rename(b"budget.tmp", b"budget", NOREPLACE) == errno.EEXIST
assert rename(b"budget.tmp", b"budget.new", NOREPLACE) == errno.EEXIST
assert rename(b"budget.tmp", b"budget", EXCHANGE) == errno.EPERM
assert rename(b"budget.tmp", b"budget.new", EXCHANGE) == errno.EPERM
assert rename(b"budget.tmp", b"budget~", NOREPLACE) == 0'
want_ok rm budget.new budget~
want_calls any 0

promise "nothing that is no scratch file can be removed or renamed, and .adsfs/errors says what to do"
mark
for file in budget name objective info.json report.json; do
    want_refused "Operation not permitted" rm -f "$file"
    want_output "$A/campaigns/${own[0]}/$file" last_error .path
    want_refused "Operation not permitted" mv "$file" budget.tmp
    want_output "$A/campaigns/${own[0]}/$file" last_error .path
done
want_refused "Operation not permitted" mv adgroups budget.tmp
want_refused "Operation not permitted" bash -c 'echo x > budget.tmp; mv budget.tmp objective'
want_refused "Operation not permitted" bash -c 'mv budget.tmp info.json'
want_ok rm budget.tmp
want_output "$listed" ls -A
want_calls any 0

promise "editors side by side save a budget each, and each is told its own outcome"
mark
editors=()
for C in "${own[@]}"; do
    (sed -i 's/.*/811!/' "../$C/budget" && sed -i 's/.*/812/' "../$C/budget") &
    editors+=($!)
done
for editor in "${editors[@]}"; do
    wait "$editor" || broken "one of ${#own[@]} was refused: $(why)"
done
for C in "${own[@]}"; do
    want_output 812.00 cat "../$C/budget"
done
want_output "" there

faketime=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1)
if [ -z "$faketime" ] || sanitized; then
    skip_promise "after ten minutes without use it is gone, from the kernel's listing too" \
        "$([ -n "$faketime" ] && echo "not with a sanitizer" || echo "no libfaketime")"
else
    promise "after ten minutes without use it is gone, from the kernel's listing too"
    cd /
    unmount
    printf '%s\n' '#!/bin/sh' "export LD_PRELOAD=$faketime FAKETIME='+0 x300'" \
        "exec $ADSFS \"\$@\"" >"$T/fast"
    chmod +x "$T/fast"
    ADSFS=$T/fast mount_sandbox ttl=100000 poll=0
    cd "$MNT/$A/campaigns/${own[0]}" || give_up "cd"
    want_ok touch budget.tmp
    exec 3>.budget.swp
    want_output ".budget.swp budget.tmp " there
    expired() { [ "$(there)" != ".budget.swp budget.tmp " ]; }
    until_true expired
    want_output ".budget.swp " there # which is in use
    exec 3>&-
fi

promise "where nothing can be written, there is nothing to write beside"
cd /
unmount
mount_sandbox ttl=3000 writable=false
cd "$MNT/$A/campaigns/${own[0]}" || give_up "cd"
want_refused "Read-only file system" bash -c 'echo 600 > budget.tmp'
want_refused "Read-only file system" sed -i s/500/600/ budget
want_output "$listed" ls -A
cd /

promise "a table is edited by any program: what it writes beside may be as long as a table"
unmount
TREE=$(tree 1 700 1 1)
mount_sandbox ttl=3000
cd "$MNT/$A" || give_up "cd"
want_ok bash -c 'cat campaigns.csv > campaigns.csv.tmp'
size=$(stat -c %s campaigns.csv.tmp)
[ "$size" -gt 65536 ] || broken "only $size bytes"
want_ok cmp campaigns.csv campaigns.csv.tmp
want_ok test -w campaigns.csv
mark
want_ok mv campaigns.csv.tmp campaigns.csv
want_calls any 0
enabled() { mlr --icsv --ojson filter '$status == "ENABLE"' then head -n 3 then cut -f id campaigns.csv | jq -r '.[].id'; }
if command -v mlr >/dev/null; then
    ids=$(enabled | paste -sd ' ')
    mark
    want_ok mlr -I --csv put "splitax(\"$ids\", \" \")[1] == \$id || splitax(\"$ids\", \" \")[3] == \$id { \$status = \"DISABLE\" }" campaigns.csv
    want_eq "campaigns switched off" "$(tail -n "+$((MARK + 1))" "$CALLS" |
        jq -r 'select(.method == "POST") | .body.campaign_ids[]' | sort | paste -sd ' ')" \
        "$(cut -d' ' -f1,3 <<<"$ids" | tr ' ' '\n' | sort | paste -sd ' ')"
    want_output DISABLE cat "campaigns/${ids%% *}/status"
fi
mark
want_refused "cannot rename" sed -i 's/^\([0-9]*,\)/9\1/' campaigns.csv
want_calls any 0
want_output "campaigns.csv" bash -c 'ls -A | grep campaigns.csv'
cd /
