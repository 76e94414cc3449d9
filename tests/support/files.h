// SPDX-License-Identifier: MIT
//
// Descriptors of the test's process: whoever opens some gives them all back.

#ifndef ANT_TESTS_SUPPORT_FILES_H
#define ANT_TESTS_SUPPORT_FILES_H

// How many are open now.
int fd_count(void);

// For how many the kernel has room now, without growing its table.
int fd_room(void);

// A group's setup for cmocka: what libuv opens once in a process is open.
int fd_group_set_up(void **state);

#endif
