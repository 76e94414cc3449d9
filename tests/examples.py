# SPDX-License-Identifier: MIT
"""The code blocks of the docs and the examples of the headers are true.

    python3 tests/examples.py build

A block of a Markdown page says what it is behind its three backticks:

  c types            goes before every other block of the page
  c compile          compiles without a warning, after those before it
  c warns -Wswitch   is a mistake, and gcc warns of it so

Other blocks are fragments, and nobody looks at them.

The example of a public header, the first indented block of its comment, stands
in tests/examples/<layer>/<header>.c: paragraph by paragraph, word by word. make
builds that program; here it runs and has to end with status 0.
"""

import glob
import os
import re
import shutil
import subprocess
import sys

FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-Iruntime", "-Imodules", "-O2", "-Wall", "-Wextra",
         "-Wno-unused-function", "-x", "c", "-c", "-", "-o", "/dev/null"]
# Public, but in antfarm.h only as far as a program needs them.
PUBLIC_LAYERS = ("mock",)


def main():
    out = sys.argv[1]
    pages = sorted(glob.glob("*.md") + glob.glob("docs/*.md")
                   + glob.glob("lessons/*/*.md"))
    findings = [finding for page in pages for finding in check(page)]
    for header in public_headers():
        findings += check_header(header, example_of(header))
    for program in sorted(glob.glob("tests/examples/*/*.c")):
        findings += check_run(program, out)
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


# --- Pages --------------------------------------------------------------------

def compile_text(compiler, text):
    """What the compiler says. What nobody uses it would not look at."""
    for name in re.findall(r"^ANT_ASYNC\w*\((\w+)", text, re.M):
        text += f"ant_future_ops *{name}_used = &{name}_ops;\n"
    done = subprocess.run([compiler] + FLAGS, input=text, encoding="utf-8",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    return done.stdout


def check(page):
    """The findings on one page."""
    with open(page, encoding="utf-8") as stream:
        text = stream.read()
    types = code = ""
    for block in re.finditer(r"^```c (\w+) ?(\S*)\n(.*?)^```$", text,
                             re.M | re.S):
        kind, option, body = block.groups()
        number = text.count("\n", 0, block.start()) + 2
        body = f'#line {number} "{page}"\n{body}'
        if kind == "types":
            types += body
        elif kind == "compile":
            code += body
        elif kind == "warns":
            if f"[{option}]" not in compile_text("gcc", types + body):
                yield f"{page}:{number}: gcc does not say [{option}]"
        else:
            yield f"{page}:{number}: what is a block of '{kind}'?"
    for compiler in filter(shutil.which, ("gcc", "clang")):
        if code:
            yield from compile_text(compiler, types + code).splitlines()


# --- Headers ------------------------------------------------------------------

def public_headers():
    """What a program includes: through antfarm.h, or by name."""
    with open("runtime/antfarm.h", encoding="utf-8") as stream:
        names = re.findall(r'^#include "(.*)"', stream.read(), re.M)
    headers = {"runtime/" + name for name in names}
    for layer in PUBLIC_LAYERS:
        headers.update(glob.glob(f"runtime/{layer}/*.h"))
    headers.update(header for header in glob.glob("modules/*/*.h")
                   if is_called_by_programs(header))
    return sorted(headers)


def is_called_by_programs(header):
    """It declares more than functions of the inside, which are ant__x()."""
    with open(header, encoding="utf-8") as stream:
        code = re.sub(r"//.*", "", stream.read())
    return re.search(r"\bant_[a-z]\w*\(", code)


def example_of(header):
    """runtime/sync/mutex.h -> tests/examples/sync/mutex.c"""
    return "tests/examples/" + header.split("/", 1)[1][:-1] + "c"


def check_header(header, program):
    """The findings on one header's example."""
    if not os.path.exists(program):
        yield f"{header}:3: write {program}, with the example of its comment"
        return
    with open(program, encoding="utf-8") as stream:
        text = words(stream.read())
    paragraphs = list(example_paragraphs(header))
    if not paragraphs:
        yield f"{header}:3: its comment has no example"
    for number, lines in paragraphs:
        if words("\n".join(lines)) not in text:
            yield f"{header}:{number}: these lines are not in {program}"


def example_paragraphs(header):
    """(line number, lines) of each part of the first indented block."""
    with open(header, encoding="utf-8") as stream:
        lines = stream.read().split("\n")[2:]
    paragraph = []
    has_begun = False
    for number, line in enumerate(lines, 3):
        if line.startswith("//   ") and not is_table(line, paragraph):
            paragraph.append(line[2:])
            has_begun = True
            continue
        if paragraph:
            yield number - len(paragraph), paragraph
            paragraph = []
        if has_begun and line != "//" or not line.startswith("//"):
            return


def is_table(line, paragraph):
    """The head of the table: the word, and what Tokio says."""
    return not paragraph and re.match(r"//   \w+ {2,}([Tt]okio|sqlx)",
                                      line)


def words(text):
    """The text without its line breaks, indentation and comment signs."""
    return " ".join(text.replace("//", " ").split())


def check_run(program, out):
    """The program was built, and says with its status that all is well."""
    path = os.path.join(out, program[:-2])
    module = program.split("/")[2]
    if (os.path.exists(f"modules/{module}")
            and not os.path.exists(f"{out}/libantfarm-{module}.a")):
        return  # it is off
    if not os.path.exists(path):
        yield f"{program}:1: not built: make examples"
        return
    try:
        done = subprocess.run([path], stdin=subprocess.DEVNULL, timeout=60,
                              stdout=subprocess.PIPE, encoding="utf-8",
                              stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired:
        yield f"{program}:1: it does not end"
        return
    if done.returncode != 0:
        yield f"{program}:1: ended with status {done.returncode}\n{done.stdout}"


if __name__ == "__main__":
    main()
