// SPDX-License-Identifier: MIT
//
// Workloads: tasks that are parked, and what one weighs.

#include <stdlib.h>
#include <time.h>

#include "base/atomic.h"
#include "bench/suite/bench.h"

typedef struct idle {
    ant_runtime *rt;
    uint64_t count;
    ant_notify notify;
    ant_oneshot_tx *tx;    // of each task, when they wait for oneshots
    ant_atomic_u64 parked; // tasks that have begun and not ended
    double begin;
    double parked_seconds;
} idle;

static void count_by(idle *run, uint64_t by)
{
    // relaxed: only counted; the rounds' join orders what matters.
    (void)ant_atomic_add(&run->parked, by, ANT_RELAXED);
}

// ---- Tasks that wait for one notification ----

struct waits_notify {
    ant_future base;
    enum { WAITS_START, WAITS_PARKED } state;
    idle *run;
    struct ant_notified notified;
};

ANT_ASYNC(waits_notify)
{
    switch (self->state) {
    case WAITS_START:
        count_by(self->run, 1);
        self->notified = ant_notified(&self->run->notify);
        return ANT_NEXT(WAITS_PARKED);
    case WAITS_PARKED:
        ANT_AWAIT(self->notified);
        count_by(self->run, UINT64_MAX);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// ---- Tasks that each wait for a oneshot of their own ----

struct waits_oneshot {
    ant_future base;
    enum { WAITS_ONE_START, WAITS_ONE_PARKED } state;
    char value;
    idle *run;
    ant_oneshot_rx rx;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(waits_oneshot)
{
    switch (self->state) {
    case WAITS_ONE_START:
        count_by(self->run, 1);
        self->recv = ant_oneshot_recv(&self->rx, &self->value);
        return ANT_NEXT(WAITS_ONE_PARKED);
    case WAITS_ONE_PARKED:
        ANT_AWAIT(self->recv);
        ant_oneshot_rx_drop(&self->rx);
        count_by(self->run, UINT64_MAX);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void spawn_one(idle *run, uint64_t i)
{
    struct ant_join_handle handle;
    if (run->tx != NULL) {
        struct waits_oneshot waits = { ANT_INIT(waits_oneshot), .run = run };
        bench_check(ant_oneshot_new(1, &run->tx[i], &waits.rx), "a oneshot");
        handle = ant_spawn(waits);
    } else {
        handle = ant_spawn(
            (struct waits_notify){ ANT_INIT(waits_notify), .run = run });
    }
    ant_task_detach(&handle);
}

// ---- The two halves of a repetition ----

struct park_all {
    ant_future base;
    enum { PARK_SPAWN, PARK_YIELD } state;
    idle *run;
    struct ant_yield_now yield;
};

ANT_ASYNC(park_all)
{
    idle *run = self->run;
    switch (self->state) {
    case PARK_SPAWN:
        for (uint64_t i = 0; i < run->count; i++)
            spawn_one(run, i);
        self->yield = ant_yield_now();
        return ANT_NEXT(PARK_YIELD);
    case PARK_YIELD:
        ANT_AWAIT(self->yield);
        // relaxed: see count_by.
        if (ant_atomic_load(&run->parked, ANT_RELAXED) < run->count) {
            self->yield = ant_yield_now();
            return ANT_NEXT(PARK_YIELD);
        }
        run->parked_seconds = bench_now() - run->begin;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct wake_all {
    ant_future base;
    enum { WAKE_CALL, WAKE_YIELD } state;
    idle *run;
    struct ant_yield_now yield;
};

ANT_ASYNC(wake_all)
{
    idle *run = self->run;
    const char value = 0;
    switch (self->state) {
    case WAKE_CALL:
        for (uint64_t i = 0; run->tx != NULL && i < run->count; i++)
            bench_check(ant_oneshot_send(&run->tx[i], &value), "a send");
        ant_notify_waiters(&run->notify);
        self->yield = ant_yield_now();
        return ANT_NEXT(WAKE_YIELD);
    case WAKE_YIELD:
        ANT_AWAIT(self->yield);
        // relaxed: see count_by.
        if (ant_atomic_load(&run->parked, ANT_RELAXED) == 0) return ANT_READY;
        self->yield = ant_yield_now();
        return ANT_NEXT(WAKE_YIELD);
    }
    ANT_UNREACHABLE();
}

static void timed_idle(void *arg, bench_sample *sample)
{
    idle *run = arg;
    const uint64_t before_kib = bench_rss_kib();
    bench_start(sample);
    run->begin = bench_now();
    bench_check(
        ant_runtime_block_on(
            run->rt, (struct park_all){ ANT_INIT(park_all), .run = run }),
        "parking");
    // All have counted themselves; the last may still be inside of its poll.
    nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    const uint64_t parked_kib = bench_rss_kib();
    const double wake_begin = bench_now();
    bench_check(
        ant_runtime_block_on(
            run->rt, (struct wake_all){ ANT_INIT(wake_all), .run = run }),
        "waking");
    const double wake_seconds = bench_now() - wake_begin;
    bench_stop(sample);

    const double count = (double)run->count;
    bench_add(sample, "first_rss_bytes_per_task",
              ((double)parked_kib - (double)before_kib) * 1024 / count);
    bench_add(sample, "spawn_park_ns_per_task",
              run->parked_seconds * 1e9 / count);
    bench_add(sample, "wake_finish_ns_per_task", wake_seconds * 1e9 / count);
}

static void run_idle(const bench_args *args, bool has_oneshots)
{
    const uint64_t count = bench_ops(args, 1000000);
    idle run = { .rt = bench_runtime(args->workers), .count = count };
    ant_notify_init(&run.notify, "idle");
    if (has_oneshots) run.tx = bench_alloc(count, sizeof *run.tx);
    bench_run(args, count, timed_idle, &run);
    ant_runtime_free(run.rt);
    ant_notify_deinit(&run.notify);
    free(run.tx);
}

static void mem_idle(const bench_args *args)
{
    run_idle(args, false);
}

static void mem_idle_oneshot(const bench_args *args)
{
    run_idle(args, true);
}

const bench_workload bench_of_memory[] = {
    { "mem_idle", mem_idle, "a task parked on one shared notify" },
    { "mem_idle_oneshot", mem_idle_oneshot,
      "a task parked on its own oneshot" },
    { 0 },
};
