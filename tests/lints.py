# SPDX-License-Identifier: MIT
"""Each lint finds its own mistake, and nothing cries wolf.

A program tests/lint/NAME.c makes the mistake that lint NAME is about, and no
other. A good program of the lessons and examples makes none. Those of the
lessons that make some on purpose are in tests/lint/expected.txt, and so are
more programs of tests/lint for one lint; an exercise is not looked at, for it
is there to be mended. All run in the simulator, so that they do the same each
time."""

import glob
import json
import os
import tempfile

from jobs import Result, run, without_aslr

EXPECTED = "tests/lint/expected.txt"


def suite(options):
    """One job for every program."""
    known = expected()
    found = (glob.glob("tests/lint/*.c") + glob.glob("lessons/[0-9]*/*.c") +
             glob.glob("examples/*/*.c"))
    for source in sorted(found):
        name = source[:-2]
        is_named = source.startswith("tests/lint/")
        wanted = known.get(name, {os.path.basename(name)} if is_named else set())
        if source.endswith("/exercise.c"):
            continue
        if source.startswith(options.only):
            yield lambda name=name, wanted=wanted: job(name, wanted, options)


def expected():
    """Program -> lints, from lines of "program lint lint"."""
    known = {}
    with open(EXPECTED, encoding="utf-8") as stream:
        for line in stream:
            words = line.split("#")[0].split()
            if words:
                known[words[0]] = set(words[1:])
    return known


def job(name, wanted, options):
    repeat = f"make lints T={name}"
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "1.ant")
        env = {"ANTFARM_FLAVOR": "sim", "ANTFARM_SEED": "7",
               "ANTFARM_TRACE": trace, "ANTFARM_TRACE_LEVEL": "full"}
        if name.startswith("tests/lint/"):
            env["ANTFARM_WORKERS"] = "2"
        program = without_aslr(options) + [os.path.join(options.out, name)]
        status, out, err = run(program, options, env, merge=False)
        if not os.path.exists(trace):
            return Result(name, 0, 1, f"    no trace; status {status}\n{err}",
                          repeat)
        lint = [os.path.join(options.out, "antfarm"), "lint", "--json", trace]
        status, out, err = run(lint, options, merge=False)
    found = {json.loads(line)["lint"] for line in out.splitlines()}
    is_good = found == wanted and status == (1 if wanted else 0)
    if is_good:
        return Result(name, 1, 0, "", repeat)
    text = (f"    wanted {sorted(wanted) or 'nothing'}, "
            f"found {sorted(found) or 'nothing'} (status {status});\n"
            f"    on purpose? then say so in {EXPECTED}\n{out}{err}")
    return Result(name, 0, 1, text, repeat)
