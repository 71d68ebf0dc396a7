# SPDX-License-Identifier: MIT
"""exact.py CODE AWK... - whether sums and ratios of the recipes' awk are those of Decimal."""
import random, subprocess, sys
from decimal import ROUND_HALF_UP, Decimal as N, getcontext

getcontext().prec = 60
CODE, AWK = sys.argv[1], sys.argv[2:]
random.seed(5)


def run(code, text):
    return subprocess.run([*AWK, "-F", "\t", CODE + code], input=text, text=True, capture_output=True)


def lines(code, text):
    done = run(code, text)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout.split()


def amount():
    number = N(random.randrange(10 ** random.choice((2, 9, 15)))).scaleb(-random.choice((0, 2, 2, 6)))
    return number * random.choice((1, 1, 1, -1))


lists = [[amount() for _ in range(200)] for _ in range(60)]
lists += [[N("0.1")] * 10 + [N("-1")], [N("9007199254740.93"), N("0.07")], [N("-0.01")], [N("0.00"), N("5")],
          [N("0.5"), N("-1.75")], [N("-0.5"), N("1.75")]]
sums = lines("{ add(sum, $1, $2) } END { if (broken) exit 1; for (i = 0; i < %d; i++) print total(sum, i) }"
             % len(lists), "".join(f"{i}\t{value:f}\n" for i, values in enumerate(lists) for value in values))
for values, line in zip(lists, sums, strict=True):
    assert line == f"{sum(values):f}", (sum(values), line)

pairs = [(random.randrange(10 ** random.choice((3, 9, 15))), random.randrange(1, 10 ** random.choice((1, 6, 13))),
          random.randrange(4)) for _ in range(3000)]
pairs += [(1, 8, 2), (125, 1000, 2), (199999, 100000, 1), (-1, 8, 2), (0, 7, 1), (3, 2, 0), (-1, 1000, 1)]
# What does not fit into a double with its decimals is out of reach, and is not claimed.
pairs = [(a, b, places) for a, b, places in pairs if a * 10 ** places // b < 9 * 10 ** 15]
for (a, b, places), line in zip(pairs, lines("{ print ratio($1, $2, $3) }",
                                             "".join("%d\t%d\t%d\n" % pair for pair in pairs)), strict=True):
    wanted = (N(a) / b).quantize(N(1).scaleb(-places), ROUND_HALF_UP)
    assert line == f"{abs(wanted) if not wanted else wanted:f}", (a, b, places, line)

for bad in ("1.2345678", "1e5", "-", "1,5", "0x10"):
    done = run('{ add(sum, "", $0) } END { if (broken) exit 1; print total(sum, "") }', bad)
    assert done.returncode == 1 and not done.stdout and bad in done.stderr, (bad, done)
