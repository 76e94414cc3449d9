// SPDX-License-Identifier: MIT
//
// A yield lets everybody else who is runnable go first: it is pending once, and
// its task comes back behind all the others. It is for long computations, which
// would otherwise keep their worker to themselves. Tokio: task::yield_now.
//
//   case SIEVE_START:
//       if (sieve_some(&self->primes)) return ANT_READY;
//       self->turn = ant_yield_now();
//       return ANT_NEXT(SIEVE_YIELDING);
//   case SIEVE_YIELDING:
//       ANT_AWAIT(self->turn);
//       return ANT_NEXT(SIEVE_START);
//
//   function       Tokio            cancel-safe  alloc  threads
//   ant_yield_now  task::yield_now  yes          no     the task's

#ifndef ANT_COMBINE_YIELD_H
#define ANT_COMBINE_YIELD_H

#include <stdbool.h>

#include "core/future.h"

struct ant_yield_now {
    ant_future base;
    bool has_yielded;
};

extern ant_future_ops *const ant__yield_now_ops;

// Is pending once, ready in the next poll.
ANT_MUST_USE static inline struct ant_yield_now ant_yield_now(void)
{
    struct ant_yield_now yield;
    yield.base = (ant_future)ANT__NEW_BASE(ant__yield_now_ops);
    yield.has_yielded = false;
    return yield;
}

#endif
