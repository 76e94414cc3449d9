// SPDX-License-Identifier: MIT
//
// What the trace says of a value that goes through a channel: that it went, and
// which halves of other channels went with it.
//
// The hard thing: out of line, so that a send without a recording has nothing
// of it but the question. Callers ask ant_trace_is_on() first, and hold what
// keeps the other end from saying that it has the value, or the place.

#ifndef ANT_CHAN_RECORD_H
#define ANT_CHAN_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "core/resource.h"

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
