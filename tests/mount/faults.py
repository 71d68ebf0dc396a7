#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""faults.py - the main session of a person, and what it may never show.

    faults.py plan MNT PLAN BIG            a healthy mount: what there is, and what will be written
    faults.py session MNT PLAN OUT KIND    reads everything of the plan, writes, reads back
    faults.py heal MNT PLAN OUT            the fault is over: reads until nothing fails
    faults.py judge PLAN OUT STATE LOG KIND

OUT holds what each step gave: a text, or the name of an errno. STATE and LOG are the sandbox's own:
what it holds now, and which calls it carried out. KIND is `well` where nothing may fail.
"""
import errno
import glob
import json
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

VALUES = ("budget", "name", "status", "budget_mode", "currency", "info.json")
# After these an update was surely not carried out; after ETIMEDOUT nobody knows.
REFUSED = ("EBUSY", "EINVAL", "EACCES", "EROFS", "ERANGE", "EKEYEXPIRED", "EIO", "EHOSTUNREACH")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return {"text": file.read()}
    except OSError as error:
        return {"errno": errno.errorcode[error.errno]}


def write(path, text):
    """As echo does it: errors of open, of write, of close."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(fd, text.encode() + b"\n")
        finally:
            os.close(fd)
        return {}
    except OSError as error:
        return {"errno": errno.errorcode[error.errno]}


def run(words, directory):
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True, check=False)
    return {"lines": sorted(done.stdout.splitlines()), "status": done.returncode}


# ---- a healthy mount ----

def having(pattern, **members):
    for info in sorted(glob.glob(pattern + "/info.json")):
        with open(info, encoding="utf-8") as file:
            have = json.load(file)
        if all(have.get(name) == value for name, value in members.items()):
            return os.path.dirname(info), have
    raise SystemExit(f"no object like {pattern} with {members}")


def plan_writes():
    """One object for each kind of update, so that none of them waits for another."""
    daily = {"budget_mode": "BUDGET_MODE_DAY", "operation_status": "ENABLE"}
    campaign, c = having("*/campaigns/[0-9]*", campaign_automation_type="MANUAL", **daily)
    adgroup, g = having("*/campaigns/[0-9]*/adgroups/[0-9]*", is_smart_performance_campaign=False, **daily)
    ad, a = having(adgroup + "/ads/[0-9]*")
    return [
        {"path": campaign + "/budget", "text": f"{c['budget'] * 1.2:.2f}", "id": c["campaign_id"],
         "member": "budget", "call": "/campaign/update/"},
        {"path": campaign + "/status", "text": "DISABLE", "id": c["campaign_id"],
         "member": "operation_status", "call": "/campaign/status/update/"},
        {"path": campaign + "/name", "text": "written under faults", "id": c["campaign_id"],
         "member": "campaign_name", "call": "/campaign/update/"},
        {"path": adgroup + "/budget", "text": f"{g['budget'] * 1.2:.2f}", "id": g["adgroup_id"],
         "member": "budget", "call": "/adgroup/update/"},
        {"path": ad + "/name", "text": "written too", "id": a["ad_id"],
         "member": "ad_name", "call": "/ad/update/"},
    ]


def plan(mnt, big):
    os.chdir(mnt)
    account = next(name for name in sorted(os.listdir()) if name.isdigit())
    days = [date.today() - timedelta(days=n) for n in (60, 31)]
    reports = f"{account}/reports/{days[0]}..{days[1]}/"
    made = {"lists": [], "writes": []}
    if big:
        commands = [["ls", account + "/ads"], ["ls", account + "/adgroups"]]
        paths = [reports + "ad-total.csv"]
    else:
        # Reports that were made are listed from then on, and names may be written.
        find = ["find", account, "(", "-name", "reports", "-o", "-name", "by-name", ")", "-prune", "-o", "-print"]
        commands = [find, ["ls", "-l", account + "/campaigns"]]
        paths = [path for name in VALUES for depth in range(7)
                 for path in glob.glob(account + "/*" * depth + "/" + name)
                 if "/by-name/" not in path and os.path.realpath(path) == os.path.abspath(path)]
        paths += [reports + "campaign-day.csv", reports + "ad-total.json"]
        made["writes"] = plan_writes()
    for words in commands:
        made["lists"].append({"words": words, **run(words, ".")})
    made["files"] = {path: read(path)["text"] for path in paths}
    return made


# ---- a session ----

def read_all(mnt, made):
    lists = [run(one["words"], mnt) for one in made["lists"]]
    files = {path: read(f"{mnt}/{path}") for path in made["files"]}
    return {"lists": lists, "files": files}


def session(mnt, made, kind):
    """Where something fails, a person looks again, and gives up after a while."""
    began = time.monotonic()
    out = {"rounds": [read_all(mnt, made)], "writes": []}
    for one in made["writes"]:
        if kind != "well" and time.monotonic() > began + 34:
            break
        path = f"{mnt}/{one['path']}"
        out["writes"].append({**write(path, one["text"]), "back": read(path)})
    while kind != "well" and len(out["rounds"]) < 4 and time.monotonic() < began + 30:
        time.sleep(1)
        out["rounds"].append(read_all(mnt, made))
    return out


