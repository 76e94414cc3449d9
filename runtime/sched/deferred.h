// SPDX-License-Identifier: MIT
//
// The tasks of one worker that have yielded, oldest first: they wait until it
// has nothing else to poll and has looked at timers and I/O. Only the worker
// itself touches them. Tokio: runtime::scheduler::defer.
//
// The hard thing is a hundred thousand of them. What was polled so long ago is
// in no cache, and in a list each task is found through the one before, so the
// processor waits for memory once for each. So there are several lists that
// take turns, and it fetches as many tasks at a time.

#ifndef ANT_SCHED_DEFERRED_H
#define ANT_SCHED_DEFERRED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "core/task_block.h"

#define ANT_DEFERRED_LISTS 8u // a power of two

typedef struct ant_deferred {
    // linked by link.next; where the next task goes, and comes from
    ant_task *first[ANT_DEFERRED_LISTS];
    ant_task *last[ANT_DEFERRED_LISTS];
    uint32_t in;
    uint32_t out;
} ant_deferred;

static inline uint32_t ant_deferred_len(const ant_deferred *deferred)
{
    return deferred->in - deferred->out;
}

static inline void ant_deferred_push(ant_deferred *deferred, ant_task *task)
{
    const uint32_t turn = deferred->in++ % ANT_DEFERRED_LISTS;
    task->link.next = NULL;
    if (deferred->first[turn] == NULL)
        deferred->first[turn] = task;
    else
        deferred->last[turn]->link.next = task;
    deferred->last[turn] = task;
}

// Takes the `max` oldest tasks, or all: a chain linked by link.next, NULL when
// there are none.
ANT_MUST_USE static inline ant_task *ant_deferred_take(ant_deferred *deferred,
                                                       uint32_t max)
{
    const uint32_t len = ant_deferred_len(deferred);
    ant_task *chain = NULL;
    ant_task **end = &chain;
    for (uint32_t left = len < max ? len : max; left > 0; left--) {
        const uint32_t turn = deferred->out++ % ANT_DEFERRED_LISTS;
        ant_task *task = deferred->first[turn];
        deferred->first[turn] = task->link.next;
        *end = task;
        end = &task->link.next;
    }
    *end = NULL;
    return chain;
}

#endif
