# SPDX-License-Identifier: MIT
"""The page docs/side-by-side.md shows what stands in examples/tokio.

    python3 tests/side_by_side.py [--write]

A sample of the page stands between two marks:

  <!-- sample basic -->    examples/tokio/basic.rs, then basic.c
  <!-- end of sample -->

Between them this puts both texts and their numbers of lines, which are those
that are neither empty nor a comment alone. It fails when the page is old, and
when the C form is not what it claims to be: more than 2.5 times as long as the
Rust form, with a cast in it, or with control flow that a macro of its own hides.
"""

import re
import sys

PAGE = "docs/side-by-side.md"
FOLDER = "examples/tokio"
RATIO_MAX = 2.5
SAMPLES_MIN = 10
SAMPLE = re.compile(r"^<!-- sample (\w+) -->\n.*?^<!-- end of sample -->$",
                    re.M | re.S)
# A type in parentheses before an operand; (struct x){ … } is a value, no cast.
CAST = re.compile(r"(?<![\w\])])(?<!if )(?<!while )(?<!for )(?<!switch )"
                  r"\((?:const |unsigned |struct |enum )*[a-zA-Z_]\w*"
                  r"(?: const)?[ *]*\)\s*(?=[\w(&*\"'~-])")
HIDDEN = re.compile(r"#define \w+\(|\bgoto\b|\b\w*setjmp\b|\blongjmp\b")


def main():
    with open(PAGE, encoding="utf-8") as stream:
        page = stream.read()
    names = SAMPLE.findall(page)
    findings = [finding for name in names for finding in judge(name)]
    if len(set(names)) < SAMPLES_MIN:
        findings.append(f"{PAGE}: {len(set(names))} samples, and "
                        f"{SAMPLES_MIN} are promised")
    fresh = SAMPLE.sub(lambda found: block(found.group(1)), page)
    if fresh != page and sys.argv[1:] == ["--write"]:
        with open(PAGE, "w", encoding="utf-8") as stream:
            stream.write(fresh)
        print(f"{PAGE} is written anew")
    elif fresh != page:
        findings.append(f"{PAGE}: the samples are old: make docs")
    print("\n".join(findings))
    sys.exit(1 if findings else 0)


def judge(name):
    """What is wrong with the C form of one sample."""
    path = f"{FOLDER}/{name}.c"
    ratio = count(text_of(name, "c")) / count(text_of(name, "rs"))
    if ratio > RATIO_MAX:
        yield (f"{path}: {ratio:.2f} times the lines of the Rust form, and "
               f"{RATIO_MAX} is the most")
    for number, line in enumerate(text_of(name, "c").split("\n"), 1):
        line = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("//", 1)[0])
        if CAST.search(line):
            yield f"{path}:{number}: a cast"
        if HIDDEN.search(line):
            yield f"{path}:{number}: control flow that is not seen"


def block(name):
    """What stands between the marks of one sample, and the marks."""
    rust, c = text_of(name, "rs"), text_of(name, "c")
    ratio = count(c) / count(rust)
    return (f"<!-- sample {name} -->\n"
            f"Rust, {count(rust)} lines:\n\n```rust\n{body(rust)}```\n\n"
            f"C, {count(c)} lines, {ratio:.1f} times as many "
            f"([{name}.c](../{FOLDER}/{name}.c)):\n\n"
            f"```c\n{body(c)}```\n"
            "<!-- end of sample -->")


def text_of(name, ending):
    with open(f"{FOLDER}/{name}.{ending}", encoding="utf-8") as stream:
        return stream.read()


def body(text):
    """A text without the comment that it begins with."""
    return re.sub(r"\A(//.*\n)+\n", "", text)


def count(text):
    """Lines of code."""
    return sum(1 for line in text.split("\n")
               if line.split("//", 1)[0].strip())


if __name__ == "__main__":
    main()
