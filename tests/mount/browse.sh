#!/bin/bash
# SPDX-License-Identifier: MIT
# browse.sh - the tree is complete, every link leads somewhere, every value is the API's own.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

port=$(free_port)
profile test "$port" "writable = true"
# Enough of each that all the kinds of odd names occur among them.
# shellcheck disable=SC2046
service_start "$port" $(tree 3 20 4 4)
mount_adsfs browse test qps=0 qpm=0 ttl=3000
cd "$MNT" || give_up "cd $MNT"

# names DIRECTORY - what is in it, hidden ones too, by name, in one line
names() { (cd "$1" && find . -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '); }
# subject LIST - the same form, of a list written down
subject() { printf '%s\n' "$@" | sort | tr '\n' ' '; }
# first PATTERN - the first directory of this form
first() { compgen -G "$1" | grep -v by-name | head -n 1; }

reports=(report.json report.csv report.html reports)
A=$(first '[0-9]*')
C=$(first "$A/campaigns/[0-9]*")
G=$(first "$A/campaigns/[0-9]*/adgroups/[0-9]*")
D=$(first "$A/campaigns/[0-9]*/adgroups/[0-9]*/ads/[0-9]*")

promise "the root holds the accounts, by-name and README.md"
want_eq "accounts" "$(find . -maxdepth 1 -name '[0-9]*' | wc -l)" 3
want_ok test -s README.md
want_ok test -d by-name
want_ok test -d .adsfs

promise "an account has its files and its collections"
want_eq "$A" "$(names "$A")" "$(subject name currency timezone status role balance info.json \
    campaigns adgroups ads campaigns.csv adgroups.csv ads.csv "${reports[@]}")"

promise "a campaign has all its files"
want_eq "$C" "$(names "$C")" "$(subject name status budget budget_mode delivery objective created \
    modified info.json adgroups adgroups.csv ads.csv "${reports[@]}")"

promise "an ad group has all its files"
want_eq "$G" "$(names "$G")" "$(subject name status budget bid budget_next budget_mode bid_type \
    pacing delivery schedule_start schedule_end optimization_goal billing_event created modified \
    info.json ads ads.csv "${reports[@]}")"

promise "an ad has all its files"
want_eq "$D" "$(names "$D")" "$(subject name status delivery format text landing_page created \
    modified info.json "${reports[@]}")"

promise "directories are 0700, what is read 0400, what is written 0600"
want_eq "directory" "$(stat -c %a "$C")" 700
want_eq "read only" "$(stat -c %a "$C/objective")" 400
want_eq "writable" "$(stat -c %a "$C/name")" 600
want_eq "owner" "$(stat -c %u "$C/name")" "$(id -u)"

promise "every object that the API lists is there, once"
for A in [0-9]*; do
    for kind in campaign adgroup ad; do
        listed=$(ask "$port" $kind/get advertiser_id="$A" page_size=1000 "fields=[\"${kind}_id\"]" |
            jq -r ".data.list[].${kind}_id" | sort | sha256sum)
        case $kind in
        campaign) shown=("$A"/campaigns/[0-9]*) ;;
        adgroup) shown=("$A"/campaigns/*/adgroups/[0-9]*) ;;
        ad) shown=("$A"/campaigns/*/adgroups/*/ads/[0-9]*) ;;
        esac
        seen=$(printf '%s\n' "${shown[@]##*/}" | sort | sha256sum)
        want_eq "$A: ids of ${kind}s (${#shown[@]})" "$seen" "$listed"
    done
done

promise "find reads the whole tree without an error"
want_ok find . -name '[a-z]*' -size 1000000c
want_eq "find says" "$ERR" ""

promise "every value file is one line"
want_ok python3 - <<'END'
import glob
n = 0
for pattern in ("[0-9]*/*", "[0-9]*/campaigns/[0-9]*/*", "[0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/*",
                "[0-9]*/campaigns/[0-9]*/adgroups/[0-9]*/ads/[0-9]*/*"):
    for path in glob.glob(pattern):
        if path.split("/")[-1] in ("campaigns", "adgroups", "ads", "reports") or "." in path:
            continue
        text = open(path, "rb").read()
        assert text.endswith(b"\n") and text.count(b"\n") == 1, f"{path}: {text!r}"
        n += 1
assert n > 10000, n
END

promise "info.json is JSON, and what the API sent, byte for byte"
for A in [0-9]*; do
    for kind in campaign adgroup ad; do
        ask "$port" $kind/get advertiser_id="$A" page_size=1000 >"$T/$A.$kind"
    done
    ask "$port" advertiser/info "advertiser_ids=[\"$A\"]" >"$T/$A.advertiser"
done
want_ok python3 - "$T" <<'END'
import glob, json, os, re, sys

def squeeze(text):
    """Without the blanks between the words: strings and numbers stay as they are."""
    return "".join(re.findall(r'"(?:\\.|[^"\\])*"|[^\s"]+', text))

