// SPDX-License-Identifier: MIT

#include "support/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "antfarm.h"
#include "base/mem.h"

#define LOCKS 8

static char path[64];
static ant_mutex locks[LOCKS] = {
    ANT_MUTEX("lock 0"), ANT_MUTEX("lock 1"), ANT_MUTEX("lock 2"),
    ANT_MUTEX("lock 3"), ANT_MUTEX("lock 4"), ANT_MUTEX("lock 5"),
    ANT_MUTEX("lock 6"), ANT_MUTEX("lock 7"),
};

// async fn visitor(seed, rounds): sleeps, takes a lock for a moment, and again.
struct visitor {
    ant_future base;
    enum {
        VISITOR_START,
        VISITOR_SLEEPING,
        VISITOR_LOCKING,
        VISITOR_INSIDE
    } state;
    uint32_t seed;
    uint32_t rounds; // to go
    struct ant_sleep nap;
    struct ant_mutex_lock lock;
};

ANT_ASYNC(visitor)
{
    ant_mutex *own = &locks[self->seed % LOCKS];
    switch (self->state) {
    case VISITOR_START:
        self->nap = ant_sleep(1 + self->seed * 7 % 100);
        return ANT_NEXT(VISITOR_SLEEPING);

    case VISITOR_SLEEPING:
        ANT_AWAIT(self->nap);
        self->lock = ant_mutex_lock(own);
        return ANT_NEXT(VISITOR_LOCKING);

    case VISITOR_LOCKING:
        ANT_AWAIT(self->lock);
        self->nap = ant_sleep(1);
        return ANT_NEXT(VISITOR_INSIDE);

    case VISITOR_INSIDE:
        ANT_AWAIT(self->nap);
        ant_mutex_unlock(own);
        self->rounds--;
        return self->rounds > 0 ? ANT_NEXT(VISITOR_START) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct visitor visitor(uint32_t seed, uint32_t rounds)
{
    return (struct visitor){ ANT_INIT(visitor), .seed = seed,
                             .rounds = rounds };
}

// async fn gate(count, rounds): spawns them all, and joins one after the other.
struct gate {
    ant_future base;
    enum { GATE_START, GATE_JOINING } state;
    uint32_t count;
    uint32_t rounds; // of each
    uint32_t joined;
    struct ant_join_handle *handle;
};

ANT_ASYNC(gate)
{
    switch (self->state) {
    case GATE_START:
        for (uint32_t i = 0; i < self->count; i++)
            self->handle[i] = ant_spawn(visitor(i, self->rounds));
        return ANT_NEXT(GATE_JOINING);

    case GATE_JOINING:
        if (self->joined == self->count) return ANT_READY;
        ANT_AWAIT(self->handle[self->joined]);
        self->joined++;
        return ANT_NEXT(GATE_JOINING);
    }
    ANT_UNREACHABLE();
}

static int run(uint32_t tasks, uint32_t workers, uint32_t rounds)
{
    const ant_runtime_desc desc = { .flavor = ANT_RUNTIME_SIM,
                                    .worker_count = workers,
                                    .seed = 7 };
    struct gate all = { ANT_INIT(gate), .count = tasks, .rounds = rounds };
    all.handle = ant_mem_alloc(tasks * sizeof *all.handle);
    if (all.handle == NULL) return -1;
    ant_runtime *rt;
    int err = ant_runtime_new(&desc, &rt);
    if (err == 0) {
        err = ant_runtime_block_on(rt, all);
        ant_runtime_free(rt);
    }
    ant_mem_free(all.handle);
    return err;
}

const char *crowd_record(uint32_t tasks, uint32_t workers, uint32_t rounds)
{
    snprintf(path, sizeof path, "/tmp/antfarm-crowd-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0) return NULL;
    close(fd);
    setenv("ANTFARM_TRACE", path, 1);
    int err = run(tasks, workers, rounds);
    unsetenv("ANTFARM_TRACE");
    return err == 0 ? path : NULL;
}

void crowd_remove(void)
{
    unlink(path);
}
