#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Makes what assets/ and the lessons show, from the lesson programs in the
# simulator with seed 7, so that everyone who runs this gets the same bytes:
#
#   tests/assets.sh traces build    assets/traces/LESSON-PROGRAM.ant
#   tests/assets.sh shots build     the pictures of assets/shots.txt
#   tests/assets.sh shots build 20  those of lesson 20 and of its programs
set -eu
what=$1
build=$2
only=${3:-}

# Records a lesson's program, or one of examples/. One that stalls (status 3) is
# worth a picture too.
record() { # PROGRAM TRACE [WORKERS]
    path=lessons/$1
    case $1 in examples/*) path=$1 ;; esac
    "$build/antfarm" run --flavor sim --workers "${3:-1}" --seed 7 \
        --trace "$2" \
        "$build/$path" >/dev/null 2>&1 || [ $? = 3 ]
}

make_traces() {
    mkdir -p assets/traces
    for source in lessons/[0-9]*/*.c; do
        program=${source#lessons/}
        program=${program%.c}
        record "$program" "assets/traces/$(echo "$program" | tr / -).ant"
    done
    ls -l assets/traces
}

# The options with "--first WORD" as the number of the first event whose JSON
# has that word: numbers change with the runtime, words do not.
find_first() { # TRACE OPTIONS
    case $2 in
    *--first*)
        word=${2##*--first }
        event=$("$build/antfarm" dump --json "$1" |
            sed -n "/\"${word%% *}\"/{s/^{\"i\":\([0-9]*\),.*/\1/p;q}")
        echo "$2" | sed "s/--first [^ ]*/--event $event/"
        ;;
    *) echo "$2" ;;
    esac
}

# The options with "--other PROGRAM" as a recording of that program.
find_other() { # FOLDER WORKERS OPTIONS
    case $3 in
    *--other*)
        program=${3##*--other }
        program=${program%% *}
        trace=$1/$(basename "$program").ant
        record "$program" "$trace" "$2"
        echo "$3" | sed "s|--other [^ ]*|$trace|"
        ;;
    *) echo "$3" ;;
    esac
}

make_shots() {
    folder=$(mktemp -d)
    trap 'rm -r "$folder"' EXIT
    grep -v -e '^#' -e '^$' assets/shots.txt | grep -e "${only:+[ /]$only-}" |
        while read -r picture program workers options; do
            trace=$folder/$(basename "$program").ant
            record "$program" "$trace" "$workers"
            options=$(find_first "$trace" "$options")
            options=$(find_other "$folder" "$workers" "$options")
            mkdir -p "$(dirname "$picture")"
            for theme in $(themes_of "$picture"); do
                # shellcheck disable=SC2046 # options are words
                draw "$trace" "$(echo "$picture" | sed "s/@/$theme/")" \
                    $(echo "$options" | sed "s/@/$theme/")
            done
        done
}

# An @ in the name of a picture asks for one in each theme.
themes_of() { # PICTURE
    case $1 in
    *@*) echo dark light projector ;;
    *) echo - ;;
    esac
}

# Where pngquant is at hand the file becomes a fourth as large.
draw() { # TRACE PICTURE OPTION...
    from=$1
    to=$2
    shift 2
    "$build/antfarm" render "$from" -o "$to" "$@"
    if command -v pngquant >/dev/null; then
        pngquant --force --ext .png 64 -- "$to"
    fi
    echo "$to"
}

case $what in
traces) make_traces ;;
shots) make_shots ;;
esac
