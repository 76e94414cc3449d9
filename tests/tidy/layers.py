# SPDX-License-Identifier: MIT
"""Includes go down only: the directed graph of layers.txt, as a test."""

import os

import tree

HERE = os.path.dirname(os.path.abspath(__file__))


def read_graph():
    """layer -> the set of layers that it may include, itself too."""
    below = {}
    with open(os.path.join(HERE, "layers.txt"), encoding="utf-8") as stream:
        for line in stream:
            line = line.split("#", 1)[0].strip()
            if line:
                layer, names = line.split(":")
                below[layer.strip()] = names.split()
    return {layer: reach(below, layer, ()) for layer in below}


def reach(below, layer, path):
    """The layer and everything under it."""
    if layer in path:
        raise SystemExit("layers.txt goes in a circle: " + " ".join(path))
    seen = {layer}
    for lower in below[layer]:
        seen |= reach(below, lower, path + (layer,))
    return seen


def check(file, graph):
    """The findings in one file."""
    if file.layer == "tests":
        return
    if file.layer not in graph:
        yield f"{file.path}:1: layer: add '{file.layer}' to layers.txt"
        return
    for number, name, is_quoted in file.includes():
        if not is_quoted:
            continue
        where = f"{file.path}:{number}: layer:"
        if name != "antfarm.h" and "/" not in name:
            yield f"{where} include \"{name}\" with its layer, as \"x/{name}\""
            continue
        layer = "antfarm" if name == "antfarm.h" else name.split("/")[0]
        if layer not in graph[file.layer]:
            yield (f"{where} {file.layer} may not include {layer}; "
                   "pass a function instead")


def main():
    graph = read_graph()
    tree.end([finding for file in tree.files()
              for finding in check(file, graph)])


if __name__ == "__main__":
    main()
