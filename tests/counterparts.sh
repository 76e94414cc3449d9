#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Our programs beside those that everybody knows: what one writes the other can
# read, and both come to the same result.
#
#   tests/counterparts.sh build
set -eu
out=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "$1"
    exit 1
}

has() { # COMMAND MODULE: is the one here, and the other on?
    command -v "$1" >/dev/null || fail "no $1: ./.ci/setup check"
    [ -z "$2" ] || [ -e "$out/libantfarm-$2.a" ]
}

if has sqlite3 sqlite; then
    db=$folder/users.db
    USERS_DB=$db "$out/examples/sqlite/users" >/dev/null
    rows=$(sqlite3 "$db" 'SELECT id, name FROM users; PRAGMA integrity_check')
    [ "$rows" = "1|Alice
2|Bob
3|O'Neill
ok" ] || fail "sqlite3 reads something else: $rows"
    [ "$(sqlite3 "$db" 'PRAGMA journal_mode')" = wal ] || fail "not WAL"
    # And the other way round.
    sqlite3 "$db" "INSERT INTO users (name) VALUES ('Zoe')"
    [ "$(sqlite3 "$db" 'SELECT count(*) FROM users')" = 4 ] || fail "no Zoe"
    echo "sqlite3 reads our database"
fi

if has convert ''; then
    mkdir "$folder/from" "$folder/to"
    convert -size 200x100 gradient:red-blue -depth 8 "$folder/from/a.ppm"
    convert -size 640x480 plasma:fractal -depth 8 "$folder/from/b.ppm"
    convert -size 2x2 xc:white -depth 8 "$folder/from/c.ppm"
    PICTURES_FROM=$folder/from PICTURES_TO=$folder/to ANTFARM_FLAVOR=multi \
        "$out/examples/pipeline/pictures" | grep -q '^3 pictures' ||
        fail "not three pictures"
    for name in a b c; do
        convert "$folder/from/$name.ppm" -scale 50% "$folder/half.ppm"
        off=$(compare -metric PAE "$folder/half.ppm" "$folder/to/$name.ppm" \
            null: 2>&1) || fail "$name.ppm is not what convert makes: $off"
    done
    echo "convert makes the same pictures"
fi
