#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tables in the docs that a program can print are what it prints: the events in
# docs/TRACE.md, the keys in docs/VIZ.md, the lints in docs/LINTS.md, the parts
# and beliefs of the course in lessons/README.md. Each stands between two marks.
# Without --write this only looks whether it is so.
#
#   tests/event_table.sh [--write] build
set -eu
write=
if [ "$1" = --write ]; then
    write=yes
    shift
fi
build=$1
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT

# The page with what stands between <!-- NAME --> and <!-- end of NAME --> taken
# from the program.
table() { # PAGE NAME COMMAND
    awk -v command="$3" -v name="$2" '
        $0 == "<!-- end of " name " -->" { skip = 0; ends++ }
        !skip { print }
        $0 == "<!-- " name " -->" { skip = 1; begins++; print ""
            while ((command | getline line) > 0) print line
            print "" }
        END { exit !(begins == 1 && ends == 1) }' "$1" >"$fresh" || {
        echo "$1: the marks <!-- $2 --> and <!-- end of $2 --> are wrong"
        exit 1
    }
    cmp -s "$1" "$fresh" && return
    if [ -n "$write" ]; then
        cat "$fresh" >"$1"
        echo "$1 is written anew"
    else
        diff "$1" "$fresh" | head -n 20
        echo "$1: the table of $2 is old: make docs"
        exit 1
    fi
}

table docs/TRACE.md events "$build/antfarm events --markdown"
table docs/VIZ.md keys "$build/antfarm view --keys"
table docs/LINTS.md lints "$build/antfarm lint --markdown"
table lessons/README.md contents "$build/antfarm course contents"
