// SPDX-License-Identifier: MIT
//
// What a worker counts about itself. Only the worker writes, so that counting
// is a load and a store of its own memory; any thread reads, and sees numbers
// that may be a moment old.

#ifndef ANT_SCHED_COUNTERS_H
#define ANT_SCHED_COUNTERS_H

#include "base/atomic.h"

typedef struct ant_worker_counters {
    ant_atomic_u64 polls;
    ant_atomic_u64 lifo_polls; // of these, out of the LIFO slot
    ant_atomic_u64 parks;
    ant_atomic_u64 unparks;
    ant_atomic_u64 steals;    // other rings that had something
    ant_atomic_u64 stolen;    // tasks taken from them
    ant_atomic_u64 overflows; // times that the own ring was full
    ant_atomic_u64 busy_ns;   // awake, until the last park
} ant_worker_counters;

static inline void ant__count(ant_atomic_u64 *counter, uint64_t more)
{
    // relaxed, and no read-modify-write: nobody else writes.
    ant_atomic_store(counter, ant_atomic_load(counter, ANT_RELAXED) + more,
                     ANT_RELAXED);
}

static inline uint64_t ant__counted(const ant_atomic_u64 *counter)
{
    return ant_atomic_load(counter, ANT_RELAXED);
}

#endif
