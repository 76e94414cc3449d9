// SPDX-License-Identifier: MIT
//
// A join is a future that is ready when all its children are. It polls them one
// after the other, in its own task: their waiting overlaps, their work does
// not. The children live in the parent's struct, beside the join, and end with
// it: dropping the join drops those that have not ended. Tokio: tokio::join!.
//
//   case TRIP_START:
//       self->anna = fetch_user(1);
//       self->ben = fetch_user(2);
//       self->both = ant_join(&self->anna.base, &self->ben.base);
//       return ANT_NEXT(TRIP_FETCHING);
//   case TRIP_FETCHING:
//       ANT_AWAIT(self->both);
//       greet(self->anna.name, self->ben.name);
//
// All children are polled to the end, also when one fails; a join that stops
// then is an ant_try_join (combine/try_join.h). The join's result is 0, or the
// error of the first child, in declared order, that failed. A child that has
// ended is not polled again; a NULL child counts as one that has.
//
// In which order? Each poll goes through the children as declared, so that what
// happens can be read off the source. Tokio turns the order with each poll, so
// that a child that uses up the task's budget does not starve those behind it.
// Here that is done only when it is needed: after a poll in which the budget
// ran out, the next one starts behind the child that took the last of it.
//
// A few children are all polled when their task is: that is cheaper than to
// know which. A join of more than 16 in an array makes one block in its first
// poll, with a waker for each, and polls only those that were woken, still as
// declared. Without memory for it, it polls them all (combine/crowd.h).
//
//   function      Tokio              cancel-safe      alloc         threads
//   ant_join      tokio::join!       as its children  no            the task's
//   ant_join_all  futures::join_all  as its children  when over 16  the task's

#ifndef ANT_COMBINE_JOIN_H
#define ANT_COMBINE_JOIN_H

#include "combine/children.h"
#include "core/future.h"

struct ant_join {
    ant_future base;
    ant_children children;
    unsigned start; // where the next poll begins
};

// Joins up to 8 futures: ant_join(&self->a.base, &self->b.base).
#define ant_join(...) ANT__JOIN(ANT__CHILDREN_LISTED(#__VA_ARGS__, __VA_ARGS__))

// Joins the `count` futures that the array points to. The array has to stay
// until the join ends. Without any it is ready at once.
#define ant_join_all(array, count)                                             \
    ANT__JOIN(ANT__CHILDREN_ARRAY(#array, (array), (count)))

#define ANT__JOIN(...)                                                         \
    ((struct ant_join){ .base = ANT__NEW_BASE(ant__join_ops),                  \
                        .children = __VA_ARGS__,                               \
                        .start = 0 })

extern ant_future_ops *const ant__join_ops;

#endif
