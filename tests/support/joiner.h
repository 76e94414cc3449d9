// SPDX-License-Identifier: MIT
//
// What tests of join handles and sets begin and end with: an executor for the
// tasks, and a task by hand that waits for them. In the end nobody holds its
// waker, and every block was given back.

#ifndef ANT_TESTS_SUPPORT_JOINER_H
#define ANT_TESTS_SUPPORT_JOINER_H

#include "support/executor.h"
#include "support/hand.h"

extern executor ex;
extern hand_task waiter;
extern uint64_t joiner_blocks; // of memory, before the test

// For cmocka_unit_test_setup_teardown.
int joiner_set_up(void **state);
int joiner_tear_down(void **state);

#endif
