// SPDX-License-Identifier: MIT
//
// Metrics: what a runtime counts about itself, for monitoring and for tests.
// They belong to the runtime; reading them is for any thread and stops nobody,
// so the numbers may be a moment old and need not fit each other exactly.
// Tokio: RuntimeMetrics.
//
//   ant_metrics all;
//   ant_runtime_metrics(rt, &all);
//   for (uint32_t i = 0; i < all.worker_count; i++) {
//       ant_worker_metrics one;
//       ant_runtime_worker_metrics(rt, i, &one);
//       polls += one.polls;
//   }
//
// The hard thing is that counting must cost nothing: a worker counts in memory
// of its own, with plain loads and stores, and nothing is added up before
// somebody asks.
//
//   function                   Tokio                    cancel alloc threads
//   ant_runtime_metrics        Runtime::metrics         -      no    any
//   ant_runtime_worker_metrics RuntimeMetrics::worker_* -      no    any

#ifndef ANT_RT_METRICS_H
#define ANT_RT_METRICS_H

#include <stdint.h>

#include "rt/runtime.h"

typedef struct ant_metrics {
    uint32_t worker_count;
    uint64_t spawned;          // tasks ever, roots and blocking jobs too
    uint64_t alive;            // of these, not over yet
    uint64_t forced_yields;    // polls that used up their budget
    uint32_t inject_len;       // tasks in the injection queue
    uint32_t blocking_threads; // of the blocking pool
    uint32_t blocking_idle;    // of these, without a job
    uint32_t blocking_len;     // jobs without a thread
} ant_metrics;

typedef struct ant_worker_metrics {
    uint64_t polls;
    uint64_t lifo_polls; // of these, out of the LIFO slot
    uint64_t parks;
    uint64_t unparks;
    uint64_t steals;        // times that it found something in another's ring
    uint64_t stolen;        // tasks that it took there
    uint64_t overflows;     // times that its ring was full
    uint64_t busy_ns;       // awake, until it last parked
    uint64_t forced_yields; // polls here that used up their budget
    uint32_t local_len;     // tasks in its ring
} ant_worker_metrics;

// Fills in what the whole runtime counts.
void ant_runtime_metrics(ant_runtime *runtime, ant_metrics *ret_metrics);

// Fills in what one worker counts; `worker` is below worker_count.
void ant_runtime_worker_metrics(const ant_runtime *runtime, uint32_t worker,
                                ant_worker_metrics *ret_metrics);

#endif