n = 0
for pattern, kind in (("[0-9]*/info.json", "advertiser"), ("*/campaigns/[0-9]*/info.json", "campaign"),
                      ("*/campaigns/[0-9]*/adgroups/[0-9]*/info.json", "adgroup"),
                      ("*/campaigns/[0-9]*/adgroups/[0-9]*/ads/[0-9]*/info.json", "ad")):
    answers = {}
    files = glob.glob(pattern)
    assert files, "nothing like " + pattern
    for path in files:
        text = open(path, encoding="utf-8").read()
        assert text.endswith("}\n") and "\n  \"" in text, path + " is not pretty"
        json.loads(text)
        account = path.split("/")[0]
        if account not in answers:
            answers[account] = squeeze(open(f"{sys.argv[1]}/{account}.{kind}", encoding="utf-8").read())
        assert squeeze(text) in answers[account], path + " is not what the API sent:\n" + text
        n += 1
print(n, "compared")
END

promise "the flat adgroups/ and ads/ lead to the same objects"
for A in [0-9]*; do
    for kind in adgroups ads; do
        want_eq "$A/$kind" "$(find "$A/$kind" -maxdepth 1 -type l | wc -l)" \
            "$(find "$A/campaigns" -type d -regex ".*/$kind/[0-9]+" | wc -l)"
        want_eq "broken links in $A/$kind" "$(find -L "$A/$kind" -maxdepth 1 -type l)" ""
        link=$(find "$A/$kind" -maxdepth 1 -type l | head -n 1)
        want_eq "$link" "$(basename "$(readlink "$link")")" "$(basename "$link")"
        want_like '\.\./campaigns/[0-9]+/adgroups/[0-9]+(/ads/[0-9]+)?' readlink "$link"
    done
done

promise "no link of the tree leads nowhere"
want_eq "broken links" "$(find . -type l ! -name 'report.*' \
    ! -exec test -e {} \; -print)" ""

promise "by-name shows each object under its own name, made safe"
want_ok python3 - <<'END'
import collections, glob, os, re

def safe(name):
    out = "".join("%%%02X" % ord(c) if c in "/%" or ord(c) < 32 or ord(c) == 127 else c for c in name)
    if out.startswith("."):
        out = "%2E" + out[1:]
    while len(out.encode()) > 200:
        out = out[:-1]
    return out

seen = ""
for directory in glob.glob("by-name") + glob.glob("*/campaigns/by-name") + \
        glob.glob("*/campaigns/*/adgroups/by-name") + glob.glob("*/campaigns/*/adgroups/*/ads/by-name"):
    collection = os.path.dirname(directory) or "."
    ids = [name for name in os.listdir(collection) if name.isdigit()]
    names = {i: open(f"{collection}/{i}/name", encoding="utf-8").read()[:-1] for i in ids}
    count = collections.Counter(map(safe, names.values()))
    wanted = {}
    for i, name in names.items():
        seen += name + "\n"
        s = safe(name)
        alone = s and count[s] == 1 and not re.search(r"~[0-9]+$", s)
        wanted[s if alone else f"{s}~{i}"] = "../" + i
    got = {name: os.readlink(f"{directory}/{name}") for name in os.listdir(directory)}
    assert got == wanted, f"{directory}:\n{got}\nwanted\n{wanted}"
    for name in got:
        assert os.path.isdir(f"{directory}/{name}"), name

for what, pattern in {"Korean": "[\uac00-\ud7a3]", "umlaut": "[äöüÄÖÜß]", "slash": "/",
                      "emoji": "[\U0001f300-\U0001faff]"}.items():
    assert re.search(pattern, seen), "no name with: " + what
END

promise "two equal names are both there, told apart by their ids"
want_ok bash -c "find . -path '*/by-name/*~[0-9]*' | grep -q ."

promise "the flat collections have a by-name too"
for A in [0-9]*; do
    want_ok test -d "$A/adgroups/by-name"
    want_eq "$A/adgroups/by-name" "$(find "$A/adgroups/by-name" -type l | wc -l)" \
        "$(find "$A/adgroups" -maxdepth 1 -type l | wc -l)"
    want_eq "broken" "$(find -L "$A/adgroups/by-name" "$A/ads/by-name" -type l)" ""
done

promise "README.md tells a newcomer how to use what is here"
want_ok grep -q budget README.md

promise ".adsfs/status.json is JSON and .adsfs/errors can be read"
want_ok jq -e 'type == "object"' .adsfs/status.json
want_ok cat .adsfs/errors

promise "a name that is not there is ENOENT, one that can not be is not made"
want_refused "No such file or directory" cat "$A/campaigns/1"
want_refused "No such file or directory" cat "$A/campaigns/by-name/nobody"
want_refused "Operation not permitted" bash -c "echo 5 > $C/bugdet"

cd /
