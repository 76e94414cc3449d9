# SPDX-License-Identifier: MIT
"""Other programs read what `antfarm export` writes, and count the same.

    python3 tests/foreign.py build [FORMAT...]

Each format goes to a program that we did not write. What it says of the trace
has to be what `antfarm dump` says: so many polls, so many wakes. A program that
is not there is said and skipped; `.ci/setup check` installs them all. Pictures
of their windows stay in build/foreign.
"""

import base64
import collections
import csv
import json
import os
import re
import shutil
import struct
import subprocess
import sys

import browser
import page as player

# Name of the trace, flavour, program. The first has thousands of events and
# steals, the second stalls in a deadlock, the third ran on real threads.
PROGRAMS = [("steals", "sim", "lessons/18-work-stealing/fanout"),
            ("deadlock", "sim", "lessons/39-lock-order/bad"),
            ("threads", "multi", "lessons/18-work-stealing/fanout")]

PROTO = "viz/export/perfetto.proto"


class Trace:
    """A recording, what is known of it, and where its exports go."""

    def __init__(self, out, folder, name, flavor, program):
        self.command = os.path.join(out, "antfarm")
        self.stem = os.path.join(folder, name)
        path = self.stem + ".ant"
        run([self.command, "run", "--flavor", flavor, "--seed", "7", "--trace",
             path, os.path.join(out, program)], wanted=(0, 3))
        lines = run([self.command, "dump", "--json", path]).splitlines()
        self.events = [json.loads(line) for line in lines]
        self.count = collections.Counter(e["event"] for e in self.events)

    def export(self, name, extension, *more):
        """Writes it as a format; returns the path."""
        path = self.stem + extension
        shutil.rmtree(path, ignore_errors=True)
        run([self.command, "export", self.stem + ".ant", "--to", name, "-o",
             path] + list(more))
        return path


class Difference(Exception):
    """A program saw something else than we wrote."""


def same(what, found, wanted):
    if found != wanted:
        raise Difference(f"{what}: {found}, and not {wanted}")


def run(command, wanted=(0,), env=None):
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, **(env or {})), timeout=120)
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode not in wanted:
        raise Difference(f"{' '.join(command)} ended with "
                         f"{done.returncode}:\n{output[-2000:]}")
    return output


# --- Formats: each is checked for each trace ----------------------------------

def chrome_json(trace):
    """python3"""
    with open(trace.export("chrome", ".json"), encoding="utf-8") as stream:
        events = json.load(stream)["traceEvents"]
    kinds = collections.Counter((e["ph"], e.get("cat")) for e in events)
    count = trace.count
    same("polls", kinds["X", "poll"], count["poll_begin"])
    same("wakes", kinds["X", "wake"], count["wake"] + count["task_spawn"])
    same("futures", kinds["X", "future"], count["future_poll"])
    same("arrows", kinds["s", "wake"], kinds["f", "wake"])
    same("async slices", kinds["b", "task"], kinds["e", "task"])
    nest(events)


def nest(events):
    """Slices of a thread lie beside or inside each other, never across."""
    open_until = collections.defaultdict(list)
    for event in (e for e in events if e["ph"] == "X"):
        # In whole nanoseconds: decimals of microseconds do not add up.
        begin = round(event["ts"] * 1000)
        end = begin + round(event["dur"] * 1000)
        stack = open_until[event["tid"]]
        while stack and stack[-1] <= begin:
            stack.pop()
        if stack and end > stack[-1]:
            raise Difference(f"{event['name']} at {event['ts']} outlasts what "
                             "it lies in")
        stack.append(end)


def speedscope(trace):
    """speedscope chromium"""
    path = trace.export("chrome", ".json")
    with open(path, "rb") as stream:
        data = base64.b64encode(stream.read()).decode()
    with open(trace.stem + ".js", "w", encoding="utf-8") as stream:
        stream.write(f"speedscope.loadFileFromBase64('trace.json', '{data}')")
    page = os.path.join(speedscope_folder(), "dist/release/index.html")
    with browser.Browser() as view:
        view.open(f"file://{page}#localProfilePath="
                  f"{os.path.abspath(trace.stem)}.js")
        is_shown = view.wait("/worker|main/.test(document.body.innerText)")
        view.press("n")  # the next thread: a worker
        view.ask("new Promise(done => setTimeout(done, 300))")
        view.shot(trace.stem + "-speedscope.png")
        said = view.ask("document.body.innerText")
    if not is_shown or "went wrong" in said:
        raise Difference(f"speedscope shows: {said}")


