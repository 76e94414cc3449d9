#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the runtime's work costs, beside other runtimes: the tables of
docs/performance.md.

  report.py [--peers DIR] [--rounds N] [--busy] [--only WORKLOAD,...]
            [--write FILE]

Each round runs every program once, in another order, so that all see the same
machine. Of each program the least repetition counts, since whatever else the
machine does only adds; the spread says by how much the rounds' medians differ.
DIR holds the programs of the other runtimes, which take the same arguments and
print the same line of JSON; without it the tables say what ours costs. On a
machine that does other things too, --busy makes repetitions of a few
milliseconds, of which some are left alone, and asks to go first. With --write
the part of FILE between the two marks is replaced.
"""
import argparse
import datetime
import glob
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import textwrap
import time

import hot

PEERS = {  # name: (program, its argument for one thread)
    "tokio": ("tokio/target/release/peer-bench", 0),
    "smol": ("smol/target/release/peer-bench", 0),
    "go": ("go/bin/peer-bench", 1),
}
WORKLOADS = {  # name: further arguments
    "spawn_join": [], "spawn_remote": [], "chained_spawn": [],
    "yield_many": [], "ping_pong": [], "mpsc_bounded": [],
    "mpsc_contended": [], "mutex_uncontended": [], "mutex_contended": [],
    "select_2": [], "join_fanout": [], "timers": ["--reps", "1"],
    "timer_churn": ["--reps", "3"], "timer_churn_armed": [],
    "mem_idle": ["--reps", "2"], "steal": [], "remote_wake": [],
}
SHORT = {  # operations of a repetition of a few milliseconds
    "spawn_join": 20_000, "spawn_remote": 20_000, "chained_spawn": 100_000,
    "yield_many": 200_000, "ping_pong": 5_000, "mpsc_bounded": 50_000,
    "mpsc_contended": 50_000, "mutex_uncontended": 100_000,
    "mutex_contended": 20_000, "select_2": 20_000, "join_fanout": 5_000,
    "timer_churn": 50_000, "timer_churn_armed": 20_000, "steal": 2_000,
    "remote_wake": 500,
}
MISSING = {("go", "spawn_remote"), ("go", "remote_wake")}
# Not nanoseconds of an operation: what is told instead, and in what.
OTHER = {
    "timers": ("cpu_seconds", "CPU seconds for all"),
    "mem_idle": ("first_rss_bytes_per_task", "bytes a task"),
}
# A second number of the same run: its key, and what it is.
ALSO = {
    "timers": ("late_p99_ms", "99 of 100 late by at most, ms"),
    "steal": ("speedup", "times as fast as with one worker"),
}
TARGETS = {  # of the best peer: one thread, two workers
    "spawn_join": (.40, .40), "spawn_remote": (.45, .45),
    "chained_spawn": (.40, .45), "yield_many": (.35, .40),
    "ping_pong": (.40, .45), "mpsc_bounded": (.50, .65),
    "mpsc_contended": (.60, .90), "mutex_uncontended": (1, 1),
    "mutex_contended": (1, 1), "select_2": (.55, .65),
    "join_fanout": (.35, .30), "timers": (.35, .35),
    "timer_churn": (.50, .80), "timer_churn_armed": (.25, .20),
    "mem_idle": (.65, .65), "steal": (.60, .60), "remote_wake": (.80, .80),
}
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def cpu_used():
    """Seconds that all CPUs have worked since the machine began."""
    words = open("/proc/stat").readline().split()[1:]
    idle = int(words[3]) + int(words[4])
    return (sum(map(int, words)) - idle) / os.sysconf("SC_CLK_TCK")


def run(program, workload, workers, more=(), env=None):
    """The program's numbers, with the share of the CPUs that others took."""
    times = os.times()
    own, used, begin = times[2] + times[3], cpu_used(), time.time()
    done = subprocess.run(
        [program, workload, "--workers", str(workers), *more],
        capture_output=True, text=True, timeout=300,
        env=os.environ | (env or {}))
    if done.returncode != 0:
        sys.exit(f"report: {program} {workload}: {done.stderr.strip()}")
    times = os.times()
    own = times[2] + times[3] - own
    numbers = json.loads(done.stdout.strip().splitlines()[-1])
    wall = (time.time() - begin) * os.cpu_count()
    numbers["others"] = max(0.0, cpu_used() - used - own) / wall
    return numbers


class Runs:
    """All runs of one program at one workload."""

    def __init__(self, key):
        self.key = key
        self.all = []

    def add(self, numbers):
        self.all.append(numbers)

    def by(self, key):
        """The same runs, by another of their numbers."""
        other = Runs(key)
        other.all = self.all
        return other

    def value(self):
        least = self.key + "_min"
        return min(n.get(least, n[self.key]) for n in self.all)

    def spread(self):
        values = [n[self.key] for n in self.all]
        return (max(values) - min(values)) / max(min(values), 1e-9)


