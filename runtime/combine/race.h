// SPDX-License-Identifier: MIT
//
// A race is ready when the first of its runners is; the others are dropped in
// the same poll, in declared order. It is a select without its ifs and elses,
// for several ways to the same answer: ask three servers, take what comes
// first. A select_ok is a race that only a success can win. The runners live in
// the parent's struct, or in an array of the caller, and end with the race.
// futures: race, select_ok.
//
//   case ASK_START:
//       self->near = ask("near", 3);
//       self->far = ask("far", 800);
//       self->first = ant_race(&self->near.base, &self->far.base);
//       return ANT_NEXT(ASK_RACING);
//   case ASK_RACING:
//       ANT_AWAIT(self->first);
//       self->answer =
//           self->first.winner == 0 ? self->near.server : self->far.server;
//
// A race is as fair as a select: of several that are ready in one poll any may
// win, as the task's seeded source of chance has it. Its result is the
// winner's, also when that failed.
//
// A select_ok polls in declared order. A runner that fails is out, and the
// others go on; when all have failed, the result is the error that came last.
//
//   function       Tokio, futures      cancel-safe     alloc  threads
//   ant_race       race                as its runners  no     the task's
//   ant_race_all   race of a list      as its runners  no     the task's
//   ant_select_ok  futures::select_ok  as its runners  no     the task's

#ifndef ANT_COMBINE_RACE_H
#define ANT_COMBINE_RACE_H

#include "combine/children.h"
#include "core/future.h"

// Without any runner it is ready at once, with the result -EINVAL.
struct ant_race {
    ant_future base;
    ant_children children;
    int winner; // its place; -1 before
};

struct ant_select_ok {
    ant_future base;
    ant_children children;
    int winner; // its place; -1 when all have failed
    int last;   // place of the one that ended last, -1 for none
};

// Races up to 8 futures: ant_race(&self->a.base, &self->b.base).
#define ant_race(...) ANT__RACE(ANT__CHILDREN_LISTED(#__VA_ARGS__, __VA_ARGS__))

// Races the `count` futures that the array points to. The array has to stay
// until the race ends.
#define ant_race_all(array, count)                                             \
    ANT__RACE(ANT__CHILDREN_ARRAY(#array, (array), (count)))

// As ant_race_all; the first one wins whose result is not an error.
#define ant_select_ok(array, count)                                            \
    ((struct ant_select_ok){                                                   \
        .base = ANT__NEW_BASE(ant__select_ok_ops),                             \
        .children = ANT__CHILDREN_ARRAY(#array, (array), (count)),             \
        .winner = -1,                                                          \
        .last = -1 })

#define ANT__RACE(...)                                                         \
    ((struct ant_race){ .base = ANT__NEW_BASE(ant__race_ops),                  \
                        .children = __VA_ARGS__,                               \
                        .winner = -1 })

extern ant_future_ops *const ant__race_ops;
extern ant_future_ops *const ant__select_ok_ops;

#endif
