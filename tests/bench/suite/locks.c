// SPDX-License-Identifier: MIT
//
// Workloads: the mutex, by one task and by many.

#include <stdlib.h>

#include "bench/suite/bench.h"

struct locking {
    ant_future base;
    enum { LOCKING_NEXT, LOCKING_WAIT, LOCKING_YIELD } state;
    uint64_t i;
    uint64_t times;
    uint64_t yield_every; // 0: never
    ant_mutex *mutex;
    uint64_t *counter;
    struct ant_mutex_lock lock;
    struct ant_yield_now yield;
};

ANT_ASYNC(locking)
{
    for (;;) {
        switch (self->state) {
        case LOCKING_NEXT:
            if (self->i == self->times) return ANT_READY;
            self->lock = ant_mutex_lock(self->mutex);
            self->state = LOCKING_WAIT;
            __attribute__((fallthrough));
        case LOCKING_WAIT:
            ANT_AWAIT(self->lock);
            ++*self->counter;
            self->i++;
            self->state = LOCKING_NEXT;
            if (self->yield_every != 0 && self->i % self->yield_every == 0) {
                self->yield = ant_yield_now();
                self->state = LOCKING_YIELD;
            } else {
                ant_mutex_unlock(self->mutex);
            }
            break;
        case LOCKING_YIELD:
            ANT_AWAIT(self->yield);
            ant_mutex_unlock(self->mutex);
            self->state = LOCKING_NEXT;
            break;
        }
    }
}

typedef struct locks {
    ant_runtime *rt;
    struct bench_rounds rounds;
    uint64_t times;
    uint64_t yield_every;
    uint64_t counter;
    ant_mutex mutex;
} locks;

static struct ant_join_handle spawn_locking(void *arg, uint64_t i)
{
    (void)i;
    locks *run = arg;
    return ant_spawn((struct locking){
        ANT_INIT(locking),
        .times = run->times,
        .yield_every = run->yield_every,
        .mutex = &run->mutex,
        .counter = &run->counter,
    });
}

static void timed_locks(void *arg, bench_sample *sample)
{
    locks *run = arg;
    run->counter = 0;
    bench_time_rounds(run->rt, &run->rounds, sample);
    if (run->counter != run->times * run->rounds.count)
        bench_check(-EPROTO, "the mutex lets two in at once");
}

static void run_locks(const bench_args *args, uint64_t tasks, uint64_t times,
                      uint64_t yield_every)
{
    locks run = {
        .rt = bench_runtime(args->workers),
        .times = times,
        .yield_every = yield_every,
    };
    ant_mutex_init(&run.mutex, "counter");
    run.rounds = bench_rounds(1, tasks, spawn_locking, &run);
    bench_run(args, tasks * times, timed_locks, &run);
    bench_rounds_free(&run.rounds);
    ant_mutex_deinit(&run.mutex);
    ant_runtime_free(run.rt);
}

static void mutex_contended(const bench_args *args)
{
    const uint64_t tasks = bench_option(args, "tasks", 64);
    run_locks(args, tasks, bench_ops(args, 640000) / tasks, 16);
}

static void mutex_uncontended(const bench_args *args)
{
    run_locks(args, 1, bench_ops(args, 10000000), 0);
}

const bench_workload bench_of_locks[] = {
    { "mutex_contended", mutex_contended,
      "lock, add, unlock; 64 tasks, each 16th time with a yield" },
    { "mutex_uncontended", mutex_uncontended, "lock, add, unlock; 1 task" },
    { 0 },
};
