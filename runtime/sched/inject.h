// SPDX-License-Identifier: MIT
//
// The injection queue: one FIFO for all workers, under a lock, for tasks that
// come from threads that are no worker and for what overflows a full ring.
// Tasks are linked through themselves, so that pushing never allocates.

#ifndef ANT_SCHED_INJECT_H
#define ANT_SCHED_INJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/os.h"
#include "core/task.h"

typedef struct ant_inject {
    // any thread, atomic
    ant_atomic_u32 len;
    // under lock
    ant_os_mutex lock;
    ant_task *first;
    ant_task *last;
    bool is_closed;
} ant_inject;

// An empty queue; nothing allocates.
void ant_inject_init(ant_inject *inject);
void ant_inject_deinit(ant_inject *inject);

// Appends one task, or a chain of `count` linked through `next`.
void ant_inject_push(ant_inject *inject, ant_task *task);
void ant_inject_push_chain(ant_inject *inject, ant_task *first, ant_task *last,
                           uint32_t count);

// Takes up to `max` of the oldest as a chain; *ret_count says how many.
ant_task *ant_inject_pop_chain(ant_inject *inject, uint32_t max,
                               uint32_t *ret_count);

// Shutdown: forgets what is queued and ignores what will be pushed. The tasks
// are in the scheduler's books all the same.
void ant_inject_close(ant_inject *inject);

// How many there are, without the lock: a worker that is about to sleep asks
// again after it has said so.
static inline uint32_t ant_inject_len(const ant_inject *inject)
{
    // acquire: pairs with the release of the push.
    return ant_atomic_load(&inject->len, ANT_ACQUIRE);
}

#endif
