// SPDX-License-Identifier: MIT
//
// Cooperation: a task may do a number of operations (ANT_BUDGET) in one poll,
// then the next one is pending and the task has to let the others go first. A
// receive, a lock, a timer takes one by itself. These functions are for code
// that does its own kind of operation, and for code that must not be
// interrupted. They belong to the task that is polled. Tokio:
// tokio::task::coop.
//
//   case COUNTER_START:
//       if (self->count++ == 1000) return ANT_READY;
//       self->turn = ant_consume_budget();
//       return ANT_NEXT(COUNTER_PAYING);
//   case COUNTER_PAYING:
//       ANT_AWAIT(self->turn);
//       return ANT_NEXT(COUNTER_START);
//
// That counts at most 128 in one poll. An unconstrained future is one that the
// budget does not stop; use it with care, it can keep a worker to itself. The
// hard thing: it takes from the same budget as long as there is one, and what
// it took is given back at the end of each of its polls, so that the futures
// beside it are treated as if it had not been there.
//
//   function                  Tokio                 cancel-safe  alloc  threads
//   ant_consume_budget        consume_budget        yes          no     task's
//   ant_unconstrained         unconstrained         as inner     no     task's
//   ant_has_budget_remaining  has_budget_remaining  -            no     any

#ifndef ANT_TASK_COOP_H
#define ANT_TASK_COOP_H

#include <stdbool.h>

#include "core/future.h"

// READY when one operation was paid for: at once, or in the next poll.
struct ant_consume_budget {
    ant_future base;
};

// READY when the future in it is, with its result.
struct ant_unconstrained {
    ant_future base;
    const char *name; // of the future in the source
    ant_future *inner;
};

// Takes one operation from the budget of the task; yields when none is left.
ANT_MUST_USE struct ant_consume_budget ant_consume_budget(void);

// Polls `inner`, which lives beside it and ends with it, without a budget.
#define ant_unconstrained(inner) ant__unconstrained((inner), #inner)

// Would the next operation of this task succeed? Outside of tasks it would.
ANT_MUST_USE bool ant_has_budget_remaining(void);

ANT_MUST_USE struct ant_unconstrained ant__unconstrained(ant_future *inner,
                                                         const char *name);

#endif
