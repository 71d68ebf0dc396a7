#!/bin/bash
# SPDX-License-Identifier: MIT
# unfinished.sh - what was not written to its end is no value: whoever is killed, whichever pipe is
# cut, whatever follows on a part that was refused.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TREE=$(tree 1 12 2 1)
mount_sandbox ttl=3000
A=$(cd "$MNT" && compgen -G '[0-9]*')
for C in "$MNT/$A"/campaigns/[0-9]* none; do
    jq -e '.operation_status != "FROZEN" and .budget_mode == "BUDGET_MODE_DAY"
        and (.budget_optimize_on | not) and .campaign_automation_type == "MANUAL"' \
        "$C/info.json" >/dev/null 2>&1 && break
done
cd "$C" || give_up "no campaign with a daily budget of its own"
echo '500!' >budget || give_up "budget"
echo Spring >name || give_up "name"
echo ENABLE >status || give_up "status"

# What was sent to be set since the mark, one after the other.
sent()
{
    tail -n "+$((MARK + 1))" "$CALLS" | jq -rs '[.[] | select(.method == "POST") | .body
        | .budget // .campaign_name // .operation_status | tostring] | join(" ")'
}
want_sent() { want_eq "sent" "$(sent)" "$*"; }

# nothing FILE - nothing was sent, and the file says what it said
nothing()
{
    local file
    want_calls any 0
    want_output 500.00 cat budget
    want_output Spring cat name
    want_output ENABLE cat status
    for file; do
        want_eq "the last line of .adsfs/errors is about" \
            "$(tail -n 1 "$MNT/.adsfs/errors" | jq -r '.path | split("/")[-1]')" "$file"
    done
}
# noted N - .adsfs/errors has so many more lines than when told to `count`
count() { LINES_BEFORE=$(wc -l <"$MNT/.adsfs/errors"); }
noted() { want_eq "lines more in .adsfs/errors" $(($(wc -l <"$MNT/.adsfs/errors") - LINES_BEFORE)) "$1"; }

# python TEXT - with a descriptor for each file, open for writing, and refused(FUNCTION, …)
python()
{
    want_ok python3 -c '
import errno, os, signal, socket, sys, time
def opened(name):
    return os.open(name, os.O_WRONLY | os.O_TRUNC)
def refused(function, *arguments):
    try:
        function(*arguments)
    except OSError as e:
        assert e.errno == errno.EINVAL, e
        return
    sys.exit(f"{arguments} was accepted")
def forked(function):
    pid = os.fork()
    if pid == 0:
        function()
        os._exit(0)
    os.waitpid(pid, 0)
'"$1"
}

promise "a child that inherited the file commits nothing when it ends"
mark
python '
fd = opened("name")
os.write(fd, b"Sum")
forked(lambda: None)
forked(lambda: os.close(fd))
assert open("name").read() == "Spring\n"
os.write(fd, b"mer")
os.close(fd)'
want_sent Summer
echo Spring >name

promise "a child that writes commits what it wrote, its parent nothing more"
mark
want_ok bash -c '{ env printf Summer; sleep 0.1; } > name'
want_sent Summer
echo Spring >name
mark
want_ok bash -c '{ printf Sum; env true; printf mer; } > name'
want_sent Summer
echo Spring >name

for signal in KILL TERM INT HUP; do
    promise "a writer that is killed half-way (SIG$signal) has changed nothing, and .adsfs/errors says so"
    for file in name status; do
        mark
        count
        want_refused "" python3 -c '
import os, signal, sys
if sys.argv[2] != "KILL":  # whoever runs the tests may have it ignored
    signal.signal(signal.Signals["SIG" + sys.argv[2]], signal.SIG_DFL)
os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_TRUNC), b"DISABLE")
os.kill(os.getpid(), signal.Signals["SIG" + sys.argv[2]])' "$file" "$signal"
        nothing "$file"
        noted 1
    done
done

promise "of a process with threads, too"
mark
want_refused "" python3 -c '
import os, signal, threading, time
os.write(os.open("name", os.O_WRONLY | os.O_TRUNC), b"Sum")
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
os.kill(os.getpid(), signal.SIGKILL)'
nothing name

promise "timeout ends a shell that was writing: nothing was changed"
for shell in bash dash zsh 'busybox sh'; do
    command -v "${shell% *}" >/dev/null || continue
    mark
    # shellcheck disable=SC2086 # a program and its word
    want_status 124 timeout 0.3 $shell -c '{ printf Sum; sleep 30; printf mer; } > name'
    nothing name
    # shellcheck disable=SC2086
    want_status 124 timeout 0.3 $shell -c '{ printf 60; sleep 30; echo 0; } > budget'
    nothing budget
done

promise "a pipe that is cut brings no half of a number"
mark
want_refused "Invalid argument" bash -c 'set -o pipefail; timeout 0.3 sh -c "printf 60; sleep 30; echo 0" | cat > budget'
nothing budget
want_refused "Invalid argument" bash -c 'echo 600 | head -c 2 > budget'
nothing budget
want_refused "" bash -c 'yes 600 | head -c 6 > budget'
nothing budget
want_refused "" bash -c 'yes 600 | head -c 4097 | tee budget'
nothing budget
want_refused "" bash -c 'timeout 0.3 sh -c "printf 60; sleep 30; echo 0" | tee budget'
nothing budget
want_refused "" bash -c 'timeout 0.3 sh -c "printf 60; sleep 30; echo 0" | dd of=budget status=none'
nothing budget

