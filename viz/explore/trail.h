// SPDX-License-Identifier: MIT
//
// The trail of a run under a schedule: each choice among ready tasks that was
// made, as the trace tells it, and what became of the run.

#ifndef VIZ_EXPLORE_TRAIL_H
#define VIZ_EXPLORE_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/reader.h"

typedef struct explore_choice {
    uint32_t task;  // who was chosen
    uint32_t place; // its place in the queue, from 1
    uint32_t of;    // how many were ready
} explore_choice;

typedef struct explore_trail {
    explore_choice *choice;
    uint32_t count;
    // Where the schedule left a choice open: who is ready, oldest first.
    uint32_t *ready;
    uint32_t ready_count;
    // The task that was passed over most often in a row while it was ready.
    uint32_t passed_max;
    uint32_t passed_task;
    uint32_t panicked; // the first task that panicked, 0 for none
} explore_trail;

// Reads the trace at `path`. 0, or -errno with *ret_error filled. The trail is
// the caller's, for explore_trail_deinit.
ANT_MUST_USE int explore_trail_read(const char *path, explore_trail *ret_trail,
                                    ant_reader_error *ret_error);
void explore_trail_deinit(explore_trail *trail);

#endif
