# SPDX-License-Identifier: MIT
"""Builds the models, explores them, and tries them on mutants.

    python3 tests/model/run.py --out build --cc gcc [--only idle]

Each model is compiled with the files that it is about, with atomics and locks
that are steps of the explorer. It must find nothing. Then these are compiled
once more for each mutant of mutants.txt, a small and typical mistake, and the
model must find it: a model that finds no mistakes proves nothing.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

MODELS = {
    "queue": "runtime/sched/local_queue.c",
    "task_state": "runtime/core/task_state.c",
    "idle": "runtime/sched/idle.c",
    "mpsc": "runtime/chan/mpsc_queue.c",
    "timers": "runtime/time/timers.c runtime/time/wheel.c "
              "runtime/core/waker_slot.c",
}
ALWAYS = ["tests/model/explore.c", "runtime/base/assert.c",
          "runtime/base/fiber.c", "runtime/base/mem.c"]
FLAGS = ("-std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wpedantic -Wshadow "
         "-Wconversion -Wsign-conversion -Wmissing-prototypes "
         "-Itests/model/shim -Iruntime -Itests "
         "-DANT_LOCAL_QUEUE_MAX=4u -DANT_MPSC_BLOCK_LEN=2u").split()


def main():
    parser = argparse.ArgumentParser(description="Explores the models.")
    parser.add_argument("--out", default="build", help="where make built")
    parser.add_argument("--cc", default="gcc")
    parser.add_argument("--only", default="", help="one model")
    options = parser.parse_args()
    options.out = os.path.join(options.out, "tests/model")
    os.makedirs(options.out, exist_ok=True)

    names = [name for name in MODELS if options.only in ("", name)]
    passed = failed = 0
    for name in names:
        results = [explore(name, options)]
        results += [try_mutant(name, mutant, options)
                    for mutant in mutants() if mutant["model"] == name]
        passed += results.count(True)
        failed += results.count(False)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def mutants():
    """Paragraphs of mutants.txt: a line `model: what is wrong`, a file, and
    lines of the file (`-`) with what stands in their place (`+`)."""
    with open("tests/model/mutants.txt", encoding="utf-8") as file:
        text = re.sub(r"^#.*\n", "", file.read(), flags=re.M)
    for paragraph in text.strip().split("\n\n"):
        head, path, *lines = paragraph.splitlines()
        model, what = head.split(": ", 1)
        old = "\n".join(line[1:] for line in lines if line[0] == "-")
        new = "\n".join(line[1:] for line in lines if line[0] == "+")
        yield {"model": model, "what": what, "path": path,
               "old": old, "new": new}


def explore(name, options):
    program = os.path.join(options.out, name)
    build(program, sources(name), options)
    done = subprocess.run([program], capture_output=True, text=True)
    print(done.stdout, end="", flush=True)
    return done.returncode == 0


def try_mutant(name, mutant, options):
    with open(mutant["path"], encoding="utf-8") as file:
        text = file.read()
    if text.count(mutant["old"]) != 1:
        print(f"mutant '{mutant['what']}': its lines stand "
              f"{text.count(mutant['old'])} times in {mutant['path']}")
        return False
    # A header is found in the mutant's tree before the real one.
    tree = os.path.join(options.out, "mutant")
    copy = os.path.join(tree, os.path.relpath(mutant["path"], "runtime")
                        if mutant["path"].endswith(".h")
                        else os.path.basename(mutant["path"]))
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(os.path.dirname(copy))
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text.replace(mutant["old"], mutant["new"]))
    program = os.path.join(options.out, name + "_mutant")
    files = [copy if path == mutant["path"] else path
             for path in sources(name)]
    build(program, files, options, ["-w", "-I" + tree])
    done = subprocess.run([program], capture_output=True, text=True)
    is_found = done.returncode != 0
    print(f"  {name} mutant, {mutant['what']}: "
          f"{'found' if is_found else 'NOT FOUND'}", flush=True)
    return is_found


def sources(name):
    return [f"tests/model/{name}.c", *MODELS[name].split()] + ALWAYS


def build(program, files, options, more=()):
    subprocess.run([options.cc, *more, *FLAGS, *files, "-o", program],
                   check=True)


if __name__ == "__main__":
    main()