def babeltrace(trace):
    """babeltrace2"""
    output = run(["babeltrace2", trace.export("ctf", ".ctf")])
    seen = re.findall(r"^\[\S+\] \(\S+\) (\w+):.*\{ i = (\d+)", output, re.M)
    same("events", collections.Counter(name for name, _ in seen), trace.count)
    numbers = sorted(int(i) for _, i in seen)
    same("numbers of events", numbers, list(range(len(trace.events))))
    wakes = collections.Counter(re.findall(
        r" wake: .*result = \( \"(\w+)\"", output))
    same("what wakes found", wakes, collections.Counter(
        e["result"] for e in trace.events if e["event"] == "wake"))


def eventlog(trace):
    """python3"""
    with open(trace.export("eventlog", ".eventlog"), "rb") as stream:
        kinds = read_eventlog(stream.read())
    count = trace.count
    same("runs", kinds[1], count["poll_begin"])
    same("stops", kinds[2], count["poll_end"])
    same("wakeups", kinds[8], count["wake"])
    same("migrations", kinds[4], count["steal_task"])
    same("threads", kinds[0], count["task_spawn"])


def read_eventlog(data):
    """How many events there are of each number; the form is checked."""
    at = 8
    same("head", data[:8], b"hdrbhetb")
    sizes = {}
    while data[at:at + 4] == b"etb\0":
        number, size, length = struct.unpack_from(">HHI", data, at + 4)
        at += 12 + length + 4
        same("end of a type", data[at:at + 4], b"ete\0")
        sizes[number] = size
        at += 4
    same("end of the head", data[at:at + 12], b"hetehdredatb")
    at += 12
    kinds = collections.Counter()
    block_end = last = 0
    while True:
        number, = struct.unpack_from(">H", data, at)
        if number == 0xFFFF:
            break
        moment, = struct.unpack_from(">Q", data, at + 2)
        if number == 18:
            if at < block_end:
                raise Difference("a block begins inside a block")
            block_end = at + struct.unpack_from(">I", data, at + 10)[0]
        elif at >= block_end and kinds[1]:
            raise Difference("an event stands outside of the blocks")
        if moment < last:
            raise Difference("time goes back")
        last = moment
        size = sizes[number]
        at += 10
        if size == 0xFFFF:
            size = struct.unpack_from(">H", data, at)[0] + 2
        at += size
        kinds[number] += 1
    same("the end", at + 2, len(data))
    return kinds


THREADSCOPE = """
threadscope "$0" & viewer=$!
for i in $(seq 100); do
    xdotool search --name 'eventlog - ThreadScope' >/dev/null 2>&1 && break
    sleep 0.1
done
sleep 0.5
xdotool search --name 'eventlog - ThreadScope' && import -window root "$1"
status=$?
kill $viewer
exit $status
"""


def threadscope(trace):
    """threadscope xvfb-run xdotool import"""
    # Its window gets the file's name as a title when it could read all of it.
    run(["xvfb-run", "-a", "-s", "-screen 0 1180x590x24", "sh", "-c",
         THREADSCOPE, trace.export("eventlog", ".eventlog"),
         trace.stem + "-threadscope.png"])


def pj_dump(trace):
    """pj_dump"""
    output = run(["pj_dump", trace.export("paje", ".paje")])
    rows = [line.split(", ") for line in output.splitlines()]
    lanes = collections.Counter(r[-1] for r in rows if r[2] == "Lane state")
    same("polls", lanes["poll"], trace.count["poll_begin"])
    same("parks", lanes["park"], trace.count["park"])
    tasks = [r for r in rows if r[:3] == ["Container", "program", "Task"]]
    same("tasks", len(tasks), trace.count["task_spawn"])
    links = sum(1 for r in rows if r[0] == "Link")
    same("arrows", links, arrows(trace))


def arrows(trace):
    """How many polls have a wake or a spawn that led to them: as many as the
    other picture of the trace has arrows."""
    with open(trace.export("chrome", ".json"), encoding="utf-8") as stream:
        events = json.load(stream)["traceEvents"]
    return sum(1 for e in events if e["ph"] == "s")


def vite(trace):
    """vite"""
    output = run(["vite", "-e", trace.stem + "-vite.svg",
                  trace.export("paje", ".paje")],
                 env={"QT_QPA_PLATFORM": "offscreen"})
    if "0 errors and 0 warnings" not in output:
        raise Difference(f"vite says:\n{output}")


