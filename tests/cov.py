# SPDX-License-Identifier: MIT
"""Lines that ran, file by file and in all, from what gcov knows.

    python3 tests/cov.py build/gcc-cov/obj
"""

import collections
import glob
import gzip
import json
import subprocess
import sys


def main():
    counts = collections.defaultdict(dict)
    pattern = sys.argv[1] + "/**/*.gcda"
    for data in sorted(glob.glob(pattern, recursive=True)):
        for path, line, count in lines(data):
            seen = counts[path].get(line, 0)
            counts[path][line] = seen + count
    total = ran = 0
    for path in sorted(counts):
        here = sum(1 for count in counts[path].values() if count)
        total += len(counts[path])
        ran += here
        show(path, here, len(counts[path]))
    show("all", ran, total)


def lines(data):
    """(path, line, how often it ran) of our own files."""
    output = subprocess.run(["gcov", "--json-format", "--stdout", data],
                            check=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL).stdout
    if output[:2] == b"\x1f\x8b":
        output = gzip.decompress(output)
    for file in json.loads(output)["files"]:
        if file["file"].startswith(("runtime/", "viz/")):
            for line in file["lines"]:
                yield file["file"], line["line_number"], line["count"]


def show(name, ran, total):
    share = 100 * ran / total if total else 0
    print(f"{name:<44} {ran:6} of {total:6}  {share:5.1f} %")


if __name__ == "__main__":
    main()
