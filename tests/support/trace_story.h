// SPDX-License-Identifier: MIT
//
// For the tests of what looks at a trace: opens a story of trace_script.h as a
// model, and checks that nothing is left behind.

#ifndef ANT_TESTS_SUPPORT_TRACE_STORY_H
#define ANT_TESTS_SUPPORT_TRACE_STORY_H

#include "model/why.h"

// Opens the trace that was just written; fails the test when it cannot.
ant_model *story_open(const char *path);

// As story_open for the bytes of the trace, changed by the caller.
ant_model *story_open_bytes(const void *bytes, size_t len);

// Closes the model and removes the file.
void story_close(ant_model *model);

// The `n`th event of a kind (0 is the first), which must exist.
uint32_t story_event(const ant_model *model, ant_event_kind kind, unsigned n);

// The states of a track as letters, e.g. "nPtrP" for a task.
const char *story_states(const ant_model *model, model_track_kind kind,
                         uint32_t row);

// A trace at one moment, with who waits for whom there.
typedef struct story_moment {
    ant_model *model;
    ant_snapshot world;
    model_waitfor graph;
} story_moment;

// Opens the trace and looks at it just after `event` (MODEL_NONE: at its end).
void story_look(story_moment *ret_moment, const char *path, uint32_t event);

// Ends the script and looks at its end.
void story_look_at_end(story_moment *ret_moment);
void story_look_away(story_moment *moment); // closes the trace

// Is `task` in the knot, and not only behind it?
bool story_is_core(const story_moment *moment, uint32_t task);

// Fails unless this is why `task` is where it is at that moment.
void story_expect_why(const story_moment *moment, uint32_t task,
                      const char *text);

// Why `task` is where it is just after `event`; valid until the next call.
const model_reason *story_why(ant_model *model, uint32_t task, uint32_t event);

// The teardown of a test, or of all: removes the trace, if it is still there,
// and fails when memory was not given back.
int nothing_is_left(void **state);

#endif
