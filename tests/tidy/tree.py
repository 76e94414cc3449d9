# SPDX-License-Identifier: MIT
"""The source tree as the checks see it: which files, which layer, which lines.

A check is a program that prints findings, one a line, `file:line: rule: what to
do`, and ends with status 1 when there are any.
"""

import os
import re
import sys

TOPS = ("runtime", "modules", "viz", "lessons", "examples", "tests")


class File:
    """One C file: its path from the top, its layer, and its lines."""

    def __init__(self, path):
        self.path = path
        self.layer = layer_of(path)
        self.is_header = path.endswith(".h")
        with open(path, encoding="utf-8", newline="") as stream:
            self.text = stream.read()
        self.lines = self.text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.blanked = list(blank_strings(self.lines))
        self.code = [strip(line) for line in self.blanked]

    def includes(self):
        """(line number, name, is it in quotes) of every #include."""
        for number, line in enumerate(self.lines, 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if found:
                yield number, found.group(2), found.group(1) == '"'


def files():
    """Every C file of the tree, in the order of their paths."""
    for top in TOPS:
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield File(os.path.join(folder, name))


def layer_of(path):
    """runtime/core/task.h -> core; runtime/antfarm.h -> antfarm."""
    parts = path.split(os.sep)
    if parts[0] in ("lessons", "examples", "tests"):
        return parts[0]
    if len(parts) == 2:
        return "antfarm"
    return parts[1]


def blank_strings(lines):
    """The lines with the insides of strings and characters blanked out."""
    literal = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
    for line in lines:
        if re.match(r"\s*#\s*include", line):
            yield line
        else:
            yield literal.sub(lambda m: m.group(0)[0] * 2, line)


def strip(line):
    """The line without its comment."""
    line = re.sub(r"/\*.*?\*/", "", line)
    return line.split("//", 1)[0].rstrip()


def end(findings):
    """Prints the findings and ends the program."""
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
