#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 200 runs of a program that fans out, on four workers, each recorded and each
# accepted by the checker.
#
#   tests/stress/fanout.sh BUILD     ANTFARM_STRESS=10: 10% of the runs

set -eu
out=$1
runs=$((200 * ${ANTFARM_STRESS:-100} / 100))
trace=$(mktemp /tmp/antfarm-fanout-XXXXXX)
trap 'rm -f "$trace"' EXIT
run=0
while [ "$run" -lt "$runs" ]; do
    run=$((run + 1))
    if ! "$out/antfarm" run --flavor multi --workers 4 --trace "$trace" \
        "$out/lessons/18-work-stealing/fanout" >/dev/null 2>&1 ||
        ! "$out/antfarm" check "$trace"; then
        trap - EXIT
        echo "run $run failed; the trace is $trace" >&2
        exit 1
    fi
done >/dev/null
echo "$runs runs, each accepted"
