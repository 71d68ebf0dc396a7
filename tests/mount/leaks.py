#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""leaks.py SECRET... -- FILE... - prints each file that holds one of the secrets, and in which form.

Plain, URL-encoded, in base64, in hexadecimal, as JSON writes it, and each of these broken over
lines. Exits 1 when there is one, 2 when a file can not be read.
"""
import base64
import json
import sys
import urllib.parse


def forms(secret):
    raw = secret.encode()
    yield "plain", raw
    yield "URL-encoded", urllib.parse.quote(secret, safe="").encode()
    yield "URL-encoded as a form", urllib.parse.quote_plus(secret).encode()
    yield "URL-encoded twice", urllib.parse.quote(urllib.parse.quote(secret, safe=""), safe="").encode()
    yield "as JSON", json.dumps(secret)[1:-1].encode()
    yield "hexadecimal", raw.hex().encode()
    yield "HEXADECIMAL", raw.hex().upper().encode()
    # In base64 it looks otherwise at each of three places; the ends depend on what is around it.
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw)
        inner = whole[4 if shift else 0:(shift + len(raw)) // 3 * 4]
        yield f"base64 at {shift}", inner
        yield f"base64url at {shift}", inner.replace(b"+", b"-").replace(b"/", b"_")


def search(path, secrets):
    with open(path, "rb") as file:
        data = file.read()
    joined = data.translate(None, b"\r\n\\ \t\0")
    for secret in secrets:
        for name, text in forms(secret):
            if text in data:
                yield f"{path}: {name}"
            elif text in joined:
                yield f"{path}: {name}, over several lines"


end = sys.argv.index("--")
found = failed = False
for path in sys.argv[end + 1:]:
    try:
        for line in search(path, sys.argv[1:end]):
            print(line)
            found = True
    except OSError as failure:
        print(f"{path}: {failure}", file=sys.stderr)
        failed = True
sys.exit(2 if failed else 1 if found else 0)
