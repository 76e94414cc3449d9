#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The same seed makes the same trace, byte for byte, whoever compiled the
# program: runs each lesson of two builds in the simulator and compares.
set -eu
one=$1
other=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
for source in lessons/[0-9]*/*.c; do
    [ -e "$source" ] || continue
    program=${source%.c}
    for build in "$one" "$other"; do
        ANTFARM_FLAVOR=sim ANTFARM_SEED=7 \
            ANTFARM_TRACE="$work/$(basename "$build").ant" \
            "$build/$program" >/dev/null 2>&1 || [ $? = 3 ]
    done
    cmp "$work/$(basename "$one").ant" "$work/$(basename "$other").ant" || {
        echo "$program: the traces of $one and $other differ"
        exit 1
    }
    count=$((count + 1))
done
echo "$count lesson programs, the same bytes from $one and $other"
