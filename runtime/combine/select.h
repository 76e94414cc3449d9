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
// A branch that is NULL, or has ended before, is switched off; when all are,
// the select is ready at once with the result -EINVAL and no winner. To keep a
// loser, select an ant_borrow of it (combine/borrow.h). A select must not
// outlive its branches, and like a join it owns their ends: dropping it drops
// them.
//
//   function           Tokio                cancel-safe      alloc  threads
//   ant_select         select!              as its branches  no     the task's
//   ant_select_biased  select! { biased; }  as its branches  no     the task's
//   ant_select_all     future::select_all   as its branches  no     the task's

#ifndef ANT_COMBINE_SELECT_H
#define ANT_COMBINE_SELECT_H

#include <stdbool.h>

#include "combine/children.h"
#include "core/future.h"

// Its result is the winner's.
struct ant_select {
    ant_future base;
    ant_children children;
    int winner; // place of the branch that was first, -1 before
    bool is_biased;
};

// Races up to 8 futures: ant_select(&self->a.base, &self->b.base).
#define ant_select(...)                                                        \
    ant__select(ant__children_listed(#__VA_ARGS__, ANT__LIST(__VA_ARGS__),     \
                                     ANT__LIST_LEN(__VA_ARGS__)),              \
                false)

// As ant_select; the first that is ready, in declared order, wins.
#define ant_select_biased(...)                                                 \
    ant__select(ant__children_listed(#__VA_ARGS__, ANT__LIST(__VA_ARGS__),     \
                                     ANT__LIST_LEN(__VA_ARGS__)),              \
                true)

// As ant_select for the `count` futures that the array points to. The array has
// to stay until the select ends.
#define ant_select_all(array, count)                                           \
    ant__select(ant__children_array(#array, (array), (count)), false)

ANT_MUST_USE struct ant_select ant__select(ant_children children,
                                           bool is_biased);

#endif
