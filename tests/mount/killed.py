#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""killed.py PORT TOKEN ADVERTISER CALLS JOURNAL SEED - writes to a mount until its daemon is killed,
and proves what came of it, from what each writer was told, the effects in the sandbox's log and the
journal. Commands come on standard input:

    write MOUNT PID N   N writes by many at once; somewhere on the way PID is killed (0: it is not)
    open                how many entries of the journal are open
    prove               "good", or one line of what is wrong

Amounts and names are never used twice, so that a value says which write it is of; a status is
written by one at a time, always the other word."""
import collections
import decimal
import errno
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
import urllib.parse
import urllib.request

port, token, advertiser, calls_path, journal_path, seed = sys.argv[1:]
rng = random.Random(seed)
THREADS = 32
kinds = ("campaign", "adgroup", "ad")
OF_KIND = 40  # objects of each sort that are written to
SURELY_NOT_SENT = {"EBUSY", "EROFS", "ERANGE", "EINVAL"}


def ask(path, **query):
    query["advertiser_id"] = advertiser
    url = f"http://127.0.0.1:{port}/open_api/v1.3/{path}/get/?" + urllib.parse.urlencode(query)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers={"Access-Token": token})) as reply:
        return json.load(reply, parse_float=decimal.Decimal)["data"]


def all_of(kind):
    page, found = 1, []
    while True:
        data = ask(kind, page=page, page_size=1000)
        found += data["list"]
        if page >= data["page_info"]["total_page"]:
            return found
        page += 1


def canonical(value):
    """100, 100.00 and "100" are one value."""
    try:
        return str(decimal.Decimal(str(value)).normalize())
    except decimal.InvalidOperation:
        return str(value)


class File:
    """One that is written to: where it is, and what it is to the service."""

    def __init__(self, directory, name, row, kind, member, value):
        self.path = f"{directory}/{name}"
        self.key = (row[f"{kind}_id"], member)
        self.value = value  # of a number that is used once; None: the other word
        self.lock = threading.Lock()
        self.word = None


def plan():
    files = []

    def add(rows, directory, name, kind, member, value):
        for row in rng.sample(rows, min(OF_KIND, len(rows))):
            files.append(File(directory(row), name, row, kind, member, value))

    manual = lambda kind: [r for r in all_of(kind) if r["campaign_automation_type"] == "MANUAL"]
    campaigns, adgroups, ads = manual("campaign"), manual("adgroup"), manual("ad")
    top = lambda r: f"{advertiser}/campaigns/{r['campaign_id']}"
    group = lambda r: f"{top(r)}/adgroups/{r['adgroup_id']}"
    ad = lambda r: f"{group(r)}/ads/{r['ad_id']}"
    daily = lambda rows: [r for r in rows if r["budget_mode"] == "BUDGET_MODE_DAY"]
    total = [r for r in adgroups if r["budget_mode"] == "BUDGET_MODE_TOTAL"]
    name = lambda n: f"Name {n} ü"
    # Names, bids and budgets of few ad groups, which all go through a full replacement.
    crowd = [r for r in daily(adgroups) if r["bid_price"] > 0][:OF_KIND // 2]
    add(daily(campaigns), top, "budget", "campaign", "budget", lambda n: 5000 + n)
    add(campaigns, top, "name", "campaign", "campaign_name", name)
    add(campaigns, top, "status", "campaign", "operation_status", None)
    add(crowd, group, "budget", "adgroup", "budget", lambda n: 4000 + n)
    add(crowd, group, "name", "adgroup", "adgroup_name", name)
    add(crowd, group, "bid", "adgroup", "bid_price", lambda n: decimal.Decimal(n) / 100)
    add(total, group, "budget", "adgroup", "budget", lambda n: 300000 + n)
    add(adgroups, group, "status", "adgroup", "operation_status", None)
    add(ads, ad, "name", "ad", "ad_name", name)
    add(ads, ad, "status", "ad", "operation_status", None)
    return files


files = plan()
count = 0  # of all writes: each number makes one value
written = {}  # (id, member, value) -> (began, ended, outcome), of values that are used once
initial = {}  # (id, member) -> what it was before all
words = collections.Counter()  # (id, member, word) -> accepted ones


def put(path, text):
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    except OSError as error:
        return error.errno
    code = 0
    try:
        os.write(fd, text.encode() + b"\n")
    except OSError as error:
        code = error.errno
    try:
        os.close(fd)
    except OSError:
        pass  # what counts was said by write
    return code


class Round:
    def __init__(self, mount, pid, n):
        self.mount, self.pid, self.n = mount, pid, n
        self.kill_at = rng.randrange(n // 20, n - n // 20) if pid else n
        self.lock = threading.Lock()
        self.begun = self.ended = 0
        self.killed = threading.Event()
        self.outcomes = collections.Counter()
        self.pause = rng.random() * 0.02

    def next(self):
        global count
        with self.lock:
            if self.begun == self.n or self.killed.is_set():
                return None, 0
            self.begun += 1
            count += 1
            return rng.choice(files), count

    def done(self, file, value, began, code):
        outcome = "OK" if code == 0 else errno.errorcode[code]
        with self.lock:
            if file.value is not None:
                written[(*file.key, canonical(value))] = (began, time.monotonic(), outcome)
            elif code == 0:
                words[(*file.key, value)] += 1
            self.outcomes[outcome] += 1
            self.ended += 1
            now = self.pid and self.ended == self.kill_at
        if now:
            time.sleep(self.pause)
            self.killed.set()
            os.kill(self.pid, signal.SIGKILL)

    def one(self, file, n):
        if file.value is not None:
            value = file.value(n)
            began = time.monotonic()
            self.done(file, value, began, put(f"{self.mount}/{file.path}", str(value)))
            return
        with file.lock:
            if file.word is None:  # nobody knows what it is: not until the next round
                return self.skip()
            other = "DISABLE" if file.word == "ENABLE" else "ENABLE"
            code = put(f"{self.mount}/{file.path}", other)
            file.word = other if code == 0 else None
            self.done(file, other, 0, code)

    def skip(self):
        with self.lock:
            self.begun -= 1

    def work(self):
        while True:
            file, n = self.next()
            if file is None:
                return
            self.one(file, n)

    def run(self):
        now = {row[f"{kind}_id"]: row for kind in kinds for row in all_of(kind)}
        for file in files:
            if file.value is None:
                file.word = now[file.key[0]]["operation_status"]
            else:
                initial.setdefault(file.key, canonical(now[file.key[0]][file.key[1]]))
        threads = [threading.Thread(target=self.work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = ", ".join(f"{n} {o}" for o, n in self.outcomes.most_common())
        return f"{self.ended} writes: {told}" + (f"; killed after {self.kill_at}" if self.pid else "")


def journal_rows():
    db = sqlite3.connect(f"file:{journal_path}?mode=ro", uri=True, timeout=30)
    rows = db.execute("SELECT id, object, member, after, outcome FROM journal ORDER BY id").fetchall()
    db.close()
    return rows


class Log:
    """The effects, in order; read on from where it was read to."""

    def __init__(self):
        self.at = 0
        self.effects = []  # (id, member, value)
        self.repeats = []

    def read(self):
        with open(calls_path, "rb") as f:
            f.seek(self.at)
            for line in f:
                self.at += len(line)
                if b'"effects"' not in line:
                    continue
                call = json.loads(line, parse_float=decimal.Decimal)
                for effect in call["effects"]:
                    if not effect["now"]:
                        self.repeats.append((call["path"], effect["id"]))
                    for member, value in effect["now"].items():
                        self.effects.append((effect["id"], member, canonical(value)))


log = Log()


def prove():
    log.read()
    rows = journal_rows()
    counted = collections.Counter(log.effects)
    done = collections.Counter((o, m, canonical(a)) for _, o, m, a, outcome in rows if outcome == "done")

    yield from (f"entry {i} is still {o}" for i, _, _, _, o in rows if o in ("intent", "unknown"))
    yield from (f"{path} of {i} changed nothing: made twice" for path, i in log.repeats)
    for key in counted.keys() | done.keys():
        if counted[key] != done[key]:
            others = [(i, o) for i, ob, m, a, o in rows if (ob, m, canonical(a)) == key]
            yield f"{key}: {counted[key]} effects, {done[key]} entries done of {others}"
        if counted[key] > 1 and key[1] != "operation_status":
            yield f"{key}: made {counted[key]} times"
    for key, (_, _, outcome) in written.items():
        held = counted[key] == 0 and initial.get(key[:2]) == key[2]  # then there is nothing to send
        if outcome == "OK" and counted[key] != 1 and not held:
            yield f"{key}: accepted, and has {counted[key]} effects"
        if outcome in SURELY_NOT_SENT and counted[key] != 0:
            yield f"{key}: {outcome}, and has {counted[key]} effects"
    yield from (f"{key}: accepted {n} times, made {counted[key]} times"
                for key, n in words.items() if n > counted[key])
    # What was made later was not all over before the other began.
    last = {}
    for i, member, value in log.effects:
        now, before = written.get((i, member, value)), last.get((i, member))
        if now is None:
            if member != "operation_status":
                yield f"{(i, member, value)}: nobody wrote that"
            continue
        if before is not None and now[1] < before[0]:
            yield f"{(i, member, value)}: made after what was begun when it was over: it fired late"
        last[(i, member)] = now
    yield from compare(rows)


def compare(rows):
    newest = {(o, m): canonical(a) for _, o, m, a, outcome in rows if outcome == "done"}
    now = {row[f"{kind}_id"]: row for kind in kinds for row in all_of(kind)}
    for (i, member), value in newest.items():
        if canonical(now[i][member]) != value:
            yield f"{(i, member)}: the journal says {value}, the service {now[i][member]}"


for line in sys.stdin:
    command, *words_of = line.split()
    if command == "write":
        reply = Round(words_of[0], int(words_of[1]), int(words_of[2])).run()
    elif command == "open":
        reply = sum(1 for row in journal_rows() if row[4] in ("intent", "unknown"))
    else:
        wrong = list(prove())
        reply = f"{len(wrong)} wrong: {' | '.join(wrong[:6])}" if wrong else "good"
        print(f"{len(log.effects)} effects", file=sys.stderr)
    print(reply, flush=True)
