// SPDX-License-Identifier: MIT
//
// What tests of time begin and end with: a clock that is set by hand and a task
// that has it. In the end nobody holds the task's waker, and no timer is left.

#ifndef ANT_TESTS_SUPPORT_TIMED_H
#define ANT_TESTS_SUPPORT_TIMED_H

#include "support/hand.h"

extern hand_clock hands;
extern hand_task task;

// For cmocka_unit_test_setup_teardown.
int timed_set_up(void **state);
int timed_tear_down(void **state);

#endif
