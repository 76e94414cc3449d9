# SPDX-License-Identifier: MIT
"""Every link and picture in a Markdown file leads to a file that is there."""

import glob
import os
import re

import tree


def pages():
    """The Markdown files of the tree."""
    found = glob.glob("*.md")
    for top in tree.TOPS + ("docs", "assets"):
        found += glob.glob(top + "/**/*.md", recursive=True)
    return sorted(found)


def check(page):
    """The findings on one page."""
    with open(page, encoding="utf-8") as stream:
        text = re.sub(r"```.*?```", lambda m: "\n" * m.group(0).count("\n"),
                      stream.read(), flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:|#", target):
                continue
            path = os.path.join(os.path.dirname(page), target.split("#")[0])
            if not os.path.exists(path):
                yield f"{page}:{number}: link: there is no {target}"


def main():
    tree.end([finding for page in pages() for finding in check(page)])


if __name__ == "__main__":
    main()
