// SPDX-License-Identifier: MIT
//
// What ends a process is tried in a child: a trap, a stall. The child runs a
// function; the test sees what it wrote to stderr and how it ended.
//
//   child_result result = child_run(stall, NULL);
//   assert_int_equal(result.status, 3);
//   assert_says(result, "stalled");

#ifndef ANT_TESTS_SUPPORT_CHILD_H
#define ANT_TESTS_SUPPORT_CHILD_H

typedef struct child_result {
    int status;      // exit status, or minus the signal that killed it
    char text[8192]; // what it said, cut off at the end
} child_result;

// Runs body(arg) in a forked process, which exits with status 0 when it
// returns, without any cleaning up. No other thread may be running.
child_result child_run(void (*body)(void *arg), void *arg);

// These words are in what it said. A macro, so that a failure names the test's
// line; needs <string.h> and <cmocka.h>.
#define assert_says(result, words)                                             \
    do {                                                                       \
        if (strstr((result).text, (words)) == NULL)                            \
            fail_msg("'%s' is not in: %s", (words), (result).text);            \
    } while (0)

#endif
