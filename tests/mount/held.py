# SPDX-License-Identifier: MIT
# held.py FILE… - opens the files to read and write, and keeps them open. For each line of standard
# input it writes a value into each, each time another one, and prints how that ended, "errno file" in
# a line each, then an empty line. Ends with the line "end".
import errno, os, sys

words = {"status": ["DISABLE", "ENABLE"]}
held = [(os.open(path, os.O_RDWR), path) for path in sys.argv[1:] if os.access(path, os.W_OK)]


def value(path, turn):
    name = os.path.basename(path)
    if name == "name":
        return f"written through a descriptor {turn}"
    if name == "bid":
        return f"1.{10 + turn}!"
    return words[name][turn % 2] if name in words else f"{123 + turn}!"


def outcome(fd, text):
    try:
        os.pwrite(fd, text.encode() + b"\n", 0)
        return "written"
    except OSError as error:
        return errno.errorcode[error.errno]


print(len(held), flush=True)
for turn, line in enumerate(sys.stdin):
    if line == "end\n":
        break
    for fd, path in held:
        print(outcome(fd, value(path, turn)), path)
    print(flush=True)
