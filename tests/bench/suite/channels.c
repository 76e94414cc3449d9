// SPDX-License-Identifier: MIT
//
// Workloads: numbers through a bounded channel.

#include <stdlib.h>

#include "bench/suite/bench.h"

struct producer {
    ant_future base;
    enum { PRODUCER_NEXT, PRODUCER_SENDING } state;
    uint64_t i;
    uint64_t count;
    uint64_t value;
    ant_mpsc_tx tx;
    struct ant_mpsc_send send;
};

ANT_ASYNC(producer)
{
    for (; self->i < self->count; self->i++) {
        if (self->state == PRODUCER_NEXT) {
            self->value = self->i;
            self->send = ant_mpsc_send(&self->tx, &self->value);
            self->state = PRODUCER_SENDING;
        }
        ANT_AWAIT(self->send);
        bench_check(self->send.base.result, "the send");
        self->state = PRODUCER_NEXT;
    }
    ant_mpsc_tx_drop(&self->tx);
    return ANT_READY;
}

struct consumer {
    ant_future base;
    enum { CONSUMER_START, CONSUMER_NEXT, CONSUMER_WAITING } state;
    uint64_t each;
    uint64_t producers;
    uint64_t capacity;
    uint64_t sum;
    uint64_t value;
    ant_mpsc_rx rx;
    struct ant_mpsc_recv recv;
};

static void start_producers(struct consumer *self)
{
    ant_mpsc_tx tx;
    bench_check(ant_mpsc_new(sizeof(uint64_t), self->capacity, &tx, &self->rx),
                "a channel");
    for (uint64_t i = 0; i < self->producers; i++) {
        struct ant_join_handle handle = ant_spawn(
            (struct producer){ ANT_INIT(producer), .count = self->each,
                               .tx = ant_mpsc_tx_clone(&tx) });
        ant_task_detach(&handle);
    }
    ant_mpsc_tx_drop(&tx);
}

ANT_ASYNC(consumer)
{
    for (;;) {
        switch (self->state) {
        case CONSUMER_START:
            start_producers(self);
            self->state = CONSUMER_NEXT;
            __attribute__((fallthrough));
        case CONSUMER_NEXT:
            self->recv = ant_mpsc_recv(&self->rx, &self->value);
            self->state = CONSUMER_WAITING;
            __attribute__((fallthrough));
        case CONSUMER_WAITING:
            ANT_AWAIT(self->recv);
            if (self->recv.base.result < 0) {
                ant_mpsc_rx_drop(&self->rx);
                return ANT_READY;
            }
            self->sum += self->value;
            self->state = CONSUMER_NEXT;
        }
    }
}

typedef struct flow {
    ant_runtime *rt;
    struct consumer consumer;
} flow;

static void timed_flow(void *arg, bench_sample *sample)
{
    const flow *run = arg;
    struct consumer end = run->consumer;
    bench_start(sample);
    bench_check(ant_runtime_block_on_into(run->rt, &end, end), "the consumer");
    bench_stop(sample);
    if (end.sum != end.producers * (end.each * (end.each - 1) / 2))
        bench_check(-EPROTO, "the sum of what was sent");
}

static void run_flow(const bench_args *args, uint64_t producers)
{
    flow run = {
        .rt = bench_runtime(args->workers),
        .consumer = {
            ANT_INIT(consumer),
            .producers = producers,
            .each = bench_ops(args, 1000000) / producers,
            .capacity = bench_option(args, "cap", 100),
        },
    };
    bench_run(args, run.consumer.each * producers, timed_flow, &run);
    ant_runtime_free(run.rt);
}

static void mpsc_bounded(const bench_args *args)
{
    run_flow(args, 1);
}

static void mpsc_contended(const bench_args *args)
{
    run_flow(args, 4);
}

const bench_workload bench_of_channels[] = {
    { "mpsc_bounded", mpsc_bounded, "one number through a channel of 100" },
    { "mpsc_contended", mpsc_contended, "the same with 4 producers" },
    { 0 },
};
