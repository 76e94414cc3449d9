// SPDX-License-Identifier: MIT
//
// A trace file of a test, recorded in a virtual time that the test sets. For
// cmocka: a test that records has recording_setup and recording_teardown as its
// setup and teardown; the file is gone afterwards, and so is all memory.

#ifndef ANT_TESTS_SUPPORT_RECORDING_H
#define ANT_TESTS_SUPPORT_RECORDING_H

#include <stdint.h>

#include "trace/reader.h"

// The clock, and what it says.
extern uint64_t recording_ns;
uint64_t recording_now(void *arg);

// The file's path.
const char *recording_path(void);

// Only makes a path, of an empty file.
int recording_setup_path(void **state);

// Makes a path and starts to record, at time 0.
int recording_setup(void **state);

// Starts to record again into the same path, at time `ns`.
void recording_start(uint64_t ns);

// Stops, removes the file, and fails when some memory was not given back.
int recording_teardown(void **state);

// Stops and opens what was recorded.
ant_reader *recording_open(void);

// Stops. The checker has nothing to say about what was recorded, or one thing.
void recording_expect_fine(void);
void recording_expect_finding(const char *rule, const char *text);

#endif
