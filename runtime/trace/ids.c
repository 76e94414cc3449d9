// SPDX-License-Identifier: MIT
//
// Numbers for tasks, resources, timers, futures and halves of channels. Each
// kind counts from 1.

#include "base/atomic.h"
#include "trace/lanes.h"
#include "trace/trace.h"

// Relaxed: a number only has to be its own.
static ant_atomic_u32 last_task;
static ant_atomic_u32 last_res;
static ant_atomic_u32 last_timer;
static ant_atomic_u32 last_fut;
static ant_atomic_u32 last_half;
static ant_atomic_u32 last_type;

uint32_t ant_trace_id_task(void)
{
    return ant_atomic_add(&last_task, 1, ANT_RELAXED) + 1;
}

uint32_t ant_trace_id_res(void)
{
    return ant_atomic_add(&last_res, 1, ANT_RELAXED) + 1;
}

uint32_t ant_trace_id_timer(void)
{
    return ant_atomic_add(&last_timer, 1, ANT_RELAXED) + 1;
}

uint32_t ant_trace_id_fut(void)
{
    return ant_atomic_add(&last_fut, 1, ANT_RELAXED) + 1;
}

uint32_t ant_trace_id_half(void)
{
    return ant_atomic_add(&last_half, 1, ANT_RELAXED) + 1;
}

uint32_t ant_trace_id_type(void)
{
    return ant_atomic_add(&last_type, 1, ANT_RELAXED) + 1;
}

void ant_trace_ids_reset(void)
{
    // One file never uses a number twice.
    if (ant_trace_epoch() != 0) return;
    ant_atomic_store(&last_task, 0, ANT_RELAXED);
    ant_atomic_store(&last_res, 0, ANT_RELAXED);
    ant_atomic_store(&last_timer, 0, ANT_RELAXED);
    ant_atomic_store(&last_fut, 0, ANT_RELAXED);
    ant_atomic_store(&last_half, 0, ANT_RELAXED);
    ant_lanes_reset();
}

void ant__trace_id_type_reset(void)
{
    ant_atomic_store(&last_type, 0, ANT_RELAXED);
}