def programs(args, workers):
    found = {"ours": (args.ours, workers)}
    for name, (path, one) in PEERS.items():
        path = os.path.join(args.peers, path) if args.peers else ""
        if os.access(path, os.X_OK):
            found[name] = (path, workers or one)
    return found


def measure(args, workers, others):
    """{workload: {program: Runs}}"""
    table = {}
    for workload in args.only or WORKLOADS:
        if workload == "steal" and workers == 0:
            continue
        row = table[workload] = {}
        for _ in range(args.rounds):
            todo = list(programs(args, workers).items())
            random.shuffle(todo)
            more = WORKLOADS[workload]
            if args.busy and workload in SHORT:
                more = ["--reps", "15", "--ops", str(SHORT[workload])]
            for name, (path, count) in todo:
                if (name, workload) in MISSING:
                    continue
                numbers = run(path, workload, count, more)
                key = OTHER.get(workload, ("ns_per_op",))[0]
                row.setdefault(name, Runs(key)).add(numbers)
                others.append(numbers["others"])
        print("  %-18s %s" % (workload, "  ".join(
            "%s %s" % (n, number(r.value())) for n, r in row.items())),
            file=sys.stderr, flush=True)
    return table


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def beside(row, names, target):
    """The cells of a row: ours, theirs, what it is to the best, the spread."""
    ours = row["ours"]
    cells = [number(ours.value())]
    for name in names:
        if name not in row:
            cells.append("–")
            continue
        value = row[name].value()
        cells.append(f"{number(value)} ({ours.value() / value:.2f})")
    if names:
        best = min(row[n].value() for n in names if n in row)
        ratio = f"{ours.value() / best:.2f}"
        is_met = target is not None and ours.value() / best <= target
        cells += [f"**{ratio}**" if is_met else ratio,
                  "–" if target is None else f"{target:.2f}"]
    return cells + [f"{ours.spread() * 100:.0f} %"]


