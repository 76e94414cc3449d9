# SPDX-License-Identifier: MIT
"""Runs what `make` has built and says how it went.

    python3 tests/run.py --out build unit lessons tidy

Each word is a suite; a suite yields jobs; a job is one command with a way to
read its output. Jobs run side by side, their results are shown in order. What
failed is shown whole after the last of them, with the one command that repeats
it: the end of a long log is the part that people are given. The last line is
`N passed, N failed`, over everything that was run.
"""

import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

import conformance
import lints
from jobs import Result, checked, cmocka, describe, run, without_aslr

HEADER_FLAGS = "-std=c11 -D_GNU_SOURCE -Iruntime -Imodules -Iviz -Itests"


def main():
    options = parse()
    results = []
    cpus = len(os.sched_getaffinity(0))
    pools = {suite: concurrent.futures.ThreadPoolExecutor(width * cpus)
             for suite, width in (("", 1), *WAITING.items())}
    asked = [pools.get(suite, pools[""]).submit(job)
             for suite in options.suites for job in SUITES[suite](options)]
    for future in asked:
        results.append(future.result())
        show(results[-1], options.verbose)
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    for result in results:
        if result.failed:
            explain(result)
    if passed + failed:
        print(f"{passed} passed, {failed} failed")
    else:
        print(" ".join(options.suites) + ": nothing yet")
    sys.exit(1 if failed else 0)


def parse():
    parser = argparse.ArgumentParser(description="Runs the tests.")
    parser.add_argument("--out", default="build", help="where make built")
    parser.add_argument("--cc", default="gcc", help="for the headers")
    parser.add_argument("--only", default="", help="paths that begin so")
    parser.add_argument("--flags", default="", help="to repeat: SAN=thread")
    parser.add_argument("--timeout", type=int, default=120, help="seconds")
    parser.add_argument("--update", action="store_true",
                        help="write the lessons' .expected files")
    parser.add_argument("--repeat", type=int, default=1,
                        help="of the conformance programs")
    parser.add_argument("--id", default="", help="of one promise")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("suites", nargs="+", choices=sorted(SUITES))
    return parser.parse_args()


def show(result, is_verbose):
    bad = f", {result.failed} FAILED" if result.failed else ""
    print(f"{result.name:<48} {result.passed} passed{bad}")
    if is_verbose and not result.failed:
        print(result.output.rstrip())
    sys.stdout.flush()


def explain(result):
    print(f"\n--- {result.name}: {result.failed} failed")
    print(result.output.rstrip())
    print(f"    repeat: {result.repeat}")


# --- Programs that judge themselves: cmocka's, or by their exit status --------

def programs(pattern, target):
    """A suite: one job for every test program that belongs to --only."""
    def suite(options):
        wanted = re.sub(r"\.[ch]$", "", options.only)
        for source in sorted(glob.glob(pattern)):
            name = source[:-2]
            program = os.path.join(options.out, name)
            if name.startswith(wanted) and os.path.exists(program):
                yield lambda name=name, program=program: cmocka(
                    name, [program], f"make {target} T={name}", options)
    return suite


def stress(options):
    """Every program and every script of tests/stress."""
    for source in sorted(glob.glob("tests/stress/*")):
        name, kind = os.path.splitext(source)
        commands = {".c": [os.path.join(options.out, name)],
                    ".sh": [source, options.out],
                    ".py": [sys.executable, source, options.out]}
        if kind in commands and name.startswith(options.only):
            yield lambda name=name, command=commands[kind]: cmocka(
                name, command, f"make stress T={name}", options)


# --- Lessons: what they print, and that they repeat themselves ----------------

# Programs that show what becomes of a future that is moved after its first poll.
MOVES = ["lessons/08-pinned-after-poll/late",
         "lessons/08-pinned-after-poll/exercise"]


def lessons(options):
    """One job for every program of the lessons and the examples."""
    found = glob.glob("lessons/[0-9]*/*.c") + glob.glob("examples/*/*.c")
    for source in sorted(found):
        if source.startswith(options.only):
            yield lambda source=source: lesson(source[:-2], options)


def lesson(name, options):
    """Runs it in every flavour; the text of sim is the one that is known."""
    wanted = play(name, "sim", options)
    if options.update:
        with open(name + ".expected", "w", encoding="utf-8") as stream:
            stream.write(shown(wanted))
    problems = [expected(name, wanted), same_trace(name, options),
                polled_for_nothing(name, wanted, options)]
    problems += [other_flavor(name, flavor, wanted, options)
                 for flavor in ("current", "multi")]
    found = [problem for problem in problems if problem]
    return Result(name, len(problems) - len(found), len(found),
                  "\n".join(found), f"make lessons T={name}")


def play(name, flavor, options, trace=None, **more):
    """(exit status, stdout, stderr) of the program, with seed 7."""
    env = {"ANTFARM_FLAVOR": flavor, "ANTFARM_SEED": "7", **more}
    if trace:
        env["ANTFARM_TRACE"] = trace
    program = os.path.join(options.out, name)
    return run(without_aslr(options) + [program], options, env, merge=False)


def shown(result):
    """What an .expected file holds: stdout, and the status unless it is 0."""
    status, out, _ = result
    return out if status == 0 else out + f"[exit status {status}]\n"


