// SPDX-License-Identifier: MIT
//
// Who has the halves of a channel: whoever waits for a value waits for those
// who could send one, and whoever waits for room, or until nobody receives, for
// those who do.
//
// The hard thing: a half changes hands by assignment, and of that the trace
// tells only what the recorder has found: a half in a future that was spawned,
// in a value that was sent. So the whole run is asked whether it makes sense:
// where a task sends, receives or gives up what it never had, some half has
// gone a way that nobody saw, and of that channel nothing is known at all.
//
// All of it is in the model and does not change.

#ifndef VIZ_MODEL_HALVES_H
#define VIZ_MODEL_HALVES_H

#include "model/snapshot.h"

// Which halves a wait for a channel is at the mercy of.
typedef enum model_other_side {
    MODEL_SIDE_UNKNOWN,
    MODEL_SIDE_SENDERS,
    MODEL_SIDE_RECEIVERS,
} model_other_side;

// Of a row of waits: not for a value nor for room, but until nobody receives
// from the channel any more.
bool model_wait_is_for_end(const ant_model *model, uint32_t wait);

// Of a row of waits, at the snapshot's moment.
model_other_side model_other_side_of(const ant_snapshot *world, uint32_t wait);

// The halves on that side at that moment, newest first: begin with 0; returns 0
// after the last.
uint32_t model_half_next(const ant_snapshot *world, uint32_t wait,
                         model_other_side side, uint32_t half);

// The task that has the half at the snapshot's moment, or that receives from
// the channel that it is in; 0 when nobody knows. *ret_event is since when.
uint32_t model_half_task(const ant_snapshot *world, uint32_t half,
                         uint32_t *ret_event);

// Whether those on that side are all there are. The senders of a channel of
// which nothing was handed on, and whose maker does not send, may well be
// shared by a pointer, with somebody who has not needed them yet; unless the
// runtime itself has said that nobody is left.
bool model_side_is_sure(const ant_model *model, uint32_t res,
                        model_other_side side);

// Whether the wait ends in the recording before its runtime shuts down, by
// whatever: then it was no wait for ever, however it looked.
bool model_wait_is_ended(const ant_model *model, uint32_t wait);

#endif
