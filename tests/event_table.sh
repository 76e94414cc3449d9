#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The table of events in docs/TRACE.md is what `antfarm events` says. Without
# --write this only looks whether it is so.
#
#   tests/event_table.sh [--write] build
set -eu
write=
if [ "$1" = --write ]; then
    write=yes
    shift
fi
build=$1
page=docs/TRACE.md

# The page with the table between its two marks taken from the program.
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
awk -v command="$build/antfarm events --markdown" '
    /^<!-- end of events -->/ { skip = 0; ends++ }
    !skip { print }
    /^<!-- events -->/ { skip = 1; begins++; print ""
        while ((command | getline line) > 0) print line
        print "" }
    END { exit !(begins == 1 && ends == 1) }' "$page" >"$fresh" || {
    echo "$page: the marks <!-- events --> and <!-- end of events --> are wrong"
    exit 1
}

cmp -s "$page" "$fresh" && exit 0
if [ -n "$write" ]; then
    cat "$fresh" >"$page"
    echo "$page is written anew"
else
    diff "$page" "$fresh" | head -n 20
    echo "$page: the table of events is old: make docs"
    exit 1
fi
