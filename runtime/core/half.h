// SPDX-License-Identifier: MIT
//
// A half of a channel, as the recorder knows it: the number by which the trace
// tells one sender from another. It stands in each half and goes where that
// goes; nobody but the recorder looks at it. Any thread.
//
// The hard thing: halves go to other tasks by assignment, which nobody hears
// of. So a half is made to be found: where a future is spawned and where a
// value is sent, the bytes are searched for halves, and each that is there has
// changed hands. What goes another way, behind a pointer, is not seen; the
// reader notices when a task uses a half that it was never given.
//
// Without a recording none of this is called: callers ask ant_trace_is_on().

#ifndef ANT_CORE_HALF_H
#define ANT_CORE_HALF_H

#include <stddef.h>
#include <stdint.h>

#include "core/resource.h"

// {0} while nothing is recorded.
typedef struct ant_half {
    uint32_t id;
    uint32_t seal; // follows from the id: by this it is found among bytes
} ant_half;

// The two halves of a channel that is being made.
void ant__halves_make(ant_resource *channel, ant_half *ret_tx,
                      ant_half *ret_rx);

// One more sender of that channel, or one more receiver.
ant_half ant__half_clone(ant_resource *channel);
ant_half ant__half_subscribe(ant_resource *channel);

// Its owner gives it up.
void ant__half_drop(ant_resource *channel, ant_half half);

// The halves among these bytes go to a task, or with a value into a channel;
// the other one is 0.
void ant__halves_move(const void *bytes, size_t size, uint32_t task,
                      uint32_t channel);

#endif