def tell(table, column):
    """A table of Markdown."""
    names = [n for n in ("tokio", "smol", "go")
             if any(n in row for row in table.values())]
    head = ["workload", "ours", *names]
    if names:
        head += ["to best", "target"]
    lines = [head + ["spread"], ["---"] + ["---:"] * len(head)]
    for workload, row in table.items():
        what = OTHER.get(workload)
        label = workload if what is None else f"{workload} ({what[1]})"
        lines.append([label, *beside(row, names, TARGETS[workload][column])])
        if workload in ALSO:
            key, label = ALSO[workload]
            also = {name: runs.by(key) for name, runs in row.items()}
            lines.append([f"{workload} ({label})", *beside(also, names, None)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def curve(args, workload, option, values, workers):
    """One row of nanoseconds an operation, over growing numbers."""
    cells = []
    for value in values:
        more = [] if option == "workers" else [f"--{option}", str(value)]
        count = value if option == "workers" else workers
        more += ["--reps", "3"]
        cells.append(number(min(
            run(args.ours, workload, count, more)["ns_per_op_min"]
            for _ in range(max(1, args.rounds)))))
    return cells


def tell_curves(args):
    sizes = [10, 100, 1000, 10000, 100000]
    rows = [["", *(f"{size:,}" for size in sizes)], ["---"] + ["---:"] * 5]
    for workload, option, workers in (
            ("spawn_join", "batch", 0), ("spawn_join", "batch", 2),
            ("yield_many", "tasks", 0), ("yield_many", "tasks", 2)):
        more = f"{workload}, {'one thread' if workers == 0 else 'two workers'}"
        if workload == "yield_many":
            cells = [yields(args, size, workers) for size in sizes]
        else:
            cells = curve(args, workload, option, sizes, workers)
        rows.append([f"{more}: {option}", *cells])
    for workers in (0, 2):
        more = "one thread" if workers == 0 else "two workers"
        rows.append([f"timers, {more}: CPU time of one, of so many",
                     "–", *(cpu_of_timers(args, size, workers)
                            for size in sizes[1:])])
        rows.append([f"mpsc_bounded, {more}: places", *curve(
            args, "mpsc_bounded", "cap", sizes[:4], workers), "–"])
    counts = [1, 2, 3, 4, 6, 8]
    second = [["", *map(str, counts)], ["---"] + ["---:"] * len(counts)]
    for workload in ("spawn_join", "yield_many", "ping_pong", "steal"):
        second.append([f"{workload}: workers",
                       *curve(args, workload, "workers", counts, 2)])
    return ["\n".join("| " + " | ".join(row) + " |" for row in rows)
            for rows in (rows, second)]


def yields(args, tasks, workers):
    """All in all as many yields, however many tasks do them."""
    each = max(1, 200000 // tasks)
    more = ["--tasks", str(tasks), "--each", str(each),
            "--ops", str(tasks * each), "--reps", "3"]
    return number(min(run(args.ours, "yield_many", workers, more)
                      ["ns_per_op_min"] for _ in range(args.rounds)))


def cpu_of_timers(args, count, workers):
    """They sleep for a second in all: only what the CPU does says something."""
    more = ["--ops", str(count), "--reps", "3"]
    return number(min(run(args.ours, "timers", workers, more)
                      ["cpu_ns_per_op"] for _ in range(max(1, args.rounds))))


def tell_recording(args):
    out = subprocess.run([args.trace], capture_output=True, text=True,
                         check=True).stdout
    lines = out.strip().split("\n") + [lessons_size()] + recorded(args)
    return "    " + "\n    ".join(lines)


def lessons_size():
    """Bytes of an event in the recordings of the lessons, by the headers of
    their chunks (runtime/trace/format.h); texts and names are a stream of their
    own, number 0."""
    chunk, page = struct.Struct("<8I16x"), 4096
    paths = glob.glob("lessons/*/*.ant")
    size, count = [0, 0], [0, 0]
    for path in paths:
        data = open(path, "rb").read()
        at = 0
        while at + chunk.size <= len(data):
            magic, slot, used, _, stream, _, events, _ = \
                chunk.unpack_from(data, at)
            if magic == 0x4B4E4843:
                size[stream != 0] += used
                count[stream != 0] += events
            at += slot if magic == 0x4B4E4843 and slot else page
    return (f"lessons {size[1] / count[1]:6.1f} bytes an event, of "
            f"{count[1]:,} in {len(paths)} recordings; "
            f"{size[0] / count[1]:.1f} more for texts and names")


def recorded(args):
    """How many times as long a workload takes while it is recorded."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for level in ("sched", "full"):
            cells = []
            for workload in ("yield_many", "spawn_join", "ping_pong"):
                more = ["--reps", "15", "--ops", str(SHORT[workload])]
                without, with_it = (
                    min(run(args.ours, workload, 0, more, env)["ns_per_op_min"]
                        for _ in range(args.rounds))
                    for env in ({}, {
                        "ANTFARM_TRACE": os.path.join(folder, "bench.ant"),
                        "ANTFARM_TRACE_LEVEL": level}))
                cells.append(f"{workload} {number(with_it)} "
                             f"({with_it / without:.1f} times)")
            lines.append(f"{level:<9}" + "  ".join(cells) + " ns an operation")
    return lines


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True,
                              text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return "?"


def machine():
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    return (f"{os.cpu_count()} CPUs, {model.group(1) if model else '?'}, "
            f"Linux {os.uname().release}, {first_line('gcc', '--version')}")


def tell_all(args):
    others = []
    tables = [measure(args, workers, others) for workers in (0, 2)]
    others.sort()
    disturbed = others[len(others) // 2] * 100 if others else 0
    text = [textwrap.fill(
        f"{datetime.date.today()}, commit "
        f"{first_line('git', 'rev-parse', '--short', 'HEAD')}, {machine()}. "
        f"Rounds: {args.rounds}; other programs took {disturbed:.0f} % of the "
        "CPUs meanwhile (median). Nanoseconds of wall time for an operation, "
        f"the least repetition{' of a few ms' if args.busy else ''}; in "
        "brackets ours as a part of theirs; bold: the target is met.", 80),
        "### One thread", tell(tables[0], 0),
        "### Two workers", tell(tables[1], 1)]
    if args.curves:
        curves = tell_curves(args)
        text += ["### With more tasks", curves[0],
                 "### With more workers", curves[1]]
    if args.trace:
        text += ["### Recording and reading", tell_recording(args)]
    if args.profile:
        text += ["### Where the instructions go", hot.tell(args.ours)]
    return "\n\n".join(text)


def write(path, text):
    page = open(path).read()
    begin, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    with open(path, "w") as file:
        file.write(page[:begin] + "\n\n" + text + "\n\n" + page[end:])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ours", default="build/antfarm-bench")
    parser.add_argument("--trace", help="the program that times the recorder")
    parser.add_argument("--peers", help="where the other runtimes' are")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--busy", action="store_true",
                        help="short repetitions, ahead of other programs")
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--curves", action="store_true",
                        help="also over 10 to 100,000 tasks, 1 to 8 workers")
    parser.add_argument("--profile", action="store_true",
                        help="also the functions of the hottest workloads")
    parser.add_argument("--write", metavar="FILE")
    args = parser.parse_args()
    unknown = set(args.only or ()) - set(WORKLOADS)
    if unknown:
        parser.error("no such workload: " + ", ".join(sorted(unknown)))
    if args.busy:
        os.nice(-10 if os.geteuid() == 0 else 0)
    text = tell_all(args)
    print(text)
    if args.write:
        write(args.write, text)


if __name__ == "__main__":
    main()
