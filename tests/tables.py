# SPDX-License-Identifier: MIT
"""The table in front of each public header is whole, and the docs agree.

    python3 tests/tables.py

A table says of each function what it is called in Tokio, what is lost when its
future is dropped, whether it allocates, and which threads may call it:

  //   function        Tokio        cancel-safe  alloc  threads
  //   ant_mutex_lock  Mutex::lock  loses place  no     any

The column on cancellation may be called `cancel` for want of room. What is no
future has a dash there. All others stand on docs/CANCEL.md, under the heading
that says the same; and what loses nothing, or its place only, is made in one of
the tests that drop futures at every moment.
"""

import glob
import re
import sys

from examples import public_headers

PAGE = "docs/CANCEL.md"
DROPPERS = ["tests/conformance/cancel*.c", "tests/support/leaf*.c",
            "tests/unit/*/test_drop.c"]
HEAD = re.compile(r"//   (function) +(.*?) +(cancel|cancel-safe) +(alloc)"
                  r" +(threads)")
# What a cell says -> the heading of the page. "Not cancel-safe" is the rest.
HEADINGS = [("yes", "Cancel-safe"), ("loses place", "Loses its place"),
            ("as ", "As what is inside"), ("", "Not cancel-safe")]
NAME = r"\bant_[a-z]\w*"


def main():
    page = page_by_heading()
    dropped = "".join(code_of(path)
                      for pattern in DROPPERS for path in glob.glob(pattern))
    declared = names_in(glob.glob("runtime/*/*.h") + glob.glob("modules/*/*.h"))
    findings = []
    for header in public_headers():
        rows = list(rows_of(header))
        findings += check_rows(header, rows, declared)
        for line, cells in rows:
            if len(cells) == 5 and cells[2] != "-":
                findings += check_cancel(f"{header}:{line}", cells, page)
            if len(cells) == 5 and cells[2] in ("yes", "loses place"):
                findings += check_dropped(f"{header}:{line}", cells, dropped)
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


# --- Headers ------------------------------------------------------------------

def rows_of(header):
    """(line, [function, Tokio, cancel-safe, alloc, threads]) of its table."""
    starts = None
    for number, line in enumerate(read(header).split("\n"), 1):
        if line.startswith("//   function "):
            head = HEAD.fullmatch(line)
            starts = [head.start(i) for i in range(1, 6)] if head else [5]
        elif starts and re.match(r"//   ant_|//   ANT_", line):
            ends = starts[1:] + [None]
            yield number, [line[a:b].strip() for a, b in zip(starts, ends)]
        elif starts:
            return


def check_rows(header, rows, declared):
    """One row for each function, and every cell of it says something."""
    functions = functions_of(header)
    named = [cells[0] for _, cells in rows]
    for function in sorted(functions.difference(named)):
        yield f"{header}:3: its table has no {function}"
    for line, cells in rows:
        if len(cells) < 5 or not all(cells):
            yield f"{header}:{line}: a row has five columns (tests/tables.py)"
        name = re.match(r"\w*", cells[0]).group()
        if name.startswith("ant_") and name not in declared:
            yield f"{header}:{line}: there is no {name}"


def functions_of(header):
    """What a program can call: functions, and macros that look like one."""
    code = re.sub(r"^ .*|typedef .*", "", code_of(header), flags=re.M)
    return set(re.findall(rf"(?<!\.)({NAME})\(", code))


# --- The page ----------------------------------------------------------------

def check_cancel(where, cells, page):
    """What a row says of its future, the page says too."""
    function, cell = cells[0], cells[2]
    heading = next(text for begin, text in HEADINGS if cell.startswith(begin))
    if not is_on(function, page.get(heading, "")):
        yield f'{where}: {PAGE} does not have it under "{heading}"'


def check_dropped(where, cells, tests):
    """What a row promises is tried."""
    if not is_on(cells[0], tests):
        yield f"{where}: none of {', '.join(DROPPERS)} drops it"


def is_on(function, text):
    """The text names it."""
    name = re.escape(re.match(r"\w*", function).group())
    return re.search(rf"\b{name}\b", text) is not None


def page_by_heading():
    """Heading -> what stands under it."""
    parts = re.split(r"^## (.*)\n", read(PAGE), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def names_in(paths):
    """Every ant_name of these files."""
    return {name for path in paths for name in re.findall(NAME, read(path))}


def code_of(path):
    return re.sub(r"//.*", "", read(path))


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


if __name__ == "__main__":
    main()
