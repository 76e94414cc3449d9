// SPDX-License-Identifier: MIT
//
// 100,000 tasks and 1,000,000 timers at once, in every flavour: each task
// sleeps for ten different times in parallel, and all of them are awaited.
//
//   numbers [PERCENT]     of the full size; 100 unless said otherwise

#include <stdio.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "support/stress.h"

#define TASKS_FULL 100000
#define TIMERS     10 // of each task

static ant_atomic_u32 awake_count;

// async fn sleeper(seed): sleeps for ten times at once.
struct sleeper {
    ant_future base;
    enum { SLEEPER_START, SLEEPER_SLEEPING } state;
    uint32_t seed;
    struct ant_sleep nap[TIMERS];
    ant_future *naps[TIMERS];
    struct ant_join all;
};

ANT_ASYNC(sleeper)
{
    switch (self->state) {
    case SLEEPER_START:
        for (uint32_t i = 0; i < TIMERS; i++) {
            self->nap[i] = ant_sleep(200 + (self->seed * 7 + i * 131) % 1000);
            self->naps[i] = &self->nap[i].base;
        }
        self->all = ant_join_all(self->naps, TIMERS);
        return ANT_NEXT(SLEEPER_SLEEPING);

    case SLEEPER_SLEEPING:
        ANT_AWAIT(self->all);
        ant_atomic_add(&awake_count, 1, ANT_RELAXED);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct sleeper sleeper(uint32_t seed)
{
    return (struct sleeper){ ANT_INIT(sleeper), .seed = seed };
}

// async fn crowd(count): spawns them all, and joins one after the other.
struct crowd {
    ant_future base;
    enum { CROWD_START, CROWD_JOINING } state;
    uint32_t count;
    uint32_t joined;
    struct ant_join_handle *handle;
};

ANT_ASYNC(crowd)
{
    switch (self->state) {
    case CROWD_START:
        for (uint32_t i = 0; i < self->count; i++)
            self->handle[i] = ant_spawn(sleeper(i));
        return ANT_NEXT(CROWD_JOINING);

    case CROWD_JOINING:
        if (self->joined == self->count) return ANT_READY;
        ANT_AWAIT(self->handle[self->joined]);
        self->joined++;
        return ANT_NEXT(CROWD_JOINING);
    }
    ANT_UNREACHABLE();
}

static int run(ant_flavor flavor, const char *name, uint32_t count)
{
    const uint64_t begin_ns = ant_os_now_ns();
    const uint64_t blocks_before = ant_mem_live_count();
    ant_atomic_store(&awake_count, 0, ANT_RELAXED);
    ant_runtime *rt;
    if (ant_runtime_new(&(ant_runtime_desc){ .flavor = flavor }, &rt) < 0)
        return 1;
    struct crowd all = { ANT_INIT(crowd), .count = count };
    all.handle = ant_mem_alloc(count * sizeof *all.handle);
    if (all.handle == NULL) return 1;
    const int err = ant_runtime_block_on(rt, all);
    ant_mem_free(all.handle);
    ant_runtime_free(rt);

    const uint32_t awake = ant_atomic_load(&awake_count, ANT_RELAXED);
    const uint64_t lost = ant_mem_live_count() - blocks_before;
    printf("%-8s %u tasks, %u timers: %u over, %llu blocks lost, %.1f s\n",
           name, count, count * TIMERS, awake, (unsigned long long)lost,
           (double)(ant_os_now_ns() - begin_ns) / 1e9);
    return err != 0 || awake != count || lost != 0;
}

int main(int argc, char **argv)
{
    const uint32_t count = (uint32_t)stress_size(TASKS_FULL, argc, argv);
    return run(ANT_RUNTIME_CURRENT, "current", count) |
           run(ANT_RUNTIME_MULTI, "multi", count) |
           run(ANT_RUNTIME_SIM, "sim", count);
}
