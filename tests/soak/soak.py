# SPDX-License-Identifier: MIT
"""Many WebSockets for a long time: two processes, one end.

    python3 tests/soak/soak.py build --sockets 10000 --seconds 600

Starts examples/ws/chat as a server and tests/soak/ws_load as its guests, looks
at the memory of both all the time, and ends the server with SIGTERM. Status 0:
every message came back, every socket was closed in order, both processes ended
with 0, and the memory at the end is that of the beginning (10 % and 4 MiB).
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time

SLACK_KB = 4096


def main():
    options = parse()
    out = options.out
    server = subprocess.Popen([f"{out}/examples/ws/chat"], encoding="utf-8",
                              env=dict(os.environ, LISTEN="127.0.0.1:0"),
                              stdout=subprocess.PIPE)
    at = re.search(r"listening at (\S+)", server.stdout.readline()).group(1)
    load = subprocess.Popen(
        [f"{out}/tests/soak/ws_load", f"ws://{at}/echo", str(options.sockets),
         str(options.interval_ms)], encoding="utf-8", stdout=subprocess.PIPE)
    try:
        status = watch(options, server, load)
    finally:
        for process in (server, load):
            if process.poll() is None:
                process.kill()
    sys.exit(status)


def parse():
    parser = argparse.ArgumentParser(description="WebSockets, held for long.")
    parser.add_argument("out", help="where make built")
    parser.add_argument("--sockets", type=int, default=10000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--interval-ms", type=int, default=10000,
                        help="between two messages of a socket")
    return parser.parse_args()


def watch(options, server, load):
    """Status 0 when all went well."""
    line = wait_for_all(options, load)
    # All have sent once, and what is kept for later is kept.
    warm = time.monotonic() + options.interval_ms / 1000 + 2
    while time.monotonic() < warm:
        line = load.stdout.readline()
    begin = [memory_kb(p) for p in (server, load)]
    print(f"{line.strip()}; memory: server {begin[0]} KiB, "
          f"guests {begin[1]} KiB", flush=True)
    end_at = time.monotonic() + options.seconds
    shown = time.monotonic() + 60
    while time.monotonic() < end_at:
        line = load.stdout.readline()
        if not line:
            print("the guests have ended too early")
            return 1
        if time.monotonic() > shown:
            shown += 60
            print(f"{line.strip()}; memory: server {memory_kb(server)} KiB, "
                  f"guests {memory_kb(load)} KiB", flush=True)
    end = [memory_kb(p) for p in (server, load)]
    print(f"{line.strip()}; memory: server {end[0]} KiB, "
          f"guests {end[1]} KiB", flush=True)
    server.send_signal(signal.SIGTERM)
    said = load.communicate(timeout=60)[0].strip().split("\n")[-1]
    rest = server.communicate(timeout=60)[0].strip()
    print(f"guests: {said}; status {load.returncode}")
    print(f"server: {rest}; status {server.returncode}")
    is_flat = all(e <= b * 1.1 + SLACK_KB for b, e in zip(begin, end))
    if not is_flat:
        print("memory has grown")
    return 0 if is_flat and load.returncode == server.returncode == 0 else 1


def wait_for_all(options, load):
    """The line that says that all are connected."""
    for line in load.stdout:
        counts = re.match(r"open (\d+) .* failed (\d+)", line)
        if counts and int(counts[1]) + int(counts[2]) == options.sockets:
            return line
    raise SystemExit("the guests never got in")


def memory_kb(process):
    """What the process holds now."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as stream:
        return int(re.search(r"VmRSS:\s+(\d+)", stream.read()).group(1))


if __name__ == "__main__":
    main()
