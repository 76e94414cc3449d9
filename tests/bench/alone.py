#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What an echo server takes for a request by itself, without the system's part.

    tests/bench/alone.py --ours build/gcc-lto/antfarm-bench --preload
        build/no_system.so [--peers dir] [--rounds 3]

What is preloaded stands in for the sockets (tests/bench/alone/no_system.c). The
servers run in turns, and for each number of connections the table has the
nanoseconds of a request: the least slice of 50,000 of all rounds, and the
middle one of the rounds' lower quarters. Of the peers, that of Tokio makes the
calls that it knows."""

import argparse
import os
import random
import statistics
import subprocess

SIZES = (1, 64, 1000, 10000)
TOKIO = "tokio/target/release/peer-bench"


def run(args, program, conns):
    """The least slice and the lower quarter."""
    done = subprocess.run(
        [program, "tcp_echo", "--workers", "0", "--seconds", "60", "--port",
         str(random.randrange(20000, 29000))],
        env=dict(os.environ, ALONE_CONNS=str(conns),
                 LD_PRELOAD=os.path.abspath(args.preload)),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        timeout=120, check=True)
    return [float(word) for word in done.stderr.split()[1:3]]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--preload", required=True)
    parser.add_argument("--peers", default="")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    servers = {"ours": args.ours}
    if os.path.exists(os.path.join(args.peers, TOKIO)):
        servers["tokio"] = os.path.join(args.peers, TOKIO)
    print("| connections | " + " | ".join(f"{n:,}" for n in SIZES) + " |")
    print("| --- " + "| ---: " * len(SIZES) + "|")
    found = {(name, conns): [] for name in servers for conns in SIZES}
    for _ in range(args.rounds):
        for conns in SIZES:
            for name in random.sample(list(servers), len(servers)):
                found[name, conns].append(run(args, servers[name], conns))
    for name in servers:
        cells = []
        for conns in SIZES:
            least, quarters = zip(*found[name, conns])
            cells.append(f"{min(least):.0f}, {statistics.median(quarters):.0f}")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
