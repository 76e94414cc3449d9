// SPDX-License-Identifier: MIT
//
// What ends a process is tried in a child: a trap, a stall. The child runs a
// function; the test sees what it wrote to stderr and how it ended.
//
//   child_result result = child_run(stall, NULL);
//   assert_int_equal(result.status, 3);
//   assert_non_null(strstr(result.text, "stalled"));

#ifndef ANT_TESTS_SUPPORT_CHILD_H
#define ANT_TESTS_SUPPORT_CHILD_H

typedef struct child_result {
    int status;      // exit status, or minus the signal that killed it
    char text[8192]; // what it said, cut off at the end
} child_result;

// Runs body(arg) in a forked process, which exits with status 0 when it
// returns, without any cleaning up. No other thread may be running.
child_result child_run(void (*body)(void *arg), void *arg);

#endif
