// SPDX-License-Identifier: MIT

#include "support/trace_halves.h"

#include "support/trace_script.h"

void halves_begin(enum ant_trace_RES kind, unsigned channels, unsigned tasks)
{
    script_begin(ANT_LEVEL_SCHED);
    for (unsigned i = 1; i <= tasks; i++)
        script_spawn(i, 0, "ant", i);
    for (unsigned i = 1; i <= channels; i++) {
        script_res(i, kind, i == 1 ? "a" : "b", i);
        ANT_TRACE(chan_open, .res = i, .task = 1, .tx = 2 * i - 1, .rx = 2 * i);
    }
}

void halves_clone(unsigned channel, uint32_t task, uint32_t half)
{
    ANT_TRACE(half_clone, .res = channel, .task = task, .half = half);
}

void halves_subscribe(unsigned channel, uint32_t task, uint32_t half)
{
    ANT_TRACE(chan_open, .res = channel, .task = task, .rx = half);
}

void halves_give(uint32_t half, uint32_t task)
{
    ANT_TRACE(half_move, .half = half, .task = task);
}

void halves_drop(unsigned channel, uint32_t task, uint32_t half)
{
    ANT_TRACE(half_drop, .res = channel, .task = task, .half = half);
}

void halves_receive(unsigned channel, uint32_t task)
{
    script_poll(task, ANT_QUEUE_LOCAL);
    script_wait(channel, task, 1);
    script_poll_end(task, ANT_RESULT_PENDING);
}