promise "a number in two parts: the first is refused, and so is the second, in any program"
mark
python '
fd = opened("budget")
refused(os.write, fd, b"60")
refused(os.write, fd, b"0\n")
refused(os.write, fd, b"600\n")
os.close(fd)'
nothing budget
want_refused "" bash -c 'env printf "6%s" 00 > budget'
want_refused "" perl -e 'open F, ">", "budget" or die; select F; $| = 1; print 60; print "0\n"; close F or die $!'
want_refused "" bash -c 'exec 3> budget; printf 60 >&3; printf "0\n" >&3'
nothing budget

promise "what the kernel cuts up is refused as a whole, whatever its last part looks like"
mark
python '
for size in (4095, 4096, 4097, 65536, 131072, 262144, 1048576, 1048577, 2097152):
    for end in (b"\n", b"7\n", b"600\n"):
        for name in ("budget", "name", "status"):
            fd = opened(name)
            refused(os.write, fd, b"7" * size + end)
            refused(os.write, fd, end)  # and who goes on after the error
            os.close(fd)'
nothing status
for size in 1024 4096 131072; do
    want_refused "" bash -c "{ head -c 1048576 /dev/zero | tr '\\0' 7; echo; echo 600; } | dd of=budget bs=$size iflag=fullblock status=none"
    nothing budget
done

promise "lines in one write are no values, and what follows on them is none"
mark
python '
for first in (b"600\n700\n", b"\n600\n", b"600\n\n", b"600\r\n700\r\n", b"60\0\n"):
    fd = opened("budget")
    refused(os.write, fd, first)
    os.close(fd)
fd = opened("name")
refused(os.write, fd, b"one\ntwo\n")
refused(os.write, fd, b"three\n")
os.close(fd)'
nothing name

promise "a write at an offset is refused, and so is what overwrites a part of what was written"
mark
python '
fd = opened("budget")
for offset in (1, 3, 6, 4096, 1 << 20, 1 << 40):
    refused(os.pwrite, fd, b"7\n", offset)
os.close(fd)
fd = os.open("budget", os.O_RDWR)
os.lseek(fd, 2, 0)
refused(os.write, fd, b"7.00\n")
os.close(fd)
fd = opened("name")
os.write(fd, b"Summer")
refused(os.pwrite, fd, b"W", 0)
refused(os.pwrite, fd, b"Winter\n", 0)
os.close(fd)'
nothing name

promise "a file that is cut to nothing, or opened again, takes a value again"
mark
python '
fd = opened("budget")
refused(os.write, fd, b"60")
os.ftruncate(fd, 0)
os.lseek(fd, 0, 0)
os.write(fd, b"600\n")
os.ftruncate(fd, 4)
refused(os.ftruncate, fd, 3)
refused(os.truncate, "budget", 3)
os.truncate("budget", 0)
os.truncate("budget", 7)
os.close(fd)'
want_sent 600
mark
want_ok bash -c '{ printf 60; echo 500 > budget; } > budget'
want_sent 500

promise "a name is not lost when its file is cut where it ends"
mark
python '
fd = opened("name")
os.write(fd, b"Summer")
os.ftruncate(fd, 6)
os.close(fd)'
want_sent Summer
mark
printf Spring >"$T/spring"
want_ok rsync --inplace "$T/spring" name
want_sent Spring

promise "cutting a file and nothing else commits nothing"
mark
count
want_ok truncate -s 0 budget name status
want_ok bash -c '> budget; : > name; >| status'
want_ok python3 -c 'import os; os.close(os.open("budget", os.O_WRONLY | os.O_TRUNC))'
want_ok touch -d yesterday budget name
want_ok chmod 644 budget
nothing
noted 0

promise "two values in one open are two, each with its own outcome"
mark
want_ok bash -c '{ echo 600; echo 700; echo 500; } > budget'
want_sent 600 700 500
mark
want_status 1 bash -c '{ echo 600; echo abc; } > budget'
want_sent 600
want_ok bash -c '{ echo abc; echo 500; } 2> /dev/null > budget'
want_output 500.00 cat budget
mark
python '
fd = opened("name")
os.write(fd, b"Summer\n")
os.write(fd, b"Spring")
os.close(fd)'
want_sent Summer Spring

promise "a child that is killed half-way commits nothing, whoever else has the file and closes it when"
mark
count
python '
fd = opened("name")
forked(lambda: (os.write(fd, b"Sum"), os.kill(os.getpid(), signal.SIGKILL)))
os.close(fd)'
nothing name
noted 1
count
# The flush is in time, but of one who has not written last.
python '
fd = opened("name")
us, child = socket.socketpair()
if os.fork() == 0:
    os.write(fd, b"Sum")
    child.send(b"x")
    child.recv(1)
    os.kill(os.getpid(), signal.SIGKILL)
us.recv(1)
os.close(fd)
assert open("name").read() == "Spring\n"
us.send(b"x")
os.wait()'
nothing name
noted 1

promise "what cat prints is written back without a call, by any program"
mark
for file in budget name status; do
    cat "$file" >"$T/value"
    want_ok cp "$T/value" "$file"
    want_ok dd if="$T/value" of="$file" status=none
    want_ok bash -c "cat $file > $file.tmp && mv $file.tmp $file"
    want_ok sed -i s/x/x/ "$file"
done
nothing

promise "appending is refused when the file is opened"
mark
for file in budget name status; do
    want_refused "Invalid argument" bash -c "echo x >> $file"
    want_eq "message" "$(tail -n 1 "$MNT/.adsfs/errors" | jq -r '.message | contains("use >")')" true
done
nothing
