# SPDX-License-Identifier: MIT
"""bad-tables.py DATA TABLE CALLS ID ID MODIFIED COLUMN... - writes to TABLE, in the mount, each table of
DATA/bad-tables with the numbers and the time in it made those of two real objects, and each bad value of
DATA/bad-values as a cell. Every one must fail, and CALLS, the sandbox's log, must not grow. Prints how
many there were.
"""
import errno
import importlib.util
import os
import sys

data, table, calls, one, other, modified = sys.argv[1:7]
columns = sys.argv[7:]

# The reader of corpora is that of bad-values.py.
source = os.path.join(os.path.dirname(__file__), "bad-values.py")
text = open(source, encoding="utf-8").read()
reader = {}
exec(text[: text.index("\ndef write")], reader)
values = reader["values"]


def real(case):
    return (case.replace(b"7100000000000000071", one.encode()).replace(b"7100000000000000072", other.encode())
            .replace(b"2026-11-20 16:40:03", modified.encode()))


def write(case, pieces):
    """The number of the error of whichever call failed first, 0 if there is none."""
    fd = os.open(table, os.O_WRONLY | os.O_TRUNC)
    result = 0
    try:
        size = max(1, -(-len(case) // pieces))
        for at in range(0, len(case), size):
            os.write(fd, case[at : at + size])
    except OSError as error:
        result = error.errno
    try:
        os.close(fd)
    except OSError as error:
        result = result or error.errno
    return result


def cases():
    for name in sorted(os.listdir(os.path.join(data, "bad-tables"))):
        for case in values(os.path.join(data, "bad-tables", name)):
            yield real(case)
    for pair in columns:
        column, corpus = pair.split("=")
        for value in values(os.path.join(data, "bad-values", corpus)):
            cell = b'"' + value.replace(b'"', b'""') + b'"'
            yield b"id,%s\n%s,%s\n" % (column.encode(), one.encode(), cell)


tried = wrong = 0
for case in cases():
    for pieces in (1, 2 + tried % 5):
        before = os.stat(calls).st_size
        result = write(case, pieces)
        if result not in (errno.EINVAL, errno.ERANGE, errno.EACCES, errno.ESTALE):
            wrong += 1
            print(f"{case[:200]!r}: {errno.errorcode.get(result, result)}", file=sys.stderr)
        if os.stat(calls).st_size != before:
            wrong += 1
            print(f"{case[:200]!r}: reached the API", file=sys.stderr)
    tried += 1
print(tried)
sys.exit(1 if wrong else 0)