def perfetto(trace):
    """protoc"""
    path = trace.export("perfetto", ".perfetto-trace")
    with open(path, "rb") as stream:
        done = subprocess.run(
            ["protoc", "--decode=perfetto.protos.Trace", PROTO], stdin=stream,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode("utf-8", "replace")
    same("protoc's status", done.returncode, 0)
    # A field that our .proto does not know would be shown by its number.
    same("unknown fields", re.findall(r"^ *\d+[:{ ].*$", output, re.M), [])
    categories = collections.Counter(re.findall(r'categories: "(\w+)"', output))
    count = trace.count
    same("polls", categories["poll"], count["poll_begin"])
    same("wakes", categories["wake"], count["wake"] + count["task_spawn"])
    same("arrows", len(re.findall(r" flow_ids:", output)), arrows(trace))
    same("ends of arrows", len(re.findall(r"terminating_flow_ids:", output)),
         arrows(trace))


def comma_separated(trace):
    """python3"""
    with open(trace.export("csv", ".csv"), newline="",
              encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    same("rows", len(rows), len(trace.events))
    for row, event in zip(rows, trace.events):
        for name, value in event.items():
            if name != "lost_before":
                same(f"{name} of event {event['i']}", row[name], str(value))
    with open(trace.export("ndjson", ".ndjson"), encoding="utf-8") as stream:
        same("objects", [json.loads(line) for line in stream], trace.events)


def graphviz(trace):
    """dot"""
    path = trace.export("dot", ".dot")
    run(["dot", "-Tpng", path, "-o", trace.stem + "-dot.png"])
    plain = run(["dot", "-Tplain", path])
    if "deadlock" in trace.stem:
        # Two tasks and two locks in a circle.
        held = re.findall(r'^edge .*"held by".*#c03000', plain, re.M)
        waits = re.findall(r'^edge .*"waits for".*#c03000', plain, re.M)
        same("locks held by those who never go on", len(held), 2)
        same("waits that never end, with those of the join", len(waits), 4)


def page(trace):
    """chromium"""
    path = trace.export("html", ".html")
    known = run([trace.command, "dump", trace.stem + ".ant"])
    why = player.check(os.path.abspath(path), known,
                       trace.stem + "-page.png")
    if "deadlock" in trace.stem and "deadlock" not in why:
        raise Difference(f"why a task in a deadlock waits: {why}")


def film(trace):
    """ffmpeg ffprobe"""
    for extension, frames in ((".mp4", 30), (".gif", 20)):
        path = trace.stem + extension
        run([trace.command, "render", trace.stem + ".ant", "-o", path,
             "--seconds", "1", "--size", "641x361"])
        seen = run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                    "stream=width,height,nb_read_frames", "-of", "csv=p=0",
                    path]).strip()
        # An MP4 needs even sides.
        size = "642,362" if extension == ".mp4" else "641,361"
        same(extension, seen, f"{size},{frames}")


FORMATS = [page, film, chrome_json, speedscope, babeltrace, eventlog, threadscope, pj_dump,
           vite, perfetto, comma_separated, graphviz]


def speedscope_folder():
    """Where npm put it, or None."""
    for root in (os.environ.get("NODE_PATH", ""), "/usr/local/lib/node_modules",
                 "/usr/lib/node_modules", "node_modules"):
        folder = os.path.join(root, "speedscope")
        if os.path.isdir(folder):
            return os.path.abspath(folder)
    return None


def is_here(program):
    if program == "chromium":
        return browser.find() is not None
    if program == "speedscope":
        return speedscope_folder() is not None
    return shutil.which(program) is not None


def main():
    out, names = sys.argv[1], sys.argv[2:]
    folder = os.path.join(out, "foreign")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    traces = [Trace(out, folder, *program) for program in PROGRAMS]
    failed = 0
    for check in FORMATS:
        if names and check.__name__ not in names:
            continue
        missing = [p for p in check.__doc__.split() if not is_here(p)]
        if missing:
            print(f"{check.__name__:<16} skipped: {' '.join(missing)} missing")
            continue
        failed += examine(check, traces)
    sys.exit(1 if failed else 0)


def examine(check, traces):
    """1 when a program sees something else in a trace."""
    for trace in traces:
        try:
            check(trace)
        except (Difference, AssertionError, RuntimeError, KeyError,
                struct.error) as problem:
            print(f"{check.__name__:<16} {trace.stem}: {problem}")
            return 1
    print(f"{check.__name__:<16} as we wrote it")
    return 0


if __name__ == "__main__":
    main()
