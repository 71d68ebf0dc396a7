#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""writers.py N < LINES - each line is PATH<tab>VALUE, written as `echo VALUE > PATH` would, by N
threads at once; prints ERRNO<tab>MILLISECONDS<tab>PATH for each, OK for what was accepted."""
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


def write(path, value):
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    except OSError as error:
        return error.errno
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
    begin.wait()
    while True:
        try:
            path, value = jobs.get_nowait()
        except queue.Empty:
            return
        began = time.monotonic()
        code = write(path, value)
        took = (time.monotonic() - began) * 1000
        with lock:
            print("OK" if code == 0 else errno.errorcode[code], f"{took:.0f}", path, sep="\t", flush=True)


threads = [threading.Thread(target=work) for _ in range(begin.parties)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