def failures(out):
    """What failed, without what was written."""
    failed = [f"list {n}: status {one['status']}" for n, one in enumerate(out["lists"]) if one["status"]]
    return failed + [f"{path}: {got['errno']}" for path, got in out["files"].items() if "errno" in got]


# ---- what is true ----

def held(state, one):
    """The value that the service holds, or None when it was never set."""
    member = {"budget": "_budget"}.get(one["member"], one["member"])
    value = state.get(one["id"], {}).get(member)
    return None if value is None else json.loads(value, parse_float=str, parse_int=str)


def same(one, text, value):
    if one["member"] != "budget" or not text or value is None:
        return text == value
    return Decimal(text) == Decimal(value)


def plain(node):
    """JSON without what a fault may add, and numbers as their text."""
    if isinstance(node, dict):
        return {name: plain(value) for name, value in node.items() if name != "unheard_of"}
    return [plain(value) for value in node] if isinstance(node, list) else node


def equal(path, one, other):
    if path.endswith("info.json"):
        one, other = (plain(json.loads(text, parse_float=str, parse_int=str)) for text in (one, other))
    return one == other


def judge_lists(made, out):
    for wanted, got in zip(made["lists"], out["lists"]):
        what = " ".join(wanted["words"])
        if got["status"] == 0 and len(got["lines"]) != len(wanted["lines"]):
            yield f"{what}: exits 0 with {len(got['lines'])} lines of {len(wanted['lines'])}"
        if "-l" not in wanted["words"] and set(got["lines"]) - set(wanted["lines"]):
            yield f"{what}: shows {sorted(set(got['lines']) - set(wanted['lines']))[:3]}"


def judge_files(made, files, written):
    """written: what was written since the plan was made; its objects' own files are judged by themselves."""
    for path, got in files.items():
        if got.get("errno") == "ENOENT":
            yield f"{path}: is there, and is shown as absent"
        if "text" not in got or any(one["id"] in path.split("/") for one in written):
            continue
        text = got["text"]
        for one in written:
            if one["member"].endswith("_name"): # as reports have it
                text = text.replace(one["text"], made["files"][one["path"]].rstrip("\n"))
        if not equal(path, text, made["files"][path]):
            yield f"{path}: shows {text[:200]!r} for {made['files'][path][:200]!r}"


def judge_writes(made, out, state, log):
    for one, got in zip(made["writes"], out["writes"]):
        done = [line for line in log if line["path"] == one["call"] and line["done"] and
                same(one, one["text"], (line["body"] or {}).get(one["member"]))]
        holds = same(one, one["text"], held(state, one))
        error = got.get("errno")
        what = f"{one['text']!r} to {one['path']} ({error or 'exits 0'})"
        if error is None and not holds:
            yield f"{what}: the service holds {held(state, one)}"
        if error in REFUSED and holds:
            yield f"{what}: was carried out"
        if error not in REFUSED and error not in (None, "ETIMEDOUT"):
            yield f"{what}: an errno that says nothing"
        if len(done) > 1:
            yield f"{what}: carried out {len(done)} times"
        yield from judge_value(made, one, got["back"], state)


def judge_value(made, one, got, state):
    if "text" not in got:
        return
    text, value = got["text"].rstrip("\n"), held(state, one)
    if value is None:
        value = made["files"][one["path"]].rstrip("\n")
    if not same(one, text, value):
        yield f"{one['path']}: shows {text} where the service holds {value}"


def judge(made, out, state, log, kind):
    for n, one in enumerate(out["rounds"]):
        yield from judge_lists(made, one)
        yield from judge_files(made, one["files"], made["writes"] if n > 0 else ())
    yield from judge_writes(made, out, state, log)
    if kind == "well":
        yield from failures(out["rounds"][0])
        for one, got in zip(made["writes"], out["writes"]):
            if "errno" in got or "errno" in got["back"]:
                yield f"{one['path']}: {got.get('errno')}, read back {got['back'].get('errno')}"
    if "healed" in out:
        yield from failures(out["healed"])
        yield from judge_lists(made, out["healed"])
        yield from judge_files(made, out["healed"]["files"], made["writes"])
        for one in made["writes"]:
            yield from judge_value(made, one, out["healed"]["files"][one["path"]], state)


def heal(mnt, made, out):
    """Failures are remembered for a while, so it takes more than one look."""
    end = time.monotonic() + 40
    while True:
        out["healed"] = read_all(mnt, made)
        if not failures(out["healed"]) or time.monotonic() > end:
            return out
        time.sleep(0.2)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def store(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)


def main(word, *args):
    if word == "plan":
        mnt, path, big = args
        store(path, plan(mnt, big == "big"))
    elif word == "session":
        mnt, path, out, kind = args
        store(out, session(mnt, load(path), kind))
    elif word == "heal":
        mnt, path, out = args
        store(out, heal(mnt, load(path), load(out)))
    else:
        path, out, state, log, kind = args
        with open(log, encoding="utf-8") as file:
            lines = [json.loads(line, parse_float=str, parse_int=str) for line in file]
        wrong = list(judge(load(path), load(out), load(state), lines, kind))
        print("\n".join(wrong[:12]))
        sys.exit(len(wrong) > 0)


main(*sys.argv[1:])
