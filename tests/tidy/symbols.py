# SPDX-License-Identifier: MIT
"""What the libraries export begins with the prefix of its layer.

    python3 tests/tidy/symbols.py build/obj
"""

import glob
import os
import subprocess
import sys

import tree


def main():
    findings = []
    for top in ("runtime", "modules", "viz"):
        pattern = os.path.join(sys.argv[1], top, "*", "*.o")
        for path in sorted(glob.glob(pattern)):
            source = os.path.relpath(path, sys.argv[1])[:-1] + "c"
            if os.path.exists(source):
                findings += check(path, source)
    tree.end(findings)


def check(path, source):
    """The findings in one object file."""
    prefix = (tree.layer_of(source) + "_" if source.startswith("viz/")
              else "ant_")
    output = subprocess.run(["nm", "-g", "--defined-only", path], check=True,
                            stdout=subprocess.PIPE, encoding="utf-8").stdout
    for line in output.splitlines():
        name = line.split()[-1]
        if not name.startswith(prefix) and name != "main":
            yield (f"{source}:1: name: '{name}' is known everywhere: make it "
                   f"static, or begin with {prefix}")


if __name__ == "__main__":
    main()
