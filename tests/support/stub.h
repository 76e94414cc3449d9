// SPDX-License-Identifier: MIT
//
// A stub is a future that does what the test tells it: it is pending until it
// is allowed to end, takes as much of the budget as it is told to, and writes
// down what happened to it. For testing what polls other futures.

#ifndef ANT_TESTS_SUPPORT_STUB_H
#define ANT_TESTS_SUPPORT_STUB_H

#include <stdbool.h>

#include "core/future.h"

typedef struct stub_log {
    char text[128]; // a letter for each thing that happened
    unsigned len;
} stub_log;

struct stub {
    ant_future base;
    char letter; // 'a': polls are logged as a, its end as A, its drop as -
    stub_log *log;
    bool may_end;
    int result;   // when it may end
    int appetite; // operations of the budget that each poll takes, or tries to
    unsigned poll_count;
    unsigned drop_count;
};

// A stub that logs as `letter` (small).
ANT_MUST_USE struct stub stub(char letter, stub_log *log);

#endif
