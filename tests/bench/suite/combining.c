// SPDX-License-Identifier: MIT
//
// Workloads: a join of eight, a select over two channels.

#include <stdlib.h>

#include "bench/suite/bench.h"

// ---- join_fanout ----

#define FAN 8

struct fan_one {
    ant_future base;
    enum { FAN_ONE_START, FAN_ONE_YIELDING } state;
    uint64_t value;
    struct ant_yield_now yield;
};

static struct fan_one fan_one(uint64_t value);

ANT_ASYNC(fan_one)
{
    switch (self->state) {
    case FAN_ONE_START:
        self->yield = ant_yield_now();
        return ANT_NEXT(FAN_ONE_YIELDING);
    case FAN_ONE_YIELDING:
        ANT_AWAIT(self->yield);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// What the poll sets before it looks at it is not set here.
static struct fan_one fan_one(uint64_t value)
{
    struct fan_one one;
    one.base = (struct fan_one){ ANT_INIT(fan_one) }.base;
    one.state = FAN_ONE_START;
    one.value = value;
    return one;
}

struct fan {
    ant_future base;
    enum { FAN_NEXT, FAN_WAITING } state;
    uint64_t i;
    uint64_t times;
    uint64_t sum;
    struct fan_one one[FAN];
    struct ant_join join;
};

ANT_ASYNC(fan)
{
    struct fan_one *one = self->one;
    switch (self->state) {
    case FAN_NEXT:
        if (self->i == self->times) return ANT_READY;
        for (unsigned k = 0; k < FAN; k++)
            one[k] = fan_one(self->i);
        self->join =
            ant_join(&one[0].base, &one[1].base, &one[2].base, &one[3].base,
                     &one[4].base, &one[5].base, &one[6].base, &one[7].base);
        return ANT_NEXT(FAN_WAITING);

    case FAN_WAITING:
        ANT_AWAIT(self->join);
        for (unsigned k = 0; k < FAN; k++)
            self->sum += one[k].value;
        self->i++;
        return ANT_NEXT(FAN_NEXT);
    }
    ANT_UNREACHABLE();
}

typedef struct combining {
    ant_runtime *rt;
    uint64_t times;
} combining;

static void timed_fan(void *arg, bench_sample *sample)
{
    const combining *run = arg;
    struct fan fan = { ANT_INIT(fan), .times = run->times };
    bench_start(sample);
    bench_check(ant_runtime_block_on_into(run->rt, &fan, fan), "the joins");
    bench_stop(sample);
    if (fan.sum != FAN * (run->times * (run->times - 1) / 2))
        bench_check(-EPROTO, "the sum of the joins");
}

static void join_fanout(const bench_args *args)
{
    combining run = {
        .rt = bench_runtime(args->workers),
        .times = bench_ops(args, 100000),
    };
    bench_run(args, run.times, timed_fan, &run);
    ant_runtime_free(run.rt);
}

// ---- select_2 ----

struct pick {
    ant_future base;
    enum { PICK_START, PICK_NEXT, PICK_WAITING } state;
    uint64_t i;
    uint64_t times;
    uint64_t sum;
    uint64_t value[2];
    ant_mpsc_tx tx[2];
    ant_mpsc_rx rx[2];
    struct ant_mpsc_recv recv[2];
    struct ant_select first;
};

ANT_ASYNC(pick)
{
    switch (self->state) {
    case PICK_START:
        for (unsigned k = 0; k < 2; k++)
            bench_check(
                ant_mpsc_new(sizeof(uint64_t), 4, &self->tx[k], &self->rx[k]),
                "a channel");
        return ANT_NEXT(PICK_NEXT);

    case PICK_NEXT:
        if (self->i == self->times) {
            for (unsigned k = 0; k < 2; k++) {
                ant_mpsc_tx_drop(&self->tx[k]);
                ant_mpsc_rx_drop(&self->rx[k]);
            }
            return ANT_READY;
        }
        bench_check(ant_mpsc_try_send(&self->tx[self->i % 2], &self->i),
                    "the send");
        for (unsigned k = 0; k < 2; k++)
            self->recv[k] = ant_mpsc_recv(&self->rx[k], &self->value[k]);
        self->first = ant_select(&self->recv[0].base, &self->recv[1].base);
        return ANT_NEXT(PICK_WAITING);

    case PICK_WAITING:
        ANT_AWAIT(self->first);
        self->sum += self->value[self->first.winner];
        self->i++;
        return ANT_NEXT(PICK_NEXT);
    }
    ANT_UNREACHABLE();
}

static void timed_pick(void *arg, bench_sample *sample)
{
    const combining *run = arg;
    struct pick pick = { ANT_INIT(pick), .times = run->times };
    bench_start(sample);
    bench_check(ant_runtime_block_on_into(run->rt, &pick, pick), "the selects");
    bench_stop(sample);
    if (pick.sum != run->times * (run->times - 1) / 2)
        bench_check(-EPROTO, "the sum of the selects");
}

static void select_2(const bench_args *args)
{
    combining run = {
        .rt = bench_runtime(args->workers),
        .times = bench_ops(args, 1000000),
    };
    bench_run(args, run.times, timed_pick, &run);
    ant_runtime_free(run.rt);
}

const bench_workload bench_of_combining[] = {
    { "join_fanout", join_fanout, "a join of 8 futures that each yield once" },
    { "select_2", select_2, "send to one of two channels, select over both" },
    { 0 },
};
