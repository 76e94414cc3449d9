// SPDX-License-Identifier: MIT
//
// Workloads: many sleeps, and timeouts that nobody waits for.

#include <stdlib.h>
#include <string.h>

#include "base/atomic.h"
#include "bench/suite/bench.h"

// ---- How late timers are, in steps of 100 us ----

#define LATE_STEPS 100001

typedef struct lateness {
    ant_atomic_u32 count[LATE_STEPS];
} lateness;

static void late_add(lateness *late, uint64_t ns)
{
    const uint64_t step = ns / 100000;
    // relaxed: only counted.
    (void)ant_atomic_add(
        &late->count[step < LATE_STEPS ? step : LATE_STEPS - 1], 1,
        ANT_RELAXED);
}

// The lateness in milliseconds that the share `q` of all stays within.
static double late_quantile(lateness *late, double q)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < LATE_STEPS; i++)
        total += ant_atomic_load(&late->count[i], ANT_RELAXED);
    uint64_t seen = 0;
    for (uint32_t i = 0; i < LATE_STEPS; i++) {
        seen += ant_atomic_load(&late->count[i], ANT_RELAXED);
        if (seen > 0 && (double)seen >= q * (double)total) return i * 0.1;
    }
    return 0;
}

// ---- A million sleepers ----

// Of task `i`: 1 to 1000 ms.
static uint64_t sleep_ms_of(uint64_t i)
{
    uint64_t x =
        (i + UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 27;
    x *= UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return 1 + x % 1000;
}

struct sleeper {
    ant_future base;
    enum { SLEEPER_START, SLEEPER_SLEEPING } state;
    uint32_t ms;
    uint64_t begin_ns;
    lateness *late;
    struct ant_sleep sleep;
};

ANT_ASYNC(sleeper)
{
    switch (self->state) {
    case SLEEPER_START:
        self->begin_ns = ant_now_ns();
        self->sleep = ant_sleep(self->ms);
        return ANT_NEXT(SLEEPER_SLEEPING);
    case SLEEPER_SLEEPING:
        ANT_AWAIT(self->sleep);
        late_add(self->late,
                 ant_now_ns() - self->begin_ns - self->ms * UINT64_C(1000000));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

typedef struct sleepers {
    ant_runtime *rt;
    struct bench_rounds rounds;
    lateness *late;
    double begin;   // of the spawning
    double spawned; // seconds until the last was spawned
    uint64_t base_kib;
} sleepers;

static struct ant_join_handle spawn_sleeper(void *arg, uint64_t i)
{
    sleepers *run = arg;
    if (i == 0) run->begin = bench_now();
    if (i + 1 == run->rounds.count) run->spawned = bench_now() - run->begin;
    return ant_spawn((struct sleeper){
        ANT_INIT(sleeper), .ms = (uint32_t)sleep_ms_of(i), .late = run->late });
}

static void timed_sleepers(void *arg, bench_sample *sample)
{
    sleepers *run = arg;
    memset(run->late, 0, sizeof *run->late);
    bench_time_rounds(run->rt, &run->rounds, sample);
    bench_add(sample, "seconds_beyond_1s", sample->seconds - 1);
    bench_add(sample, "spawn_seconds", run->spawned);
    bench_add(sample, "late_p50_ms", late_quantile(run->late, 0.5));
    bench_add(sample, "late_p99_ms", late_quantile(run->late, 0.99));
    bench_add(sample, "late_max_ms", late_quantile(run->late, 1));
    bench_add(sample, "first_bytes_per_sleeping_task",
              (double)(bench_peak_kib() - run->base_kib) * 1024 /
                  (double)run->rounds.count);
}

static void timers(const bench_args *args)
{
    const uint64_t count = bench_ops(args, 1000000);
    sleepers run = {
        .rt = bench_runtime(args->workers),
        .late = bench_alloc(1, sizeof *run.late),
    };
    run.rounds = bench_rounds(1, count, spawn_sleeper, &run);
    run.base_kib = bench_rss_kib();
    bench_run(args, count, timed_sleepers, &run);
    bench_rounds_free(&run.rounds);
    ant_runtime_free(run.rt);
    free(run.late);
}

// ---- Timeouts that are never needed ----

struct number {
    ant_future base;
    uint64_t value;
};

ANT_ASYNC(number)
{
    (void)self;
    return ANT_READY;
}

struct churn {
    ant_future base;
    uint64_t left;
    uint64_t sum;
    struct number number;
    struct ant_timeout limit;
};

ANT_ASYNC(churn)
{
    for (; self->left > 0; self->left--) {
        self->number = (struct number){ ANT_INIT(number), .value = self->left };
        self->limit = ant_timeout(1000, &self->number.base);
        ANT_AWAIT(self->limit);
        self->sum += self->number.value;
    }
    return ANT_READY;
}

// Each sleep is polled once, so that it really is armed, and dropped.
struct churn_armed {
    ant_future base;
    uint64_t left;
    bool is_yielding;
    struct ant_sleep sleep;
    struct ant_yield_now yield;
};

ANT_ASYNC(churn_armed)
{
    while (self->left > 0) {
        if (self->is_yielding) {
            ANT_AWAIT(self->yield);
            self->is_yielding = false;
        }
        self->sleep = ant_sleep(1000);
        if (ant_future_poll(&self->sleep.base, cx) == ANT_READY)
            return ANT_FAIL(-EPROTO);
        ant_future_drop(&self->sleep.base);
        if (--self->left % 100 == 0) { // or the budget makes polls pending
            self->yield = ant_yield_now();
            self->is_yielding = true;
        }
    }
    return ANT_READY;
}

typedef struct churning {
    ant_runtime *rt;
    struct bench_rounds rounds;
    uint64_t each;
} churning;

static struct ant_join_handle spawn_churn(void *arg, uint64_t i)
{
    (void)i;
    const churning *run = arg;
    return ant_spawn((struct churn){ ANT_INIT(churn), .left = run->each });
}

static struct ant_join_handle spawn_churn_armed(void *arg, uint64_t i)
{
    (void)i;
    const churning *run = arg;
    return ant_spawn(
        (struct churn_armed){ ANT_INIT(churn_armed), .left = run->each });
}

static void timed_churn(void *arg, bench_sample *sample)
{
    churning *run = arg;
    bench_time_rounds(run->rt, &run->rounds, sample);
    bench_add(sample, "tasks", (double)run->rounds.count);
}

static void run_churn(const bench_args *args,
                      struct ant_join_handle (*spawn)(void *, uint64_t))
{
    const uint64_t tasks =
        bench_option(args, "tasks", args->workers != 0 ? args->workers : 1);
    churning run = {
        .rt = bench_runtime(args->workers),
        .each = bench_ops(args, 10000000) / tasks,
    };
    run.rounds = bench_rounds(1, tasks, spawn, &run);
    bench_run(args, run.each * tasks, timed_churn, &run);
    bench_rounds_free(&run.rounds);
    ant_runtime_free(run.rt);
}

static void timer_churn(const bench_args *args)
{
    run_churn(args, spawn_churn);
}

static void timer_churn_armed(const bench_args *args)
{
    run_churn(args, spawn_churn_armed);
}

const bench_workload bench_of_timers[] = {
    { "timers", timers, "a task that sleeps 1 to 1000 ms, all at once" },
    { "timer_churn", timer_churn, "a timeout around what is ready at once" },
    { "timer_churn_armed", timer_churn_armed, "a sleep, armed and dropped" },
    { 0 },
};
