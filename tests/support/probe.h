// SPDX-License-Identifier: MIT
//
// A probe is a future that follows a script and reports to a watch outside of
// it: how often it was polled, when it was dropped, and a clone of its waker.
// Each poll goes on in the script until a letter that returns:
//
//   w  wakes itself          .  returns PENDING
//   k  keeps its waker       R  returns READY, as does the script's end
//   y  yields                F  fails with -EIO
//   a  aborts its own task   !  panics with "boom"
//
//   probe_watch watch = { .script = "wwwww." }; // two polls in all
//   struct ant_join_handle handle = executor_spawn(&ex, probe(&watch));

#ifndef ANT_TESTS_SUPPORT_PROBE_H
#define ANT_TESTS_SUPPORT_PROBE_H

#include <stdbool.h>

#include "core/task.h"

typedef struct probe_watch {
    const char *script;
    const struct ant_join_handle *handle; // for 'a', and to look at the end
    bool panics_on_drop;
    // What happened.
    unsigned poll_count;
    unsigned drop_count;
    bool was_finished_on_drop; // is_finished said so while it was destroyed
    ant_waker kept;
} probe_watch;

struct probe {
    ant_future base;
    probe_watch *watch;
    unsigned answer; // an output: 42 when READY
};

ANT_MUST_USE struct probe probe(probe_watch *watch);

#endif
