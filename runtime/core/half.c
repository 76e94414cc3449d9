// SPDX-License-Identifier: MIT

#include "core/half.h"

#include <string.h>

#include "core/here.h"
#include "trace/trace.h"

// Any odd number with bits all over: seals of neighbours differ widely.
#define SEAL_FACTOR UINT32_C(0x9E3779B1)
#define SEAL_MARK   UINT32_C(0x616E7466)

// Halves stand behind a pointer, so where a pointer may stand.
#define HALF_STEP sizeof(void *)

static ant_half half_of(uint32_t id)
{
    return (ant_half){ id, (id * SEAL_FACTOR) ^ SEAL_MARK };
}

void ant__halves_make(ant_resource *channel, ant_half *ret_tx, ant_half *ret_rx)
{
    *ret_tx = half_of(ant_trace_id_half());
    *ret_rx = half_of(ant_trace_id_half());
    ant_resource_made(channel, ret_tx->id, ret_rx->id);
}

ant_half ant__half_clone(ant_resource *channel)
{
    const ant_half half = half_of(ant_trace_id_half());
    ANT_TRACE(half_clone, .res = ant_resource_id(channel),
              .task = ant_task_id_here(), .half = half.id);
    return half;
}

ant_half ant__half_subscribe(ant_resource *channel)
{
    const ant_half half = half_of(ant_trace_id_half());
    ANT_TRACE(chan_open, .res = ant_resource_id(channel),
              .task = ant_task_id_here(), .tx = 0, .rx = half.id);
    return half;
}

void ant__half_drop(ant_resource *channel, ant_half half)
{
    ANT_TRACE(half_drop, .res = ant_resource_id(channel),
              .task = ant_task_id_here(), .half = half.id);
}

void ant__halves_move(const void *bytes, size_t size, uint32_t task,
                      uint32_t channel)
{
    const unsigned char *at = bytes;
    for (; size >= sizeof(ant_half); at += HALF_STEP, size -= HALF_STEP) {
        ant_half half;
        memcpy(&half, at, sizeof half);
        if (half.id == 0 || half.seal != half_of(half.id).seal) continue;
        ANT_TRACE(half_move, .half = half.id, .task = task, .into = channel);
    }
}
