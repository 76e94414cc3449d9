// SPDX-License-Identifier: MIT
//
// Two ends of a connection, for operations (support/trial.h) on the first one.
// It may be stuffed: then it takes no byte until the other end was drained, and
// what comes out behind the stuffing is kept.

#ifndef ANT_TESTS_SUPPORT_PLUG_H
#define ANT_TESTS_SUPPORT_PLUG_H

#include <stddef.h>

#include "io/io.h"

// {0} when it was handed on, to whoever closes it.
extern ant_io plug_end[2];

// Set-ups.
int plug_open(void);
int plug_open_stuffed(void);
// Stuffed with so many bytes less. The system may find room for more.
int plug_open_with_room(size_t room);

// A supply: reads all that there is now at the second end.
int plug_drain(void);

// Says that at the second end. 0 or -errno.
int plug_say(const char *bytes, size_t len);

// Drains, and gives what has come so far, without the stuffing; there is a 0
// behind it.
const char *plug_heard(size_t *ret_len);

void plug_close(void);

#endif
