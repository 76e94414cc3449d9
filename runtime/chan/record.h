// SPDX-License-Identifier: MIT
//
// What the trace says of a channel: which halves come and go, which values go
// through it, and which halves of other channels go with them.
//
// The hard thing: all of it is out of line, so that a channel without a
// recording has nothing of it but the question. The functions here that are
// inline ask it; of a value callers ask ant_trace_is_on() first, and hold what
// keeps the other end from saying that it has the value, or the place.

#ifndef ANT_CHAN_RECORD_H
#define ANT_CHAN_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "core/half.h"
#include "core/here.h"
#include "core/resource.h"
#include "trace/trace.h"

// ---- Halves: {0} while nothing is recorded ----

// The channel is made with these two.
static inline void ant__chan_made(ant_resource *channel, ant_half *ret_tx,
                                  ant_half *ret_rx)
{
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        ant__halves_make(channel, ret_tx, ret_rx);
}

static inline ant_half ant__chan_add_tx(ant_resource *channel)
{
    if (!ant_trace_is_on(ANT_LEVEL_SCHED)) return (ant_half){ 0 };
    return ant__half_clone(channel);
}

static inline ant_half ant__chan_add_rx(ant_resource *channel)
{
    if (!ant_trace_is_on(ANT_LEVEL_SCHED)) return (ant_half){ 0 };
    return ant__half_subscribe(channel);
}

// Its owner gives it up.
static inline void ant__chan_remove(ant_resource *channel, ant_half half)
{
    if (half.id != 0) ant__half_drop(channel, half);
}

// The last half of one side is gone, or that side has said that it is done.
static inline void ant__chan_closed(ant_resource *channel)
{
    ANT_TRACE(chan_close, .res = ant_resource_id(channel),
              .task = ant_task_id_here());
}

// ---- Values ----

typedef struct ant__chan_value {
    const void *bytes;
    size_t size;
} ant__chan_value;

// `len` values are inside then.
void ant__chan_sent(ant_resource *channel, ant__chan_value value, uint32_t task,
                    size_t len);
void ant__chan_received(ant_resource *channel, ant__chan_value value,
                        uint32_t task, size_t len);

#endif
