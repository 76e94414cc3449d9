// SPDX-License-Identifier: MIT
//
// A failure says how a task ended that did not end well. Failures are constants
// of the process, as if they stood in its source: equal ones are one and the
// same, and none is ever given back. So a handle that nobody looks at leaks
// nothing, and to fail takes no memory. The table of them has a bound: when it
// is nearly full, what a panic said is left out, and when it is full, only the
// result is known. Any thread. Tokio: JoinError, which owns what it says.

#ifndef ANT_CORE_FAILURE_H
#define ANT_CORE_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/panic.h"

typedef struct ant_failure {
    int err; // negative errno: of ANT_FAIL, -ECANCELED, -ENOTRECOVERABLE
    bool is_panic;
    uint32_t line;
    const char *file;              // "" when it was cancelled
    char text[ANT_PANIC_TEXT_MAX]; // of ant_panic, or the name of the error
} ant_failure;

// How many different ones a process keeps, and how many of them whole.
#define ANT_FAILURES_MAX      1024
#define ANT_FAILURE_TEXTS_MAX (ANT_FAILURES_MAX / 4 * 3)

// The constant that says the same as `said`; NULL when the table is full.
const ant_failure *ant__failure_keep(const ant_failure *said);

#endif
