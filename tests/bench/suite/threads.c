// SPDX-License-Identifier: MIT
//
// Workloads that cross threads: stolen work, and a plain thread that wakes a
// task and is woken by it. And how fast the machine is.

#include <pthread.h>
#include <stdlib.h>

#include "base/os.h"
#include "bench/suite/bench.h"

// ---- calib ----

static void timed_calibration(void *arg, bench_sample *sample)
{
    (void)arg;
    double scaling;
    bench_start(sample);
    const double ns = bench_calibrate(&scaling);
    bench_stop(sample);
    bench_add(sample, "busy_ns", ns);
    bench_add(sample, "two_thread_scaling", scaling);
}

static void calib(const bench_args *args)
{
    bench_run(args, 1, timed_calibration, NULL);
}

// ---- steal ----

struct busy {
    ant_future base;
    uint32_t iters;
    uint64_t seed;
};

ANT_ASYNC(busy)
{
    bench_busy(self->iters, self->seed);
    return ANT_READY;
}

typedef struct stealing {
    ant_runtime *one;
    ant_runtime *many;
    struct bench_rounds rounds;
    uint32_t iters;
    double busy_ns;
    double scaling;
} stealing;

static struct ant_join_handle spawn_busy(void *arg, uint64_t i)
{
    const stealing *run = arg;
    return ant_spawn(
        (struct busy){ ANT_INIT(busy), .iters = run->iters, .seed = i });
}

static void timed_stealing(void *arg, bench_sample *sample)
{
    stealing *run = arg;
    bench_sample alone = { 0 };
    bench_time_rounds(run->one, &run->rounds, &alone);
    bench_time_rounds(run->many, &run->rounds, sample);
    bench_add(sample, "one_worker_ns_per_op",
              alone.seconds * 1e9 / (double)run->rounds.count);
    bench_add(sample, "speedup", alone.seconds / sample->seconds);
    bench_add(sample, "busy_ns", run->busy_ns);
    bench_add(sample, "two_thread_scaling", run->scaling);
}

static void steal(const bench_args *args)
{
    const uint64_t count = bench_ops(args, 100000);
    stealing run = {
        .one = bench_runtime(1),
        .many = bench_runtime(args->workers != 0 ? args->workers : 1),
        .iters = (uint32_t)bench_option(args, "busy", BENCH_BUSY_ITERS),
    };
    run.busy_ns = bench_calibrate(&run.scaling);
    run.rounds = bench_rounds(1, count, spawn_busy, &run);
    bench_run(args, count, timed_stealing, &run);
    bench_rounds_free(&run.rounds);
    ant_runtime_free(run.one);
    ant_runtime_free(run.many);
}

// ---- remote_wake ----

// A place for one number that a plain thread waits at.
typedef struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    bool is_full;
    uint64_t value;
} mailbox;

static void mailbox_put(mailbox *box, uint64_t value)
{
    pthread_mutex_lock(&box->lock);
    box->value = value;
    box->is_full = true;
    pthread_cond_signal(&box->filled);
    pthread_mutex_unlock(&box->lock);
}

static uint64_t mailbox_take(mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    while (!box->is_full)
        pthread_cond_wait(&box->filled, &box->lock);
    box->is_full = false;
    const uint64_t value = box->value;
    pthread_mutex_unlock(&box->lock);
    return value;
}

struct answering {
    ant_future base;
    enum { ANSWERING_NEXT, ANSWERING_WAIT } state;
    mailbox *back;
    uint64_t value;
    ant_mpsc_rx rx;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(answering)
{
    switch (self->state) {
    case ANSWERING_NEXT:
        self->recv = ant_mpsc_recv(&self->rx, &self->value);
        return ANT_NEXT(ANSWERING_WAIT);
    case ANSWERING_WAIT:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) {
            ant_mpsc_rx_drop(&self->rx);
            return ANT_READY;
        }
        mailbox_put(self->back, self->value);
        return ANT_NEXT(ANSWERING_NEXT);
    }
    ANT_UNREACHABLE();
}

struct ended {
    ant_future base;
    struct ant_join_handle handle;
};

ANT_ASYNC(ended)
{
    ANT_AWAIT(self->handle);
    return ANT_READY;
}

typedef struct waking {
    ant_runtime *rt;
    uint64_t count;
} waking;

static void timed_waking(void *arg, bench_sample *sample)
{
    const waking *run = arg;
    mailbox back = {
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .filled = PTHREAD_COND_INITIALIZER,
    };
    ant_mpsc_tx tx;
    struct answering answering = { ANT_INIT(answering), .back = &back };
    bench_check(ant_mpsc_new(sizeof(uint64_t), 1, &tx, &answering.rx),
                "a channel");
    struct ended ended = {
        ANT_INIT(ended),
        .handle = ant_runtime_spawn(run->rt, answering),
    };
    bench_start(sample);
    for (uint64_t i = 0; i < run->count; i++) {
        bench_check(ant_mpsc_try_send(&tx, &i), "the send");
        if (mailbox_take(&back) != i) bench_check(-EPROTO, "the answer");
    }
    bench_stop(sample);
    ant_mpsc_tx_drop(&tx);
    bench_check(ant_runtime_block_on(run->rt, ended), "the end");
}

static void remote_wake(const bench_args *args)
{
    waking run = {
        .rt = bench_runtime(args->workers != 0 ? args->workers : 1),
        .count = bench_ops(args, 50000),
    };
    bench_run(args, run.count, timed_waking, &run);
    ant_runtime_free(run.rt);
}

const bench_workload bench_of_threads[] = {
    { "steal", steal, "a task of 0.75 us, all spawned by one task" },
    { "remote_wake", remote_wake, "a thread and a task wake each other" },
    { "calib", calib, "two plain threads against one, and the unit of work" },
    { 0 },
};
