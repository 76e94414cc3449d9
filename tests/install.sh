#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs into an empty prefix, then builds and runs a program there as a
# stranger would: with pkg-config and nothing else. Last it uninstalls and looks
# whether anything is left.
set -eu
build=${1:-build}

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
make --no-print-directory BUILD="$build" PREFIX="$prefix" install >/dev/null

# The program is the README's example, so that the README stays true.
# shellcheck disable=SC2016 # a fence of the page, nothing to expand
sed -n '/^```c$/,/^```$/{/^```/d;p}' README.md >"$prefix/prog.c"

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
export LD_LIBRARY_PATH="$prefix/lib"
# shellcheck disable=SC2046 # flags are words
cc "$prefix/prog.c" -o "$prefix/prog" $(pkg-config --cflags --libs antfarm)
"$prefix/prog" | grep -qx 'tea is ready'

# And once more without the shared library.
# shellcheck disable=SC2046
cc "$prefix/prog.c" -o "$prefix/prog" $(pkg-config --cflags antfarm) \
    "$prefix/lib/libantfarm.a" $(pkg-config --libs libuv zlib) -pthread -lm
LD_LIBRARY_PATH='' "$prefix/prog" | grep -qx 'tea is ready'

# A module that is on is found in the same way.
if [ -e "$prefix/lib/pkgconfig/antfarm-sqlite.pc" ]; then
    # shellcheck disable=SC2046
    cc examples/sqlite/users.c -o "$prefix/prog" \
        $(pkg-config --cflags --libs antfarm-sqlite)
    "$prefix/prog" | grep -qx 'User 1: Alice'
fi

# The lessons are there too, and an attempt can be built and judged.
(cd / && XDG_DATA_HOME="$prefix/data" "$prefix/bin/antfarm" learn 2 --judge ||
    [ $? = 1 ]) | grep -q 'not kept: order'

rm -r "$prefix/prog" "$prefix/prog.c" "$prefix/data"
make --no-print-directory BUILD="$build" PREFIX="$prefix" uninstall >/dev/null
left=$(find "$prefix" -type f -o -type l)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "a program builds from the installed files, and none is left behind"
