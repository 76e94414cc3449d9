// SPDX-License-Identifier: MIT
//
// The trace of a real run with as many tasks and workers as the test wants, in
// the simulator: each task sleeps, takes one of eight locks, sleeps while it
// has it, so many rounds, and goes. One recording at a time.

#ifndef ANT_TESTS_SUPPORT_CROWD_H
#define ANT_TESTS_SUPPORT_CROWD_H

#include <stdint.h>

// Records it and returns the path of the file, or NULL when that failed.
const char *crowd_record(uint32_t tasks, uint32_t workers, uint32_t rounds);

// Removes the file of the last crowd_record.
void crowd_remove(void);

#endif
