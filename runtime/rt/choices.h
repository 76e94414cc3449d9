// SPDX-License-Identifier: MIT
//
// A schedule: which task a simulated worker polls next, choice by choice. A
// choice is made whenever more than one task is ready, and names one of them by
// its place in the run queue, from 1 for the one that has waited longest:
//
//   2.1.3    the second, then the first, then the third; from then on the first
//   2.1.?    ends the program (status 4) where the third choice would be made
//   2.*      from the second choice on, the seed decides
//
// So "" is the order without a schedule. One schedule and one program give one
// run: it can be recorded, changed at one place, and run again. The worker's
// thread.

#ifndef ANT_RT_CHOICES_H
#define ANT_RT_CHOICES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"

typedef struct ant_choices {
    const char *next; // what is left of the text
    uint32_t made;    // choices so far
    uint64_t misfit;  // the place asked for when it did not exist
    ant_rng rng;      // for '*'
} ant_choices;

typedef enum ant_chosen {
    ANT_CHOSEN,        // *ret_place says which
    ANT_CHOSEN_NONE,   // the schedule ends here: '?'
    ANT_CHOSEN_MISFIT, // it asks for a place that does not exist: `misfit`
} ant_chosen;

// Is this text a schedule?
bool ant__choices_are_valid(const char *text);

// The choices of a valid text, which must outlive them.
ant_choices ant__choices(const char *text, uint64_t seed);

// Chooses among `count` ready tasks: *ret_place is 0 for the oldest.
ant_chosen ant__choices_next(ant_choices *choices, uint32_t count,
                             uint32_t *ret_place);

#endif