def expected(name, result):
    path = name + ".expected"
    if not os.path.exists(path):
        return f"    {path} is missing: make lessons UPDATE=1"
    with open(path, encoding="utf-8") as stream:
        if stream.read() == shown(result):
            return None
    return f"    not as in {path}; it printed:\n{shown(result)}{result[2]}"


def polled_for_nothing(name, wanted, options):
    """Polls for no reason, as many as others, change nothing that is seen."""
    result = play(name, "sim", options, ANTFARM_SPURIOUS="2")
    if result[:2] == wanted[:2]:
        return None
    return (f"    with ANTFARM_SPURIOUS=2 it ended with {describe(result[0])} "
            f"and printed:\n{result[1]}{result[2]}")


def same_trace(name, options):
    """The same seed makes the same bytes, and they pass the checker."""
    with tempfile.TemporaryDirectory() as folder:
        traces = [os.path.join(folder, x) for x in ("1.ant", "2.ant")]
        contents = []
        for trace in traces:
            play(name, "sim", options, trace)
            if not os.path.exists(trace):
                return "    records nothing when ANTFARM_TRACE is set"
            with open(trace, "rb") as stream:
                contents.append(stream.read())
        if contents[0] != contents[1]:
            return "    two runs with one seed made different traces"
        return in_order(name, traces[0], options)


def in_order(name, trace, options):
    """The checker accepts the recording; of a moved future it has to see it."""
    problem = checked(trace, options)
    if name not in MOVES:
        return problem
    if problem and "[future-nesting]" in problem:
        return None
    return "    it moves a future that has begun, and the checker does not say so"


def other_flavor(name, flavor, result, options):
    """Ends well, or as the simulation did; what it recorded is in order."""
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "1.ant")
        status, out, err = play(name, flavor, options, trace)
        if status not in (0, result[0]):
            return (f"    flavor {flavor}: {describe(status)}; it printed:\n"
                    f"{out}{err}")
        return in_order(name, trace, options)


# --- The tree itself ----------------------------------------------------------

def script(name, path, *args):
    """A suite of one job: a checker that prints findings."""
    def suite(options):
        def job():
            command = [sys.executable] if path.endswith(".py") else []
            command += [path]
            command += [arg.format(out=options.out) for arg in args]
            status, output, _ = run(command, options)
            return Result(name, int(status == 0), int(status != 0), output,
                          f"make {name}")
        yield job
    return suite


def gdb(options):
    """What gdb says of a program; some machines have none."""
    for job in script("gdb", "tests/gdb.py", "{out}")(options):
        def or_skipped(job=job):
            result = job()
            if result.output.startswith("skipped"):
                return Result("gdb, " + result.output.strip(), 0, 0)
            return result
        yield or_skipped


def course(options):
    """Lessons as their authors and their learners meet them."""
    program = os.path.join(options.out, "antfarm")
    for name, command in (
            ("lessons: nothing to refuse", [program, "course", "check"]),
            ("lesson 20, a learner in a terminal",
             [sys.executable, "tests/learn.py", options.out, "--tmux"])):
        def job(name=name, command=command):
            status, output, err = run(command, options, merge=False)
            return Result(name, int(status == 0), int(status != 0),
                          output + err, "make course")
        yield job


def headers(options):
    """Each header compiles by itself."""
    found = sorted(glob.glob("runtime/**/*.h", recursive=True)
                   + glob.glob("modules/**/*.h", recursive=True)
                   + glob.glob("viz/**/*.h", recursive=True))
    yield lambda: all_headers(found, options)


def all_headers(found, options):
    bad = []
    packages = ["libuv", "sdl2", "SDL2_ttf", "libpng"]
    flags = subprocess.run(["pkg-config", "--cflags"] + packages, check=False,
                           stdout=subprocess.PIPE, encoding="utf-8").stdout
    command = ([options.cc] + HEADER_FLAGS.split() + flags.split()
               + ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-x", "c",
                  "-fsyntax-only", "-"])
    for header in found:
        name = header.split("/", 1)[1]
        done = subprocess.run(command, input=f'#include "{name}"\nint x;\n',
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT, encoding="utf-8")
        if done.returncode != 0:
            bad.append(done.stdout)
    return Result("headers", len(found) - len(bad), len(bad), "\n".join(bad),
                  "make headers")


SUITES = {
    "conformance": conformance.suite,
    "unit": programs("tests/unit/*/test_*.c", "unit"),
    "stress": stress,
    "lessons": lessons,
    "lints": lints.suite,
    "course": course,
    "learn": script("learn", "tests/learn.py", "{out}"),
    "headers": headers,
    "gdb": gdb,
    "tidy": script("tidy", "tests/tidy/tidy.py"),
    "layers": script("layers", "tests/tidy/layers.py"),
    "events": script("events", "tests/event_table.sh", "{out}"),
    "examples": script("examples", "tests/examples.py", "{out}"),
    "links": script("links", "tests/tidy/links.py"),
    "sidebyside": script("sidebyside", "tests/side_by_side.py"),
    "tables": script("tables", "tests/tables.py"),
    "symbols": script("symbols", "tests/tidy/symbols.py", "{out}/obj"),
}

# Suites that sleep for most of their time, in real flavours, and how many of
# their jobs go to a CPU; they run beside the others.
WAITING = {"lessons": 2}

if __name__ == "__main__":
    main()
