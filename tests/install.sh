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

cat >"$prefix/prog.c" <<'END'
#include <antfarm.h>
#include <stdio.h>

struct hello {
    ant_future base;
    enum { HELLO_START, HELLO_SLEEPING } state;
    struct ant_sleep nap;
};

ANT_ASYNC(hello)
{
    switch (self->state) {
    case HELLO_START:
        self->nap = ant_sleep(1);
        return ANT_NEXT(HELLO_SLEEPING);

    case HELLO_SLEEPING:
        ANT_AWAIT(self->nap);
        puts("installed and awake");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct hello hello(void)
{
    return (struct hello){ ANT_INIT(hello) };
}

ANT_MAIN(hello())
END

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
export LD_LIBRARY_PATH="$prefix/lib"
# shellcheck disable=SC2046 # flags are words
cc "$prefix/prog.c" -o "$prefix/prog" $(pkg-config --cflags --libs antfarm)
"$prefix/prog" | grep -qx 'installed and awake'

# And once more without the shared library.
# shellcheck disable=SC2046
cc "$prefix/prog.c" -o "$prefix/prog" $(pkg-config --cflags antfarm) \
    "$prefix/lib/libantfarm.a" $(pkg-config --libs libuv zlib) -pthread -lm
LD_LIBRARY_PATH='' "$prefix/prog" | grep -qx 'installed and awake'

rm "$prefix/prog" "$prefix/prog.c"
make --no-print-directory BUILD="$build" PREFIX="$prefix" uninstall >/dev/null
left=$(find "$prefix" -type f -o -type l)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "a program builds from the installed files, and none is left behind"
