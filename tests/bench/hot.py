#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where the instructions of a workload go: the functions that take most of
them, and how many each takes in one operation. From two runs of callgrind on
one thread, of which one does more, so that what a run costs once is gone."""

import argparse
import os
import re
import shutil
import subprocess
import tempfile

# Of a workload, so many operations, and so many more.
HOTTEST = {
    "yield_many": 200_000,
    "spawn_join": 20_000,
    "ping_pong": 2_000,
    "mutex_uncontended": 20_000,
    "mpsc_bounded": 20_000,
}
LINE = re.compile(r"^\s*([\d,]+) \(\s*[\d.]+%\)\s+(\S+)")


def count(ours, workload, ops):
    """Instructions of each function."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "callgrind.out")
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}",
             ours, workload, "--workers", "0", "--ops", str(ops),
             "--reps", "1"], check=True, capture_output=True)
        out = subprocess.run(
            ["callgrind_annotate", "--threshold=100", "--auto=no", path],
            check=True, capture_output=True, text=True).stdout
    counts = {}
    for match in map(LINE.match, out.splitlines()):
        if match is None or ":" not in match[2]:
            continue
        name = match[2].rsplit(":", 1)[1].split(".", 1)[0]
        counts[name] = counts.get(name, 0) + int(match[1].replace(",", ""))
    return counts


def profile(ours, workload, ops):
    """Instructions of each function in one operation, most first."""
    few = count(ours, workload, ops)
    many = count(ours, workload, 2 * ops)
    # A run does all once more than it says, to warm up.
    each = {name: (many[name] - few.get(name, 0)) / (2 * ops) for name in many}
    return sorted(each.items(), key=lambda item: -item[1])


def tell(ours, most=8):
    if shutil.which("valgrind") is None:
        return "Not measured: valgrind is not installed."
    lines = []
    for workload, ops in HOTTEST.items():
        rows = profile(ours, workload, ops)
        total = sum(value for _, value in rows)
        lines.append(f"{workload}: {total:.0f} instructions an operation")
        for name, value in rows[:most]:
            lines.append(f"{value:8.1f}  {value / total:4.0%}  {name}")
        lines.append("")
    return "    " + "\n    ".join(lines).rstrip()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default="build/gcc-lto/antfarm-bench")
    print(tell(parser.parse_args().ours))
