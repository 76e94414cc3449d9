# SPDX-License-Identifier: MIT
"""The code blocks of the docs are true.

A block of a Markdown page says what it is behind its three backticks:

  c types            goes before every other block of the page
  c compile          compiles without a warning, after those before it
  c warns -Wswitch   is a mistake, and gcc warns of it so

Other blocks are fragments, and nobody looks at them.
"""

import glob
import re
import shutil
import subprocess
import sys

FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-Iruntime", "-O2", "-Wall", "-Wextra",
         "-Wno-unused-function", "-x", "c", "-c", "-", "-o", "/dev/null"]


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


def main():
    pages = sorted(glob.glob("*.md") + glob.glob("docs/*.md")
                   + glob.glob("lessons/*/*.md"))
    findings = [finding for page in pages for finding in check(page)]
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
