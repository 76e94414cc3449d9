# SPDX-License-Identifier: MIT
"""The suite that runs tests/conformance and counts by promise.

A test belongs to the promise that its name begins with: l3_… to L3; the word
in brackets behind the name is the flavour, "hand" without one. A promise holds
when every test of it passed, in each flavour, each time. Each program records
its runtimes into a file which has to pass `antfarm check`; a program that uses
several runtimes looks at each one's in between (tests/support/flavors.c).
"""

import collections
import concurrent.futures
import glob
import os
import re
import tempfile

import jobs

PROMISES = "tests/conformance/promises.txt"
FLAVORS = ["hand", "current", "multi", "sim"]
# What stands for the tests of a program that are of no promise by name.
OTHERS = "others"


def suite(options):
    yield lambda: conformance(options)


def conformance(options):
    """Runs every program `repeat` times and tells of each promise."""
    promises = read_promises()
    counts = {}
    problems = []
    programs = list(wanted_programs(options))
    runs = [program for _ in range(options.repeat) for program in programs]
    with concurrent.futures.ThreadPoolExecutor(workers()) as pool:
        for program, (tests, problem) in zip(
                runs, pool.map(lambda one: play(one, options), runs)):
            if problem and problem not in problems:
                problems.append(problem)
            for name, flavor, is_ok in tests:
                row = promise_of(name, promises) or os.path.basename(program)
                cell = counts.setdefault(row, collections.Counter())
                cell[flavor, is_ok] += 1
    return tell(promises, counts, problems, options)


def workers():
    return len(os.sched_getaffinity(0))


def read_promises():
    """id -> its line, in the order of the file."""
    with open(PROMISES, encoding="utf-8") as stream:
        lines = [line.split(None, 1) for line in stream]
    return {line[0]: line[1].strip() for line in lines
            if line and not line[0].startswith("#")}


def wanted_programs(options):
    """Those that were built and, with ID=, have a test of that promise."""
    for source in sorted(glob.glob("tests/conformance/*.c")):
        program = os.path.join(options.out, source[:-2])
        with open(source, encoding="utf-8") as stream:
            begins = re.findall(r"\b([a-z]+\d+)_", stream.read())
        is_wanted = any(is_asked_for(name, options) for name in begins)
        if is_wanted and os.path.exists(program):
            yield program


def is_asked_for(name, options):
    """ID=C3 asks for C3, ID=C for all of C, and none for everything."""
    asked = options.id.lower()
    return name.lower() == asked or re.fullmatch(asked + r"\d+",
                                                 name.lower()) or not asked


def play(program, options):
    """Runs it once: ([(test, flavour, passed)], what went wrong or None)."""
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "run.ant")
        status, output, _ = jobs.run(
            jobs.without_aslr(options) + [program], options,
            {"ANTFARM_TRACE": trace})
        tests = read_tests(output)
        finding = None
        if status == 0 and os.path.exists(trace):
            finding = jobs.checked(trace, options)
    name = os.path.relpath(program, options.out)
    if finding:
        tests.append((OTHERS, "check", False))
        return tests, f"{name}: of the recording\n{finding}"
    if status != 0:
        if all(is_ok for _, _, is_ok in tests):
            tests.append((OTHERS, "hand", False))
        return tests, (f"{name}: ended with {jobs.describe(status)}\n"
                       f"{interesting(output)}")
    return tests, None


def read_tests(output):
    """(test, flavour, passed) of each test that cmocka tells of."""
    tests = []
    for word, name, flavor in re.findall(
            r"^\[ +(OK|FAILED|ERROR) +\] (?!\d)(\w+)(?: \((\w+)\))?(?=$|:)",
            output, re.M):
        one = (name, flavor or "hand", word == "OK")
        if one not in tests:
            tests.append(one)
    return tests


def interesting(output):
    """cmocka's output without the tests that passed."""
    return "\n".join(line for line in output.splitlines()
                     if not re.match(r"\[( +OK +| RUN +)\]", line))


def promise_of(test, promises):
    """l3_some_words -> L3."""
    begin = test.split("_", 1)[0]
    for name in promises:
        if name.lower() == begin:
            return name
    return None


def tell(promises, counts, problems, options):
    """The table, and a Result that counts promises."""
    lines = []
    failed = passed = 0
    untested = [name for name in promises if name not in counts]
    for name in list(promises) + [x for x in counts if x not in promises]:
        if name not in counts or not is_asked_for(name, options):
            continue
        is_ok = not any(count for (_, ok), count in counts[name].items()
                        if not ok)
        passed += is_ok
        failed += not is_ok
        lines.append(f"{name:<16} {cells(counts[name])}"
                     f"  {'' if is_ok else 'FAILED  '}"
                     f"{promises.get(name, '')}".rstrip())
    if untested and not options.id:
        lines.append(f"without a test: {' '.join(untested)}")
        failed += len(untested)
    output = "\n".join(lines + problems)
    repeat = f"make conformance {options.flags}".strip()
    return jobs.Result("conformance", passed, failed, output, repeat)


def cells(counter):
    """`passed/all` for each flavour, a dot where there is no test."""
    words = []
    for flavor in FLAVORS:
        good, bad = counter[flavor, True], counter[flavor, False]
        text = f"{good}/{good + bad}" if bad else str(good)
        words.append(f"{flavor} {text if good + bad else '.':<6}")
    return " ".join(words)
