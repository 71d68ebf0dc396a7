# SPDX-License-Identifier: MIT
"""progress.py COMMAND SECONDS [KEYS] - runs a shell command in the foreground of a terminal of its
own, types KEYS after so many seconds, and prints all that came there, escaped, when it has ended.
With SECONDS 0 nothing is typed."""
import os, pty, select, sys, time

command, seconds, keys = sys.argv[1], float(sys.argv[2]), (sys.argv[3:] or [""])[0]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "-c", command])
began, out = time.monotonic(), b""
while True:
    if keys and time.monotonic() - began >= seconds:
        os.write(fd, keys.encode())
        keys = ""
    if not select.select([fd], [], [], 0.1)[0]:
        continue
    try:
        piece = os.read(fd, 4096)
    except OSError:
        break
    if not piece:
        break
    out += piece
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(repr(out.decode(errors="replace")), status)
