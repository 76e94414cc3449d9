// SPDX-License-Identifier: MIT
//
// A channel and five mock tasks, for tests of mpsc that poll by hand. The test
// makes the channel anew as often as it likes; after each test nothing may be
// left of it.

#ifndef ANT_TESTS_SUPPORT_MPSC_RIG_H
#define ANT_TESTS_SUPPORT_MPSC_RIG_H

#include <stddef.h>

#include "chan/mpsc.h"
#include "support/hand.h"

extern ant_mpsc_tx tx;
extern ant_mpsc_rx rx;
extern hand_task tasks[4]; // that send
extern hand_task eater;    // that receives

int mpsc_rig_set_up(void **state);
int mpsc_rig_tear_down(void **state);

// A new channel of ints in place of the old one.
void make(size_t capacity);

// 0 or the error.
int try_send(int value);

// The next value, or the error.
int try_recv(void);

// The test's row in its table.
#define MPSC_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, mpsc_rig_set_up, mpsc_rig_tear_down)

#endif
