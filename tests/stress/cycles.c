// SPDX-License-Identifier: MIT
//
// 1,000 runtimes are built, run a storm of tasks and are dropped, some of them
// in the middle of it, and leave nothing behind: no thread, no descriptor, no
// block of memory. In the storm tasks sleep, yield, call blocking jobs, take
// turns on a thread mutex and spawn more tasks, on all three flavours.
//
//   cycles [COUNT [FLAVOR]]     1000 and all, unless said otherwise

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/rng.h"

#define CHILDREN 6
#define DEPTH    2

// One storm's own things, seen by all its tasks.
typedef struct storm {
    ant_thread_mutex mutex;
    uint32_t count;  // under the mutex
    uint64_t seed;   // fixed
    bool is_dropped; // fixed: the root ends before its children
} storm;

static storm now;

static int count_one(void *arg)
{
    storm *s = arg;
    int err = ant_thread_mutex_lock(&s->mutex);
    if (err < 0) return err;
    s->count++;
    return ant_thread_mutex_unlock(&s->mutex);
}

// async fn gust(depth, seed): a bit of everything, then children.
struct gust {
    ant_future base;
    enum { GUST_START, GUST_NAPPING, GUST_YIELDING, GUST_JOINING } state;
    uint32_t depth;
    uint32_t joined;
    uint64_t seed;
    struct ant_sleep nap;
    struct ant_yield_now turn;
    struct ant_join_handle child[CHILDREN];
};

ANT_MUST_USE static struct gust gust(uint32_t depth, uint64_t seed);

static void spawn_children(struct gust *self)
{
    for (uint32_t i = 0; i < CHILDREN && self->depth > 0; i++)
        self->child[i] =
            ant_spawn(gust(self->depth - 1, self->seed * CHILDREN + i));
}

ANT_ASYNC_WITH_DROP(gust)
{
    switch (self->state) {
    case GUST_START: {
        ant_rng rng = ant_rng_init(now.seed + self->seed);
        self->nap = ant_sleep(ant_rng_below(&rng, 3));
        struct ant_join_handle job = ant_spawn_blocking(count_one, &now);
        ant_task_detach(&job);
        spawn_children(self);
        return ANT_NEXT(GUST_NAPPING);
    }
    case GUST_NAPPING:
        ANT_AWAIT(self->nap);
        self->turn = ant_yield_now();
        return ANT_NEXT(GUST_YIELDING);

    case GUST_YIELDING:
        ANT_AWAIT(self->turn);
        if (count_one(&now) < 0) return ANT_FAIL(-1);
        if (!now.is_dropped && self->depth > 0) return ANT_NEXT(GUST_JOINING);
        gust_drop(self);
        return ANT_READY;

    case GUST_JOINING:
        ANT_AWAIT(self->child[self->joined]);
        self->joined++;
        if (self->joined < CHILDREN) return ANT_NEXT(GUST_JOINING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Children that are not waited for go on by themselves.
static void gust_drop(struct gust *self)
{
    for (uint32_t i = self->joined; i < CHILDREN; i++)
        ant_task_detach(&self->child[i]);
    ant_future_drop(&self->nap.base);
    ant_future_drop(&self->turn.base);
}

static struct gust gust(uint32_t depth, uint64_t seed)
{
    return (struct gust){ ANT_INIT(gust), .depth = depth, .seed = seed };
}

static void run_one(ant_flavor flavor, uint64_t seed)
{
    now = (storm){
        .mutex = ANT_THREAD_MUTEX("count"),
        .seed = seed,
        .is_dropped = seed % 2 == 0,
    };
    ant_runtime *rt;
    int err = ant_runtime_new(
        &(ant_runtime_desc){ .flavor = flavor,
                             .worker_count =
                                 flavor == ANT_RUNTIME_CURRENT ? 1 : 3,
                             .seed = seed },
        &rt);
    if (err == 0) {
        err = ant_runtime_block_on(rt, gust(DEPTH, 1));
        ant_runtime_free(rt);
    }
    if (err < 0) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed,
                ant_err_text(err));
        exit(1);
    }
    ant_thread_mutex_deinit(&now.mutex);
}

// ---- What is left ----

static int entries(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) return -1;
    int count = 0;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

typedef struct balance {
    uint64_t blocks;
    int descriptors;
    int threads;
} balance;

// The kernel may count a thread that was joined for another moment.
static balance take_balance(int threads_wanted)
{
    for (int i = 0; i < 1000 && ant_os_thread_count() > threads_wanted; i++)
        ant_os_sleep_ns(ANT_NS_PER_MS);
    return (balance){ ant_mem_live_count(), entries("/proc/self/fd"),
                      ant_os_thread_count() };
}

int main(int argc, char **argv)
{
    const uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
    const char *const names[] = { "current", "multi", "sim" };
    const ant_flavor flavors[] = { ANT_RUNTIME_CURRENT, ANT_RUNTIME_MULTI,
                                   ANT_RUNTIME_SIM };
    balance before = { 0 };
    for (uint64_t seed = 0; seed < count; seed++) {
        const uint64_t i = seed % ANT_ARRAY_LEN(flavors);
        if (argc > 2 && strcmp(argv[2], names[i]) != 0) continue;
        run_one(flavors[i], seed);
        // libuv keeps what it opens for its first loop.
        if (seed < ANT_ARRAY_LEN(flavors))
            before = take_balance(ant_os_thread_count());
    }
    const balance after = take_balance(before.threads);
    printf("%llu runtimes; before and after: blocks %llu %llu, "
           "descriptors %d %d, threads %d %d\n",
           (unsigned long long)count, (unsigned long long)before.blocks,
           (unsigned long long)after.blocks, before.descriptors,
           after.descriptors, before.threads, after.threads);
    return memcmp(&before, &after, sizeof before) != 0;
}
