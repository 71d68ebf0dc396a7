# SPDX-License-Identifier: MIT
"""bad-values.py CORPORA WORD FILE=CORPUS... - writes each value of the corpora to its file, in the mount.

WORD refuse: every one must fail with EINVAL or ERANGE. WORD take: every one must do, or be refused by
the service itself (what has been spent, the five minutes before midnight). Prints how many there were.
"""
import errno
import os
import sys


def values(path):
    escapes = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}
    for line in open(path, encoding="utf-8"):
        line = line.removesuffix("\n")
        if not line or line.startswith("#"):
            continue
        out, i = b"", 0
        while i < len(line):
            if line[i] == "\\" and i + 1 < len(line) and line[i + 1] in escapes:
                out += escapes[line[i + 1]].encode()
                i += 2
            elif line[i] == "\\" and line[i + 1 : i + 2] == "x":
                out += bytes([int(line[i + 2 : i + 4], 16)])
                i += 4
            else:
                out += line[i].encode()
                i += 1
        yield out


def write(path, data, pieces=1):
    """What echo does: the number of the error, 0 if there is none."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    except OSError as error:
        return error.errno
    try:
        size = max(1, len(data) // pieces)
        for at in range(0, len(data), size):
            if os.write(fd, data[at : at + size]) != len(data[at : at + size]):
                return errno.EIO
        return 0
    except OSError as error:
        return error.errno
    finally:
        try:
            os.close(fd)
        except OSError as error:
            return error.errno


corpora, word, pairs = sys.argv[1], sys.argv[2], sys.argv[3:]
tried = wrong = 0
for pair in pairs:
    path, corpus = pair.rsplit("=", 1)
    for value in values(os.path.join(corpora, corpus)):
        result = write(path, value + b"\n")
        tried += 1
        fine = result in (errno.EINVAL, errno.ERANGE) if word == "refuse" else \
            result in (0, errno.EINVAL, errno.EBUSY)
        if word == "take" and result == 0 and "midnight" not in corpus:
            with open(path, "rb") as shown:
                text = shown.read()
            wanted = value if corpus.startswith(("name", "status")) else None
            fine = text == wanted + b"\n" if wanted is not None else \
                abs(float(text) - float(value.rstrip(b"!"))) < 0.001
        if not fine:
            wrong += 1
            print(f"{path}: {value[:80]!r}: {errno.errorcode.get(result, result)}", file=sys.stderr)
        # In two pieces it is no better, but for two lines, of which the first is a value of its own.
        if word == "refuse" and tried % 7 == 0 and b"\n" not in value:
            if write(path, value + b"\n", 2) == 0:
                wrong += 1
                print(f"{path}: {value[:80]!r} in two pieces is taken", file=sys.stderr)
print(tried)
sys.exit(1 if wrong else 0)
