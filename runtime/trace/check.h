// SPDX-License-Identifier: MIT
//
// The judge of traces: feeds on the events of one trace in their order and
// reports each place where a promise of the runtime is broken. One checker for
// all: the tests, `antfarm check`, the visualizer's warnings. Each rule has a
// name; the rules are listed in docs/TRACE.md and stand in check_*.c.
//
// After lost events a rule that needs what was lost says nothing: no finding is
// false because the file is not whole.

#ifndef ANT_TRACE_CHECK_H
#define ANT_TRACE_CHECK_H

#include <stdint.h>

#include "base/macros.h"
#include "trace/reader.h"

typedef struct ant_check ant_check;

typedef struct ant_finding {
    const char *rule; // its name, for programs: "one-poller"
    uint64_t index;   // of the event that breaks it, from 0
    uint64_t t_ns;
    uint32_t task;  // whom it is about, 0 for none
    char text[256]; // in words, with names
} ant_finding;

typedef void (*ant_finding_fn)(const ant_finding *finding, void *arg);

// A checker that calls `fn` for each finding. `names` is the reader that the
// events come from. NULL: no memory.
ANT_MUST_USE ant_check *ant_check_new(const ant_reader *names,
                                      ant_finding_fn fn, void *arg);

// Judges the next event.
void ant_check_event(ant_check *check, const ant_event *event);

// The trace is over: judges what should have happened by now. Returns how many
// findings there were.
uint64_t ant_check_finish(ant_check *check);
void ant_check_free(ant_check *check);

// Reads `path` to its end and judges it. Returns the number of findings, or
// -errno with *ret_error filled. Damage is no finding; see ant_reader_damage.
int64_t ant_check_file(const char *path, ant_finding_fn fn, void *arg,
                       ant_reader_error *ret_error);

#endif
