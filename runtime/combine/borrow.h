// SPDX-License-Identifier: MIT
//
// A borrow polls another future and leaves its end to somebody else: dropping
// the borrow drops nothing. With it a select can lose a race and the loser goes
// on in the next one. Tokio: `&mut future` in select!.
//
//   case PUMP_START:
//       self->deadline = ant_sleep(50);
//       self->first = next_race(self);
//       return ANT_NEXT(PUMP_RACING);
//   case PUMP_RACING:
//       ANT_AWAIT(self->first);
//       if (self->first.winner == 1) return ANT_READY; // the time is up
//       self->first = next_race(self);
//       return ANT_NEXT(PUMP_RACING);
//
//   // In next_race(): a new stroke each time, and always the same deadline.
//   self->stroke = ant_sleep(20);
//   self->lent = ant_borrow(&self->deadline.base);
//   return ant_select_biased(&self->stroke.base, &self->lent.base);
//
// Mind: a future that is lent out but not polled any more keeps what it has,
// such as its place in the queue of a lock, or the lock itself. And since the
// default drop knows only the awaited child, the struct that holds the borrowed
// future drops it in a drop function of its own.
//
//   function    Tokio        cancel-safe  alloc  threads
//   ant_borrow  &mut future  yes          no     the task's

#ifndef ANT_COMBINE_BORROW_H
#define ANT_COMBINE_BORROW_H

#include "core/future.h"

// Its result is that of the borrowed future.
struct ant_borrow {
    ant_future base;
    const char *name; // of the borrowed future in the source
    ant_future *future;
    unsigned line; // of the call
};

// Polls `future`, which has not ended and lives longer.
#define ant_borrow(future) ant__borrow((future), #future, __LINE__)

ANT_MUST_USE struct ant_borrow ant__borrow(ant_future *future, const char *name,
                                           unsigned line);

#endif
