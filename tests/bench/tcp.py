#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An echo server beside others, with one load generator for all.

    tests/bench/tcp.py --ours build/gcc-lto/antfarm-bench --peers dir
        [--rounds 3] [--write docs/performance.md] [--realtime]

`dir` holds tokio/target/release/peer-bench, smol/..., go/bin/peer-bench, and in
loadgen/bin the generator and two servers without a runtime. Each server has one
thread and one CPU, the generator another. A round measures all servers, in an
order that is drawn, and a ratio is taken within a round; the table has the
median of the rounds. On a machine that others use, --realtime (for root) lets
both go before everybody else, in bursts of half a second.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time

BEGIN, END = "<!-- tcp: begin -->", "<!-- tcp: end -->"
SIZES = (1, 64, 1000, 10000)
CURVE = (1, 8, 64, 256, 1000, 4000, 10000)
PEERS = {"tokio": ("tokio/target/release/peer-bench", "tcp_echo",
                   "--workers", "0"),
         "smol": ("smol/target/release/peer-bench", "tcp_echo",
                  "--workers", "0"),
         "go": ("go/bin/peer-bench", "tcp_echo", "--workers", "1"),
         "epoll": ("loadgen/bin/echo_epoll",),
         "io_uring": ("loadgen/bin/echo_uring",)}
BARE = ("epoll", "io_uring")


class Server:
    """One that listens, for the time of a `with`."""

    port = random.randrange(20000, 29000)

    def __init__(self, args, command):
        self.args, self.command = args, list(command)

    def __enter__(self):
        Server.port += 1
        command = self.command + ["--port", str(Server.port), "--seconds",
                                  "60"]
        self.process = subprocess.Popen(first(self.args) + pinned(0) + command,
                                        stdout=subprocess.PIPE)
        self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def first(args):
    return ["chrt", "-f", "10"] if args.realtime else []


def pinned(cpu):
    return ["taskset", "-c", str(cpu)]


def load(args, command, conns):
    """What the generator says of a server with so many connections."""
    with Server(args, command) as server:
        generator = os.path.join(args.peers, "loadgen/bin/loadgen")
        done = subprocess.run(
            first(args) + pinned(1)
            + [generator, "--port", str(server.port), "--conns", str(conns),
               "--seconds", str(args.seconds), "--warmup", "0.2", "--pid",
               str(server.process.pid)],
            stdout=subprocess.PIPE, timeout=120, check=True)
    time.sleep(0.4)  # others want to work too
    return json.loads(done.stdout)


def servers(args):
    """name -> command, of those that are there."""
    found = {"ours": [args.ours, "tcp_echo", "--workers", "0"]}
    for name, (program, *more) in PEERS.items():
        path = os.path.join(args.peers, program)
        if os.path.exists(path):
            found[name] = [path, *more]
    return found


def measure(args):
    """conns -> [round: name -> numbers]."""
    found = {conns: [] for conns in SIZES}
    todo = servers(args)
    for _ in range(args.rounds):
        for conns in SIZES:
            names = random.sample(list(todo), len(todo))
            found[conns].append(
                {name: load(args, todo[name], conns) for name in names})
            print(f"{conns} connections: " + ", ".join(
                f"{name} {found[conns][-1][name]['requests_per_s']:.0f}/s"
                for name in todo), flush=True)
    return found


def median_ratio(rounds, column, name, best_of, better):
    """Ours as a part of the best of some servers, in the same round."""
    return statistics.median(
        one[name][column] / better(one[other][column] for other in best_of)
        for one in rounds)


def table(found):
    names = list(found[SIZES[0]][0])
    runtimes = [n for n in names if n != "ours" and n not in BARE]
    rows = ["| connections | requests/s | to the best runtime | to epoll "
            "| CPU us a request | to the best runtime | to epoll "
            "| p99 us | theirs |",
            "| ---: " * 9 + "|"]
    for conns, rounds in found.items():
        ours = {column: statistics.median(one["ours"][column]
                                          for one in rounds)
                for column in ("requests_per_s", "server_cpu_us_per_req",
                               "p99_us")}
        cells = [f"{conns:,}", f"{ours['requests_per_s']:,.0f}"]
        for others in (runtimes, ["epoll"]):
            cells.append("%.2f" % median_ratio(rounds, "requests_per_s",
                                               "ours", others, max))
        cells.append(f"{ours['server_cpu_us_per_req']:.2f}")
        for others in (runtimes, ["epoll"]):
            cells.append("%.2f" % median_ratio(rounds, "server_cpu_us_per_req",
                                               "ours", others, min))
        cells.append(f"{ours['p99_us']:,.0f}")
        cells.append(", ".join(
            "%s %s" % (name, format(statistics.median(
                one[name]["p99_us"] for one in rounds), ",.0f"))
            for name in runtimes))
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def curve(args):
    todo = servers(args)["ours"]
    rows = ["| connections | " + " | ".join(f"{n:,}" for n in CURVE) + " |",
            "| --- " + "| ---: " * len(CURVE) + "|"]
    cells = []
    for conns in CURVE:
        costs = [load(args, todo, conns)["server_cpu_us_per_req"]
                 for _ in range(args.rounds)]
        cells.append(f"{statistics.median(costs):.2f}")
    return "\n".join(rows + ["| CPU us a request | " + " | ".join(cells)
                             + " |"])


def resident(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def idle_bytes(args, command, count=10000):
    """Bytes of a server's memory for a connection that says nothing."""
    with Server(args, command) as server:
        pid = server.process.pid
        before = resident(pid)
        held = []
        for i in range(count):
            held.append(socket.create_connection(("127.0.0.1", server.port)))
            if i % 50 == 49:  # it has come so far
                held[-1].sendall(b"x" * 64)
                held[-1].recv(64)
        while len(os.listdir(f"/proc/{pid}/fd")) < count:
            time.sleep(0.01)
        after = resident(pid)
        for one in held:
            one.close()
    return (after - before) / count


def idle(args):
    sizes = {name: idle_bytes(args, command)
             for name, command in servers(args).items() if name not in BARE}
    return ("Memory for each of 10,000 connections that say nothing, with its "
            "task: " + ", ".join(f"{name} {size:,.0f} bytes"
                                 for name, size in sizes.items()) + ".")


def write(path, text):
    with open(path, encoding="utf-8") as stream:
        page = stream.read()
    head, rest = page.split(BEGIN)
    tail = rest.split(END)[1]
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(head + BEGIN + "\n\n" + text + "\n\n" + END + tail)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--write", default="")
    args = parser.parse_args()
    if not os.path.exists(os.path.join(args.peers, "loadgen/bin/loadgen")):
        sys.exit(f"{args.peers} has no loadgen/bin/loadgen: PEERS=dir")
    text = "\n\n".join([table(measure(args)),
                        "What a request costs with more connections:",
                        curve(args), idle(args)])
    print(text)
    if args.write:
        write(args.write, text)


if __name__ == "__main__":
    main()
