#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""typed.py SEEN KEYS COMMAND… - a program on a terminal of its own, and somebody who types.

The KEYS (with Python's escapes, such as \\x1b) are typed once the terminal shows the text SEEN. Ends
with the program, and with its exit status; what it showed is printed when that is not 0.
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

seen, keys, command = sys.argv[1], sys.argv[2].encode().decode("unicode_escape").encode(), sys.argv[3:]
LIMIT = 60  # seconds, after which nothing more is waited for
NOT_SHOWN = re.compile(r"\x1b(\[[0-9;?>]*[a-zA-Z]|[()][A-Z0-9]|[=>])")

pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

shown, end = "", time.monotonic() + LIMIT
while True:
    if time.monotonic() > end:
        os.kill(pid, 9)
        sys.exit(f"{command[0]} did not end: {shown!r}")
    if not select.select([fd], [], [], 0.2)[0]:
        continue
    try:
        got = os.read(fd, 65536).decode("utf-8", "replace")
    except OSError:  # nobody has the terminal any more
        break
    shown += got
    if keys and seen in NOT_SHOWN.sub("", shown):
        os.write(fd, keys)
        keys = b""
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if status != 0 or keys:
    sys.exit(f"{command[0]} ended with {status}: {shown!r}")
