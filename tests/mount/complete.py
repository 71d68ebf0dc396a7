#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""complete.py SHELL RCFILE DIRECTORY TEXT - what a person sees who types TEXT and two TABs.

SHELL is bash or zsh, on a terminal of its own, in DIRECTORY, with RCFILE read first. Prints all that
the terminal shows: the line as it grew, and the words listed below it.
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

shell, rcfile, directory, text = sys.argv[1:5]
PROMPT, END = "ready> ", "#typed"
LIMIT = 60  # seconds, after which nothing more is waited for
PREPARE = {
    "bash": ["bind 'set completion-query-items -1'", "bind 'set page-completions off'",
             "bind 'set show-all-if-ambiguous on'", "bind 'set bell-style none'", "bind 'set enable-bracketed-paste off'"],
    "zsh": ["unsetopt beep zle_bracketed_paste prompt_sp prompt_cr", "LISTMAX=100000"],
}


def read_until(fd, wanted):
    got, end = "", time.monotonic() + LIMIT
    while wanted not in got:
        if time.monotonic() > end:
            sys.exit(f"{shell} did not answer with {wanted!r}: {got!r}")
        if select.select([fd], [], [], 0.2)[0]:
            got += os.read(fd, 65536).decode("utf-8", "replace")
    return got


def start():
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(directory)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 1000, 250, 0, 0))
        os.environ.update(TERM="dumb", INPUTRC="/dev/null")
        if shell == "zsh":
            os.execvp("zsh", ["zsh", "-f", "-i"])
        os.execvp("bash", ["bash", "--noprofile", "--norc", "-i"])
    return pid, fd


def terminal(line):
    """The line as it stands there after going back in it and writing again."""
    shown, at = [], 0
    for character in line:
        if character == "\b":
            at = max(at - 1, 0)
        else:
            shown[at:at + 1] = [character]
            at += 1
    return "".join(shown)


pid, fd = start()
lines = PREPARE[shell] + [f". {rcfile}", f"PS1='{PROMPT[:3]}''{PROMPT[3:]}'", "echo pre''pared"]
os.write(fd, "".join(line + "\n" for line in lines).encode())
read_until(fd, "prepared\r\n" + PROMPT)
# What is typed behind the TABs shows only when these were answered.
os.write(fd, (text + "\t\t" + END).encode())
shown = read_until(fd, END)
os.write(fd, b"\x03exit\n")
os.close(fd)
os.waitpid(pid, 0)
shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x07", "", shown).replace("\r", "\n")
print("\n".join(terminal(line) for line in shown.split("\n")))
