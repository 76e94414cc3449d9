// SPDX-License-Identifier: MIT
//
// The schedules of a program that are still to be run, in the order in which
// they should be: first the one that always takes the oldest ready task, then
// all that differ from it in one choice, then in two, and so on. So the first
// schedule found with a failure is one with the fewest surprises in it. Every
// schedule comes once.
//
//   explore_frontier_init(&frontier, 200);
//   while (explore_frontier_next(&frontier, text, sizeof text)) {
//       …run the program under `text`, read its trail…
//       err = explore_frontier_grow(&frontier, &trail);
//   }

#ifndef VIZ_EXPLORE_FRONTIER_H
#define VIZ_EXPLORE_FRONTIER_H

#include "explore/trail.h"

// A schedule: that of `parent`, and at choice `at` place `place`.
typedef struct explore_node {
    uint32_t parent;
    uint16_t at;
    uint16_t place; // from 2
} explore_node;

typedef struct explore_frontier {
    explore_node *node;
    uint32_t count;
    uint32_t max;
    uint32_t next;       // the first that has not been given out
    uint32_t choice_max; // choices behind this one are not varied
    bool is_cut;         // some schedules were left out
} explore_frontier;

// Long enough for the text of any schedule.
#define EXPLORE_CHOICE_MAX 1000
#define EXPLORE_TEXT_MAX   (EXPLORE_CHOICE_MAX * 4 + 1)

// At first it holds one schedule, the empty one. 0 or -ENOMEM.
ANT_MUST_USE int explore_frontier_init(explore_frontier *frontier,
                                       uint32_t choice_max);
void explore_frontier_deinit(explore_frontier *frontier);

// Writes the next schedule as text; false when all have been given out.
bool explore_frontier_next(explore_frontier *frontier, char *buf, size_t size);

// Adds those that differ in one more choice from the run whose trail this is,
// that of the schedule given out last. 0 or -ENOMEM.
ANT_MUST_USE int explore_frontier_grow(explore_frontier *frontier,
                                       const explore_trail *trail);

// In how many choices the schedule given out last differs from the first one.
uint32_t explore_frontier_changes(const explore_frontier *frontier);

#endif
