// SPDX-License-Identifier: MIT
//
// A select is a future that is ready when the first of its branches is. The
// others lose: they are dropped in the same poll, in declared order, after the
// winner has ended, and give back what they hold; their timers vanish, their
// places in queues are lost. Tokio: tokio::select!.
//
//   case CALL_START:
//       self->primary = fetch(PRIMARY);
//       self->limit = ant_sleep(500);
//       self->first = ant_select(&self->primary.base, &self->limit.base);
//       return ANT_NEXT(CALL_RACING);
//   case CALL_RACING:
//       ANT_AWAIT(self->first);
//       if (self->first.winner == 1) return ANT_FAIL(-ETIMEDOUT);
//
// Which branch is polled first? ant_select draws it anew in each poll, from the
// task's seeded source of chance, and goes round from there, so that of several
// that are ready each wins in its turn. ant_select_biased always goes through
// them as declared: the first that is ready wins.
//
// A branch can be switched off: by a precondition, ant_when(), which makes it
// NULL; by having ended before; or by what it ends with, when `matches` is set
// and says no. It is not polled again, and the others go on. When all are off
// the select is ready with the result -EINVAL, and the winner is
// ANT_SELECT_ELSE: that is the `else` branch.
//
//   self->first = ant_select(ant_when(self->has_line, &self->line.base),
//                            &self->quit.base);
//   self->first.matches = is_text; // an empty line does not count
//
// To keep a loser, select an ant_borrow of it (combine/borrow.h). A select must
// not outlive its branches, and like a join it owns their ends: dropping it
// drops them.
//
// How many? Eight in a call, and as many as you like in an array.
//
//   function           Tokio                cancel-safe      alloc  threads
//   ant_select         select!              as its branches  no     the task's
//   ant_select_biased  select! { biased; }  as its branches  no     the task's
//   ant_select_all     future::select_all   as its branches  no     the task's
//   ant_when           `branch, if …`       -                no     the task's

#ifndef ANT_COMBINE_SELECT_H
#define ANT_COMBINE_SELECT_H

#include <stdbool.h>

#include "combine/children.h"
#include "core/future.h"

// The winner when there is none, because all branches were switched off.
#define ANT_SELECT_ELSE (-1)

// Its result is the winner's.
struct ant_select {
    ant_future base;
    ant_children children;
    int winner; // place of the branch that was first, ANT_SELECT_ELSE before
    bool is_biased;
    // The pattern, and what it is given; NULL: whatever ends wins. May be set
    // before the first poll. Tokio: `Some(line) = rx.recv() => …`.
    ant_match_fn matches;
    void *matches_arg;
};

// Races up to 8 futures: ant_select(&self->a.base, &self->b.base).
#define ant_select(...)                                                        \
    ANT__SELECT(false, ANT__CHILDREN_LISTED(#__VA_ARGS__, __VA_ARGS__))

// As ant_select; the first that is ready, in declared order, wins.
#define ant_select_biased(...)                                                 \
    ANT__SELECT(true, ANT__CHILDREN_LISTED(#__VA_ARGS__, __VA_ARGS__))

// As ant_select for the `count` futures that the array points to. The array has
// to stay until the select ends.
#define ant_select_all(array, count)                                           \
    ANT__SELECT(false, ANT__CHILDREN_ARRAY(#array, (array), (count)))

#define ANT__SELECT(is_biased_, ...)                                           \
    ((struct ant_select){ .base = ANT__NEW_BASE(ant__select_ops),              \
                          .children = __VA_ARGS__,                             \
                          .winner = ANT_SELECT_ELSE,                           \
                          .is_biased = (is_biased_),                           \
                          .matches = NULL,                                     \
                          .matches_arg = NULL })

// A branch of a select with its precondition: without that it is dropped,
// unpolled, and NULL goes into the select. Tokio: `branch, if condition`.
ANT_MUST_USE ant_future *ant_when(bool condition, ant_future *branch);

extern ant_future_ops *const ant__select_ops;

#endif
