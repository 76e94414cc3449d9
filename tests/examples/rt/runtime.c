// SPDX-License-Identifier: MIT
//
// The examples of rt/runtime.h: a program that is one async function, a runtime
// of one's own, and a thread that enters it.

#include "antfarm.h"

struct tea {
    ant_future base;
    enum { TEA_START, TEA_BOILING } state;
    uint64_t cups;
    struct ant_sleep kettle;
};

ANT_ASYNC(tea)
{
    switch (self->state) {
    case TEA_START:
        self->kettle = ant_sleep(self->cups);
        return ANT_NEXT(TEA_BOILING);
    case TEA_BOILING:
        ANT_AWAIT(self->kettle);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct tea tea(uint64_t cups)
{
    return (struct tea){ ANT_INIT(tea), .cups = cups };
}

struct app {
    ant_future base;
};

// A job of the first runtime makes another one, which runs the app again.
static int make_tea(void *arg);
static int depth;

ANT_ASYNC(app)
{
    (void)self;
    if (depth++ > 0) return ANT_READY;
    struct ant_join_handle job = ant_spawn_blocking_mandatory(make_tea, NULL);
    ant_task_detach(&job);
    return ANT_READY;
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

static int drink(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 2;
    ant_runtime *outer = ant_runtime_enter(rt);
    struct ant_join_handle cook = ant_spawn(tea(2));
    ant_runtime_leave(outer);
    const int result = ant_runtime_block_on(rt, cook);
    ant_runtime_free(rt);
    return result;
}

static int make_tea(void *arg)
{
    (void)arg;
    ant_runtime *rt;
    int err = ant_runtime_new(&(ant_runtime_desc){ .worker_count = 2 }, &rt);
    if (err < 0) return err;
    err = ant_runtime_block_on(rt, app());
    ant_runtime_free(rt);
    ANT_ASSERT(err == 0);
    ANT_ASSERT(drink() == 0);
    return 0;
}

ANT_MAIN(app) // main() that runs app() to its end
