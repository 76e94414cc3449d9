// SPDX-License-Identifier: MIT
//
// A join that gives up: it is ready when all its children are, or as soon as
// one of them has failed. The others are then dropped, in declared order, in
// the same poll. In all else it is as an ant_join: the children live in the
// parent's struct and end with it, and all of it is one task.
// Tokio: tokio::try_join!.
//
//   case ORDER_START:
//       self->stock = look_up(self->item);
//       self->card = charge(self->price);
//       self->both = ant_try_join(&self->stock.base, &self->card.base);
//       return ANT_NEXT(ORDER_CHECKING);
//   case ORDER_CHECKING:
//       ANT_AWAIT(self->both);
//       if (self->both.base.result < 0)
//           return ANT_FAIL(self->both.base.result);
//
// The result is 0, or the error that was met first: polls go through the
// children as declared, so of two that fail in one poll it is the earlier one.
// `failed` says whose error it is. When it is ready without an error, all
// children have ended and their outputs can be read; otherwise only the outputs
// of those that had ended before.
//
//   function          Tokio         cancel-safe      alloc         threads
//   ant_try_join      try_join!     as its children  no            the task's
//   ant_try_join_all  try_join_all  as its children  when over 16  the task's

#ifndef ANT_COMBINE_TRY_JOIN_H
#define ANT_COMBINE_TRY_JOIN_H

#include "combine/children.h"
#include "core/future.h"

struct ant_try_join {
    ant_future base;
    ant_children children;
    unsigned start; // where the next poll begins, as in a join
    int failed;     // place of the child that failed, -1 for none
};

// Joins up to 8 futures: ant_try_join(&self->a.base, &self->b.base).
#define ant_try_join(...)                                                      \
    ANT__TRY_JOIN(ANT__CHILDREN_LISTED(#__VA_ARGS__, __VA_ARGS__))

// Joins the `count` futures that the array points to. The array has to stay
// until the join ends. Without any it is ready at once.
#define ant_try_join_all(array, count)                                         \
    ANT__TRY_JOIN(ANT__CHILDREN_ARRAY(#array, (array), (count)))

#define ANT__TRY_JOIN(...)                                                     \
    ((struct ant_try_join){ .base = ANT__NEW_BASE(ant__try_join_ops),          \
                            .children = __VA_ARGS__,                           \
                            .start = 0,                                        \
                            .failed = -1 })

extern ant_future_ops *const ant__try_join_ops;

#endif
