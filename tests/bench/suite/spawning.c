// SPDX-License-Identifier: MIT
//
// Workloads: tasks that begin, yield and end.

#include <stdlib.h>

#include "bench/suite/bench.h"

typedef struct spawning {
    ant_runtime *rt;
    struct bench_rounds rounds;
    uint64_t each; // yields of a task
} spawning;

static void timed_rounds(void *arg, bench_sample *sample)
{
    spawning *run = arg;
    bench_time_rounds(run->rt, &run->rounds, sample);
}

// Runs rounds of `batch` tasks that `spawn` makes; each is `each` operations.
static void run_rounds(const bench_args *args, uint64_t ops, uint64_t batch,
                       uint64_t each,
                       struct ant_join_handle (*spawn)(void *, uint64_t))
{
    uint64_t rounds = bench_ops(args, ops) / (batch * each);
    if (rounds == 0) rounds = 1;
    spawning run = { .rt = bench_runtime(args->workers), .each = each };
    run.rounds = bench_rounds(rounds, batch, spawn, &run);
    bench_run(args, rounds * batch * each, timed_rounds, &run);
    bench_rounds_free(&run.rounds);
    ant_runtime_free(run.rt);
}

// ---- Tasks that do nothing ----

struct nothing {
    ant_future base;
};

ANT_ASYNC(nothing)
{
    (void)self;
    return ANT_READY;
}

static struct nothing nothing(void)
{
    return (struct nothing){ ANT_INIT(nothing) };
}

static struct ant_join_handle spawn_nothing(void *arg, uint64_t i)
{
    (void)arg;
    (void)i;
    return ant_spawn(nothing());
}

static void spawn_join(const bench_args *args)
{
    run_rounds(args, 1000000, bench_option(args, "batch", 10000), 1,
               spawn_nothing);
}

// The same, spawned from outside: the rounds only join.
struct join_all {
    ant_future base;
    uint64_t count;
    uint64_t joined;
    struct ant_join_handle *handle;
};

ANT_ASYNC(join_all)
{
    for (; self->joined < self->count; self->joined++)
        ANT_AWAIT(self->handle[self->joined]);
    return ANT_READY;
}

static struct join_all join_all(struct ant_join_handle *handle, uint64_t count)
{
    return (struct join_all){
        ANT_INIT(join_all),
        .count = count,
        .handle = handle,
    };
}

static void timed_remote(void *arg, bench_sample *sample)
{
    spawning *run = arg;
    struct bench_rounds *rounds = &run->rounds;
    bench_start(sample);
    for (uint64_t r = 0; r < rounds->rounds; r++) {
        for (uint64_t i = 0; i < rounds->count; i++)
            rounds->handle[i] = ant_runtime_spawn(run->rt, nothing());
        bench_check(ant_runtime_block_on(
                        run->rt, join_all(rounds->handle, rounds->count)),
                    "the join");
    }
    bench_stop(sample);
}

static void spawn_remote(const bench_args *args)
{
    const uint64_t batch = bench_option(args, "batch", 10000);
    uint64_t rounds = bench_ops(args, 1000000) / batch;
    if (rounds == 0) rounds = 1;
    spawning run = { .rt = bench_runtime(args->workers) };
    run.rounds = bench_rounds(rounds, batch, spawn_nothing, &run);
    bench_run(args, rounds * batch, timed_remote, &run);
    bench_rounds_free(&run.rounds);
    ant_runtime_free(run.rt);
}

// ---- A task that spawns the next ----

struct link {
    ant_future base;
    uint64_t left;
    ant_oneshot_tx done;
};

static struct link link_of(uint64_t left, ant_oneshot_tx done);

ANT_ASYNC(link)
{
    if (self->left == 0) {
        const char nothing_more = 0;
        return ant_oneshot_send(&self->done, &nothing_more) == 0
                   ? ANT_READY
                   : ANT_FAIL(-EPIPE);
    }
    struct ant_join_handle next =
        ant_spawn(link_of(self->left - 1, self->done));
    ant_task_detach(&next);
    return ANT_READY;
}

static struct link link_of(uint64_t left, ant_oneshot_tx done)
{
    return (struct link){ ANT_INIT(link), .left = left, .done = done };
}

