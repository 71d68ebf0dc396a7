# SPDX-License-Identifier: MIT
"""first-byte.py FILE - reads it as cat does; prints microseconds from before the open until the
first byte was here, until all of them were, and how many."""
import os
import sys
import time

began = time.monotonic()
file = os.open(sys.argv[1], os.O_RDONLY)
size = len(os.read(file, 131072))
first = time.monotonic()
while n := len(os.read(file, 131072)):
    size += n
print(round((first - began) * 1e6), round((time.monotonic() - began) * 1e6), size)
