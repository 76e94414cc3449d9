// SPDX-License-Identifier: MIT
//
// A crowd gives each child of a large join a waker of its own, so that a wake
// says which child it is for, and a poll goes to the woken ones only: still in
// declared order, as a row of bits has it. It is one counted block, which the
// join makes in its first poll, and which wakers may keep for longer.
//
// Why not for a few? A child that is polled for nothing costs about as much as
// a look at its waiting place, a waker of its own costs an exchange, a
// compare-and-swap and a count: from about 16 children on a crowd is cheaper,
// see tests/bench/combine.c. Below, a join polls them all.

#ifndef ANT_COMBINE_CROWD_H
#define ANT_COMBINE_CROWD_H

#include <stdint.h>

#include "combine/woken.h"
#include "core/future.h"

// A join of more children than this has a crowd.
#define ANT_CROWD_MIN 16

typedef struct ant_crowd ant_crowd;

// A crowd of `count`, all of which are to be polled; NULL without memory.
ANT_MUST_USE ant_crowd *ant__crowd_new(unsigned count);

// Marks those that were woken since the last call.
void ant__crowd_collect(ant_crowd *crowd);

// The first marked place from `from` on, `end` when there is none before it.
// Its mark is taken away.
ANT_MUST_USE unsigned ant__crowd_next(ant_crowd *crowd, unsigned from,
                                      unsigned end);

// The waker of the child at this place, borrowed for a poll that begins now.
ANT_MUST_USE ant_waker ant__crowd_waker(ant_crowd *crowd, unsigned place);

// From now on wakes of children wake the task that is polled; it is woken right
// away when there was one during this poll.
void ant__crowd_wait(ant_crowd *crowd, ant_cx *cx);

// Ends it: wakers that are left wake nobody. NULL is fine.
void ant__crowd_end(ant_crowd *crowd);

#endif
