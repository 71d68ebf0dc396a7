# SPDX-License-Identifier: MIT
# crowd.py - very many processes at once, and one that is timed meanwhile.
#
#   hold N FILE PATH…      N processes open one of the paths each, all at the same moment; FILE gets
#                          their numbers. Ends with them; prints how many a signal ended, how many an
#                          error did, and how many got the file open.
#   read N PATH…           N processes open all of the paths at the same moment and read them; prints
#   list N PATH…           how many different results there were, and how many failures
#   time SECONDS PATH…     reads the paths again and again; prints reads a second and the 99th
#                          percentile in microseconds
import hashlib, os, signal, sys, time


def crowd(n, work):
    """Forks n processes that do nothing until all of them are there; returns their numbers."""
    gate, opener = os.pipe()
    pids = []
    for i in range(n):
        pid = os.fork()
        if pid == 0:
            os.close(opener)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            status = 1
            try:
                os.read(gate, 1)
                status = work(i)
            finally:
                os._exit(status)
        pids.append(pid)
    os.close(gate)
    os.close(opener)
    return pids


def ends(pids):
    return [os.waitpid(pid, 0)[1] for pid in pids]


def hold(n, file, *paths):
    def work(i):
        try:
            os.open(paths[i % len(paths)], os.O_RDONLY)
        except OSError:
            return 2
        return 0

    pids = crowd(int(n), work)
    with open(file + ".new", "w") as out:
        print(*pids, sep="\n", file=out)
    os.rename(file + ".new", file)
    statuses = ends(pids)
    signalled = sum(os.WIFSIGNALED(status) for status in statuses)
    opened = sum(status == 0 for status in statuses)
    print(signalled, len(statuses) - signalled - opened, opened)


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def names(path):
    return "\n".join(sorted(os.listdir(path))).encode()


def same(n, look, paths):
    answers, answer = os.pipe()

    def work(i):
        digest = hashlib.sha256()
        for path in paths:
            digest.update(look(path))
        os.write(answer, digest.hexdigest().encode() + b"\n")  # at once: shorter than PIPE_BUF
        return 0

    pids = crowd(int(n), work)
    os.close(answer)
    with open(answers) as lines:
        results = [line for line in lines]
    failures = sum(status != 0 for status in ends(pids))
    print(len(set(results)), failures)


def timed(seconds, *paths):
    took = []
    end = time.perf_counter_ns() + int(float(seconds) * 1e9)
    before = began = time.perf_counter_ns()
    while before < end:
        for path in paths:
            file = os.open(path, os.O_RDONLY)
            os.pread(file, 4096, 0)
            os.close(file)
            now = time.perf_counter_ns()
            took.append(now - before)
            before = now
    took.sort()
    print(int(len(took) * 1e9 / (before - began)), took[len(took) * 99 // 100] // 1000)


actions = {
    "hold": hold,
    "read": lambda n, *paths: same(n, contents, paths),
    "list": lambda n, *paths: same(n, names, paths),
    "time": timed,
}
actions[sys.argv[1]](*sys.argv[2:])
