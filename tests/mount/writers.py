#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""writers.py N < LINES - each line is PATH<tab>VALUE, written as `echo VALUE > PATH` would, by N
threads that have their first file open before any of them writes; prints
ERRNO<tab>MILLISECONDS<tab>PATH<tab>VALUE for each, OK for what was accepted."""
import errno
import os
import queue
import sys
import threading
import time

jobs = queue.Queue()
for line in sys.stdin:
    jobs.put(line.rstrip("\n").split("\t"))
begin = threading.Barrier(min(int(sys.argv[1]), max(jobs.qsize(), 1)))
lock = threading.Lock()


def begun():
    """The next line, its file open; None: there is none."""
    try:
        path, value = jobs.get_nowait()
    except queue.Empty:
        return None
    try:
        return path, value, os.open(path, os.O_WRONLY | os.O_TRUNC), 0
    except OSError as error:
        return path, value, -1, error.errno


def write(value, fd):
    code = 0
    try:
        os.write(fd, value.encode() + b"\n")
    except OSError as error:
        code = error.errno
    try:
        os.close(fd)
    except OSError as error:
        code = code or error.errno
    return code


def work():
    job = begun()
    begin.wait()
    while job is not None:
        path, value, fd, code = job
        before = time.monotonic()
        if fd >= 0:
            code = write(value, fd)
        took = (time.monotonic() - before) * 1000
        with lock:
            print("OK" if code == 0 else errno.errorcode[code], f"{took:.0f}", path, value, sep="\t", flush=True)
        job = begun()


threads = [threading.Thread(target=work) for _ in range(begin.parties)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
