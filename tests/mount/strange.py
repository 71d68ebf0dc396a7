#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""strange.py ROLE ADDRESS PORT LOG [WORD...] - servers that nobody should trust. LOG begins with a
line "ready".

redirect URL    answers every request with a 302 to URL and the path asked for
quote           answers with a refusal that quotes the whole request, as the API and as HTML in turn
refuse CODE PATH URL   passes on to URL what is asked for, but answers PATH with CODE
clock DATE      answers anything, at that time
listen          says nothing, and logs each connection and what came through it
tls CERTIFICATE KEY   the same behind a TLS of its own
"""
import json
import socket
import ssl
import sys
import urllib.request

role, address, port, log_path, *words = sys.argv[1:]
log = open(log_path, "ab", buffering=0)


def request_of(peer):
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            return data
        data += more
    return data


def answer(peer, status, kind, body, *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}",
             "Connection: close", *headers, "", ""]
    peer.sendall("\r\n".join(lines).encode() + body)


def redirect(peer, count):
    path = request_of(peer).split(b" ")[1].decode()
    answer(peer, "302 Found", "text/plain", b"", f"Location: {words[0]}{path}")


def quote(peer, count):
    request = request_of(peer).decode("latin-1")
    if count % 2:
        page = f"<html>Bad gateway for {request}</html>".encode()
        answer(peer, "502 Bad Gateway", "text/html", page)
    else:
        body = {"code": 40105, "message": f"wrong: {request}", "request_id": "1" * 34, "data": {}}
        answer(peer, "200 OK", "application/json", json.dumps(body).encode())


def refuse(peer, count):
    code, refused, url = words
    line, *lines = request_of(peer).decode().split("\r\n")
    path = line.split(" ")[1]
    if refused in path:
        body = json.dumps({"code": int(code), "message": "No", "request_id": "1" * 34, "data": {}})
        answer(peer, "200 OK", "application/json", body.encode())
        return
    token = [field for field in lines if field.lower().startswith("access-token:")]
    request = urllib.request.Request(url + path, headers=dict(field.split(": ") for field in token))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    answer(peer, "200 OK", "application/json", opener.open(request).read())


def clock(peer, count):
    request_of(peer)
    answer(peer, "404 Not Found", "text/plain", b"", f"Date: {words[0]}")


def listen(peer, count):
    log.write(b"connection\n")
    peer.settimeout(5)
    log.write(request_of(peer))


def tls(peer, count):
    log.write(b"connection\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*words)
    with context.wrap_socket(peer, server_side=True) as inside:
        log.write(request_of(inside))


server = socket.create_server((address, int(port)))
log.write(b"ready\n")
count = 0
while True:
    connection, _ = server.accept()
    try:
        {"redirect": redirect, "quote": quote, "refuse": refuse, "clock": clock, "listen": listen,
         "tls": tls}[role](connection, count)
    except (OSError, IndexError) as failure:
        log.write(f"failed: {type(failure).__name__}\n".encode())
    connection.close()
    count += 1