struct chain {
    ant_future base;
    enum { CHAIN_START, CHAIN_WAITING } state;
    uint64_t depth;
    char end;
    ant_oneshot_rx done;
    struct ant_join_handle first;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(chain)
{
    ant_oneshot_tx tx;
    switch (self->state) {
    case CHAIN_START:
        bench_check(ant_oneshot_new(1, &tx, &self->done), "a oneshot");
        self->first = ant_spawn(link_of(self->depth, tx));
        ant_task_detach(&self->first);
        self->recv = ant_oneshot_recv(&self->done, &self->end);
        return ANT_NEXT(CHAIN_WAITING);

    case CHAIN_WAITING:
        ANT_AWAIT(self->recv);
        ant_oneshot_rx_drop(&self->done);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct ant_join_handle spawn_chain(void *arg, uint64_t i)
{
    (void)i;
    const spawning *run = arg;
    return ant_spawn((struct chain){ ANT_INIT(chain), .depth = run->each });
}

static void chained_spawn(const bench_args *args)
{
    run_rounds(args, 1000000, 1, bench_option(args, "depth", 100000),
               spawn_chain);
}

// ---- Tasks that yield ----

struct yielding {
    ant_future base;
    uint64_t left;
    struct ant_yield_now yield;
};

ANT_ASYNC(yielding)
{
    for (; self->left > 0; self->left--) {
        if (self->yield.base.ops == NULL) self->yield = ant_yield_now();
        ANT_AWAIT(self->yield);
        self->yield = (struct ant_yield_now){ 0 };
    }
    return ANT_READY;
}

static struct ant_join_handle spawn_yielding(void *arg, uint64_t i)
{
    (void)i;
    const spawning *run = arg;
    return ant_spawn(
        (struct yielding){ ANT_INIT(yielding), .left = run->each });
}

static void yield_many(const bench_args *args)
{
    run_rounds(args, 2000000, bench_option(args, "tasks", 200),
               bench_option(args, "each", 1000), spawn_yielding);
}

// ---- Two tasks that exchange a oneshot each way ----

struct pong {
    ant_future base;
    enum { PONG_START, PONG_WAITING } state;
    char ball;
    ant_oneshot_rx in;
    ant_oneshot_tx out;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(pong)
{
    switch (self->state) {
    case PONG_START:
        self->recv = ant_oneshot_recv(&self->in, &self->ball);
        return ANT_NEXT(PONG_WAITING);
    case PONG_WAITING:
        ANT_AWAIT(self->recv);
        ant_oneshot_rx_drop(&self->in);
        bench_check(ant_oneshot_send(&self->out, &self->ball), "the way back");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ping {
    ant_future base;
    enum { PING_START, PING_WAITING } state;
    char ball;
    ant_oneshot_rx in;
    struct ant_oneshot_recv recv;
};

ANT_ASYNC(ping)
{
    switch (self->state) {
    case PING_START: {
        ant_oneshot_tx there;
        struct pong other = { ANT_INIT(pong) };
        bench_check(ant_oneshot_new(1, &there, &other.in), "a oneshot");
        bench_check(ant_oneshot_new(1, &other.out, &self->in), "a oneshot");
        struct ant_join_handle handle = ant_spawn(other);
        ant_task_detach(&handle);
        bench_check(ant_oneshot_send(&there, &self->ball), "the way there");
        self->recv = ant_oneshot_recv(&self->in, &self->ball);
        return ANT_NEXT(PING_WAITING);
    }
    case PING_WAITING:
        ANT_AWAIT(self->recv);
        ant_oneshot_rx_drop(&self->in);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct ant_join_handle spawn_ping(void *arg, uint64_t i)
{
    (void)arg;
    (void)i;
    return ant_spawn((struct ping){ ANT_INIT(ping) });
}

static void ping_pong(const bench_args *args)
{
    run_rounds(args, 500000, bench_option(args, "pairs", 1000), 1, spawn_ping);
}

const bench_workload bench_of_spawning[] = {
    { "spawn_join", spawn_join, "spawn a task that does nothing, join it" },
    { "spawn_remote", spawn_remote, "the same, spawned from outside" },
    { "chained_spawn", chained_spawn, "a task that spawns the next and ends" },
    { "yield_many", yield_many, "one yield, of 200 tasks" },
    { "ping_pong", ping_pong, "two tasks exchange a oneshot each way" },
    { 0 },
};
