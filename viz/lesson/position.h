// SPDX-License-Identifier: MIT
//
// Where a run has come to, in words: which tasks there are, why each is where
// it is, and what happened on the way. It is what somebody has to know who says
// which task is next. All texts live in the caller's arena.

#ifndef VIZ_LESSON_POSITION_H
#define VIZ_LESSON_POSITION_H

#include "base/arena.h"
#include "explore/trail.h"
#include "model/model.h"

typedef struct position_task {
    uint32_t id;
    uint32_t place;   // from 1, of those that can be chosen; 0: it cannot
    uint8_t state;    // model_task_state
    const char *name; // "9 clerk"
    const char *why;  // "waits for the end of 2 clerk"
} position_task;

typedef struct lesson_position {
    position_task *task; // not over; those that can be chosen come first
    uint32_t count;
} lesson_position;

// The tasks just after `event`; `trail` says which can be chosen there, and may
// be NULL. 0 or -ENOMEM.
ANT_MUST_USE int lesson_position_at(const ant_model *model, uint32_t event,
                                    const explore_trail *trail,
                                    ant_arena *arena,
                                    lesson_position *ret_position);

// The first event after choice number `choice`; 0 for choice 0.
uint32_t lesson_position_since(const ant_model *model, uint32_t choice);

// The next of the sentences that tell what tasks do to each other, from *event
// on; *event is behind it then. False when there is no other.
bool lesson_position_told(const ant_model *model, uint32_t *event, char *buf,
                          size_t size);

#endif
